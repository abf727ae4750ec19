"""The statements that find a page of listings: one for each way of going about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select

from catalog_service.groups import DIMENSIONS
from catalog_service.models import Listing
from catalog_service.visible import HITS, SEARCH, is_seen, matches, renamed, within
from servicekit import paging

LISTING = Listing.__table__
NEWEST = "-published_at"
ORDERS: Mapping[str, Sequence[paging.Key]] = {
    NEWEST: (paging.Key(LISTING.c.seq, descending=True),),
    "price": (paging.Key(LISTING.c.price_place),),
    "-price": (paging.Key(LISTING.c.price_place, descending=True),),
    "name": (paging.Key(LISTING.c.name_sort, kind=str), paging.Key(LISTING.c.seq)),
}
BY_PRICE = frozenset({"price", "-price"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on; statements are built once a shape."""

    dialect: str
    plan: str  # browse, stream, gather or walk
    ordering: str
    equal: frozenset[str]
    range: frozenset[str]
    full_text: bool
    rest: bool
    words: int
    continued: bool
    bounded: bool = False


@lru_cache(maxsize=2048)
def statement(shape: Shape) -> Select[Any]:
    """The statement of that shape."""
    return PLANS[shape.plan](shape)


def _browse(shape: Shape) -> Select[Any]:
    conditions = [*_equal(shape.equal), *within(shape.range, LISTING.c.price_place), is_seen(shape.dialect, LISTING)]
    return paging.prepared(_documents(shape).where(*conditions), ORDERS[shape.ordering], shape.continued)


def _stream(shape: Shape) -> Select[Any]:
    """Reads the index of words that is in the order itself (SQLite)."""
    by_price = shape.ordering in BY_PRICE
    hits = HITS["price_place" if by_price else "seq"]
    query = _documents(shape).join_from(hits, LISTING, LISTING.c["price_place" if by_price else "seq"] == hits.c.rowid)
    conditions = [sa.text(f"{hits.name} MATCH :match"), is_seen(shape.dialect, LISTING)]
    conditions += within(shape.range, hits.c.rowid if by_price else LISTING.c.price_place)
    order = (paging.Key(hits.c.rowid, descending=ORDERS[shape.ordering][0].descending),)
    return paging.prepared(query.where(*conditions), order, shape.continued)


def _gather(shape: Shape) -> Select[Any]:
    """Fetches the keys of all matches, sorts them, and reads the documents of the page alone."""
    source = SEARCH if shape.full_text and shape.dialect == "postgresql" else LISTING
    conditions = [is_seen(shape.dialect, source)]
    if shape.full_text and shape.dialect == "sqlite":
        hits = HITS["price_place"]
        found = select(hits.c.rowid).where(
            sa.text("listing_search_prices MATCH :match"), *within(shape.range, hits.c.rowid)
        )
        conditions.append(source.c.price_place.in_(found))
    else:
        found_by = matches(shape.rest) if shape.full_text else _equal(shape.equal)
        conditions += [*found_by, *within(shape.range, source.c.price_place)]
    keys = ("seq", "price_place", "name_sort")
    query = select(*(source.c[name] for name in keys)).where(*conditions)
    few = query.cte("few").prefix_with("MATERIALIZED")
    return _of_keys(select(*few.c), few, shape)


def _walk(shape: Shape) -> Select[Any]:
    """Goes along the order and looks at each listing."""
    position = sa.func.instr if shape.dialect == "sqlite" else sa.func.strpos
    conditions: list[Any] = [position(LISTING.c.words, bindparam(f"word_{place}")) > 0 for place in range(shape.words)]
    keys = select(LISTING.c.seq, LISTING.c.price_place, LISTING.c.name_sort)
    keys = keys.where(*conditions, *_along(shape), is_seen(shape.dialect, LISTING))
    if shape.bounded:
        order = ORDERS[shape.ordering]
        here = sa.tuple_(*(key.column for key in order))
        edge = sa.tuple_(*(bindparam(f"edge_{place}", type_=key.column.type) for place, key in enumerate(order)))
        keys = keys.where(here >= edge if order[0].descending else here <= edge)
    return _of_keys(keys, LISTING, shape)


def _edge(shape: Shape) -> Select[Any]:
    """The listing at which a walk that found too little gives up."""
    order = ORDERS[shape.ordering]
    # In the order of prices a range says where the walk begins; in another it leaves out some of what is passed.
    bounds = within(shape.range, LISTING.c.price_place) if shape.ordering in BY_PRICE else []
    walked = [*_along(replace(shape, range=frozenset()))[:1], *bounds]
    query = paging.prepared(select(*(key.column for key in order)).where(*walked), order, shape.continued)
    return query.limit(1).offset(bindparam("furthest"))


def _along(shape: Shape) -> list[Any]:
    # A plus keeps SQLite from taking the index of a further filter and sorting all that it finds there.
    keep = "+" if shape.dialect == "sqlite" else ""
    first, *further = [*(name for name in DIMENSIONS if name in shape.equal), None]
    conditions: list[Any] = [LISTING.c[first] == bindparam(first)] if first else []
    conditions += [sa.text(f"{keep}listings.{name} = :{name}") for name in further if name]
    return [*conditions, *within(shape.range, sa.literal_column(f"{keep}listings.price_place", sa.BigInteger))]


def _of_keys(keys: Select[Any], source: Any, shape: Shape) -> Select[Any]:
    inner = tuple(paging.Key(source.c[key.column.name], key.descending) for key in ORDERS[shape.ordering])
    top = paging.prepared(keys, inner, shape.continued).subquery("top")
    query = _documents(shape).join_from(top, LISTING, LISTING.c.seq == top.c.seq)
    return query.order_by(*_directions(tuple(paging.Key(top.c[key.column.name], key.descending) for key in inner)))


def _documents(shape: Shape) -> Select[Any]:
    columns = (key.column for key in ORDERS[shape.ordering])
    return select(LISTING.c.document, renamed(LISTING).label("renamed"), *columns)


def _directions(order: Sequence[paging.Key]) -> list[Any]:
    return [key.column.desc() if key.descending else key.column.asc() for key in order]


def _equal(names: frozenset[str]) -> list[Any]:
    return [LISTING.c[name] == bindparam(name) for name in sorted(names)]


PLANS: Mapping[str, Callable[[Shape], Select[Any]]] = {
    "browse": _browse,
    "stream": _stream,
    "gather": _gather,
    "walk": _walk,
    "edge": _edge,
}


@lru_cache(maxsize=64)
def in_range(equal: frozenset[str], bounds: frozenset[str]) -> Select[Any]:
    some = (
        select(LISTING.c.price_place)
        .where(*_equal(equal), *within(bounds, LISTING.c.price_place))
        .limit(bindparam("many"))
    )
    return select(sa.func.count()).select_from(some.subquery())
