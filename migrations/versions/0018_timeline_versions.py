"""Timelines in a store of their own."""

from tintype.platform.migrations import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql("0018_timeline_versions.sql")
