"""Upload forms of our own: for bytes that come through us, signed with the installation's key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from tintype.platform import clock
from tintype.platform.objects.port import PART_BYTES, PartAddress, Ticket, Upload, UploadRefused, part_count
from tintype.platform.objects.signing import is_signed, sign

UPLOAD_PATH = "/api/v1/media/upload"
PURPOSE, PART_PURPOSE = "upload", "part of an upload"


class Forms:
    """The part of a store that signs forms to our own endpoint, and knows them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign_upload(self, ticket: Ticket) -> Upload:
        """A form whose fields cover medium, type, size and end."""
        expires = int(ticket.expires_at.timestamp())
        fields = {
            "content_type": ticket.content_type,
            "size": str(ticket.size),
            "expires": str(expires),
            "signature": sign(self._key, PURPOSE, ticket.media_id, ticket.content_type, ticket.size, expires),
        }
        return Upload("POST", f"{UPLOAD_PATH}/{ticket.media_id}", fields)

    def verify(self, fields: Mapping[str, str], media_id: int) -> Ticket:
        """The ticket that a form's fields prove. Raises UploadRefused."""
        kind, size, expires = (fields.get(name, "") for name in ("content_type", "size", "expires"))
        if not is_signed(fields.get("signature", ""), self._key, PURPOSE, media_id, kind, size, expires):
            raise UploadRefused
        return _in_time(Ticket(media_id, kind, int(size), datetime.fromtimestamp(int(expires), UTC)))

    def sign_parts(self, ticket: Ticket, upload_id: str) -> Upload:  # noqa: ARG002 - other stores need it
        """An address for each part, which covers what the form covers, and the number."""
        expires = int(ticket.expires_at.timestamp())
        url = f"{UPLOAD_PATH}/{ticket.media_id}"
        covered = (ticket.media_id, ticket.content_type, ticket.size, expires)
        addresses = []
        for number in range(1, part_count(ticket) + 1):
            query = {"content_type": ticket.content_type, "size": ticket.size, "expires": expires}
            query["signature"] = sign(self._key, PART_PURPOSE, *covered, number)
            addresses.append(PartAddress(number, f"{url}/parts/{number}?{urlencode(query)}"))
        return Upload("MULTIPART", url, part_size=PART_BYTES, parts=addresses)

    def verify_part(self, query: Mapping[str, str], media_id: int, number: int) -> Ticket:
        """The ticket that the address of a part proves. Raises UploadRefused."""
        kind, size, expires = (query.get(name, "") for name in ("content_type", "size", "expires"))
        if not is_signed(query.get("signature", ""), self._key, PART_PURPOSE, media_id, kind, size, expires, number):
            raise UploadRefused
        return _in_time(Ticket(media_id, kind, int(size), datetime.fromtimestamp(int(expires), UTC)))


def _in_time(ticket: Ticket) -> Ticket:
    if clock.now() > ticket.expires_at:
        raise UploadRefused
    return ticket
