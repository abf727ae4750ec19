"""How reviewing goes: what was decided on each day and how long it took, what waits now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, String, bindparam, case, func, select, union_all

from catalog_service.models import Decision, DecisionHead, Product, db
from catalog_service.review import workflow
from catalog_service.review.vetted import KINDS
from servicekit.auth import Actor
from servicekit.database import Timestamp, now

# What an entry of the log counts as.
COUNTED = {
    "submit": "submitted",
    "approve": "approved",
    "reject": "rejected",
    "withdraw": "withdrawn",
    "publish": "published_without_review",
    "unpublish": "unpublished",
}
HOUR = 3600
# Upper bounds of the groups of waiting times, in seconds; the last group has none.
AGES = (4 * HOUR, 24 * HOUR, 72 * HOUR)
# The log is in order of time as far as the clocks of several machines agree.
CLOCKS = timedelta(hours=1)

_LOG: Any = Decision.__table__
_EARLIER: Any = Decision.__table__.alias("earlier")
_TIME_OF = select(_LOG.c.at).where(_LOG.c.business_id == bindparam("of"), _LOG.c.seq == bindparam("seq"))
_HEAD = select(DecisionHead.seq).where(DecisionHead.business_id == bindparam("of"))
_SINCE = (
    (_LOG.c.business_id == bindparam("of")) & (_LOG.c.seq >= bindparam("first")) & (_LOG.c.at >= bindparam("since"))
)


def _submitted_at(*is_same: ColumnElement[bool]) -> ScalarSelect[Any]:
    earlier = select(_EARLIER.c.at).where(*is_same, _EARLIER.c.seq < _LOG.c.seq, _EARLIER.c.action == "submit")
    return earlier.order_by(_EARLIER.c.seq.desc()).limit(1).scalar_subquery()


# One after the other, each by an index of its own: an entry is about a product, or else about other content.
_SUBMITTED_AT = func.coalesce(
    _submitted_at(_EARLIER.c.product_id == _LOG.c.product_id),
    _submitted_at(_EARLIER.c.kind == _LOG.c.kind, _EARLIER.c.content_id == _LOG.c.content_id),
    type_=Timestamp,
)
_WAITS = select(_LOG.c.at, _SUBMITTED_AT.label("submitted_at")).where(_SINCE, _LOG.c.action.in_(("approve", "reject")))
_DAY: dict[str, ColumnElement[str]] = {
    "sqlite": func.substr(_LOG.c.at, 1, 10, type_=String),
    "postgresql": func.to_char(func.timezone("UTC", _LOG.c.at), "YYYY-MM-DD", type_=String),
}


def of(actor: Actor, days: int) -> dict[str, Any]:
    """The caller's business's figures: of the last `days` days (UTC, today included) and of this moment."""
    today = now().date()
    calendar = [today - timedelta(days=back) for back in reversed(range(days))]
    with db.reading() as connection:
        place = _place(connection, actor.tenant, calendar[0])
        counts = _counts(connection, place)
        waits = _waits(connection, place)
        return {
            "days": [{"day": day, **counts[day.isoformat()], **_spread(waits[day])} for day in calendar],
            **_spread([one for day in waits.values() for one in day]),
            "waiting": _waiting(connection, actor.tenant),
            "products": _products(connection, actor.tenant),
        }


def _place(connection: Connection, business_id: int, since: date) -> dict[str, Any]:
    """Where the log's entries since that day begin, found by halving: the log has no index of times."""
    midnight = datetime.combine(since, time(), UTC)
    low, high = 1, (connection.scalar(_HEAD, {"of": business_id}) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = connection.scalar(_TIME_OF, {"of": business_id, "seq": middle})
        if at is None or at < midnight - CLOCKS:
            low = middle + 1
        else:
            high = middle
    return {"of": business_id, "first": low, "since": midnight}


def _counts(connection: Connection, place: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Entries by day and what they count as; a day without any has zeros."""
    day = _DAY[connection.dialect.name].label("day")
    query = select(day, _LOG.c.action, func.count()).where(_SINCE, _LOG.c.action.in_(COUNTED))
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED.values(), 0))
    for on, action, count in connection.execute(query.group_by("day", _LOG.c.action), place):
        found[on][COUNTED[action]] = count
    return found


def _waits(connection: Connection, place: dict[str, Any]) -> dict[date, list[float]]:
    """By the day of the decision, the seconds from the last submission to it."""
    found: dict[date, list[float]] = defaultdict(list)
    for at, submitted_at in connection.execute(_WAITS, place):
        found[at.astimezone(UTC).date()].append(max(0.0, (at - submitted_at).total_seconds()))
    return found


def _spread(seconds: Sequence[float]) -> dict[str, int | None]:
    if not seconds:
        return {"median_seconds": None, "p90_seconds": None}
    # One value is all of its own quantiles, which the library takes from Python 3.13 on.
    ninth = quantiles(seconds, n=10, method="inclusive")[8] if len(seconds) > 1 else seconds[0]
    return {"median_seconds": round(median(seconds)), "p90_seconds": round(ninth)}


def _waiting(connection: Connection, business_id: int) -> dict[str, Any]:
    """How many wait for a decision, of every kind, how long, and since when the oldest does."""
    rows = [kind.working for kind in KINDS.values()]
    mine = (
        select(row.submitted_at.label("since")).where(row.business_id == business_id, row.submitted_at.is_not(None))
        for row in rows
    )
    moment, since = now(), union_all(*mine).subquery().c.since
    younger = [func.count(case((since > moment - timedelta(seconds=bound), 1))) for bound in AGES]
    query = select(func.min(since), *younger, func.count(since))
    oldest, *upto = connection.execute(query).one()
    return {
        "count": upto[-1],
        "oldest_at": oldest,
        "oldest_seconds": max(0, int((moment - oldest).total_seconds())) if oldest else None,
        "ages": [
            {"under_seconds": bound, "count": count - before}
            for bound, count, before in zip((*AGES, None), upto, (0, *upto), strict=False)
        ],
    }


def _products(connection: Connection, business_id: int) -> dict[str, int]:
    """How many products stand where."""
    mine = (Product.business_id == business_id) & Product.archived_at.is_(None)
    rows = connection.execute(select(Product.status, func.count()).where(mine).group_by(Product.status))
    return {**dict.fromkeys(workflow.ANY, 0), **{row[0]: row[1] for row in rows}}
