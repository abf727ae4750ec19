"""What a web process asks of tantivy's index in its own folder."""

import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
import tantivy
from tantivy import FieldType, Occur, Order, Query

from catalog_service.search import folders, schema
from catalog_service.search.port import Alternative, Facets, Filters, Hit, Key, Parsed, Position, PriceRange
from servicekit.bulkhead import threads
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

FRESH_SECONDS, WAIT_SECONDS = 0.1, 1.0
MOST_AWAITED = 10_000  # changes
# By relevance as many are looked at for each page, since a score says nothing of where the next one is.
WINDOW = 1000
MAX_BUCKETS = 65_000
_DIRECTIONS = {"-published_at": Order.Desc, "price": Order.Asc, "-price": Order.Desc, "name": Order.Asc}
_FIELDS = {"-published_at": "seq", "price": "price_key", "-price": "price_key", "name": "name_key"}
_COUNTS: dict[str, Any] = {
    "categories": {"terms": {"field": "category", "size": MAX_BUCKETS}},
    "businesses": {"terms": {"field": "business", "size": MAX_BUCKETS}},
    "currencies": {
        "terms": {"field": "currency", "size": MAX_BUCKETS},
        "aggs": {"min_price": {"min": {"field": "price"}}, "max_price": {"max": {"field": "price"}}},
    },
}


class State:
    """One state of the index, as port.SearchIndex."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index, self._searcher = index, index.searcher()
        self._position = self._read_position()

    def find(self, parsed: Parsed, filters: Filters, ordering: str, after: Key | None, size: int) -> Sequence[Hit]:
        if ordering == "relevance":
            return self._best(parsed, filters, after, size)
        beyond = [] if after is None else [(Occur.Must, self._beyond(ordering, filters, after))]
        query = Query.boolean_query([*_conditions(parsed, filters), *beyond])
        field, direction = _FIELDS[ordering], _DIRECTIONS[ordering]
        found = self._searcher.search(query, size, count=False, order_by_field=field, order=direction).hits
        addresses = [address for _, address in found]
        ids, keys = self._values("product", addresses), self._keys(ordering, found, addresses)
        return [Hit(product, key) for product, key in zip(ids, keys, strict=True)]

    def _best(self, parsed: Parsed, filters: Filters, after: Key | None, size: int) -> Sequence[Hit]:
        boosts = [(Occur.Should, _match(one)) for one in parsed.boosts]
        query = Query.boolean_query([*_conditions(parsed, filters), *boosts])
        found = self._searcher.search(query, WINDOW, count=False).hits
        addresses = [address for _, address in found]
        rows = zip(self._values("product", addresses), found, self._values("seq", addresses), strict=True)
        hits = [Hit(product, (score, seq)) for product, (score, _), seq in rows]
        hits.sort(key=lambda hit: hit.key, reverse=True)
        return hits[_place(hits, after) :][:size]

    def _keys(self, ordering: str, found: Any, addresses: list[Any]) -> list[Key]:
        if ordering == "-published_at":
            return [(key,) for key, _ in found]
        seqs = self._values("seq", addresses)
        if ordering == "name":
            names = (bytes.fromhex(key[:-18]).decode() for key, _ in found)
            return list(zip(names, seqs, strict=True))
        return list(zip(self._values("price", addresses), seqs, strict=True))

    def _values(self, field: str, addresses: list[Any]) -> list[Any]:
        return self._searcher.fast_field_values(field, addresses)

    def _beyond(self, ordering: str, filters: Filters, after: Key) -> Query:
        if ordering == "name":
            # Ranges of text come by the query parser alone; the key is made of digits and letters.
            return self._index.parse_query(f"name_key:{{{schema.name_key(*after)} TO *}}")  # type: ignore[arg-type]
        if ordering == "-published_at":
            return _range("seq", None, int(after[0]) - 1)
        assert filters.currency is not None, "prices are compared within a currency"
        key = schema.price_key(int(after[0]), filters.currency, int(after[1]))
        return _range("price_key", key + 1, None) if ordering == "price" else _range("price_key", None, key - 1)

    def facets(self, parsed: Parsed, filters: Filters) -> Facets:
        query = Query.boolean_query(_conditions(parsed, filters))
        found = {name: one["buckets"] for name, one in self._searcher.aggregate(query, _COUNTS).items()}
        currencies = [
            PriceRange(one["key"], one["doc_count"], int(one["min_price"]["value"]), int(one["max_price"]["value"]))
            for one in found["currencies"]
        ]
        return Facets(
            sum(one.listed for one in currencies),
            [(one["key"], one["doc_count"]) for one in found["categories"]],
            [(int(one["key"]), one["doc_count"]) for one in found["businesses"]],
            currencies,
        )

    def complete(self, field: str, prefix: str, size: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        found = self._searcher.terms_with_prefix(field, prefix, filter_query=_seen(hidden))
        return sorted(found, key=lambda one: (-one[1], one[0]))[:size]

    def near(self, field: str, word: str, distance: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        raise NotImplementedError

    def contents(self) -> tuple[int, int]:
        """How many listings it holds, and the sum of their `seq`."""
        counted = {"listed": {"value_count": {"field": "seq"}}, "sum": {"sum": {"field": "seq"}}}
        found = self._searcher.aggregate(Query.all_query(), counted)
        return int(found["listed"]["value"]), int(found["sum"]["value"] or 0)

    def position(self) -> Position:
        return self._position

    def _read_position(self) -> Position:
        query = Query.term_query(schema.schema(), "id", schema.POSITION_ID)
        [(_, address)] = self._searcher.search(query, 1).hits
        seq, _, mark = self._searcher.doc(address)["position"][0].partition(" ")
        return Position(int(seq), mark)


def _place(hits: Sequence[Hit], after: Key | None) -> int:
    """Where the page begins: behind the hit that ended the last one, whatever its score is by now."""
    if after is None:
        return 0
    for place, hit in enumerate(hits):
        if hit.key[1] == after[1]:
            return place + 1
    return sum(hit.key >= after for hit in hits)


def _conditions(parsed: Parsed, filters: Filters) -> list[tuple[Occur, Query]]:
    conditions = [(Occur.Must, _any_of(group.alternatives)) for group in parsed.groups]
    equal = {"business": filters.business, "category": filters.category, "currency": filters.currency}
    wanted = [_term(field, value) for field, value in equal.items() if value is not None]
    if filters.min_price is not None or filters.max_price is not None:
        wanted.append(_range("price", filters.min_price, filters.max_price))
    conditions += [(Occur.Must, Query.const_score_query(one, 0.0)) for one in wanted]
    if not conditions:
        conditions = [(Occur.Must, _range("seq", 0, None))]
    if filters.hidden:
        conditions.append((Occur.MustNot, _of_hidden(filters.hidden)))
    return conditions


def _any_of(alternatives: Sequence[Alternative]) -> Query:
    queries = [_match(one) for one in alternatives]
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _match(one: Alternative) -> Query:
    if one.kind == "term":
        query = _term(one.field, one.text, "freq")
    elif one.kind == "prefix":
        query = _prefix(one.field, one.text)
    else:
        query = Query.fuzzy_term_query(schema.schema(), one.field, one.text, one.distance)
    return query if one.boost == 1.0 else Query.boost_query(query, one.boost)


@lru_cache(maxsize=512)
def _prefix(field: str, text: str) -> Query:
    escaped = "".join(char if char.isalnum() else f"\\u{{{ord(char):x}}}" for char in text)
    return Query.regex_query(schema.schema(), field, escaped + ".*")


def _term(field: str, value: Any, kept: str = "basic") -> Query:
    return Query.term_query(schema.schema(), field, value, kept)


def _range(field: str, low: int | None, high: int | None) -> Query:
    return Query.range_query(schema.schema(), field, FieldType.Integer, lower_bound=low, upper_bound=high)


def _of_hidden(hidden: frozenset[int]) -> Query:
    return Query.term_set_query(schema.schema(), "business", sorted(hidden))


def _seen(hidden: frozenset[int]) -> Query | None:
    if not hidden:
        return None
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, _of_hidden(hidden))])


class Reader:
    """The newest state of the index, looked for at most every FRESH_SECONDS."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._state: State | None = None
        self._path: Path | None = None
        self._written: object = None
        self._looked_at = float("-inf")
        # Who waits for a change holds a thread: half of them at most, and not for what cannot come within that time.
        self._waiting = threading.Semaphore(max(1, threads() // 2))

    def state(self, seq: int = 0) -> State:
        """The newest state, which knows change `seq` if it comes within a second; Unavailable while there is none."""
        state = self._newest()
        if 0 < seq - state.position().seq <= MOST_AWAITED and self._waiting.acquire(blocking=False):
            try:
                until = time.monotonic() + WAIT_SECONDS
                while state.position().seq < seq and time.monotonic() < until:
                    time.sleep(FRESH_SECONDS / 4)
                    state = self._newest()
            finally:
                self._waiting.release()
        return state

    def look_again(self) -> None:
        """Has the next question look for a newer state at once."""
        self._looked_at = float("-inf")

    def _newest(self) -> State:
        if time.monotonic() - self._looked_at >= FRESH_SECONDS:
            with self._lock:
                if time.monotonic() - self._looked_at >= FRESH_SECONDS:
                    self._look()
                    self._looked_at = time.monotonic()
        if self._state is None:
            raise Unavailable("the index for searches is being built, try again in a moment")
        return self._state

    def _look(self) -> None:
        path = folders.current(self._root)
        if path is None:
            return
        try:
            written = (path.name, (path / "meta.json").stat().st_mtime_ns)
            if written == self._written:
                return
            if path != self._path or self._state is None:
                self._index = opened(path)
            self._index.reload()
            self._state, self._path, self._written = State(self._index), path, written
        except (OSError, ValueError) as error:
            # Damaged, or replaced just now: what is open goes on until the worker has built another.
            log.warning("index cannot be read", path=path.name, error=str(error))


def opened(path: Path) -> tantivy.Index:
    """The index in this folder; ValueError when it cannot be read."""
    index = tantivy.Index.open(str(path))
    index.config_reader("manual", 0)
    return index
