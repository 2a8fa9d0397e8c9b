"""Video, uploads in parts, storage used."""

from tintype.platform.migrations import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql("0015_video.sql")
