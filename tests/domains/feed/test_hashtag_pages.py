"""Hashtags: their pages, their numbers, and what begins so."""

import asyncio

import pytest

from tests.world import Refused, World
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache


async def test_a_page_has_public_posts_newest_first(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    for n, who in enumerate((ana, ben, ana, ben)):
        await who.post(f"{n} #Sea")
        await world.settle()
        await asyncio.sleep(0.002)
    gone = await ana.post("gone #sea")
    await world.settle()
    await ana.delete(gone)
    assert await world.visitor.ask("GET", "/hashtags/SEA") == {"name": "sea", "post_count": 5}, "the log has not told"
    await world.settle()
    assert await world.visitor.ask("GET", "/hashtags/%23sea") == {"name": "sea", "post_count": 4}
    for limit in (1, 3, 20):
        found = await eve.pages("/hashtags/sea/posts", limit)
        assert [one["caption"][0] for one in found] == ["3", "2", "1", "0"]
    await ben.ask("POST", f"/users/{eve.id}/block")
    assert [one["caption"][0] for one in await eve.pages("/hashtags/sea/posts", 1)] == ["2", "0"]
    assert len(await world.visitor.pages("/hashtags/sea/posts")) == 4
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    assert await eve.pages("/hashtags/sea/posts") == []
    page = await world.visitor.answer("GET", "/hashtags/sea/posts?limit=1")
    with pytest.raises(Refused) as refused:
        await world.visitor.ask("GET", f"/hashtags/sand/posts?cursor={page['pagination']['next_cursor']}")
    assert refused.value.code == "CURSOR_INVALID"


async def test_names_are_folded_and_what_is_none_is_not_there(world: World) -> None:
    (ana,) = await world.people("ana")
    await ana.post("#Straße #日本 #a_1")
    await world.settle()
    for name, folded in (("STRASSE", "strasse"), ("StraßE", "straße"), ("日本", "日本"), ("A_1", "a_1"), ("no", "no")):
        found = await world.visitor.ask("GET", f"/hashtags/{name}")
        assert found == {"name": folded, "post_count": 1 if folded in {"straße", "日本", "a_1"} else 0}
    assert await world.visitor.ask("GET", "/hashtags/no/posts") == []
    for name in ("two words", "2026", "a-b", "x" * 101):
        for path in ("", "/posts"):
            with pytest.raises(Refused) as refused:
                await world.visitor.ask("GET", f"/hashtags/{name}{path}")
            assert refused.value.status == 404


async def test_what_begins_so_by_number(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    await ana.post("#sea #seal #sand")
    await ben.post("#seal #Sear #other")
    await world.settle()
    for q, found in (("sea", ["seal", "sea", "sear"]), ("#SEAL", ["seal"]), ("x", []), ("%23", []), ("  ", [])):
        answer = await ana.ask("GET", "/hashtags/lookup", params={"q": q})
        assert [one["name"] for one in answer] == found
    for _ in range(2):
        assert len(await ana.ask("GET", "/hashtags/lookup?q=s&limit=2")) == 2
    assert [one["post_count"] for one in await ana.ask("GET", "/hashtags/lookup?q=se")] == [2, 1, 1]
    await ben.post("#sear")
    await world.settle()
    assert [one["name"] for one in await ana.ask("GET", "/hashtags/lookup?q=se")] == ["seal", "sea", "sear"], "kept"
    cache.use(MemoryCache())
    assert [one["name"] for one in await ana.ask("GET", "/hashtags/lookup?q=se")] == ["seal", "sear", "sea"]
    with pytest.raises(Refused) as refused:
        await ana.ask("GET", "/hashtags/lookup?q=s&limit=0")
    assert refused.value.status == 422
