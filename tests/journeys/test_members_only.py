"""Members only: nothing without signing in, on any route, and nothing that a robot or a preview could tell."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from tests import world as worlds
from tests.world import World
from tintype.entry import api


@pytest.fixture
async def closed(database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.opened(database, tmp_path / "data", members_only=True) as opened:
        yield opened


async def test_visitors_get_nothing_on_any_route(closed: World) -> None:
    """The list is the application's own; left out is what has a way of its own to know who asks, such as log-in."""
    answers = {}
    for route in api.litestar().routes:
        if not isinstance(route, HTTPRoute) or route.path.startswith("/schema"):
            continue
        path = route.path_format.format(**{one.name: "1" for one in route.path_components if not isinstance(one, str)})
        for handler in route.route_handlers:
            for method in handler.http_methods - {"OPTIONS"}:
                if handler.opt.get("own_auth"):
                    continue
                body: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": {}}
                found = await closed.visitor.http.request(method, path, **body)
                answers[f"{method} {route.path_format}"] = (found.status_code, found.headers["x-robots-tag"])
    assert len(answers) > 40
    assert {one: found for one, found in answers.items() if found != (401, "noindex")} == {}


async def test_members_see_everything_and_nobody_between_keeps_it(closed: World) -> None:
    ana, ben = await closed.people("ana", "ben")
    post = await ana.post("among us", pictures=1)
    await closed.settle()
    for is_private in (False, True):
        await ben.follow(ana)
        await ana.ask("PUT", "/users/me", json={"is_private": is_private})
        await closed.settle()
        address = (await ben.see(post))["media"][0]["urls"]["large"]
        assert ("?" in address) == is_private
        answer = await ben.http.get(address)
        assert (answer.status_code, answer.headers["cache-control"].split(",")[0]) == (200, "private")
        assert (await closed.visitor.http.get(address)).status_code == 401, "signed or not"
        assert (await ben.http.get(f"/p/{post['post_id']}/thumb")).status_code == 302


async def test_the_client_loads_and_tells_nothing(closed: World) -> None:
    (ana,) = await closed.people("ana")
    post = await ana.post("a secret")
    await closed.settle()
    shells = [await closed.visitor.http.get(path) for path in ("/", "/login", f"/posts/{post['post_id']}", "/ana")]
    assert {one.status_code for one in shells} == {200}
    assert len({one.content for one in shells}) == 1
    assert {one.headers["x-robots-tag"] for one in shells} == {"noindex"}
