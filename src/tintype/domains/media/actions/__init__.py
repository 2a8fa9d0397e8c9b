"""Writes to media: uploads, the work of making them ready, their use by other domains, and their end."""

from tintype.domains.media.actions.editing import edit, finish_render, give_up_render, take_render
from tintype.domains.media.actions.processing import (
    Job,
    decoders,
    failed,
    finish,
    give_back,
    pool,
    previewed,
    reject,
    sweep,
    take,
)
from tintype.domains.media.actions.uploading import complete, create, ticket
from tintype.domains.media.actions.using import Servable, claim, mark_purge, purge, release, set_private, set_servable
from tintype.domains.media.actions.wearing import remove_avatar, set_avatar

__all__ = [
    "Job",
    "Servable",
    "claim",
    "complete",
    "create",
    "decoders",
    "edit",
    "failed",
    "finish",
    "finish_render",
    "give_back",
    "give_up_render",
    "mark_purge",
    "pool",
    "previewed",
    "purge",
    "reject",
    "release",
    "remove_avatar",
    "set_avatar",
    "set_private",
    "set_servable",
    "sweep",
    "take",
    "take_render",
    "ticket",
]
