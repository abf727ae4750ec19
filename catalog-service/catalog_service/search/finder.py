"""What the public asks: lists and details in plain SQL, words and counts of the index.

Whatever the index finds is read from the listings: it may be late, and so lose something, but it shows nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection

from catalog_service.public import visible
from catalog_service.search import analysis, browse, corrections
from catalog_service.search.port import Filters, Hit, Key, Parsed, SearchIndex
from servicekit import paging

# How often a page is filled up when what the index finds is not listed any more, each time from twice as many.
MOST_ROUNDS = 8
# The places of a page's last hit, as the cursor carries them.
_KINDS: dict[str, list[type]] = {
    "relevance": [float, int],
    "-published_at": [int],
    "price": [int, int],
    "-price": [int, int],
    "name": [str, int],
}


class Page(NamedTuple):
    """Public answers as JSON, the next cursor, and, if an index was asked, the change that it knew and for which words
    instead of those that nothing has."""

    documents: Sequence[str]
    cursor: str | None
    position: int | None = None
    corrected: str | None = None


def page(
    connection: Connection,
    q: str,
    filters: Filters,
    ordering: str,
    cursor: str | None,
    size: int,
    seq: int = 0,
    correct: bool = True,
) -> Page:
    """One page; with words, of what an index knows that has come to change `seq` if it does within a second.

    Where the words find nothing they are put right, if they are to `correct`.
    """
    if not q:
        return _browsed(connection, filters, ordering, cursor, size)
    parsed = parse(q)
    if parsed is None:
        return Page([], None)
    place = paging.decode(cursor, _KINDS[ordering]) if cursor else None
    after = tuple(place) if place else None
    index = current_app.extensions["search"].state(seq)
    filters = replace(filters, hidden=visible.hidden(connection))
    hits, rows = _found(connection, index, parsed, filters, ordering, after, size + 1)
    corrected = None
    if not hits and correct and (corrected := corrections.correct(index, q, filters.hidden, parse)):
        better = parse(corrected) or parsed
        hits, rows = _found(connection, index, better, filters, ordering, after, size + 1)
        corrected = corrected if hits or after else None
    following = paging.encode(hits[size - 1].key) if len(hits) > size else None
    return Page([visible.answer(rows[hit.id]) for hit in hits[:size]], following, index.position().seq, corrected)


def parse(q: str) -> Parsed | None:
    """What the words ask for, by this installation's synonyms; None where there are none."""
    return analysis.parse(q, current_app.extensions["synonyms"])


def _browsed(connection: Connection, filters: Filters, ordering: str, cursor: str | None, size: int) -> Page:
    rows = browse.rows(connection, filters, ordering, cursor, size)
    rows, following = paging.cut(rows, size, *(key.column.name for key in browse.ORDERS[ordering]))
    return Page([visible.answer(row) for row in rows], following)


def _found(
    connection: Connection,
    index: SearchIndex,
    parsed: Parsed,
    filters: Filters,
    ordering: str,
    after: Key | None,
    size: int,
) -> tuple[list[Hit], dict[int, Any]]:
    """As many hits as were asked for and are public, unless there are no more."""
    hits: list[Hit] = []
    rows: dict[int, Any] = {}
    wanted = size
    for _ in range(MOST_ROUNDS):
        more = index.find(parsed, filters, ordering, after, wanted)
        rows |= browse.listed(connection, filters, [hit.id for hit in more])
        hits += [hit for hit in more if hit.id in rows]
        if len(hits) >= size or len(more) < wanted:
            break
        after, wanted = more[-1].key, 2 * wanted
    return hits, rows
