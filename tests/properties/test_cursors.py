"""Cursors: good for the list and viewer that they were made for, and for nothing else."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tintype.platform import paging
from tintype.platform.errors import Invalid

POSITIONS = st.lists(st.integers(0, (1 << 63) - 1), min_size=1, max_size=3).map(tuple)
QUERIES = st.text(max_size=30).filter(lambda text: text.isprintable())
VIEWERS = st.integers(0, (1 << 63) - 1)


@pytest.fixture(autouse=True)
def key() -> Iterator[None]:
    before = paging._key
    paging.use_key(b"k" * 32)
    yield
    paging.use_key(before)


def cursor_of(query: str, viewer: int, after: tuple[int, ...]) -> str:
    return paging.Place(query, viewer, None, 20).next(*after)


@given(QUERIES, VIEWERS, POSITIONS, st.integers(1, 100))
def test_a_cursor_continues_where_it_was_made(query: str, viewer: int, after: tuple[int, ...], limit: int) -> None:
    found = paging.place(query, viewer, cursor_of(query, viewer, after), limit, width=len(after))
    assert (found.after, found.limit) == (after, limit)


@given(QUERIES, QUERIES, VIEWERS, VIEWERS, POSITIONS)
def test_another_viewer_or_list_is_refused(a: str, b: str, one: int, two: int, after: tuple[int, ...]) -> None:
    assume((a, one) != (b, two))
    with pytest.raises(paging.CursorInvalid):
        paging.place(b, two, cursor_of(a, one, after), 20, width=len(after))


@given(POSITIONS, st.data())
def test_an_altered_cursor_is_refused(after: tuple[int, ...], data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(cursor_of("q", 7, after) + "=="))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    altered = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(paging.CursorInvalid):
        paging.place("q", 7, altered, 20, width=len(after))


@given(POSITIONS, st.data())
def test_a_cut_or_lengthened_cursor_is_refused(after: tuple[int, ...], data: st.DataObject) -> None:
    cursor = cursor_of("q", 7, after)
    cut = data.draw(st.integers(0, len(cursor) - 2))
    tail = data.draw(st.text(min_size=1, max_size=9))
    for altered in (cursor[:cut], cursor + tail):
        assume(altered.rstrip("=") != cursor)
        with pytest.raises(paging.CursorInvalid):
            paging.place("q", 7, altered, 20, width=len(after))


@given(st.text(max_size=200))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(paging.CursorInvalid):
        paging.place("q", 7, text, 20)


@given(POSITIONS)
def test_a_cursor_of_another_width_is_refused(after: tuple[int, ...]) -> None:
    with pytest.raises(paging.CursorInvalid):
        paging.place("q", 7, cursor_of("q", 7, after), 20, width=len(after) + 1)


@given(st.integers())
def test_a_limit_outside_is_refused(limit: int) -> None:
    assume(not 1 <= limit <= paging.LARGEST_LIMIT)
    with pytest.raises(Invalid):
        paging.place("q", 7, None, limit)


class Shelf:
    """A list that changes while somebody reads it: newest first, by number."""

    def __init__(self, there: set[int]) -> None:
        self.there = there

    def page(self, cursor: str | None, limit: int) -> paging.Page[int]:
        where = paging.place("shelf", 1, cursor, limit)
        after = where.after[0] if where.after else 1 << 62
        rows = sorted((one for one in self.there if one < after), reverse=True)[: limit + 1]
        return where.page(rows, lambda one: (one,))


@given(st.sets(st.integers(0, 1000), max_size=60), st.integers(1, 10), st.data())
def test_paging_never_repeats_or_skips_while_things_arrive_and_vanish(
    there: set[int], limit: int, data: st.DataObject
) -> None:
    shelf, newest = Shelf(set(there)), 2000
    stayed, seen = set(there), list[int]()
    cursor: str | None = None
    while True:
        page = shelf.page(cursor, limit)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        newest += 1
        shelf.there.add(newest)
        vanish: bool = data.draw(st.booleans())
        if vanish and shelf.there:
            gone = data.draw(st.sampled_from(sorted(shelf.there)))
            shelf.there.discard(gone)
            stayed.discard(gone)
    assert len(seen) == len(set(seen))
    assert stayed <= set(seen) <= there
    assert seen == sorted(seen, reverse=True)
