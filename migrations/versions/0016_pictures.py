"""Edits of pictures, avatars."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql("0016_pictures.sql")
    run_sql_apart("0016_pictures_indexes.sql")
