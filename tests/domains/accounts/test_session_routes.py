"""Registering, logging in, sessions and limits as clients meet them: envelope, cookies, CSRF, tokens."""

from datetime import timedelta
from pathlib import Path

import httpx2

from tests.domains.accounts.clients import ANA, PASSWORD, bearer, refused, register
from tests.world import World, opened
from tintype.domains.accounts import actions
from tintype.platform import auth, clock, db, passwords, ratelimit
from tintype.platform.config import Settings


async def test_registering_with_tokens(world: World) -> None:
    answer = await world.visitor.http.post("/api/v1/users/register", json=ANA | {"session": "token"})
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers
    data = answer.json()["data"]
    assert set(data) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert (data["token_type"], data["expires_in"]) == ("Bearer", 900)
    assert data["user"] == {
        "user_id": data["user"]["user_id"],
        "username": "ana",
        "full_name": "",
        "avatar_url": None,
        "is_verified": False,
        "is_private": False,
        "bio": "",
        "website": "",
        "post_count": 0,
        "follower_count": 0,
        "following_count": 0,
        "created_at": data["user"]["created_at"],
        "viewer": {"following": "NONE", "followed_by": False, "blocking": False, "muting": False},
        "email": "ana@example.org",
        "email_verified": False,
        "phone": None,
        "role": "user",
        "preferences": {"theme": "system", "language": None, "feed_order": "ranked", "impressions": True},
    }
    assert await world.visitor.ask("GET", "/users/me", headers=bearer(data)) == data["user"]


async def test_a_browser_gets_cookies_and_no_tokens(world: World) -> None:
    answer = await world.visitor.http.post("/api/v1/users/register", json=ANA)
    assert answer.status_code == 201
    assert set(answer.json()["data"]) == {"user"}
    cookies = {one.partition("=")[0]: one.lower() for one in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"tintype_access", "tintype_refresh", "tintype_csrf"}
    for name, text in cookies.items():
        assert "samesite=lax" in text
        assert "path=/" in text
        assert "domain" not in text
        assert ("httponly" in text) == (name != "tintype_csrf")
        assert "secure" not in text, "plain http on loopback"
    assert (await world.visitor.http.get("/api/v1/users/me")).json()["data"]["username"] == "ana"


async def test_https_cookies_are_bound_to_the_host(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, public_url="https://127.0.0.1:8000") as world:
        answer = await world.visitor.http.post("/api/v1/users/register", json=ANA)
    names = {one.partition("=")[0] for one in answer.headers.get_list("set-cookie")}
    assert names == {"__Host-tintype_access", "__Host-tintype_refresh", "tintype_csrf"}
    assert all("; secure" in one.lower() for one in answer.headers.get_list("set-cookie"))


async def test_what_cookies_do_needs_the_csrf_token(world: World) -> None:
    http = world.visitor.http
    await http.post("/api/v1/users/register", json=ANA)
    csrf = http.cookies["tintype_csrf"]
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": auth.csrf_token(1)}):
        answer = await http.put("/api/v1/users/me", json={"bio": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "CSRF_FAILED")
    for path in ("/api/v1/users/token/refresh", "/api/v1/users/logout"):
        assert (await http.post(path, json={})).json()["error"]["code"] == "CSRF_FAILED"
    assert (await http.put("/api/v1/users/me", json={"bio": "x"}, headers={"X-CSRF-Token": csrf})).status_code == 200
    before = http.cookies["tintype_refresh"]
    renewed = await http.post("/api/v1/users/token/refresh", headers={"X-CSRF-Token": csrf})
    assert (renewed.status_code, renewed.json()["data"]) == (200, {})
    assert http.cookies["tintype_refresh"] != before
    assert http.cookies["tintype_csrf"] == csrf, "open pages stay good"
    gone = await http.post("/api/v1/users/logout", headers={"X-CSRF-Token": csrf})
    assert gone.status_code == 200
    assert not http.cookies, "all three are taken away"
    assert (await http.get("/api/v1/users/me")).status_code == 401


async def test_a_browser_that_comes_back_renews_its_session_before_it_is_taken_for_a_visitor(world: World) -> None:
    http = world.visitor.http
    await http.post("/api/v1/users/register", json=ANA)
    del http.cookies["tintype_access"]
    answer = await http.get("/api/v1/users/@ana")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "TOKEN_INVALID")
    csrf = {"X-CSRF-Token": http.cookies["tintype_csrf"]}
    assert (await http.post("/api/v1/users/token/refresh", headers=csrf)).status_code == 200
    assert (await http.get("/api/v1/users/@ana")).json()["data"]["viewer"] is not None
    async with db.act(db.SYSTEM) as tx:
        await actions.suspend(tx, int((await http.get("/api/v1/users/me")).json()["data"]["user_id"]))
        await actions.create(tx, "ben", "ben@example.org", None)
    assert (await http.get("/api/v1/users/@ben")).status_code == 401
    assert (await http.post("/api/v1/users/token/refresh", headers=csrf)).status_code == 401
    assert "tintype_refresh" not in http.cookies, "the session is over: from now on a visitor"
    assert (await http.get("/api/v1/users/@ben")).json()["data"]["viewer"] is None


async def test_a_stale_bearer_does_not_keep_from_renewing_or_logging_in(world: World) -> None:
    tokens = await register(world)
    headers = {"Authorization": "Bearer stale"}
    body = {"refresh_token": tokens["refresh_token"]}
    assert await world.visitor.ask("POST", "/users/token/refresh", json=body, headers=headers)
    login = {"login": "ana", "password": PASSWORD, "session": "token"}
    assert await world.visitor.ask("POST", "/users/login", json=login, headers=headers)


async def test_a_bearer_needs_no_csrf_and_wins(world: World) -> None:
    ben = (await world.people("ben"))[0]
    await world.visitor.http.post("/api/v1/users/register", json=ANA)
    answer = await world.visitor.http.put(
        "/api/v1/users/me", json={"bio": "x"}, headers={"Authorization": f"Bearer {ben.token}"}
    )
    assert answer.json()["data"]["username"] == "ben"


async def test_logging_in_by_name_or_address(world: World) -> None:
    await register(world)
    for login in ("ana", "@ana", "ANA", "ana@example.org", "Ana@Example.org "):
        body = {"login": login, "password": PASSWORD, "session": "token"}
        answer = await world.visitor.http.post("/api/v1/users/login", json=body)
        assert answer.status_code == 200
        assert answer.json()["data"]["user"]["username"] == "ana"


async def test_the_answer_does_not_tell_what_was_wrong(world: World) -> None:
    await register(world)
    bodies = [
        {"login": "ana", "password": "wrong password"},
        {"login": "nobody", "password": "wrong password"},
        {"login": "nobody@example.org", "password": PASSWORD},
        {"login": "ana", "password": PASSWORD[:72]},
        {"login": "ana", "password": PASSWORD + "x"},
        {"login": "", "password": ""},
        {"login": "\0", "password": "\0"},
    ]
    answers = [await world.visitor.http.post("/api/v1/users/login", json=body) for body in bodies]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.json()["error"] == answers[0].json()["error"]
        assert "set-cookie" not in answer.headers


async def test_who_is_kept_out_learns_it_with_the_right_password_only(world: World) -> None:
    ana = await register(world)
    async with db.act(db.SYSTEM) as tx:
        await actions.suspend(tx, int(ana["user"]["user_id"]))
    wrong = await refused(world.visitor, "POST", "/users/login", json={"login": "ana", "password": "wrong password"})
    right = await refused(world.visitor, "POST", "/users/login", json={"login": "ana", "password": PASSWORD})
    assert (wrong.code, right.status, right.code) == ("LOGIN_FAILED", 403, "ACCOUNT_SUSPENDED")
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(ana))).status == 401


async def test_a_password_is_hashed_anew_when_the_cost_has_changed(world: World) -> None:
    await register(world)
    passwords.use_cost(5)
    await world.visitor.ask("POST", "/users/login", json={"login": "ana", "password": PASSWORD, "session": "token"})
    async with db.read() as r:
        assert str(await r.value("select password_hash from accounts")).startswith("$2b$05$")
    await world.visitor.ask("POST", "/users/login", json={"login": "ana", "password": PASSWORD, "session": "token"})


async def test_tokens_rotate_and_reuse_ends_the_family(world: World) -> None:
    first = await register(world)
    path = "/users/token/refresh"
    second = await world.visitor.ask("POST", path, json={"refresh_token": first["refresh_token"]})
    assert set(second) == {"access_token", "refresh_token", "token_type", "expires_in"}
    again = await world.visitor.ask("POST", path, json={"refresh_token": first["refresh_token"]})
    assert again["refresh_token"] == second["refresh_token"]
    third = await world.visitor.ask("POST", path, json={"refresh_token": second["refresh_token"]})
    reuse = await refused(world.visitor, "POST", path, json={"refresh_token": first["refresh_token"]})
    assert (reuse.status, reuse.code) == (401, "TOKEN_INVALID")
    for tokens in (second, third):
        assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).status == 401
        body = {"refresh_token": tokens["refresh_token"]}
        assert (await refused(world.visitor, "POST", path, json=body)).status == 401


async def test_refresh_tokens_that_are_none(world: World) -> None:
    for token in ("", "nonsense", "x" * 500, "🔑"):
        body = {"refresh_token": token}
        assert (await refused(world.visitor, "POST", "/users/token/refresh", json=body)).status == 401
    assert (await refused(world.visitor, "POST", "/users/token/refresh")).status == 401


async def test_nothing_comes_back_after_logging_out(world: World) -> None:
    tokens = await register(world)
    assert await world.visitor.ask("POST", "/users/logout", headers=bearer(tokens)) == {}
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).code == "TOKEN_INVALID"
    body = {"refresh_token": tokens["refresh_token"]}
    assert (await refused(world.visitor, "POST", "/users/token/refresh", json=body)).status == 401


async def test_logging_out_with_nothing_but_a_refresh_token(world: World) -> None:
    tokens = await register(world)
    assert await world.visitor.ask("POST", "/users/logout", json={"refresh_token": tokens["refresh_token"]}) == {}
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).status == 401
    assert await world.visitor.ask("POST", "/users/logout") == {}, "who has no session has logged out"


async def test_sessions_are_listed_and_revoked(world: World) -> None:
    phone = await register(world)
    login = {"login": "ana", "password": PASSWORD, "session": "token"}
    laptop = await world.visitor.ask("POST", "/users/login", json=login, headers={"User-Agent": "laptop"})
    listed = await world.visitor.ask("GET", "/users/me/sessions", headers=bearer(laptop))
    assert [set(one) for one in listed] == [
        {"session_id", "created_at", "last_used_at", "user_agent", "browser", "system", "ip", "country", "current"}
    ] * 2
    assert [one["current"] for one in listed] == [True, False]
    assert listed[0]["user_agent"] == "laptop"
    other = listed[1]["session_id"]
    assert await world.visitor.ask("DELETE", f"/users/me/sessions/{other}", headers=bearer(laptop)) == {}
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(phone))).status == 401
    assert len(await world.visitor.ask("GET", "/users/me/sessions", headers=bearer(laptop))) == 1
    for nothing in ("1", "x", "9" * 40):
        found = await refused(world.visitor, "DELETE", f"/users/me/sessions/{nothing}", headers=bearer(laptop))
        assert found.status == 404


async def test_a_revocation_elsewhere_reaches_this_process(world: World) -> None:
    tokens = await register(world)
    signed = auth.verify(tokens["access_token"])
    assert signed is not None
    async with db.act(signed) as tx:
        await actions.revoke_session(tx, signed.id, signed.session_id, "revoked")
        tx.after_commit.clear()
        tx.facts.clear()
    assert await world.visitor.ask("GET", "/users/me", headers=bearer(tokens))
    await world.settle()
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).status == 401


async def test_mistakes_of_a_registration_are_named_together(world: World) -> None:
    body = {"username": "admin", "email": "x", "password": "short"}
    found = await refused(world.visitor, "POST", "/users/register", json=body)
    assert (found.status, found.code) == (422, "VALIDATION_FAILED")
    assert set(found.details["fields"]) == {"username", "email", "password"}
    await register(world)
    assert (await refused(world.visitor, "POST", "/users/register", json=ANA)).code == "USERNAME_TAKEN"
    found = await refused(world.visitor, "POST", "/users/register", json=ANA | {"username": "other"})
    assert (found.status, found.code) == (409, "EMAIL_TAKEN")


async def test_ways_of_registering(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, registration="closed") as world:
        found = await refused(world.visitor, "POST", "/users/register", json=ANA)
        assert (found.status, found.code) == (403, "REGISTRATION_CLOSED")
    async with opened(database, tmp_path, registration="invite") as world:
        assert (await refused(world.visitor, "POST", "/users/register", json=ANA)).code == "INVITE_INVALID"
        async with db.act(db.SYSTEM) as tx:
            code = await actions.invite(tx)
        await register(world, invite=code)
    async with opened(database, tmp_path, registration="approval") as world:
        body = {"username": "ben", "email": "ben@example.org", "password": PASSWORD}
        answer = await world.visitor.http.post("/api/v1/users/register", json=body)
        data = answer.json()["data"]
        assert (answer.status_code, set(data), data["pending"]) == (201, {"user", "pending"}, True)
        assert "set-cookie" not in answer.headers
        found = await refused(world.visitor, "POST", "/users/login", json={"login": "ben", "password": PASSWORD})
        assert (found.status, found.code) == (403, "ACCOUNT_PENDING")
        async with db.act(db.SYSTEM) as tx:
            await actions.approve(tx, int(data["user"]["user_id"]))
        await world.visitor.ask("POST", "/users/login", json={"login": "ben", "password": PASSWORD})


async def test_a_reset_link_works(world: World) -> None:
    tokens = await register(world)
    async with db.act(db.SYSTEM) as tx:
        link = await actions.reset_link(tx, int(tokens["user"]["user_id"]))
    path, body = "/users/password/reset", {"token": link, "password": "a new password"}
    assert (await refused(world.visitor, "POST", path, json=body | {"password": "short"})).status == 422
    assert (await refused(world.visitor, "POST", path, json=body | {"token": "guess"})).code == "RESET_LINK_INVALID"
    assert await world.visitor.ask("POST", path, json=body) == {}
    assert (await refused(world.visitor, "POST", path, json=body)).status == 422
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).status == 401
    assert (
        await refused(world.visitor, "POST", "/users/login", json={"login": "ana", "password": PASSWORD})
    ).status == 401
    await world.visitor.ask("POST", "/users/login", json={"login": "ana", "password": "a new password"})


async def limited(world: World, tmp_path: Path, **limits: int) -> None:
    ratelimit.use(Settings(data_dir=tmp_path, **limits))  # type: ignore[arg-type]


async def test_guessing_is_slowed_down_by_address_and_by_name(world: World, tmp_path: Path) -> None:
    await register(world)
    await limited(world, tmp_path, limit_logins_per_minute=3)
    good = {"login": "ana", "password": PASSWORD, "session": "token"}
    for _ in range(5):
        await world.visitor.ask("POST", "/users/login", json=good)
    for _ in range(3):
        assert (
            await refused(world.visitor, "POST", "/users/login", json=good | {"password": "guess 1234"})
        ).status == 401
    late = await refused(world.visitor, "POST", "/users/login", json=good)
    assert (late.status, late.code) == (429, "RATE_LIMITED")
    assert 0 < int(late.answer.headers["Retry-After"]) <= 60
    elsewhere = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(world.app, client=("203.0.113.9", 1)), base_url="http://127.0.0.1:8000"
    )
    assert (await elsewhere.post("/api/v1/users/login", json=good)).status_code == 429, "the name is counted too"
    clock.shift(timedelta(minutes=1))
    try:
        await world.visitor.ask("POST", "/users/login", json=good)
    finally:
        clock.shift(timedelta())


async def test_registrations_are_limited_by_address(world: World, tmp_path: Path) -> None:
    await limited(world, tmp_path, limit_registrations_per_hour=1)
    await register(world)
    found = await refused(
        world.visitor, "POST", "/users/register", json=ANA | {"username": "b", "email": "b@b.example"}
    )
    assert found.status == 429


async def test_every_answer_says_what_is_left(world: World, tmp_path: Path) -> None:
    (ana,) = await world.people("ana")
    await limited(world, tmp_path, limit_user_per_minute=3)
    left = []
    for _ in range(3):
        answer = await ana.http.get("/api/v1/users/me")
        left.append((answer.headers["ratelimit-limit"], answer.headers["ratelimit-remaining"]))
        assert 0 < int(answer.headers["ratelimit-reset"]) <= 60
    assert left == [("3", "2"), ("3", "1"), ("3", "0")]
    late = await refused(ana, "GET", "/users/me")
    assert (late.status, late.answer.headers["ratelimit-remaining"]) == (429, "0")


async def test_sessions_tell_device_and_place(database: str, tmp_path: Path) -> None:
    firefox = {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "CF-IPCountry": "at",
    }
    phone = {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1",
        "CF-IPCountry": "XX",
    }
    trusted = Settings(trusted_proxies="127.0.0.1").trusted_proxies  # type: ignore[arg-type]
    async with opened(database, tmp_path, country_header="CF-IPCountry", trusted_proxies=trusted) as world:
        first = await world.visitor.http.post(
            "/api/v1/users/register",
            json=ANA | {"session": "token"},
            headers=firefox | {"X-Forwarded-For": "203.0.113.7"},
        )
        login = {"login": "ana", "password": PASSWORD, "session": "token"}
        second = (await world.visitor.http.post("/api/v1/users/login", json=login, headers=phone)).json()["data"]
        mine = bearer(first.json()["data"])
        shown = await world.visitor.ask("GET", "/users/me/sessions", headers=mine)
        told = [(one["browser"], one["system"], one["ip"], one["country"], one["current"]) for one in shown]
        assert told == [
            ("Safari", "iPhone", "127.0.0.1", "", False),
            ("Firefox", "Linux", "203.0.113.7", "AT", True),
        ]
        renew = {"refresh_token": second["refresh_token"]}
        moved = firefox | {"X-Forwarded-For": "198.51.100.1"}
        await world.visitor.ask("POST", "/users/token/refresh", json=renew, headers=moved)
        newest = (await world.visitor.ask("GET", "/users/me/sessions", headers=mine))[0]
        assert (newest["browser"], newest["ip"], newest["country"]) == ("Firefox", "198.51.100.1", "AT")


async def test_nobody_but_a_trusted_proxy_names_a_country(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, country_header="CF-IPCountry") as world:
        answer = await world.visitor.http.post(
            "/api/v1/users/register", json=ANA | {"session": "token"}, headers={"CF-IPCountry": "AT"}
        )
        (shown,) = await world.visitor.ask("GET", "/users/me/sessions", headers=bearer(answer.json()["data"]))
        assert shown["country"] == ""
