"""How many listings there are of which group, and their prices: kept with the listings, so that nobody counts them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from catalog_service.content import money
from catalog_service.models import ListingTotal
from catalog_service.search import places
from catalog_service.search.groups import DIMENSIONS, PARTS, kind
from catalog_service.search.places import GROUP
from servicekit.database import connection_of

TOTAL: Table = ListingTotal.__table__  # type: ignore[assignment]
NOTHING = {"business_id": 0, "category": "", "currency": ""}
_WIDER = "listed = {0}.listed + excluded.listed, min_price = {1}({0}.min_price, excluded.min_price)"
_WIDER += ", max_price = {2}({0}.max_price, excluded.max_price)"
_ENDS = {"sqlite": ("min", "max"), "postgresql": ("least", "greatest")}
_MORE_OF_GROUP = {
    dialect: text(
        "INSERT INTO listing_groups (business_id, category, currency, number, listed, min_price, max_price)"  # noqa: S608
        " VALUES (:business_id, :category, :currency, :number, :by, :low, :high)"
        f" ON CONFLICT (business_id, category, currency) DO UPDATE SET {_WIDER.format('listing_groups', *ends)},"
        # A version before this one may have opened it, without a number.
        " number = coalesce(listing_groups.number, excluded.number)"
    )
    for dialect, ends in _ENDS.items()
}
_OF_GROUP = [GROUP.c[name] == bindparam(f"b_{name}") for name in DIMENSIONS]
_CHANGED_GROUP = (
    update(GROUP)
    .where(*_OF_GROUP)
    .values(listed=GROUP.c.listed + bindparam("b_by"), min_price=places.end(func.min), max_price=places.end(func.max))
)
_EMPTY_GROUP = delete(GROUP).where(*_OF_GROUP, GROUP.c.listed == 0)
# PostgreSQL takes all of a publication's totals in one statement; SQLite has no round trip to save.
_TOLD = {
    "sqlite": "VALUES (:kind, :business_id, :category, :currency, :by, :low, :high)",
    "postgresql": "SELECT * FROM unnest(CAST(:kind AS text[]), CAST(:business_id AS bigint[]), CAST(:category AS text[]),"
    " CAST(:currency AS text[]), CAST(:by AS integer[]), CAST(:low AS bigint[]), CAST(:high AS bigint[]))",
}
_MORE_OF_TOTAL = {
    dialect: text(
        "INSERT INTO listing_totals (kind, business_id, category, currency, listed, min_price, max_price)"
        f" {_TOLD[dialect]} ON CONFLICT (kind, business_id, category, currency)"
        f" DO UPDATE SET {_WIDER.format('listing_totals', *ends)}"
    )
    for dialect, ends in _ENDS.items()
}


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Counts listings that were put in."""
    _recount(session, rows, 1)


def subtract(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Counts listings that were taken out; they are gone already."""
    _recount(session, rows, -1)


def _recount(session: Session, rows: Sequence[Mapping[str, Any]], by: int) -> None:
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    totals: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        _count(groups, "", DIMENSIONS, row, by)
        for names in PARTS:
            _count(totals, kind(names), names, row, by)
    if groups:
        _write_groups(session, list(groups.values()), rows, by)
        _write_totals(session, list(totals.values()), by)


def _count(
    found: dict[tuple[Any, ...], dict[str, Any]], of: str, names: Iterable[str], row: Mapping[str, Any], by: int
) -> None:
    values = {**NOTHING, **{name: row[name] for name in names}}
    price = row["price_minor"] if "currency" in names else 0
    new = {**values, "kind": of, "number": row["seq"], "by": 0, "low": price, "high": price}
    one = found.setdefault((of, *values.values()), new)
    one["by"] += by
    one["low"], one["high"] = min(one["low"], price), max(one["high"], price)


def _write_groups(session: Session, groups: list[dict[str, Any]], rows: Sequence[Mapping[str, Any]], by: int) -> None:
    connection = connection_of(session)
    if by > 0:
        connection.execute(_MORE_OF_GROUP[connection.dialect.name], groups)
        places.put(connection, rows)
        return
    changed = [
        {
            "unit": money.places_of_unit(group["currency"]),
            **{f"b_{name}": group[name] for name in (*DIMENSIONS, "by")},
        }
        for group in groups
    ]
    places.take(connection, rows)
    connection.execute(_CHANGED_GROUP, changed)
    connection.execute(_EMPTY_GROUP, changed)


def _write_totals(session: Session, totals: list[dict[str, Any]], by: int) -> None:
    connection = connection_of(session)
    if by > 0:
        is_sqlite = connection.dialect.name == "sqlite"
        told = totals if is_sqlite else {name: [total[name] for total in totals] for name in totals[0]}
        connection.execute(_MORE_OF_TOTAL[connection.dialect.name], told)
        return
    changed = [{f"b_{name}": value for name, value in total.items()} for total in totals]
    connection.execute(_FEWER_OF_TOTAL, changed)
    connection.execute(_EMPTY_TOTAL, changed)
    for names, narrowed in _NARROWED.items():
        priced = [one for one in changed if one["b_kind"] == kind(names)]
        if priced:
            connection.execute(narrowed, priced)


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


_FEWER_OF_TOTAL = _of_key(update(TOTAL)).values(listed=TOTAL.c.listed + bindparam("b_by"))
_EMPTY_TOTAL = _of_key(delete(TOTAL)).where(TOTAL.c.listed == 0)
_NARROWED = {names: _narrowed(names) for names in PARTS if "currency" in names}


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
