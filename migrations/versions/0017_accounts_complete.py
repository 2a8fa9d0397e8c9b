"""Mail, second factors, providers, deactivation and deletion."""

from tintype.platform.migrations import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql("0017_accounts_complete.sql")
