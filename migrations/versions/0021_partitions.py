"""How tables become partitioned ones, and how their partitions are made and dropped."""

from tintype.platform.migrations import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql("0021_partitions.sql")
