"""What every kind of vetted content has: a working row that says where it stands, and revisions that say what it says."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicekit.database import Id, Timestamp, now

STATUSES = ("draft", "pending_approval", "approved", "rejected")
STATES = (*STATUSES, "withdrawn")


def is_one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    """The constraint that a column of this name has one of these values."""
    return CheckConstraint("{} IN ({})".format(name, ", ".join(f"'{value}'" for value in values)), name=name)


class WorkingColumns:
    """Its identity and where it stands; what it says is in its revisions."""

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(16), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    live_version: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(BigInteger)
    # Who wrote since the last approval, and who wrote what is live: none of them may approve it.
    contributors: Mapped[list[int]] = mapped_column(JSON, default=list)
    live_contributors: Mapped[list[int]] = mapped_column(JSON, default=list)
    # Raised by every change of the row; its entity tag.
    edition: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(Timestamp)


class RevisionColumns:
    """A full snapshot. What it says never changes, as triggers of its table see to; only its state does."""

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(BigInteger)
    contributors: Mapped[list[int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None] = mapped_column(Timestamp)
    self_approved: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
