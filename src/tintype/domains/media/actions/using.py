"""What other domains do with media: take them for a post, say who may see their files, give them up."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import asyncpg

from tintype.domains.media import rules
from tintype.domains.media.events import MediaMoved, MediaRemoved
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.jobs.port import enqueue

Servable = rules.Servable


async def claim(tx: Tx, owner_id: int, post_id: int, media_ids: Sequence[int]) -> list[asyncpg.Record]:
    """Take these media for a post and return their rows (id, alt_text, status), in any order.

    Raises NotOwnMedia, MediaInUse or MediaUnusable, and then takes none.
    """
    rows = await tx.rows(LOCK, list(media_ids), owner_id)
    if len(rows) < len(set(media_ids)):
        raise rules.NotOwnMedia
    if any(row["post_id"] not in (None, post_id) or row["purpose"] != "post" for row in rows):
        raise rules.MediaInUse
    if any(row["status"] == "rejected" for row in rows):
        raise rules.MediaUnusable
    await tx.run(CLAIM, list(media_ids), post_id)
    return rows


async def release(tx: Tx, post_id: int, media_ids: Iterable[int]) -> None:
    """The post does without these: they are their owner's, to use again."""
    await tx.run(RELEASE, post_id, list(media_ids))


async def set_servable(tx: Tx, media_ids: Iterable[int], servable: Servable) -> None:
    """To whom the origin gives these files, from this commit on."""
    await tx.run(SET_SERVABLE, sorted(set(media_ids)), servable)


async def set_private(tx: Tx, owner_id: int, is_private: bool) -> None:
    """What everybody could fetch needs a signature from now on, under new addresses; or the other way round.

    Either way addresses change, so whoever keeps cards of these posts is told.
    """
    for row in await tx.rows(MAKE_PRIVATE if is_private else MAKE_PUBLIC, owner_id):
        await publish(tx, MediaMoved(media_id=row["id"], post_id=row["post_id"]))


async def mark_purge(tx: Tx, media_ids: Iterable[int], after: datetime | None = None) -> None:
    """Serve these no longer; rows and files go after that moment, by default at once."""
    wanted = sorted(set(media_ids))
    if wanted:
        now = clock.now()
        await tx.run(MARK_PURGE, wanted, after or now)
        await enqueue(tx, "media.purge", {}, delay=max((after or now) - now, timedelta(0)))


async def purge(tx: Tx, media_id: int) -> None:
    """Delete the row of a medium whose files are gone."""
    owner_id = await tx.value(PURGE, media_id, clock.now())
    if owner_id is not None:
        await publish(tx, MediaRemoved(media_id=media_id, owner_id=owner_id))


LOCK = """
-- media: one's own, locked in one order
select id, alt_text, status, post_id, kind, purpose from media
where id = any($1::bigint[]) and owner_id = $2 and purge_at is null order by id for update
"""

CLAIM = """
-- media: in use by a post
update media set post_id = $2 where id = any($1::bigint[])
"""

RELEASE = """
-- media: no longer in use by a post
update media set post_id = null, servable = 'owner' where id = any($2::bigint[]) and post_id = $1
"""

SET_SERVABLE = """
-- media: to whom the origin gives the files
update media set servable = $2 where id = any($1::bigint[]) and servable <> $2 and purge_at is null
"""

MAKE_PRIVATE = """
-- media: what was public needs a signature, under another key; an avatar is for everybody
update media set servable = 'signed', key = replace(gen_random_uuid()::text, '-', '')
where owner_id = $1 and servable = 'public' and purpose = 'post' returning id, post_id
"""

MAKE_PUBLIC = """
-- media: what needed a signature is public
update media set servable = 'public' where owner_id = $1 and servable = 'signed' returning id, post_id
"""

MARK_PURGE = """
-- media: to be purged
update media set servable = 'none', purge_at = $2 where id = any($1::bigint[]) and purge_at is null
"""

PURGE = """
-- media: gone
delete from media where id = $1 and purge_at <= $2 returning owner_id
"""
