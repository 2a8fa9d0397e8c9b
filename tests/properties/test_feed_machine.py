"""Random histories of a small world, whose home feeds are at every moment what SQL defines them to be.

Five people, thresholds and timelines so small that a few steps cross them. What is looked at is the whole feed as the
API gives it, page by page.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.engines.postgres import TestServer
from tests.properties import feed_histories
from tests.world import Person, Refused, World
from tintype.cards import fragments
from tintype.domains.feed import actions as feed
from tintype.domains.feed import consumers, reads
from tintype.domains.feed.actions import stretches
from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.reads.truth import TRUTH
from tintype.domains.graph.events import FollowChanged, MuteChanged
from tintype.domains.media.events import MediaReady
from tintype.domains.posts import actions as posts
from tintype.domains.posts.rules import MediaGiven, NewPost, PostNotFound
from tintype.entry import chores
from tintype.platform import db, ids
from tintype.platform.event_log.port import publish
from tintype.platform.event_log.sequencer import delivered

PEOPLE = 5
STEPS = 25
numbers = count()
someone = st.integers(0, PEOPLE - 1)
some_post = st.integers(0, 30)
page_size = st.integers(1, 7)


class FeedMachine(RuleBasedStateMachine):
    """One history, in the world and the loop that all histories are played in."""

    world: ClassVar[World]
    loop: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[tuple[int, int]] = []
        self.waiting: list[int] = []
        self.people: list[Person] = []
        self.begins = 0
        self.run(self._begin())

    async def _begin(self) -> None:
        await self.world.settle()
        async with db.act(db.SYSTEM) as tx:
            self.begins = await tx.value("-- tests: now\nselect pos from log_state")
            await tx.run(feed_histories.CLEAR)
        fragments.clear()
        viewers.clear()
        n = next(numbers)
        self.people = await self.world.people(*(f"p{n}.{one}" for one in "abcde"))

    def teardown(self) -> None:
        if self.people:
            self.run(self._check(3))
            for one in self.people:
                self.run(one.http.aclose())

    def run(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(step)

    # Posts

    @rule(author=someone)
    def post(self, author: int) -> None:
        self.run(self._post(author))

    async def _post(self, author: int, media: tuple[int, ...] = ()) -> None:
        given = [MediaGiven(str(one)) for one in media]
        new = NewPost("IMAGE" if media else "TEXT", f"number {next(numbers)}", given)
        actor = self._actor(author)
        async with db.act(actor) as tx:
            self.posts.append((await posts.create(tx, actor, new), author))

    @rule(author=someone, many=st.integers(2, 8))
    def post_many(self, author: int, many: int) -> None:
        for _ in range(many):
            self.run(self._post(author))
        self.run(self.world.settle())

    @rule(author=someone)
    def post_with_a_picture_that_takes_long(self, author: int) -> None:
        self.run(self._post_slowly(author))

    async def _post_slowly(self, author: int) -> None:
        actor = self._actor(author)
        media_id = ids.new(actor.id)
        async with db.act(actor) as tx:
            await tx.run(feed_histories.SLOW_PICTURE, media_id, actor.id)
        self.waiting.append(media_id)
        await self._post(author, (media_id,))

    @precondition(lambda self: self.waiting)
    @rule(which=some_post)
    def finish_a_picture(self, which: int) -> None:
        media_id = self.waiting.pop(which % len(self.waiting))
        self.run(self._finish(media_id))

    async def _finish(self, media_id: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            row = await tx.row(feed_histories.FINISH, media_id)
            if row is not None:
                await publish(tx, MediaReady(media_id=media_id, owner_id=row["owner_id"], post_id=row["post_id"]))

    @precondition(lambda self: self.posts)
    @rule(which=some_post, path=st.sampled_from(["", "/restore"]))
    def delete_or_undo(self, which: int, path: str) -> None:
        post_id, author = self._which(which)
        self._ask(author, "POST" if path else "DELETE", f"/posts/{post_id}{path}")

    @precondition(lambda self: self.posts)
    @rule(which=some_post, path=st.sampled_from(["archive", "unarchive"]))
    def archive_or_unarchive(self, which: int, path: str) -> None:
        post_id, author = self._which(which)
        self._ask(author, "POST", f"/posts/{post_id}/{path}")

    @precondition(lambda self: self.posts)
    @rule(which=some_post)
    def remove_as_moderator(self, which: int) -> None:
        self.run(self._remove(self._which(which)[0]))

    async def _remove(self, post_id: int) -> None:
        try:
            async with db.act(db.SYSTEM) as tx:
                await posts.remove(tx, db.SYSTEM, post_id)
        except PostNotFound:
            return

    @precondition(lambda self: self.posts)
    @rule(which=some_post)
    def purge(self, which: int) -> None:
        post_id, author = self._which(which)
        self._ask(author, "DELETE", f"/posts/{post_id}")
        self.run(self._purge(post_id))

    async def _purge(self, post_id: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(feed_histories.A_DAY_LATER, post_id)
        await chores.purge_post({"post_id": post_id})

    @rule(author=someone, days=st.integers(0, 3), n=st.integers(1, 3))
    def import_old_posts(self, author: int, days: int, n: int) -> None:
        for _ in range(n):
            self.run(self._import(author, days))

    async def _import(self, author: int, days: int) -> None:
        actor = self._actor(author)
        async with db.act(actor) as tx:
            at = ids.made_at(ids.new(0)) - timedelta(days=days)
            post_id = await posts.import_post(tx, actor, NewPost("TEXT", f"number {next(numbers)}"), at)
        self.posts.append((post_id, author))

    # The graph

    @rule(one=someone, others=st.lists(someone, min_size=2, max_size=4), many=st.integers(6, 12))
    def read_far_and_then_change_whom_one_follows(self, one: int, others: list[int], many: int) -> None:
        """What makes stretches, and what they must not survive."""
        for other in others[1:]:
            self._ask(one, "POST", f"/users/{self.people[other].id}/follow")
        for n in range(many):
            self.run(self._post(others[n % len(others)]))
        self.run(self.world.settle())
        self.run(self.people[one].pages("/feed/home", 2))
        self.run(feed.tended())
        self._ask(one, "POST", f"/users/{self.people[others[0]].id}/follow")

    @rule(one=someone, other=someone, times=st.integers(1, 2))
    def follow(self, one: int, other: int, times: int) -> None:
        for _ in range(times):
            self._ask(one, "POST", f"/users/{self.people[other].id}/follow")

    @rule(other=someone)
    def everybody_follows(self, other: int) -> None:
        for one in range(PEOPLE):
            self._ask(one, "POST", f"/users/{self.people[other].id}/follow")

    @rule(
        one=someone,
        other=someone,
        act=st.sampled_from(
            [
                ("DELETE", "/users/{}/follow"),
                ("POST", "/users/{}/block"),
                ("DELETE", "/users/{}/block"),
                ("POST", "/users/{}/mute"),
                ("DELETE", "/users/{}/mute"),
                ("POST", "/users/me/follow-requests/{}/accept"),
                ("POST", "/users/me/follow-requests/{}/decline"),
                ("DELETE", "/users/me/followers/{}"),
            ]
        ),
    )
    def change_the_graph(self, one: int, other: int, act: tuple[str, str]) -> None:
        self._ask(one, act[0], act[1].format(self.people[other].id))

    @rule(one=someone, private=st.booleans())
    def switch_privacy(self, one: int, private: bool) -> None:
        self._ask(one, "PUT", "/users/me", json={"is_private": private})

    # What goes on behind the scenes

    @rule()
    def settle(self) -> None:
        self.run(self.world.settle())

    @rule(one=someone)
    def go_away_for_a_month(self, one: int) -> None:
        self.run(self._go_away(one))

    async def _go_away(self, one: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(feed_histories.LONG_UNSEEN, int(self.people[one].id))
        await feed.leave()

    @rule(one=someone, interrupted=st.booleans())
    def come_back(self, one: int, interrupted: bool) -> None:
        user_id = int(self.people[one].id)
        if interrupted:
            self.run(self._half_come_back(user_id))
        else:
            self.run(feed.come_back(user_id))

    async def _half_come_back(self, user_id: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            if await tx.run(feed_histories.HALF_BACK, user_id):
                await tx.run(feed_histories.PUSHED_TO_AGAIN, user_id)

    @precondition(lambda self: self.posts)
    @rule(one=someone, which=st.none() | some_post, expire=st.booleans())
    def build_or_expire_a_stretch(self, one: int, which: int | None, expire: bool) -> None:
        before = ids.LARGEST if which is None else self._which(which)[0]
        self.run(self._build(int(self.people[one].id), before, expire))

    async def _build(self, user_id: int, before: int, expire: bool) -> None:
        if expire:
            async with db.act(db.SYSTEM) as tx:
                await tx.run("-- tests: a day later\ndelete from timeline_backfills where user_id = $1", user_id)
        else:
            await stretches.build(user_id, before)

    @rule(group=st.sampled_from(["timelines", "timeline-edges"]), every=st.integers(1, 4), backwards=st.booleans())
    def deliver_again(self, group: str, every: int, backwards: bool) -> None:
        self.run(self._again(group, every, backwards))

    async def _again(self, group: str, every: int, backwards: bool) -> None:
        async with db.read() as r:
            rows = await r.rows(
                feed_histories.HISTORY, self.begins, "feed_updates" if group == "timelines" else "graph"
            )
        found = [delivered(row).event() for row in rows][:: -every if backwards else every]
        if group == "timelines":
            await consumers.deliver([one for one in found if isinstance(one, FanOutPlanned)])
        else:
            await consumers.follow_up([one for one in found if isinstance(one, (FollowChanged, MuteChanged))])

    # What is seen

    @rule(limit=page_size)
    def check(self, limit: int) -> None:
        self.run(self._check(limit))

    async def _check(self, limit: int) -> None:
        await self.world.settle()
        for one in self.people:
            shown = [int(post["post_id"]) for post in await one.pages("/feed/home", limit)]
            assert shown == await self._due(int(one.id)), one.name
        await feed.tended()
        for one in self.people:
            async with db.read() as r:
                assert await reads.difference(r, int(one.id)) == reads.Difference([], [], []), one.name

    async def _due(self, user_id: int) -> list[int]:
        async with db.read() as r:
            waiting = [row["id"] for row in await r.rows(feed_histories.WAITING, user_id)]
            return waiting + [row["post_id"] for row in await r.rows(TRUTH, user_id)]

    @rule(one=someone, limit=page_size)
    def look(self, one: int, limit: int) -> None:
        shown = [post["post_id"] for post in self.run(self.people[one].pages("/feed/home", limit))]
        assert len(shown) == len(set(shown))

    @rule(one=someone, limit=st.integers(1, 3), meanwhile=st.lists(st.tuples(st.integers(0, 3), some_post), max_size=6))
    def scroll_while_posts_arrive_and_vanish(self, one: int, limit: int, meanwhile: list[tuple[int, int]]) -> None:
        self.run(self._scroll(one, limit, meanwhile))

    async def _scroll(self, one: int, limit: int, meanwhile: list[tuple[int, int]]) -> None:
        await self.world.settle()
        before = set(await self._due(int(self.people[one].id)))
        touched: set[int] = set()
        shown: list[int] = []
        cursor: str | None = None
        while True:
            params = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
            page = await self.people[one].answer("GET", "/feed/home", params=params)
            shown += [int(post["post_id"]) for post in page["data"]]
            cursor = page["pagination"]["next_cursor"]
            if cursor is None:
                break
            if meanwhile:
                touched.add(await self._meanwhile(*meanwhile.pop()))
        assert len(shown) == len(set(shown)), "shown twice"
        assert not (before & set(await self._due(int(self.people[one].id)))) - touched - set(shown), "skipped"

    async def _meanwhile(self, act: int, which: int) -> int:
        post_id, author = self._which(which) if self.posts else (0, 0)
        if act < 2 or not post_id:
            await self._post(which % PEOPLE)
            post_id = 0
        else:
            way = ("POST", "/restore") if act == 3 else ("DELETE", "")
            await self._answered(author, way[0], f"/posts/{post_id}{way[1]}")
        if which % 2:
            await self.world.settle()
        return post_id

    # Means

    def _actor(self, one: int) -> db.Actor:
        return db.Actor(int(self.people[one].id))

    def _which(self, which: int) -> tuple[int, int]:
        return self.posts[which % len(self.posts)]

    def _ask(self, one: int, method: str, path: str, **more: Any) -> None:
        self.run(self._answered(one, method, path, **more))

    async def _answered(self, one: int, method: str, path: str, **more: Any) -> None:
        """What the product refuses has no effect, and that is all that counts here."""
        try:
            await self.people[one].ask(method, path, **more)
        except Refused as refused:
            if refused.status >= 500:
                raise


def play(machine: type[FeedMachine], opened: AbstractAsyncContextManager[World], **chosen: Any) -> None:
    """Many histories in one world. `machine` is given that world, so each test has a class of its own."""
    with asyncio.Runner() as loop:
        machine.loop, machine.world = loop, loop.run(opened.__aenter__())
        try:
            run_state_machine_as_test(machine, settings=settings(stateful_step_count=STEPS, **chosen))
        finally:
            loop.run(opened.__aexit__(None, None, None))


def test_the_feed_is_what_sql_defines_it_to_be(
    postgres_server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_histories.narrow(monkeypatch)
    play(FeedMachine, feed_histories.opened(postgres_server, tmp_path))
