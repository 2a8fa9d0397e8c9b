"""Judging: the operator's rules, limits against spam, and events that come late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.domains.seen import account, published
from tintype.domains.moderation import consumers, rules
from tintype.domains.posts import actions as posts
from tintype.domains.posts import reads
from tintype.domains.posts.events import PostCreated
from tintype.domains.posts.rules import NewPost
from tintype.platform import db, textpolicy
from tintype.platform.db import Actor


@pytest.fixture(autouse=True)
def policy(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "words.txt").write_text("bad apple\n")
    (folder / "patterns.txt").write_text(r"call \d{5}" + "\n")
    textpolicy.use_folder(folder)
    yield
    (folder / "words.txt").write_text("")
    (folder / "patterns.txt").write_text("")
    textpolicy.use_folder(folder)
    textpolicy.match("read it again")


@pytest.mark.parametrize(
    ("texts", "same", "code", "reason"),
    [
        (["a fine day"], 0, None, ""),
        ([""], 5, None, ""),
        ([], 5, None, ""),
        (["one BAD  Apple"], 0, "TEXT_BLOCKED", "WORD"),
        (["fine", "call 12345 now"], 0, "TEXT_BLOCKED", "PATTERN"),
        (["https://a.example " * 5], 0, None, ""),
        (["https://a.example " * 5, "www.b.example"], 0, "TOO_MANY_LINKS", "LINKS"),
        (["the same again"], 3, "REPEATED", "REPEATED"),
        (["the same again"], 2, None, ""),
        (["short"], 9, None, ""),
        (["a" * 40], 0, None, ""),
        (["a" * 41], 0, "REPETITIVE_TEXT", "REPETITION"),
        (["buy " * 31], 0, "REPETITIVE_TEXT", "REPETITION"),
        (["buy " * 30], 0, None, ""),
        ([" ".join(f"buy x{n} y{n}" for n in range(31))], 0, None, ""),
    ],
)
def test_verdicts(texts: list[str], same: int, code: str | None, reason: str) -> None:
    found = rules.judge(texts, same)
    assert (found.code, found.reason) == (code, reason)


async def create(actor: Actor, caption: str) -> int:
    async with db.act(actor) as tx:
        return await posts.create(tx, actor, NewPost("TEXT", caption))


async def judge(actor: Actor, post_id: int, revision: int = 1) -> None:
    async with db.act(db.SYSTEM) as tx:
        await consumers.judge(tx, [PostCreated(author_id=actor.id, post_id=post_id, revision=revision)])


async def row_of(post_id: int) -> tuple[str, dict[str, object] | None]:
    async with db.read() as r:
        row = await r.row("-- tests: post\nselect status, decision from posts where id = $1", post_id)
    assert row is not None
    return row["status"], row["decision"]


async def test_a_post_is_judged_once_and_the_decision_kept(database: str) -> None:
    ana = await account("ana")
    good, bad = await create(ana, "a fine day"), await create(ana, "a bad apple")
    for _ in range(2):
        await judge(ana, good)
        await judge(ana, bad)
    status, decision = await row_of(good)
    assert decision is not None
    assert (status, decision["verdict"], decision["revision"]) == ("published", "approved", 1)
    status, decision = await row_of(bad)
    assert decision is not None
    assert (status, decision["reason"], decision["rule"]) == ("blocked", "WORD", "bad apple")
    async with db.read() as r:
        assert [one["post_id"] for one in await published(r, "PostPublished")] == [good]
        assert [one["post_id"] for one in await published(r, "PostBlocked")] == [bad]


async def test_late_events_do_nothing(database: str) -> None:
    ana = await account("ana")
    post_id = await create(ana, "a fine day")
    await judge(ana, post_id, revision=2)
    await judge(ana, 404)
    assert await row_of(post_id) == ("processing", None)


async def test_a_post_deleted_before_it_was_judged_is_published_when_it_is_taken_back(database: str) -> None:
    ana = await account("ana")
    post_id = await create(ana, "a fine day")
    async with db.act(ana) as tx:
        await posts.delete(tx, ana, post_id)
    await judge(ana, post_id)
    assert (await row_of(post_id))[0] == "processing"
    async with db.act(ana) as tx:
        await posts.restore(tx, ana, post_id)
    assert (await row_of(post_id))[0] == "published"


async def test_the_same_again_and_again_is_spam(database: str) -> None:
    ana = await account("ana")
    many = [await create(ana, "buy my lovely soap") for _ in range(4)]
    async with db.read() as r:
        assert await reads.same_caption(r, ana.id, many[0], "buy my lovely soap") == 3
    await judge(ana, many[3])
    assert (await row_of(many[3]))[0] == "blocked"
