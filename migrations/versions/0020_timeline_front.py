"""What a store in front of timelines held is dated by epochs."""

from tintype.platform.migrations import run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql("0020_timeline_front.sql")
