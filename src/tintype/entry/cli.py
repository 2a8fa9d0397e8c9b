"""The command `tintype`: runs the product or a part of it, and is an operator's hand on it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Literal

import msgspec
from cyclopts import App
from rich.console import Console

from tintype.entry.command import (
    LOOK_AFTER,
    RUN,
    Failed,
    Json,
    Positive,
    app,
    say,
    say_json,
    say_table,
    settings,
)
from tintype.platform.config import Settings

log = App(name="log", help="The event log: how far behind it is, what is stuck, doing it again.", group=LOOK_AFTER)
dlq = App(name="dlq", help="Events that were given up, and hold back what comes after them under the same key.")
seed = App(name="seed", help="Fill a product with given data, for tests and benches.", group=LOOK_AFTER)
for _part in (log, seed):
    app.command(_part)
log.command(dlq)

# What needs no other module to be registered, and starts the sooner for it.
WHOLE = frozenset({"serve", "demo", "api", "worker", "log", "doctor", "verify"})


@app.command(group=RUN, sort_key=1)
def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    public_url: str | None = None,
    data_dir: Path | None = None,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
) -> None:
    """Run everything on this machine: PostgreSQL, the API and the worker; Ctrl-C stops it.

    Parameters
    ----------
    host
        Address to listen on (TINTYPE_HOST, 127.0.0.1).
    port
        Port to listen on (TINTYPE_PORT, 8000); health and metrics are on the next one.
    public_url
        How browsers reach it (TINTYPE_PUBLIC_URL).
    data_dir
        Where everything is kept (TINTYPE_DATA_DIR).
    tls_cert
        Certificate, to serve https without a proxy (TINTYPE_TLS_CERT).
    tls_key
        Its key (TINTYPE_TLS_KEY).
    """
    from tintype.entry import supervisor

    given = {"HOST": host, "PORT": port, "PUBLIC_URL": public_url, "DATA_DIR": data_dir}
    given |= {"TLS_CERT": tls_cert, "TLS_KEY": tls_key}
    os.environ.update({f"TINTYPE_{name}": str(value) for name, value in given.items() if value is not None})
    asyncio.run(supervisor.serve(settings()))


@app.command(group=RUN, sort_key=2)
def demo(*, photos: Path | None = None, people: Positive = 12) -> None:
    """Run a living product with people, posts and comments, in a data folder of its own.

    Parameters
    ----------
    photos
        A folder of photos to post; without it pictures are drawn.
    people
        How many people live there.
    """
    from tintype.entry import demo as living

    living.main(settings(), photos=photos, people=people)


@app.command(group=RUN, sort_key=3)
def api() -> None:
    """Run an API process alone; `serve` does so itself."""
    from tintype.entry import api as process
    from tintype.entry import lifeline

    lifeline.guard()
    given = settings()
    process.main(given, _migrated(_url(given)))


@app.command(group=RUN, sort_key=4)
def worker(*, groups: str = "", jobs: str = "") -> None:
    """Run a worker process alone: consumers of the log, and jobs.

    Parameters
    ----------
    groups
        Which groups of consumers, separated by commas; all of them unless given; `none`.
    jobs
        Which kinds of jobs (`media`, `mail`, …), the same way.
    """
    from tintype.entry import lifeline
    from tintype.entry import worker as process

    lifeline.guard()
    given = settings()
    named, kinds = ([one.strip() for one in text.split(",") if one.strip()] for text in (groups, jobs))
    try:
        process.consumed(named), process.worked(kinds)
    except process.NoSuchPart as error:
        raise Failed(str(error)) from error
    process.main(given, _migrated(_url(given)), named, kinds)


@app.command(group=LOOK_AFTER)
def openapi(file: Path | None = None) -> None:
    """Print the API's OpenAPI document, or write it to a file."""
    from tintype.entry import api as process
    from tintype.entry import openapi as documents

    text = msgspec.json.format(msgspec.json.encode(documents.document(process.litestar())), indent=2)
    if file is None:
        sys.stdout.write(text.decode() + "\n")
    else:
        file.write_bytes(text + b"\n")


@app.command(group=LOOK_AFTER)
async def doctor(*, json: Json = False) -> int:
    """Say what is wrong with this installation and how to mend it; exits with 1 when something is."""
    from tintype.entry import doctor as examination

    checks = await examination.examine(settings())
    if json:
        healthy = not any(one.state == "wrong" for one in checks)
        say_json({"healthy": healthy, "checks": [msgspec.to_builtins(one) for one in checks]})
    else:
        examination.print_to(Console(highlight=False), checks)
    return int(any(one.state == "wrong" for one in checks))


@app.command(group=LOOK_AFTER)
async def verify(
    what: Literal["feeds", "graph", "explore", "counts", "orphans", "events"] | None = None,
    *,
    user: str | None = None,
    repair: bool = False,
    json: Json = False,
) -> int:
    """Compare everything derived with the truth in the tables; exits with 1 when something differs.

    Parameters
    ----------
    what
        One check only.
    user
        One account's feed and counts only (its id, or @username).
    repair
        Mend what is found.
    """
    from tintype.entry import running
    from tintype.entry import verify as oracle

    async with running.opened(settings(), "verify"):
        try:
            findings = await oracle.run(what=what, user=user, repair=repair)
        except oracle.LogBehind as error:
            raise Failed(str(error)) from error
    if json:
        say_json([msgspec.to_builtins(one) for one in findings])
    elif not findings:
        say("Everything derived is as the tables say.")
    else:
        say_table(
            ["what", "where", "expected", "found", "repaired"],
            [[one.kind, one.subject, one.expected, one.found, "yes" if one.repaired else "no"] for one in findings],
        )
    return int(bool(findings))


@log.command
async def lag(*, wait: float = 0.0, json: Json = False) -> int:
    """How far each group of consumers is behind; exits with 1 when anything is.

    Parameters
    ----------
    wait
        Wait up to so many seconds until everything has caught up.
    """
    from tintype.entry import running
    from tintype.entry.subscriptions import SUBSCRIPTIONS
    from tintype.platform import db
    from tintype.platform.event_log import admin

    topics = admin.topics_of(SUBSCRIPTIONS)
    async with running.opened(settings(), "log lag"):
        done = await admin.wait(topics, wait)
        async with db.read() as r:
            groups = await admin.lag(r, topics, is_relayed=bool(settings().kafka_url))
    if json:
        say_json({"caught_up": done, "groups": [msgspec.to_builtins(one) for one in groups]})
    else:
        columns = ["group", "events", "oldest", "retrying", "given up"]
        rows = [[one.group, one.events, f"{one.oldest_seconds:.1f} s", one.retrying, one.dead] for one in groups]
        say_table(columns, rows)
        say("Everything has caught up." if done else "Something is still to be done.")
    return int(not done)


@log.command
async def replay(group: str, *, since: int = 0, json: Json = False) -> None:
    """Let a group of kind `state` handle everything again.

    Parameters
    ----------
    group
        Its name in `tintype log lag`.
    since
        The position after which to begin.
    """
    from tintype.entry import running
    from tintype.entry.subscriptions import SUBSCRIPTIONS
    from tintype.platform import db
    from tintype.platform.event_log import admin

    async with running.opened(settings(), "log replay"), db.act(db.SYSTEM) as tx:
        try:
            parts = await admin.replay(tx, SUBSCRIPTIONS, group, since)
        except admin.NotReplayable as error:
            raise Failed(str(error)) from error
    if json:
        say_json({"group": group, "since": since, "partitions": parts})
    else:
        say(f"{group} begins again after position {since}, in {parts} partitions.")


@dlq.command(name="list")
async def dlq_list(*, json: Json = False) -> int:
    """Events that hold back their key; exits with 1 when there are any."""
    from tintype.entry import running
    from tintype.platform import db
    from tintype.platform.event_log import admin

    async with running.opened(settings(), "log dlq list"), db.read() as r:
        parked = await admin.parked(r)
    if json:
        say_json([msgspec.to_builtins(one) for one in parked])
    elif not parked:
        say("Nothing is held back.")
    else:
        columns = ["group", "topic", "key", "position", "event", "state", "tries", "waiting behind", "error"]
        rows = [[o.group, o.topic, o.key, o.pos, o.type, o.state, o.tries, o.waiting, o.error] for o in parked]
        say_table(columns, rows)
    return int(bool(parked))


@dlq.command
async def redrive(group: str | None = None, *, json: Json = False) -> None:
    """Try given-up events again, each key in order; of one group, or of all, and then given-up jobs too."""
    from tintype.entry import running
    from tintype.platform import db
    from tintype.platform.event_log import admin
    from tintype.platform.jobs import postgres as jobs

    async with running.opened(settings(), "log dlq redrive"), db.act(db.SYSTEM) as tx:
        events = await admin.redrive(tx, group)
        again = await jobs.redrive(tx) if group is None else 0
    if json:
        say_json({"events": events, "jobs": again})
    else:
        say(f"{events} events and {again} jobs will be tried again.")


@seed.command
async def graph(file: Path, *, prefix: str = "person") -> None:
    """Load people and who follows whom, in bulk and without passwords.

    Parameters
    ----------
    file
        An edge list: arrays `follower` and `followee` of numbers in an .npz file.
    prefix
        What usernames begin with; person 7 is @person7.
    """
    from tintype.entry import running
    from tintype.entry import seed as loading

    async with running.opened(settings(), "seed graph") as url:
        try:
            loaded = await loading.graph(url, file, prefix=prefix)
        except ValueError as error:
            raise Failed(f"{file}: {error}") from error
    say(f"{len(loaded.account_ids)} people and {loaded.follows} follows are there.")


def _url(given: Settings) -> str:
    """The database of a process that does not start it: the one that is set, or the supervisor's."""
    from tintype.platform.embedded_postgres import EmbeddedPostgres

    if given.database_url:
        return given.direct_url
    try:
        return EmbeddedPostgres(given.data_dir).url
    except FileNotFoundError as error:
        raise Failed("There is no database yet: `tintype serve` makes it, or set TINTYPE_DATABASE_URL.") from error


def _migrated(url: str) -> str:
    """The same, once the database is at this version, or beyond it: migrations only add until the next release."""
    from tintype.platform import migrations

    try:
        wanted = [] if "TINTYPE_SUPERVISED" in os.environ else asyncio.run(migrations.pending(url))
    except migrations.MadeByNewer:
        return url
    if wanted:
        raise Failed(f"The database is {len(wanted)} migrations behind: run `tintype migrate` first.")
    return url


def main() -> None:
    """The console script: one line for what an operator can mend, a trace for what we must."""
    if not WHOLE.intersection(sys.argv[1:2]):
        from tintype.entry import letters, people, plan, ranking, storage, upkeep  # noqa: F401 - they register

    try:
        app()
    except Failed as error:
        sys.exit(f"tintype: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from tintype.entry import endings

        if (said := endings.sentence(error)) is None:
            raise
        sys.exit(f"tintype: {said}")
