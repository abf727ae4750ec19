"""What goes by mail: requests that wait for a code, and the mails themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from auth_service.models.base import Model
from servicekit.database import Id, Timestamp, now


class Mail(Model):
    """A mail that has not left yet; what it says is written when it leaves. The row goes with it.

    A worker that takes it puts `due_at` off for as long as it may need: one that dies leaves it to the next.
    """

    __tablename__ = "mails"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(Id)
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    due_at: Mapped[datetime] = mapped_column(Timestamp, default=now)

    __table_args__ = (Index("ix_mails_due_at", "due_at"),)


class PasswordReset(Model):
    """Somebody asked to reset the password of this address; the code's hash comes with the mail."""

    __tablename__ = "password_resets"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email_key: Mapped[str] = mapped_column(String(508))
    request_address: Mapped[str] = mapped_column(String(45), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    # When a worker last made a code for it, to be mailed at once.
    taken_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Registration(Model):
    """Somebody wants to register with this address; it becomes a business and its admin with the mailed code."""

    __tablename__ = "registrations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_name: Mapped[str] = mapped_column(String(255))
    username: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(508), index=True)
    first_name: Mapped[str] = mapped_column(String(255), default="")
    last_name: Mapped[str] = mapped_column(String(255), default="")
    password_hash: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class EmailChange(Model):
    """A person wants another address; it is theirs with the code that is mailed there."""

    __tablename__ = "email_changes"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    # The address that the account had before, once it has changed: it is told.
    old_email: Mapped[str | None] = mapped_column(String(254))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)
