"""What auth-service told of businesses, people, keys and revoked tokens."""

from sqlalchemy import (
    BigInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from servicekit import feeds, trust
from servicekit.database import Id


class Business(Model):
    """What auth-service told of a business."""

    __tablename__ = "businesses"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="active")


class User(Model):
    """What auth-service told of a person; never shown outside of the person's business."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    business_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(301))


class FeedCursor(feeds.CursorColumns, Model):
    pass


class Revocation(trust.RevocationColumns, Model):
    pass


class TrustedKey(trust.TrustedKeyColumns, Model):
    pass
