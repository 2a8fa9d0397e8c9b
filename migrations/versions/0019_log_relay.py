"""Where the relay to a broker is."""

from tintype.platform.migrations import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql("0019_log_relay.sql")
