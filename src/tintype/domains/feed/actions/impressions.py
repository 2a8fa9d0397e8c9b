"""Impressions: kept in memory for a second, then written with their features as they were when the post was seen."""

from collections import defaultdict
from datetime import timedelta

import asyncpg
import msgspec
import numpy as np

from tintype.domains.feed.events import ViewsRecorded
from tintype.domains.feed.reads import connections
from tintype.domains.feed.rules import ranking
from tintype.domains.feed.rules.impressions import View
from tintype.domains.feed.rules.ranking import Candidates
from tintype.platform import clock, db
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.partitions import Ranges
from tintype.platform.write_behind import Buffer

# A day's are dropped together, when the last of them is 29 days old and so the first 30.
IMPRESSIONS = Ranges("impressions", "day", ahead=timedelta(days=7), keep=timedelta(days=29))


def note(views: list[View]) -> None:
    """Take impressions; they are written within a second."""
    waiting.put(views)


async def record(views: list[View]) -> None:
    """Write impressions of posts that their readers may see, and tell the log what is new.

    Left out without a word: own posts, what may not be seen, readers who do not want to be recorded, repetitions.
    """
    async with db.act(db.SYSTEM) as tx:
        seen = await tx.rows(SEEN, _columns(views), clock.now(), connections.half_life())
        if not seen:
            return
        features = _features(seen)
        written = await tx.rows(
            WRITE,
            [
                {
                    "user_id": row["user_id"],
                    "at": clock.iso(row["at"]),
                    "post_id": row["post_id"],
                    "author_id": row["author_id"],
                    "dwell_ms": row["dwell_ms"],
                    "features_version": ranking.FEATURES_VERSION,
                    "features": column,
                }
                for row, column in zip(seen, features, strict=True)
            ],
        )
        await _tell(tx, written)


def _columns(views: list[View]) -> list[dict[str, object]]:
    return [msgspec.structs.asdict(one) | {"at": clock.iso(one.at)} for one in views]


def _features(seen: list[asyncpg.Record]) -> list[list[float]]:
    """A list a row, by the function that serves feeds."""
    names = ("post_id", "feed_id", "author_id", "type", "likes", "comments", "shares")
    candidates = Candidates.of(*([row[name] for row in seen] for name in names))
    moments = np.array([int(row["at"].timestamp() * 1000) for row in seen], dtype=np.int64)
    affinity = np.array(
        [[row[f"affinity_{name}"] for row in seen] for name in ranking.Affinity._fields], dtype=np.float32
    )
    found: list[list[float]] = ranking.features(candidates, affinity, moments).T.tolist()
    return found


async def _tell(tx: Tx, written: list[asyncpg.Record]) -> None:
    dwell: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in written:
        dwell[row["user_id"]][row["author_id"]] += row["dwell_ms"]
    for user_id, by_author in dwell.items():
        await publish(tx, ViewsRecorded(user_id=user_id, dwell_ms=dict(by_author)))


waiting = Buffer("impressions", record)

# What the reader did with the post after seeing it is not yet part of what was known: the label must not be a feature.
# Comments are partitioned by id, which a day's leeway for clocks makes as good as the time to leave partitions out by.
SEEN = """
-- feed: impressions that may be recorded, with what makes their features
select v.user_id, v.at, v.dwell_ms, p.id as post_id, p.author_id, p.feed_id, p.type,
  greatest(coalesce(c.likes, 0) - liked.later, 0) as likes,
  greatest(coalesce(c.comments, 0) - commented.later, 0) as comments, coalesce(c.shares, 0) as shares,
  greatest(coalesce(decayed(a.likes, a.as_of, $2, $3), 0) - liked.later, 0) as affinity_likes,
  greatest(coalesce(decayed(a.comments, a.as_of, $2, $3), 0) - commented.later, 0) as affinity_comments,
  coalesce(decayed(a.visits, a.as_of, $2, $3), 0) as affinity_visits,
  coalesce(decayed(a.dwell, a.as_of, $2, $3), 0) as affinity_dwell
from jsonb_to_recordset($1) as v (user_id bigint, at timestamptz, post_id bigint, dwell_ms integer)
join live_accounts reader on reader.id = v.user_id and reader.preferences->>'impressions' is distinct from 'false'
join live_posts p on p.id = v.post_id and p.status = 'published' and p.feed_id is not null and p.author_id <> v.user_id
join live_accounts author on author.id = p.author_id
left join post_counts c on c.post_id = p.id
left join affinities a on a.user_id = v.user_id and a.author_id = p.author_id
cross join lateral (
  select count(*) as later from reactions r
  where r.user_id = v.user_id and r.post_id = p.id and r.counted is not null and id_time(r.reaction_id) >= v.at
) liked
cross join lateral (
  select count(*) as later from comments m
  where m.post_id = p.id and m.author_id = v.user_id and m.counted and m.created_at >= v.at
    and m.id >= id_at(v.at - interval '1 day')
) commented
where not exists (select from blocks where blocker_id = v.user_id and blocked_id = p.author_id)
  and not exists (select from blocks where blocker_id = p.author_id and blocked_id = v.user_id)
  and (not author.is_private
    or exists (select from live_follows where follower_id = v.user_id and followee_id = p.author_id))
"""

WRITE = """
-- feed: record impressions
insert into impressions (user_id, at, post_id, author_id, dwell_ms, features_version, features)
select user_id, at, post_id, author_id, dwell_ms, features_version, features from jsonb_to_recordset($1) as v (
  user_id bigint, at timestamptz, post_id bigint, author_id bigint, dwell_ms integer, features_version smallint,
  features real[])
on conflict do nothing returning user_id, author_id, dwell_ms
"""
