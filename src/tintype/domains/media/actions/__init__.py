"""Writes to media: uploads, the work of making them ready, their use by other domains, and their end."""

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

__all__ = [
    "Job",
    "Servable",
    "claim",
    "complete",
    "create",
    "decoders",
    "failed",
    "finish",
    "give_back",
    "mark_purge",
    "pool",
    "previewed",
    "purge",
    "reject",
    "release",
    "set_private",
    "set_servable",
    "sweep",
    "take",
    "ticket",
]
