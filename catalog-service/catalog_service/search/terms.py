"""Terms of tantivy's index: what a beginning goes on to, and what is nearly the same."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Occur, Query, Searcher

from catalog_service.search import matching
from catalog_service.search.port import MOST_NEAR, Filters, Parsed

COUNTED = 1000
Terms = Sequence[tuple[str, int]]


def complete(searcher: Searcher, field: str, prefix: str, size: int, hidden: frozenset[int]) -> Terms:
    """See port.SearchIndex."""
    terms = searcher.terms_with_prefix(field, prefix, limit=2 * size)
    found = [(term, _listed(searcher, field, term, frequency, hidden)) for term, frequency in terms]
    return sorted((one for one in found if one[1]), key=lambda one: (-one[1], one[0]))[:size]


def near(searcher: Searcher, field: str, word: str, distance: int, hidden: frozenset[int]) -> Terms:
    """See port.SearchIndex."""
    # The first letter holds, so that a part of the terms is looked at alone.
    terms = dict(searcher.terms_with_prefix(field, word[:1]))
    close = process.extract(word, terms.keys(), scorer=OSA.distance, score_cutoff=distance, limit=None)
    close.sort(key=lambda one: (one[1], -terms[one[0]], one[0]))
    counted = ((term, _listed(searcher, field, term, terms[term], hidden)) for term, _, _ in islice(close, MOST_NEAR))
    return [one for one in counted if one[1]]


def _listed(searcher: Searcher, field: str, term: str, frequency: int, hidden: frozenset[int]) -> int:
    """How many listings have the term: the engine also counts what was taken out, until it merges the segment.

    Where these are more than COUNTED it only makes sure that there is one.
    """
    query = matching.term(field, term, "freq")
    if hidden:
        seen = matching.conditions(searcher, Parsed(), Filters(hidden=hidden))
        query = Query.boolean_query([(Occur.Must, query), *seen])
    found: Any = searcher.search(query, 1, count=frequency <= COUNTED)
    return int(found.count) if frequency <= COUNTED else frequency * len(found.hits)
