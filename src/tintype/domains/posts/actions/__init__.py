"""Writes to posts. `try_publish` alone makes a post visible."""

from tintype.domains.posts.actions.counting import count, forget_place, recount
from tintype.domains.posts.actions.editing import edit
from tintype.domains.posts.actions.hashtags import (
    count_hashtags,
    count_hashtags_of,
    name_hashtags,
    recount_hashtag,
)
from tintype.domains.posts.actions.hiding import archive, delete, delete_again, purge, remove, restore, unarchive
from tintype.domains.posts.actions.locks import lock_deleted, lock_visible
from tintype.domains.posts.actions.making import create, import_post
from tintype.domains.posts.actions.pinning import pin, unpin
from tintype.domains.posts.actions.publishing import (
    approve,
    block,
    media_finished,
    mend_delivery,
    set_delivery,
    try_publish,
)
from tintype.domains.posts.actions.saving import save, unsave

__all__ = [
    "approve",
    "archive",
    "block",
    "count",
    "count_hashtags",
    "count_hashtags_of",
    "create",
    "delete",
    "delete_again",
    "edit",
    "forget_place",
    "import_post",
    "lock_deleted",
    "lock_visible",
    "media_finished",
    "mend_delivery",
    "name_hashtags",
    "pin",
    "purge",
    "recount",
    "recount_hashtag",
    "remove",
    "restore",
    "save",
    "set_delivery",
    "try_publish",
    "unarchive",
    "unpin",
    "unsave",
]
