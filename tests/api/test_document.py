"""The OpenAPI document is the server's, and says what is so."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.repository.tree import ROOT, table
from tests.world import World
from tintype.entry import api, docs_page, openapi
from tintype.platform.errors import Problem


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openapi.encoded(api.litestar()))
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def test_the_client_is_made_from_this_document(document: dict[str, Any]) -> None:
    assert json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8")) == document


def test_operations_have_names_of_their_own_and_a_description(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for operation in operations(document))
    assert set(names.values()) == {1}
    assert all(operation["description"] and operation["tags"] for operation in operations(document))


def test_every_code_is_documented() -> None:
    assert set(openapi.codes()) == {row[0] for row in table("docs/api.md", "## Every error")}


def test_a_code_has_one_status() -> None:
    def walk(kind: type[Problem]) -> list[type[Problem]]:
        return [kind, *(one for each in kind.__subclasses__() for one in walk(each))]

    statuses: dict[str, set[int]] = {}
    for kind in walk(Problem):
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


def test_what_may_be_left_out_is_not_required(document: dict[str, Any]) -> None:
    bodies = {one["operationId"]: one["requestBody"] for one in operations(document) if "requestBody" in one}
    optional = {name for name, body in bodies.items() if not body["required"]}
    assert optional == {"refreshToken", "logout", "likePost", "likeComment"}
    assert set(bodies["uploadFile"]["content"]) == {"multipart/form-data"}


def test_parameters_have_bounds(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for parameter in operation.get("parameters", []):
            schema = parameter["schema"]
            if parameter["in"] == "path":
                assert "pattern" in schema, (operation["operationId"], parameter["name"])
            if parameter["name"] == "limit":
                assert (schema["minimum"], schema["maximum"]) == (1, 100)


def test_who_needs_no_session_is_told(document: dict[str, Any]) -> None:
    security = {one["operationId"]: one["security"] for one in operations(document)}
    assert security["login"] == security["uploadFile"] == []
    assert {} in security["getPost"]
    assert security["homeFeed"] == [{"bearer": []}, {"cookie": []}]


async def test_the_pages_are_served(world: World) -> None:
    served = await world.visitor.http.get("/api/v1/openapi.json")
    assert served.headers["content-type"] == "application/json"
    assert served.json()["openapi"].startswith("3.1")
    page = await world.visitor.http.get("/docs/api")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert docs_page.STYLE in page.text
    for operation in operations(served.json()):
        assert f"id='{operation['operationId']}'" in page.text
    for code in openapi.codes():
        assert f"id='{code}'" in page.text
    assert (await world.visitor.http.get(docs_page.STYLE)).headers["content-type"].startswith("text/css")


def test_limits_are_on_acts_of_people() -> None:
    """The edge counts them where it checks the session: for unsafe methods, by account."""
    for handler in openapi.handlers(api.litestar()):
        if rule := handler.opt.get("limit"):
            assert rule.per == "user"
            assert not {"GET", "HEAD"} & {str(one) for one in handler.http_methods}, handler.operation_id
            assert not handler.opt.get("own_auth")
