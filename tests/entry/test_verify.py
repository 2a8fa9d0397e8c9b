"""The oracle: a healthy world has no findings; each kind of damage is found, repaired, and then gone."""

from typing import Any

import pytest

from tests.world import Person, World
from tintype.entry import differences, verify
from tintype.platform import db
from tintype.platform.errors import NotFound


class Scene:
    """Three people, a photo, a text, likes, comments and replies, all settled."""

    def __init__(self, world: World, ana: Person, ben: Person, eve: Person) -> None:
        self.world, self.ana, self.ben, self.eve = world, ana, ben, eve
        self.photo: dict[str, Any] = {}
        self.text: dict[str, Any] = {}
        self.comment: dict[str, Any] = {}

    @property
    def names(self) -> dict[str, int]:
        return {
            "ana": int(self.ana.id),
            "ben": int(self.ben.id),
            "eve": int(self.eve.id),
            "photo": int(self.photo["post_id"]),
            "text": int(self.text["post_id"]),
            "medium": int(self.photo["media"][0]["media_id"]),
            "comment": int(self.comment["comment_id"]),
        }


@pytest.fixture
async def scene(world: World) -> Scene:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    found = Scene(world, ana, ben, eve)
    await ben.follow(ana)
    await ben.follow(eve)
    await ana.follow(ben)
    found.photo = await ana.post("photo of the day", pictures=1)
    found.text = await eve.post("some #words")
    gone = await ana.post("deleted, and not yet purged")
    (world.settings.policy_dir / "words.txt").write_text("forbidden\n")
    world.reread_policy()
    await ana.post("forbidden")
    await world.settle()
    await ben.like(found.photo)
    await eve.like(found.photo)
    await eve.unlike(found.photo)
    found.comment = await ben.comment(found.photo, "nice")
    await ana.comment(found.photo, "thank you", parent=found.comment)
    await ana.ask("POST", f"/comments/{found.comment['comment_id']}/like", json={})
    await ana.delete(gone)
    await world.settle()
    return found


async def damage(sql: str, **names: int) -> None:
    for name, value in names.items():
        sql = sql.replace(f":{name}", str(value))
    async with db.act(db.SYSTEM) as tx:
        assert await tx.run(sql), f"nothing was damaged by {sql}"


async def test_a_healthy_world_has_no_findings(scene: Scene) -> None:
    assert await verify.run() == []
    assert await verify.run(user="@ben") == []


KINDS = {
    "a lost entry": ("feeds", "delete from timelines where user_id = :ben and post_id = :photo", {"feed.missing"}),
    "an entry of somebody not followed": (
        "feeds",
        "insert into timelines select :ana, feed_id, id, author_id from posts where id = :text",
        {"feed.foreign"},
    ),
    "an own post in a timeline": (
        "feeds",
        "insert into timelines select :ana, feed_id, id, author_id from posts where id = :photo",
        {"feed.foreign"},
    ),
    "an entry of no post": (
        "orphans",
        "insert into timelines values (:ben, 5, 6, :ana)",
        {"orphan.entry"},
    ),
    "a wrong number of followers": (
        "counts",
        "update account_counts set followers = followers + 3 where account_id = :ana",
        {"count.follows"},
    ),
    "lost counts": ("counts", "delete from account_counts where account_id = :ana", {"count.follows", "count.posts"}),
    "an uncounted follow": (
        "counts",
        "update follows set counted = false where follower_id = :ben and followee_id = :ana",
        {"uncounted.follow"},
    ),
    "a wrong number of posts": (
        "counts",
        "update account_counts set posts = 9 where account_id = :ana",
        {"count.posts"},
    ),
    "an uncounted post": ("counts", "update posts set counted = false where id = :photo", {"uncounted.post"}),
    "a wrong number of likes": ("counts", "update post_counts set likes = 7 where post_id = :photo", {"count.post"}),
    "wrong reactions": (
        "counts",
        """update post_counts set reactions = '{"LOVE": 1}' where post_id = :photo""",
        {"count.post"},
    ),
    "lost counts of a post": ("counts", "delete from post_counts where post_id = :photo", {"count.post"}),
    "an uncounted like": (
        "counts",
        "update reactions set counted = null where post_id = :photo and user_id = :ben",
        {"uncounted.reaction"},
    ),
    "a like that was taken back and is counted": (
        "counts",
        "update reactions set reaction = null where post_id = :photo and user_id = :ben",
        {"uncounted.reaction", "count.post"},
    ),
    "an uncounted comment": (
        "counts",
        "update comments set counted = false where id = :comment",
        {"uncounted.comment"},
    ),
    "an uncounted reply": (
        "counts",
        "update comments set counted = false where parent_id = :comment",
        {"uncounted.comment"},
    ),
    "wrong replies": ("counts", "update comment_counts set replies = 0 where comment_id = :comment", {"count.comment"}),
    "an uncounted like of a comment": (
        "counts",
        "update comment_reactions set counted = null where comment_id = :comment",
        {"uncounted.comment_reaction"},
    ),
    "an uncounted hashtag": (
        "counts",
        "update post_hashtags set counted = false where post_id = :text",
        {"uncounted.hashtag", "count.hashtag"},
    ),
    "a hashtag in the wrong place": (
        "counts",
        "update post_hashtags set feed_id = 1 where post_id = :text",
        {"uncounted.hashtag"},
    ),
    "a wrong number of posts of a hashtag": (
        "counts",
        "update hashtag_counts set posts = posts + 1 where tag = 'words'",
        {"count.hashtag"},
    ),
    "a post that cannot be explored": ("explore", "delete from explore_posts where post_id = :photo", {"explore.heat"}),
    "a post that is too hot": ("explore", "update explore_posts set heat = heat + 1000000", {"explore.heat"}),
    "something explored that is no post": (
        "explore",
        "insert into explore_posts values (79, :ana, 80, 81, 24)",
        {"explore.heat"},
    ),
    "a place without medium": (
        "orphans",
        "insert into post_media (post_id, n, media_id) values (:photo, 2, 77)",
        {"orphan.place"},
    ),
    "a place without post": (
        "orphans",
        "insert into post_media (post_id, n, media_id) values (78, 1, 77)",
        {"orphan.place"},
    ),
    "a medium of no post": (
        "orphans",
        """insert into media (id, owner_id, kind, status, content_type, declared_size, key, post_id, expires_at)
        values (90, :ana, 'IMAGE', 'ready', 'image/jpeg', 1, 'k', 91, now())""",
        {"orphan.media"},
    ),
    "a comment without post": (
        "orphans",
        "insert into comments (post_id, id, author_id, text, counted) values (80, 81, :ana, 'x', true)",
        {"orphan.engagement"},
    ),
    "a like without post": (
        "orphans",
        "insert into reactions (user_id, post_id, reaction, counted, reaction_id) values (:ana, 82, 'LIKE', 'LIKE', 1)",
        {"orphan.engagement"},
    ),
    "a published post whose medium is not ready": (
        "orphans",
        "update media set status = 'uploaded', tries = 0 where id = :medium",
        {"orphan.unready"},
    ),
    "a fan-out that never was": ("events", "update posts set delivery = null where id = :photo", {"event.undelivered"}),
    "a publication that never was": (
        "events",
        "update posts set status = 'processing', approved_revision = 1 where id = (select max(id) from posts)",
        {"event.unpublished"},
    ),
    "a follow that is marked as muted": (
        "graph",
        "update follows set muted = true where follower_id = :ben and followee_id = :ana",
        {"graph.muted"},
    ),
    "a mute that no follow is marked with": (
        "graph",
        "insert into mutes (muter_id, muted_id, mute_id) values (:ben, :eve, 1)",
        {"graph.muted"},
    ),
    "follows between blocked accounts": (
        "graph",
        "insert into blocks (blocker_id, blocked_id, block_id) values (:ana, :ben, 1)",
        {"graph.blocked"},
    ),
}


async def test_damage_of_each_kind_is_found_repaired_and_gone(scene: Scene) -> None:
    for name, (what, sql, kinds) in KINDS.items():
        await damage(sql, **scene.names)

        found = await verify.run(what=what)
        assert {one.kind for one in found} == kinds, name
        assert not any(one.repaired for one in found), name

        repaired = await verify.run(what=what, repair=True)
        assert {one.kind for one in repaired} == kinds, f"{name}: looking has repaired something"
        assert all(one.repaired for one in repaired), name

        await scene.world.settle()
        assert await verify.run() == [], name


async def test_what_only_a_person_can_mend_stays(scene: Scene) -> None:
    await damage("update media set status = 'rejected' where id = :medium", **scene.names)
    (found,) = await verify.run(repair=True)
    assert (found.kind, found.found, found.repaired) == ("orphan.unready", "rejected", False)
    assert await verify.run() == [found]


async def test_one_account_only(scene: Scene) -> None:
    await damage("update account_counts set followers = 9", **scene.names)
    await damage("delete from timelines where user_id = :ben", **scene.names)
    found = await verify.run(user="@ben", repair=True)
    assert {one.kind for one in found} == {"count.follows", "feed.missing"}
    assert {one.subject.split(" post")[0] for one in found} == {f"account {scene.ben.id}"}
    await scene.world.settle()
    assert await verify.run(user=scene.ben.id) == []
    assert {one.subject for one in await verify.run()} == {f"account {scene.ana.id}", f"account {scene.eve.id}"}


async def test_many_findings_go_through_several_batches(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "BATCH", 1)
    await damage("update account_counts set followers = 9, posts = 9", **scene.names)
    await damage("update follows set counted = not counted", **scene.names)
    await damage("update comments set counted = not counted", **scene.names)
    await damage("update follows set muted = not muted", **scene.names)
    await damage("insert into blocks values (:ana, :eve, 1), (:ana, :ben, 2), (:eve, :ben, 3)", **scene.names)
    await damage("delete from timelines", **scene.names)
    assert len(await verify.run(repair=True)) >= 15
    await scene.world.settle()
    assert await verify.run() == []


async def test_lag_is_no_finding_and_a_stuck_log_is_said(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "PATIENCE", 0.2)
    await scene.eve.like(scene.photo)
    with pytest.raises(verify.LogBehind):
        await verify.run()
    await scene.world.settle()
    assert await verify.run() == []


async def test_unknown_checks_and_people_are_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="feeds"):
        await verify.run(what="everything")
    with pytest.raises(NotFound):
        await verify.run(user="@nobody")
