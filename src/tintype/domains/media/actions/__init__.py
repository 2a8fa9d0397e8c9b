"""Writes to media: uploads, the work of making them ready, their use by other domains, and their end."""

from tintype.domains.media.actions.captioning import check_film, remove_captions, set_captions
from tintype.domains.media.actions.editing import edit, finish_render, give_up_render, take_render
from tintype.domains.media.actions.filming import Overtaken, finish_film, is_gone, posted, progressed, token
from tintype.domains.media.actions.processing import (
    Job,
    decoders,
    failed,
    finish,
    give_back,
    pool,
    previewed,
    process_again,
    reject,
    sweep,
    take,
    video_timeout,
)
from tintype.domains.media.actions.uploading import complete, create, keep_upload_id, quota, ticket, use
from tintype.domains.media.actions.using import Servable, claim, mark_purge, purge, release, set_private, set_servable
from tintype.domains.media.actions.wearing import mend_avatar, remove_avatar, set_avatar
from tintype.domains.media.actions.weighing import weigh

__all__ = [
    "Job",
    "Overtaken",
    "Servable",
    "check_film",
    "claim",
    "complete",
    "create",
    "decoders",
    "edit",
    "failed",
    "finish",
    "finish_film",
    "finish_render",
    "give_back",
    "give_up_render",
    "is_gone",
    "keep_upload_id",
    "mark_purge",
    "mend_avatar",
    "pool",
    "posted",
    "previewed",
    "process_again",
    "progressed",
    "purge",
    "quota",
    "reject",
    "release",
    "remove_avatar",
    "remove_captions",
    "set_avatar",
    "set_captions",
    "set_private",
    "set_servable",
    "sweep",
    "take",
    "take_render",
    "ticket",
    "token",
    "use",
    "video_timeout",
    "weigh",
]
