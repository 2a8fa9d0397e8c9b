"""Reactions are partitioned; the table that was there becomes the first partition."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql_apart("0022_reactions_apart.sql")
    run_sql("0022_reactions.sql")
