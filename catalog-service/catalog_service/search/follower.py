"""Keeps the index in step with the public catalogue: it follows the changes, and is built anew where that is not enough."""

import time
from collections.abc import Iterator
from typing import Any

import orjson
import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection, func, select

from catalog_service.models import Change, Listing, ListingBusiness, db
from catalog_service.search import analysis, beside
from catalog_service.search.port import Entry, Position, SearchWriter
from servicekit.api import rfc3339

log = structlog.get_logger(__name__)

BATCH, CHUNK = 500, 500
Row = tuple[Any, ...]
COMPARE_SECONDS = 3600.0
BEHIND = Gauge(
    "search_lag_changes",
    f"Changes of the public catalogue that the index for searches did not know when it was last looked at, {BATCH} at most",
)
_CONTENTS = select(func.count(), func.coalesce(func.sum(Listing.seq), 0)).select_from(Listing)
NOWHERE = Position(0, "")
_ENTRY = select(
    Listing.product_id,
    Listing.seq,
    Listing.business_id,
    Listing.category,
    Listing.currency,
    Listing.price_minor,
    Listing.name_sort,
    Listing.document,
    ListingBusiness.name,
).outerjoin(ListingBusiness, ListingBusiness.id == Listing.business_id)


class Follower:
    """Brings the writer's index up to date, a batch of changes or a chunk of listings a step."""

    def __init__(self, writer: SearchWriter) -> None:
        self.writer = writer
        self._build: Iterator[int] | None = None
        self._compare_at = 0.0

    def step(self) -> bool:
        """One batch; returns whether there is more to do at once."""
        if not self.writer.is_mine():
            return False
        with db.reading() as connection:
            position = self.writer.position()
            if position is None or not _is_of(connection, position):
                return self._rebuild(connection)
            has_more = self._follow(connection, position)
            if self.writer.is_outdated() or self._build or not self._agrees(connection):
                return self._rebuild(connection)
            return has_more

    def _follow(self, connection: Connection, position: Position) -> bool:
        following = select(Change).where(Change.seq > position.seq).order_by(Change.seq).limit(BATCH)
        rows = connection.execute(following).all()
        BEHIND.set(len(rows))
        if rows:
            touched = {row.data["product_id"] for row in rows}
            entries = _entries(connection, touched)
            gone = touched - {entry.id for entry in entries}
            self.writer.apply(entries, sorted(gone), _position(rows[-1]))
        has_more = len(rows) == BATCH
        BEHIND.set(BATCH if has_more else 0)
        return has_more

    def _agrees(self, connection: Connection) -> bool:
        """Whether the index holds what is listed, looked at once in COMPARE_SECONDS and when nothing happens meanwhile."""
        if time.monotonic() < self._compare_at:
            return True
        listed = connection.execute(_CONTENTS).one()
        position = self.writer.position()
        if position is None or position != _newest(connection):
            return True
        self._compare_at = time.monotonic() + COMPARE_SECONDS
        agrees = self.writer.contents() == tuple(listed)
        if not agrees:
            log.error("index is not what is listed", listed=tuple(listed), indexed=self.writer.contents())
        return agrees

    def _rebuild(self, connection: Connection) -> bool:
        try:
            if self._build is None:
                self._build = self.writer.rebuild(beside.made(_made, _chunks()), _newest(connection))
            next(self._build)
        except BaseException as error:
            self._build = None
            if not isinstance(error, StopIteration):
                raise
        return True


def _is_of(connection: Connection, position: Position) -> bool:
    """Whether the position is one of this database's: a restored copy may have other changes under the same numbers."""
    if position == NOWHERE:
        return True
    row = connection.execute(select(Change).where(Change.seq == position.seq)).first()
    return row is not None and _position(row) == position


def _newest(connection: Connection) -> Position:
    row = connection.execute(select(Change).order_by(Change.seq.desc()).limit(1)).first()
    return _position(row) if row else NOWHERE


def _position(row: Any) -> Position:
    return Position(row.seq, f"{row.data['product_id']} {rfc3339(row.occurred_at)}")


def _entries(connection: Connection, product_ids: set[int]) -> list[Entry]:
    return _made([tuple(row) for row in connection.execute(_ENTRY.where(Listing.product_id.in_(product_ids)))])


def _chunks() -> Iterator[list[Row]]:
    after = 0
    while True:
        # A connection for each, so that none is held between the worker's steps.
        with db.reading() as connection:
            page = _ENTRY.where(Listing.product_id > after).order_by(Listing.product_id).limit(CHUNK)
            rows = [tuple(row) for row in connection.execute(page)]
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _made(rows: list[Row]) -> list[Entry]:
    return [_entry(*row) for row in rows]


def _entry(product_id: int, *columns: Any) -> Entry:
    *plain, document, business_name = columns
    fields = analysis.fields({**orjson.loads(document), "business_name": business_name or ""})
    return Entry._make([product_id, *plain, {name: " ".join(tokens) for name, tokens in fields.items()}])
