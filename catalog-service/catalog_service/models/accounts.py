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
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default="active")


class User(Model):
    """What auth-service told of a person; never shown outside of the person's business."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    business_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(511))
    username: Mapped[str] = mapped_column(String(255), default="")
    # Of the newest token that we know of; none where an earlier version of this service was told.
    version: Mapped[int | None]


class AccountController(Model):
    """That a person can act through another's account, as auth-service told; see people.accounts."""

    __tablename__ = "account_controllers"
    user_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    controller_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, index=True)


class FeedCursor(feeds.CursorColumns, Model):
    pass


class Revocation(trust.RevocationColumns, Model):
    pass


class TrustedKey(trust.TrustedKeyColumns, Model):
    pass
