"""Posts as the API shows them: hydrate a batch, hide what the viewer may not see, present."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from tintype.cards import account as account_card
from tintype.domains.accounts.reads import Account
from tintype.domains.engagement import reads as engagement
from tintype.domains.graph import reads as graph
from tintype.domains.media import reads as media
from tintype.domains.media.reads import Media
from tintype.domains.posts import reads as posts
from tintype.domains.posts import rules
from tintype.platform import clock
from tintype.platform.db import Reader


class PostProblem(msgspec.Struct, frozen=True):
    code: str
    message: str


class Tagged(msgspec.Struct, frozen=True):
    user: Account
    x: float
    y: float
    n: int


class PostViewer(msgspec.Struct, frozen=True):
    """What the viewer has done with a post."""

    reaction: str | None
    saved: bool


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post as api.md gives it. Likes are null for others where their author keeps them to themselves."""

    post_id: str
    feed_id: str | None
    author: Account
    type: str
    status: str
    problem: PostProblem | None
    caption: str
    media: list[Media]
    hashtags: list[str]
    mentions: list[Account]
    tagged: list[Tagged]
    location: rules.Place | None
    comments_enabled: bool
    download_allowed: bool
    hide_like_counts: bool
    comments_from: rules.CommentsFrom
    show_taken_at: bool
    like_count: int | None
    reaction_counts: dict[str, int] | None
    comment_count: int
    share_count: int
    created_at: str
    edited_at: str | None
    pinned: bool = False
    viewer: PostViewer | None


class Hydrated(msgspec.Struct, frozen=True):
    """A post with everything that is the same for every viewer."""

    row: posts.PostRow
    author: Account
    author_private: bool
    media: list[Any]
    people: dict[int, Account]
    counts: engagement.PostCounts

    @property
    def people_in(self) -> set[int]:
        """Everybody whom the card names, whether they are there or not."""
        return {self.row.author_id, *self.row.all_mentions, *(int(one["user_id"]) for one in self.row.tagged)}


async def hydrate(r: Reader, post_ids: Sequence[int]) -> list[Hydrated]:
    """Posts in the order asked for, without those that are gone; one query a kind of thing."""
    rows = await posts.by_ids(r, post_ids)
    tagged = {int(one["user_id"]) for row in rows.values() for one in row.tagged}
    mentioned = {one for row in rows.values() for one in row.all_mentions}
    people = await account_card.accounts(r, {row.author_id for row in rows.values()} | tagged | mentioned)
    files = await media.by_ids(r, [one.media_id for row in rows.values() for one in row.media])
    counts = await engagement.counts_at_hand(r, list(rows))
    return [
        Hydrated(
            row=row,
            author=people[row.author_id],
            author_private=people[row.author_id].is_private,
            media=[files[one.media_id] for one in row.media if one.media_id in files],
            people=people,
            counts=counts[row.id],
        )
        for row in (rows[one] for one in post_ids if one in rows)
        if row.author_id in people
    ]


async def hide(r: Reader, viewer_id: int, found: Sequence[Hydrated]) -> list[Hydrated]:
    """Only what this viewer may see now. Always last, always from fresh rows."""
    visible = await posts.visible_among(r, viewer_id, [one.row for one in found])
    return [one for one in found if one.row.id in visible]


async def present(r: Reader, viewer_id: int, found: Sequence[Hydrated]) -> list[Post]:
    """The posts with the viewer's own flags; the viewer's acts that no count holds yet are added."""
    if not viewer_id:
        return [presented(one, viewer_id) for one in found]
    acts = await engagement.acts(r, viewer_id, [one.row.id for one in found])
    saved = await posts.saved_among(r, viewer_id, [one.row.id for one in found])
    others = {person for one in found for person in one.people_in} - {one.row.author_id for one in found}
    without = await graph.among_blocked(r, viewer_id, others) if others else set()
    return [presented(one, viewer_id, acts.get(one.row.id), without, is_saved=one.row.id in saved) for one in found]


async def show(r: Reader, viewer_id: int, post_ids: Sequence[int]) -> list[Post]:
    """Hydrate, hide and present in one go."""
    return await present(r, viewer_id, await hide(r, viewer_id, await hydrate(r, post_ids)))


def presented(
    one: Hydrated,
    viewer_id: int,
    act: engagement.Act | None = None,
    without: Collection[int] = (),
    *,
    is_saved: bool = False,
) -> Post:
    """One post for a viewer (0: nobody, `viewer` is null), naming nobody of `without`.

    Who reacted sees the counts that were read together with that, whatever those at hand hold of it.
    """
    people = {account_id: each for account_id, each in one.people.items() if account_id not in without}
    is_author = one.row.author_id == viewer_id
    row = one.row.to_its_author() if is_author else one.row
    hides_likes = row.hide_like_counts and not is_author
    problem = rules.problem(row.problem) if is_author else None
    counts = one.counts if act is None else act.counts
    return Post(
        post_id=str(row.id),
        feed_id=None if row.feed_id is None else str(row.feed_id),
        author=one.author,
        type=row.type,
        status=row.status,
        problem=None if problem is None else PostProblem(**problem),
        caption=row.caption,
        media=_media(one, row, is_author),
        hashtags=row.hashtags,
        mentions=[people[each] for each in row.mentions if each in people],
        tagged=[
            Tagged(people[int(each["user_id"])], each["x"], each["y"], each["n"])
            for each in row.tagged
            if int(each["user_id"]) in people
        ],
        location=None if row.location is None else msgspec.convert(row.location, rules.Place),
        comments_enabled=row.comments_enabled,
        download_allowed=row.download_allowed,
        hide_like_counts=row.hide_like_counts,
        comments_from=row.comments_from,
        show_taken_at=row.show_taken_at,
        like_count=None if hides_likes else counts.likes,
        reaction_counts=None if hides_likes else counts.reactions,
        comment_count=counts.comments,
        share_count=counts.shares,
        created_at=clock.iso(row.created_at),
        edited_at=None if row.edited_at is None else clock.iso(row.edited_at),
        viewer=PostViewer(None if act is None else act.own.reaction, saved=is_saved) if viewer_id else None,
    )


def _media(one: Hydrated, row: posts.PostRow, is_author: bool) -> list[Media]:
    alt_texts = {attached.media_id: attached.alt_text for attached in row.media}
    return [
        msgspec.structs.replace(
            media.present(file, viewer_is_owner=is_author, signed=one.author_private),
            alt_text=alt_texts[file.id],
            taken_at=clock.iso(file.taken_at) if row.show_taken_at and file.taken_at else None,
        )
        for file in one.media
    ]
