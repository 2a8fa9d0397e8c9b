"""How a command that fails ends: in one sentence, where an operator can mend it."""

import asyncpg

from tintype.entry import folder
from tintype.entry.preparing import Unready
from tintype.entry.supervisor import Refused
from tintype.entry.timeline_store import Taken
from tintype.entry.verify import LogBehind
from tintype.platform.embedded_postgres import NotStarted
from tintype.platform.errors import Problem
from tintype.platform.guard import EngineDown
from tintype.platform.migrations import MigrationFailed

UNREACHABLE = (
    asyncpg.ClientConfigurationError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    OSError,
)


def sentence(error: Exception) -> str | None:
    """What is said of it; None for what we must mend, which is told by its trace."""
    match error:
        case Refused() | folder.Held() | NotStarted() | Unready() | LogBehind():
            return str(error)
        case Taken():
            return f"TINTYPE_CASSANDRA_URL: {error} [KEYSPACE_TAKEN]"
        case EngineDown():
            return f"an engine does not answer: {error} [ENGINE_UNREACHABLE]"
        case MigrationFailed():
            return f"the database cannot be reached or migrated ({error}). `tintype doctor` may say why."
        case Problem():
            return _of_fields(error)
        case OSError() if error.filename is not None:
            return f"{error.filename}: {error.strerror}"
    if isinstance(error, UNREACHABLE):
        return f"the database does not answer ({error}). `tintype doctor` may say why."
    return None


def _of_fields(problem: Problem) -> str:
    fields = problem.details.get("fields") or {}
    said = [f"{name}: {text}" for name, text in fields.items()]
    return " ".join(said if problem.text in fields.values() else [problem.text, *said])
