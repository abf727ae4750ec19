"""The sequence of what happened to the public catalogue."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog_service.models import Change, FeedHead
from servicekit.feeds import Feed

UPSERT, DELETE = "upsert", "delete"

feed = Feed(Change, FeedHead)


def append(session: Session, kind: str, business_id: int, product_id: int, version: int) -> int:
    """Adds a change to the open transaction; returns its place among all changes. Append last: writers queue here."""
    return feed.append(
        session,
        kind,
        {"product_id": product_id, "version": version},
        business_id=business_id,
        # Evaluated under the feed's lock, so numbers of a business have no gaps either.
        number=select(func.coalesce(func.max(Change.number), 0) + 1)
        .where(Change.business_id == business_id)
        .scalar_subquery(),
    )
