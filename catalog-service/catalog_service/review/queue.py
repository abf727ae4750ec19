"""What waits for a decision, of every kind."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from catalog_service.content import revisions, texts
from catalog_service.content.kinds import Kind
from catalog_service.models import Policy, User, db
from catalog_service.review import people, workflow
from catalog_service.review.vetted import KINDS
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import now

_SUBMITTER = aliased(User)


def page(
    actor: Actor,
    cursor: str | None,
    size: int,
    q: str | None = None,
    type: str | None = None,
    category: str | None = None,
    submitted_by: int | None = None,
    decidable: bool | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """What waits for a decision, the longest waiting first; `decidable` leaves out the caller's own work."""
    words = texts.words(q or "")
    kinds = [kind for kind in KINDS.values() if type in {None, kind.name}]
    if category is not None:
        kinds = [kind for kind in kinds if hasattr(kind.working, "category")]
    if not kinds or (q and q.strip() and not words):
        return [], None
    with db.reading() as connection:
        accounts = people.accounts(actor, connection)
        waiting = [
            _of_kind(kind, connection.dialect.name, words, category, submitted_by, accounts if decidable else None)
            for kind in kinds
        ]
        every = union_all(*waiting).subquery()
        order = [
            paging.Key(every.c.submitted_at, kind=datetime),
            paging.Key(every.c.type, kind=str),
            paging.Key(every.c.id),
        ]
        there = connection.execute(paging.page(select(every), order, cursor, size), {"tenant": actor.tenant}).all()
        rows, following = paging.cut(there, size, "submitted_at", "type", "id")
        shown = _shown(connection, actor, accounts, rows)
    # What was decided in between waits no more.
    return [shown[place] for row in rows if (place := (row.type, row.id)) in shown], following


def _of_kind(
    kind: Kind,
    dialect: str,
    words: Sequence[str],
    category: str | None,
    submitted_by: int | None,
    undecided_by: frozenset[int] | None,
) -> Select[Any]:
    """Type, id and time of what waits of that kind and fits."""
    row, revision = kind.working, kind.revision
    query = (
        select(literal(kind.name, String).label("type"), row.id.label("id"), row.submitted_at.label("submitted_at"))
        .where(row.business_id == bindparam("tenant"), row.submitted_at.is_not(None), row.archived_at.is_(None))
        .where(row.status == workflow.PENDING)
    )
    position = func.instr if dialect == "sqlite" else func.strpos
    for word in words:
        query = query.where(position(row.words, f" {word}") > 0)
    if category is not None:
        query = query.where(row.category == category)
    if submitted_by is not None:
        query = query.join(revision, (kind.owned == row.id) & (revision.version == row.version))
        query = query.where(revision.submitted_by == submitted_by)
    if undecided_by is not None:
        query = query.outerjoin(Policy, Policy.business_id == row.business_id)
        query = query.where(_is_decidable(row, dialect, undecided_by))
    return query


def _is_decidable(row: Any, dialect: str, accounts: frozenset[int]) -> ColumnElement[bool]:
    """What workflow.refusal says of an approver who looks at something that waits, as SQL."""
    entries = func.json_each if dialect == "sqlite" else func.json_array_elements_text
    wrote = entries(row.contributors).table_valued("value")
    is_own = exists().where(cast(wrote.c.value, BigInteger).in_(accounts))
    return or_(func.coalesce(Policy.allow_self_approval, false()), ~is_own)


def _shown(
    connection: Connection, actor: Actor, accounts: frozenset[int], rows: Sequence[Any]
) -> dict[tuple[str, int], dict[str, Any]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.type].append(row.id)
    shown = {}
    for name, numbers in ids.items():
        query = _with_submission(name)
        for row in connection.execute(query, {"tenant": actor.tenant, "ids": numbers}):
            shown[name, row.id] = _waiting(KINDS[name], row, actor, accounts)
    return shown


@lru_cache
def _with_submission(name: str) -> Select[Any]:
    kind = KINDS[name]
    live = aliased(kind.revision)
    prices = [
        getattr(live, column).label(f"live_{column}")
        for column in ("price_minor", "currency")
        if hasattr(kind.revision, column)
    ]
    return (
        kind.shown_rows.add_columns(
            kind.revision.submitted_by,
            kind.revision.comment.label("submission_comment"),
            func.coalesce(_SUBMITTER.name, "").label("submitted_by_name"),
            func.coalesce(_SUBMITTER.username, "").label("submitted_by_username"),
            *prices,
        )
        .outerjoin(_SUBMITTER, _SUBMITTER.id == kind.revision.submitted_by)
        .outerjoin(live, (getattr(live, kind.owner) == kind.working.id) & (live.version == kind.working.live_version))
        .where(kind.working.id.in_(bindparam("ids", expanding=True)), kind.working.submitted_at.is_not(None))
    )


def _waiting(kind: Kind, row: Any, actor: Actor, accounts: frozenset[int]) -> dict[str, Any]:
    shown = kind.represent(row, actor, accounts)
    del shown["edition"]
    return {
        "type": kind.name,
        "name": kind.title({name: getattr(row, name) for name in kind.content}),
        **shown,
        "submitted_by": row.submitted_by,
        "submitted_by_name": row.submitted_by_name,
        "submitted_by_username": row.submitted_by_username,
        "submitted_at": rfc3339(row.submitted_at),
        "waiting_seconds": max(0, int((now() - row.submitted_at).total_seconds())),
        "comment": row.submission_comment,
        "price_change_percent": _price_change(row._mapping),
    }


def _price_change(row: Any) -> str | None:
    if not row.get("live_price_minor") or row["live_currency"] != row["currency"]:
        return None
    return revisions.percent(row["live_price_minor"], row["price_minor"])
