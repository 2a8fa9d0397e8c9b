"""Letters: forgotten passwords, addresses verified and changed, names; in both languages, to outbox and SMTP."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.domains.accounts.clients import ANA, PASSWORD, bearer, refused, register
from tests.world import World, opened
from tintype.platform import clock, db
from tintype.platform.mail import port as mail
from tintype.platform.mail import texts
from tintype.platform.mail.outbox import letters

NEW = "a quite different one"
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def written(world: World) -> list[EmailMessage]:
    """The letters of the outbox, in the order of their kinds and addresses."""
    return [letter for _, letter in letters(world.settings.outbox_dir)]


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def token(letter: EmailMessage) -> str:
    found = re.search(r"token=([\w-]+)", plain(letter))
    assert found
    return found.group(1)


async def newest(world: World, subject: str) -> EmailMessage:
    await world.settle()
    found = [one for one in written(world) if subject in str(one["Subject"])]
    assert found, [str(one["Subject"]) for one in written(world)]
    return found[0]


async def empty(world: World) -> None:
    await world.settle()
    for file in world.settings.outbox_dir.glob("*.eml"):
        file.unlink()


async def audited(action: str) -> int:
    async with db.read() as r:
        return int(await r.value("-- tests: acts\nselect count(*) from audit_log where action = $1", action))


async def test_a_forgotten_password_is_set_by_the_link_in_a_letter(world: World) -> None:
    tokens = await register(world)
    await empty(world)
    ask = world.visitor.ask
    for login in ("ana", "@ANA", "ana@example.org"):
        await empty(world)
        assert await ask("POST", "/users/password/forgot", json={"login": login}) == {}
        letter = await newest(world, "new password")
        assert letter["To"] == "ana@example.org"
        assert "@ana" in plain(letter)
    html = letter.get_body(("html",))
    assert html is not None
    assert f'href="http://127.0.0.1:8000/reset?token={token(letter)}"' in html.get_content()
    await ask("POST", "/users/password/reset", json={"token": token(letter), "password": NEW})
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(tokens))).code == "TOKEN_INVALID"
    assert (
        await refused(world.visitor, "POST", "/users/login", json={"login": "ana", "password": PASSWORD})
    ).status == 401
    await ask("POST", "/users/login", json={"login": "ana", "password": NEW})
    again = {"token": token(letter), "password": NEW}
    assert (await refused(world.visitor, "POST", "/users/password/reset", json=again)).code == "RESET_LINK_INVALID"
    assert "was changed" in str((await newest(world, "was changed"))["Subject"])


async def test_nobody_learns_who_has_an_account(world: World) -> None:
    for login in ("nobody", "nobody@example.org", "", "\x00", "x" * 320):
        assert await world.visitor.ask("POST", "/users/password/forgot", json={"login": login}) == {}
    await world.settle()
    assert written(world) == []


async def test_letters_are_rationed_by_name_and_by_address(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, limit_mails_per_hour=3) as world:
        from tintype.platform import ratelimit

        ratelimit.use(world.settings.model_copy(update={"rate_limits": True}))
        ask = {"json": {"login": "ana"}}
        for _ in range(3):
            await world.visitor.ask("POST", "/users/password/forgot", **ask)
        found = await refused(world.visitor, "POST", "/users/password/forgot", **ask)
        assert (found.status, found.code) == (429, "RATE_LIMITED")
        assert int(found.answer.headers["retry-after"]) > 0


async def test_nothing_that_waits_to_be_sent_can_be_read_in_the_database(world: World) -> None:
    await register(world)
    await world.visitor.ask("POST", "/users/password/forgot", json={"login": "ana@example.org"})
    async with db.read() as r:
        waiting = await r.rows("-- tests: jobs\nselect payload from pgqueuer")
    assert waiting
    assert all(b"ana" not in row["payload"] and b"token" not in row["payload"] for row in waiting)


async def test_an_address_is_verified_by_the_letter_that_registering_sends(world: World) -> None:
    tokens = await register(world)
    me = await world.visitor.ask("GET", "/users/me", headers=bearer(tokens))
    assert me["email_verified"] is False
    letter = await newest(world, "your address")
    await world.visitor.ask("POST", "/users/email/verify", json={"token": token(letter)})
    assert (await world.visitor.ask("GET", "/users/me", headers=bearer(tokens)))["email_verified"] is True
    found = await refused(world.visitor, "POST", "/users/email/verify", json={"token": token(letter)})
    assert (found.status, found.code) == (422, "EMAIL_LINK_INVALID")
    await empty(world)
    await world.visitor.ask("POST", "/users/email/verify/resend", headers=bearer(tokens))
    await world.settle()
    assert written(world) == [], "there is nothing left to verify"


async def test_a_link_to_an_address_is_good_for_a_day_and_only_the_last_one(world: World) -> None:
    tokens = await register(world)
    first = await newest(world, "your address")
    await empty(world)
    await world.visitor.ask("POST", "/users/email/verify/resend", headers=bearer(tokens))
    second = await newest(world, "your address")
    verify = ("POST", "/users/email/verify")
    assert (await refused(world.visitor, *verify, json={"token": token(first)})).code == "EMAIL_LINK_INVALID"
    clock.shift(timedelta(hours=24, seconds=1))
    assert (await refused(world.visitor, *verify, json={"token": token(second)})).code == "EMAIL_LINK_INVALID"


async def test_a_new_address_replaces_the_old_one_once_its_letter_was_opened(world: World) -> None:
    tokens = await register(world)
    mine: dict[str, Any] = {"headers": bearer(tokens)}
    await empty(world)
    wrong = {"email": "new@example.org", "password": "not mine"}
    found = await refused(world.visitor, "PUT", "/users/me/email", json=wrong, **mine)
    assert (found.status, found.code, list(found.details["fields"])) == (403, "PASSWORD_WRONG", ["password"])
    found = await refused(world.visitor, "PUT", "/users/me", json={"email": "new@example.org"}, **mine)
    assert (found.code, list(found.details["fields"])) == ("FIELD_PROTECTED", ["email"])
    await world.visitor.ask("PUT", "/users/me", json={"email": "ana@example.org"}, **mine)

    security = await world.visitor.ask(
        "PUT", "/users/me/email", json={"email": "New@example.org", "password": PASSWORD}, **mine
    )
    assert (security["email"], security["pending_email"]) == ("ana@example.org", "new@example.org")
    letter = await newest(world, "new address")
    assert letter["To"] == "new@example.org"
    await world.visitor.ask("POST", "/users/email/verify", json={"token": token(letter)})
    me = await world.visitor.ask("GET", "/users/me", **mine)
    assert (me["email"], me["email_verified"]) == ("new@example.org", True)
    notice = await newest(world, "address for 127.0.0.1 was changed")
    assert notice["To"] == "ana@example.org"
    await world.visitor.ask("POST", "/users/login", json={"login": "new@example.org", "password": PASSWORD})
    await register(world, username="ben")  # the old address is free


async def test_an_address_that_somebody_has_cannot_be_taken(world: World) -> None:
    tokens = await register(world)
    mine: dict[str, Any] = {"headers": bearer(tokens)}
    await register(world, username="ben", email="ben@example.org")
    body = {"email": "ben@example.org", "password": PASSWORD}
    assert (await refused(world.visitor, "PUT", "/users/me/email", json=body, **mine)).code == "EMAIL_TAKEN"
    await empty(world)
    await world.visitor.ask("PUT", "/users/me/email", json={"email": "cy@example.org", "password": PASSWORD}, **mine)
    letter = await newest(world, "new address")
    await register(world, username="cy", email="cy@example.org")
    found = await refused(world.visitor, "POST", "/users/email/verify", json={"token": token(letter)})
    assert found.code == "EMAIL_TAKEN"


async def test_changing_the_password_ends_the_other_sessions(world: World) -> None:
    tokens = await register(world)
    other = await world.visitor.ask(
        "POST", "/users/login", json={"login": "ana", "password": PASSWORD, "session": "token"}
    )
    mine: dict[str, Any] = {"headers": bearer(tokens)}
    change = ("PUT", "/users/me/password")
    found = await refused(world.visitor, *change, json={"current": "wrong", "new": NEW}, **mine)
    assert (found.code, list(found.details["fields"])) == ("PASSWORD_WRONG", ["current"])
    found = await refused(world.visitor, *change, json={"current": PASSWORD, "new": "short"}, **mine)
    assert list(found.details["fields"]) == ["new"]
    await world.visitor.ask(*change, json={"current": PASSWORD, "new": NEW}, **mine)
    await world.visitor.ask("GET", "/users/me", **mine)
    assert (await refused(world.visitor, "GET", "/users/me", headers=bearer(other))).code == "TOKEN_INVALID"
    await world.visitor.ask("POST", "/users/login", json={"login": "ana", "password": NEW})
    assert await audited("account.password_changed") == 1


async def test_an_old_name_leads_to_the_new_one_for_14_days(world: World) -> None:
    tokens = await register(world)
    mine: dict[str, Any] = {"headers": bearer(tokens)}
    me = await world.visitor.ask("PUT", "/users/me/username", json={"username": "Anna"}, **mine)
    assert me["username"] == "anna"
    assert (await world.visitor.ask("GET", "/users/@ana"))["username"] == "anna"
    assert (await world.visitor.ask("GET", "/users/@ana/posts")) == []
    taken = ANA | {"email": "b@example.org"}
    assert (await refused(world.visitor, "POST", "/users/register", json=taken)).code == "USERNAME_TAKEN"
    assert "@ana" in plain(await newest(world, "@anna"))
    clock.shift(timedelta(days=14, seconds=1))
    assert (await refused(world.visitor, "GET", "/users/@ana")).status == 404
    await world.visitor.ask("POST", "/users/register", json=taken)
    assert (await world.visitor.ask("GET", "/users/@ana"))["username"] == "ana"


async def test_who_has_not_verified_may_be_kept_from_posting(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path, unverified_may_post=False) as world:
        (ana,) = await world.people("ana")
        found = await refused(ana, "POST", "/posts", json={"type": "TEXT", "caption": "hello"})
        assert (found.status, found.code) == (403, "EMAIL_UNVERIFIED")
        await ana.ask("POST", "/users/email/verify/resend")
        await world.visitor.ask("POST", "/users/email/verify", json={"token": token(await newest(world, "address"))})
        await ana.post("hello")


async def test_letters_speak_the_language_that_was_chosen_or_that_the_browser_asks_for(world: World) -> None:
    tokens = (
        await world.visitor.http.post("/api/v1/users/register", json=ANA | {"session": "token"}, headers=GERMAN)
    ).json()
    assert "Ist das deine Adresse" in str((await newest(world, "Adresse"))["Subject"])
    await empty(world)
    mine: dict[str, Any] = {"headers": bearer(tokens["data"])}
    await world.visitor.ask("PUT", "/users/me", json={"preferences": {"language": "en"}}, **mine)
    await world.visitor.ask("POST", "/users/password/forgot", json={"login": "ana"}, headers=GERMAN)
    assert "Set a new password" in str((await newest(world, "password"))["Subject"])


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "en"),
        ("de", "de"),
        ("fr,de-CH;q=0.4", "de"),
        ("en;q=0.1,de;q=0.9", "de"),
        ("de;q=0", "en"),
        ("de;q=x", "en"),
    ],
)
def test_the_language_that_a_browser_asks_for(header: str, language: str) -> None:
    assert texts.accepted(header) == language


def test_both_languages_say_everything() -> None:
    english, german = (texts.catalogue(one) for one in texts.LANGUAGES)
    names = re.compile(r"\$\w+")
    assert english.keys() == german.keys()
    for letter, lines in english.items():
        assert lines.keys() == german[letter].keys(), letter
        for key, text in lines.items():
            assert sorted(names.findall(str(text))) == sorted(names.findall(str(german[letter][key]))), (letter, key)


def test_what_people_choose_cannot_become_markup_or_headers() -> None:
    given = mail.Mail("a@example.org", "leaving", "en", {"username": "<b>&", "date": "now"}, "1")
    found = mail.written(given)
    html = found.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;&amp;" in html.get_content()
    assert "<b>" not in html.get_content()


SERVER = """
import asyncio, json, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

class Handler:
    async def handle_DATA(self, server, session, envelope):
        said = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": envelope.content.decode()}
        print(json.dumps(said), flush=True)
        return "250 taken"

def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"us" and data.password == b"p@ss")

controller = Controller(
    Handler(), hostname="127.0.0.1", port=int(sys.argv[1]), authenticator=authenticate,
    auth_required=True, auth_require_tls=False,
)
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
"""


@asynccontextmanager
async def smtp_server(port: int) -> AsyncIterator[asyncio.StreamReader]:
    """A real SMTP server in a process of its own, that wants a log-in; what it takes it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        "-c",
        SERVER,
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdin
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"ready\n"
        yield process.stdout
    finally:
        process.stdin.close()
        await process.wait()


async def test_letters_reach_an_smtp_server(database: str, tmp_path: Path, unused_tcp_port: int) -> None:
    url = f"smtp://us:p%40ss@127.0.0.1:{unused_tcp_port}?tls=0"
    async with opened(database, tmp_path, smtp_url=url, mail_from="Our photos <photos@example.org>") as world:
        async with smtp_server(unused_tcp_port) as output:
            await register(world)
            await world.settle()
            taken = json.loads(await asyncio.wait_for(output.readline(), 10))
        assert (taken["from"], taken["to"]) == ("photos@example.org", ["ana@example.org"])
        assert "Subject: Is this your address? 127.0.0.1" in taken["text"]
        assert "Content-Type: text/html" in taken["text"]
        assert not world.settings.outbox_dir.exists()


async def test_a_server_that_does_not_answer_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    from tintype.platform import sealing
    from tintype.platform.config import Settings

    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        gone.set()

    sealing.use(b"k" * 32)
    mail.use(Settings(data_dir=tmp_path, smtp_url=f"smtp://127.0.0.1:{unused_tcp_port}"))
    monkeypatch.setattr(mail, "SEND_SECONDS", 0.2)
    async with await asyncio.start_server(silent, "127.0.0.1", unused_tcp_port):
        import base64

        import msgspec

        given = mail.Mail("a@example.org", "email_changed", "en", {"username": "ana"}, "1")
        sealed = base64.b64encode(sealing.seal(msgspec.json.encode(given), mail.JOB)).decode()
        with pytest.raises(TimeoutError):
            await mail.deliver({"mail": sealed})
        await gone.wait()
