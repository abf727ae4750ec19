"""Statements that fetch the keys of what matches and sort them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam, select

from catalog_service.public.visible import HITS, SEARCH, is_seen, matches, within
from catalog_service.search.shapes import KEYS, LISTING, Shape, directions, documents, equal_to, keys_of, of_keys
from servicekit import paging

# PostgreSQL's index of words also knows among which 16,384 publications a listing is.
NEAR = (
    "ARRAY[seq >> 14] && ARRAY(SELECT generate_series({last} - ceil(:share * top)::bigint, {last})"
    " FROM (SELECT max(seq) >> 14 AS top FROM listings) AS newest)"
)


def gather(shape: Shape) -> Select[Any]:
    """Fetches the keys of all matches, or those near the page's beginning, sorts them, and reads the page alone."""
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
    if shape.plan == "near":
        keys = keys.where(_near(shape))
    few = keys.cte("few").prefix_with("MATERIALIZED")
    return of_keys(select(*few.c), few, shape)


def _near(shape: Shape) -> Any:
    """The condition that a listing is in the bands of the next `share` of all publications, or somewhat more."""
    last = "(:after_0 >> 14)" if shape.continued else "top"
    return sa.text(NEAR.format(last=last))


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
