"""Revoked sessions in Redis, so that every process soon knows of them, however far behind the log its tail is."""

from tintype.platform import clock
from tintype.platform.auth import ACCESS_SECONDS
from tintype.platform.clients.redis import RedisClient

KEY = "session:{revoked}"
SECONDS, AT_ONCE = 1.0, 1_000
KEPT_SECONDS = ACCESS_SECONDS + 60


class RedisRevocations:
    """A stream that every process reads, with what was revoked for as long as an access token may live."""

    def __init__(self, client: RedisClient, *, seconds: float = SECONDS) -> None:
        self._client, self._seconds = client, seconds
        self._since = "-"

    async def tell(self, session_id: int) -> None:
        oldest = clock.millis() - KEPT_SECONDS * 1000
        add = ("XADD", KEY, "MINID", "~", oldest, "*", "id", session_id)
        for answer in await self._client.many([add, ("EXPIRE", KEY, KEPT_SECONDS)], seconds=self._seconds):
            if isinstance(answer, Exception):
                raise answer

    async def news(self) -> list[int]:
        told: list[int] = []
        while True:
            found = await self._client.run("XRANGE", KEY, self._since, "+", "COUNT", AT_ONCE, seconds=self._seconds)
            told += [int(fields[b"id"]) for _, fields in found]
            if found:
                self._since = f"({found[-1][0].decode()}"
            if len(found) < AT_ONCE:
                return told
