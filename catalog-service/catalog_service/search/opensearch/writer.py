"""The bulk follower of an OpenSearch cluster: the worker."""

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import structlog

from catalog_service.search import folders, schema
from catalog_service.search.opensearch import requests
from catalog_service.search.opensearch.reader import ALIAS, connect, read_position
from catalog_service.search.port import Entry, Position

log = structlog.get_logger(__name__)

BULK_SECONDS = 30.0
# Questions that were under way when the alias changed still read the index before.
GRACE_SECONDS = 60.0


class Writer:
    """Keeps the cluster's index, as port.SearchWriter; of the workers of one folder the one that holds its lock."""

    def __init__(self, url: str, root: Path) -> None:
        self._client = connect(url, BULK_SECONDS)
        self._root = root
        self._lock: IO[str] | None = None
        self._discard_at: float | None = time.monotonic() + GRACE_SECONDS

    def is_mine(self) -> bool:
        self._lock = folders.lock(self._root, self._lock)
        return self._lock is not None

    def close(self) -> None:
        """Lets go of the cluster and of the right to write its index."""
        self._client.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def position(self) -> Position | None:
        current = self._current()
        return read_position(self._client) if current and current.split("-")[-3] == schema.fields_hash() else None

    def is_outdated(self) -> bool:
        current = self._current()
        return current is not None and current.split("-")[-2] != schema.words_hash()

    def contents(self) -> tuple[int, int]:
        counted = {"listed": {"value_count": {"field": "seq"}}, "sum": {"sum": {"field": "seq"}}}
        found = self._client.search(index=ALIAS, body={"size": 0, "aggs": counted})["aggregations"]
        return int(found["listed"]["value"]), int(found["sum"]["value"] or 0)

    def apply(self, entries: Sequence[Entry], gone: Sequence[int], position: Position) -> None:
        self._put(ALIAS, entries, gone, position)
        # Last: what a position says is there already was.
        self._put(ALIAS, [], [], position, at=position)
        if self._discard_at is not None and time.monotonic() >= self._discard_at:
            self._discard()
            self._discard_at = None

    def rebuild(self, snapshot: Iterable[Sequence[Entry]], position: Position) -> Iterator[int]:
        name = f"{ALIAS}-{schema.fields_hash()}-{schema.words_hash()}-{uuid.uuid4().hex[:8]}"
        self._discard()
        self._client.indices.create(index=name, body=requests.index())
        count = 0
        for chunk in snapshot:
            self._put(name, chunk, [], position)
            count += len(chunk)
            yield count
        self._put(name, [], [], position, at=position)
        current = self._current()
        change: list[dict[str, Any]] = [{"add": {"index": name, "alias": ALIAS}}]
        if current:
            change.insert(0, {"remove": {"index": current, "alias": ALIAS}})
        self._client.indices.update_aliases(body={"actions": change})
        self._discard_at = time.monotonic() + GRACE_SECONDS
        log.info("index built", index=name, listings=count, seq=position.seq)

    def _put(
        self, index: str, entries: Sequence[Entry], gone: Sequence[int], position: Position, at: Position | None = None
    ) -> None:
        # By the change's number, so that whoever is late with an earlier one changes nothing.
        version = {"version": position.seq, "version_type": "external_gte"}
        lines: list[dict[str, Any]] = [{"delete": {"_id": str(product), **version}} for product in gone]
        for entry in entries:
            lines += [{"index": {"_id": str(entry.id), **version}}, requests.document(entry)]
        if at is not None:
            lines += [{"index": {"_id": requests.POSITION_ID, **version}}, {"position": at._asdict()}]
        if lines:
            _check(self._client.bulk(index=index, body=lines, params={"refresh": "true"}))

    def _current(self) -> str | None:
        return next((name for name, about in self._indices().items() if ALIAS in about["aliases"]), None)

    def _indices(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.indices.get_alias(index=f"{ALIAS}-*")
        return found

    def _discard(self) -> None:
        """Removes what is left of earlier and of unfinished builds."""
        for name in sorted(name for name, about in self._indices().items() if ALIAS not in about["aliases"]):
            self._client.indices.delete(index=name)


def _check(answer: Any) -> None:
    """An error for what was refused; a newer version that is there already and a missing one to delete are as wanted."""
    for item in answer["items"]:
        [(action, result)] = item.items()
        if result["status"] >= 300 and result["status"] != 409 and (action, result["status"]) != ("delete", 404):
            raise RuntimeError(f"the search cluster refused to {action} {result['_id']}: {result.get('error')}")
