"""What a repeated write is answered with."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalog_service.models.base import Model
from servicekit.database import Id, Timestamp, now


class IdempotencyKey(Model):
    """The answer to a write that carried an Idempotency-Key; no answer yet while it runs."""

    __tablename__ = "idempotency_keys"
    user_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now, index=True)
