"""Statements that go along the order and keep what matches."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select

from catalog_service.public.visible import HITS, is_seen, within
from catalog_service.search.groups import DIMENSIONS
from catalog_service.search.shapes import BY_PRICE, KEYS, LISTING, ORDERS, Shape, of_keys
from servicekit import paging


def walk(shape: Shape) -> Select[Any]:
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
    return of_keys(keys, passed, shape)


def _passed(shape: Shape) -> Any:
    """The next `furthest` listings: by themselves, or PostgreSQL would look at all of them and then sort."""
    columns = (*KEYS, "words", *DIMENSIONS)
    query = select(*(LISTING.c[name] for name in columns)).where(*_at_hand(shape))
    query = paging.prepared(query, ORDERS[shape.ordering], shape.continued)
    return query.limit(bindparam("furthest")).subquery("passed")


def sift(shape: Shape) -> Select[Any]:
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
    return of_keys(keys, LISTING, shape)


def edge(shape: Shape) -> Select[Any]:
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
