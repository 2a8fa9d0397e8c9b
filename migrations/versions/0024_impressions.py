"""Impressions are partitioned; the table that was there becomes the first partition."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql_apart("0024_impressions_apart.sql")
    run_sql("0024_impressions.sql")
