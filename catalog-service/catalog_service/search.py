"""Search, browse and count the public listings: one function each for both databases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from catalog_service import money, texts
from catalog_service.models import Listing, ListingBusiness, ListingGroup, ListingWord
from servicekit import paging

LISTING = Listing.__table__
GROUP = ListingGroup.__table__
BUSINESS = ListingBusiness.__table__
WORD = ListingWord.__table__
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
MAX_ENDINGS = 40


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
    match = "" if _is_indexed(filters, ordering) else _match(connection, filters)
    plan = _plan(connection, filters, ordering, match)
    if plan in {"stream", "gather"}:
        parameters["match"] = match
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


def _is_indexed(filters: Filters, ordering: str) -> bool:
    return not filters.words and (not filters.equal or set(filters.equal) in INDEXED[ordering])


def _plan(connection: Connection, filters: Filters, ordering: str, match: str) -> str:
    if not match:
        return "browse"
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and ordering == NEWEST and not filters.range:
        # The full-text index itself is in this order.
        return "stream"
    found = (_count if sqlite else _estimate)(connection, match)
    return "gather" if found < MANY else "walk"


def _match(connection: Connection, filters: Filters) -> str:
    """The index's query: each word as a beginning, each label whole. Words hold no quotes and no syntax."""
    syntax = SYNTAX[connection.dialect.name]
    begun = [_begun(connection, syntax, word) for word in filters.words]
    return syntax.both.join([*begun, *(syntax.whole.format(label) for label in filters.labels)])


def _begun(connection: Connection, syntax: "Syntax", word: str) -> str:
    # A beginning makes either database collect all matches before it gives the first; whole words it reads in turn.
    known = connection.scalars(_KNOWN, {"word": word, "beyond": word + _LAST, "most": MAX_ENDINGS + 1}).all()
    if not 0 < len(known) <= MAX_ENDINGS:
        return syntax.begun.format(word)
    return "(" + syntax.either.join([syntax.whole.format(one) for one in known]) + ")"


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a full-text index is asked."""

    whole: str
    begun: str
    both: str
    either: str


SYNTAX = {
    "sqlite": Syntax('"{}"', '"{}" *', " AND ", " OR "),
    "postgresql": Syntax("'{}'", "'{}':*", " & ", " | "),
}
_LAST = chr(0x10FFFF)
_KNOWN = (
    select(WORD.c.word)
    .where(WORD.c.word >= bindparam("word"), WORD.c.word < bindparam("beyond"))
    .order_by(WORD.c.word)
    .limit(bindparam("most"))
)
_COUNT = sa.text(
    "SELECT count(*) FROM (SELECT rowid FROM listing_search WHERE listing_search MATCH :match LIMIT :many)"
)
_ESTIMATE = sa.text("EXPLAIN (FORMAT JSON) SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)")
_HITS = {
    "sqlite": sa.text("listings.seq IN (SELECT rowid FROM listing_search WHERE listing_search MATCH :match)"),
    # An array, so that PostgreSQL looks the matches up instead of walking all listings beside them.
    "postgresql": sa.text(
        "listings.seq = ANY (ARRAY(SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)))"
    ),
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
        conditions.append(_HITS[shape.dialect])
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
    rows = [] if filters.hopeless else _counted(connection, filters)
    by: dict[str, list[Row[Any]]] = {"category": [], "business_id": [], "currency": []}
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
                "min_price": money.to_decimal(row.min_price, row.value),
                "max_price": money.to_decimal(row.max_price, row.value),
            }
            for row in by["currency"]
        ],
    }


def _counted(connection: Connection, filters: Filters) -> Sequence[Row[Any]]:
    parameters: dict[str, Any] = {**filters.equal, **filters.range}
    if filters.words:
        parameters["match"] = _match(connection, filters)
    shape = Shape(
        connection.dialect.name,
        "gather" if filters.words else "browse",
        "",
        frozenset(filters.equal),
        frozenset(filters.range),
        0,
        False,
    )
    return connection.execute(_facets(shape), parameters).all()


@lru_cache(maxsize=256)
def _facets(shape: Shape) -> Any:
    groups = _groups(shape).cte("groups").prefix_with("MATERIALIZED")
    sums = (
        sa.cast(func.sum(groups.c.listed), sa.BigInteger).label("listed"),
        func.min(groups.c.min_price).label("min_price"),
        func.max(groups.c.max_price).label("max_price"),
    )
    counted = []
    for name in ("category", "currency", "business_id"):
        value = sa.cast(groups.c[name], sa.Text).label("value")
        query: Select[Any] = select(sa.literal_column(f"'{name}'").label("kind"), value, *sums)
        if name == "business_id":
            named = query.add_columns(func.coalesce(func.max(BUSINESS.c.name), "").label("name"))
            query = named.outerjoin_from(groups, BUSINESS, BUSINESS.c.id == groups.c.business_id)
        else:
            query = query.add_columns(sa.literal_column("''").label("name"))
        counted.append(query.group_by(groups.c[name]))
    return sa.union_all(*counted)


def _groups(shape: Shape) -> Select[Any]:
    if shape.plan == "browse" and not shape.range:
        return select(GROUP).where(*(GROUP.c[name] == bindparam(name) for name in sorted(shape.equal)))
    grouping = (LISTING.c.business_id, LISTING.c.category, LISTING.c.currency)
    price = LISTING.c.price_minor
    query: Select[Any] = select(
        *grouping, func.count().label("listed"), func.min(price).label("min_price"), func.max(price).label("max_price")
    )
    if shape.plan == "gather":
        query = query.where(_HITS[shape.dialect])
    else:
        query = query.where(*(LISTING.c[name] == bindparam(name) for name in sorted(shape.equal)))
    return query.where(*_ranges(shape.range)).group_by(*grouping)
