"""Search and browse the public listings: one function for both databases."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from catalog_service.public import documents
from catalog_service.public.visible import is_seen, renamed
from catalog_service.search import matching, ways
from catalog_service.search.filters import Filters
from catalog_service.search.shapes import LISTING, ORDERS, Shape
from servicekit import paging

__all__ = ["Filters", "Shown", "one", "page"]


class Shown(NamedTuple):
    """A public answer, as JSON."""

    document: str


def page(
    connection: Connection, filters: Filters, ordering: str, cursor: str | None, size: int
) -> tuple[Sequence[Shown], str | None]:
    """One page of public answers, and the next cursor."""
    order = ORDERS[ordering]
    parameters: dict[str, Any] = {**paging.place(order, cursor, size), **filters.equal, **filters.range}
    if filters.hopeless:
        return [], None
    match = matching.match(connection, filters) if filters.is_full_text else matching.Match("")
    parameters.update(match=match.index, rest=match.rest)
    parameters.update({f"word_{place}": f" {word}" for place, word in enumerate(filters.words)})
    shape = Shape(
        connection.dialect.name,
        "",
        ordering,
        frozenset(filters.equal),
        frozenset(filters.range),
        filters.is_full_text,
        bool(match.rest),
        len(filters.words),
        cursor is not None,
    )
    rows = ways.rows(connection, shape, parameters)
    rows, following = paging.cut(rows, size, *(key.column.name for key in order))
    return [Shown(_named(row)) for row in rows], following


def _named(row: Any) -> str:
    document: str = row.document
    return document if row.renamed is None else documents.named(document, row.renamed)


@lru_cache(maxsize=2)
def _one(dialect: str) -> Select[Any]:
    query = select(LISTING.c.document, renamed(LISTING).label("renamed"))
    return query.where(LISTING.c.product_id == bindparam("product_id"), is_seen(dialect, LISTING))


def one(connection: Connection, product_id: int) -> str | None:
    """The public answer for one product; None when it is not published."""
    row = connection.execute(_one(connection.dialect.name), {"product_id": product_id}).first()
    return None if row is None else _named(row)
