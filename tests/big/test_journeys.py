"""The journeys by the API once more, on every engine: the same tests, and so the same answers."""

from tests.big.again import once_more
from tests.journeys import test_blocks, test_photo_journey, test_post_reaches_followers, test_private_accounts

pair = test_blocks.pair
JOURNEYS = test_photo_journey, test_post_reaches_followers, test_private_accounts, test_blocks
globals().update(once_more({one: [] for one in JOURNEYS}))
