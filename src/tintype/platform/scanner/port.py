"""What the product needs of a malware scanner, which one is in use, and what to do while it does not answer."""

from typing import Protocol

from tintype.platform.guard import EngineDown
from tintype.platform.metrics import FastCounter
from tintype.platform.telemetry import log

SCANS = FastCounter("tintype_scanner_files_total", "Files that were scanned, by what was found", ["outcome"])


class NotScannable(Exception):
    """The scanner answers that it cannot look at this file; asking again changes nothing."""


class Infected(Exception):
    """Malware was found; the exception says what it is called."""


class Scanner(Protocol):
    """Looks for malware in bytes."""

    async def scan(self, descriptor: int) -> str | None:
        """The name of what was found in this file, from its beginning to its end; None for nothing.

        The descriptor's own position may have moved afterwards. Raises NotScannable, and EngineDown.
        """


_scanner: Scanner | None = None
_fails_open = False


def use(scanner: Scanner, *, fails_open: bool = False) -> None:
    """The scanner of this process; with `fails_open`, what it cannot look at is let through."""
    global _scanner, _fails_open
    _scanner, _fails_open = scanner, fails_open


async def check(descriptor: int) -> None:
    """Have the file scanned. Raises Infected; NotScannable and EngineDown unless such files are let through."""
    assert _scanner is not None, "scanner.port.use was not called"
    try:
        found = await _scanner.scan(descriptor)
    except (NotScannable, EngineDown) as reason:
        SCANS.labels("not scanned").inc()
        if not _fails_open:
            raise
        log.warning("scanner.let_through", reason=str(reason))
        return
    SCANS.labels("clean" if found is None else "infected").inc()
    if found is not None:
        raise Infected(found)
