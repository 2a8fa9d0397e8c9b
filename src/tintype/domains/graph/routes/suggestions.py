"""Whom one might follow, and why."""

from typing import Literal

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tintype.cards import account as card
from tintype.cards.account import Person
from tintype.domains.accounts.reads import Account
from tintype.domains.graph import actions, reads
from tintype.domains.graph.reads.suggestions import Suggested
from tintype.platform import db
from tintype.platform.db import Actor, Reader
from tintype.platform.errors import OUT_OF_RANGE, Invalid
from tintype.platform.paging import Page

NAMED, MOST = 2, 50


class Reason(msgspec.Struct, frozen=True):
    """Why somebody is suggested: by how many of one's followees they are followed, and some of these."""

    kind: Literal["FOLLOWED_BY", "POPULAR"]
    people: list[Account]
    count: int


class Suggestion(msgspec.Struct, frozen=True):
    """Somebody whom one might follow."""

    user: Person
    reason: Reason


@get("/users/suggestions", operation_id="listSuggestions")
async def suggestions(actor: NamedDependency[Actor], limit: FromQuery[int] = 20) -> Page[Suggestion]:
    """People whom those one follows follow, best first; then popular accounts. One page."""
    if not 1 <= limit <= MOST:
        raise Invalid.fields(limit=OUT_OF_RANGE(least=1, most=MOST))
    async with db.read() as r:
        found = await _shown(r, actor.id, await reads.suggestions(r, actor.id), limit)
        if len(found) < limit:
            there = {one.user.user_id for one in found}
            more = await _shown(r, actor.id, await reads.popular(r), limit)
            found += [one for one in more if one.user.user_id not in there]
        return Page(found[:limit])


@delete("/users/suggestions/{user_id:str}", operation_id="dismissSuggestion", status_code=200)
async def dismiss(actor: NamedDependency[Actor], user_id: FromPath[str]) -> None:
    """Do not suggest this account again."""
    async with db.act(actor) as tx:
        await actions.dismiss(tx, actor, (await card.find(tx, user_id, actor.id)).id)


async def _shown(r: Reader, viewer_id: int, found: list[Suggested], limit: int) -> list[Suggestion]:
    """Hidden last, by fresh rows: whom one follows by now, blocked or dismissed; friends who are none any more."""
    everybody = {one.account_id for one in found} | {friend for one in found for friend in one.people}
    blocked = await reads.among_blocked(r, viewer_id, everybody)
    unwanted = blocked | await reads.dismissed_among(r, viewer_id, [one.account_id for one in found]) | {viewer_id}
    people = await card.people(r, viewer_id, everybody - unwanted)
    shown = []
    for one in found:
        person = people.get(one.account_id)
        if person is None or one.account_id in unwanted or person.viewer is None or person.viewer.following != "NONE":
            continue
        friends = [friend for each in one.people if (friend := people.get(each)) is not None and _is_friend(friend)]
        if one.count and not friends:
            continue
        kind: Literal["FOLLOWED_BY", "POPULAR"] = "FOLLOWED_BY" if one.count else "POPULAR"
        named = [_account(friend) for friend in friends[:NAMED]]
        shown.append(Suggestion(person, Reason(kind, named, one.count)))
        if len(shown) == limit:
            break
    return shown


def _is_friend(person: Person) -> bool:
    return person.viewer is not None and person.viewer.following == "ACCEPTED"


def _account(person: Person) -> Account:
    return Account(**{name: getattr(person, name) for name in Account.__struct_fields__})


ROUTES = [suggestions, dismiss]
