"""Letters go to an SMTP server: `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…:465`."""

from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

PORTS = {"smtp": 587, "smtps": 465}


class Smtp:
    """One server. `?tls=0` sends without TLS, which suits a server on the same machine; `?tls=1` insists on it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("TINTYPE_SMTP_URL must be like smtp://user:password@host:587 or smtps://host")
        asked = parse_qs(parts.query).get("tls", [""])[0]
        self._host, self._port = parts.hostname, parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or "") or None, unquote(parts.password or "") or None
        self._tls = parts.scheme == "smtps"
        self._start_tls: bool | None = False if self._tls or asked == "0" else True if asked == "1" else None

    async def send(self, message: EmailMessage) -> None:
        """Hand over one letter; what goes wrong is raised, and the job tries again."""
        await aiosmtplib.send(
            message,
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=self._start_tls,
        )
