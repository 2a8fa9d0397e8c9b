"""Accounts as the API shows them."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from tintype.domains.accounts import reads as accounts_reads
from tintype.domains.accounts import rules
from tintype.domains.accounts.reads import Account, AccountRow, Me, Profile, ProfileRow, ProfileViewer
from tintype.domains.graph import reads as graph
from tintype.domains.media import reads as media
from tintype.platform import clock
from tintype.platform.db import Reader
from tintype.platform.errors import NotFound
from tintype.platform.paging import Page


class PersonViewer(msgspec.Struct, frozen=True):
    """How the viewer stands to somebody in a list."""

    following: Literal["NONE", "PENDING", "ACCEPTED"]
    followed_by: bool


class Person(Account, frozen=True):
    """An account in a list of people; `viewer` is null for visitors, and for oneself."""

    viewer: PersonViewer | None


async def find(r: Reader, ref: str, viewer_id: int = 0) -> ProfileRow:
    """The live account of an id, `@username` or `me`, as long as neither it nor the viewer has blocked the other.

    Raises NotFound, or NotSignedIn for `me` of a visitor.
    """
    found = await accounts_reads.find(r, ref, viewer_id)
    if found.id != viewer_id and await graph.is_blocked(r, viewer_id, found.id):
        raise NotFound
    return found


async def page(r: Reader, ids: Page[int]) -> Page[Account]:
    """Cards of a page of accounts, in its order."""
    found = await accounts(r, ids.items)
    return ids.map(lambda kept: [found[one] for one in kept if one in found])


async def people_page(r: Reader, viewer_id: int, ids: Page[int]) -> Page[Person]:
    """A page of people in its order, with how the viewer stands to each."""
    found = await people(r, viewer_id, ids.items)
    return ids.map(lambda kept: [found[one] for one in kept if one in found])


async def people(r: Reader, viewer_id: int, ids: Iterable[int]) -> dict[int, Person]:
    """Live accounts by id with how the viewer stands to each; one statement for all of them."""
    found = await accounts(r, ids)
    relations = await graph.relations(r, viewer_id, [one for one in found if one != viewer_id]) if viewer_id else {}
    return {one: _person(card, relations.get(one)) for one, card in found.items()}


def _person(card: Account, relation: graph.Relation | None) -> Person:
    viewer = None if relation is None else PersonViewer(relation.following, relation.followed_by)
    return Person(**msgspec.structs.asdict(card), viewer=viewer)


async def accounts(r: Reader, ids: Iterable[int]) -> dict[int, Account]:
    """Cards of live accounts by id; those that are gone are left out."""
    return {one: present(row) for one, row in (await accounts_reads.by_ids(r, ids)).items()}


async def profile(r: Reader, viewer_id: int | None, row: ProfileRow) -> Profile:
    """An account's page as this viewer sees it."""
    viewer = None
    if viewer_id:
        relation = (await graph.relations(r, viewer_id, [row.id]))[row.id]
        viewer = ProfileViewer(relation.following, relation.followed_by, relation.blocking, relation.muting)
    card = msgspec.structs.asdict(present(row))
    return Profile(
        **card,
        bio=row.bio,
        website=row.website,
        post_count=row.posts,
        follower_count=row.followers,
        following_count=row.following,
        created_at=clock.iso(row.created_at),
        viewer=viewer,
    )


async def me(r: Reader, row: ProfileRow) -> Me:
    """One's own profile, with what only oneself sees."""
    return Me(
        **msgspec.structs.asdict(await profile(r, row.id, row)),
        email=row.email,
        email_verified=row.email_verified,
        phone=row.phone,
        role=row.role,
        preferences=rules.preferences(row.preferences),
    )


def present(row: AccountRow) -> Account:
    return Account(
        user_id=str(row.id),
        username=row.username,
        full_name=row.full_name,
        avatar_url=media.avatar_url(row.avatar_id, row.avatar_key),
        is_verified=row.is_verified,
        is_private=row.is_private,
    )
