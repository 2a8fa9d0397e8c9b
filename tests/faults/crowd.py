"""People of a running product and the requests they make, for tests under load."""

from dataclasses import dataclass

import httpx2

from tests.engines.load import request
from tests.engines.product import Product


@dataclass
class Person:
    """An account, its token, and a post of theirs."""

    id: str
    token: str
    post_id: str


def people(product: Product, number: int) -> list[Person]:
    """So many registered people who have each posted something."""
    found = []
    with httpx2.Client(base_url=f"{product.url}/api/v1", timeout=30) as client:
        for n in range(number):
            body = {"username": f"person{n}", "email": f"person{n}@example.org", "password": "long enough"}
            signed = client.post("/users/register", json=body | {"session": "token"}).raise_for_status().json()["data"]
            client.headers["Authorization"] = f"Bearer {signed['access_token']}"
            post = client.post("/posts", json={"type": "TEXT", "caption": f"low tide {n} #sea"}).raise_for_status()
            found.append(Person(signed["user"]["user_id"], signed["access_token"], post.json()["data"]["post_id"]))
            del client.headers["Authorization"]
    return found


def reads(crowd: list[Person]) -> list[str]:
    """What people look at: profiles, posts, comments, lists."""
    paths = ("/users/{0.id}", "/users/{0.id}/posts", "/posts/{0.post_id}", "/posts/{0.post_id}/comments")
    return [request("GET", f"/api/v1{path.format(one)}", one.token) for one in crowd for path in paths]


def writes(crowd: list[Person]) -> list[str]:
    """What people do: post, comment, like."""
    found = []
    for one in crowd:
        found.append(request("POST", "/api/v1/posts", one.token, {"type": "TEXT", "caption": "under load"}))
        found.append(request("POST", f"/api/v1/posts/{one.post_id}/comments", one.token, {"text": "well said"}))
        found.append(request("POST", f"/api/v1/posts/{one.post_id}/like", one.token, {}))
    return found
