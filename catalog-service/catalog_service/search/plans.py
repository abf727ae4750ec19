"""The statements that find a page of listings: one for each way of going about it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select

from catalog_service.public.visible import HITS, is_seen, within
from catalog_service.search import gathers, walks
from catalog_service.search.shapes import BY_PRICE, LISTING, ORDERS, Shape, documents, equal_to
from servicekit import paging


@lru_cache(maxsize=2048)
def statement(shape: Shape) -> Select[Any]:
    """The statement of that shape."""
    return PLANS[shape.plan](shape)


def _browse(shape: Shape) -> Select[Any]:
    conditions = [*equal_to(shape.equal), *within(shape.range, LISTING.c.price_place), is_seen(shape.dialect, LISTING)]
    return paging.prepared(documents(shape).where(*conditions), ORDERS[shape.ordering], shape.continued)


def _stream(shape: Shape) -> Select[Any]:
    """Reads the index of words that is in the order itself, or the `furthest` that it finds of them (SQLite)."""
    by_price = shape.ordering in BY_PRICE
    hits: Any = HITS["price_place" if by_price else "seq"]
    order = (paging.Key(hits.c.rowid, descending=ORDERS[shape.ordering][0].descending),)
    found: list[Any] = [sa.text(f"{hits.name} MATCH :match")]
    if shape.bounded:
        some = paging.prepared(select(hits.c.rowid).where(*found), order, shape.continued)
        hits, found = some.limit(bindparam("furthest")).subquery("found"), []
        order = (paging.Key(hits.c.rowid, descending=order[0].descending),)
    query = documents(shape).join_from(hits, LISTING, LISTING.c["price_place" if by_price else "seq"] == hits.c.rowid)
    conditions = [*found, is_seen(shape.dialect, LISTING)]
    conditions += within(shape.range, hits.c.rowid if by_price else LISTING.c.price_place)
    return paging.prepared(query.where(*conditions), order, shape.continued and not shape.bounded)


PLANS: Mapping[str, Callable[[Shape], Select[Any]]] = {
    "browse": _browse,
    "stream": _stream,
    "gather": gathers.gather,
    "near": gathers.gather,
    "few": gathers.few,
    "walk": walks.walk,
    "sift": walks.sift,
    "edge": walks.edge,
}


@lru_cache(maxsize=64)
def in_range(equal: frozenset[str], bounds: frozenset[str]) -> Select[Any]:
    some = (
        select(LISTING.c.price_place)
        .where(*equal_to(equal), *within(bounds, LISTING.c.price_place))
        .limit(bindparam("many"))
    )
    return select(sa.func.count()).select_from(some.subquery())
