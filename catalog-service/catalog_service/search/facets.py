"""Exact counts and price ranges over the public listings.

Without words and price bounds they are kept. Else the smallest groups are counted: of a price range by the places of
each group, of words by what the index finds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from catalog_service.content import money
from catalog_service.models import ListingBusiness
from catalog_service.public.visible import HITS, MARK, SEARCH, is_seen, matches, within
from catalog_service.search import counts, matching
from catalog_service.search.filters import Filters
from catalog_service.search.groups import DIMENSIONS, kind
from catalog_service.search.places import GROUP, PLACE

BUSINESS = ListingBusiness.__table__
ENDS = ("min_price", "max_price")
Price = Callable[[int, str], int]


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
    rows, price = _counted(connection, filters)
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
                "min_price": money.to_decimal(price(row.min_price, row.value), row.value),
                "max_price": money.to_decimal(price(row.max_price, row.value), row.value),
            }
            for row in by["currency"]
        ],
    }


def _counted(connection: Connection, filters: Filters) -> tuple[Sequence[Row[Any]], Price]:
    """What is counted, and how its prices are read."""
    if filters.hopeless:
        return [], _minor
    match = matching.match(connection, filters) if filters.words else matching.Match("")
    shape = Shape(
        connection.dialect.name,
        frozenset(filters.equal),
        frozenset(filters.range),
        bool(filters.words),
        bool(match.rest),
    )
    parameters: dict[str, Any] = {"match": match.index, "rest": match.rest, **filters.equal, **filters.range}
    if filters.is_counted:
        return connection.execute(_counting(shape), parameters).all(), money.from_place
    rows = connection.execute(_kept(shape.equal), parameters).all()
    if any(row.kind == "hidden" for row in rows):
        # The kept totals know nothing of who is hidden; the groups do.
        rows = connection.execute(_counting(shape), parameters).all()
    return rows, _minor


def _minor(price: int, _: str) -> int:
    return price


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
    source = GROUP if len(names) == len(DIMENSIONS) else counts.TOTAL
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
    if shape.full_text:
        return _matching_keys(shape) if shape.dialect == "postgresql" else _matching_places(shape)
    if shape.range:
        return _in_range(shape)
    kept = [GROUP.c[name] for name in (*DIMENSIONS, "listed", *ENDS)]
    return select(*kept).where(*_of_group(shape))


def _of_group(shape: Shape) -> list[Any]:
    equal = [GROUP.c[name] == bindparam(name) for name in sorted(shape.equal)]
    return [*equal, is_seen(shape.dialect, GROUP)]


def _of(place: Any) -> list[Any]:
    return [func.count(place).label("listed"), func.min(place).label("min_price"), func.max(place).label("max_price")]


def _in_range(shape: Shape) -> Select[Any]:
    """Group by group: SQLite counts what is between two places sooner than it looks at each of them."""
    inside = [PLACE.c.group_no == GROUP.c.number, *within(shape.range, PLACE.c.price_place)]
    by = [GROUP.c[name] for name in DIMENSIONS]
    of = _of(PLACE.c.price_place)
    if shape.dialect == "postgresql":
        each = select(*of).where(*inside).lateral("each")
        return select(*by, *each.c).join_from(GROUP, each, each.c.listed > 0).where(*_of_group(shape))
    counted = [select(one).where(*inside).scalar_subquery().label(one.name) for one in of]
    every = select(*by, *counted).where(*_of_group(shape)).subquery("every")
    return select(every).where(every.c.listed > 0)


def _matching_keys(shape: Shape) -> Select[Any]:
    by = [SEARCH.c[name] for name in DIMENSIONS]
    found = [*matches(shape.rest), *within(shape.range, SEARCH.c.price_place), is_seen(shape.dialect, SEARCH)]
    return select(*by, *_of(SEARCH.c.price_place)).where(*found).group_by(*by)


def _matching_places(shape: Shape) -> Select[Any]:
    hits = HITS["price_place"]
    # First by the group's number alone, which is sorted far sooner than what the group is.
    found = (
        select(PLACE.c.group_no, *_of(PLACE.c.price_place))
        .join_from(hits, PLACE, PLACE.c.price_place == hits.c.rowid)
        .where(sa.text("listing_search_prices MATCH :match"), *within(shape.range, hits.c.rowid))
        .group_by(PLACE.c.group_no)
        .subquery("found")
    )
    counted = [found.c[name] for name in ("listed", *ENDS)]
    query = select(*(GROUP.c[name] for name in DIMENSIONS), *counted)
    return query.join_from(found, GROUP, GROUP.c.number == found.c.group_no).where(is_seen(shape.dialect, GROUP))
