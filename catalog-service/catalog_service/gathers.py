"""Statements that fetch the keys of what matches and sort them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select

from catalog_service.shapes import KEYS, LISTING, Shape, directions, documents, equal_to, keys_of, of_keys
from catalog_service.visible import HITS, SEARCH, is_seen, matches, within
from servicekit import paging


def gather(shape: Shape) -> Select[Any]:
    """Fetches the keys of all matches, sorts them, and reads the documents of the page alone."""
    if shape.full_text and shape.dialect == "sqlite":
        hits = HITS["price_place"]
        found = select(hits.c.rowid).where(sa.text(f"{hits.name} MATCH :match"), *within(shape.range, hits.c.rowid))
        keys = _found(found, KEYS).where(is_seen(shape.dialect, LISTING))
    else:
        source = SEARCH if shape.full_text else LISTING
        conditions = [
            *(matches(shape.rest) if shape.full_text else equal_to(shape.equal)),
            is_seen(shape.dialect, source),
        ]
        keys = select(*(source.c[name] for name in KEYS))
        keys = keys.where(*conditions, *within(shape.range, source.c.price_place))
    few = keys.cte("few").prefix_with("MATERIALIZED")
    return of_keys(select(*few.c), few, shape)


def few(shape: Shape) -> Select[Any]:
    """Gathers as well, but no more than `many`; says how many those are (SQLite)."""
    hits = HITS["price_place"]
    found = select(hits.c.rowid).where(sa.text(f"{hits.name} MATCH :match"), *within(shape.range, hits.c.rowid))
    few = _found(found.limit(bindparam("many")), (*KEYS, "business_id")).cte("few").prefix_with("MATERIALIZED")
    counted = select(sa.func.count(few.c.seq).label("found")).subquery("counted")
    order = keys_of(few, shape.ordering)
    top = paging.prepared(select(*few.c).where(is_seen(shape.dialect, few)), order, shape.continued).subquery("top")
    query = documents(shape).add_columns(counted.c.found)
    query = query.select_from(counted.outerjoin(top, sa.true()).outerjoin(LISTING, LISTING.c.seq == top.c.seq))
    return query.order_by(*directions(keys_of(top, shape.ordering)))


def _found(hits: Select[Any], columns: Sequence[str]) -> Select[Any]:
    places = hits.subquery("found")
    return select(*(LISTING.c[name] for name in columns)).join_from(
        places, LISTING, LISTING.c.price_place == places.c.rowid
    )
