"""Search and browse the public listings: one function for both databases."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from catalog_service import documents, matching
from catalog_service.filters import Filters
from catalog_service.plans import BY_PRICE, LISTING, NEWEST, ORDERS, Shape, in_range, statement
from catalog_service.visible import is_seen, renamed
from servicekit import paging

__all__ = ["Filters", "Shown", "one", "page"]

# How many listings a walk looks at before it gives up, and how many times more where a price range leaves some out.
FURTHEST, IN_RANGE = 2000, 4


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
        _plan(connection, filters, ordering, parameters),
        ordering,
        frozenset(filters.equal),
        frozenset(filters.range),
        filters.is_full_text,
        bool(match.rest),
        len(filters.words),
        cursor is not None,
    )
    rows = _rows(connection, shape, parameters)
    rows, following = paging.cut(rows, size, *(key.column.name for key in order))
    return [Shown(_named(row)) for row in rows], following


def _rows(connection: Connection, shape: Shape, parameters: dict[str, Any]) -> Sequence[Any]:
    if shape.plan != "walk" or not shape.words:
        return connection.execute(statement(shape), parameters).all()
    furthest = FURTHEST * (IN_RANGE if shape.range and shape.ordering not in BY_PRICE else 1)
    edge = connection.execute(statement(replace(shape, plan="edge")), {**parameters, "furthest": furthest}).first()
    if edge is None:
        return connection.execute(statement(shape), parameters).all()
    reached = {f"edge_{place}": value for place, value in enumerate(edge)}
    rows = connection.execute(statement(replace(shape, bounded=True)), {**parameters, **reached}).all()
    if len(rows) == parameters["size"]:
        return rows
    # Words may be rare just there: then all matches are gathered, unless the index knows too little to find them.
    return connection.execute(statement(shape if shape.rest else replace(shape, plan="gather")), parameters).all()


def _named(row: Any) -> str:
    document: str = row.document
    return document if row.renamed is None else documents.named(document, row.renamed)


def _plan(connection: Connection, filters: Filters, ordering: str, parameters: dict[str, Any]) -> str:
    if not filters.is_full_text:
        if ordering in BY_PRICE or not filters.range:
            return "browse"
        few = connection.scalar(
            in_range(frozenset(filters.equal), frozenset(filters.range)), {**parameters, "many": matching.MANY}
        )
        return "gather" if (few or 0) < matching.MANY else "walk"
    if connection.dialect.name == "sqlite" and (ordering in BY_PRICE or (ordering == NEWEST and not filters.range)):
        # There is an index of words in just this order.
        return "stream"
    if matching.found(connection, parameters["match"], filters) < matching.MANY:
        return "gather"
    return "stream" if connection.dialect.name == "sqlite" and ordering == NEWEST else "walk"


@lru_cache(maxsize=2)
def _one(dialect: str) -> Select[Any]:
    query = select(LISTING.c.document, renamed(LISTING).label("renamed"))
    return query.where(LISTING.c.product_id == bindparam("product_id"), is_seen(dialect, LISTING))


def one(connection: Connection, product_id: int) -> str | None:
    """The public answer for one product; None when it is not published."""
    row = connection.execute(_one(connection.dialect.name), {"product_id": product_id}).first()
    return None if row is None else _named(row)
