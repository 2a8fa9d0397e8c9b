"""Facts about media. Keyed by medium."""

from tintype.platform.event_log.port import Event


class MediaUploaded(Event, frozen=True):
    """The bytes have arrived, and wait for the decoder."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int
    post_id: int | None = None


class MediaPreviewed(Event, frozen=True):
    """Dimensions and blurhash are known; the renditions are being made."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int
    post_id: int | None = None


class MediaCaptioned(Event, frozen=True):
    """Its captions are others now."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int
    post_id: int | None = None


class MediaReady(Event, frozen=True):
    """Every rendition is stored."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int
    post_id: int | None = None


class MediaRejected(Event, frozen=True):
    """It will never be ready; the code says why."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int
    code: str
    post_id: int | None = None


class MediaRemoved(Event, frozen=True):
    """Row and files are gone."""

    topic = "media"
    key = "media_id"

    media_id: int
    owner_id: int


class MediaMoved(Event, frozen=True):
    """Its files have other addresses now: its owner became private or public, or another edit of it is shown."""

    topic = "media"
    key = "media_id"

    media_id: int
    post_id: int
