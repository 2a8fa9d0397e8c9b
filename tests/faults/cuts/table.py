"""The table of docs/operations/faults.md: one row a cut, each replaced by the newest run that made it."""

from pathlib import Path

from tests.faults.cuts.cutting import CUTS, Noticed
from tests.faults.cuts.truth import Found

BEGIN, END = "<!-- cuts -->", "<!-- end of cuts -->"
NAMES = {
    "postgres": "PostgreSQL, primary",
    "replica": "PostgreSQL, replica",
    "redis": "Redis Cluster",
    "kafka": "Kafka",
    "cassandra": "Cassandra",
    "s3": "S3 store",
    "rabbitmq": "RabbitMQ",
    "clamd": "ClamAV",
}
WORDS = {"kill": "`kill -9`, restart", "pause": "SIGSTOP 30 s", "refuse": "refused 60 s", "wipe": "wiped"}
COLUMNS = (
    *("engine", "cut", "requests", "failed", "p95", "longest"),
    *("feeds read", "of these failed", "stale", "their p95", "recovered after"),
    *("writes acknowledged", "lost", "doubled", "feeds = oracle"),
)


def row(seen: Noticed, found: Found) -> str:
    """One line of the table."""
    cells = (
        *(NAMES[seen.engine], WORDS[seen.cut], seen.requests, seen.failed, _took(seen.p95), _took(seen.longest)),
        *(seen.feeds, seen.feeds_failed, seen.feeds_stale, _took(seen.feeds_p95), f"{seen.recovered:.1f} s"),
        *(found.acknowledged, len(found.lost), len(found.doubled), "no" if found.differs else "yes"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def write(page: Path, rows: list[str]) -> None:
    """Put these rows into the page's table, in its order, each in the place of the one before it."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    kept = {_of(line): line for line in [*old.splitlines(), *rows] if _of(line) in ORDER}
    lines = [kept[one] for one in ORDER if one in kept]
    head = [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * 2}{' ---: |' * (len(COLUMNS) - 3)} --- |"]
    table = "\n".join([BEGIN, "", *head, *lines, "", END])
    page.write_text(f"{before}{table}{after}", encoding="utf-8")


def _of(line: str) -> tuple[str, ...]:
    """The engine and the cut of a row."""
    return tuple(cell.strip() for cell in line.split("|")[1:3])


def _took(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


ORDER = [(NAMES[engine], WORDS[cut]) for engine in NAMES for cut in CUTS]
