"""Engines before the start: waited for, and what is wrong with any of them told at once."""

import asyncio
from pathlib import Path

import pytest

from tests.engines import s3
from tests.engines.product import installed
from tintype.entry import preparing
from tintype.platform.config import Settings

NOWHERE = {
    "REDIS_URL": "redis://:hidden@127.0.0.1:1/0",
    "KAFKA_URL": "kafka://user:hidden@127.0.0.1:1/tintype",
    "CASSANDRA_URL": "cassandra://user:hidden@127.0.0.1:1/tintype",
    "S3_URL": "http://127.0.0.1:1/media",
    "S3_KEY": "key",
    "S3_SECRET": "hidden",
    "RABBITMQ_URL": "amqp://user:hidden@127.0.0.1:1/",
    "CLAMD_URL": "tcp://127.0.0.1:1",
}


def settings(folder: Path, url: str, secret: str = s3.SECRET, wait: int = 0) -> Settings:
    return Settings(data_dir=folder, s3_url=url, s3_key=s3.KEY, s3_secret=secret, engine_wait=wait)


async def wrong(given: Settings, database: str) -> list[tuple[str, str]]:
    with pytest.raises(preparing.Unready) as unready:
        await preparing.prepare(given, database)
    return [(one.code, one.setting) for one in unready.value.wrong]


@pytest.mark.parametrize("command", ["migrate", "serve"])
async def test_every_engine_that_does_not_answer_is_named(database: str, command: str) -> None:
    with installed(DATABASE_URL=database, ENGINE_WAIT="0", **NOWHERE) as product:
        answer = await asyncio.to_thread(product.command, command)
    assert answer.returncode == 1
    for setting in NOWHERE.keys() - {"S3_KEY", "S3_SECRET"}:
        (line,) = (one for one in answer.stderr.splitlines() if one.startswith(f"  TINTYPE_{setting}: "))
        assert line.endswith("or correct the address [ENGINE_UNREACHABLE]")
    assert "hidden" not in answer.stderr + answer.stdout
    assert "Traceback" not in answer.stderr


async def test_a_database_that_does_not_answer_is_named_as_well() -> None:
    with installed(DATABASE_URL="postgresql://photos:hidden@127.0.0.1:1/photos", ENGINE_WAIT="0") as product:
        answer = await asyncio.to_thread(product.command, "migrate")
    assert answer.returncode == 1
    assert "TINTYPE_DATABASE_URL: " in answer.stderr
    assert "[ENGINE_UNREACHABLE]" in answer.stderr
    assert "hidden" not in answer.stderr


async def test_a_bucket_has_to_be_there_and_open(database: str, tmp_path: Path) -> None:
    with s3.running(tmp_path / "s3") as store:
        await preparing.prepare(settings(tmp_path, store.url), database)
        missing = store.url.replace("/media", "/others")
        assert await wrong(settings(tmp_path, missing), database) == [("BUCKET_MISSING", "TINTYPE_S3_URL")]
        assert await wrong(settings(tmp_path, store.url, "wrong"), database) == [("BUCKET_CLOSED", "TINTYPE_S3_URL")]


async def test_an_engine_that_is_still_starting_is_waited_for(database: str, tmp_path: Path) -> None:
    told = list[str]()
    with s3.running(tmp_path / "s3") as store:
        store.kill()
        ready = asyncio.create_task(preparing.prepare(settings(tmp_path, store.url, wait=60), database, told.append))
        while not told:
            await asyncio.sleep(0.05)
            assert not ready.done()
        store.restart()
        await asyncio.wait_for(ready, 30)
    assert len(told) == 1
    assert told[0].startswith("waiting for s3 (")


async def test_one_that_was_ready_before_may_be_down_at_the_next_start(database: str, tmp_path: Path) -> None:
    told = list[str]()
    with s3.running(tmp_path / "s3") as store:
        given = settings(tmp_path, store.url)
        await preparing.prepare_again(given, database, told.append)
        assert told == []
        store.kill()
        await preparing.prepare_again(given, database, told.append)
        assert told[0].startswith("s3 does not answer, and was ready before: going on without it")
        elsewhere = settings(tmp_path, store.url.replace("/media", "/others"))
        with pytest.raises(preparing.Unready):
            await preparing.prepare_again(elsewhere, database, told.append)
