"""A worker may be given some groups of consumers and some kinds of jobs: then it does these, and no others."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest

from tintype.entry import worker
from tintype.entry.subscriptions import JOBS, SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.jobs import postgres as jobs
from tintype.platform.jobs.port import enqueue


def test_all_unless_some_are_named() -> None:
    assert worker.consumed() == SUBSCRIPTIONS
    assert worker.worked() == JOBS
    assert {one.group for one in worker.consumed(["explore", "timelines"])} == {"explore", "timelines"}
    assert set(worker.worked(["mail", "posts"])) == {"mail.send", "posts.purge"}


def test_none_is_none() -> None:
    assert worker.consumed(["none"]) == []
    assert worker.worked(["none"]) == {}


@pytest.mark.parametrize("choose", [worker.consumed, worker.worked])
@pytest.mark.parametrize("named", [["nobody"], ["none", "explore"], [""]])
def test_what_is_not_there_is_refused(choose: Any, named: list[str]) -> None:
    with pytest.raises(worker.NoSuchPart, match="there are"):
        choose(named)


@pytest.mark.parametrize("option", ["--groups", "--jobs"])
def test_the_command_names_what_there_is_before_it_starts(option: str) -> None:
    environment = {**os.environ, "TINTYPE_DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "tintype", "worker", option, "nobody"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert answer.returncode == 1
    assert "named nobody; there are" in answer.stderr


async def test_a_job_that_is_not_ones_own_is_left_to_others(database: str) -> None:
    taken: list[str] = []

    async def take(payload: dict[str, Any]) -> None:
        taken.append(payload["name"])

    async with db.act(db.SYSTEM) as tx:
        for name in ("media.purge", "mail.send"):
            await enqueue(tx, name, {"name": name})
    working = asyncio.create_task(jobs.run(database, dict.fromkeys(worker.worked(["mail"]), take)))
    async with asyncio.timeout(10):
        while not taken:
            await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert taken == ["mail.send"]
    async with db.read() as r:
        assert await r.value("select status::text from pgqueuer where entrypoint = 'media.purge'") == "queued"
