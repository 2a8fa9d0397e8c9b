"""Lists of accounts, newest first, without who is gone or blocked from the viewer."""

from tintype.domains.graph.reads import pages
from tintype.domains.graph.reads.standing import among_blocked
from tintype.platform import replicas
from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place

FIRST = 20


async def followers(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that follow this one."""
    kept = pages.followers_key(account_id)
    return await _first(r, kept, FIRST_FOLLOWERS, account_id, place) or await _aside(r, FOLLOWERS, account_id, place)


async def following(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that this one follows."""
    kept = pages.following_key(account_id)
    return await _first(r, kept, FIRST_FOLLOWING, account_id, place) or await _aside(r, FOLLOWING, account_id, place)


async def requests(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that ask to follow this one."""
    return await _page(r, REQUESTS, account_id, place)


async def blocks(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that this one has blocked."""
    rows = await r.rows(BLOCKS, account_id, place.after[0] if place.after else None, place.limit + 1)
    return _ids(place.page([(row["id"], row["at"]) for row in rows], lambda row: (row[1],)))


async def mutes(r: Reader, account_id: int, place: Place) -> Page[int]:
    """Accounts that this one has muted."""
    return await _page(r, MUTES, account_id, place)


async def _first(r: Reader, key: str, statement: str, account_id: int, place: Place) -> Page[int] | None:
    """The kept first page, as long as nobody on it has to be hidden from this viewer."""
    if place.after is not None or place.limit != FIRST:
        return None

    async def read() -> pages.Ids:
        return [(row["id"], row["at"]) for row in await r.rows(statement, account_id, FIRST + 1)]

    page = _ids(place.page(await pages.first(key, read), lambda row: (row[1],)))
    shown = await r.value(SHOWN, page.items, place.viewer)
    return page if shown == len(page.items) else None


async def _aside(r: Reader, statement: str, account_id: int, place: Place) -> Page[int]:
    """Of a replica where one will do; whom a block hides since is left out."""

    async def now(page: Page[int]) -> Page[int]:
        hidden = await among_blocked(r, place.viewer, page.items)
        return page.map(lambda kept: [one for one in kept if one not in hidden])

    return await replicas.aside(r, lambda copy: _page(copy, statement, account_id, place), about=account_id, again=now)


async def _page(r: Reader, statement: str, account_id: int, place: Place) -> Page[int]:
    after = place.after[0] if place.after else None
    rows = await r.rows(statement, account_id, after, place.limit + 1, place.viewer)
    return _ids(place.page([(row["id"], row["at"]) for row in rows], lambda row: (row[1],)))


def _ids(page: Page[tuple[int, int]]) -> Page[int]:
    return page.map(lambda kept: [one for one, _ in kept])


FIRST_FOLLOWERS = """
-- graph: the newest followers, whoever they are
select follower_id as id, follow_id as at from live_follows where followee_id = $1 order by follow_id desc limit $2
"""

FIRST_FOLLOWING = """
-- graph: the newest followees, whoever they are
select followee_id as id, follow_id as at from live_follows where follower_id = $1 order by follow_id desc limit $2
"""

SHOWN = """
-- graph: how many of these are there and not blocked from a viewer
select count(*) from live_accounts where id = any($1::bigint[]) and not is_blocked($2, id)
"""

FOLLOWERS = """
-- graph: a page of followers
select f.follower_id as id, f.follow_id as at from live_follows f join live_accounts a on a.id = f.follower_id
where f.followee_id = $1 and ($2::bigint is null or f.follow_id < $2) and not is_blocked($4, a.id)
order by f.follow_id desc limit $3
"""

FOLLOWING = """
-- graph: a page of followees
select f.followee_id as id, f.follow_id as at from live_follows f join live_accounts a on a.id = f.followee_id
where f.follower_id = $1 and ($2::bigint is null or f.follow_id < $2) and not is_blocked($4, a.id)
order by f.follow_id desc limit $3
"""

REQUESTS = """
-- graph: a page of who asks to follow
select f.follower_id as id, f.follow_id as at from follows f join live_accounts a on a.id = f.follower_id
where f.followee_id = $1 and f.state = 'PENDING' and ($2::bigint is null or f.follow_id < $2)
  and not is_blocked($4, a.id)
order by f.follow_id desc limit $3
"""

BLOCKS = """
-- graph: a page of whom an account has blocked
select b.blocked_id as id, b.block_id as at from blocks b join live_accounts a on a.id = b.blocked_id
where b.blocker_id = $1 and ($2::bigint is null or b.block_id < $2) order by b.block_id desc limit $3
"""

MUTES = """
-- graph: a page of whom an account has muted
select m.muted_id as id, m.mute_id as at from mutes m join live_accounts a on a.id = m.muted_id
where m.muter_id = $1 and ($2::bigint is null or m.mute_id < $2) and not is_blocked($4, a.id)
order by m.mute_id desc limit $3
"""
