"""`tintype move` takes an embedded installation to every engine; killed in its middle, it goes on where it was."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import asyncpg
import pytest

from tests.big.homes import has, new_home, until
from tests.engines.big import Big, Place
from tests.engines.people import Somebody, registered
from tests.engines.product import Product, installed
from tests.entry.test_backup import command
from tests.world import drawn
from tintype.entry.moved import moved
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.clients.cassandra_schema import Marks
from tintype.platform.clients.s3 import Bucket, Client
from tintype.platform.objects.port import PART_BYTES

pytestmark = pytest.mark.timeout(600)
LARGE = drawn(9) + bytes(PART_BYTES * 2)


class Life(NamedTuple):
    """What people have done, and saw then."""

    people: list[Somebody]
    homes: dict[str, list[str]]
    addresses: list[str]
    begun: dict[str, Any]


@pytest.fixture
def product() -> Iterator[Product]:
    with installed(LOG_LEVEL="warning", VIDEO_NICENESS="0") as found:
        yield found


async def test_everything_arrives_and_goes_on(product: Product, big: Big) -> None:
    await asyncio.to_thread(product.start)
    life = await lived(product.url)
    await asyncio.to_thread(product.stop)
    data, home = product.folder / "data", await new_home(big)

    product.set(**home.environment)
    watch = await asyncpg.connect(home.url)
    await keyspace_of_another(product, home)
    await killed(product, lambda: seen((data / "moving.dump").exists))
    await killed(product, lambda: is_read_back(watch))
    await bucket_of_another(product, home)
    await killed(product, lambda: seen(lambda: moved(data).bucket != ""))
    await another_bucket_now(product, big)
    await killed(product, lambda: seen(lambda: any((data / "run").glob("worker-*.health"))))
    assert await asyncio.to_thread(command, product, "move") == []
    assert product.remnants() == []
    await watch.close()

    await asyncio.to_thread(product.start)
    await still_there(life, product.url)
    await goes_on(life, product.url)
    assert await asyncio.to_thread(command, product, "verify") == []
    await asyncio.to_thread(product.stop)


async def lived(url: str) -> Life:
    """Ana is private and has Ben for a follower, Cyd follows Ben; pictures, a video, and an upload half done."""
    people = ana, ben, cyd = [await registered(url, name) for name in ("ana", "ben", "cyd")]
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await ben.follow(ana)
    await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/accept")
    await cyd.follow(ben)
    await ben.ask("POST", "/users/me/avatar", json={"media_id": await ben.upload(drawn(7))})
    posts = [await ana.films("for followers"), await ana.post("a picture", pictures=2), await ben.post("#sea", 1)]
    for author, post in zip((ana, ana, ben), posts, strict=True):
        await author.published(post)
    await ben.like(posts[0])
    await ben.comment(posts[1], "well said")
    await cyd.like(posts[2])
    begun = await ben.ask(
        "POST", "/media/upload-url", json={"kind": "IMAGE", "content_type": "image/jpeg", "size": len(LARGE)}
    )
    await send(ben, begun, {1})
    await until(lambda: has(ben, posts[1]))
    await until(lambda: has(cyd, posts[2]))
    seen = [await ben.see(one) for one in posts]
    addresses = [address for one in seen for medium in one["media"] for address in medium["urls"].values()]
    found = await ben.statuses(addresses)
    assert set(found.values()) == {200}
    assert sum(address.partition("?")[0].endswith(".m4s") for address in found) > 3, "it is a video"
    homes = {one.name: await one.home() for one in people}
    assert [len(posts) for posts in homes.values()] == [2, 3, 1]
    return Life(people, homes, list(found), begun)


async def still_there(life: Life, url: str) -> None:
    """Sessions, feeds, counts and the very addresses of media."""
    ana, ben, cyd = (one.at(url) for one in life.people)
    for one in (ana, ben, cyd):
        assert await one.home() == life.homes[one.name]
        told = await one.ask("POST", "/users/token/refresh", json={"refresh_token": one.refresh_token})
        assert told["access_token"]
    assert set((await ben.statuses(life.addresses)).values()) == {200}
    signed = [one for one in life.addresses if "?" in one]
    assert signed
    for address in (signed[0], signed[-1]):
        assert (await cyd.http.get(address.partition("?")[0])).status_code == 404, "it is for followers"
    assert (await ana.http.get((await ben.ask("GET", "/users/me"))["avatar_url"])).status_code == 200
    liked = await ana.see({"post_id": life.homes["ana"][-1]})
    assert (liked["like_count"], liked["comment_count"]) in {(1, 0), (0, 1)}


async def goes_on(life: Life, url: str) -> None:
    """New posts arrive through all engines, and the upload that had begun is brought to its end."""
    ana, ben, _ = (one.at(url) for one in life.people)
    film = await ana.published(await ana.films("from the new home"))
    picture = await ana.published(await ana.post("another", pictures=1))
    await until(lambda: has(ben, film))
    await until(lambda: has(ben, picture))
    addresses = list((await ben.see(film))["media"][0]["urls"].values())
    assert set((await ben.statuses(addresses)).values()) == {200}
    arrived = (await ben.ask("GET", f"/media/{life.begun['media_id']}/parts"))["parts"]
    assert [one["number"] for one in arrived if one["arrived"]] == [1]
    await send(ben, life.begun, {2, 3})
    await ben.ask("POST", f"/media/{life.begun['media_id']}/complete")
    await ben.published(await ben.shows("IMAGE", [life.begun["media_id"]]))


async def killed(product: Product, when: Callable[[], Awaitable[bool]]) -> None:
    """`kill -9` of a move at this moment; nothing that it had started goes on."""
    where: dict[str, Any] = {"cwd": product.folder, "env": product.environment}
    where |= {"stdin": DEVNULL, "stdout": DEVNULL, "stderr": DEVNULL}
    running = await asyncio.create_subprocess_exec(sys.executable, "-m", "tintype", "move", **where)
    deadline = time.monotonic() + 90
    while not await when():
        assert running.returncode is None, "it came to its end before"
        assert time.monotonic() < deadline
        await asyncio.sleep(0.002)
    running.kill()
    await running.wait()
    while product.remnants():
        assert time.monotonic() < deadline, product.remnants()
        await asyncio.sleep(0.1)


async def keyspace_of_another(product: Product, home: Place) -> None:
    """It is refused, before anything else is done."""
    url = home.more["cassandra_url"]
    async with Marks.opened(url) as marks:
        await marks.begin("of another installation")
    assert "[KEYSPACE_TAKEN]" in await refused(product)
    client = CassandraClient(url)
    await client.rows("truncate store", seconds=20)
    await client.close()


async def bucket_of_another(product: Product, home: Place) -> None:
    """It is refused, and stays as it is; the database is there by then."""
    client = Client(Bucket(home.more["s3_url"], home.more["s3_key"], home.more["s3_secret"]), 10)
    await client.request("PUT", "uploads/5", {}, b"somebody's")
    assert "TINTYPE_S3_URL is not empty" in await refused(product)
    assert await client.request("GET", "uploads/5", {}) == b"somebody's"
    assert moved(product.folder / "data").done == ["database"]
    await client.request("DELETE", "uploads/5", {})
    await client.close()


async def another_bucket_now(product: Product, big: Big) -> None:
    """What is on its way to one place does not go to another."""
    before = product.environment["TINTYPE_S3_URL"]
    product.set(S3_URL=big.s3.make("elsewhere"))
    assert f"is on its way to {before}" in await refused(product)
    product.set(S3_URL=before)


async def seen(fact: Callable[[], bool]) -> bool:
    return fact()


async def is_read_back(watch: asyncpg.Connection) -> bool:
    """Whether the dump is on its way into the new database."""
    return bool(
        await watch.fetchval("select exists (select from pg_stat_activity where application_name = 'pg_restore')")
    )


async def refused(product: Product) -> str:
    answer = await asyncio.to_thread(product.command, "move")
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr, answer.stderr
    return answer.stderr


async def send(person: Somebody, ticket: dict[str, Any], numbers: set[int]) -> None:
    """Some parts of the large picture, to the addresses that were given for them."""
    for part in ticket["upload"]["parts"]:
        if part["number"] in numbers:
            at = (part["number"] - 1) * PART_BYTES
            sent = await person.http.put(part["url"], content=LARGE[at : at + PART_BYTES])
            assert sent.is_success, sent.text
