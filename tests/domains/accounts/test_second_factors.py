"""A second step at log-in: an app's codes, recovery codes, passkeys; and passkeys instead of a password."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from tests.domains.accounts.authenticator import PRESENT, Authenticator
from tests.domains.accounts.clients import PASSWORD, bearer, refused, register
from tests.domains.accounts.test_letters import audited, newest
from tests.world import Refused, World, opened
from tintype.platform import clock, db, ratelimit

TOTP = "/users/me/second-factors/totp"
PASSKEYS = "/users/me/second-factors/passkeys"
SECOND = "/users/login/second-factor"
LOGIN = {"login": "ana", "password": PASSWORD, "session": "token"}
MINE = {"password": PASSWORD}


@pytest.fixture
async def here(database: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world by the name of localhost: passkeys belong to a name, not to an address."""
    async with opened(database, tmp_path / "data", public_url="http://localhost:8000") as world:
        yield world


async def ana(world: World) -> dict[str, Any]:
    """What requests of Ana's carry."""
    return {"headers": bearer(await register(world))}


def code(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


async def with_app(world: World, mine: dict[str, Any]) -> tuple[str, list[str]]:
    """An app that is set up: its secret, and the recovery codes."""
    setup = await world.visitor.ask("POST", TOTP, json=MINE, **mine)
    confirmed = await world.visitor.ask("POST", f"{TOTP}/confirm", json={"code": code(setup["secret"])}, **mine)
    return setup["secret"], confirmed["recovery_codes"]


async def first_step(world: World) -> Refused:
    found = await refused(world.visitor, "POST", "/users/login", json=LOGIN)
    assert (found.status, found.code) == (401, "SECOND_FACTOR_REQUIRED")
    return found


async def second_step(world: World, given: str) -> dict[str, Any]:
    challenge = (await first_step(world)).details["challenge"]
    body = {"challenge": challenge, "code": given, "session": "token"}
    found: dict[str, Any] = await world.visitor.ask("POST", SECOND, json=body)
    return found


async def test_an_app_is_asked_for_once_a_code_of_it_was_confirmed(world: World) -> None:
    mine = await ana(world)
    found = await refused(world.visitor, "POST", TOTP, json={"password": "wrong"}, **mine)
    assert (found.status, found.code) == (403, "PASSWORD_WRONG")
    setup = await world.visitor.ask("POST", TOTP, json=MINE, **mine)
    assert setup["uri"].startswith("otpauth://totp/")
    assert setup["secret"] in setup["uri"]
    await world.visitor.ask("POST", "/users/login", json=LOGIN)  # not confirmed yet
    found = await refused(world.visitor, "POST", f"{TOTP}/confirm", json={"code": "000000"}, **mine)
    assert (found.code, list(found.details["fields"])) == ("SECOND_FACTOR_FAILED", ["code"])
    confirmed = await world.visitor.ask("POST", f"{TOTP}/confirm", json={"code": code(setup["secret"])}, **mine)
    assert len(set(confirmed["recovery_codes"])) == 10
    step = await first_step(world)
    assert step.details["methods"] == ["totp", "recovery"]
    assert "access_token" not in step.answer.text
    clock.shift(timedelta(seconds=30))
    assert (await second_step(world, code(setup["secret"])))["user"]["username"] == "ana"
    assert await audited("account.totp_added") == 1
    assert "second step protects" in str((await newest(world, "second step"))["Subject"])


async def test_a_code_is_taken_once_and_one_step_either_side_of_now(world: World) -> None:
    mine = await ana(world)
    secret, _ = await with_app(world, mine)
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, code(secret))  # confirmed with this very code
    clock.shift(timedelta(seconds=60))
    early = pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))
    await second_step(world, early)
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, early)
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, code(secret))  # before the one that was taken
    clock.shift(timedelta(seconds=180))
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=60)))
    assert await audited("account.second_factor_failed") == 4


async def test_the_secret_cannot_be_read_in_the_database(world: World) -> None:
    mine = await ana(world)
    secret, codes = await with_app(world, mine)
    async with db.read() as r:
        sealed = await r.value("-- tests: secret\nselect secret from totp_secrets")
        hashes = await r.rows("-- tests: codes\nselect code_hash from recovery_codes")
    assert secret.encode() not in sealed
    assert len(sealed) > len(secret)
    assert all(one.encode() not in row["code_hash"] for row in hashes for one in codes)


async def test_recovery_codes_work_once_each_and_new_ones_void_them(world: World) -> None:
    mine = await ana(world)
    _, codes = await with_app(world, mine)
    await second_step(world, codes[0].upper().replace("-", " "))
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, codes[0])
    security = await world.visitor.ask("GET", "/users/me/second-factors", **mine)
    assert (security["totp"], security["recovery_codes_left"]) == (True, 9)
    again = await world.visitor.ask("POST", "/users/me/second-factors/recovery-codes", json=MINE, **mine)
    with pytest.raises(Refused, match="SECOND_FACTOR_FAILED"):
        await second_step(world, codes[1])
    await second_step(world, again["recovery_codes"][0])
    assert await audited("account.recovery_code_used") == 2


async def test_a_second_step_is_tried_five_times_within_ten_minutes(world: World) -> None:
    mine = await ana(world)
    _, codes = await with_app(world, mine)
    challenge = (await first_step(world)).details["challenge"]
    for _ in range(5):
        assert (await refused(world.visitor, "POST", SECOND, json={"challenge": challenge, "code": "1"})).status == 422
    body = {"challenge": challenge, "code": codes[0]}
    assert (await refused(world.visitor, "POST", SECOND, json=body)).code == "CHALLENGE_EXPIRED"
    challenge = (await first_step(world)).details["challenge"]
    clock.shift(timedelta(minutes=10, seconds=1))
    body = {"challenge": challenge, "code": codes[0]}
    assert (await refused(world.visitor, "POST", SECOND, json=body)).code == "CHALLENGE_EXPIRED"


async def test_codes_are_rationed_for_an_account_however_often_one_begins(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, limit_codes_per_hour=3) as world:
        mine = await ana(world)
        await with_app(world, mine)
        ratelimit.use(world.settings.model_copy(update={"rate_limits": True}))
        for _ in range(3):
            challenge = (await first_step(world)).details["challenge"]
            found = await refused(world.visitor, "POST", SECOND, json={"challenge": challenge, "code": "1"})
            assert found.code == "SECOND_FACTOR_FAILED"
        challenge = (await first_step(world)).details["challenge"]
        found = await refused(world.visitor, "POST", SECOND, json={"challenge": challenge, "code": "1"})
        assert found.code == "RATE_LIMITED"


async def test_a_password_that_changed_meanwhile_ends_the_way_in(world: World) -> None:
    mine = await ana(world)
    _, codes = await with_app(world, mine)
    challenge = (await first_step(world)).details["challenge"]
    await world.visitor.ask("PUT", "/users/me/password", json={"current": PASSWORD, "new": "another one"}, **mine)
    found = await refused(world.visitor, "POST", SECOND, json={"challenge": challenge, "code": codes[0]})
    assert found.code == "LOGIN_FAILED"


async def test_without_the_app_a_password_is_enough_again(world: World) -> None:
    mine = await ana(world)
    await with_app(world, mine)
    assert (await refused(world.visitor, "POST", TOTP, json=MINE, **mine)).code == "TOTP_ALREADY_ON"
    assert (await refused(world.visitor, "POST", f"{TOTP}/remove", json={}, **mine)).code == "PASSWORD_WRONG"
    await world.visitor.ask("POST", f"{TOTP}/remove", json=MINE, **mine)
    await world.visitor.ask("POST", "/users/login", json=LOGIN)
    security = await world.visitor.ask("GET", "/users/me/second-factors", **mine)
    assert (security["totp"], security["recovery_codes_left"]) == (False, 0)
    for path in (f"{TOTP}/remove", "/users/me/second-factors/recovery-codes"):
        assert (await refused(world.visitor, "POST", path, json=MINE, **mine)).code == "NO_SECOND_FACTOR"
    found = await refused(world.visitor, "POST", f"{TOTP}/confirm", json={"code": "1"}, **mine)
    assert found.code == "NO_SECOND_FACTOR"
    assert await audited("account.totp_removed") == 1


async def add(world: World, mine: dict[str, Any], key: Authenticator, name: str = "Laptop") -> dict[str, Any]:
    asked = await world.visitor.ask("POST", f"{PASSKEYS}/start", json=MINE, **mine)
    body = {"challenge": asked["challenge"], "credential": key.make(asked["options"]), "name": name}
    found: dict[str, Any] = await world.visitor.ask("POST", PASSKEYS, json=body, **mine)
    return found


async def enter(world: World, key: Authenticator, step: str | None = None) -> dict[str, Any]:
    asked = await world.visitor.ask("POST", "/auth/passkeys/start", json={"challenge": step} if step else {})
    body = {"challenge": asked["challenge"], "credential": key.sign(asked["options"]), "session": "token"}
    found: dict[str, Any] = await world.visitor.ask("POST", "/auth/passkeys/finish", json=body)
    return found


async def test_a_passkey_opens_the_account_without_name_or_password(here: World) -> None:
    mine, key = await ana(here), Authenticator()
    assert (await here.visitor.ask("GET", "/auth/methods"))["passkeys"] is True
    made = await add(here, mine, key)
    assert len(made["recovery_codes"]) == 10
    assert (await enter(here, key))["user"]["username"] == "ana"
    (shown,) = (await here.visitor.ask("GET", "/users/me/second-factors", **mine))["passkeys"]
    assert (shown["passkey_id"], shown["name"]) == (made["passkey_id"], "Laptop")
    assert shown["last_used_at"]
    assert await audited("account.passkey_added") == 1


async def test_a_passkey_is_the_second_step_after_a_password(here: World) -> None:
    mine, key, other = await ana(here), Authenticator(), Authenticator()
    await add(here, mine, key)
    step = await first_step(here)
    assert step.details["methods"] == ["passkey", "recovery"]
    asked = await here.visitor.ask("POST", "/auth/passkeys/start", json={"challenge": step.details["challenge"]})
    assert len(asked["options"]["allowCredentials"]) == 1
    body = {"challenge": asked["challenge"], "credential": other.sign(asked["options"])}
    assert (await refused(here.visitor, "POST", "/auth/passkeys/finish", json=body)).code == "PASSKEY_REFUSED"
    await enter(here, key, step.details["challenge"])
    found = await refused(here.visitor, "POST", "/auth/passkeys/start", json={"challenge": step.details["challenge"]})
    assert found.code == "CHALLENGE_EXPIRED"


async def test_another_ones_passkey_is_no_second_step(here: World) -> None:
    mine, key, other = await ana(here), Authenticator(), Authenticator()
    await add(here, mine, key)
    ben = {"headers": bearer(await register(here, username="ben", email="ben@example.org"))}
    await add(here, ben, other)
    with pytest.raises(Refused, match="PASSKEY_REFUSED"):
        await enter(here, other, (await first_step(here)).details["challenge"])


async def test_answers_that_are_not_true_are_refused(here: World) -> None:
    mine, key = await ana(here), Authenticator()
    await add(here, mine, key)
    finish = ("POST", "/auth/passkeys/finish")
    asked = await here.visitor.ask("POST", "/auth/passkeys/start", json={})
    answer = key.sign(asked["options"])
    await here.visitor.ask(*finish, json={"challenge": asked["challenge"], "credential": answer})
    again = {"challenge": asked["challenge"], "credential": answer}
    assert (await refused(here.visitor, *finish, json=again)).code == "CHALLENGE_EXPIRED"

    async def tried(credential: dict[str, Any], challenge: str) -> str:
        return (await refused(here.visitor, *finish, json={"challenge": challenge, "credential": credential})).code

    asked = await here.visitor.ask("POST", "/auth/passkeys/start", json={})
    assert await tried(answer, asked["challenge"]) == "PASSKEY_REFUSED", "of another challenge"
    assert await tried({}, asked["challenge"]) == "PASSKEY_REFUSED"
    assert await tried({"id": "x" * 20_001}, asked["challenge"]) == "PASSKEY_REFUSED"
    asked = await here.visitor.ask("POST", "/auth/passkeys/start", json={})
    elsewhere = Authenticator("http://evil.example:8000")
    elsewhere.key, elsewhere.id = key.key, key.id
    assert await tried(elsewhere.sign(asked["options"]), asked["challenge"]) == "PASSKEY_REFUSED", "of another site"
    key.flags = PRESENT
    assert await tried(key.sign(asked["options"]), asked["challenge"]) == "PASSKEY_REFUSED", "its owner not verified"
    key.flags, key.count = 5, 0
    assert await tried(key.sign(asked["options"]), asked["challenge"]) == "PASSKEY_REFUSED", "its counter went back"


async def test_passkeys_are_named_and_removed(here: World) -> None:
    mine, key, second = await ana(here), Authenticator(), Authenticator()
    made = await add(here, mine, key, "")
    with pytest.raises(Refused, match="PASSKEY_REFUSED"):
        await add(here, mine, key)
    assert (await add(here, mine, second))["recovery_codes"] == []
    one = f"{PASSKEYS}/{made['passkey_id']}"
    await here.visitor.ask("PUT", one, json={"name": "Phone"}, **mine)
    found = await refused(here.visitor, "PUT", one, json={"name": " "}, **mine)
    assert list(found.details["fields"]) == ["name"]
    names = [each["name"] for each in (await here.visitor.ask("GET", "/users/me/second-factors", **mine))["passkeys"]]
    assert names == ["Phone", "Laptop"]
    assert (await refused(here.visitor, "POST", f"{one}/remove", json={}, **mine)).code == "PASSWORD_WRONG"
    await here.visitor.ask("POST", f"{one}/remove", json=MINE, **mine)
    for method, path, body in (("PUT", one, {"name": "x"}), ("POST", f"{one}/remove", MINE)):
        assert (await refused(here.visitor, method, path, json=body, **mine)).code == "NO_SECOND_FACTOR"
    with pytest.raises(Refused, match="PASSKEY_REFUSED"):
        await enter(here, key)


async def test_a_passkey_that_was_begun_by_one_is_not_finished_by_another(here: World) -> None:
    mine, key = await ana(here), Authenticator()
    ben = {"headers": bearer(await register(here, username="ben", email="ben@example.org"))}
    asked = await here.visitor.ask("POST", f"{PASSKEYS}/start", json=MINE, **mine)
    body = {"challenge": asked["challenge"], "credential": key.make(asked["options"])}
    assert (await refused(here.visitor, "POST", PASSKEYS, json=body, **ben)).code == "CHALLENGE_EXPIRED"
    body["credential"] = {"id": "x"}
    assert (await refused(here.visitor, "POST", PASSKEYS, json=body, **mine)).code == "PASSKEY_REFUSED"


async def test_passkeys_need_a_name_or_https(world: World) -> None:
    assert (await world.visitor.ask("GET", "/auth/methods")) == {
        "registration": "open",
        "passkeys": False,
        "providers": [],
    }
