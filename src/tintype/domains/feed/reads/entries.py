"""The entries of a home feed in order `latest`: ids from every place that has any, before anything is hydrated.

A feed is one's own published posts and all posts of whom one follows and has not muted, whatever their status: what may
not be seen is hidden last. Down to its floor the timeline has all that was pushed; what was pulled is read with its
authors; below the floor stands a stretch that was built before, or the posts are read themselves.
"""

import time
from collections.abc import Callable
from typing import Literal

import asyncpg
import msgspec

from tintype.domains.feed.reads import recent
from tintype.domains.feed.rules import delivery
from tintype.platform import db, replicas
from tintype.platform.db import Reader
from tintype.platform.guard import EngineDown
from tintype.platform.ids import LARGEST
from tintype.platform.telemetry import FEED_LOAD
from tintype.platform.timelines.port import Entry, timelines

Source = Literal["timeline", "backfill", "sql"]
Entries = dict[int, Entry]
LOADS = {source: FEED_LOAD.labels(source) for source in ("timeline", "backfill", "sql")}
A_FIFTH = 5


class Stretch(msgspec.Struct, frozen=True):
    """Entries in order, newest first; `more` when the feed goes on below them; `source` is the slowest place asked.

    What the reader's next page wants done meanwhile: `returning`, the timeline is to be filled again after a long
    absence; `build_below`, a stretch of what lies below this feed_id is to be built.
    """

    entries: list[Entry]
    more: bool
    source: Source
    returning: bool = False
    build_below: int | None = None


def _leave_it(_: int, __: Stretch) -> None:
    return None


_tend: Callable[[int, Stretch], None] = _leave_it


def use(tend: Callable[[int, Stretch], None]) -> None:
    """What to call with a reader and what was read, where this process does for the next page what it wants done."""
    global _tend
    _tend = tend


async def entries(user_id: int, before: int | None, limit: int, *, deep: bool = False) -> Stretch:
    """The next entries with feed_id < before. Takes a connection of its own.

    `deep`: below what this reader was shown already, so that a replica may answer: what it lacks is newer. A timeline
    that is not in the database is trimmed together with its floor there, of which a replica may not have heard.
    """
    async with db.read() as r:
        if deep and timelines().is_joined:
            found = await replicas.aside(r, lambda one: page(one, user_id, before, limit, remembering=one is r))
        else:
            found = await page(r, user_id, before, limit, remembering=True)
    _tend(user_id, found)
    return found


async def head(r: Reader, user_id: int, limit: int) -> Stretch:
    """The newest entries; in one statement where the last posts of the authors who are pulled are remembered."""
    found = await page(r, user_id, None, limit, remembering=True)
    _tend(user_id, found)
    return found


async def page(r: Reader, user_id: int, before: int | None, limit: int, *, remembering: bool = False) -> Stretch:
    """The next entries with feed_id < before, on a connection that the caller holds.

    `remembering` is for processes that hear of new posts by the log's tail.
    """
    began = time.perf_counter()
    wanted = limit + 1
    place = LARGEST if before is None else before
    rows, is_answered = await _places(r, user_id, place, wanted)
    state, found, stored = _parts(rows)
    if state["pulled"]:
        found |= await _pulled(r, state["pulled"], place, wanted, found if remembering else None)
    floor: int = state["floor_id"]
    source: Source = "timeline"
    kept = _complete(found, floor, wanted)
    if kept is None and state["low_id"] is not None:
        source, kept = "backfill", _complete(found | stored, state["low_id"], wanted)
    if kept is None:
        source = "sql"
        older, low = await below(r, user_id, min(place, floor), wanted, wanted)
        kept = _complete(found | {one.feed_id: one for one in older}, low, wanted)
    assert kept is not None
    LOADS[source].observe(time.perf_counter() - began)
    build_below = _to_build(state, source, place, wanted)
    return Stretch(kept[:limit], len(kept) > limit, source, is_answered and floor == LARGEST, build_below)


async def _places(r: Reader, user_id: int, place: int, wanted: int) -> tuple[list[asyncpg.Record], bool]:
    """What each place has for a page, and whether the timeline was among them: it may be a store that is down.

    Nothing is known to be complete then, as with a floor above everything.
    """
    store = timelines()
    spare = delivery.limits().keep // A_FIFTH
    if store.is_joined:
        return await r.rows(PAGE, user_id, place, wanted, spare, store.reaches()), True
    reaches, given = store.reaches(), list[Entry]()
    try:
        given = await store.read(r, user_id, place, wanted + (spare if place < LARGEST else 0), reaches)
    except EngineDown:
        reaches = LARGEST
    columns = [[one.feed_id for one in given], [one.post_id for one in given], [one.author_id for one in given]]
    return await r.rows(PAGE_OF_GIVEN, user_id, place, wanted, spare, reaches, *columns), reaches < LARGEST


async def _pulled(r: Reader, author_ids: list[int], before: int, wanted: int, others: Entries | None) -> Entries:
    """What authors who are pulled have for this page: their last posts, where with the others these are enough."""
    if others is not None:
        posts, low = await recent.below(r, author_ids, before)
        last = {one.feed_id: one for one in posts}
        if _complete(others | last, low, wanted) is not None:
            return last
    rows = await r.rows(PULLED, author_ids, before, wanted)
    return {row["feed_id"]: Entry(row["feed_id"], row["id"], row["author_id"]) for row in rows}


async def below(r: Reader, user_id: int, before: int, per_author: int, most: int) -> tuple[list[Entry], int]:
    """Posts of whom the reader follows with feed_id < before, newest first, and down to which feed_id these are all.

    At least `per_author` of them, unless there are fewer (it is 0 then), and no more than `most`.
    """
    rows = await r.rows(BELOW, user_id, before, per_author, most)
    found = [Entry(row["feed_id"], row["post_id"], row["author_id"]) for row in rows]
    if len(rows) == most:
        return found, found[-1].feed_id
    return found, rows[0]["cut"] if rows else 0


def _parts(rows: list[asyncpg.Record]) -> tuple[asyncpg.Record, Entries, Entries]:
    """How the reader stands, what was found at other places than the stretch, and in the stretch."""
    state = rows[0]
    found: Entries = {}
    stored: Entries = {}
    for row in rows:
        if row["place"] == "state":
            state = row
        else:
            one = Entry(row["feed_id"], row["post_id"], row["author_id"])
            (stored if row["place"] == "stored" else found)[one.feed_id] = one
    return state, found, stored


def _complete(found: Entries, known: int, wanted: int) -> list[Entry] | None:
    """The newest of what is known completely, from `known` upwards; None where that is not enough for a page."""
    if known:
        found = {feed_id: one for feed_id, one in found.items() if feed_id >= known}
    if known and len(found) < wanted:
        return None
    return [found[feed_id] for feed_id in sorted(found, reverse=True)[:wanted]]


def _to_build(state: asyncpg.Record, source: Source, place: int, wanted: int) -> int | None:
    """Where the next stretch is to begin: when it was missed, and when a fifth is left of what there is."""
    floor: int = state["floor_id"]
    low: int | None = state["low_id"]
    if floor in (0, LARGEST) or (place == LARGEST and source == "timeline"):
        return None
    if source == "timeline":
        is_near = state["left_above"] < wanted + delivery.limits().keep // A_FIFTH
        return floor if is_near and state["high_id"] is None else None
    if low is None:
        return min(place, floor)
    if low and (source == "sql" or state["left_below"] - wanted < state["size"] // A_FIFTH):
        return low
    return None


# The parts that are seldom wanted stand behind conditions of their own, which PostgreSQL looks at first.
PAGE = """
-- feed: a page of a reader's entries, from each place that has any, and how the reader stands
with state as materialized (
  select greatest(coalesce((select floor_id from timeline_state where user_id = $1), 0), $5::bigint) as floor_id
), pushed as materialized (
  select feed_id, post_id, author_id from timelines
  where user_id = $1 and feed_id < $2 and feed_id >= (select floor_id from state) order by feed_id desc limit $3
), stretch as materialized (
  select low_id, high_id, feed_ids, post_ids, author_ids, least($2, floor_id) as place from timeline_backfills, state
  where user_id = $1 and high_id >= least($2, floor_id) and low_id < least($2, floor_id)
), stored as materialized (
  select feed_id, post_id, author_id from stretch,
    unnest(feed_ids, post_ids, author_ids) as one (feed_id, post_id, author_id)
  where feed_id < place and (select count(*) from pushed) < $3 order by feed_id desc limit $3
)
select 'pushed' as place, *, null::bigint as floor_id, null::bigint as low_id, null::bigint as high_id,
  null::bigint as left_above, null::bigint as left_below, null::bigint as size, null::bigint[] as pulled from pushed
union all (
  select 'own', feed_id, id, author_id, null, null, null, null, null, null, null from posts
  where author_id = $1 and feed_id < $2 and status = 'published' and deleted_at is null order by feed_id desc limit $3
)
union all select 'stored', *, null, null, null, null, null, null, null from stored
union all select 'state', null, null, null, floor_id, low_id, high_id,
  (select count(*) from (
    select from timelines where user_id = $1 and feed_id < $2 and feed_id >= floor_id
      and floor_id > 0 and $2 < 9223372036854775807 order by feed_id desc limit $3 + $4::bigint
  ) above),
  (select count(*) from unnest(feed_ids) as feed_id where feed_id < $2 and (select count(*) from pushed) < $3),
  cardinality(feed_ids),
  array(
    select d.author_id from author_delivery d join follows f on f.followee_id = d.author_id
    where d.has_pull and f.follower_id = $1 and f.state = 'ACCEPTED' and not f.muted
  )
from state left join stretch on true
"""

GIVEN = "(select $1::bigint as user_id, * from unnest($6::bigint[], $7::bigint[], $8::bigint[]) as one"
PAGE_OF_GIVEN = PAGE.replace("from timelines", f"from {GIVEN} (feed_id, post_id, author_id)) given")

PULLED = """
-- feed: what some authors have to be pulled
select p.* from unnest($1::bigint[]) as one (author_id) cross join lateral (
  select author_id, feed_id, id from posts
  where author_id = one.author_id and delivery = 'pull' and feed_id < $2 order by feed_id desc limit $3
) p order by p.feed_id desc limit $3
"""

BELOW = """
-- feed: posts of all whom a reader follows, below a place, as far down as they are all here
with found as materialized (
  select p.* from follows f cross join lateral (
    select feed_id, id as post_id, author_id, row_number() over (order by feed_id desc) as n from posts
    where author_id = f.followee_id and feed_id < $2 order by feed_id desc limit $3
  ) p
  where f.follower_id = $1 and f.state = 'ACCEPTED' and not f.muted
), cut as materialized (select coalesce(max(feed_id), 0) as feed_id from found where n = $3)
select found.feed_id, post_id, author_id, cut.feed_id as cut from found, cut
where found.feed_id >= cut.feed_id order by found.feed_id desc limit $4
"""
