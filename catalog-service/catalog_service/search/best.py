"""The best listings for a question's words, without a full score for each of the many that a common word has.

Where more than FEW match, those are scored in full that look best by the terms of a few fields alone, for which tantivy
skips most of a term's listings. Behind them come the others that look good and, where these do not fill the window, the
newest.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from tantivy import Occur, Query, Searcher

from catalog_service.search import matching, schema
from catalog_service.search.port import Filters, Group, Hit, Parsed

# As many are ranked: a score says nothing of where the next page begins.
WINDOW = 1000
FEW, SCORED = 1000, 200
_STRONG = ("head", "name", "pairs", "sku", "seller", "category_words")
Ranked = list[tuple[float, int, int]]  # score, seq, product


def ranked(searcher: Searcher, parsed: Parsed, filters: Filters) -> Ranked:
    """The best WINDOW listings, the best first; of equal ones the newest."""
    clauses = matching.conditions(searcher, parsed, filters)
    boosts = [(Occur.Should, query) for group in parsed.boosts if (query := matching.any_of(searcher, group))]
    likely = _likely(searcher, parsed, filters, clauses)
    if likely is None:
        return _scored(searcher, [*clauses, *boosts])
    chosen = Query.term_set_query(schema.schema(), "product", [product for _, product in likely[:SCORED]])
    first = _scored(searcher, [*clauses, *boosts, (Occur.Must, Query.const_score_query(chosen, 0.0))])
    return [*first, *((-float(place), *other) for place, other in enumerate(likely[SCORED:WINDOW]))]


def hits(window: Ranked, after: tuple[float, int] | None, size: int) -> Sequence[Hit]:
    """The page behind the place `after`, whatever the score of that listing is by now."""
    start = 0
    if after is not None:
        places = (place for place, (_, seq, _) in enumerate(window) if seq == after[1])
        start = next(places, sum((score, seq) >= after for score, seq, _ in window) - 1) + 1
    return [Hit(product, (score, seq)) for score, seq, product in islice(window, start, start + size)]


def _scored(searcher: Searcher, clauses: Sequence[matching.Clause]) -> Ranked:
    found = searcher.search(Query.boolean_query(clauses), WINDOW, count=False).hits
    rows = _rows(searcher, [address for _, address in found])
    return sorted(((score, *row) for (score, _), row in zip(found, rows, strict=True)), reverse=True)


def _rows(searcher: Searcher, addresses: list[Any]) -> list[tuple[int, int]]:
    """The seq and the product of each."""
    seqs: list[Any] = searcher.fast_field_values("seq", addresses)
    products: list[Any] = searcher.fast_field_values("product", addresses)
    return list(zip(seqs, products, strict=True))


def _likely(
    searcher: Searcher, parsed: Parsed, filters: Filters, clauses: list[matching.Clause]
) -> list[tuple[int, int]] | None:
    """The listings that look best; None where all that match are few enough for a full score."""
    strong = _strong(searcher, parsed, filters)
    rows = _rows(searcher, _addresses(searcher, strong)) if strong else []
    if len(rows) == WINDOW:
        return rows
    newest: Any = searcher.search(Query.boolean_query(clauses), WINDOW, order_by_field="seq")
    if newest.count <= FEW:
        return None
    return list(dict.fromkeys([*rows, *_rows(searcher, [address for _, address in newest.hits])]))


def _addresses(searcher: Searcher, query: Query) -> list[Any]:
    return [address for _, address in searcher.search(query, WINDOW, count=False).hits]


def _strong(searcher: Searcher, parsed: Parsed, filters: Filters) -> Query | None:
    """Listings that say each word in a field that counts, scored by these fields' terms alone."""
    words = [_terms(searcher, group, parsed.boosts) for group in parsed.groups]
    if not words or not all(words):
        return None
    if len(words) == 1 and filters == Filters():
        return Query.boolean_query(words[0])
    filtered = matching.conditions(searcher, Parsed(), filters) if filters != Filters() else []
    return Query.boolean_query([*((Occur.Must, Query.boolean_query(terms)) for terms in words), *filtered])


def _terms(searcher: Searcher, group: Group, boosts: Iterable[Group]) -> list[matching.Clause]:
    said = {one.text for one in group.alternatives if one.kind == "term"}
    ways = (
        one
        for boost in boosts
        for one in boost.alternatives
        if one.kind == "term" and one.field in _STRONG and one.text in said
    )
    return [(Occur.Should, matching.match(one)) for one in ways if searcher.doc_freq(one.field, one.text)]
