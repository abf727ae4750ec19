"""What the public sees of a listing: its answer with the name that its business has now, unless nobody sees it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Select, bindparam, func, select

from catalog_service.models import Listing, ListingBusiness, ListingMark

LISTING: Any = Listing.__table__
_HIDDEN = select(ListingMark.business_id).where(ListingMark.is_hidden)
# Asked for each row of an answer: a join might have the database begin with businesses.
_NAME = (
    select(ListingBusiness.name)
    .where(ListingBusiness.id == LISTING.c.business_id)
    .correlate(LISTING)
    .scalar_subquery()
    .label("business_name")
)
_NAMES = select(ListingBusiness.id, ListingBusiness.name)
_BEFORE, _AFTER = ',"business_name":', '","version":'


def hidden(connection: Connection) -> frozenset[int]:
    """The businesses that nobody sees."""
    return frozenset(connection.scalars(_HIDDEN))


def is_seen(dialect: str, source: Any) -> Any:
    """The condition that keeps the listings of hidden businesses out."""
    if dialect == "postgresql":
        # An array, so that PostgreSQL asks once and does not take it for a filter that leaves half of all out.
        from sqlalchemy import all_

        return source.c.business_id != all_(func.array(_HIDDEN.scalar_subquery()))
    return source.c.business_id.not_in(_HIDDEN)


def shown(*columns: Any) -> Select[Any]:
    """A select of public answers, to be narrowed; `answer` puts a row of it together."""
    return select(LISTING.c.document, _NAME, *columns)


def answer(row: Any) -> str:
    """The public answer, as JSON, with the present name of the business."""
    document: str = row.document
    # No text inside can hold these: its quotation marks are escaped.
    start, end = document.rindex(_BEFORE), document.rindex(_AFTER)
    name = orjson.dumps(row.business_name or "").decode()
    return f"{document[:start]}{_BEFORE}{name}{document[end + 1 :]}"


@lru_cache(maxsize=2)
def _one(dialect: str) -> Select[Any]:
    return shown().where(LISTING.c.product_id == bindparam("product_id"), is_seen(dialect, LISTING))


def one(connection: Connection, product_id: int) -> str | None:
    """The public answer for one product; None when it is not published."""
    row = connection.execute(_one(connection.dialect.name), {"product_id": product_id}).first()
    return None if row is None else answer(row)


def names(connection: Connection, business_ids: Sequence[int]) -> dict[int, str]:
    """The public names of these businesses."""
    query = _NAMES if len(business_ids) > 100 else _NAMES.where(ListingBusiness.id.in_(business_ids))
    return dict(connection.execute(query).tuples().all())
