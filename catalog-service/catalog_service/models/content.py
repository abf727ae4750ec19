"""What a product says, and who may skip whose review."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from catalog_service.models.vetted import STATES, STATUSES, RevisionColumns, WorkingColumns, is_one_of
from servicekit.database import Id, Timestamp, now
from servicekit.texts import KEY_LENGTH


class Product(WorkingColumns, Model):
    """A product."""

    __tablename__ = "products"
    sku: Mapped[str | None] = mapped_column(String(64))
    # What is unique: see skus.key. None also where another product's SKU looks the same, from before that was refused.
    sku_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    # The published revision's, which nobody else may take while another one is worked on.
    live_sku: Mapped[str | None] = mapped_column(String(64))
    live_sku_key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    category: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (
        is_one_of("status", STATUSES),
        Index("ix_products_business_id_id", "business_id", "id", sqlite_where=text("archived_at IS NULL"),
              postgresql_where=text("archived_at IS NULL")),
        Index("ix_products_business_id_status_id", "business_id", "status", "id",
              sqlite_where=text("archived_at IS NULL"), postgresql_where=text("archived_at IS NULL")),
        Index("uq_products_business_id_sku", "business_id", "sku", unique=True,
              sqlite_where=text("archived_at IS NULL AND sku IS NOT NULL"),
              postgresql_where=text("archived_at IS NULL AND sku IS NOT NULL")),
        Index("ix_products_business_id_live_sku", "business_id", "live_sku",
              sqlite_where=text("live_sku IS NOT NULL"), postgresql_where=text("live_sku IS NOT NULL")),
        Index("uq_products_business_id_sku_key", "business_id", "sku_key", unique=True,
              sqlite_where=text("archived_at IS NULL AND sku_key IS NOT NULL"),
              postgresql_where=text("archived_at IS NULL AND sku_key IS NOT NULL")),
        Index("ix_products_business_id_live_sku_key", "business_id", "live_sku_key",
              sqlite_where=text("live_sku_key IS NOT NULL"), postgresql_where=text("live_sku_key IS NOT NULL")),
        Index("ix_products_queue", "business_id", "submitted_at", "id",
              sqlite_where=text("submitted_at IS NOT NULL"), postgresql_where=text("submitted_at IS NOT NULL")),
    )  # fmt: skip


# What a product says. A further field is a column of Revision, its name here, and a line in schemas.py.
CONTENT = ("sku", "name", "description", "price_minor", "currency", "category", "attributes", "picture")


class Revision(RevisionColumns, Model):
    """What a product says."""

    __tablename__ = "revisions"
    product_id: Mapped[int] = mapped_column(Id, ForeignKey("products.id"), primary_key=True, autoincrement=False)
    sku: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(64), default="")
    attributes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    picture: Mapped[str | None] = mapped_column(String(200))
    # Its place among all publications, once it was published.
    published_seq: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (is_one_of("state", STATES), CheckConstraint("price_minor >= 0", name="price"))


class Policy(Model):
    """How a business wants its content reviewed."""

    __tablename__ = "policies"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    allow_self_approval: Mapped[bool] = mapped_column(default=False)
    skip_review: Mapped[list[str]] = mapped_column(JSON, default=list)
    reserve_live_deletion: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
