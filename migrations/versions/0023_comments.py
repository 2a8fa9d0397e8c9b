"""Comments are partitioned; the table that was there becomes the first partition."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql_apart("0023_comments_apart.sql")
    run_sql("0023_comments.sql")
