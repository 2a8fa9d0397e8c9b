"""Leaving: hidden at once and back by logging in; or erased after a week, in every table and file."""

from datetime import timedelta
from typing import Any

from tests.domains.accounts.clients import ANA, PASSWORD, refused, register
from tests.domains.accounts.test_letters import audited, newest
from tests.repository.tree import table
from tests.world import Person, World
from tintype.domains.accounts import actions
from tintype.domains.accounts.actions import erasing as accounts_erasing
from tintype.entry import chores, verify
from tintype.platform import clock, db, ids
from tintype.platform.db import Actor

MINE = {"password": PASSWORD}
LOGIN = {"login": "ana", "password": PASSWORD, "session": "token"}


async def registered(world: World, name: str = "ana") -> Person:
    """Somebody with a password."""
    found = await register(world, username=name, email=f"{name}@example.org")
    return Person(world, name, int(found["user"]["user_id"]), found["access_token"])


async def test_who_deactivates_is_hidden_everywhere_until_the_next_log_in(world: World) -> None:
    ana = await registered(world)
    (ben,) = await world.people("ben")
    await ben.follow(ana)
    post = await ana.post("hello", pictures=1)
    await world.settle()
    shown = await ben.see(post)
    assert post["post_id"] in await ben.home()

    assert (await refused(ana, "POST", "/users/me/deactivate", json={"password": "x"})).code == "PASSWORD_WRONG"
    assert await ana.ask("POST", "/users/me/deactivate", json=MINE) == {"erased_at": None}
    assert await ben.home() == []
    for path in ("/users/@ana", f"/users/{ana.id}", f"/posts/{post['post_id']}", f"/users/{ana.id}/posts"):
        assert (await refused(ben, "GET", path)).status == 404
    assert (await ben.http.get(shown["media"][0]["urls"]["large"])).status_code == 404
    assert await ben.ask("GET", "/users/me/followers") == []
    assert await ben.ask("GET", "/users/lookup", params={"q": "ana"}) == []
    assert (await refused(ana, "GET", "/users/me")).code == "TOKEN_INVALID"
    await world.settle()
    assert await ben.home() == []

    assert (
        await refused(world.visitor, "POST", "/users/login", json=LOGIN | {"password": "x" * 8})
    ).code == "LOGIN_FAILED"
    assert (await ben.http.get(f"/api/v1/users/{ana.id}")).status_code == 404, "a wrong password brings nobody back"
    await world.visitor.ask("POST", "/users/login", json=LOGIN)
    assert post["post_id"] in await ben.home()
    assert (await ben.ask("GET", "/users/@ana"))["post_count"] == 1
    assert await audited("account.deactivated") == await audited("account.reactivated") == 1


async def test_a_deletion_can_be_taken_back_for_a_week(world: World) -> None:
    ana = await registered(world)
    post = await ana.post("hello")
    told = await ana.ask("POST", "/users/me/delete", json=MINE)
    assert told["erased_at"] == clock.iso(clock.now() + timedelta(days=7))[:10] + told["erased_at"][10:]
    assert "will be deleted" in str((await newest(world, "deleted"))["Subject"])
    clock.shift(timedelta(days=6, hours=23))
    await chores.erase_account({"account_id": ana.id})
    back = await world.visitor.ask("POST", "/users/login", json=LOGIN)
    clock.shift(timedelta(days=8))
    await chores.erase_account({"account_id": ana.id})
    found = await world.visitor.ask("GET", f"/posts/{post['post_id']}")
    assert found["author"]["user_id"] == back["user"]["user_id"]
    async with db.read() as r:
        assert await r.value("-- tests: erasures\nselect count(*) from erasures") == 0


async def test_deleting_by_delete_is_the_same(world: World) -> None:
    ana = await registered(world)
    assert (await ana.ask("DELETE", "/users/me", params={}, **_body(MINE)))["erased_at"]
    assert (await refused(world.visitor, "GET", f"/users/{ana.id}")).status == 404


def _body(content: Any) -> dict[str, Any]:
    import msgspec

    return {"content": msgspec.json.encode(content), "headers": {"Content-Type": "application/json"}}


async def test_who_was_suspended_on_the_way_out_goes_on_the_way_out(world: World) -> None:
    ana = await registered(world)
    await ana.ask("POST", "/users/me/delete", json=MINE)
    async with db.act(db.SYSTEM) as tx:
        await actions.suspend(tx, int(ana.id))
    assert (await refused(world.visitor, "POST", "/users/login", json=LOGIN)).code == "ACCOUNT_SUSPENDED"
    async with db.act(db.SYSTEM) as tx:
        await actions.unsuspend(tx, int(ana.id))
    assert (await refused(world.visitor, "GET", "/users/@ana")).status == 404
    await world.visitor.ask("POST", "/users/login", json=LOGIN)
    await world.visitor.ask("GET", "/users/@ana")


async def _live(world: World, ana: Person, ben: Person, cleo: Person) -> dict[str, Any]:
    """A life in which everything happened: what Ana did, and what was done to her."""
    for one, other in ((ana, ben), (ben, ana), (cleo, ana)):
        await one.follow(other)
    await world.settle()
    hers = await ana.post("hello @ben #sea", pictures=2)
    tags = [{"user_id": ana.id, "x": 0.5, "y": 0.5, "n": 1}, {"user_id": cleo.id, "x": 0.1, "y": 0.1, "n": 1}]
    his = await ben.post("look @ana", pictures=1, tagged=tags)
    await world.settle()
    comment = await ben.comment(his, "mine")
    reply = await ana.comment(his, "hers", parent=comment)
    under = await ana.comment(his, "top")
    await cleo.comment(his, "an answer", parent=under)
    await ana.ask("POST", f"/comments/{comment['comment_id']}/like", json={})
    await ben.ask("POST", f"/comments/{reply['comment_id']}/like", json={})
    for one, post in ((ana, his), (ben, hers), (cleo, hers), (cleo, his)):
        await one.like(post)
    await ben.comment(hers, "nice")
    for path in ("share", "save"):
        await ana.ask("POST", f"/posts/{his['post_id']}/{path}")
        await ben.ask("POST", f"/posts/{hers['post_id']}/{path}")
    await ana.ask("POST", f"/users/{cleo.id}/mute")
    await cleo.ask("POST", f"/users/{ana.id}/block")
    await ana.ask("GET", "/feed/home")
    impression = {"post_id": his["post_id"], "dwell_ms": 900, "at": clock.iso(clock.now())}
    await ana.ask("POST", "/feed/impressions", json={"items": [impression]})
    async with db.act(Actor(int(ana.id))) as tx:
        await actions.link(tx, int(ana.id), "family", "sub", "a@example.org")
        await actions.reset_link(tx, int(ana.id))
        await actions.set_up_totp(tx, Actor(int(ana.id)))
    await ana.upload()  # never used
    await world.settle()
    return {"hers": hers, "his": his}


async def was_erased() -> bool:
    async with db.read() as r:
        return bool(await r.value("-- tests: erasures\nselect erased_at is not null from erasures"))


async def named(number: int) -> set[str]:
    """Every table and column in which this number stands, in a column of numbers, an array, or as JSON."""
    async with db.read() as r:
        columns = await r.rows(NUMBERS)
        found = set()
        for row in columns:
            name = f"{row['table']}.{row['column']}"
            test = {
                "bigint": "%s = $1",
                "_int8": "$1 = any(%s)",
                "jsonb": "%s::text like '%%' || ($1::bigint)::text || '%%'",
            }
            where = test[row["kind"]] % f'"{row["column"]}"'
            if await r.value(f'-- tests: a number\nselect true from "{row["table"]}" where {where} limit 1', number):
                found.add(name)
    return found


async def test_nothing_is_left_of_who_was_erased(world: World) -> None:
    ana = await registered(world)
    ben, cleo = await world.people("ben", "cleo")
    lived = await _live(world, ana, ben, cleo)
    before = await ben.see(lived["his"])
    assert (before["like_count"], before["comment_count"], before["share_count"]) == (2, 4, 1)
    files = [file for file in world.settings.media_dir.rglob("*") if file.is_file()]

    await ana.ask("POST", "/users/me/delete", json=MINE)
    await world.settle()
    clock.shift(timedelta(days=7, seconds=1))
    while not await was_erased():
        await chores.erase_account({"account_id": ana.id})
        await world.settle()

    clock.shift(timedelta())  # the sessions of the others live as long as a week
    kept = {"erasures.account_id", "event_log.key", "event_log_p0.key"}
    assert await named(int(ana.id)) <= kept
    assert await named(int(lived["hers"]["post_id"])) <= kept
    left = [file for file in world.settings.media_dir.rglob("*") if file.is_file()]
    assert len(left) < len(files)
    assert all(
        str(ids.parse(medium["media_id"])) not in str(file) for file in left for medium in lived["hers"]["media"]
    )
    after = await ben.see(lived["his"])
    assert (after["like_count"], after["comment_count"], after["share_count"]) == (1, 1, 0)
    assert [one["user"]["user_id"] for one in after["tagged"]] == [cleo.id]
    assert after["mentions"] == []
    ben_now = await cleo.ask("GET", f"/users/{ben.id}")
    assert (ben_now["follower_count"], ben_now["following_count"]) == (0, 0)
    assert await verify.run() == []
    assert (await refused(world.visitor, "POST", "/users/login", json=LOGIN)).code == "LOGIN_FAILED"


async def test_the_name_of_who_was_erased_is_free_after_14_days_and_the_address_at_once(world: World) -> None:
    ana = await registered(world)
    await ana.ask("POST", "/users/me/delete", json=MINE)
    clock.shift(timedelta(days=7, seconds=1))
    await chores.erase_account({"account_id": ana.id})
    assert (await refused(world.visitor, "POST", "/users/register", json=ANA)).code == "USERNAME_TAKEN"
    await register(world, username="anna")
    clock.shift(timedelta(days=21, seconds=2))
    await register(world, email="b@example.org")


async def test_a_backup_that_brings_somebody_back_forgets_them_again(world: World) -> None:
    (ana,) = await world.people("ana")
    async with db.act(db.SYSTEM) as tx:
        erased = "-- tests: erased\ninsert into erasures (account_id, asked_at, erased_at) values ($1, now(), now())"
        await tx.run(erased, int(ana.id))
    await world.settle()
    (finding,) = await verify.run(what="orphans", repair=True)
    assert (finding.kind, finding.repaired) == ("orphan.account", True)
    await world.settle()
    assert await verify.run() == []
    assert (await refused(world.visitor, "GET", f"/users/{ana.id}")).status == 404


async def test_what_is_left_of_who_is_gone_is_found_and_forgotten(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ana.follow(ben)
    await world.settle()
    async with db.act(db.SYSTEM) as tx:
        for name in ("accounts", "account_counts"):
            column = "id" if name == "accounts" else "account_id"
            await tx.run(f"-- tests: lost\ndelete from {name} where {column} = $1", int(ana.id))
    kinds = {one.kind for one in await verify.run(what="orphans", repair=True)}
    assert "orphan.graph" in kinds
    await world.settle()
    assert await verify.run(what="orphans") == []


def test_every_table_with_rows_of_people_is_erased_by_its_domain() -> None:
    """A new table has to say in `erase` how it goes."""
    erased = {one for domain in chores.ERASING for one in domain.ERASES} | accounts_erasing.ERASES
    rows = table("docs/data.md", "## Every table")
    nobodys = ("the installation", "the event log", "the job queue")
    of_people = {row[0] for row in rows if row[1].partition(": ")[2] not in nobodys}
    assert of_people <= erased | {"pgqueuer"}, of_people - erased
    assert erased <= {row[0] for row in rows}
    platforms = {"timelines", "idempotency_keys", "rate_windows"}
    for domain in [*chores.ERASING, accounts_erasing]:
        owner = domain.__name__.split(".")[2]
        own = {row[0] for row in rows if row[1].startswith(f"{owner}:")}
        assert own >= domain.ERASES - platforms, owner


NUMBERS = """
-- tests: columns in which an id may stand
select c.table_name as table, c.column_name as column,
  case when c.udt_name = '_int8' then '_int8' when c.udt_name = 'jsonb' then 'jsonb' else 'bigint' end as kind
from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.udt_name in ('int8', '_int8', 'jsonb')
"""
