"""What a web process asks of an OpenSearch cluster."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from opensearchpy import NotFoundError, OpenSearch, OpenSearchException
from rapidfuzz.distance import OSA

from catalog_service.search.newest import Newest
from catalog_service.search.opensearch import requests
from catalog_service.search.port import (
    MAX_BUCKETS,
    MOST_NEAR,
    Alternative,
    Facets,
    Filters,
    Group,
    Hit,
    Key,
    Parsed,
    Position,
    PriceRange,
)
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

ALIAS = "vetted-listings"
TIMEOUT_SECONDS = 2.0
_ENDS = {"min_price": {"min": {"field": "price"}}, "max_price": {"max": {"field": "price"}}}


def connect(url: str, timeout: float = TIMEOUT_SECONDS) -> OpenSearch:
    """A client of the cluster; the address holds its user and password, if it wants any."""
    return OpenSearch(hosts=[url], timeout=timeout, max_retries=0)


class State:
    """The alias as port.SearchIndex: each question is answered by what the cluster knows by then."""

    def __init__(self, client: OpenSearch, position: Position) -> None:
        self._client, self._position = client, position

    def find(self, parsed: Parsed, filters: Filters, ordering: str, after: Key | None, size: int) -> Sequence[Hit]:
        body: dict[str, Any] = {
            "query": requests.query(parsed, filters, ordering == "relevance"),
            "sort": requests.ORDERS[ordering],
            "size": size,
            "track_total_hits": False,
            "_source": False,
        }
        if after is not None:
            body["search_after"] = list(after)
        return [Hit(int(one["_id"]), tuple(one["sort"])) for one in self._ask(body)["hits"]["hits"]]

    def facets(self, parsed: Parsed, filters: Filters) -> Facets:
        by = {"categories": "category", "businesses": "business", "currencies": "currency"}
        counts: dict[str, Any] = {name: {"terms": {"field": field, "size": MAX_BUCKETS}} for name, field in by.items()}
        counts["currencies"]["aggs"] = _ENDS
        query = requests.query(parsed, filters)
        answer = self._ask({"query": query, "size": 0, "track_total_hits": True, "aggs": counts})
        found = {name: _exact(answer["aggregations"][name]) for name in by}
        return Facets(
            answer["hits"]["total"]["value"],
            [(one["key"], one["doc_count"]) for one in found["categories"]],
            [(one["key"], one["doc_count"]) for one in found["businesses"]],
            [
                PriceRange(one["key"], one["doc_count"], int(one["min_price"]["value"]), int(one["max_price"]["value"]))
                for one in found["currencies"]
            ],
        )

    def complete(self, field: str, prefix: str, size: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        terms = {"field": field, "include": requests.beginning(prefix), "size": size}
        begun = Parsed((Group((Alternative(field, prefix, "prefix"),)),))
        body = {"query": requests.query(begun, Filters(hidden=hidden)), "size": 0, "aggs": {"terms": {"terms": terms}}}
        buckets = self._ask(body)["aggregations"]["terms"]["buckets"]
        return [(one["key"], one["doc_count"]) for one in buckets]

    def near(self, field: str, word: str, distance: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        term = {
            "field": field,
            "suggest_mode": "always",
            "max_edits": distance,
            "prefix_length": 1,
            "string_distance": "damerau_levenshtein",
            "size": MOST_NEAR,
        }
        answer = self._ask({"size": 0, "suggest": {"near": {"text": word, "term": term}}})
        options = [option["text"] for entry in answer["suggest"]["near"] for option in entry["options"]]
        close = [(OSA.distance(word, text), text) for text in (word, *options)]
        found = [(away, -self._listed(field, text, hidden), text) for away, text in close if away <= distance]
        return [(text, -listed) for _, listed, text in sorted(found) if listed]

    def _listed(self, field: str, text: str, hidden: frozenset[int]) -> int:
        said = Parsed((Group((Alternative(field, text),)),))
        body = {"query": requests.query(said, Filters(hidden=hidden)), "size": 0, "track_total_hits": True}
        return int(self._ask(body)["hits"]["total"]["value"])

    def position(self) -> Position:
        return self._position

    def _ask(self, body: dict[str, Any]) -> Any:
        with answering():
            return self._client.search(index=ALIAS, body=body)


def _exact(terms: Any) -> list[Any]:
    """The buckets; an error where they are only the largest ones or may be wrong, which one shard rules out."""
    if terms["doc_count_error_upper_bound"] or terms["sum_other_doc_count"]:
        raise Unavailable("the counts of the search cluster are not exact")
    buckets: list[Any] = terms["buckets"]
    return buckets


@contextmanager
def answering() -> Iterator[None]:
    """Turns a cluster that is down, slow or refuses into Unavailable."""
    try:
        yield
    except OpenSearchException as error:
        log.warning(
            "search cluster does not answer", error=type(error).__name__, status=getattr(error, "args", [""])[0]
        )
        raise Unavailable("searches are not available, try again in a moment") from error


class Reader(Newest[State]):
    """The newest state of the alias."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = connect(url)
        self._state: State | None = None

    def _newest(self) -> State:
        if self._state is None or self._is_due():
            with answering():
                position = read_position(self._client)
            if position is None:
                raise Unavailable("the index for searches is being built, try again in a moment")
            self._state, self._looked_at = State(self._client, position), time.monotonic()
        return self._state


def read_position(client: OpenSearch) -> Position | None:
    """Where the index behind the alias stands; None when there is none."""
    try:
        source = client.get(index=ALIAS, id=requests.POSITION_ID)["_source"]["position"]
    except NotFoundError:
        return None
    return Position(source["seq"], source["mark"])
