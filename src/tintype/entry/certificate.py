"""Whether a certificate serves its purpose, found out as a browser would: by shaking hands, here in memory."""

import ssl
from datetime import UTC, datetime
from pathlib import Path


class Unfit(Exception):
    """Why browsers, or we, cannot use it."""


def good_until(cert: Path, key: Path, name: str) -> datetime:
    """When the certificate for this host name ends. Raises Unfit."""
    try:
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(cert, key)
        theirs = ssl.create_default_context(cafile=str(cert))
        theirs.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # who signed it is for browsers to judge
    except (OSError, ssl.SSLError) as error:
        raise Unfit(f"cannot be used: {error.strerror or error}") from error
    to_us, to_them = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = ours.wrap_bio(to_us, to_them, server_side=True)
    browser = theirs.wrap_bio(to_them, to_us, server_hostname=name)
    for side in (browser, server, browser):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            raise Unfit(error.verify_message) from error
    found = browser.getpeercert()
    assert found is not None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
