"""The hybrid fan-out, floors of timelines, backfills."""

from tintype.platform.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql("0010_feed_engine.sql")
