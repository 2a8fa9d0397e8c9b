"""Tokens, cookies, CSRF and the memory of revoked sessions."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from tintype.platform import auth, clock
from tintype.platform.db import Actor
from tintype.platform.secrets import Secrets

KEYS = Secrets(*(bytes([n]) * 32 for n in range(1, 7)))
ANA = Actor(11, "user", 22)


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    auth.use(KEYS, secure=True)
    auth._revoked.clear()
    yield
    auth._revoked.clear()
    clock.shift(timedelta())


def test_a_token_names_its_actor() -> None:
    token = auth.access_token(ANA)
    assert auth.verify(token) == ANA
    assert auth.authenticate(f"Bearer {token}", None) == auth.Signed(ANA)
    assert auth.authenticate(f"bearer  {token}", None) == auth.Signed(ANA)


def test_claims_are_those_of_the_contract() -> None:
    body = auth.access_token(ANA).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert set(claims) == {"sub", "sid", "role", "exp", "iat", "aud", "typ"}
    assert claims["exp"] - claims["iat"] == 900


def test_a_token_ends_after_fifteen_minutes_also_when_it_was_seen_before() -> None:
    token = auth.access_token(ANA)
    assert auth.verify(token) == ANA
    clock.shift(timedelta(seconds=898))
    assert auth.verify(token) == ANA
    clock.shift(timedelta(seconds=901))
    assert auth.verify(token) is None
    auth.use(KEYS, secure=True)
    assert auth.verify(token) is None


def test_a_clock_set_back_does_not_log_out() -> None:
    token = auth.access_token(ANA)
    clock.shift(timedelta(minutes=-20))
    assert auth.verify(token) == ANA


GOOD = {"sub": "11", "sid": "22", "role": "user", "iat": 1, "exp": 99_999_999_999, "aud": "tintype", "typ": "access"}


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"aud": "another"},
        {"aud": None},
        {"typ": "refresh"},
        {"typ": None},
        {"sub": None},
        {"sub": "eleven"},
        {"sid": None},
        {"role": None},
        {"iat": None},
    ],
)
def test_every_claim_is_required_and_checked(change: dict[str, object]) -> None:
    claims = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(KEYS.access))
    assert auth.verify(signed) is None


def test_the_claims_of_the_test_above_are_good_otherwise() -> None:
    assert auth.verify(jwt.encode({"alg": "HS256"}, GOOD, OctKey.import_key(KEYS.access))) == ANA


def test_another_key_or_no_signature_is_refused() -> None:
    other = jwt.encode({"alg": "HS256"}, GOOD, OctKey.import_key(b"x" * 32))
    assert auth.verify(other) is None
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert auth.verify(f"{head}.{other.split('.')[1]}.") is None


@given(st.text(max_size=300))
def test_nonsense_is_nobody(token: str) -> None:
    auth.use(KEYS, secure=True)
    assert auth.verify(token) is None
    assert auth.read_refresh(token) is None
    assert auth.authenticate(None, f"__Host-tintype_access={token}") is None


def test_a_bad_bearer_is_told_and_a_stale_cookie_is_a_visitors() -> None:
    with pytest.raises(auth.TokenInvalid):
        auth.authenticate("Bearer nonsense", f"__Host-tintype_access={auth.access_token(ANA)}")
    assert auth.authenticate(None, "__Host-tintype_access=nonsense") is None
    assert auth.authenticate("Basic eDp5", None) is None
    assert auth.authenticate(None, None) is None


def test_a_bearer_wins_over_cookies() -> None:
    ben = Actor(12, "user", 23)
    signed = auth.authenticate(
        f"Bearer {auth.access_token(ben)}", f"a=b; __Host-tintype_access={auth.access_token(ANA)}"
    )
    assert signed == auth.Signed(ben, by_cookie=False)


def test_cookies_are_found_by_their_whole_name() -> None:
    token = auth.access_token(ANA)
    assert auth.authenticate(None, f"x=1;__Host-tintype_access={token}; y=2") == auth.Signed(ANA, by_cookie=True)
    assert auth.authenticate(None, f"tintype_access={token}") is None, "the bare name is for plain http"
    assert auth.cookie_value("evil_tintype_csrf=1; tintype_csrf=2", "tintype_csrf") == "2"
    assert auth.cookie_value("a=tintype_csrf=1", "tintype_csrf") is None


def test_a_browser_whose_access_token_ran_out_should_renew_it() -> None:
    access, refresh = f"__Host-tintype_access={auth.access_token(ANA)}", "__Host-tintype_refresh=x"
    assert auth.must_renew(refresh)
    assert auth.must_renew(f"__Host-tintype_access=stale; {refresh}")
    assert not auth.must_renew(f"{access}; {refresh}")
    assert not auth.must_renew(None)
    assert not auth.must_renew("a=b")


def test_a_revoked_session_is_refused_at_once_and_forgotten_later(monkeypatch: pytest.MonkeyPatch) -> None:
    token = auth.access_token(ANA)
    assert auth.verify(token) == ANA
    auth.revoke(22)
    assert auth.verify(token) is None
    assert auth.is_revoked(22)
    later = clock.monotonic() + 3600
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    auth.revoke(33)
    assert not auth.is_revoked(22), "its tokens have expired by themselves"


def test_the_memory_of_verified_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "VERIFIED_MOST", 10)
    for n in range(30):
        assert auth.verify(auth.access_token(Actor(n, "user", n))) == Actor(n, "user", n)
    assert len(auth._verified) == 10


ids = st.integers(0, 2**63 - 1)


@given(ids, ids, st.integers(1, 2**31 - 1))
def test_a_refresh_token_names_its_generation(account: int, session: int, generation: int) -> None:
    auth.use(KEYS, secure=True)
    token = auth.refresh_token(account, session, generation)
    assert auth.read_refresh(token) == auth.RefreshToken(account, session, generation)
    assert token == auth.refresh_token(account, session, generation), "nothing is stored, so it must come out the same"
    assert token != auth.refresh_token(account, session, generation + 1)


@given(st.binary(min_size=52, max_size=52))
def test_a_refresh_token_cannot_be_made_up(raw: bytes) -> None:
    auth.use(KEYS, secure=True)
    assert auth.read_refresh(base64.urlsafe_b64encode(raw).decode()) is None


def test_an_access_token_is_no_refresh_token() -> None:
    assert auth.read_refresh(auth.access_token(ANA)) is None
    with pytest.raises(auth.TokenInvalid):
        auth.authenticate(f"Bearer {auth.refresh_token(11, 22, 1)}", None)


@pytest.mark.parametrize("header", [None, "", "wrong", "ünïcode"])
def test_csrf_is_bound_to_the_session(header: str | None) -> None:
    auth.check_csrf(22, auth.csrf_token(22))
    with pytest.raises(auth.CsrfFailed):
        auth.check_csrf(22, header)
    with pytest.raises(auth.CsrfFailed):
        auth.check_csrf(22, auth.csrf_token(23))


def test_cookies_by_scheme() -> None:
    secure = {one.name: one for one in auth.session_cookies("a", "r", 22)}
    assert set(secure) == {"__Host-tintype_access", "__Host-tintype_refresh", "tintype_csrf"}
    assert all(one.secure for one in secure.values())
    assert [one.name for one in secure.values() if not one.http_only] == ["tintype_csrf"]
    auth.use(KEYS, secure=False)
    plain = {one.name: one for one in auth.session_cookies("a", "r", 22)}
    assert set(plain) == {"tintype_access", "tintype_refresh", "tintype_csrf"}
    assert not any(one.secure for one in plain.values())
    assert all(one.max_age == 0 and one.value == "" for one in auth.no_cookies())
