"""Reactions of every kind, hashtags with counts, exploring."""

from tintype.platform.migrations import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql("0014_talk_and_discovery.sql")
