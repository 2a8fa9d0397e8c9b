"""Accounts as the API shows them."""

from collections.abc import Iterable

import msgspec

from tintype.domains.accounts import reads as accounts_reads
from tintype.domains.accounts import rules
from tintype.domains.accounts.reads import Account, AccountRow, Me, Profile, ProfileRow, ProfileViewer
from tintype.domains.graph import reads as graph
from tintype.platform import clock
from tintype.platform.db import Reader


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
        phone=row.phone,
        role=row.role,
        preferences=rules.preferences(row.preferences),
    )


def present(row: AccountRow) -> Account:
    return Account(
        user_id=str(row.id),
        username=row.username,
        full_name=row.full_name,
        avatar_url=None,
        is_verified=row.is_verified,
        is_private=row.is_private,
    )
