"""Reactions of every kind, hashtags with counts, exploring."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql_apart("0014_talk_and_discovery_indexes.sql")  # first: what fails afterwards is all run again
    run_sql("0014_talk_and_discovery.sql")
