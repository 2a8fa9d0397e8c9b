"""The journeys in browsers once more, where the product's processes stand on every engine."""

from collections.abc import Iterator

import pytest

from tests.big.again import once_more
from tests.browser import test_feed, test_journey, test_posts, test_privacy, test_talk, test_video
from tests.engines.big import Big
from tests.engines.product import Product, installed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def product(big: Big, chromium_path: str) -> Iterator[Product]:
    """`tintype serve`, ready, whose bucket lets pages in."""
    with installed(VIDEO_NICENESS="0", **big.place().environment) as found:
        found.start()
        applied = found.command("storage", "apply", "--only", "cors")
        assert applied.returncode == 0, applied.stderr
        yield found


JOURNEYS = {
    test_journey: [
        "test_one_photo",
        "test_a_post_stands_at_once",
        "test_pictures_are_taken",
        "test_a_picture_dropped",
        "test_a_deleted_post",
        "test_a_visitor_who_logs_in",
    ],
    test_feed: [
        "test_the_order_is_switched",
        "test_what_is_new_shows",
        "test_who_follows_somebody",
        "test_what_was_seen_is_told",
        "test_an_archived_post_is_gone",
    ],
    test_posts: [
        "test_a_post_is_changed",
        "test_a_post_is_saved",
        "test_pinned_posts",
        "test_pictures_are_downloaded",
        "test_likes_are_kept",
        "test_a_post_is_composed",
    ],
    test_privacy: [
        "test_a_private_account",
        "test_a_block_hides",
        "test_who_is_muted",
        "test_a_follower_is_sent_away",
    ],
    test_talk: ["test_who_reacted", "test_a_comment_is_edited", "test_the_owner_deletes", "test_comments_take"],
    test_video: ["test_every_shared_clip", "test_sound_captions"],
}
globals().update(once_more(JOURNEYS))
