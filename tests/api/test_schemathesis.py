"""Schemathesis over the OpenAPI document of a running product: no 5xx, and no answer that is not documented."""

import io
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
from tintype.platform.config import Settings

DOCUMENT = schemathesis.openapi.from_dict(openapi.document(api.litestar(Settings())))
EXAMPLES = 25
LONGEST_WAIT = 0.05
ENDS_SESSIONS = {"logout", "revokeSession", "resetPassword"}


class Client:
    """An account on the product that is asked, and things that are really there."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=f"{url}/api/v1", timeout=30)
        form = {"username": "ana", "email": "ana@example.org", "password": "a long password", "session": "token"}
        self.user_id = self._data(self.http.post("/users/register", json=form))["user"]["user_id"]
        self.token = self.new_token()
        self.http.headers["Authorization"] = f"Bearer {self.token}"
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

    def new_token(self) -> str:
        form = {"login": "ana@example.org", "password": "a long password", "session": "token"}
        return str(self._data(self.http.post("/users/login", json=form))["access_token"])

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
    token = client.new_token() if operation in ENDS_SESSIONS else client.token
    case.call_and_validate(
        base_url=product_url,
        headers={"Authorization": f"Bearer {token}"},
        checks=[
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ],
        timeout=30,
    )
