"""Sessions: rotation, grace, re-use, revocation, and what keeps somebody out."""

import asyncio
from datetime import timedelta

import pytest

from tests.domains.accounts.conftest import Maker
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.actions import Session
from tintype.platform import auth, clock, db
from tintype.platform.db import Actor


async def open_session(account_id: int, agent: str = "tests") -> Session:
    async with db.act(Actor(account_id)) as tx:
        return await actions.open_session(tx, account_id, None, user_agent=agent, ip="192.0.2.1")


async def refresh(token: str) -> Session | None:
    read = auth.read_refresh(token)
    assert read is not None
    async with db.act(Actor(read.account_id)) as tx:
        return await actions.refresh(tx, read)


async def events(topic: str) -> list[str]:
    async with db.read() as r:
        return [row["type"] for row in await r.rows("select type from event_inbox where topic = $1 order by id", topic)]


async def audited() -> list[str]:
    async with db.read() as r:
        return [row["action"] for row in await r.rows("select action from audit_log order by id")]


async def test_a_refresh_token_is_exchanged_for_the_next(make: Maker) -> None:
    first = await open_session(await make("ana"))
    second = await refresh(first.refresh_token)
    assert second is not None
    assert second.refresh_token != first.refresh_token
    assert second.actor == first.actor
    assert auth.verify(second.access_token) == first.actor


async def test_two_tabs_within_ten_seconds_get_the_same_successor(make: Maker) -> None:
    first = await open_session(await make("ana"))
    found = await asyncio.gather(*(refresh(first.refresh_token) for _ in range(8)))
    assert len({one.refresh_token for one in found if one}) == 1
    assert all(one is not None for one in found)
    clock.shift(timedelta(seconds=9))
    late = await refresh(first.refresh_token)
    assert late is not None
    assert late.generation == 2
    assert await audited() == ["account.created"]


async def test_after_ten_seconds_the_old_token_ends_the_session(make: Maker) -> None:
    first = await open_session(await make("ana"))
    second = await refresh(first.refresh_token)
    assert second is not None
    clock.shift(timedelta(seconds=11))
    assert await refresh(first.refresh_token) is None
    assert await refresh(second.refresh_token) is None, "the family is revoked"
    assert auth.verify(second.access_token) is None
    assert await audited() == ["account.created", "session.reuse"]
    assert await events("sessions") == ["SessionOpened", "SessionRevoked"]


async def test_within_ten_seconds_too_once_the_successor_was_used(make: Maker) -> None:
    first = await open_session(await make("ana"))
    second = await refresh(first.refresh_token)
    assert second is not None
    third = await refresh(second.refresh_token)
    assert third is not None
    assert await refresh(first.refresh_token) is None
    assert await refresh(third.refresh_token) is None


async def test_a_thief_and_the_owner_at_once_end_with_at_most_one_line(make: Maker) -> None:
    """Both rotate on, each with what they got: whoever falls behind ends the session for both."""
    first = await open_session(await make("ana"))
    chains = [first.refresh_token, first.refresh_token]
    for step in range(6):
        clock.shift(timedelta(seconds=20 * step))
        got = await asyncio.gather(*(refresh(token) for token in chains))
        alive = [one for one in got if one]
        if not alive:
            break
        chains = [one.refresh_token if one else token for one, token in zip(got, chains, strict=True)]
        chains[1] = chains[1] if step else first.refresh_token
    assert not alive


async def test_nothing_comes_back_after_logging_out(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)
    async with db.act(session.actor) as tx:
        assert await actions.revoke_session(tx, ana, session.actor.session_id, "logout")
    assert await refresh(session.refresh_token) is None
    assert auth.verify(session.access_token) is None
    async with db.act(session.actor) as tx:
        assert await actions.revoke_session(tx, ana, session.actor.session_id, "logout"), "twice is once"
    assert await events("sessions") == ["SessionOpened", "SessionRevoked"]
    assert "session.reuse" not in await audited()


async def test_a_session_ends_after_a_week_of_silence(make: Maker) -> None:
    session = await open_session(await make("ana"))
    clock.shift(timedelta(days=6))
    renewed = await refresh(session.refresh_token)
    assert renewed is not None
    clock.shift(timedelta(days=12))
    again = await refresh(renewed.refresh_token)
    assert again is not None
    clock.shift(timedelta(days=20))
    assert await refresh(again.refresh_token) is None


async def test_sessions_of_others_cannot_be_ended(make: Maker) -> None:
    ana, ben = await make("ana"), await make("ben")
    session = await open_session(ana)
    async with db.act(Actor(ben)) as tx:
        assert not await actions.revoke_session(tx, ben, session.actor.session_id, "revoked")
    assert await refresh(session.refresh_token) is not None


async def test_the_list_of_sessions(make: Maker) -> None:
    ana = await make("ana")
    phone, laptop = await open_session(ana, "phone"), await open_session(ana, "laptop\0" + "x" * 500)
    gone = await open_session(ana, "gone")
    async with db.act(Actor(ana)) as tx:
        await actions.revoke_session(tx, ana, gone.actor.session_id, "revoked")
    clock.shift(timedelta(minutes=1))
    await refresh(phone.refresh_token)
    async with db.read() as r:
        found = await reads.sessions(r, ana, laptop.actor.session_id)
    assert [one.user_agent[:6] for one in found] == ["phone", "laptop"], "last used first"
    assert [one.current for one in found] == [False, True]
    assert len(found[1].user_agent) <= 300
    assert found[0].ip == "192.0.2.1"


async def test_a_role_reaches_unsafe_requests_at_once(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)
    async with db.act(db.SYSTEM) as tx:
        await actions.promote(tx, ana, "moderator")
    async with db.read() as r:
        assert (await auth.check_session(r, session.actor)).role == "moderator"
    renewed = await refresh(session.refresh_token)
    assert renewed is not None
    assert renewed.actor.role == "moderator"


async def test_unsafe_requests_ask_the_database(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)
    async with db.read() as r:
        assert await auth.check_session(r, session.actor) == session.actor
    async with db.act(Actor(ana)) as tx:
        await actions.revoke_session(tx, ana, session.actor.session_id, "revoked")
    auth._revoked.clear()  # as in a process that has not heard yet
    assert auth.verify(session.access_token) is not None
    async with db.read() as r:
        with pytest.raises(auth.TokenInvalid):
            await auth.check_session(r, session.actor)
    assert auth.verify(session.access_token) is None, "and now it has heard"


async def test_a_process_that_starts_knows_what_was_revoked(make: Maker) -> None:
    ana = await make("ana")
    first, second = await open_session(ana), await open_session(ana)
    async with db.act(Actor(ana)) as tx:
        await actions.revoke_session(tx, ana, first.actor.session_id, "revoked")
    auth._revoked.clear()
    async with db.read() as r:
        await auth.load_revoked(r)
    assert auth.verify(first.access_token) is None
    assert auth.verify(second.access_token) is not None


async def test_a_rolled_back_revocation_is_not_remembered(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)

    async def fail() -> None:
        async with db.act(Actor(ana)) as tx:
            await actions.revoke_session(tx, ana, session.actor.session_id, "revoked")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert auth.verify(session.access_token) is not None


async def test_a_password_changed_meanwhile_keeps_the_old_one_out(make: Maker) -> None:
    ana = await make("ana", "old hash")
    async with db.act(db.SYSTEM) as tx:
        token = await actions.reset_link(tx, ana)
        await actions.reset_password(tx, token, "new hash")

    async def late() -> None:
        async with db.act(Actor(ana)) as tx:
            await actions.open_session(tx, ana, "old hash", user_agent="", ip="")

    with pytest.raises(rules.LoginFailed):
        await late()


async def test_a_suspension_finds_sessions_that_are_being_opened(make: Maker) -> None:
    """Either the log-in comes first and is revoked, or it comes second and is refused."""
    for n in range(8):
        ana = await make(f"ana{n}.x")

        async def suspend(account_id: int = ana) -> None:
            async with db.act(db.SYSTEM) as tx:
                await actions.suspend(tx, account_id)

        found = await asyncio.gather(open_session(ana), suspend(), open_session(ana), return_exceptions=True)
        for one in found:
            if isinstance(one, Session):
                assert await refresh(one.refresh_token) is None
                assert auth.is_revoked(one.actor.session_id)
            else:
                assert one is None or isinstance(one, rules.AccountSuspendedError)
