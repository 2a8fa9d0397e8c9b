"""Impressions, and affinities between readers and authors."""

from tintype.platform.migrations import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql("0011_ranking.sql")
