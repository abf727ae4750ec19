"""The sequence of what happened to the public catalogue, and what partners read of it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from catalog_service.models import Change, FeedHead, Listing, ListingMark, Product, Revision, db
from catalog_service.public import documents
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import connection_of, now
from servicekit.problems import Gone

UPSERT, DELETE = "upsert", "delete"
# Where a session notes the last change of the open transaction.
LAST = "last change"
GENERATION_LENGTH = 16

# The head's row stays locked until the commit, so places are given in commit order and a rollback gives them back.
_ADVANCE = update(FeedHead).values(seq=FeedHead.seq + bindparam("by")).returning(FeedHead.seq)
_BEGIN = text("INSERT INTO feed_head (id, seq) VALUES (1, 0) ON CONFLICT DO NOTHING")
# Partners of a hidden business are told of the end of all its listings, which lie where they were.
_IS_HIDDEN = exists().where(ListingMark.business_id == Listing.business_id, ListingMark.is_hidden)
_COLUMNS = ("seq", "type", "data", "occurred_at", "business_id")
_FOLLOWING = func.coalesce(func.max(Change.number), 0) + 1
_OF = select(Change).where(Change.business_id == bindparam("business"))
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
        session.info[LAST] = last
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


class Place(NamedTuple):
    """The last change that a partner has applied; `generation` as we said it with that one, None where it is not sent.

    A generation is made of the change itself. So a database that was restored from a backup, and has gone another way
    since, gives this number to another change, and that has another generation.
    """

    number: int
    generation: str | None = None

    def __str__(self) -> str:
        return f"{self.number}.{self.generation}" if self.generation else str(self.number)


def snapshot(actor: Actor, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None, Place]:
    """A page of everything published of the caller's business, the next cursor, and the change it began at.

    What changes while the pages are read comes again after that change, so nothing is missed.
    """
    began, last = _began(actor.tenant, cursor)
    query = (
        select(Listing.product_id, Listing.version, Listing.document)
        .where(Listing.business_id == actor.tenant, Listing.product_id > last, ~_IS_HIDDEN)
        .order_by(Listing.product_id)
        .limit(size + 1)
    )
    rows, name = db.session.execute(query).all(), documents.business_name(db.session(), actor.tenant)
    shown = [
        {
            "seq": began.number,
            "generation": began.generation,
            "type": UPSERT,
            "product_id": row.product_id,
            "version": row.version,
            "occurred_at": None,
            "product": {**orjson.loads(row.document), "business_name": name},
        }
        for row in rows[:size]
    ]
    following = paging.encode([*began, rows[size - 1].product_id]) if len(rows) > size else None
    return shown, following, began


def _began(business_id: int, cursor: str | None) -> tuple[Place, int]:
    if cursor is not None:
        number, generation, last = paging.decode(cursor, [int, str, int])
        return Place(number, generation), last
    newest = db.session.scalar(_OF.order_by(Change.number.desc()).limit(1), {"business": business_id})
    return (_place(newest) if newest else Place(0, "")), 0


def after(actor: Actor, place: Place, size: int) -> tuple[list[dict[str, Any]], Place]:
    """What happened in the caller's business after a change, oldest first, and the last of these.

    Gone where the business has no such change: then a copy of it is not made of what happened here.
    """
    # With the change itself, which is there unless it was undone by a restored backup.
    query = _OF.where(Change.number >= place.number).order_by(Change.number).limit(size + 1)
    rows = db.session.scalars(query, {"business": actor.tenant}).all()
    before = _place(rows[0]) if rows and rows[0].number == place.number else Place(0, "")
    if before.number != place.number or place.generation not in {None, before.generation}:
        raise Gone(f"change {place.number} is not one of these: take a new snapshot", code="resync")
    rows = [row for row in rows if row.number > place.number][:size]
    said = _said([row.data for row in rows])
    name = documents.business_name(db.session(), actor.tenant) if rows else ""
    entries = [_entry(row, said[row.data["product_id"], row.data["version"]], name) for row in rows]
    return entries, _place(rows[-1]) if rows else before


def _place(row: Change) -> Place:
    what = orjson.dumps([row.number, row.type, row.data, rfc3339(row.occurred_at)], option=orjson.OPT_SORT_KEYS)
    return Place(row.number, sha256(what).hexdigest()[:GENERATION_LENGTH])


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
        "generation": _place(row).generation,
        "type": row.type,
        "product_id": row.data["product_id"],
        "version": row.data["version"],
        "occurred_at": rfc3339(row.occurred_at),
        "product": documents.public(*said, name) if row.type == UPSERT else None,
    }
