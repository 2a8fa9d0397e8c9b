"""What people were told yes to while parts of the product were cut, and what has become of it since."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import msgspec

from tintype.domains.engagement.events import CommentChanged, ReactionChanged
from tintype.domains.graph.events import FollowChanged
from tintype.domains.posts.events import PostCreated, PostPublished
from tintype.platform.event_log.port import Event


@dataclass
class Acknowledged:
    """What the product said yes to; of a follow, whether it is there (nothing where that was not answered)."""

    posts: set[int] = field(default_factory=set)
    comments: set[int] = field(default_factory=set)
    likes: set[tuple[int, int]] = field(default_factory=set)
    follows: dict[tuple[int, int], bool] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.posts) + len(self.comments) + len(self.likes) + len(self.follows)


async def lost(connection: asyncpg.Connection, said_yes: Acknowledged) -> list[str]:
    """Each acknowledged write that is not there: a post that is not published, a follow that is otherwise."""
    posts = {row["id"] for row in await connection.fetch("select id from posts where status = 'published'")}
    comments = {row["id"] for row in await connection.fetch("select id from comments")}
    likes = {
        tuple(row)
        for row in await connection.fetch("select user_id, post_id from reactions where reaction is not null")
    }
    follows = {tuple(row) for row in await connection.fetch("select follower_id, followee_id from live_follows")}
    return [
        *(f"post {one}" for one in said_yes.posts - posts),
        *(f"comment {one}" for one in said_yes.comments - comments),
        *(f"like {one}" for one in said_yes.likes - likes),
        *(f"follow {one}: {there}" for one, there in said_yes.follows.items() if there != (one in follows)),
    ]


async def doubled(connection: asyncpg.Connection) -> list[str]:
    """What happened twice: posts that were asked for once, publications, comments. Captions and texts are unique."""
    found = [
        *(f"post {row['caption']!r}" for row in await connection.fetch(TWICE_POSTED)),
        *(f"comment {row['text']!r}" for row in await connection.fetch(TWICE_SAID)),
    ]
    for kind, name in ((PostCreated, "created"), (PostPublished, "published")):
        times = Counter(one.post_id for one in await events(connection, kind))
        found += [f"{name} {post_id}" for post_id, n in times.items() if n > 1]
    times = Counter(one.comment_id for one in await events(connection, CommentChanged))
    return found + [f"commented {comment_id}" for comment_id, n in times.items() if n > 1]


async def events(connection: asyncpg.Connection, kind: type[Event]) -> list[Any]:
    """Every event of a kind that the log holds."""
    rows = await connection.fetch("select payload from event_log where type = $1", kind.__name__)
    return [msgspec.msgpack.decode(row["payload"], type=kind) for row in rows]


async def check_events(connection: asyncpg.Connection) -> None:
    """Every row has its event and every event its row, whether the client heard of it or not."""

    async def rows(sql: str) -> set[Any]:
        return {tuple(row) if len(row) > 1 else row[0] for row in await connection.fetch(sql)}

    assert await connection.fetchval("select count(*) from event_inbox") == 0
    assert {one.post_id for one in await events(connection, PostCreated)} == await rows("select id from posts")
    published = [one.post_id for one in await events(connection, PostPublished)]
    assert len(published) == len(set(published)), "a post was published twice"
    assert set(published) == await rows("select id from posts where status = 'published'")
    follows = {(one.follower_id, one.followee_id) for one in await events(connection, FollowChanged)}
    assert follows == await rows("select follower_id, followee_id from follows")
    reactions = {(one.user_id, one.post_id) for one in await events(connection, ReactionChanged)}
    assert reactions == await rows("select user_id, post_id from reactions")
    comments = {one.comment_id for one in await events(connection, CommentChanged)}
    assert comments == await rows("select id from comments")


TWICE_POSTED = "select caption from posts where caption <> '' group by caption having count(*) > 1"
TWICE_SAID = "select text from comments group by text having count(*) > 1"
