"""Posts move only where the table of moves allows; the feed is what SQL says, after any history."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import Person, Refused, World
from tintype.domains.feed import reads as feed
from tintype.domains.posts import actions, rules
from tintype.domains.posts.rules import NewPost
from tintype.entry import verify
from tintype.platform import db

HISTORIES = settings(
    max_examples=max(30, settings().max_examples // 3) if settings().max_examples < 1000 else 300,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
NAMES = ["ana", "ben", "eve"]
WHO = st.integers(0, len(NAMES) - 1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "post", "bad", "delete", "restore", "follow", "follow", "unfollow", "settle"]),
        WHO,
        WHO,
        st.integers(0, 9),
    ),
    max_size=14,
)


class History:
    """Steps of three people over the product, as clients do them."""

    def __init__(self, world: World, people: list[Person]) -> None:
        self.world, self.people = world, people
        self.posts: list[tuple[Person, dict[str, Any]]] = []

    async def step(self, what: str, one: int, two: int, which: int) -> None:
        who, other = self.people[one], self.people[two]
        if what in {"post", "bad"}:
            text = f"number {len(self.posts)} {'forbidden' if what == 'bad' else ''} of a long story"
            self.posts.append((who, await who.post(text)))
        elif what in {"delete", "restore"} and self.posts:
            author, post = self.posts[which % len(self.posts)]
            try:
                await (author.delete(post) if what == "delete" else author.restore(post))
            except Refused as refused:
                assert refused.status == 404, "deleted twice"  # noqa: PT017 - any other refusal is a fault
        elif what == "follow" and who is not other:
            await who.follow(other)
        elif what == "unfollow" and who is not other:
            await who.unfollow(other)
        elif what == "settle":
            await self.world.settle()

    async def truth(self, person: Person) -> list[str]:
        """The home feed by SQL: one's own unpublished posts first."""
        async with db.read() as r:
            feed_ids = await feed.truth(r, int(person.id))
            rows = await r.rows(POSTS_OF, feed_ids)
            own = await r.rows(UNPUBLISHED, int(person.id))
        ids = {row["feed_id"]: str(row["id"]) for row in rows}
        return [*(str(row["id"]) for row in own), *(ids[feed_id] for feed_id in feed_ids)]


async def new_history(world: World, number: int) -> History:
    people = await world.people(*(f"{name}{number}" for name in NAMES))
    return History(world, people)


async def test_the_feed_is_what_sql_says_after_any_history(world: World) -> None:
    (world.settings.policy_dir / "words.txt").write_text("forbidden\n")
    world.reread_policy()
    histories = list[list[tuple[str, int, int, int]]]()

    @HISTORIES
    @given(STEPS)
    def collect(steps: list[tuple[str, int, int, int]]) -> None:
        histories.append(steps)

    collect()
    for number, steps in enumerate(histories):
        history = await new_history(world, number)
        for step in steps:
            await history.step(*step)
        await world.settle()
        for person in history.people:
            assert await person.home() == await history.truth(person), f"{person.name} after {steps}"
        async with db.read() as r:
            assert not await r.rows(STUCK), f"a post is stuck after {steps}"
    assert await verify.run() == []


ACTS = st.lists(
    st.sampled_from(["approve", "block", "media_ready", "media_rejected", "publish", "delete", "restore", "remove"]),
    max_size=8,
)


async def test_a_post_moves_only_where_it_may(world: World) -> None:
    histories = list[list[str]]()

    @HISTORIES
    @given(ACTS)
    def collect(acts: list[str]) -> None:
        histories.append(acts)

    collect()
    (ana,) = await world.people("ana")
    actor, moderator = db.Actor(int(ana.id)), db.Actor(int(ana.id), role="moderator")
    for acts in histories:
        post_id, media_id = await post_with_medium(actor)
        before = "processing"
        for act in acts:
            async with db.act(actor) as tx:
                await perform(tx, act, post_id, media_id, actor, moderator)
                row = await tx.row("-- tests: a post\nselect * from posts where id = $1", post_id)
            assert row is not None
            assert before == row["status"] or (before, row["status"]) in rules.MOVES, f"{acts}: {before} moved wrongly"
            assert (row["feed_id"] is not None) == (row["published_at"] is not None)
            assert row["status"] != "published" or row["feed_id"] is not None
            before = row["status"]


async def post_with_medium(actor: db.Actor) -> tuple[int, int]:
    """A post with one medium that is being processed."""
    async with db.act(actor) as tx:
        post_id = await actions.create(tx, actor, NewPost("TEXT", "a text"))
        media_id = post_id + 1
        await tx.run(MEDIUM, media_id, actor.id, post_id)
        await tx.run(
            "-- tests: its place\ninsert into post_media (post_id, n, media_id) values ($1, 1, $2)", post_id, media_id
        )
    return post_id, media_id


async def perform(tx: db.Tx, act: str, post_id: int, media_id: int, actor: db.Actor, moderator: db.Actor) -> None:
    if act in {"media_ready", "media_rejected"}:
        status = act.removeprefix("media_")
        await tx.run("-- tests: finish\nupdate media set status = $2 where id = $1", media_id, status)
        await actions.media_finished(tx, media_id)
    elif act == "approve":
        await actions.approve(tx, post_id, 1, {"verdict": "approved"})
    elif act == "block":
        await actions.block(tx, post_id, 1, "TEXT_BLOCKED", {"verdict": "blocked"})
    elif act == "publish":
        await actions.try_publish(tx, post_id)
    else:
        deed = {"delete": actions.delete, "restore": actions.restore, "remove": actions.remove}[act]
        try:
            await deed(tx, moderator if act == "remove" else actor, post_id)
        except rules.PostNotFound:
            assert act in {"delete", "remove"}


def test_moves_name_known_states_and_who() -> None:
    states = set(rules.Status.__args__)  # type: ignore[attr-defined]
    for (source, target), who in rules.MOVES.items():
        assert {source, target} <= states
        assert source != target
        assert who


POSTS_OF = """
-- tests: posts by feed_id
select id, feed_id from posts where feed_id = any($1::bigint[])
"""

UNPUBLISHED = """
-- tests: posts that were never visible to others
select id from live_posts where author_id = $1 and feed_id is null order by id desc
"""

STUCK = """
-- tests: posts that nobody judges any more
select id from live_posts where status = 'processing'
"""

MEDIUM = """
-- tests: a medium in work
insert into media (id, owner_id, kind, status, content_type, declared_size, key, post_id, expires_at)
values ($1, $2, 'IMAGE', 'processing', 'image/jpeg', 1, 'k', $3, now())
"""
