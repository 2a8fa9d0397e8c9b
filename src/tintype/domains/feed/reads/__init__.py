"""Selects about feeds."""

from tintype.domains.feed.reads.home import Skeleton, home_skeleton
from tintype.domains.feed.reads.popular import popular
from tintype.domains.feed.reads.truth import Difference, difference, readers, truth

__all__ = ["Difference", "Skeleton", "difference", "home_skeleton", "popular", "readers", "truth"]
