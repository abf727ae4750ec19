"""What statements on the projection are made of: its full-text indexes, and the marks that are obeyed by all."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from catalog_service.models import ListingMark

MARK = ListingMark.__table__
# SQLite: the words of each listing twice, in the order of publication and in the order of price.
HITS = {
    "seq": sa.table("listing_search", sa.column("rowid", sa.BigInteger)),
    "price_place": sa.table("listing_search_prices", sa.column("rowid", sa.BigInteger)),
}
# PostgreSQL: the words beside what listings are sorted and counted by.
SEARCH = sa.table(
    "listing_search",
    sa.column("seq", sa.BigInteger),
    sa.column("business_id", sa.BigInteger),
    sa.column("category", sa.Text),
    sa.column("currency", sa.Text),
    sa.column("price_minor", sa.BigInteger),
    sa.column("price_place", sa.BigInteger),
    sa.column("name_sort", sa.Text),
)


def matches(has_rest: bool) -> list[Any]:
    """The conditions that PostgreSQL finds words by; of the rest it is to make no search of its own."""
    rest = [sa.text("(words || '') @@ CAST(:rest AS tsquery)")] if has_rest else []
    return [sa.text("words @@ CAST(:match AS tsquery)"), *rest]


def within(names: frozenset[str], place: Any) -> list[Any]:
    """The conditions of a price range on places in the order of prices."""
    bounds = {"first": place.__ge__, "beyond": place.__lt__}
    return [bounds[name](bindparam(name)) for name in sorted(names)]


def is_seen(dialect: str, source: Any) -> Any:
    """The condition that keeps the listings of hidden businesses out."""
    hidden = select(MARK.c.business_id).where(MARK.c.is_hidden)
    if dialect == "postgresql":
        # An array, so that PostgreSQL asks once and does not take it for a filter that leaves half of all out.
        return source.c.business_id != sa.all_(sa.func.array(hidden.scalar_subquery()))
    return source.c.business_id.not_in(hidden)


def renamed(source: Any) -> Any:
    """The business's name where its listings do not all say it yet."""
    return select(MARK.c.name).where(MARK.c.business_id == source.c.business_id).correlate(source).scalar_subquery()
