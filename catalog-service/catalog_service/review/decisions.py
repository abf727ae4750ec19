"""The log: append-only, each business's entries chained by hash over canonical content."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
import structlog
from sqlalchemy import ColumnElement, and_, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from catalog_service.models import Decision, DecisionAnchor, DecisionHead
from catalog_service.review.verify_log import END, digest
from servicekit.api import rfc3339
from servicekit.database import connection_of, now
from servicekit.prepared import Prepared

PRODUCT = "product"
# In `details`, of other content than products.
ABOUT = "about"
# Columns that repeat what `details` say; what is hashed and exported has stayed as it was.
_BESIDE = frozenset({"kind", "content_id"})

log = structlog.get_logger(__name__)

_HEADS: Any = DecisionHead.__table__
_DECISIONS: Any = Decision.__table__
# The head's row stays locked until the commit.
_QUEUE = Prepared(select(_HEADS.c.seq, _HEADS.c.hash).where(_HEADS.c.business_id == bindparam("of")).with_for_update())
_FIRST = text("INSERT INTO decision_heads (business_id, seq, hash) VALUES (:of, 0, '') ON CONFLICT DO NOTHING")
_ENTRY = Prepared(insert(_DECISIONS))
_HEAD = Prepared(
    update(_HEADS)
    .where(_HEADS.c.business_id == bindparam("of"))
    .values(seq=bindparam("reached"), hash=bindparam("digest"))
)


class Head(NamedTuple):
    """The last entry of a business's log."""

    seq: int
    hash: str


def record(
    session: Session,
    business_id: int,
    action: str,
    actor_id: int,
    *,
    about: tuple[str, int] | None = None,
    version: int | None = None,
    content_hash: str = "",
    comment: str = "",
    details: dict[str, Any] | None = None,
    head: Head | None = None,
) -> dict[str, Any]:
    """Adds an entry to the business's log in the open transaction and returns its columns.

    `about` is the kind of content and its id. A product has a field of its own in what is hashed; for all other kinds
    `details` say it, and columns beside repeat that, for who looks for it. Writers of one business queue here. `head` is what `queue` returned, where this transaction wrote nothing since.
    """
    connection = connection_of(session)
    head = head or queue(session, business_id)
    kind, content_id = about or (None, None)
    is_product = kind in {None, PRODUCT}
    entry: dict[str, Any] = {
        "business_id": business_id,
        "seq": head.seq + 1,
        "at": now(),
        "action": str(action),
        "actor_id": actor_id,
        "product_id": content_id if is_product else None,
        "version": version,
        "content_hash": content_hash,
        "comment": comment,
        "details": (details or {}) if is_product else {**(details or {}), ABOUT: {"kind": kind, "id": content_id}},
        "previous": head.hash,
    }
    entry["hash"] = digest({**entry, "at": rfc3339(entry["at"])})
    beside = {"kind": None, "content_id": None} if is_product else {"kind": kind, "content_id": content_id}
    _ENTRY.rows(connection, {**entry, **beside})
    _HEAD.rows(connection, {"of": business_id, "reached": entry["seq"], "digest": entry["hash"]})
    return entry


def is_about(log: Any, kind: str, content_id: Any) -> ColumnElement[bool]:
    """Which entries of the log are about that content."""
    if kind == PRODUCT:
        return log.product_id == content_id  # type: ignore[no-any-return]
    return and_(log.kind == kind, log.content_id == content_id)


def queue(session: Session, business_id: int) -> Head:
    """Waits for whoever writes the business's log now, and keeps others waiting until the transaction ends."""
    connection, place = connection_of(session), {"of": business_id}
    row = _QUEUE.first(connection, place)
    if row is None:
        connection.execute(_FIRST, place)
        row = _QUEUE.first(connection, place)
    return Head(row.seq, row.hash)


def anchor(session: Session) -> int:
    """Keeps the heads that moved since the last time, here and in the logs; returns how many."""
    newest = select(func.max(DecisionAnchor.seq)).where(DecisionAnchor.business_id == DecisionHead.business_id)
    moved = select(DecisionHead).where(DecisionHead.seq > func.coalesce(newest.scalar_subquery(), 0))
    heads = session.scalars(moved.order_by(DecisionHead.business_id)).all()
    for head in heads:
        session.add(DecisionAnchor(business_id=head.business_id, seq=head.seq, hash=head.hash, at=now()))
        # As `verify-decisions --anchors` reads it, so that the log's lines can be held against an export.
        log.info("decision head", kind="anchor", business_id=head.business_id, seq=head.seq, hash=head.hash)
    session.flush()
    return len(heads)


def export(session: Session, business_id: int | None = None) -> Iterator[bytes]:
    """The log as JSON lines: each business's entries, its anchors and its head, then how many entries there were.

    Holds a few rows at a time.
    """
    heads = select(DecisionHead).order_by(DecisionHead.business_id)
    if business_id is not None:
        heads = heads.where(DecisionHead.business_id == business_id)
    entries = 0
    for head in session.scalars(heads).all():
        # The head was read first: entries that were added since belong to the next export.
        for model, kind in ((Decision, "entry"), (DecisionAnchor, "anchor")):
            table = model.__table__
            upto = (table.c.business_id == head.business_id) & (table.c.seq <= head.seq)
            columns = [column for column in table.c if column.name not in _BESIDE]
            rows = session.execute(
                select(*columns).where(upto).order_by(table.c.seq), execution_options={"yield_per": 1000}
            )
            for row in rows.mappings():
                yield _line(kind, {**row, "at": rfc3339(row["at"])})
        yield _line("head", {"business_id": head.business_id, "seq": head.seq, "hash": head.hash})
        entries += head.seq
    yield _line(END, {"entries": entries})


def _line(kind: str, record: dict[str, Any]) -> bytes:
    return orjson.dumps({"kind": kind, **record}) + b"\n"
