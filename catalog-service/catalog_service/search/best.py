"""The best listings for a question's words, without a full score for each of the many that a common word has.

Those that look best by the terms of a few fields come first, for which tantivy skips most of a term's listings, and, where
these do not fill the window, the newest. The first SCORED of them are then scored in full; the others follow as they are.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from tantivy import Occur, Query, Searcher

from catalog_service.search import matching
from catalog_service.search.port import Filters, Group, Hit, Parsed

# As many are ranked: a score says nothing of where the next page begins.
WINDOW = 1000
SCORED = 50
_STRONG = ("head", "name", "pairs", "sku", "seller", "category_words")
Ranked = list[tuple[float, int, int]]  # score, seq, product


def ranked(searcher: Searcher, parsed: Parsed, filters: Filters) -> Ranked:
    """The best WINDOW listings, the best first; of equal ones the newest."""
    likely = _likely(searcher, parsed, filters)
    if not likely:
        return []
    # Sooner than a set of terms, which walks the whole dictionary.
    ids = [(Occur.Should, matching.term("product", product)) for _, product in likely[:SCORED]]
    clauses = [(Occur.Must, Query.const_score_query(Query.boolean_query(ids), 0.0))]
    groups = (*map(_whole, parsed.groups), *parsed.boosts)
    clauses += [(Occur.Should, query) for group in groups if (query := matching.any_of(searcher, group))]
    rest = ((-float(place), *other) for place, other in enumerate(likely[SCORED:WINDOW]))
    return [*_scored(searcher, clauses), *rest]


def _whole(group: Group) -> Group:
    """Without what only begins so: that it matches is known, and for its score it would be looked for everywhere."""
    return Group(tuple(one for one in group.alternatives if one.kind == "term"))


def hits(window: Ranked, after: tuple[float, int] | None, size: int) -> Sequence[Hit]:
    """The page behind the place `after`, whatever the score of that listing is by now."""
    start = 0
    if after is not None:
        places = (place for place, (_, seq, _) in enumerate(window) if seq == after[1])
        start = next(places, sum((score, seq) >= after for score, seq, _ in window) - 1) + 1
    return [Hit(product, (score, seq)) for score, seq, product in islice(window, start, start + size)]


def _scored(searcher: Searcher, clauses: Sequence[matching.Clause]) -> Ranked:
    found = searcher.search(Query.boolean_query(clauses), WINDOW, count=False).hits
    rows = _rows(searcher, found)
    return sorted(((score, *row) for (score, _), row in zip(found, rows, strict=True)), reverse=True)


def _rows(searcher: Searcher, hits: Sequence[tuple[Any, Any]]) -> list[tuple[int, int]]:
    """The seq and the product of each."""
    addresses = [address for _, address in hits]
    seqs: list[Any] = searcher.fast_field_values("seq", addresses)
    products: list[Any] = searcher.fast_field_values("product", addresses)
    return list(zip(seqs, products, strict=True))


def _likely(searcher: Searcher, parsed: Parsed, filters: Filters) -> list[tuple[int, int]]:
    """The listings that look best, the best first, and then the newest."""
    # Of one word the best come sooner than its listings can be counted; of several those that match have to be found.
    strong = _strong(searcher, parsed, filters) if len(parsed.groups) == 1 else None
    if strong is not None and len(strong) == WINDOW:
        return strong
    query = Query.boolean_query(matching.conditions(searcher, parsed, filters))
    newest = _rows(searcher, searcher.search(query, WINDOW, count=False, order_by_field="seq").hits)
    if len(newest) <= SCORED:
        return newest
    return list(dict.fromkeys([*(_strong(searcher, parsed, filters) if strong is None else strong), *newest]))


def _strong(searcher: Searcher, parsed: Parsed, filters: Filters) -> list[tuple[int, int]]:
    """Listings that say each word in a field that counts, the best by these fields' terms first."""
    fields = (*_STRONG, "words") if len(parsed.groups) == 1 else _STRONG
    words = [_terms(searcher, group, (*parsed.groups, *parsed.boosts), fields) for group in parsed.groups]
    if not words or not all(words):
        return []
    clauses = words[0] if len(words) == 1 else [(Occur.Must, Query.boolean_query(terms)) for terms in words]
    if filters != Filters():
        filtered = matching.conditions(searcher, Parsed(), filters)
        clauses = [(Occur.Must, Query.boolean_query(clauses)), *filtered]
    return _rows(searcher, searcher.search(Query.boolean_query(clauses), WINDOW, count=False).hits)


def _terms(searcher: Searcher, group: Group, among: Iterable[Group], fields: Sequence[str]) -> list[matching.Clause]:
    said = {one.text for one in group.alternatives if one.kind == "term"}
    ways = (
        one
        for other in among
        for one in other.alternatives
        if one.kind == "term" and one.field in fields and one.text in said
    )
    return [(Occur.Should, matching.match(one)) for one in ways if searcher.doc_freq(one.field, one.text)]
