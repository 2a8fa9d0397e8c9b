"""Editing, saving, sharing and pinning posts."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql_apart("0013_posts_complete_indexes.sql")  # first: what fails afterwards is all run again
    run_sql("0013_posts_complete.sql")
