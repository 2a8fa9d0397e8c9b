"""The command `tintype` on a database of its own: what it does, prints and exits with."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines.product import Product, installed
from tintype.domains.accounts import reads as accounts
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import NewPost
from tintype.platform import db, passwords
from tintype.platform.db import Actor
from tintype.platform.mail.outbox import Outbox
from tintype.platform.mail.port import Mail, written


@pytest.fixture
def product(database: str) -> Iterator[Product]:
    """The installation that the command looks after; it does not run."""
    with installed(DATABASE_URL=database) as found:
        yield found


def done(product: Product, *arguments: str) -> str:
    answer = product.command(*arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def refused(product: Product, *arguments: str) -> str:
    answer = product.command(*arguments)
    assert answer.returncode == 1, answer.stdout
    assert answer.stderr.startswith("tintype: "), answer.stderr
    return answer.stderr


async def account(name: str) -> Any:
    async with db.read() as r:
        return await accounts.by_login(r, name)


async def test_an_account_from_its_making_to_its_suspension(product: Product) -> None:
    assert f"{product.url}/reset?token=" in done(product, "user", "create", "Ana", "ana@example.org")
    assert (await account("ana")).role == "user"
    done(product, "user", "promote", "@ana")
    assert (await account("ana")).role == "admin"
    done(product, "user", "promote", "ana@example.org", "moderator")
    assert (await account("ana")).role == "moderator"
    done(product, "user", "suspend", str((await account("ana")).id))
    assert (await account("ana")).status == "suspended"
    done(product, "user", "unsuspend", "ana")
    assert (await account("ana")).status == "active"
    assert done(product, "user", "reset-link", "ana").startswith(f"{product.url}/reset?token=")


async def test_what_cannot_be_done_is_said_in_a_line(product: Product) -> None:
    assert "There is no account nobody." in refused(product, "user", "promote", "nobody")
    done(product, "user", "create", "ana", "ana@example.org")
    assert "username: " in refused(product, "user", "create", "ana", "other@example.org")
    assert "is no group of kind state" in refused(product, "log", "replay", "moderation")


async def test_a_password_is_given_typed_or_made(product: Product) -> None:
    given = done(product, "user", "create", "ana", "--email", "ana@example.org", "--admin", "--password", "long enough")
    assert "reset" not in given
    assert (await account("ana")).role == "admin"
    assert await passwords.verify("long enough", (await account("ana")).password_hash)
    made = done(product, "user", "create", "ben", "ben@example.org", "--password", "generated").split()[-1]
    assert await passwords.verify(made, (await account("ben")).password_hash)
    typed = product.command("user", "create", "cleo", "cleo@example.org", "--password", "prompt", typed="from a pipe\n")
    assert typed.returncode == 0, typed.stderr
    assert await passwords.verify("from a pipe", (await account("cleo")).password_hash)
    assert "password: must be" in refused(product, "user", "create", "d", "d@example.org", "--password", "short")


def test_what_is_out_of_reach_is_named_and_leaves_no_trace() -> None:
    with installed(DATABASE_URL="postgresql://nobody:none@127.0.0.1:1/none") as product:
        assert "the database does not answer" in refused(product, "user", "promote", "ana")
        assert "the database does not answer" in refused(product, "worker")
        assert "/none/api.json: No such file" in refused(product, "openapi", "/none/api.json")


async def test_a_file_that_is_missing_is_named(product: Product) -> None:
    assert "/none.npz: No such file" in refused(product, "seed", "graph", "/none.npz")


async def test_jobs_that_were_given_up_are_tried_again(product: Product) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("insert into pgqueuer (priority, status, entrypoint, attempts) values (0, 'failed', 'none', 5)")
    told = json.loads(done(product, "log", "dlq", "redrive", "--json"))
    assert told == {"events": 0, "jobs": 1}
    async with db.read() as r:
        assert await r.value("select status::text from pgqueuer") == "queued"


async def test_a_group_begins_again(product: Product) -> None:
    told = json.loads(done(product, "log", "replay", "timelines", "--since", "7", "--json"))
    assert (told["group"], told["since"]) == ("timelines", 7)


async def test_invitations_and_approvals(product: Product) -> None:
    assert len(done(product, "user", "invite", "--uses", "3").strip()) == 16
    done(product, "user", "create", "ana", "ana@example.org")
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update accounts set status = 'pending'")
    done(product, "user", "approve", "ana")
    assert (await account("ana")).status == "active"


async def test_letters_of_the_outbox_are_listed_and_shown(product: Product) -> None:
    assert done(product, "mail", "list") == "There are no letters.\n"
    assert "There are no letters." in refused(product, "mail", "show")
    box = Outbox(product.folder / "data" / "outbox")
    for n, name in enumerate(("ana", "ben")):
        given = Mail(f"{name}@example.org", "email_changed", "en", {"username": name}, f"letter{n}")
        await box.send(written(given))
        await box.send(written(given))
    listed = json.loads(done(product, "mail", "list", "--json"))
    assert sorted(one["to"] for one in listed) == ["ana@example.org", "ben@example.org"], "twice is once"
    name = next(one["name"] for one in listed if one["to"] == "ana@example.org")
    assert name in done(product, "mail", "list")
    shown = done(product, "mail", "show", name)
    assert "To: ana@example.org" in shown
    assert "Hello ana," in shown
    assert "There is no such letter." in refused(product, "mail", "show", "none")


async def test_a_post_is_removed(product: Product) -> None:
    done(product, "user", "create", "ana", "ana@example.org")
    ana = Actor((await account("ana")).id)
    async with db.act(ana) as tx:
        post_id = await posts.create(tx, ana, NewPost(type="TEXT", caption="hello"))
    done(product, "post", "remove", str(post_id))
    async with db.read() as r:
        assert await r.value("select status from posts where id = $1", post_id) == "removed"


async def test_the_log_and_the_oracle_speak_to_programs(product: Product) -> None:
    assert json.loads(done(product, "log", "dlq", "list", "--json")) == []
    assert json.loads(done(product, "log", "lag", "--json"))["caught_up"] is True
    assert json.loads(done(product, "verify", "--json")) == []
    done(product, "user", "create", "ana", "ana@example.org")  # an event that no worker has seen
    behind = product.command("log", "lag", "--json")
    assert behind.returncode == 1
    assert json.loads(behind.stdout)["groups"][0]["group"] == "sequencer"
    assert "0 events and 0 jobs will be tried again" in done(product, "log", "dlq", "redrive")
    assert json.loads(product.command("doctor", "--json").stdout)["checks"][0]["name"] == "python"


def test_help_and_settings_need_no_database() -> None:
    with installed(PORT="nonsense", DATABASE_URL="postgresql:///none") as product:
        told = done(product, "--help")
        assert all(word in told for word in ("serve", "demo", "user", "post", "doctor", "verify", "log"))
        assert "TINTYPE_PORT: Input should be a valid integer" in refused(product, "serve")


def test_the_document_is_written() -> None:
    with installed() as product:
        done(product, "openapi", "api.json")
        assert json.loads((product.folder / "api.json").read_text())["openapi"].startswith("3.1")
