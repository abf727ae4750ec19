"""What waits for a decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, exists, false, func, or_
from sqlalchemy.orm import aliased

from catalog_service.content import products, revisions
from catalog_service.models import Policy, Product, Revision, User, db
from catalog_service.review import people, workflow
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import now

_SUBMITTER, _LIVE = aliased(User), aliased(Revision)


def page(
    actor: Actor,
    cursor: str | None,
    size: int,
    q: str | None = None,
    category: str | None = None,
    submitted_by: int | None = None,
    decidable: bool | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """What waits for a decision, the longest waiting first; `decidable` leaves out the caller's own work."""
    order = [paging.Key(Product.submitted_at, kind=datetime), paging.Key(Product.id)]
    equal = {"status": workflow.PENDING, **({"category": category} if category is not None else {})}
    with db.reading() as connection:
        accounts = people.accounts(actor, connection)
        query, parameters = products.listed(actor, connection.dialect.name, equal, q)
        query = _with_submission(query)
        if submitted_by is not None:
            query = query.where(Revision.submitted_by == submitted_by)
        if decidable:
            query = query.where(_is_decidable(connection.dialect.name, accounts))
        rows = connection.execute(paging.page(query, order, cursor, size), parameters).all()
    rows, following = paging.cut(rows, size, "submitted_at", "id")
    return [_waiting(row, actor, accounts) for row in rows], following


def _is_decidable(dialect: str, accounts: frozenset[int]) -> ColumnElement[bool]:
    """What workflow.refusal says of an approver who looks at something that waits, as SQL."""
    entries = func.json_each if dialect == "sqlite" else func.json_array_elements_text
    wrote = entries(Product.contributors).table_valued("value")
    is_own = exists().where(cast(wrote.c.value, BigInteger).in_(accounts))
    return or_(func.coalesce(Policy.allow_self_approval, false()), ~is_own)


def _with_submission(query: Select[Any]) -> Select[Any]:
    return (
        query.add_columns(
            Revision.submitted_by,
            Revision.comment.label("submission_comment"),
            func.coalesce(_SUBMITTER.name, "").label("submitted_by_name"),
            func.coalesce(_SUBMITTER.username, "").label("submitted_by_username"),
            _LIVE.price_minor.label("live_price_minor"),
            _LIVE.currency.label("live_currency"),
        )
        .outerjoin(_SUBMITTER, _SUBMITTER.id == Revision.submitted_by)
        .outerjoin(_LIVE, (_LIVE.product_id == Product.id) & (_LIVE.version == Product.live_version))
        .where(Product.submitted_at.is_not(None))
    )


def _waiting(row: Any, actor: Actor, accounts: frozenset[int]) -> dict[str, Any]:
    found = products.represent(row, actor, accounts)
    del found["edition"]
    comparable = row.live_price_minor and row.live_currency == row.currency
    return {
        **found,
        "submitted_by": row.submitted_by,
        "submitted_by_name": row.submitted_by_name,
        "submitted_by_username": row.submitted_by_username,
        "submitted_at": rfc3339(row.submitted_at),
        "waiting_seconds": max(0, int((now() - row.submitted_at).total_seconds())),
        "comment": row.submission_comment,
        "price_change_percent": revisions.percent(row.live_price_minor, row.price_minor) if comparable else None,
    }
