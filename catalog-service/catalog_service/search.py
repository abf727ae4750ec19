"""Search, browse and count the public listings: one function each for both databases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, func, select

from catalog_service import money, texts
from catalog_service.models import Listing, ListingBusiness, ListingGroup
from servicekit import paging

LISTING = Listing.__table__
GROUP = ListingGroup.__table__
BUSINESS = ListingBusiness.__table__
ORDERS: Mapping[str, Sequence[paging.Key]] = {
    "-published_at": (paging.Key(LISTING.c.seq, descending=True),),
    "price": (paging.Key(LISTING.c.price_sort), paging.Key(LISTING.c.seq)),
    "-price": (paging.Key(LISTING.c.price_sort, descending=True), paging.Key(LISTING.c.seq, descending=True)),
    "name": (paging.Key(LISTING.c.name_sort, kind=str), paging.Key(LISTING.c.seq)),
}


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(texts.words(self.q)) if self.q is not None else ())

    @property
    def hopeless(self) -> bool:
        """Whether the query has no word at all: then nothing is found."""
        return self.q is not None and bool(self.q.strip()) and not self.words


def page(
    connection: Connection, filters: Filters, ordering: str, cursor: str | None, size: int
) -> tuple[Sequence[Row[Any]], str | None]:
    """One page of listings as rows with `document`, and the next cursor."""
    order = ORDERS[ordering]
    query = _where(select(LISTING.c.document, *(key.column for key in order)), filters, connection.dialect.name)
    paged = paging.page(query, order, cursor, size)
    if filters.hopeless:
        return [], None
    rows = connection.execute(paged).all()
    return paging.cut(rows, size, *(key.column.name for key in order))


def one(connection: Connection, product_id: int) -> str | None:
    """The public answer for one product; None when it is not published."""
    found: str | None = connection.scalar(select(LISTING.c.document).where(LISTING.c.product_id == product_id))
    return found


def facets(connection: Connection, filters: Filters) -> dict[str, Any]:
    """Exact counts and price ranges of everything that the filters find."""
    rows = [] if filters.hopeless else connection.execute(_groups(filters, connection.dialect.name)).all()
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


def _groups(filters: Filters, dialect: str) -> Select[Any]:
    if not filters.words and filters.min_price is None and filters.max_price is None:
        return _equal(select(GROUP), GROUP, filters)
    grouping = (LISTING.c.business_id, LISTING.c.category, LISTING.c.currency)
    price = LISTING.c.price_minor
    counted = select(
        *grouping, func.count().label("listed"), func.min(price).label("min_price"), func.max(price).label("max_price")
    )
    return _where(counted, filters, dialect).group_by(*grouping)


def _equal(query: Select[Any], table: Any, filters: Filters) -> Select[Any]:
    wanted = {"business_id": filters.business, "category": filters.category, "currency": filters.currency}
    return query.where(*(table.c[name] == value for name, value in wanted.items() if value is not None))


def _where(query: Select[Any], filters: Filters, dialect: str) -> Select[Any]:
    query = _equal(query, LISTING, filters)
    if filters.min_price is not None:
        query = query.where(LISTING.c.price_sort >= filters.min_price)
    if filters.max_price is not None:
        query = query.where(LISTING.c.price_sort <= filters.max_price)
    if filters.words:
        query = query.where(LISTING.c.seq.in_(_matching(filters.words, dialect)))
    return query


def _matching(words: Sequence[str], dialect: str) -> Any:
    """The listings that have, for each word, one that begins with it. Words hold no quotes and no syntax."""
    if dialect == "sqlite":
        match = " AND ".join(f'"{word}" *' for word in words)
        found = sa.text("SELECT rowid FROM listing_search WHERE listing_search MATCH :match")
    else:
        match = " & ".join(f"'{word}':*" for word in words)
        found = sa.text("SELECT seq FROM listing_search WHERE words @@ CAST(:match AS tsquery)")
    return found.bindparams(match=match).columns(sa.column("seq", sa.BigInteger)).scalar_subquery()
