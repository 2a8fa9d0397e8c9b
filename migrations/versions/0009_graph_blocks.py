"""Blocks, mutes, and who is pushed to."""

from tintype.platform.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql("0009_graph_blocks.sql")
