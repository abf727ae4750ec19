"""Who did what, to whom, from where: written in the transaction of the act itself, never changed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import Row, Select, delete, select

from auth_service.models import AuditEntry, User, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.logs import request_id

STRANGERS_DAYS = 30


def record(act: str, business_id: int | None, by: int | None, target: str = "", **detail: Any) -> None:
    """Adds an entry to the open transaction. `detail` is shown to admins: names and states, never a secret."""
    entry = AuditEntry(
        act=act,
        business_id=business_id,
        actor_id=by,
        target=target,
        detail=detail,
        address=g.get("address", ""),
        request_id=request_id(),
    )
    db.session.add(entry)
    db.session.flush()


def scoped(actor: Actor) -> Select[Any]:
    """The entries of the caller's business; for operators those that belong to no business."""
    mine = AuditEntry.business_id == actor.business_id if actor.business_id else AuditEntry.business_id.is_(None)
    return select(*AuditEntry.__table__.c, User.username).outerjoin(User, User.id == AuditEntry.actor_id).where(mine)


def page(actor: Actor, act: str | None, cursor: str | None, size: int) -> tuple[Sequence[Row[Any]], str | None]:
    """Entries, newest first, and the cursor of the next page."""
    query = scoped(actor)
    if act:
        query = query.where(AuditEntry.act == act)
    order = [paging.Key(AuditEntry.id, descending=True)]
    return paging.cut(db.session.execute(paging.page(query, order, cursor, size)).all(), size, "id")


def prune() -> None:
    """Forgets failed sign-ins with names that nobody has, a month later; everything else stays."""
    past = now() - timedelta(days=STRANGERS_DAYS)
    strangers = (AuditEntry.act == "login.failed") & AuditEntry.business_id.is_(None)
    db.session.execute(delete(AuditEntry).where(strangers, AuditEntry.occurred_at < past))
