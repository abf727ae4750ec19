"""Exact counts and price ranges over the public listings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from catalog_service import counts, matching, money
from catalog_service.filters import Filters
from catalog_service.groups import DIMENSIONS, kind
from catalog_service.models import Listing, ListingBusiness
from catalog_service.visible import HITS, MARK, SEARCH, is_seen, matches, within

LISTING = Listing.__table__
BUSINESS = ListingBusiness.__table__
ENDS = ("min_price", "max_price")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on; statements are built once a shape."""

    dialect: str
    equal: frozenset[str]
    range: frozenset[str]
    full_text: bool
    rest: bool


def read(connection: Connection, filters: Filters) -> dict[str, Any]:
    """Exact counts and price ranges of everything that the filters find."""
    rows = [] if filters.hopeless else _counted(connection, filters)
    by: dict[str, list[Row[Any]]] = {name: [] for name in DIMENSIONS}
    for row in sorted(rows, key=lambda row: (-row.listed, row.value)):
        by[row.kind].append(row)
    return {
        "total": sum(row.listed for row in by["currency"]),
        "categories": [{"value": row.value, "count": row.listed} for row in by["category"]],
        "businesses": [{"id": int(row.value), "name": row.name, "count": row.listed} for row in by["business_id"]],
        "currencies": [
            {
                "currency": row.value,
                "count": row.listed,
                "min_price": money.to_decimal(row.min_price, row.value),
                "max_price": money.to_decimal(row.max_price, row.value),
            }
            for row in by["currency"]
        ],
    }


def _counted(connection: Connection, filters: Filters) -> Sequence[Row[Any]]:
    match = matching.match(connection, filters) if filters.words else matching.Match("")
    shape = Shape(
        connection.dialect.name,
        frozenset(filters.equal),
        frozenset(filters.range),
        bool(filters.words),
        bool(match.rest),
    )
    parameters: dict[str, Any] = {"match": match.index, "rest": match.rest, **filters.equal, **filters.range}
    if shape.full_text or shape.range:
        return connection.execute(_counting(shape), parameters).all()
    rows = connection.execute(_kept(shape.equal), parameters).all()
    if any(row.kind == "hidden" for row in rows):
        # The kept totals know nothing of who is hidden; the groups do.
        return connection.execute(_counting(shape), parameters).all()
    return rows


@lru_cache(maxsize=8)
def _kept(equal: frozenset[str]) -> Any:
    """Counts that are kept, and whether anybody is hidden: in one statement, so that both are of one moment."""
    parts = [_kept_by(name, equal) for name in DIMENSIONS]
    nothing: list[Any] = [
        sa.literal_column("''"),
        sa.literal_column("0"),
        sa.literal_column("0"),
        sa.literal_column("0"),
    ]
    hidden = select(sa.literal_column("'hidden'"), *nothing, sa.literal_column("''")).where(MARK.c.is_hidden)
    return sa.union_all(*parts, hidden)


def _kept_by(name: str, equal: frozenset[str]) -> Select[Any]:
    names = {*equal, name}
    source = counts.GROUP if len(names) == len(DIMENSIONS) else counts.TOTAL
    query = _named(
        select(_kind(name), _value(source, name), source.c.listed, *(source.c[one] for one in ENDS)), source, name
    )
    if source is counts.TOTAL:
        query = query.where(source.c.kind == sa.literal_column(f"'{kind(names)}'"))
    return query.where(*(source.c[one] == bindparam(one) for one in sorted(equal)))


@lru_cache(maxsize=64)
def _counting(shape: Shape) -> Any:
    groups = _groups(shape).cte("groups").prefix_with("MATERIALIZED")
    sums = (
        sa.cast(func.sum(groups.c.listed), sa.BigInteger).label("listed"),
        func.min(groups.c.min_price).label("min_price"),
        func.max(groups.c.max_price).label("max_price"),
    )
    return sa.union_all(*(_counted_by(name, groups, sums) for name in DIMENSIONS))


def _counted_by(name: str, groups: Any, sums: Any) -> Select[Any]:
    counted = select(groups.c[name], *sums).group_by(groups.c[name]).subquery(f"by_{name}")
    columns = (counted.c[one] for one in ("listed", *ENDS))
    return _named(select(_kind(name), _value(counted, name), *columns), counted, name)


def _kind(name: str) -> Any:
    return sa.literal_column(f"'{name}'").label("kind")


def _value(source: Any, name: str) -> Any:
    return sa.cast(source.c[name], sa.Text).label("value")


def _named(query: Select[Any], source: Any, name: str) -> Select[Any]:
    if name != "business_id":
        return query.add_columns(sa.literal_column("''").label("name"))
    query = query.add_columns(func.coalesce(BUSINESS.c.name, "").label("name"))
    return query.outerjoin_from(source, BUSINESS, BUSINESS.c.id == source.c.business_id)


def _groups(shape: Shape) -> Select[Any]:
    if not shape.full_text and not shape.range:
        kept = [counts.GROUP.c[name] for name in (*DIMENSIONS, "listed", *ENDS)]
        equal = [counts.GROUP.c[name] == bindparam(name) for name in sorted(shape.equal)]
        return select(*kept).where(*equal, is_seen(shape.dialect, counts.GROUP))
    source = SEARCH if shape.full_text and shape.dialect == "postgresql" else LISTING
    by = [source.c[name] for name in DIMENSIONS]
    price = source.c.price_minor
    ends = (func.min(price).label("min_price"), func.max(price).label("max_price"))
    query = select(*by, func.count().label("listed"), *ends).where(
        *_found(shape, source), is_seen(shape.dialect, source)
    )
    return query.group_by(*by)


def _found(shape: Shape, source: Any) -> list[Any]:
    if not shape.full_text:
        return [
            *(source.c[name] == bindparam(name) for name in sorted(shape.equal)),
            *within(shape.range, source.c.price_place),
        ]
    if shape.dialect == "postgresql":
        return [*matches(shape.rest), *within(shape.range, source.c.price_place)]
    hits = HITS["price_place"]
    found = select(hits.c.rowid).where(
        sa.text("listing_search_prices MATCH :match"), *within(shape.range, hits.c.rowid)
    )
    return [source.c.price_place.in_(found)]
