"""What a web process asks of tantivy's index in its own folder."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
import tantivy
from tantivy import Occur, Order, Query

from catalog_service.search import best, folders, matching, schema, terms
from catalog_service.search.newest import Newest
from catalog_service.search.port import MAX_BUCKETS, Facets, Filters, Hit, Key, Parsed, Position, PriceRange
from servicekit.problems import Unavailable

log = structlog.get_logger(__name__)

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
        query = Query.boolean_query([*matching.conditions(self._searcher, parsed, filters), *beyond])
        field, direction = _FIELDS[ordering], _DIRECTIONS[ordering]
        found = self._searcher.search(query, size, count=False, order_by_field=field, order=direction).hits
        addresses = [address for _, address in found]
        ids, keys = self._values("product", addresses), self._keys(ordering, found, addresses)
        return [Hit(product, key) for product, key in zip(ids, keys, strict=True)]

    def _best(self, parsed: Parsed, filters: Filters, after: Key | None, size: int) -> Sequence[Hit]:
        place = (float(after[0]), int(after[1])) if after else None
        return best.hits(best.ranked(self._searcher, parsed, filters), place, size)

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
            return matching.between("seq", None, int(after[0]) - 1)
        assert filters.currency is not None, "prices are compared within a currency"
        key = schema.price_key(int(after[0]), filters.currency, int(after[1]))
        return (
            matching.between("price_key", key + 1, None)
            if ordering == "price"
            else matching.between("price_key", None, key - 1)
        )

    def facets(self, parsed: Parsed, filters: Filters) -> Facets:
        query = Query.boolean_query(matching.conditions(self._searcher, parsed, filters))
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
        return terms.complete(self._searcher, field, prefix, size, hidden)

    def near(self, field: str, word: str, distance: int, hidden: frozenset[int]) -> Sequence[tuple[str, int]]:
        return terms.near(self._searcher, field, word, distance, hidden)

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


class Reader(Newest[State]):
    """The newest state of the index in its folder."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        self._lock = threading.Lock()
        self._state: State | None = None
        self._path: Path | None = None
        self._written: object = None

    def _newest(self) -> State:
        if self._is_due():
            with self._lock:
                if self._is_due():
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
