"""The public answer for a product."""

from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from catalog_service.content import money
from catalog_service.models import CONTENT, Business, Product, Revision
from servicekit.api import rfc3339
from servicekit.database import connection_of

_NAME = select(Business.name).where(Business.id == bindparam("id"))


def business_name(session: Session, business_id: int) -> str:
    """The public name of a business that may be seen. Whose name we do not know yet has published nothing."""
    return str(connection_of(session).scalar(_NAME, {"id": business_id}))


def public(product: Product, revision: Revision, name: str) -> dict[str, Any]:
    """What anybody may read: nothing of who wrote, submitted or decided."""
    assert revision.published_at is not None
    return {
        "id": product.id,
        **{name: getattr(revision, name) for name in CONTENT},
        "price": money.to_decimal(revision.price_minor, revision.currency),
        "business": product.business_id,
        "business_name": name,
        "version": revision.version,
        "published_at": rfc3339(revision.published_at),
    }


def to_json(answer: dict[str, Any]) -> str:
    """The answer as it is stored and sent."""
    return orjson.dumps(answer).decode()
