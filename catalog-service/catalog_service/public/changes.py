"""The sequence of what happened to the public catalogue, and what partners read of it."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from catalog_service.models import Change, FeedHead, Listing, ListingMark, Product, Revision, db
from catalog_service.public import documents
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import connection_of, now

UPSERT, DELETE = "upsert", "delete"

# The head's row stays locked until the commit, so places are given in commit order and a rollback gives them back.
_ADVANCE = update(FeedHead).values(seq=FeedHead.seq + bindparam("by")).returning(FeedHead.seq)
_BEGIN = text("INSERT INTO feed_head (id, seq) VALUES (1, 0) ON CONFLICT DO NOTHING")
# Partners of a hidden business are told of the end of all its listings, which lie where they were.
_IS_HIDDEN = exists().where(ListingMark.business_id == Listing.business_id, ListingMark.is_hidden)
_COLUMNS = ("seq", "type", "data", "occurred_at", "business_id")
_FOLLOWING = func.coalesce(func.max(Change.number), 0) + 1
_ENTRY = insert(Change).from_select(
    [*_COLUMNS, "number"],
    select(*(bindparam(name, type_=Change.__table__.c[name].type) for name in _COLUMNS), _FOLLOWING).where(
        Change.business_id == bindparam("business_id", type_=Change.__table__.c.business_id.type)
    ),
)


def append(session: Session, kind: str, business_id: int, product_id: int, version: int) -> int:
    """Adds a change to the open transaction; returns its place among all changes. Append last: writers queue here."""
    return append_all(session, kind, business_id, [(product_id, version)])


def append_all(session: Session, kind: str, business_id: int, versions: Sequence[tuple[int, int]]) -> int:
    """Adds a change for each (product id, version); returns the place of the last among all changes."""
    # Taken first, so that nobody else counts meanwhile: numbers of a business have no gaps either.
    last, moment = _advance(session, len(versions)), now()
    rows = [
        {
            "seq": last - len(versions) + place,
            "type": kind,
            "data": {"product_id": product_id, "version": version},
            "occurred_at": moment,
            "business_id": business_id,
        }
        for place, (product_id, version) in enumerate(versions, 1)
    ]
    if rows:
        connection_of(session).execute(_ENTRY, rows)
    return last


def _advance(session: Session, by: int) -> int:
    connection = connection_of(session)
    found = connection.scalar(_ADVANCE, {"by": by})
    if found is None:
        connection.execute(_BEGIN)
        found = connection.scalar(_ADVANCE, {"by": by})
    assert found is not None
    return int(found)


def queue(session: Session) -> None:
    """Waits for whoever writes the public catalogue now, and keeps others waiting until the transaction ends."""
    _advance(session, 0)


def snapshot(actor: Actor, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None, int]:
    """A page of everything published of the caller's business, the next cursor, and the change it began at.

    What changes while the pages are read comes again after that change, so nothing is missed.
    """
    seq, last = (_newest(actor.tenant), 0) if cursor is None else paging.decode(cursor, [int, int])
    query = (
        select(Listing.product_id, Listing.version, Listing.document)
        .where(Listing.business_id == actor.tenant, Listing.product_id > last, ~_IS_HIDDEN)
        .order_by(Listing.product_id)
        .limit(size + 1)
    )
    rows, name = db.session.execute(query).all(), documents.business_name(db.session(), actor.tenant)
    shown = [
        {
            "seq": seq,
            "type": UPSERT,
            "product_id": row.product_id,
            "version": row.version,
            "occurred_at": None,
            "product": {**orjson.loads(row.document), "business_name": name},
        }
        for row in rows[:size]
    ]
    following = paging.encode([seq, rows[size - 1].product_id]) if len(rows) > size else None
    return shown, following, seq


def _newest(business_id: int) -> int:
    newest = select(func.coalesce(func.max(Change.number), 0)).where(Change.business_id == business_id)
    return db.session.scalar(newest) or 0


def after(actor: Actor, number: int, size: int) -> list[dict[str, Any]]:
    """What happened in the caller's business after its change `number`, oldest first."""
    query = (
        select(Change)
        .where(Change.business_id == actor.tenant, Change.number > number)
        .order_by(Change.number)
        .limit(size)
    )
    rows = db.session.scalars(query).all()
    said = _said([row.data for row in rows])
    name = documents.business_name(db.session(), actor.tenant)
    return [_entry(row, said[row.data["product_id"], row.data["version"]], name) for row in rows]


def _said(found: list[dict[str, Any]]) -> dict[tuple[int, int], tuple[Product, Revision]]:
    query = (
        select(Product, Revision)
        .join(Revision, Revision.product_id == Product.id)
        .where(
            Product.id.in_({one["product_id"] for one in found}),
            Revision.version.in_({one["version"] for one in found}),
        )
    )
    return {(product.id, revision.version): (product, revision) for product, revision in db.session.execute(query)}


def _entry(row: Change, said: tuple[Product, Revision], name: str) -> dict[str, Any]:
    return {
        "seq": row.number,
        "type": row.type,
        "product_id": row.data["product_id"],
        "version": row.data["version"],
        "occurred_at": rfc3339(row.occurred_at),
        "product": documents.public(*said, name) if row.type == UPSERT else None,
    }
