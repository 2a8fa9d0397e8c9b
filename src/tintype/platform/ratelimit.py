"""Limits: how often a person or an address may do what, and what of it is left.

Requests a minute are counted in this process. Where processes share a store of windows they tell each other four times
a second, and sooner of who nears a limit, so that no request waits for it and none is refused for want of it. Limits on
acts are counted in PostgreSQL, so that they hold whatever is restarted or lost. A window is fixed: it begins with the
first request (in memory, shared) or on the clock (stored).
"""

import asyncio
import hashlib
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal, Protocol

import msgspec

from tintype.platform import clock, db
from tintype.platform.config import Settings
from tintype.platform.errors import TooMany

SUBJECTS_MOST = 200_000
TELL_SECONDS, TELL_AT_ONCE = 1.0, 64
NEAR = 10  # who has used a tenth of a limit since others were told is told of at once
HOPS_MOST = 32

Networks = tuple[IPv4Network | IPv6Network, ...]


class Rule(msgspec.Struct, frozen=True):
    """At most so often (a setting says) in so many seconds, counted per person, address or log-in name."""

    name: str
    setting: str
    seconds: int
    per: Literal["user", "ip", "name"]
    stored: bool = True


class State(msgspec.Struct, frozen=True):
    """What a rule leaves to its subject, as the `RateLimit-…` headers tell."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }

    def encoded(self) -> list[tuple[bytes, bytes]]:
        """The same as ASGI sends them."""
        return [
            (b"ratelimit-limit", b"%d" % self.limit),
            (b"ratelimit-remaining", b"%d" % self.remaining),
            (b"ratelimit-reset", b"%d" % self.reset_seconds),
        ]


MINUTE, HOUR, DAY = 60, 3600, 24 * 3600

REQUESTS_PER_USER = Rule("requests", "limit_user_per_minute", MINUTE, "user", stored=False)
REQUESTS_PER_IP = Rule("requests_ip", "limit_ip_per_minute", MINUTE, "ip", stored=False)
MEDIA_FILES = Rule("media_files", "limit_media_per_minute", MINUTE, "ip", stored=False)
POSTS_PER_HOUR = Rule("posts", "limit_posts_per_hour", HOUR, "user")
FOLLOWS_PER_DAY = Rule("follows", "limit_follows_per_day", DAY, "user")
LIKES_PER_DAY = Rule("likes", "limit_likes_per_day", DAY, "user")
COMMENTS_PER_HOUR = Rule("comments", "limit_comments_per_hour", HOUR, "user")
UPLOADS_PER_HOUR = Rule("uploads", "limit_uploads_per_hour", HOUR, "user")
EDITS_PER_HOUR = Rule("edits", "limit_edits_per_hour", HOUR, "user")
IMPRESSIONS_PER_MINUTE = Rule("impressions", "limit_impressions_per_minute", MINUTE, "user", stored=False)
REGISTRATIONS = Rule("registrations", "limit_registrations_per_hour", HOUR, "ip")
LOGINS_PER_IP = Rule("logins_ip", "limit_logins_per_minute", MINUTE, "ip")
CODES = Rule("codes", "limit_codes_per_hour", HOUR, "user")
MAILS_PER_IP = Rule("mails_ip", "limit_mails_per_hour", HOUR, "ip")
MAILS_PER_NAME = Rule("mails_name", "limit_mails_per_hour", HOUR, "name")
LOGINS_PER_NAME = Rule("logins_name", "limit_logins_per_minute", MINUTE, "name")


class Count(msgspec.Struct, frozen=True):
    """So many more used by a subject, in a window of so many seconds that all processes share."""

    rule: str
    subject: str
    seconds: int
    used: int


class Windows(Protocol):
    """A store of windows that processes share."""

    async def add(self, counts: Sequence[Count]) -> list[tuple[int, float] | None]:
        """Add to each; returns what all have used and the seconds left of the window, None where that is not known."""


class _Window(msgspec.Struct):
    started: float
    seconds: int
    used: int = 0
    untold: int = 0


class _Sharing:
    """What is counted here and others do not know yet."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._untold: dict[tuple[str, str], _Window] = {}
        self._woken = asyncio.Event()

    def note(self, key: tuple[str, str], window: _Window, by: int, limit: int) -> None:
        window.untold += by
        self._untold[key] = window
        if window.untold * NEAR >= limit:
            self._woken.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            await self.tell()

    async def tell(self) -> None:
        """What cannot be told now is told next time, unless its window has ended."""
        untold, self._untold = list(self._untold.items()), {}
        for n in range(0, len(untold), TELL_AT_ONCE):
            await self._tell(untold[n : n + TELL_AT_ONCE])
            await asyncio.sleep(0)

    async def _tell(self, some: list[tuple[tuple[str, str], _Window]]) -> None:
        told = [window.untold for _, window in some]
        for _, window in some:
            window.untold = 0
        counts = [Count(*key, window.seconds, by) for (key, window), by in zip(some, told, strict=True)]
        answers = await self._windows.add(counts)
        now = clock.monotonic()
        for (key, window), by, answer in zip(some, told, answers, strict=True):
            if answer is not None:
                used, left = answer
                window.used = max(window.used, used + window.untold)
                window.started = now + left - window.seconds
            elif now < window.started + window.seconds:
                window.untold += by
                self._untold[key] = window


_settings: Settings | None = None
_windows: dict[tuple[str, str], _Window] = {}
_sharing: _Sharing | None = None


@asynccontextmanager
async def shared(windows: Windows) -> AsyncIterator[None]:
    """Requests are counted together with other processes, until the block ends."""
    global _sharing
    sharing = _sharing = _Sharing(windows)
    telling = asyncio.create_task(sharing.run(), name="limits")
    try:
        yield
    finally:
        _sharing = None
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await sharing.tell()


async def tell() -> None:
    """Tell other processes what was counted here, and hear from them, now."""
    if _sharing is not None:
        await _sharing.tell()


def use(settings: Settings) -> None:
    """Take limits and trusted proxies from the settings; what was counted in memory is forgotten."""
    global _settings
    _settings = settings
    _windows.clear()


async def take(rule: Rule, subject: str, reader: db.Reader | None = None) -> State:
    """Count one against the rule. Raises TooMany, which says when to come back, if nothing is left.

    A stored rule is one statement that commits by itself, on the caller's connection where one is given.
    """
    if not rule.stored:
        return await take_each((rule, subject))
    settings = _known()
    limit: int = getattr(settings, rule.setting)
    if not settings.rate_limits:
        return State(limit, limit, 0)
    now = clock.now().timestamp()
    start = now // rule.seconds * rule.seconds
    reset = math.ceil(start + rule.seconds - now)
    used = None
    if limit:
        async with db.read() if reader is None else nullcontext(reader) as r:
            used = await r.value(TAKE, subject, rule.name, datetime.fromtimestamp(start, UTC), limit)
    if used is None:
        raise _refused(State(limit, 0, reset))
    return State(limit, limit - used, reset)


async def take_each(*wanted: tuple[Rule, str]) -> State:
    """The same for several rules that are not stored, in one step; returns what is left of the tightest."""
    settings = _known()
    if not settings.rate_limits:
        return tightest(*(State(limit, limit, 0) for limit in (getattr(settings, one.setting) for one, _ in wanted)))
    return tightest(*(_take_in_memory(rule, subject, getattr(settings, rule.setting)) for rule, subject in wanted))


async def give_back(rule: Rule, subject: str) -> None:
    """Uncount one: for what came to nothing, or was right (a good password is no try at guessing)."""
    if not _known().rate_limits:
        return
    if not rule.stored:
        if (window := _windows.get(key := (rule.name, subject))) and window.used:
            window.used -= 1
            if _sharing is not None:
                _sharing.note(key, window, -1, 1)
        return
    now = clock.now().timestamp()
    async with db.read() as r:
        await r.value(GIVE_BACK, subject, rule.name, datetime.fromtimestamp(now // rule.seconds * rule.seconds, UTC))


def tightest(*states: State) -> State:
    """Of several rules that one request counts against, the one to tell the client about."""
    return min(states, key=lambda state: (state.remaining, -state.reset_seconds))


def _take_in_memory(rule: Rule, subject: str, limit: int) -> State:
    now = clock.monotonic()
    key = (rule.name, subject)
    window = _windows.get(key)
    if window is None or now >= window.started + rule.seconds:
        _windows.pop(key, None)
        if len(_windows) >= SUBJECTS_MOST:
            _make_room(now)
        window = _windows[key] = _Window(now, rule.seconds)
    reset = max(1, math.ceil(window.started + rule.seconds - now))
    if window.used >= limit:
        raise _refused(State(limit, 0, reset))
    window.used += 1
    if _sharing is not None:
        _sharing.note(key, window, 1, limit)
    return State(limit, limit - window.used, reset)


def _make_room(now: float) -> None:
    """Windows stand in the order they began, so the first are the ones to let go."""
    for key in list(_windows)[: SUBJECTS_MOST // 10]:
        del _windows[key]
    longest = max(rule.seconds for rule in (REQUESTS_PER_USER, REQUESTS_PER_IP, MEDIA_FILES))
    while _windows and (first := next(iter(_windows))) and _windows[first].started + longest < now:
        del _windows[first]


def _refused(state: State) -> TooMany:
    return TooMany(headers={"Retry-After": str(state.reset_seconds), **state.headers()})


def user_subject(account_id: int) -> str:
    return str(account_id)


def ip_subject(ip: str) -> str:
    """An address as limits count it: IPv6 by /64, since one household or server has that many to itself."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    return str(address) if isinstance(address, IPv4Address) else str(ip_network((int(address) >> 64 << 64, 64)))


def name_subject(name: str) -> str:
    """A log-in name as limits count it: hashed, so that no e-mail address stands in the table."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]


def ip_of(peer: str | None, forwarded_for: str | None) -> str:
    """The client's address, with the trusted proxies of the settings."""
    return client_ip(peer, forwarded_for, _known().trusted_proxies)


def is_trusted(peer: str | None) -> bool:
    """Whether this peer is a trusted proxy, whose headers count."""
    address = _address(peer or "")
    return address is not None and _is_in(address, _known().trusted_proxies)


def client_ip(peer: str | None, forwarded_for: str | None, trusted: Networks) -> str:
    """The right-most address that is no trusted proxy; `X-Forwarded-For` counts only behind trusted ones."""
    address = _address(peer or "")
    if address is None:
        return "unknown"
    hops = (forwarded_for or "").rsplit(",", HOPS_MOST)[-HOPS_MOST:]
    while hops and _is_in(address, trusted):
        before = _address(hops.pop())
        if before is None:
            break
        address = before
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: with or without port, brackets, zone; IPv4 in IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _is_in(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _known() -> Settings:
    if _settings is None:
        raise RuntimeError("ratelimit.use was not called")
    return _settings


TAKE = """
-- ratelimit: count one in this window, unless it is full
insert into rate_windows as w (subject, rule, starts_at, used) values ($1, $2, $3, 1)
on conflict (subject, rule, starts_at) do update set used = w.used + 1 where w.used < $4
returning used
"""

GIVE_BACK = """
-- ratelimit: uncount one
update rate_windows set used = used - 1 where subject = $1 and rule = $2 and starts_at = $3 and used > 0 returning used
"""
