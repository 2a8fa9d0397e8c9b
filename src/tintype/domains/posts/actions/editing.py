"""Changes that authors make to their posts. Another text of an approved post waits in `pending` until it is judged."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from msgspec import UNSET, to_builtins

from tintype.domains.posts import rules
from tintype.domains.posts.actions.locks import lock_there
from tintype.domains.posts.actions.naming import mentioned, name, tags
from tintype.domains.posts.events import PostCreated, PostEdited
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish

Texts = dict[str, Any]
NOT_TEXT_PROBLEMS = ("MEDIA_REJECTED", "REMOVED")


async def edit(tx: Tx, actor: Actor, post_id: int, change: rules.PostChange) -> None:
    """Change what was sent of the actor's own post; the same again changes nothing.

    Order, tags and switches change at once. Texts that others could read are judged first: others see the approved ones
    until then, the author the new ones.
    """
    locked = await lock_there(tx, actor, post_id)
    attached = await tx.rows(ATTACHED, post_id)
    media_ids = [row["media_id"] for row in attached]
    given = rules.checked_change(change, locked["type"], media_ids)
    post = await tx.row(POST, post_id)
    assert post is not None, "the post is locked"
    moved = await _arrange(tx, actor, post, given, media_ids)
    reworded = await _reword(tx, post, given, attached)
    switched = await _switch(tx, post, given)
    if moved:
        await tx.run(MARK_EDITED, post_id, clock.now())
    if moved or reworded or switched:
        await publish(tx, PostEdited(author_id=actor.id, post_id=post_id))


async def _arrange(
    tx: Tx, actor: Actor, post: asyncpg.Record, given: rules.PostChange, media_ids: Sequence[int]
) -> bool:
    """Put the pictures in the order given, the people in them where they are said to be; tags follow their picture."""
    tagged = post["tagged"]
    order = list(media_ids) if given.media is UNSET else [int(one.media_id) for one in given.media]
    if order != list(media_ids):
        await tx.run(OUT_OF_THE_WAY, post["id"])
        await tx.run(ARRANGE, post["id"], order)
        tagged = [{**one, "n": order.index(media_ids[one["n"] - 1]) + 1} for one in tagged]
    if given.tagged is not UNSET:
        tagged = await tags(tx, actor, given.tagged or [])
    if tagged != post["tagged"]:
        await tx.run(TAG, post["id"], tagged)
    return order != list(media_ids) or bool(tagged != post["tagged"])


async def _switch(tx: Tx, post: asyncpg.Record, given: rules.PostChange) -> bool:
    before = [post[name] for name in rules.SWITCHES]
    after = [
        was if (wanted := getattr(given, name)) is UNSET else wanted
        for name, was in zip(rules.SWITCHES, before, strict=True)
    ]
    if after != before:
        await tx.run(SWITCH, post["id"], *after)
    return after != before


async def _reword(tx: Tx, post: asyncpg.Record, given: rules.PostChange, attached: Sequence[asyncpg.Record]) -> bool:
    """Take other texts: at once where nobody else has seen this post, else once they are approved."""
    approved: Texts = {
        "caption": post["caption"],
        "location": post["location"],
        "alt_texts": {str(row["media_id"]): row["alt_text"] for row in attached},
    }
    pending = post["pending"] or {}
    present = {
        "caption": pending.get("caption", approved["caption"]),
        "location": pending.get("location", approved["location"]),
        "alt_texts": approved["alt_texts"] | pending.get("alt_texts", {}),
    }
    wanted = _wanted(present, given)
    if wanted == present:
        return False
    revision = post["revision"] + 1
    if post["approved_revision"] is None:
        await tx.run(
            REWRITE, post["id"], revision, wanted["caption"], wanted["location"], clock.now(), NOT_TEXT_PROBLEMS
        )
        await tx.run(REWRITE_ALT_TEXTS, post["id"], wanted["alt_texts"])
        await name(tx, post["author_id"], post["id"], wanted["caption"])
        await publish(tx, PostCreated(author_id=post["author_id"], post_id=post["id"], revision=revision))
        return True
    if wanted["location"] is None and approved["location"] is not None:
        await tx.run(UNPLACE, post["id"], clock.now())
        approved["location"] = None
    if waits := _differences(approved, wanted):
        if "caption" in waits:
            waits["mentions"] = await mentioned(tx, post["author_id"], waits["caption"])
        await tx.run(PEND, post["id"], revision, waits | {"at": clock.iso(clock.now())})
        await publish(tx, PostCreated(author_id=post["author_id"], post_id=post["id"], revision=revision))
    else:
        await tx.run(PEND_NOTHING, post["id"], revision)
    return True


def _wanted(present: Texts, given: rules.PostChange) -> Texts:
    """The texts as the author wants them now."""
    wanted = dict(present)
    if given.caption is not UNSET:
        wanted["caption"] = given.caption
    if given.location is not UNSET:
        wanted["location"] = to_builtins(given.location)
    if given.media is not UNSET:
        texts = {one.media_id: one.alt_text for one in given.media if one.alt_text is not None}
        wanted["alt_texts"] = present["alt_texts"] | texts
    return wanted


def _differences(approved: Texts, wanted: Texts) -> Texts:
    """What of the wanted texts is not approved."""
    found = {key: wanted[key] for key in ("caption", "location") if wanted[key] != approved[key]}
    texts = {key: text for key, text in wanted["alt_texts"].items() if text != approved["alt_texts"].get(key)}
    return found | ({"alt_texts": texts} if texts else {})


POST = """
-- posts: a post that is locked, to change it
select * from posts where id = $1
"""

ATTACHED = """
-- posts: the places of a post's pictures, in order
select media_id, alt_text from post_media where post_id = $1 order by n
"""

OUT_OF_THE_WAY = """
-- posts: places of pictures before they get others
update post_media set n = -n where post_id = $1
"""

ARRANGE = """
-- posts: pictures in another order
update post_media pm set n = wanted.n from unnest($2::bigint[]) with ordinality as wanted (media_id, n)
where pm.post_id = $1 and pm.media_id = wanted.media_id
"""

TAG = """
-- posts: other people in its pictures
update posts set tagged = $2 where id = $1
"""

MARK_EDITED = """
-- posts: changed by its author
update posts set edited_at = $2 where id = $1
"""

SWITCH = """
-- posts: what its author allows and shows
update posts set comments_enabled = $2, download_allowed = $3, hide_like_counts = $4, comments_from = $5,
  show_taken_at = $6
where id = $1
"""

REWRITE = """
-- posts: another text of a post that was never approved; what stopped its text is forgotten until it is judged
update posts set caption = $3, location = $4, revision = $2, edited_at = $5, pending = null,
  status = case when status = 'blocked' then 'processing' else status end,
  problem = case when problem = any($6::text[]) then problem end
where id = $1
"""

REWRITE_ALT_TEXTS = """
-- posts: other alternative texts of a post that was never approved
update post_media pm set alt_text = given.value from jsonb_each_text($2) as given
where pm.post_id = $1 and pm.media_id = given.key::bigint
"""

UNPLACE = """
-- posts: nowhere in particular any more
update posts set location = null, edited_at = $2 where id = $1
"""

PEND = """
-- posts: other texts, to be judged
update posts set pending = $3, revision = $2 where id = $1
"""

PEND_NOTHING = """
-- posts: the approved texts after all; what was being judged is of no interest any more
update posts set pending = null, revision = $2, approved_revision = $2 where id = $1
"""
