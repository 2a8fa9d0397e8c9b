"""Mail leaves by a job: enqueued with the write it belongs to, sealed, sent at least once under one Message-ID."""

import asyncio
import base64
import secrets
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from tintype.platform import clock, sealing
from tintype.platform.config import Settings
from tintype.platform.db import Tx
from tintype.platform.jobs.port import enqueue
from tintype.platform.mail import texts
from tintype.platform.mail.outbox import Outbox
from tintype.platform.mail.smtp import Smtp
from tintype.platform.telemetry import log

SEND_SECONDS = 20.0
JOB = "mail.send"


class Mail(msgspec.Struct, frozen=True):
    """A letter to be: whom it is for, which text in which language, and what stands in it."""

    to: str
    text: str
    language: str
    values: dict[str, str] = {}
    id: str = ""


class Carrier(Protocol):
    """What takes letters out of the house: an SMTP server, or a folder that the operator looks into."""

    async def send(self, message: EmailMessage) -> None:
        """Hand over one letter, for good or not at all. The same Message-ID twice may arrive twice."""
        ...


_carrier: Carrier | None = None
_sender, _host, _site = "", "localhost", ""


def use(settings: Settings) -> None:
    """Where letters go, and whose name is below them."""
    global _carrier, _sender, _host, _site
    _host = urlsplit(settings.public_url).hostname or "localhost"
    _site = settings.public_url
    _sender = settings.mail_from or f"Tintype <tintype@{_host}>"
    _carrier = Smtp(settings.smtp_url) if settings.smtp_url else Outbox(settings.outbox_dir)


async def send(tx: Tx, to: str, text: str, language: str, **values: str) -> None:
    """Send a letter when this transaction has committed."""
    mail = Mail(to, text, texts.known(language), values, secrets.token_urlsafe(16))
    sealed = sealing.seal(msgspec.json.encode(mail), JOB)
    await enqueue(tx, JOB, {"mail": base64.b64encode(sealed).decode()})


async def deliver(payload: Mapping[str, Any]) -> None:
    """The job: one letter, within one deadline in all."""
    mail = msgspec.json.decode(sealing.unseal(base64.b64decode(payload["mail"]), JOB), type=Mail)
    if _carrier is None:
        raise RuntimeError("mail.use was not called")
    async with asyncio.timeout(SEND_SECONDS):
        await _carrier.send(written(mail))
    log.info("mail.sent", text=mail.text, mail=mail.id)


def written(mail: Mail) -> EmailMessage:
    """A letter as it is sent: plain text, and the same as simple HTML."""
    found = texts.written(mail.text, mail.language, {"site": _site, "name": _host, **mail.values})
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{mail.id}@{_host}>"
    message["Date"] = format_datetime(clock.now())
    message["From"] = _sender
    message["To"] = mail.to
    message["Subject"] = found.subject
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(found.plain)
    message.add_alternative(found.html, subtype="html")
    return message
