"""The sequence of what happened to the public catalogue, and what partners read of it."""

from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalog_service import documents
from catalog_service.models import Change, FeedHead, Listing, Product, Revision, db
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.feeds import Feed

UPSERT, DELETE = "upsert", "delete"

feed = Feed(Change, FeedHead)


def append(session: Session, kind: str, business_id: int, product_id: int, version: int) -> int:
    """Adds a change to the open transaction; returns its place among all changes. Append last: writers queue here."""
    # Taken first, so that the count below cannot be overtaken: numbers of a business have no gaps either.
    queue(session)
    count = select(func.coalesce(func.max(Change.number), 0) + 1).where(Change.business_id == business_id)
    data = {"product_id": product_id, "version": version}
    return feed.append(session, kind, data, business_id=business_id, number=session.scalar(count))


def queue(session: Session) -> None:
    """Waits for whoever writes the public catalogue now, and keeps others waiting until the transaction ends."""
    session.execute(update(FeedHead).values(seq=FeedHead.seq), execution_options={"synchronize_session": False})


def snapshot(actor: Actor, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None, int]:
    """A page of everything published of the caller's business, the next cursor, and the change it began at.

    What changes while the pages are read comes again after that change, so nothing is missed.
    """
    seq, last = (_newest(actor.tenant), 0) if cursor is None else paging.decode(cursor, [int, int])
    query = (
        select(Listing.product_id, Listing.version, Listing.document)
        .where(Listing.business_id == actor.tenant, Listing.product_id > last)
        .order_by(Listing.product_id)
        .limit(size + 1)
    )
    rows = db.session.execute(query).all()
    shown = [
        {
            "seq": seq,
            "type": UPSERT,
            "product_id": row.product_id,
            "version": row.version,
            "occurred_at": None,
            "product": orjson.loads(row.document),
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
