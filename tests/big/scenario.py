"""A long random story of a few people, told by every answer that the product gives them.

The same seed is the same story, whatever it is played on, until an answer differs. Ids stand as `#n` in the order in
which they first come up; times, cursors and keys of addresses are left out. Of what is ranked by time it is told what
is there, and not in which order. Nor is it told whether a page of a feed has another, which may turn out to be empty:
what may not be seen is hidden last.
"""

import json
import re
from collections.abc import Awaitable, Callable
from itertools import count
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from tests.world import Person, Refused, World
from tintype.platform.cache.port import cache

PEOPLE = ("ana", "ben", "cyd", "dov", "eve")
WORDS = ("low tide", "a walk", "#Sea and wind", "#sea again", "with @ana", "@ben, look", "ünïcode 🌊", "early light")
KINDS = ("LIKE", "LOVE", "HAHA", "WOW", "SAD", "ANGRY")
ACTS_A_ROUND, LOOKS_A_ROUND = 8, 12
ID = re.compile(r"(?<![0-9A-Za-z])\d{15,19}(?![0-9])")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
KEY = re.compile(r"(/m/\d+/)[^/]+")
SIGNATURE = re.compile(r"\?[a-z]=.*")


class Story:
    """One telling of it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.told: list[str] = []
        self._random = Random(seed)
        self._people: list[Person] = []
        self._posts: list[str] = []
        self._comments: list[str] = []
        self._labels: dict[str, str] = {}
        self._pictures = count()

    async def play(self, rounds: int) -> list[str]:
        """So many rounds, in each of which some things are done and then looked at; returns what was told."""
        self._people = await self.world.people(*PEOPLE)
        for _ in range(2):
            await self._post(self._someone())
        for n in range(rounds):
            for _ in range(ACTS_A_ROUND):
                await self._random.choices(ACTS, WEIGHTS)[0](self)
            if n % 4 == 0:
                await self._post_a_picture()
            await self.world.settle()
            await cache().delete("explore")  # it stands for 20 seconds, in which nothing new is explored
            for one in self._people:
                await self._pages(one, "/feed/home", limit=self._random.randint(1, 7))
            for _ in range(LOOKS_A_ROUND):
                await self._look()
        for one in self._people:
            await one.http.aclose()
        return self.told

    # What people do

    async def _write(self) -> None:
        await self._post(self._someone())

    async def _post(self, author: Person, **more: Any) -> None:
        await self.world.settle()  # what two people publish at the same moment may come in either order
        body = {"type": "TEXT", "caption": self._words(), **more}
        made = await self._ask(author, "POST", "/posts", json=body)
        if made:
            self._posts.append(made["post_id"])
            await self._ask(author, "GET", "/feed/home", params={"limit": "2"})

    async def _post_a_picture(self) -> None:
        author = self._someone()
        media_id = await author.upload()
        described = [{"media_id": media_id, "alt_text": f"Picture {next(self._pictures)}"}]
        await self._post(author, type="IMAGE", media=described)

    async def _to_a_post(self) -> None:
        path, method = self._random.choice(TO_POSTS)
        who, post_id = self._someone(), self._which(self._posts)
        await self._ask(who, method, f"/posts/{post_id}{path}")
        await self._ask(who, "GET", f"/posts/{post_id}")

    async def _to_ones_own_post(self) -> None:
        """By all of them: its author's act has effect, the others' are refused."""
        path, method = self._random.choice(TO_OWN_POSTS)
        post_id, words = self._which(self._posts), self._words()
        for one in self._people:
            await self._ask(
                one, method, f"/posts/{post_id}{path}", json={"caption": words} if method == "PUT" else None
            )

    async def _like(self) -> None:
        who, post_id = self._someone(), self._which(self._posts)
        await self._ask(who, "POST", f"/posts/{post_id}/like", json={"reaction": self._random.choice(KINDS)})
        await self._ask(who, "GET", f"/posts/{post_id}")

    async def _comment(self) -> None:
        who, post_id = self._someone(), self._which(self._posts)
        parent = self._which(self._comments) if self._random.random() < 0.4 else None
        made = await self._ask(
            who, "POST", f"/posts/{post_id}/comments", json={"text": self._words(), "parent_id": parent}
        )
        if made:
            self._comments.append(made["comment_id"])

    async def _to_a_comment(self) -> None:
        path, method = self._random.choice(TO_COMMENTS)
        comment_id, words = self._which(self._comments), self._words()
        for one in self._people:
            body = {"text": words} if method == "PUT" else {} if path == "/like" and method == "POST" else None
            await self._ask(one, method, f"/comments/{comment_id}{path}", json=body)

    async def _to_somebody(self) -> None:
        path, method = self._random.choice(TO_PEOPLE)
        who, other = self._someone(), self._someone()
        await self._ask(who, method, path.format(other.id))
        await self._ask(who, "GET", f"/users/{other.id}")
        await self._ask(who, "GET", "/feed/home", params={"limit": "3"})

    async def _follow(self) -> None:
        who, other = self._someone(), self._someone()
        await self._ask(who, "POST", f"/users/{other.id}/follow")

    async def _change_oneself(self) -> None:
        who, private = self._someone(), self._random.random() < 0.3
        await self._ask(who, "PUT", "/users/me", json={"bio": self._words(), "is_private": private})

    # What they see

    async def _look(self) -> None:
        who, other = self._someone(), self._someone()
        path = self._random.choice(LOOKS)
        if "{comment}" in path and not self._comments:
            path = "/users/me"
        path = path.format(
            user=other.id, name=other.name, post=self._which(self._posts), comment=self._which(self._comments)
        )
        if path.startswith("/one/"):
            await self._ask(who, "GET", path.removeprefix("/one"))
        else:
            await self._pages(who, path, is_ranked="ranked" in path or "explore" in path)

    async def _pages(self, who: Person, path: str, *, limit: int = 5, is_ranked: bool = False) -> None:
        """Every item of a list, or how it is refused."""
        address, _, query = path.partition("?")
        try:
            items = [self._plain(one) for one in await who.pages(address, limit, **dict(parse_qsl(query)))]
        except Refused as refused:
            items = [f"{refused.status} {refused.code}"]
        if is_ranked:
            items.sort()
        self._tell(f"{who.name} sees {self._labelled(path)}: {len(items)}", *items)

    # Means

    async def _ask(self, who: Person, method: str, path: str, **more: Any) -> Any:
        """The data of the answer, or None where it is refused."""
        asked = f"{who.name} {method} {self._labelled(path)}"
        try:
            found = await who.answer(method, path, **{name: one for name, one in more.items() if one is not None})
        except Refused as refused:
            self._tell(f"{asked}: {refused.status} {refused.code} {self._plain(refused.details)}")
            return None
        told = found["data"] if path.startswith("/feed/") else found
        self._tell(f"{asked}: {self._plain(told)}")
        return found["data"]

    def _tell(self, *lines: str) -> None:
        self.told += lines

    def _plain(self, found: Any) -> str:
        """JSON that is the same wherever it comes from."""
        text = json.dumps(_without_meta(found), sort_keys=True, ensure_ascii=False)
        return self._labelled(text)

    def _labelled(self, text: str) -> str:
        return TIME.sub("<time>", ID.sub(lambda one: self._labels.setdefault(one[0], f"#{len(self._labels)}"), text))

    def _someone(self) -> Person:
        return self._random.choice(self._people)

    def _which(self, some: list[str]) -> str:
        """One of these, the newest most often."""
        at = min(int(self._random.expovariate(0.3)), 20)
        return some[-1 - at % len(some)] if some else "1"

    def _words(self) -> str:
        return " ".join(self._random.choices(WORDS, k=2))


def _without_meta(found: Any) -> Any:
    if isinstance(found, dict):
        kept = {name: one for name, one in found.items() if name not in {"timestamp", "request_id"}}
        return {name: _plain_value(name, one) for name, one in kept.items()}
    return [_without_meta(one) for one in found] if isinstance(found, list) else found


def _plain_value(name: str, value: Any) -> Any:
    if name == "next_cursor" and value:
        return "<cursor>"
    if isinstance(value, str) and value.startswith("/m/"):
        return SIGNATURE.sub("?<signed>", KEY.sub(r"\1<key>", value))
    return _without_meta(value)


Act = Callable[[Story], Awaitable[None]]
CHANCES: dict[Act, int] = {
    Story._write: 5,
    Story._like: 4,
    Story._comment: 4,
    Story._follow: 5,
    Story._to_a_post: 3,
    Story._to_ones_own_post: 3,
    Story._to_a_comment: 2,
    Story._to_somebody: 4,
    Story._change_oneself: 1,
}
ACTS, WEIGHTS = list(CHANCES), list(CHANCES.values())
TO_POSTS = [("/like", "DELETE"), ("/save", "POST"), ("/save", "DELETE"), ("/share", "POST")]
TO_OWN_POSTS = [
    *(("", method) for method in ("DELETE", "PUT")),
    *((path, "POST") for path in ("/restore", "/archive", "/unarchive", "/pin")),
    ("/pin", "DELETE"),
]
TO_COMMENTS = [("", "DELETE"), ("", "PUT"), ("/restore", "POST"), ("/like", "POST"), ("/like", "DELETE")]
TO_PEOPLE = [
    *(("/users/{}/" + act, method) for act in ("follow", "block", "mute") for method in ("POST", "DELETE")),
    *((f"/users/me/follow-requests/{{}}/{act}", "POST") for act in ("accept", "decline")),
    *(("/users/{}/block", "DELETE"), ("/users/me/followers/{}", "DELETE")),
]
LOOKS = [
    *("/users/{user}/posts", "/users/{user}/followers", "/users/{user}/following"),
    *("/users/me/saved", "/users/me/archived", "/users/me/follow-requests", "/users/me/blocks", "/users/me/mutes"),
    *("/posts/{post}/likes", "/posts/{post}/comments", "/comments/{comment}/replies", "/hashtags/sea/posts"),
    *("/feed/home?order=ranked", "/feed/explore"),
    *("/one/users/{user}", "/one/users/me", "/one/users/@{name}", "/one/posts/{post}", "/one/hashtags/sea"),
    *("/one/users/lookup?q=a", "/one/hashtags/lookup?q=s", "/one/feed/home/new-count?since={post}"),
]
