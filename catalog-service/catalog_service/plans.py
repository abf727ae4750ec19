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
# What every order sorts by.
KEYS = ("seq", "price_place", "name_sort")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on; statements are built once a shape."""

    dialect: str
    plan: str  # of PLANS
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
    """Reads the index of words that is in the order itself, or the `furthest` that it finds of them (SQLite)."""
    by_price = shape.ordering in BY_PRICE
    hits: Any = HITS["price_place" if by_price else "seq"]
    order = (paging.Key(hits.c.rowid, descending=ORDERS[shape.ordering][0].descending),)
    found: list[Any] = [sa.text(f"{hits.name} MATCH :match")]
    if shape.bounded:
        some = paging.prepared(select(hits.c.rowid).where(*found), order, shape.continued)
        hits, found = some.limit(bindparam("furthest")).subquery("found"), []
        order = (paging.Key(hits.c.rowid, descending=order[0].descending),)
    query = _documents(shape).join_from(hits, LISTING, LISTING.c["price_place" if by_price else "seq"] == hits.c.rowid)
    conditions = [*found, is_seen(shape.dialect, LISTING)]
    conditions += within(shape.range, hits.c.rowid if by_price else LISTING.c.price_place)
    return paging.prepared(query.where(*conditions), order, shape.continued and not shape.bounded)


def _gather(shape: Shape) -> Select[Any]:
    """Fetches the keys of all matches, sorts them, and reads the documents of the page alone."""
    if shape.full_text and shape.dialect == "sqlite":
        hits = HITS["price_place"]
        found = select(hits.c.rowid).where(sa.text(f"{hits.name} MATCH :match"), *within(shape.range, hits.c.rowid))
        keys = _found(found, KEYS).where(is_seen(shape.dialect, LISTING))
    else:
        source = SEARCH if shape.full_text else LISTING
        conditions = [
            *(matches(shape.rest) if shape.full_text else _equal(shape.equal)),
            is_seen(shape.dialect, source),
        ]
        keys = select(*(source.c[name] for name in KEYS))
        keys = keys.where(*conditions, *within(shape.range, source.c.price_place))
    few = keys.cte("few").prefix_with("MATERIALIZED")
    return _of_keys(select(*few.c), few, shape)


def _few(shape: Shape) -> Select[Any]:
    """Gathers as well, but no more than `many`; says how many those are (SQLite)."""
    hits = HITS["price_place"]
    found = select(hits.c.rowid).where(sa.text(f"{hits.name} MATCH :match"), *within(shape.range, hits.c.rowid))
    few = _found(found.limit(bindparam("many")), (*KEYS, "business_id")).cte("few").prefix_with("MATERIALIZED")
    counted = select(sa.func.count(few.c.seq).label("found")).subquery("counted")
    order = _of(few, shape.ordering)
    top = paging.prepared(select(*few.c).where(is_seen(shape.dialect, few)), order, shape.continued).subquery("top")
    query = _documents(shape).add_columns(counted.c.found)
    query = query.select_from(counted.outerjoin(top, sa.true()).outerjoin(LISTING, LISTING.c.seq == top.c.seq))
    return query.order_by(*_directions(_of(top, shape.ordering)))


def _found(hits: Select[Any], columns: Sequence[str]) -> Select[Any]:
    places = hits.subquery("found")
    return select(*(LISTING.c[name] for name in columns)).join_from(
        places, LISTING, LISTING.c.price_place == places.c.rowid
    )


def _walk(shape: Shape) -> Select[Any]:
    """Goes along the order and looks at each listing."""
    position = sa.func.instr if shape.dialect == "sqlite" else sa.func.strpos
    passed = _passed(shape) if shape.bounded and shape.dialect == "postgresql" else LISTING
    words = [position(passed.c.words, bindparam(f"word_{place}")) > 0 for place in range(shape.words)]
    if passed is LISTING:
        return _going(shape, [*words, *_along(shape)])
    others = [passed.c[name] == bindparam(name) for name in sorted(shape.equal)]
    keys = select(*(passed.c[name] for name in KEYS)).where(
        *words, *others, *within(shape.range, passed.c.price_place), is_seen(shape.dialect, passed)
    )
    return _of_keys(keys, passed, shape)


def _passed(shape: Shape) -> Any:
    """The next `furthest` listings: by themselves, or PostgreSQL would look at all of them and then sort."""
    columns = (*KEYS, "words", *DIMENSIONS)
    query = select(*(LISTING.c[name] for name in columns)).where(*_at_hand(shape))
    query = paging.prepared(query, ORDERS[shape.ordering], shape.continued)
    return query.limit(bindparam("furthest")).subquery("passed")


def _sift(shape: Shape) -> Select[Any]:
    """Goes along the order and keeps what the index has found before, without a look at the others (SQLite)."""
    hits = HITS["seq"]
    found = select(hits.c.rowid).where(sa.text("listing_search MATCH :match"))
    # A plus keeps SQLite from looking up each that was found instead.
    kept = sa.literal_column("+listings.seq", sa.BigInteger).in_(found)
    # What the index has found has passed the filters, except for the price.
    return _going(shape, [kept, *_along(replace(shape, equal=shape.equal & {_first(shape)}))])


def _going(shape: Shape, conditions: list[Any]) -> Select[Any]:
    keys = select(*(LISTING.c[name] for name in KEYS)).where(*conditions, is_seen(shape.dialect, LISTING))
    if shape.bounded:
        order = ORDERS[shape.ordering]
        here = sa.tuple_(*(key.column for key in order))
        edge = sa.tuple_(*(bindparam(f"edge_{place}", type_=key.column.type) for place, key in enumerate(order)))
        keys = keys.where(here >= edge if order[0].descending else here <= edge)
    return _of_keys(keys, LISTING, shape)


def _edge(shape: Shape) -> Select[Any]:
    """The listing at which a walk that found too little gives up."""
    order = ORDERS[shape.ordering]
    query = select(*(key.column for key in order)).where(*_at_hand(shape))
    return paging.prepared(query, order, shape.continued).limit(1).offset(bindparam("furthest"))


def _at_hand(shape: Shape) -> list[Any]:
    """What an index in the order leaves out by itself."""
    first = _first(shape)
    # In the order of prices a range says where the walk begins; in another it leaves out some of what is passed.
    bounds = within(shape.range, LISTING.c.price_place) if shape.ordering in BY_PRICE else []
    return [*([LISTING.c[first] == bindparam(first)] if first else []), *bounds]


def _along(shape: Shape) -> list[Any]:
    first = _first(shape)
    conditions: list[Any] = [LISTING.c[first] == bindparam(first)] if first else []
    # A plus keeps SQLite from taking the index of a further filter for all that it finds there. PostgreSQL may take
    # whichever filter leaves the least to pass.
    keep = "+" if shape.dialect == "sqlite" else ""
    conditions += [sa.text(f"{keep}listings.{name} = :{name}") for name in sorted(shape.equal - {first})]
    return [*conditions, *within(shape.range, sa.literal_column(f"{keep}listings.price_place", sa.BigInteger))]


def _first(shape: Shape) -> str | None:
    return next((name for name in DIMENSIONS if name in shape.equal), None)


def _of_keys(keys: Select[Any], source: Any, shape: Shape) -> Select[Any]:
    top = paging.prepared(keys, _of(source, shape.ordering), shape.continued).subquery("top")
    query = _documents(shape).join_from(top, LISTING, LISTING.c.seq == top.c.seq)
    return query.order_by(*_directions(_of(top, shape.ordering)))


def _of(source: Any, ordering: str) -> tuple[paging.Key, ...]:
    return tuple(paging.Key(source.c[key.column.name], key.descending) for key in ORDERS[ordering])


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
    "few": _few,
    "walk": _walk,
    "sift": _sift,
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
