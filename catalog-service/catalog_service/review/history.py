"""What an approver looks at: revisions, differences, history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from catalog_service.content import money, products, revisions
from catalog_service.models import Decision, Product, Revision, User, db
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.problems import Invalid

_AUTHOR, _SUBMITTER, _DECIDER = aliased(User), aliased(User), aliased(User)
# Two members may have one name; the user name tells them apart.
_NAMES = [
    func.coalesce(getattr(person, column), "").label(f"{role}_{column}")
    for role, person in (("author", _AUTHOR), ("submitted_by", _SUBMITTER), ("decided_by", _DECIDER))
    for column in ("name", "username")
]


def page(product: Product, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None]:
    """The product's revisions with the names of people, newest first."""
    query = (
        select(Revision, *_NAMES, Revision.version.label("number"))
        .outerjoin(_AUTHOR, _AUTHOR.id == Revision.author_id)
        .outerjoin(_SUBMITTER, _SUBMITTER.id == Revision.submitted_by)
        .outerjoin(_DECIDER, _DECIDER.id == Revision.decided_by)
        .where(Revision.product_id == product.id)
    )
    order = [paging.Key(Revision.version, descending=True)]
    rows = db.session.execute(paging.page(query, order, cursor, size)).all()
    rows, following = paging.cut(rows, size, "number")
    return [
        {**_represent(product, row[0]), **{one.name: row._mapping[one.name] for one in _NAMES}} for row in rows
    ], following


def _represent(product: Product, row: Revision) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "is_live": row.version == product.live_version,
        **revisions.content(row),
        "price": money.to_decimal(row.price_minor, row.currency),
        "content_hash": row.content_hash,
        "author": row.author_id,
        "submitted_by": row.submitted_by,
        "submitted_at": moment(row.submitted_at),
        "decided_by": row.decided_by,
        "decided_at": moment(row.decided_at),
        "self_approved": row.self_approved,
        "comment": row.comment,
        "created_at": moment(row.created_at),
        "published_at": moment(row.published_at),
    }


def moment(value: Any) -> str | None:
    return None if value is None else rfc3339(value)


def diff(product: Product, since: int | None, to: int | None) -> dict[str, Any]:
    """The difference between two revisions; from the published one, or from nothing, to the working one."""
    old = find(product, "from", since) if since is not None else _live(product)
    new = find(product, "to", to) if to is not None else revisions.working(product)
    changes = revisions.difference(revisions.content(old) if old else None, revisions.content(new))
    percent = next((change.get("change_percent") for change in changes if change["field"] == "price"), None)
    return {
        "from": old.version if old else None,
        "to": new.version,
        "changes": changes,
        "price_change_percent": percent,
    }


def find(product: Product, field: str, version: int) -> Revision:
    """That revision; Invalid naming the field where there is none."""
    found = db.session.get(Revision, (product.id, version))
    if found is None:
        raise Invalid(fields={field: "is no version of this product"})
    return found


def _live(product: Product) -> Revision | None:
    return db.session.get(Revision, (product.id, product.live_version)) if product.live_version else None


def history(product: Product, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None]:
    """The product's entries of the decision log, oldest first."""
    query = (
        select(Decision.__table__, User.name, User.username)
        .outerjoin(User, User.id == Decision.actor_id)
        .where(Decision.product_id == product.id)
    )
    rows = db.session.execute(paging.page(query, [paging.Key(Decision.seq)], cursor, size)).all()
    rows, following = paging.cut(rows, size, "seq")
    return [_entry(row._asdict(), row.name, row.username) for row in rows], following


def comment(actor: Actor, product: Product, text: str) -> dict[str, Any]:
    """Adds a remark to the product's thread, which outlives every resubmission."""
    entry = products.log(actor, product, revisions.working(product), "comment", text)
    person = db.session.get(User, actor.id)
    return _entry(entry, person.name if person else None, person.username if person else None)


def _entry(row: Mapping[str, Any], name: str | None, username: str | None) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "at": rfc3339(row["at"]),
        "action": row["action"],
        "actor": row["actor_id"],
        "actor_name": name or "",
        "actor_username": username or "",
        "version": row["version"],
        "comment": row["comment"],
        "details": row["details"],
        "content_hash": row["content_hash"],
        "hash": row["hash"],
    }
