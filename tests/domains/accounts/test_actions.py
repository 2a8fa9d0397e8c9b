"""Accounts as rows: making them, changing them, and what operators do."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.domains.accounts.conftest import Maker
from tests.domains.accounts.test_sessions import audited, events, open_session
from tintype.domains.accounts import actions, reads, rules
from tintype.domains.accounts.rules import ProfileChange, Registration
from tintype.platform import auth, clock, db, ids, textpolicy
from tintype.platform.db import Actor
from tintype.platform.errors import Forbidden, Invalid, NotFound, NotSignedIn


async def register(
    name: str, mode: str = "open", email: str = "", invite: str | None = None, full_name: str = ""
) -> int:
    account_id = ids.new_account()
    form = rules.registration(
        Registration(name, email or f"{name}@example.org", "correct horse", full_name=full_name, invite=invite)
    )
    async with db.act(Actor(account_id)) as tx:
        await actions.register(tx, mode, form, "hash")
    return account_id


async def update(account_id: int, **fields: Any) -> None:
    async with db.act(Actor(account_id)) as tx:
        await actions.update(tx, tx.actor, ProfileChange(**fields))


async def find(ref: str, viewer_id: int = 0) -> reads.ProfileRow:
    async with db.read() as r:
        return await reads.find(r, ref, viewer_id)


async def status(account_id: int) -> str:
    async with db.read() as r:
        return str(await r.value("select status from accounts where id = $1", account_id))


@pytest.mark.usefixtures("database")
class TestRegistering:
    async def test_an_account_is_there_at_once(self) -> None:
        ana = await register("ana", full_name="Ana B")
        row = await find("@ana")
        assert (row.id, row.full_name, row.role, row.followers) == (ana, "Ana B", "user", 0)
        assert await find(str(ana)) == await find("me", ana) == await find("@ANA") == row
        assert await events("accounts") == ["AccountRegistered"]

    async def test_names_and_addresses_are_unique_in_any_case(self) -> None:
        await register("ana")
        with pytest.raises(rules.UsernameTaken):
            await register("ANA", email="other@example.org")
        with pytest.raises(rules.EmailTaken):
            await register("ben", email="Ana@Example.org")
        async with db.read() as r:
            assert await r.value("select count(*) from accounts") == 1
            assert await r.value("select count(*) from usernames") == 1

    async def test_of_many_at_once_one_gets_the_name(self) -> None:
        found = await asyncio.gather(
            *(register("ana", email=f"a{n}@example.org") for n in range(10)), return_exceptions=True
        )
        assert sum(isinstance(one, int) for one in found) == 1
        assert sum(isinstance(one, rules.UsernameTaken) for one in found) == 9

    async def test_closed_lets_nobody_in(self) -> None:
        with pytest.raises(rules.RegistrationClosed):
            await register("ana", "closed")

    async def test_an_invitation_is_good_so_often_and_so_long(self) -> None:
        async with db.act(db.SYSTEM) as tx:
            code = await actions.invite(tx, uses=2, days=3)
        for bad in (None, "", "guess", "\ud800"):
            with pytest.raises(rules.InviteInvalid):
                await register("ana", "invite", invite=bad)
        await register("ana", "invite", invite=f" {code} ")
        with pytest.raises(rules.UsernameTaken):
            await register("ana", "invite", invite=code, email="x@example.org")
        await register("ben", "invite", invite=code)
        with pytest.raises(rules.InviteInvalid):
            await register("eve", "invite", invite=code)
        async with db.act(db.SYSTEM) as tx:
            code = await actions.invite(tx, uses=1, days=3)
        clock.shift(timedelta(days=4))
        with pytest.raises(rules.InviteInvalid):
            await register("eve", "invite", invite=code)

    async def test_who_waits_for_approval_is_seen_by_nobody(self) -> None:
        ana = await register("ana", "approval")
        assert await status(ana) == "pending"
        with pytest.raises(NotFound):
            await find("@ana")
        with pytest.raises(rules.AccountPendingError):
            async with db.act(Actor(ana)) as tx:
                await actions.open_session(tx, ana, "hash", user_agent="", ip="")
        async with db.act(db.SYSTEM) as tx:
            await actions.approve(tx, ana)
            await actions.approve(tx, ana)
        assert (await find("@ana")).id == ana
        assert await events("accounts") == ["AccountRegistered", "AccountApproved"]

    async def test_the_text_policy_judges_names(self, tmp_path: Any) -> None:
        (tmp_path / "policy" / "words.txt").write_text("grob\n")
        textpolicy.use_folder(tmp_path / "policy")
        with pytest.raises(textpolicy.TextBlocked) as refused:
            await register("grob")
        assert set(refused.value.details["fields"]) == {"username"}
        with pytest.raises(textpolicy.TextBlocked):
            await register("ana", full_name="Ana GROB")


async def test_operators_make_accounts_by_the_same_rules(make: Maker) -> None:
    root = await make("ana", role="admin")
    assert (await find("@ana")).role == "admin"
    for name in ("admin", "..", "ana"):
        with pytest.raises((Invalid, rules.UsernameTaken)):
            await make(name)
    assert await audited() == ["account.created"]
    assert root


async def test_only_what_was_sent_changes_and_the_same_again_is_no_event(make: Maker) -> None:
    ana = await make("ana", full_name="Ana")
    await update(ana, bio="hello", website="https://ana.example", preferences=rules.PreferencesChange(theme="dark"))
    await update(ana, bio="hello", preferences=rules.PreferencesChange(language="de"))
    row = await find("@ana")
    assert (row.full_name, row.bio, row.website) == ("Ana", "hello", "https://ana.example")
    assert row.preferences == {"theme": "dark", "language": "de"}
    await update(ana, bio="hello")
    await update(ana)
    assert await events("accounts") == ["AccountRegistered", "ProfileChanged", "ProfileChanged"]


async def test_becoming_private_is_a_fact_of_its_own(make: Maker) -> None:
    ana = await make("ana")
    await update(ana, is_private=True)
    await update(ana, is_private=True)
    await update(ana, is_private=False, bio="x")
    assert await events("accounts") == [
        "AccountRegistered",
        "AccountPrivacyChanged",
        "ProfileChanged",
        "AccountPrivacyChanged",
    ]


@pytest.mark.parametrize("field", ["full_name", "bio", "website"])
async def test_the_text_policy_judges_profiles_at_once(make: Maker, tmp_path: Any, field: str) -> None:
    ana = await make("ana")
    (tmp_path / "policy" / "words.txt").write_text("grob\n")
    textpolicy.use_folder(tmp_path / "policy")
    with pytest.raises(textpolicy.TextBlocked) as refused:
        await update(ana, **{field: "https://grob.example"})
    assert (refused.value.status, refused.value.code) == (422, "TEXT_BLOCKED")
    assert (await find("@ana")).bio == ""


async def test_a_released_name_is_blocked_for_others_for_two_weeks(make: Maker) -> None:
    ana, ben = await make("ana"), await make("ben")
    await update(ana, username="anna")
    assert (await find("@anna")).id == (await find("@ana")).id == ana
    with pytest.raises(rules.UsernameTaken):
        await update(ben, username="ana")
    await update(ana, username="ana")
    assert (await find("@ana")).id == ana
    await update(ana, username="anna")
    clock.shift(timedelta(days=15))
    with pytest.raises(NotFound):
        await find("@ana")
    await update(ben, username="ana")
    assert (await find("@ana")).id == ben
    with pytest.raises(rules.UsernameTaken):
        await update(ana, username="ana")
    async with db.read() as r:
        found = await reads.by_login(r, "ana")
    assert found is not None
    assert found.id == ben


async def test_an_address_is_not_changed_with_the_profile(make: Maker) -> None:
    ana = await make("ana")
    with pytest.raises(rules.FieldProtected):
        await update(ana, email="Ana@new.example")
    await update(ana, email="ana@example.org")
    async with db.read() as r:
        for login in ("ANA@example.org", "@ana", "Ana"):
            found = await reads.by_login(r, login)
            assert found is not None
            assert found.id == ana
        for unknown in ("ben@example.org", "", "\0", "@", "nobody", "x" * 300):
            assert await reads.by_login(r, unknown) is None


async def test_a_suspended_account_is_gone_until_it_is_back(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)
    async with db.act(db.SYSTEM) as tx:
        await actions.suspend(tx, ana)
        await actions.suspend(tx, ana)
    assert auth.is_revoked(session.actor.session_id)
    with pytest.raises(NotFound):
        await find("@ana")
    async with db.read() as r:
        assert await reads.by_ids(r, [ana]) == {}
        assert await reads.lookup(r, 0, "ana", 10) == []
        assert await reads.ids_by_username(r, ["ana"]) == {}
    with pytest.raises(rules.AccountSuspendedError):
        await open_session(ana)
    with pytest.raises(NotFound):
        await update(ana, bio="still here")
    async with db.act(db.SYSTEM) as tx:
        await actions.unsuspend(tx, ana)
        await actions.unsuspend(tx, ana)
    assert (await find("@ana")).id == ana
    assert await events("accounts") == ["AccountRegistered", "AccountSuspended", "AccountUnsuspended"]
    assert await audited() == ["account.created", "account.suspended", "account.unsuspended"]


async def test_a_suspension_does_not_let_in_who_waits_for_approval(make: Maker) -> None:
    ana = await register("ana", "approval")
    async with db.act(db.SYSTEM) as tx:
        await actions.unsuspend(tx, ana)
    assert await status(ana) == "pending"
    async with db.act(db.SYSTEM) as tx:
        await actions.suspend(tx, ana)
        await actions.approve(tx, ana)
    assert await status(ana) == "suspended"


async def test_only_those_above_may_act_on_an_account(make: Maker) -> None:
    ana, mod, chief = await make("ana"), await make("mia", role="moderator"), await make("cleo", role="admin")
    user, moderator = Actor(ana), Actor(mod, "moderator")

    async def attempt(actor: Actor, action: Any, *args: Any) -> None:
        async with db.act(actor) as tx:
            await action(tx, *args)

    forbidden: list[tuple[Any, tuple[Any, ...]]] = [
        (actions.suspend, (mod,)),
        (actions.unsuspend, (mod,)),
        (actions.approve, (mod,)),
        (actions.promote, (ana, "admin")),
        (actions.invite, ()),
    ]
    for action, args in forbidden:
        with pytest.raises(Forbidden):
            await attempt(user, action, *args)
    above = [(actions.suspend, (chief,)), (actions.suspend, (mod,)), (actions.promote, (mod, "admin"))]
    for action, args in above:
        with pytest.raises(Forbidden):
            await attempt(moderator, action, *args)
    await attempt(moderator, actions.suspend, ana)
    nobody = [(actions.suspend, (1,)), (actions.promote, (1, "admin")), (actions.reset_link, (1,))]
    for action, args in nobody:
        with pytest.raises(NotFound):
            await attempt(db.SYSTEM, action, *args)


async def test_a_lower_role_ends_the_sessions_of_the_higher(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)
    async with db.act(db.SYSTEM) as tx:
        await actions.promote(tx, ana, "admin")
        await actions.promote(tx, ana, "admin")
    assert not auth.is_revoked(session.actor.session_id)
    async with db.act(db.SYSTEM) as tx:
        await actions.promote(tx, ana, "user")
    assert auth.is_revoked(session.actor.session_id)
    assert await events("accounts") == ["AccountRegistered", "AccountRoleChanged", "AccountRoleChanged"]
    assert await audited() == ["account.created", "account.role_changed", "account.role_changed"]


async def test_a_reset_link_is_good_once_for_a_day_and_ends_all_sessions(make: Maker) -> None:
    ana = await make("ana")
    session = await open_session(ana)

    async def reset(token: str) -> int:
        async with db.act(db.SYSTEM) as tx:
            return await actions.reset_password(tx, token, "new hash")

    async def link() -> str:
        async with db.act(db.SYSTEM) as tx:
            return await actions.reset_link(tx, ana)

    early = await link()
    token = await link()
    for bad in ("", "guess", "\ud800", early):
        with pytest.raises(rules.ResetLinkInvalid):
            await reset(bad)
    assert await reset(token) == ana
    assert auth.is_revoked(session.actor.session_id)
    with pytest.raises(rules.ResetLinkInvalid):
        await reset(token)
    old = await link()
    clock.shift(timedelta(hours=25))
    with pytest.raises(rules.ResetLinkInvalid):
        await reset(old)
    async with db.read() as r:
        kept = await r.rows("select token_hash from reset_links")
        assert all(token.encode() not in row["token_hash"] for row in kept)


async def test_a_hash_of_another_cost_is_replaced_only_if_it_is_still_the_one(make: Maker) -> None:
    ana = await make("ana", "old")
    async with db.act(Actor(ana)) as tx:
        await actions.keep_hash(tx, ana, "other", "never")
        await actions.keep_hash(tx, ana, "old", "new")
    async with db.read() as r:
        found = await reads.by_login(r, "ana")
    assert found is not None
    assert found.password_hash == "new"


async def test_finding_people_by_the_beginning_of_a_name(make: Maker) -> None:
    ids_ = {name: await make(name, full_name=full) for name, full in PEOPLE.items()}

    async def lookup(text: str, limit: int = 10) -> list[str]:
        names = {number: name for name, number in ids_.items()}
        async with db.read() as r:
            return [names[one] for one in await reads.lookup(r, 0, text, limit)]

    assert await lookup("ana") == ["ana", "ana.maria", "anatol", "zoe"]
    assert await lookup("@ANA", 2) == ["ana", "ana.maria"]
    assert await lookup("Ölaf") == ["x_1"]
    assert await lookup("x_") == ["x_1"], "an underscore is no wildcard"
    for nothing in ("", "  ", "%", "\0", "@", "q", "\U0010ffff"):
        assert await lookup(nothing) == []


PEOPLE = {"ana": "", "ana.maria": "Ana Maria", "anatol": "", "zoe": "Anastasia Z", "x_1": "Ölaf", "xy1": ""}


@pytest.mark.usefixtures("database")
async def test_what_cannot_be_an_account_is_not_found() -> None:
    for ref in ("1", "nobody", "@nobody", "@", "", "-1", "9" * 19, "9" * 30, "@\0", "²"):
        with pytest.raises(NotFound):
            await find(ref)
    with pytest.raises(NotSignedIn):
        await find("me")
