"""Uploads: ask for a form, send the file, say that it is complete, wait until it is ready; and the files to look at."""

from tintype.domains.media import actions, reads
from tintype.domains.media.routes import captions, editing, events, files, forms, parts, storage, uploading
from tintype.platform.config import Settings
from tintype.platform.secrets import Secrets

ROUTES = [
    *uploading.ROUTES,
    *events.ROUTES,
    *forms.ROUTES,
    *parts.ROUTES,
    *editing.ROUTES,
    *captions.ROUTES,
    *files.OWN_ROUTES,
    *storage.ROUTES,
]
FILE_ROUTES = files.ROUTES


def use(settings: Settings, keys: Secrets) -> None:
    """The bounds of uploads and the addresses of files."""
    actions.use(settings.quota, settings.storage_reserve)
    events.use(settings.s3_events_token)
    reads.use(settings.media_url, keys.upload, members_only=settings.members_only)
