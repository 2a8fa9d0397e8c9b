"""The operators' table of deadlines says what the code does."""

import importlib

from tests.repository.tree import table
from tintype.platform.config import Settings

HEADING = "## When too much is asked, or something does not answer"
MODULES = {
    "db": "tintype.platform.db",
    "objects.folder": "tintype.platform.objects.folder",
    "objects.s3": "tintype.platform.objects.s3",
    "scanner.clamd": "tintype.platform.scanner.clamd",
    "waiting": "tintype.platform.waiting",
    "health": "tintype.entry.health",
    "mail.port": "tintype.platform.mail.port",
    "video.encoder": "tintype.platform.video.encoder",
    "oidc": "tintype.platform.oidc",
}


def test_every_deadline_is_the_one_of_the_code() -> None:
    rows = table("docs/operations.md", HEADING)
    assert rows
    for what, seconds, where in rows:
        module, _, name = where.rpartition(".")
        if module in MODULES:
            assert getattr(importlib.import_module(MODULES[module]), name) == float(seconds), what
        elif where.startswith("TINTYPE_"):
            assert Settings.model_fields[where.removeprefix("TINTYPE_").lower()].default == float(seconds), what
        else:
            assert where == "migrations/env.py", what
