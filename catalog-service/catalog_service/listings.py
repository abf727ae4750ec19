"""The projection that the public reads. Only this module writes it, from approved revisions."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from catalog_service import changes, documents, money, texts
from catalog_service.models import Business, Listing, ListingBusiness, ListingGroup, Product, Revision
from servicekit.database import now
from servicekit.problems import Conflict

MAX_NAME_SORT = 200


def publish(session: Session, product: Product, revision: Revision) -> None:
    """Makes the approved revision what the public sees of the product; Conflict while its business is suspended."""
    assert revision.state == "approved", "only approved revisions are published"
    changes.queue(session)
    if not is_active(session, product.business_id):
        raise Conflict("the business is suspended", code="suspended")
    seq = changes.append(session, changes.UPSERT, product.business_id, product.id, revision.version)
    revision.published_seq, revision.published_at = seq, now()
    product.live_version = revision.version
    session.flush()
    _take(session, [product.id])
    _put(session, [(product, revision)])


def unpublish(session: Session, product: Product) -> None:
    """Takes the product out of everything public."""
    if product.live_version is None:
        return
    changes.queue(session)
    # A suspended business's listings are gone already, and so said the changes.
    if session.scalar(select(Listing.product_id).filter_by(product_id=product.id)):
        changes.append(session, changes.DELETE, product.business_id, product.id, product.live_version)
    product.live_version = None
    session.flush()
    _take(session, [product.id])


def hide(session: Session, business_id: int) -> None:
    """Takes all listings of a suspended or deleted business out."""
    changes.queue(session)
    listed = session.execute(select(Listing.product_id, Listing.version).filter_by(business_id=business_id)).all()
    _take(session, [row.product_id for row in listed])
    changes.append_all(session, changes.DELETE, business_id, [(row.product_id, row.version) for row in listed])


def show(session: Session, business_id: int) -> None:
    """Puts a restored business's listings back where they were."""
    changes.queue(session)
    live = (
        select(Product, Revision)
        .join(Revision, (Revision.product_id == Product.id) & (Revision.version == Product.live_version))
        .outerjoin(Listing, Listing.product_id == Product.id)
        .where(Product.business_id == business_id, Product.archived_at.is_(None), Listing.product_id.is_(None))
        .order_by(Product.id)
    )
    rows = [(product, revision) for product, revision in session.execute(live).all()]
    _put(session, rows)
    versions = [(product.id, revision.version) for product, revision in rows]
    changes.append_all(session, changes.UPSERT, business_id, versions)


def rename(session: Session, business_id: int, name: str) -> None:
    """Writes the business's new name into its listings."""
    changes.queue(session)
    session.execute(update(ListingBusiness).filter_by(id=business_id).values(name=name))
    rows = session.execute(select(Listing.product_id, Listing.document).filter_by(business_id=business_id)).all()
    renamed = [
        {"product_id": row.product_id, "document": _json({**orjson.loads(row.document), "business_name": name})}
        for row in rows
    ]
    if renamed:
        session.execute(update(Listing), renamed)


def is_active(session: Session, business_id: int) -> bool:
    """Whether the business may be seen; one that we have not heard of yet is new."""
    return session.scalar(select(Business.status).where(Business.id == business_id)) in {None, "active"}


def row(product: Product, revision: Revision, name: str) -> dict[str, Any]:
    """The listing's columns."""
    found = texts.words(
        revision.name, revision.description, revision.category, revision.sku or "", *revision.attributes.values()
    )
    return {
        "product_id": product.id,
        "seq": revision.published_seq,
        "business_id": product.business_id,
        "version": revision.version,
        "category": revision.category,
        "currency": revision.currency,
        "price_minor": revision.price_minor,
        "price_sort": money.sortable(revision.price_minor, revision.currency),
        "name_sort": texts.fold(revision.name)[:MAX_NAME_SORT],
        "words": "".join(f" {word}" for word in found),
        "document": _json(documents.public(product, revision, name)),
    }


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()


def _put(session: Session, pairs: Iterable[tuple[Product, Revision]]) -> None:
    names: dict[int, str] = {}
    rows = []
    for product, revision in pairs:
        if product.business_id not in names:
            names[product.business_id] = documents.business_name(session, product.business_id)
            _ensure_business(session, product.business_id, names[product.business_id])
        rows.append(row(product, revision, names[product.business_id]))
    if rows:
        session.execute(insert(Listing), rows)
        _index(session, rows)
        _recount(session, rows, 1)


def _take(session: Session, product_ids: list[int]) -> None:
    columns = (Listing.seq, Listing.business_id, Listing.category, Listing.currency, Listing.words)
    taken: list[dict[str, Any]] = []
    for start in range(0, len(product_ids), 500):
        chosen = Listing.product_id.in_(product_ids[start : start + 500])
        rows = [dict(found) for found in session.execute(select(*columns).where(chosen)).mappings()]
        if rows:
            _unindex(session, rows)
            session.execute(delete(Listing).where(chosen), execution_options={"synchronize_session": False})
            taken += rows
    _recount(session, taken, -1)


def _ensure_business(session: Session, business_id: int, name: str) -> None:
    statement = text("INSERT INTO listing_businesses (id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING")
    session.execute(statement, {"id": business_id, "name": name})


def index_words(found: dict[str, Any]) -> list[str]:
    """What the index holds of a listing: its words, and labels to find it by its group."""
    labels = [texts.label(kind, found[kind]) for kind in ("category", "currency", "business_id")]
    return [*str(found["words"]).split(" ")[1:], *labels]


def _index(session: Session, rows: list[dict[str, Any]]) -> None:
    found = {word for one in rows for word in str(one["words"]).split(" ")[1:]}
    known = text("INSERT INTO listing_words (word) VALUES (:word) ON CONFLICT DO NOTHING")
    session.execute(known, [{"word": word} for word in sorted(found)])
    if session.get_bind().dialect.name == "sqlite":
        statement = text("INSERT INTO listing_search (rowid, words) VALUES (:seq, :words)")
        session.execute(statement, [{"seq": one["seq"], "words": " ".join(index_words(one))} for one in rows])
        return
    statement = text("INSERT INTO listing_search (seq, words) VALUES (:seq, array_to_tsvector(CAST(:words AS text[])))")
    session.execute(statement, [{"seq": one["seq"], "words": index_words(one)} for one in rows])


def _unindex(session: Session, rows: list[dict[str, Any]]) -> None:
    if session.get_bind().dialect.name == "sqlite":
        # The index keeps no text of its own: it must be told what it held (SQLite FTS5, section 4.4.1).
        statement = text("INSERT INTO listing_search (listing_search, rowid, words) VALUES ('delete', :seq, :words)")
        session.execute(statement, [{"seq": one["seq"], "words": " ".join(index_words(one))} for one in rows])
        return
    session.execute(text("DELETE FROM listing_search WHERE seq = :seq"), [{"seq": one["seq"]} for one in rows])


def _recount(session: Session, rows: list[dict[str, Any]], by: int) -> None:
    counts: dict[tuple[int, str, str], int] = {}
    for one in rows:
        key = (one["business_id"], one["category"], one["currency"])
        counts[key] = counts.get(key, 0) + by
    for (business_id, category, currency), count in counts.items():
        key_of = {"business_id": business_id, "category": category, "currency": currency}
        prices = {
            "min_price": func.coalesce(select(func.min(Listing.price_minor)).filter_by(**key_of).scalar_subquery(), 0),
            "max_price": func.coalesce(select(func.max(Listing.price_minor)).filter_by(**key_of).scalar_subquery(), 0),
        }
        first = text(
            "INSERT INTO listing_groups (business_id, category, currency, listed, min_price, max_price)"
            " VALUES (:business_id, :category, :currency, 0, 0, 0) ON CONFLICT DO NOTHING"
        )
        session.execute(first, key_of)
        session.execute(
            update(ListingGroup).filter_by(**key_of).values(listed=ListingGroup.listed + count, **prices),
            execution_options={"synchronize_session": False},
        )
        session.execute(delete(ListingGroup).filter_by(**key_of, listed=0))
