"""What the statements of search depend on, and what they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select

from catalog_service.models import Listing
from catalog_service.public.visible import renamed
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


def of_keys(keys: Select[Any], source: Any, shape: Shape) -> Select[Any]:
    top = paging.prepared(keys, keys_of(source, shape.ordering), shape.continued).subquery("top")
    query = documents(shape).join_from(top, LISTING, LISTING.c.seq == top.c.seq)
    return query.order_by(*directions(keys_of(top, shape.ordering)))


def keys_of(source: Any, ordering: str) -> tuple[paging.Key, ...]:
    return tuple(paging.Key(source.c[key.column.name], key.descending) for key in ORDERS[ordering])


def documents(shape: Shape) -> Select[Any]:
    columns = (key.column for key in ORDERS[shape.ordering])
    return select(LISTING.c.document, renamed(LISTING).label("renamed"), *columns)


def directions(order: Sequence[paging.Key]) -> list[Any]:
    return [key.column.desc() if key.descending else key.column.asc() for key in order]


def equal_to(names: frozenset[str]) -> list[Any]:
    return [LISTING.c[name] == bindparam(name) for name in sorted(names)]
