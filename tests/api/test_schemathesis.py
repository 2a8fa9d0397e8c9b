"""Schemathesis over the OpenAPI document of a running product: no 5xx, and no answer that is not documented."""

import io
import os
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.engines.product import installed
from tests.world import drawn
from tintype.entry import api, openapi

DOCUMENT = schemathesis.openapi.from_dict(openapi.document(api.litestar()))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 12
LONGEST_WAIT = 0.05
ENDS_SESSIONS = {"logout", "revokeSession", "resetPassword"}


class Client:
    """An account on the product that is asked, and things that are really there."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=f"{url}/api/v1", timeout=30)
        form = {"username": "ana", "email": "ana@example.org", "password": "a long password", "session": "token"}
        self.user_id = self._data(self.http.post("/users/register", json=form))["user"]["user_id"]
        self.renew()
        picture = drawn()
        wanted = {"kind": "IMAGE", "content_type": "image/jpeg", "size": len(picture)}
        ticket = self._data(self.http.post("/media/upload-url", json=wanted))
        sent = {"file": ("photo.jpg", io.BytesIO(picture), "image/jpeg")}
        self.http.post(f"{url}{ticket['upload']['url']}", data=ticket["upload"]["fields"], files=sent)
        self.http.post(f"/media/{ticket['media_id']}/complete")
        post = {"type": "IMAGE", "caption": "low tide #sea", "media": [{"media_id": ticket["media_id"]}]}
        post_id = self._data(self.http.post("/posts", json=post))["post_id"]
        self.http.get(f"/posts/{post_id}/wait")
        comment = self._data(self.http.post(f"/posts/{post_id}/comments", json={"text": "beautiful"}))
        self.real = {
            "post_id": post_id,
            "media_id": ticket["media_id"],
            "comment_id": comment["comment_id"],
            "user_id": self.user_id,
        }

    def renew(self) -> None:
        """Log in again: what is about to be asked may have ended the session."""
        form = {"login": "ana@example.org", "password": "a long password", "session": "token"}
        token = self._data(self.http.post("/users/login", json=form))["access_token"]
        self.signed_in = {"Authorization": f"Bearer {token}"}
        self.http.headers.update(self.signed_in)

    def _data(self, answer: httpx2.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="module")
def product_url() -> Iterator[str]:
    with installed() as product:
        product.start()
        yield product.url


@pytest.fixture(scope="module")
def client(product_url: str) -> Iterator[Client]:
    found = Client(product_url)
    yield found
    found.http.close()


BEN = {"username": "ben", "email": "ben@example.org", "password": "a long password"}
RIGHT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "registerAccount": (
        "/users/register",
        "POST",
        {"username": "ben", "email": "b@example.com", "password": "12345678"},
    ),
    "createPost": ("/posts", "POST", {"type": "TEXT", "caption": "hello", "location": {"name": "Kiel"}}),
    "createComment": ("/posts/{post_id}/comments", "POST", {"text": "hello"}),
    "createUploadUrl": ("/media/upload-url", "POST", {"kind": "IMAGE", "content_type": "image/png", "size": 9}),
    "updateMe": ("/users/me", "PUT", {"full_name": "Ana", "preferences": {"theme": "dark"}}),
}


@pytest.mark.parametrize("operation_id", RIGHT)
def test_what_is_right_is_done_and_answered_as_documented(operation_id: str, product_url: str, client: Client) -> None:
    path, method, body = RIGHT[operation_id]
    operation = DOCUMENT[f"/api/v1{path}"][method]
    ids = {name: value for name, value in client.real.items() if f"{{{name}}}" in path}
    case = operation.Case(path_parameters=ids, body=body, media_type="application/json")
    answer = case.call_and_validate(base_url=product_url, headers=client.signed_in, checks=CHECKS)
    assert answer.status_code in {200, 201}


@DOCUMENT.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(case: Any, product_url: str, client: Client) -> None:
    operation = case.operation.definition.raw["operationId"]
    for name in case.path_parameters or {}:
        if name in client.real and len(str(case.path_parameters[name])) % 2:  # half of them are really there
            case.path_parameters[name] = client.real[name]
    if "seconds" in (case.query or {}):
        case.query["seconds"] = LONGEST_WAIT
    elif operation.startswith("waitFor"):
        case.query = {**(case.query or {}), "seconds": LONGEST_WAIT}
    if operation in ENDS_SESSIONS:
        client.renew()
    case.call_and_validate(
        base_url=product_url,
        headers=client.signed_in,
        checks=CHECKS,
        timeout=30,
        allow_redirects=False,  # where they lead to is no part of the API
    )
    if operation in ENDS_SESSIONS:
        client.renew()
    if operation == "deletePost":
        client.http.post(f"/posts/{client.real['post_id']}/restore")
