"""The log of decisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from servicekit.database import Id, Timestamp, now


class Decision(Model):
    """An entry of a business's log: never changed, never deleted, each naming the one before it by hash."""

    __tablename__ = "decisions"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Timestamp)
    action: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    # Of other content than products, whose entries say in `details` what they are about; see decisions.about.
    kind: Mapped[str | None] = mapped_column(String(16))
    content_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_decisions_product_id_seq", "product_id", "seq"),
        Index("ix_decisions_kind_content_id_seq", "kind", "content_id", "seq",
              sqlite_where=text("kind IS NOT NULL"), postgresql_where=text("kind IS NOT NULL")),
    )  # fmt: skip


class DecisionHead(Model):
    """The last entry of each business's log; its lock orders the writers."""

    __tablename__ = "decision_heads"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class DecisionAnchor(Model):
    """A head as it was at some time, kept and logged so that a log cut short is noticed."""

    __tablename__ = "decision_anchors"
    business_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Timestamp, default=now)
