"""What others are told: the sequence of public changes."""

from sqlalchemy import (
    BigInteger,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from servicekit import feeds


class Change(feeds.EventColumns, Model):
    """What happened to the public catalogue, in one gapless sequence; `number` counts within a business."""

    __tablename__ = "changes"
    business_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("uq_changes_business_id_number", "business_id", "number", unique=True),)


class FeedHead(feeds.FeedHeadColumns, Model):
    pass
