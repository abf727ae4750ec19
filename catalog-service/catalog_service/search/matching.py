"""Questions and filters as tantivy's queries."""

from functools import lru_cache
from typing import Any

from tantivy import FieldType, Index, Occur, Query, Searcher

from catalog_service.content import texts
from catalog_service.search import schema
from catalog_service.search.port import OTHERS, Alternative, Filters, Group, Parsed

Clause = tuple[Occur, Query]
_LAST = chr(0x10FFFF)


def conditions(searcher: Searcher, parsed: Parsed, filters: Filters) -> list[Clause]:
    """What each listing that is found has; only the words count for its score."""
    clauses = [(Occur.Must, any_of(searcher, group) or Query.empty_query()) for group in parsed.groups]
    clauses += [(Occur.Must, Query.const_score_query(one, 0.0)) for one in _wanted(filters)]
    if not clauses:
        clauses = [(Occur.Must, between("seq", 0, None))]
    if filters.hidden:
        clauses.append((Occur.MustNot, _of_hidden(filters.hidden)))
    return clauses


def _wanted(filters: Filters) -> list[Query]:
    equal = {"business": filters.business, "category": filters.category, "currency": filters.currency}
    wanted = [term(field, value) for field, value in equal.items() if value is not None]
    if filters.min_price is not None or filters.max_price is not None:
        wanted.append(between("price", filters.min_price, filters.max_price))
    return wanted


def any_of(searcher: Searcher, group: Group) -> Query | None:
    """None where no listing has any of the terms: most of a word's stems and spellings are nobody's."""
    ways = [one for one in group.alternatives if one.kind != "term" or searcher.doc_freq(one.field, one.text)]
    if len(ways) < 2:
        return match(ways[0]) if ways else None
    return Query.disjunction_max_query([match(one) for one in ways], OTHERS)


def match(one: Alternative) -> Query:
    """One way to match."""
    query = term(one.field, one.text, "freq") if one.kind == "term" else _prefix(one.field, one.text)
    return query if one.boost == 1.0 else Query.boost_query(query, one.boost)


def _prefix(field: str, text: str) -> Query:
    if text[0] == "*":
        return term(field, text, "freq")  # an end of a range that begins so is an open one
    # As a range of terms: a regular expression takes 5 ms to be made ready and 120 kB. Such a range comes by the parser
    # alone; of ASCII's symbols tokens have those only that mean nothing to it.
    assert all(char.isalnum() or char > "\x7f" or char in texts.SYMBOLS for char in text), "no token"
    return _parser().parse_query(f"{field}:[{text} TO {text}{_LAST}]")


@lru_cache(maxsize=1)
def _parser() -> Index:
    """An empty index in memory: what parses a question needs the fields alone."""
    return Index(schema.schema())


def term(field: str, value: Any, held: str = "basic") -> Query:
    """Listings that have this very term; `held` as the schema says of the field."""
    return Query.term_query(schema.schema(), field, value, held)


def between(field: str, low: int | None, high: int | None) -> Query:
    """Listings with a number in this range, its ends included."""
    return Query.range_query(schema.schema(), field, FieldType.Integer, lower_bound=low, upper_bound=high)


def _of_hidden(hidden: frozenset[int]) -> Query:
    return Query.term_set_query(schema.schema(), "business", sorted(hidden))
