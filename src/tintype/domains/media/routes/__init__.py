"""Uploads: ask for a form, send the file, say that it is complete, wait until it is ready; and the files to look at."""

from tintype.domains.media import actions, reads
from tintype.domains.media.routes import captions, editing, files, forms, parts, storage, uploading
from tintype.platform.config import Settings
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.secrets import Secrets

ROUTES = [
    *uploading.ROUTES,
    *forms.ROUTES,
    *parts.ROUTES,
    *editing.ROUTES,
    *captions.ROUTES,
    *files.OWN_ROUTES,
    *storage.ROUTES,
]
FILE_ROUTES = files.ROUTES


def use(settings: Settings, keys: Secrets) -> None:
    """The store and the addresses of an API process."""
    objects.use(FolderObjects(settings.media_dir, keys.upload))
    actions.use(settings.quota, settings.storage_reserve)
    reads.use(settings.media_url, keys.upload, members_only=settings.members_only)
