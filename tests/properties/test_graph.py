"""The graph after any history is what a few sentences say of it: lists, relations, marks and counts."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domains.seen import account, counts
from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.graph import actions, consumers, reads
from tintype.domains.graph.rules import RequestNotFound
from tintype.platform import db, paging
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.db import Actor
from tintype.platform.errors import NotFound

HISTORIES = settings(deadline=None, suppress_health_check=list(HealthCheck))
ACTS = ["follow", "unfollow", "accept", "decline", "remove_follower", "block", "unblock", "mute", "unmute"]
PEOPLE = 3
STEPS = st.lists(
    st.tuples(st.sampled_from([*ACTS, "follow", "private", "public", "read"]), *[st.integers(0, PEOPLE - 1)] * 2),
    max_size=16,
)
Pair = tuple[int, int]


class Model(msgspec.Struct):
    """What should be so: pairs of who does it and to whom."""

    accepted: set[Pair] = msgspec.field(default_factory=set)
    pending: set[Pair] = msgspec.field(default_factory=set)
    blocks: set[Pair] = msgspec.field(default_factory=set)
    mutes: set[Pair] = msgspec.field(default_factory=set)
    private: set[int] = msgspec.field(default_factory=set)

    def blocked(self, one: int, other: int) -> bool:
        return not self.blocks.isdisjoint({(one, other), (other, one)})

    def step(self, what: str, one: int, other: int) -> bool:
        """Whether that may be done, after having done it."""
        pair, back = (one, other), (other, one)
        match what:
            case "follow":
                if self.blocked(one, other):
                    return False
                if pair not in self.accepted:
                    self.pending.discard(pair)
                    (self.pending if other in self.private else self.accepted).add(pair)
            case "unfollow":
                self.accepted.discard(pair)
                self.pending.discard(pair)
            case "accept":
                if back in self.pending:
                    self.pending.remove(back)
                    self.accepted.add(back)
                return back in self.accepted
            case "decline":
                self.pending.discard(back)
            case "remove_follower":
                self.accepted.discard(back)
            case "block":
                self.blocks.add(pair)
                self.accepted -= {pair, back}
                self.pending -= {pair, back}
            case "unblock":
                self.blocks.discard(pair)
            case "mute":
                self.mutes.add(pair)
            case "unmute":
                self.mutes.discard(pair)
        return True


class History:
    """The same steps in the model and in the database."""

    def __init__(self, people: list[Actor]) -> None:
        self.people = people
        self.model = Model()

    async def step(self, what: str, one: int, two: int) -> None:
        who, other = self.people[one], self.people[two]
        if what == "read":
            await self.check()
        elif what in {"private", "public"}:
            await self._switch(who, is_private=what == "private")
        elif who is not other:
            may = self.model.step(what, who.id, other.id)
            try:
                async with db.act(who) as tx:
                    await getattr(actions, what)(tx, who, other.id)
            except (NotFound, RequestNotFound):
                assert not may
            else:
                assert may

    async def _switch(self, who: Actor, *, is_private: bool) -> None:
        async with db.act(who) as tx:
            await tx.run("-- tests: switch\nupdate accounts set is_private = $2 where id = $1", who.id, is_private)
        await consumers.accept_requests([AccountPrivacyChanged(account_id=who.id, is_private=is_private)])
        if is_private:
            self.model.private.add(who.id)
            return
        self.model.private.discard(who.id)
        let_in = {pair for pair in self.model.pending if pair[1] == who.id}
        self.model.pending -= let_in
        self.model.accepted |= let_in

    async def check(self) -> None:
        """Lists through the kept pages, relations, circles and marks."""
        model, known = self.model, {one.id for one in self.people}
        async with db.read() as r:
            for me in known:
                where = paging.place("q", me, None, 20)
                others = known - {me}
                seen = {one for one in others if not model.blocked(me, one)}
                assert set((await reads.followers(r, me, where)).items) == {a for a, b in model.accepted if b == me}
                assert set((await reads.following(r, me, where)).items) == {b for a, b in model.accepted if a == me}
                assert set((await reads.requests(r, me, where)).items) == {a for a, b in model.pending if b == me}
                assert set((await reads.blocks(r, me, where)).items) == {b for a, b in model.blocks if a == me}
                assert set((await reads.mutes(r, me, where)).items) == {b for a, b in model.mutes if a == me} & seen
                circle = await reads.circle(r, me)
                assert set(circle.follows) == {b for a, b in model.accepted if a == me}
                assert (set(circle.muted), set(circle.blocked)) == (
                    {b for a, b in model.mutes if a == me},
                    others - seen,
                )
                for other, relation in (await reads.relations(r, me, others)).items():
                    pair = (me, other)
                    assert relation == reads.Relation(
                        "ACCEPTED" if pair in model.accepted else "PENDING" if pair in model.pending else "NONE",
                        (other, me) in model.accepted,
                        pair in model.blocks,
                        pair in model.mutes,
                    )
                    assert await reads.feeds(r, me, other) == (pair in model.accepted - model.mutes)
                pushed = set(await reads.followers_between(r, me, 0, None))
                assert pushed == {a for a, b in model.accepted - model.mutes if b == me}
            assert await reads.mutes_unlike_follows(r, (0, 0), 5) == []
            assert await reads.follows_between_blocked(r, (0, 0), 5) == []

    async def check_counts(self) -> None:
        pairs = [(one.id, other.id) for one in self.people for other in self.people if one is not other]
        for _ in range(2):
            async with db.act(db.SYSTEM) as tx:
                await actions.count(tx, pairs)
        for me in (one.id for one in self.people):
            followers = sum(b == me for _, b in self.model.accepted)
            following = sum(a == me for a, _ in self.model.accepted)
            assert await counts(me) == (0, followers, following)


@pytest.fixture
async def listening(database: str) -> AsyncIterator[None]:
    """Kept pages hear of each commit, as they do in the API."""
    cache.use(MemoryCache())
    paging.use_key(b"k" * 32)
    db.on_commit(lambda: None, reads.forget_lists)
    yield
    db.on_commit(lambda: None)
    await asyncio.sleep(0)


async def test_any_history(listening: None) -> None:
    histories = list[list[tuple[str, int, int]]]()

    @HISTORIES
    @given(STEPS)
    def collect(steps: list[tuple[str, int, int]]) -> None:
        histories.append(steps)

    collect()
    for number, steps in enumerate(histories):
        people = [await account(f"n{number}.{n}") for n in range(PEOPLE)]
        history = History(people)
        for step in steps:
            await history.step(*step)
        await history.check()
        await history.check_counts()
