"""Lists without words: plain SQL, along an index in the order that is asked for."""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select, bindparam, func, select

from catalog_service.public.visible import LISTING, is_seen, shown
from catalog_service.search.port import Filters
from servicekit import paging

ORDERS: Mapping[str, Sequence[paging.Key]] = {
    "-published_at": (paging.Key(LISTING.c.seq, descending=True),),
    "price": (paging.Key(LISTING.c.price_minor), paging.Key(LISTING.c.seq)),
    "-price": (paging.Key(LISTING.c.price_minor, descending=True), paging.Key(LISTING.c.seq, descending=True)),
    "name": (paging.Key(LISTING.c.name_sort, kind=str), paging.Key(LISTING.c.seq)),
}
# So few listings of a currency or within a price range are gathered and sorted; among more, the order is walked until the page
# is full.
FEW = 2500
_RANGE: Mapping[str, Callable[[Any, Any], Any]] = {"min_price": operator.ge, "max_price": operator.le}


def parameters(filters: Filters) -> dict[str, Any]:
    """What `where` takes."""
    named = {"business_id": filters.business, "category": filters.category, "currency": filters.currency}
    wanted = {**named, "min_price": filters.min_price, "max_price": filters.max_price}
    return {name: value for name, value in wanted.items() if value is not None}


def where(names: frozenset[str], dialect: str, is_walked: bool = False) -> list[Any]:
    """The conditions on a listing; those of money are no reason to leave an order that `is_walked`."""
    column = {"currency": LISTING.c.currency + "", "price": LISTING.c.price_minor + 0} if is_walked else {}
    equal = [column.get(name, LISTING.c[name]) == bindparam(name) for name in sorted(names - _RANGE.keys())]
    price = column.get("price", LISTING.c.price_minor)
    ranged = [_RANGE[name](price, bindparam(name)) for name in sorted(names & _RANGE.keys())]
    return [*equal, *ranged, is_seen(dialect, LISTING)]


def rows(connection: Connection, filters: Filters, ordering: str, cursor: str | None, size: int) -> Sequence[Any]:
    """The rows of the page, and one more if there is one."""
    wanted, order = parameters(filters), ORDERS[ordering]
    names, dialect = frozenset(wanted), connection.dialect.name
    gathers = "price" not in ordering and "currency" in names and _are_few(connection, names, wanted)
    query = _page(dialect, ordering, names, cursor is not None, gathers)
    return connection.execute(query, {**wanted, **paging.place(order, cursor, size)}).all()


def _are_few(connection: Connection, names: frozenset[str], wanted: dict[str, Any]) -> bool:
    return (connection.scalar(_count(connection.dialect.name, names), wanted) or 0) < FEW


@lru_cache(maxsize=64)
def _count(dialect: str, names: frozenset[str]) -> Select[Any]:
    some = select(LISTING.c.seq).where(*where(names, dialect)).limit(FEW).subquery()
    return select(func.count()).select_from(some)


@lru_cache(maxsize=256)
def _page(dialect: str, ordering: str, names: frozenset[str], continued: bool, gathers: bool) -> Select[Any]:
    order = ORDERS[ordering]
    keys = [key.column for key in order]
    if not gathers:
        conditions = where(names, dialect, is_walked="price" not in ordering)
        return paging.prepared(shown(*keys).where(*conditions), order, continued)
    found = select(*keys).where(*where(names, dialect)).cte("found").prefix_with("MATERIALIZED")
    there = [paging.Key(found.c[key.column.name], key.descending, key.kind) for key in order]
    top = paging.prepared(select(found), there, continued).subquery("top")
    query = shown(*keys).join_from(top, LISTING, LISTING.c.seq == top.c.seq)
    return query.order_by(*(key.column.desc() if key.descending else key.column.asc() for key in order))


def listed(connection: Connection, filters: Filters, product_ids: Sequence[int]) -> dict[int, Any]:
    """Those of the products that are public and fit, by their ids."""
    wanted = parameters(filters)
    query = _listed(connection.dialect.name, frozenset(wanted))
    return {row.product_id: row for row in connection.execute(query, {**wanted, "product_ids": product_ids})}


@lru_cache(maxsize=64)
def _listed(dialect: str, names: frozenset[str]) -> Select[Any]:
    of_these = LISTING.c.product_id.in_(bindparam("product_ids", expanding=True))
    return shown(LISTING.c.product_id).where(of_these, *where(names, dialect))


def counts(dialect: str, names: frozenset[str], by: str) -> Select[Any]:
    """How many listings fit, and the ends of their prices, by one of their columns."""
    column = LISTING.c[by]
    ends = (func.min(LISTING.c.price_minor).label("min_price"), func.max(LISTING.c.price_minor).label("max_price"))
    query = select(column.label("value"), func.count().label("listed"), *ends).where(*where(names, dialect))
    return query.group_by(column).order_by(sa.desc("listed"), column)
