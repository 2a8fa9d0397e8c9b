"""Editing, saving, sharing and pinning posts."""

from tintype.platform.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql("0013_posts_complete.sql")
