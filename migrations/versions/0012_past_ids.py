"""A node of ids for what is imported."""

from tintype.platform.migrations import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql("0012_past_ids.sql")
