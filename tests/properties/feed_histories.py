"""What the histories of feeds are played in, and the SQL that moves time and things from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import world as worlds
from tests.engines.postgres import TestServer
from tests.world import World
from tintype.domains.feed.actions import stretches
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.routes import home
from tintype.platform import db, ids

LIMITS = {"feed_pull_at": 3, "feed_push_below": 2, "feed_keep": 5}


@asynccontextmanager
async def opened(server: TestServer, folder: Path) -> AsyncIterator[World]:
    """A world on a database of its own."""
    async with server.clone() as url, opened_on(url, folder) as world:
        yield world


@asynccontextmanager
async def opened_on(url: str, folder: Path, **settings: Any) -> AsyncIterator[World]:
    """A world on this database and the engines of these settings."""
    await db.open(url)
    async with ids.lease(url), worlds.opened(url, folder, **LIMITS, **settings) as world:
        yield world
    await db.close()


def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything so small that a few steps cross it, and time enough: what is exact counts, not what is quick."""
    monkeypatch.setattr(home, "PRIMARY_SECONDS", 30.0)
    monkeypatch.setattr(viewers, "HEAD", 4)
    monkeypatch.setattr(stretches, "PER_AUTHOR", 2)
    monkeypatch.setattr(stretches, "MOST", 6)
    monkeypatch.setattr(stretches, "SETTLED", timedelta(days=-1))


CLEAR = """
-- tests: a new history
truncate posts, post_media, post_counts, follows, blocks, mutes, timelines, timeline_state, timeline_backfills,
  author_delivery, account_counts, media, log_parked
"""

SLOW_PICTURE = """
-- tests: a picture that is being processed
insert into media (id, owner_id, kind, status, content_type, declared_size, key, expires_at)
values ($1, $2, 'IMAGE', 'processing', 'image/jpeg', 1, 'k', clock_timestamp() + interval '1 day')
"""

FINISH = """
-- tests: a picture is ready
update media set status = 'ready', width = 1, height = 1 where id = $1 returning owner_id, post_id
"""

A_DAY_LATER = """
-- tests: a deletion that is a day old
update posts set deleted_at = deleted_at - interval '1 day' where id = $1
"""

LONG_UNSEEN = """
-- tests: not seen for long
insert into timeline_state (user_id, seen_at) values ($1, clock_timestamp() - interval '40 days')
on conflict (user_id) do update set seen_at = excluded.seen_at
"""

HALF_BACK = """
-- tests: a return that was interrupted
update timeline_state set away = false, seen_at = clock_timestamp() where user_id = $1 and away
"""

PUSHED_TO_AGAIN = """
-- tests: no follow says that the reader is away
update follows set away = false where follower_id = $1
"""

HISTORY = """
-- tests: events of this history
select * from event_log where pos > $1 and topic = $2 order by pos
"""

WAITING = """
-- tests: own posts that were never visible to others
select id from live_posts where author_id = $1 and feed_id is null and status <> 'archived' order by id desc
"""
