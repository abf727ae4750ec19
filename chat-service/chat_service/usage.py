"""How much was asked, how it was answered and what it cost, per day; no text and no person."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select

from chat_service.models import Usage, db
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import Permission

SHOWN_DAYS = 30
ORDER = [paging.Key(Usage.day, True, date), paging.Key(Usage.business_id, True), paging.Key(Usage.mode, True, str)]


def scoped(actor: Actor) -> Select[tuple[Usage]]:
    """The caller's own business; everything for the platform's operators."""
    if actor.can(Permission.PLATFORM_MANAGE):
        return select(Usage)
    return select(Usage).where(Usage.business_id == actor.tenant)


def page(
    actor: Actor, since: date | None, until: date | None, cursor: str | None, size: int
) -> tuple[Sequence[Usage], str | None]:
    """Sums per day, business and mode, newest day first; of the last thirty days where no day is given."""
    today = now().date()
    query = scoped(actor).where(
        Usage.day >= (since or today - timedelta(days=SHOWN_DAYS)), Usage.day <= (until or today)
    )
    rows = db.session.scalars(paging.page(query, ORDER, cursor, size)).all()
    return paging.cut(rows, size, "day", "business_id", "mode")
