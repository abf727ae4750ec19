"""Search, browse and count the public listings: one function each for both databases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from catalog_service import money, texts
from catalog_service.models import Listing, ListingBusiness, ListingGroup
from servicekit import paging

LISTING = Listing.__table__
GROUP = ListingGroup.__table__
BUSINESS = ListingBusiness.__table__
NEWEST = "-published_at"
ORDERS: Mapping[str, Sequence[paging.Key]] = {
    NEWEST: (paging.Key(LISTING.c.seq, descending=True),),
    "price": (paging.Key(LISTING.c.price_sort), paging.Key(LISTING.c.seq)),
    "-price": (paging.Key(LISTING.c.price_sort, descending=True), paging.Key(LISTING.c.seq, descending=True)),
    "name": (paging.Key(LISTING.c.name_sort, kind=str), paging.Key(LISTING.c.seq)),
}
# Which single filter has an index in which order; anything else is found by the words of the full-text index.
INDEXED = {
    NEWEST: ({"category"}, {"business_id"}),
    "price": ({"category"}, {"currency"}),
    "-price": ({"category"}, {"currency"}),
    "name": (),
}
# From how many matches on it is quicker to walk the order and look at each listing than to gather and sort.
MANY = 4000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the public may ask for. Price bounds are in ten-thousandths, see money.sortable."""

    q: str | None = None
    business: int | None = None
    category: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    words: tuple[str, ...] = field(default=(), init=False)
    equal: dict[str, Any] = field(default_factory=dict, init=False)
    range: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(texts.words(self.q)) if self.q is not None else ())
        wanted = {"business_id": self.business, "category": self.category, "currency": self.currency}
        self.equal.update({name: value for name, value in wanted.items() if value is not None})
        bounds = {"min_price": self.min_price, "max_price": self.max_price}
        self.range.update({name: value for name, value in bounds.items() if value is not None})

    @property
    def hopeless(self) -> bool:
        """Whether the query has no word at all: then nothing is found."""
        return self.q is not None and bool(self.q.strip()) and not self.words

    @property
    def labels(self) -> list[str]:
        return [texts.label(name, value) for name, value in self.equal.items()]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a statement depends on; statements are built once a shape."""

    dialect: str
    plan: str  # browse, stream, gather or walk
    ordering: str
    equal: frozenset[str]
    range: frozenset[str]
    words: int
    continued: bool


def page(
    connection: Connection, filters: Filters, ordering: str, cursor: str | None, size: int
) -> tuple[Sequence[Row[Any]], str | None]:
    """One page of listings as rows with `document`, and the next cursor."""
    order = ORDERS[ordering]
    parameters: dict[str, Any] = {"size": size + 1, **filters.equal, **filters.range}
    if cursor is not None:
        after = paging.decode(cursor, [key.kind for key in order])
        parameters.update({f"after_{place}": value for place, value in enumerate(after)})
    if filters.hopeless:
        return [], None
    dialect = connection.dialect.name
    plan = _plan(connection, filters, ordering)
    if plan in {"stream", "gather"}:
        parameters["match"] = _match(filters, dialect)
    if plan == "walk":
        parameters.update({f"word_{place}": f" {word}" for place, word in enumerate(filters.words)})
    shape = Shape(
        dialect,
        plan,
        ordering,
        frozenset(filters.equal),
        frozenset(filters.range),
        len(filters.words) if plan == "walk" else 0,
        cursor is not None,
    )
    rows = connection.execute(_statement(shape), parameters).all()
    return paging.cut(rows, size, *(key.column.name for key in order))


def _plan(connection: Connection, filters: Filters, ordering: str) -> str:
    if not filters.words and (not filters.equal or set(filters.equal) in INDEXED[ordering]):
        return "browse"
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and ordering == NEWEST and not filters.range:
        # The full-text index itself is in this order.
        return "stream"
    found = (_count if sqlite else _estimate)(connection, _match(filters, connection.dialect.name))
    return "gather" if found < MANY else "walk"


def _match(filters: Filters, dialect: str) -> str:
    """The index's query: each word as a beginning, each label whole. Words hold no quotes and no syntax."""
    if dialect == "sqlite":
        return " AND ".join([*(f'"{word}" *' for word in filters.words), *(f'"{label}"' for label in filters.labels)])
    return " & ".join([*(f"'{word}':*" for word in filters.words), *(f"'{label}'" for label in filters.labels)])


_COUNT = sa.text(
    "SELECT count(*) FROM (SELECT rowid FROM listing_search WHERE listing_search MATCH :match LIMIT :many)"
)
_ESTIMATE = sa.text("EXPLAIN (FORMAT JSON) SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)")
_HITS = {
    "sqlite": sa.text("SELECT rowid AS seq FROM listing_search WHERE listing_search MATCH :match"),
    "postgresql": sa.text("SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)"),
}


def _count(connection: Connection, match: str) -> int:
    return connection.scalar(_COUNT, {"match": match, "many": MANY}) or 0


def _estimate(connection: Connection, match: str) -> int:
    # PostgreSQL would fetch all matches to count some; its statistics tell common words well enough.
    plan = connection.scalar(_ESTIMATE, {"match": match})
    return int(plan[0]["Plan"]["Plan Rows"]) if plan else 0


@lru_cache(maxsize=1024)
def _statement(shape: Shape) -> Select[Any]:
    order = ORDERS[shape.ordering]
    query: Select[Any] = select(LISTING.c.document, *(key.column for key in order))
    conditions = _ranges(shape.range)
    if shape.plan == "stream":
        hits = sa.table("listing_search", sa.column("rowid", sa.BigInteger))
        query = query.join_from(hits, LISTING, LISTING.c.seq == hits.c.rowid)
        conditions.append(sa.text("listing_search MATCH :match"))
        order = (paging.Key(hits.c.rowid, descending=True),)
    elif shape.plan == "gather":
        found = _HITS[shape.dialect].columns(sa.column("seq", sa.BigInteger)).cte("hits").prefix_with("MATERIALIZED")
        query = query.join_from(found, LISTING, LISTING.c.seq == found.c.seq)
    else:
        conditions += _equal(shape)
        position = func.instr if shape.dialect == "sqlite" else func.strpos
        conditions += [position(LISTING.c.words, bindparam(f"word_{place}")) > 0 for place in range(shape.words)]
    if shape.continued:
        here = sa.tuple_(*(key.column for key in order))
        there = sa.tuple_(*(bindparam(f"after_{place}", type_=key.column.type) for place, key in enumerate(order)))
        conditions.append(here < there if order[0].descending else here > there)
    ordered = (key.column.desc() if key.descending else key.column.asc() for key in order)
    return query.where(*conditions).order_by(*ordered).limit(bindparam("size"))


def _equal(shape: Shape) -> list[Any]:
    # A plus keeps SQLite from taking the filter's index and sorting, where the order's index is to be walked.
    keep = "+" if (shape.dialect, shape.plan) == ("sqlite", "walk") else ""
    return [sa.text(f"{keep}listings.{name} = :{name}") for name in sorted(shape.equal)]


def _ranges(names: frozenset[str]) -> list[Any]:
    bounds = {"min_price": LISTING.c.price_sort.__ge__, "max_price": LISTING.c.price_sort.__le__}
    return [bounds[name](bindparam(name)) for name in sorted(names)]


_ONE = select(LISTING.c.document).where(LISTING.c.product_id == bindparam("product_id"))


def one(connection: Connection, product_id: int) -> str | None:
    """The public answer for one product; None when it is not published."""
    found: str | None = connection.scalar(_ONE, {"product_id": product_id})
    return found


def facets(connection: Connection, filters: Filters) -> dict[str, Any]:
    """Exact counts and price ranges of everything that the filters find."""
    rows = [] if filters.hopeless else _groups(connection, filters)
    names = {row.id: row.name for row in connection.execute(select(BUSINESS.c.id, BUSINESS.c.name))} if rows else {}
    categories: dict[str, int] = {}
    businesses: dict[int, int] = {}
    currencies: dict[str, list[int]] = {}
    for row in rows:
        categories[row.category] = categories.get(row.category, 0) + row.listed
        businesses[row.business_id] = businesses.get(row.business_id, 0) + row.listed
        known = currencies.setdefault(row.currency, [0, row.min_price, row.max_price])
        known[:] = [known[0] + row.listed, min(known[1], row.min_price), max(known[2], row.max_price)]
    return {
        "total": sum(categories.values()),
        "categories": [{"value": value, "count": count} for value, count in _ranked(categories)],
        "businesses": [
            {"id": number, "name": names.get(number, ""), "count": count} for number, count in _ranked(businesses)
        ],
        "currencies": [
            {
                "currency": code,
                "count": count,
                "min_price": money.to_decimal(least, code),
                "max_price": money.to_decimal(most, code),
            }
            for code, (count, least, most) in sorted(currencies.items(), key=lambda one: (-one[1][0], one[0]))
        ],
    }


def _ranked(counts: dict[Any, int]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _groups(connection: Connection, filters: Filters) -> Sequence[Row[Any]]:
    if not filters.words and not filters.range:
        wanted = [GROUP.c[name] == value for name, value in filters.equal.items()]
        return connection.execute(select(GROUP).where(*wanted)).all()
    dialect = connection.dialect.name
    grouping = (LISTING.c.business_id, LISTING.c.category, LISTING.c.currency)
    price = LISTING.c.price_minor
    query = select(
        *grouping, func.count().label("listed"), func.min(price).label("min_price"), func.max(price).label("max_price")
    )
    parameters: dict[str, Any] = {**filters.equal, **filters.range}
    if filters.words:
        found = _HITS[dialect].columns(sa.column("seq", sa.BigInteger)).cte("hits").prefix_with("MATERIALIZED")
        query = query.join_from(found, LISTING, LISTING.c.seq == found.c.seq)
        parameters["match"] = _match(filters, dialect)
    else:
        query = query.where(*(LISTING.c[name] == bindparam(name) for name in filters.equal))
    return connection.execute(query.where(*_ranges(frozenset(filters.range))).group_by(*grouping), parameters).all()
