"""How many listings there are of which group, and their prices: kept with the listings, so that nobody counts them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from catalog_service.groups import DIMENSIONS, PARTS, kind
from catalog_service.models import Listing, ListingGroup, ListingTotal
from servicekit.database import connection_of

GROUP: Table = ListingGroup.__table__  # type: ignore[assignment]
TOTAL: Table = ListingTotal.__table__  # type: ignore[assignment]
NOTHING = {"business_id": 0, "category": "", "currency": ""}
_NEW_GROUP = text(
    "INSERT INTO listing_groups (business_id, category, currency, listed, min_price, max_price)"
    " VALUES (:business_id, :category, :currency, 0, 0, 0) ON CONFLICT DO NOTHING"
)
_OF_GROUP = [GROUP.c[name] == bindparam(f"b_{name}") for name in DIMENSIONS]


def _end(which: Any) -> Any:
    inside = [getattr(Listing, name) == bindparam(f"b_{name}") for name in DIMENSIONS]
    return func.coalesce(select(which(Listing.price_minor)).where(*inside).scalar_subquery(), 0)


_CHANGED_GROUP = (
    update(GROUP)
    .where(*_OF_GROUP)
    .values(listed=GROUP.c.listed + bindparam("b_by"), min_price=_end(func.min), max_price=_end(func.max))
)
_EMPTY_GROUP = delete(GROUP).where(*_OF_GROUP, GROUP.c.listed == 0)
_NEW_TOTAL = text(
    "INSERT INTO listing_totals (kind, business_id, category, currency, listed, min_price, max_price)"
    " VALUES (:kind, :business_id, :category, :currency, 0, :low, :high) ON CONFLICT DO NOTHING"
)


def add(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Counts listings that were put in."""
    _recount(session, rows, 1)


def subtract(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Counts listings that were taken out; they are gone already."""
    _recount(session, rows, -1)


def _recount(session: Session, rows: Iterable[Mapping[str, Any]], by: int) -> None:
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    totals: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        _count(groups, "", DIMENSIONS, row, by)
        for names in PARTS:
            _count(totals, kind(names), names, row, by)
    if groups:
        _write_groups(session, list(groups.values()))
        _write_totals(session, list(totals.values()), by)


def _count(
    found: dict[tuple[Any, ...], dict[str, Any]], of: str, names: Iterable[str], row: Mapping[str, Any], by: int
) -> None:
    values = {**NOTHING, **{name: row[name] for name in names}}
    price = row["price_minor"] if "currency" in names else 0
    one = found.setdefault((of, *values.values()), {**values, "kind": of, "by": 0, "low": price, "high": price})
    one["by"] += by
    one["low"], one["high"] = min(one["low"], price), max(one["high"], price)


def _write_groups(session: Session, groups: list[dict[str, Any]]) -> None:
    connection = connection_of(session)
    changed = [{f"b_{name}": value for name, value in group.items()} for group in groups]
    connection.execute(_NEW_GROUP, groups)
    connection.execute(_CHANGED_GROUP, changed)
    connection.execute(_EMPTY_GROUP, changed)


def _write_totals(session: Session, totals: list[dict[str, Any]], by: int) -> None:
    connection = connection_of(session)
    changed = [{f"b_{name}": value for name, value in total.items()} for total in totals]
    if by > 0:
        connection.execute(_NEW_TOTAL, totals)
        least, most = _least_and_most(session)
        wider = {
            "min_price": least(TOTAL.c.min_price, bindparam("b_low")),
            "max_price": most(TOTAL.c.max_price, bindparam("b_high")),
        }
        connection.execute(_of_key(update(TOTAL)).values(listed=TOTAL.c.listed + bindparam("b_by"), **wider), changed)
        return
    connection.execute(_of_key(update(TOTAL)).values(listed=TOTAL.c.listed + bindparam("b_by")), changed)
    connection.execute(_of_key(delete(TOTAL)).where(TOTAL.c.listed == 0), changed)
    for names in PARTS:
        priced = [one for one in changed if one["b_kind"] == kind(names)]
        if "currency" in names and priced:
            connection.execute(_narrowed(names), priced)


def _of_key(statement: Any) -> Any:
    return statement.where(*(TOTAL.c[name] == bindparam(f"b_{name}") for name in ("kind", *DIMENSIONS)))


def _narrowed(names: Iterable[str]) -> Any:
    # Only where a price at an end may have gone is the end looked for again.
    inside = [GROUP.c[name] == bindparam(f"b_{name}") for name in names]
    ends = {
        "min_price": select(func.min(GROUP.c.min_price)).where(*inside).scalar_subquery(),
        "max_price": select(func.max(GROUP.c.max_price)).where(*inside).scalar_subquery(),
    }
    at_an_end = (TOTAL.c.min_price >= bindparam("b_low")) | (TOTAL.c.max_price <= bindparam("b_high"))
    return _of_key(update(TOTAL)).where(at_an_end).values(**ends)


def _least_and_most(session: Session) -> tuple[Any, Any]:
    return (func.min, func.max) if session.get_bind().dialect.name == "sqlite" else (func.least, func.greatest)


def _from_groups(names: Iterable[str]) -> Any:
    """What the totals of a kind are, counted from the groups."""
    by = [GROUP.c[name] for name in names]
    ends = (
        (func.min(GROUP.c.min_price), func.max(GROUP.c.max_price)) if "currency" in names else (literal(0), literal(0))
    )
    columns = [GROUP.c[name] if name in names else literal(nothing).label(name) for name, nothing in NOTHING.items()]
    return select(literal(kind(names)), *columns, func.sum(GROUP.c.listed), *ends).group_by(*by)


def repair(session: Session) -> None:
    """Counts the totals anew where they differ from the groups: a version that knew no totals may have written."""
    for names in PARTS:
        kept = select(TOTAL).where(TOTAL.c.kind == kind(names))
        told = _from_groups(names)
        if {tuple(row) for row in session.execute(kept)} != {tuple(row) for row in session.execute(told)}:
            session.execute(delete(TOTAL).where(TOTAL.c.kind == kind(names)))
            session.execute(insert(TOTAL).from_select([column.name for column in TOTAL.c], told))
