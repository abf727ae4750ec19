"""The tables of chat-service."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from servicekit import feeds, trust
from servicekit.database import Database, Id, Timestamp, metadata, now


class Base(DeclarativeBase):
    metadata = metadata()


db = Database(Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Conversation(Model):
    """Turns with one owner: an account, or whoever holds the secret whose SHA-256 is kept here.

    `context` is what a follow-up question leans on: the last plan and the products last named.
    """

    __tablename__ = "conversations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    business_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(80))
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now, index=True)

    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (secret_hash IS NULL)", name="one_owner"),
        Index("ix_conversations_user_id_id", "user_id", "id"),
        Index("ix_conversations_secret_hash_id", "secret_hash", "id"),
    )


class Message(Model):
    """One turn: a question and the answer that was given. `fallback` says why the model did not answer."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    user_message: Mapped[str] = mapped_column(Text)
    ai_response: Mapped[str] = mapped_column(Text)
    statements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    products: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mode: Mapped[str] = mapped_column(String(16))
    fallback: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)

    conversation: Mapped[Conversation] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("mode IN ('builtin', 'model')", name="mode"),
        Index("ix_messages_conversation_id_id", "conversation_id", "id"),
    )


class Claim(Model):
    """One thing an answer said, and where it came from: a product's revision, or a catalogue query."""

    __tablename__ = "claims"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None]
    field: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)
    query: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Spending(Model):
    """What one conversation, address, business or the whole service used of its budget on one day (UTC)."""

    __tablename__ = "spendings"
    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    turns: Mapped[int] = mapped_column(BigInteger, default=0)
    tokens: Mapped[int] = mapped_column(BigInteger, default=0)


class Usage(Model):
    """Sums per day (UTC), business (0 for shoppers of none) and mode; no text and no person."""

    __tablename__ = "usage"
    day: Mapped[date] = mapped_column(primary_key=True)
    business_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    messages: Mapped[int] = mapped_column(BigInteger, default=0)
    fallbacks: Mapped[int] = mapped_column(BigInteger, default=0)
    corrections: Mapped[int] = mapped_column(BigInteger, default=0)
    prompt_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    completion_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    milliseconds: Mapped[int] = mapped_column(BigInteger, default=0)
    cost_micros: Mapped[int] = mapped_column(BigInteger, default=0)


class FeedCursor(feeds.CursorColumns, Model):
    pass


class Revocation(trust.RevocationColumns, Model):
    pass


class TrustedKey(trust.TrustedKeyColumns, Model):
    pass
