"""What OpenSearch is sent: the index's fields, listings as documents, questions and filters as its query language."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from catalog_service.search import analysis
from catalog_service.search.port import OTHERS, Alternative, Entry, Filters, Group, Parsed

POSITION_ID = "position"
REFRESHED = "500ms"
# A cluster refuses a query of more clauses (indices.query.bool.max_clause_count, 1024): a question that long is ranked
# by its first words.
MOST_CLAUSES, MOST_WAYS = 900, 30
ORDERS: Mapping[str, list[dict[str, str]]] = {
    "relevance": [{"_score": "desc"}, {"seq": "desc"}],
    "-published_at": [{"seq": "desc"}],
    "price": [{"price": "asc"}, {"seq": "asc"}],
    "-price": [{"price": "desc"}, {"seq": "desc"}],
    "name": [{"name_sort": "asc"}, {"seq": "asc"}],
}
_REGEX = re.compile(r"[^\w]")
_NUMBERS, _LABELS = ("seq", "business", "price"), ("category", "currency", "name_sort")
# Fields that are counted by their terms.
_COUNTED = frozenset({"completions"})


def index() -> dict[str, Any]:
    """A new index: one shard, so that the counts of terms are exact, and a refresh that never pauses."""
    text = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    label = {"type": "keyword"}
    fields: dict[str, Any] = {name: {"type": "long"} for name in _NUMBERS}
    fields |= dict.fromkeys(_LABELS, label)
    fields |= {name: label if name in _COUNTED else text for name in analysis.TEXT_FIELDS}
    fields["position"] = {"type": "object", "enabled": False}
    settings = {"number_of_shards": 1, "refresh_interval": REFRESHED}
    return {"settings": {"index": settings}, "mappings": {"dynamic": "strict", "properties": fields}}


def document(entry: Entry) -> dict[str, Any]:
    """The listing as a document."""
    return {
        "seq": entry.seq,
        "business": entry.business,
        "price": entry.price_minor,
        "category": entry.category,
        "currency": entry.currency,
        "name_sort": entry.name_sort,
        **{name: said.split() if name in _COUNTED else said for name, said in entry.fields.items() if said},
    }


def query(parsed: Parsed, filters: Filters, is_ranked: bool = False) -> dict[str, Any]:
    """The listings that fit; only where they are ranked do the words score."""
    words = [_any_of(group) for group in parsed.groups]
    asked: dict[str, Any] = {"filter": [{"exists": {"field": "seq"}}, *_wanted(filters), *([] if is_ranked else words)]}
    if is_ranked:
        asked["must"] = words
        asked["should"] = list(_affordable(parsed))
    if filters.hidden:
        asked["must_not"] = [{"terms": {"business": sorted(filters.hidden)}}]
    return {"bool": asked}


def _affordable(parsed: Parsed) -> Iterable[dict[str, Any]]:
    left = MOST_CLAUSES - sum(min(len(group.alternatives), MOST_WAYS) for group in parsed.groups)
    for group in parsed.boosts:
        left -= min(len(group.alternatives), MOST_WAYS)
        if left >= 0:
            yield _any_of(group)


def _any_of(group: Group) -> dict[str, Any]:
    ways = [_match(one) for one in islice(group.alternatives, MOST_WAYS)]
    return ways[0] if len(ways) == 1 else {"dis_max": {"queries": ways, "tie_breaker": OTHERS}}


def _match(one: Alternative) -> dict[str, Any]:
    return {one.kind: {one.field: {"value": one.text, "boost": one.boost}}}


def _wanted(filters: Filters) -> list[dict[str, Any]]:
    equal = {"business": filters.business, "category": filters.category, "currency": filters.currency}
    wanted: list[dict[str, Any]] = [{"term": {name: value}} for name, value in equal.items() if value is not None]
    bounds = {"gte": filters.min_price, "lte": filters.max_price}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    return [*wanted, {"range": {"price": given}}] if given else wanted


def beginning(prefix: str) -> str:
    """A regular expression, as Lucene writes them, for terms that begin so."""
    return _REGEX.sub(lambda char: "\\" + char.group(), prefix) + ".*"
