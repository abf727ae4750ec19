"""What a search field offers while somebody types: a few products, and where the words may go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import Connection

from catalog_service.public import visible
from catalog_service.search import completions, finder
from catalog_service.search.port import Filters, SearchIndex

PRODUCTS, EACH, LOOKED_AT = 6, 5, 30
# What of a public answer a search field has room for.
SHORT = ("id", "name", "price", "currency", "category", "business", "business_name", "picture")


@dataclass
class Suggestions:
    """Each list with the most frequent first; `corrected` as in finder.Page."""

    products: list[dict[str, Any]] = field(default_factory=list)
    categories: list[dict[str, Any]] = field(default_factory=list)
    sellers: list[dict[str, Any]] = field(default_factory=list)
    completions: list[str] = field(default_factory=list)
    corrected: str | None = None
    position: int | None = None


def read(connection: Connection, q: str, correct: bool = True) -> Suggestions:
    """What the words, the last of which may be unfinished, lead to."""
    if not q:
        return Suggestions()
    page = finder.page(connection, q, Filters(), "relevance", None, PRODUCTS, correct=correct)
    if page.position is None:
        return Suggestions()
    products = [orjson.loads(document) for document in page.documents]
    index, hidden = current_app.extensions["search"].state(), visible.hidden(connection)
    terms = _terms(index, page.corrected or q, hidden)
    return Suggestions(
        [{name: product[name] for name in SHORT} for product in products],
        [{"value": shown, "count": count} for shown, kind, count in terms if kind == completions.CATEGORY][:EACH],
        _sellers(connection, terms),
        _completions(page.corrected or q, index, terms, hidden),
        page.corrected,
        page.position,
    )


Term = tuple[str, str, int]  # what is shown, what it is, how many listings have it


def _terms(index: SearchIndex, typed: str, hidden: frozenset[int]) -> list[Term]:
    keys = completions.keys(typed)
    terms: dict[tuple[str, str], int] = {}
    for term, count in index.complete("completions", keys[0], LOOKED_AT, hidden) if keys else ():
        _, shown, kind = term.split(completions.SHOWN)
        terms.setdefault((shown.replace(completions.BLANK, " "), kind), count)
    found = [(shown, kind, count) for (shown, kind), count in terms.items()]
    return sorted(found, key=lambda term: (-term[2], len(term[0]), term[0]))


def _sellers(connection: Connection, terms: Iterable[Term]) -> list[dict[str, Any]]:
    counts = {int(kind[1:]): count for _, kind, count in terms if kind.startswith(completions.SELLER)}
    # By the name that it has now; the index may know an earlier one.
    names = visible.names(connection, list(islice(counts, EACH)))
    return [{"id": id_, "name": names[id_], "count": counts[id_]} for id_ in islice(counts, EACH) if id_ in names]


def _completions(typed: str, index: SearchIndex, terms: Sequence[Term], hidden: frozenset[int]) -> list[str]:
    found = [shown for shown, kind, _ in terms if not kind]
    *before, last = typed.split()
    if before and not found:
        start = " ".join(before)
        found = [f"{start} {shown}" for shown, kind, _ in _terms(index, last, hidden) if not kind]
    return [text for text in dict.fromkeys(found) if text.casefold() != typed.casefold()][:EACH]
