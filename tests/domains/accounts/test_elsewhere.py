"""Logging in with an account elsewhere, against a real provider that runs as a process of its own."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests import provider
from tests.domains.accounts.clients import PASSWORD, bearer, refused, register
from tests.domains.accounts.test_letters import audited, newest, token
from tests.domains.accounts.test_second_factors import SECOND, with_app
from tests.world import Visitor, World, opened
from tintype.platform import clock, db, oidc
from tintype.platform.config import OidcProvider

CALLBACK = "http://127.0.0.1:8000/api/v1/auth/oidc/family/callback"
START = "/api/v1/auth/oidc/family/start"


@asynccontextmanager
async def elsewhere(url: str, folder: Path, port: int, **settings: Any) -> AsyncIterator[World]:
    """A world whose people may come from the provider at this port."""
    about = OidcProvider(
        name="family",
        label="Family log-in",
        issuer=f"http://127.0.0.1:{port}",
        client_id=provider.CLIENT,
        client_secret=provider.SECRET,
    )
    async with provider.running(port, CALLBACK), opened(url, folder, oidc=(about,), **settings) as world:
        yield world


@pytest.fixture
async def there(database: str, tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[World]:
    async with elsewhere(database, tmp_path / "data", unused_tcp_port) as world:
        yield world


async def misbehave(world: World, how: str) -> None:
    async with httpx2.AsyncClient() as http:
        await http.post(f"{world.settings.oidc[0].issuer}/misbehave", data={"how": how})


async def at_provider(url: str, person: str | None) -> str:
    """Log in there by its form, or say no; the address that the browser is sent back to."""
    async with httpx2.AsyncClient() as http:
        page = await http.get(url)
        assert page.status_code == 200, page.text
        found = re.findall(r'name="([^"]*)" value="([^"]*)"', page.text)
        fields = {unescape(name): unescape(value) for name, value in found if name != "deny"}
        fields |= {"person": person} if person else {"deny": "1"}
        answer = await http.post(url.partition("?")[0], data=fields)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def come(world: World, person: str | None, browser: Visitor | None = None, **params: str) -> httpx2.Response:
    """Go there and come back; what the callback answers."""
    http = (browser or world.visitor).http
    gone = await http.get(START, params=params)
    assert gone.status_code == 303
    back = await at_provider(gone.headers["location"], person)
    assert back.startswith(CALLBACK)
    return await http.get(back.removeprefix("http://127.0.0.1:8000"))


def to(answer: httpx2.Response) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def error(answer: httpx2.Response) -> str:
    page = urlsplit(to(answer))
    assert page.path == "/login"
    return parse_qs(page.query)["error"][0]


def ticket(answer: httpx2.Response) -> str:
    page = urlsplit(to(answer))
    assert page.path == "/welcome", to(answer)
    return parse_qs(page.fragment)["ticket"][0]


async def verified(world: World) -> dict[str, Any]:
    """Ana, registered here by password, with her address verified."""
    tokens = await register(world)
    await world.visitor.ask("POST", "/users/email/verify", json={"token": token(await newest(world, "your address"))})
    return tokens


async def test_somebody_new_chooses_a_name_and_is_in(there: World) -> None:
    ask, http = there.visitor.ask, there.visitor.http
    methods = await ask("GET", "/auth/methods")
    assert methods["providers"] == [{"name": "family", "label": "Family log-in"}]
    given = ticket(await come(there, "ana"))
    assert await ask("POST", "/auth/oidc/newcomer", json={"ticket": given}) == {
        "provider": "family",
        "label": "Family log-in",
        "username": "ana.lima",
        "full_name": "Ana Lima",
        "email": "ana@example.org",
        "email_verified": True,
    }
    found = await refused(there.visitor, "POST", "/auth/oidc/register", json={"ticket": given, "username": "-"})
    assert list(found.details["fields"]) == ["username"]
    made = await http.post("/api/v1/auth/oidc/register", json={"ticket": given, "username": "ana"})
    assert made.status_code == 201
    me = made.json()["data"]["user"]
    assert (me["username"], me["email"], me["email_verified"]) == ("ana", "ana@example.org", True)
    assert (await ask("GET", "/users/me"))["username"] == "ana"
    found = await refused(there.visitor, "POST", "/auth/oidc/register", json={"ticket": given, "username": "b"})
    assert found.code == "CHALLENGE_EXPIRED", "a ticket is good once"
    assert await audited("account.identity_linked") == 1

    again = Visitor(there)
    assert to(await come(there, "ana", again, next="/explore?q=1")) == "/explore?q=1"
    assert (await again.ask("GET", "/users/me"))["username"] == "ana"
    assert (
        await refused(again, "POST", "/users/login", json={"login": "ana", "password": PASSWORD})
    ).code == "LOGIN_FAILED"


@pytest.mark.parametrize(
    "next", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "x", "/" + "x" * 600]
)
async def test_one_comes_back_to_a_page_of_ours_only(there: World, next: str) -> None:
    await verified(there)
    assert to(await come(there, "ana", next=next)) == "/"


async def test_a_verified_address_finds_its_account(there: World) -> None:
    await verified(there)
    browser = Visitor(there)
    assert to(await come(there, "ana", browser)) == "/"
    assert (await browser.ask("GET", "/users/me"))["username"] == "ana"
    assert await audited("account.identity_linked") == 1


async def test_an_address_that_one_side_has_not_verified_opens_nothing(there: World) -> None:
    await register(there)
    assert error(await come(there, "ana")) == "EMAIL_NEEDS_LINK", "not verified here"
    await register(there, username="ben", email="ben@example.org")
    assert error(await come(there, "ben")) == "EMAIL_NEEDS_LINK", "not verified there"


async def link(world: World, browser: Visitor, person: str) -> str:
    csrf = {"X-CSRF-Token": browser.http.cookies["tintype_csrf"]}
    going = await browser.ask("POST", "/users/me/identities/family/start", headers=csrf)
    back = await at_provider(going["url"], person)
    return to(await browser.http.get(back.removeprefix("http://127.0.0.1:8000")))


async def signed_in(world: World, name: str) -> Visitor:
    browser = Visitor(world)
    body = {"username": name, "email": f"{name}@here.example", "password": PASSWORD}
    await browser.http.post("/api/v1/users/register", json=body)
    return browser


async def test_accounts_are_connected_and_disconnected_in_the_settings(there: World) -> None:
    browser = await signed_in(there, "ana")
    assert await link(there, browser, "ben") == "/settings/connected?linked=family"
    (shown,) = (await browser.ask("GET", "/users/me/second-factors"))["identities"]
    assert (shown["provider"], shown["email"]) == ("family", "ben@example.org")
    assert await link(there, browser, "ben") == "/settings/connected?linked=family", "twice is once"
    other = await signed_in(there, "cleo")
    assert await link(there, other, "ben") == "/settings/connected?error=IDENTITY_TAKEN"
    again = Visitor(there)
    assert to(await come(there, "ben", again)) == "/"
    assert (await again.ask("GET", "/users/me"))["username"] == "ana"
    csrf = {"X-CSRF-Token": browser.http.cookies["tintype_csrf"]}
    await browser.ask("DELETE", "/users/me/identities/family", headers=csrf)
    found = await refused(browser, "DELETE", "/users/me/identities/family", headers=csrf)
    assert found.code == "NO_SECOND_FACTOR"
    assert to(await come(there, "ben", Visitor(there))).startswith("/welcome")


async def test_the_last_way_in_stays(there: World) -> None:
    given = ticket(await come(there, "ana"))
    body = {"ticket": given, "username": "ana", "session": "token"}
    mine = {"headers": bearer(await there.visitor.ask("POST", "/auth/oidc/register", json=body))}
    found = await refused(there.visitor, "DELETE", "/users/me/identities/family", **mine)
    assert (found.status, found.code) == (409, "LAST_WAY_IN")
    await there.visitor.ask("PUT", "/users/me/password", json={"new": "my first password"}, **mine)
    await there.visitor.ask("DELETE", "/users/me/identities/family", **mine)
    await there.visitor.ask("POST", "/users/login", json={"login": "ana", "password": "my first password"})


async def test_without_a_password_a_fresh_log_in_stands_for_it(there: World) -> None:
    from datetime import timedelta

    given = ticket(await come(there, "ana"))
    body = {"ticket": given, "username": "ana", "session": "token"}
    tokens = await there.visitor.ask("POST", "/auth/oidc/register", json=body)
    clock.shift(timedelta(minutes=10, seconds=1))
    found = await refused(there.visitor, "POST", "/users/me/second-factors/totp", json={}, headers=bearer(tokens))
    assert (found.status, found.code) == (403, "LOGIN_AGAIN")


async def test_the_second_step_is_asked_for_after_a_provider_too(there: World) -> None:
    tokens = await verified(there)
    _, codes = await with_app(there, {"headers": bearer(tokens)})
    browser = Visitor(there)
    page = urlsplit(to(await come(there, "ana", browser)))
    assert page.path == "/login"
    step = parse_qs(page.fragment)
    assert step["methods"] == ["totp,recovery"]
    assert (await refused(browser, "GET", "/users/me")).status == 401
    await browser.ask("POST", SECOND, json={"challenge": step["challenge"][0], "code": codes[0]})
    assert (await browser.ask("GET", "/users/me"))["username"] == "ana"


async def test_an_address_that_the_provider_does_not_name_is_typed_and_verified_here(there: World) -> None:
    given = ticket(await come(there, "cy"))
    shown = await there.visitor.ask("POST", "/auth/oidc/newcomer", json={"ticket": given})
    assert (shown["username"], shown["email"]) == ("me", "")
    body = {"ticket": given, "username": "cyril"}
    found = await refused(there.visitor, "POST", "/auth/oidc/register", json=body)
    assert list(found.details["fields"]) == ["email"]
    made = await there.visitor.ask("POST", "/auth/oidc/register", json=body | {"email": "cy@example.org"})
    assert made["user"]["email_verified"] is False
    assert (await newest(there, "your address"))["To"] == "cy@example.org"


@pytest.mark.parametrize("mode", ["closed", "invite", "approval"])
async def test_the_rules_of_registration_hold_for_newcomers(
    database: str, tmp_path: Path, unused_tcp_port: int, mode: str
) -> None:
    from tintype.domains.accounts import actions

    async with elsewhere(database, tmp_path, unused_tcp_port, registration=mode) as world:
        came = await come(world, "ana")
        if mode == "closed":
            assert error(came) == "REGISTRATION_CLOSED"
            found = await refused(world.visitor, "POST", "/auth/oidc/register", json={"ticket": "x", "username": "a"})
            assert found.code == "REGISTRATION_CLOSED"
            return
        body = {"ticket": ticket(came), "username": "ana", "session": "token"}
        if mode == "invite":
            found = await refused(world.visitor, "POST", "/auth/oidc/register", json=body)
            assert found.code == "INVITE_INVALID"
            async with db.act(db.SYSTEM) as tx:
                body["invite"] = await actions.invite(tx)
            assert "access_token" in await world.visitor.ask("POST", "/auth/oidc/register", json=body)
        else:
            assert (await world.visitor.ask("POST", "/auth/oidc/register", json=body))["pending"] is True
            assert error(await come(world, "ana", Visitor(world))) == "ACCOUNT_PENDING"


LIES = (
    "wrong nonce",
    "no nonce",
    "wrong audience",
    "for several",
    "given to another",
    "wrong issuer",
    "expired",
    "unsigned",
    "another key",
    "nobody",
)


async def test_a_token_that_is_not_what_it_should_be_is_refused(there: World) -> None:
    for lie in LIES:
        await misbehave(there, lie)
        assert error(await come(there, "ana")) == "PROVIDER_REFUSED", lie
    await misbehave(there, "")
    ticket(await come(there, "ana"))


async def test_new_keys_of_a_provider_are_read_when_they_are_needed(there: World) -> None:
    ticket(await come(there, "ana"))
    await misbehave(there, "new keys")
    ticket(await come(there, "ana"))


async def test_what_the_token_does_not_say_the_userinfo_does(there: World) -> None:
    await misbehave(there, "userinfo only")
    given = ticket(await come(there, "ana"))
    shown = await there.visitor.ask("POST", "/auth/oidc/newcomer", json={"ticket": given})
    assert (shown["email"], shown["email_verified"]) == ("ana@example.org", True)
    await misbehave(there, "userinfo of another")
    assert (await come(there, "cy")).headers["location"] == "/login?error=PROVIDER_REFUSED"


async def test_who_says_no_there_is_not_in(there: World) -> None:
    assert error(await come(there, None)) == "PROVIDER_REFUSED"


async def test_what_comes_back_is_bound_to_the_browser_that_went_and_counts_once(there: World) -> None:
    went, other = Visitor(there), Visitor(there)
    gone = await went.http.get(START)
    back = (await at_provider(gone.headers["location"], "ana")).removeprefix("http://127.0.0.1:8000")
    assert error(await other.http.get(back)) == "PROVIDER_REFUSED"
    assert error(await went.http.get(back)) == "CHALLENGE_EXPIRED", "it was used, if in vain"
    for query in ("", "?state=x", "?state=x&code=y"):
        assert error(await went.http.get(f"/api/v1/auth/oidc/family/callback{query}")) == "CHALLENGE_EXPIRED"
    assert (await went.http.get("/api/v1/auth/oidc/nobody/start")).status_code == 404


async def test_a_ticket_is_of_use_to_the_same_browser_only(there: World) -> None:
    given = ticket(await come(there, "ana", Visitor(there)))
    body = {"ticket": given, "username": "eve"}
    assert (await refused(there.visitor, "POST", "/auth/oidc/register", json=body)).code == "CHALLENGE_EXPIRED"


async def test_a_provider_that_is_down_or_slow_is_said_to_be(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await misbehave(there, "down")
    assert error(await come(there, "ana")) == "PROVIDER_DOWN"
    await misbehave(there, "slow")
    monkeypatch.setattr(oidc, "PROVIDER_SECONDS", 0.5)
    began = clock.monotonic()
    assert error(await come(there, "ana")) == "PROVIDER_DOWN"
    assert clock.monotonic() - began < 2.5


async def test_a_provider_that_is_not_there_or_calls_itself_otherwise(
    database: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with elsewhere(database, tmp_path, unused_tcp_port) as world:
        await misbehave(world, "calls itself otherwise")
        assert error(await world.visitor.http.get(START)) == "PROVIDER_DOWN"
        oidc.use(
            world.settings.model_copy(
                update={"oidc": (world.settings.oidc[0].model_copy(update={"issuer": "http://127.0.0.1:9"}),)}
            )
        )
        assert error(await world.visitor.http.get(START)) == "PROVIDER_DOWN"
