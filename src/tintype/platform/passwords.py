"""Passwords: bcrypt over SHA-256, so that long and emoji ones are not cut, in a few threads with a short queue."""

import asyncio
import base64
import hashlib
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from tintype.platform.errors import Unavailable

T = TypeVar("T")

THREADS = max(1, (os.cpu_count() or 1) // 2)
WAITING = 12  # a hash of cost 12 takes about 0.3 s: who would wait longer than some seconds is told to come back

_cost = 12
_pool: ThreadPoolExecutor | None = None
_lock = threading.Lock()
_inside = 0


def use_cost(cost: int) -> None:
    """The bcrypt cost of hashes made from now on."""
    global _cost
    _cost = cost


async def hash(password: str) -> str:
    """A hash to store. Raises Unavailable when too many are waiting."""
    cost = _cost
    return await _run(lambda: bcrypt.hashpw(_prepare(password), bcrypt.gensalt(cost)).decode())


async def verify(password: str, hashed: str | None) -> bool:
    """Whether the password belongs to the hash; without a hash the same work is done for the answer no."""
    known = hashed or _nobody()
    right = await _run(lambda: _matches(password, known))
    return right and hashed is not None


def outdated(hashed: str) -> bool:
    """Whether the hash was made with another cost than the present one."""
    return not hashed.startswith(_head())


def close() -> None:
    """Let go of the threads."""
    global _pool
    if _pool is not None:
        _pool.shutdown(wait=True, cancel_futures=True)
        _pool = None


def _prepare(password: str) -> bytes:
    """44 bytes without NUL, whatever was typed: bcrypt itself refuses more than 72 bytes."""
    text = unicodedata.normalize("NFC", password)
    return base64.b64encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())


def _matches(password: str, hashed: str) -> bool:
    try:
        return bcrypt.checkpw(_prepare(password), hashed.encode())
    except ValueError:
        return False


def _head() -> str:
    return f"$2b${_cost:02d}$"


def _nobody() -> str:
    """A well-formed hash of the present cost that no known password has."""
    return _head() + "." * 53


async def _run(work: Callable[[], T]) -> T:
    global _pool, _inside
    with _lock:
        if _inside >= THREADS + WAITING:
            raise Unavailable("Too many people are logging in at once. Try again in a moment.", retry_after=2)
        _inside += 1
    if _pool is None:
        _pool = ThreadPoolExecutor(THREADS, thread_name_prefix="bcrypt")
    future = _pool.submit(work)
    future.add_done_callback(_leave)
    return await asyncio.wrap_future(future)


def _leave(_: Future[T]) -> None:
    """Also called for work that was cancelled while it waited."""
    global _inside
    with _lock:
        _inside -= 1
