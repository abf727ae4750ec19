"""The tables of auth-service."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auth_service.models.base import Model, db
from auth_service.models.mail import EmailChange, Mail, PasswordReset, Registration
from servicekit import feeds, trust
from servicekit.database import Id, Timestamp, now

__all__ = ["EmailChange", "Mail", "PasswordReset", "Registration", "db"]


class Business(Model):
    """A tenant."""

    __tablename__ = "businesses"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    # Unique by spelling and by looks (servicekit/texts.py).
    name_key: Mapped[str] = mapped_column(String(400), unique=True)
    name_skeleton: Mapped[str | None] = mapped_column(String(255), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="active")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)

    __table_args__ = (CheckConstraint("status IN ('active', 'suspended', 'deleted')", name="status"),)


class User(Model):
    """A person; of one business, or of none for the platform's operators."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"), index=True)
    username: Mapped[str] = mapped_column(String(255))
    username_key: Mapped[str] = mapped_column(String(300), unique=True)
    username_skeleton: Mapped[str | None] = mapped_column(String(255), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(508), index=True)
    # Whether a code that was mailed there came back. Until then the address is a claim, which several accounts may make.
    email_confirmed: Mapped[bool] = mapped_column(default=False, server_default=true())
    first_name: Mapped[str] = mapped_column(String(255), default="")
    last_name: Mapped[str] = mapped_column(String(255), default="")
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    # Who else can act through the account, by id: who chose its password, or made or replaced its secret.
    controllers: Mapped[list[int]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    # Raised when what a token says about its owner stops being true; older tokens are then refused.
    token_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    updated_at: Mapped[datetime] = mapped_column(Timestamp, default=now, onupdate=now)
    deleted_at: Mapped[datetime | None] = mapped_column(Timestamp)

    business: Mapped[Business | None] = relationship(lazy="joined", innerjoin=False)

    __table_args__ = (
        CheckConstraint("(role = 'operator') = (business_id IS NULL)", name="operator_has_no_business"),
        Index(
            "uq_users_email_key",
            "email_key",
            unique=True,
            sqlite_where=text("email_confirmed = 1"),
            postgresql_where=text("email_confirmed"),
        ),
    )

    @property
    def name(self) -> str:
        """How others see the person."""
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def business_name(self) -> str | None:
        return self.business.name if self.business else None


class Session(Model):
    """One login on one device; `generation` counts its refresh tokens."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    generation: Mapped[int] = mapped_column(default=1)
    device: Mapped[str] = mapped_column(String(256), default="")
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    rotated_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (Index("ix_sessions_user_id_ended_at", "user_id", "ended_at"),)


class Invitation(Model):
    """A place in a business for whoever brings the code."""

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(508))
    role: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Else whoever invited has seen it, and it says nothing about the address.
    code_mailed: Mapped[bool] = mapped_column(default=False, server_default=false())
    invited_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    accepted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # The mail server refused the address for good.
    refused_at: Mapped[datetime | None] = mapped_column(Timestamp)

    business: Mapped[Business] = relationship(lazy="joined", innerjoin=True)

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        if self.refused_at:
            return "undeliverable"
        return "open" if self.expires_at > now() else "expired"


class ServiceAccount(Model):
    """A partner's program. It acts as a user of its own (role `service`), so that what it makes has an author."""

    __tablename__ = "service_accounts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(32), unique=True)
    scopes: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    deleted_at: Mapped[datetime | None] = mapped_column(Timestamp)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True, foreign_keys=[user_id])
    secrets: Mapped[list["ServiceSecret"]] = relationship(lazy="selectin", order_by="ServiceSecret.id")

    @property
    def name(self) -> str:
        return self.user.name


class ServiceSecret(Model):
    """A secret of a service account, as its hash; two may overlap while one replaces the other."""

    __tablename__ = "service_secrets"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("service_accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class AuditEntry(Model):
    """One act. `target` names what it was done to as kind:id; rows are added and read, never changed."""

    __tablename__ = "audit_entries"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    act: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index("ix_audit_entries_business_id_id", "business_id", "id"),)


class SigningKey(Model):
    """A key pair; the private half is encrypted with KEY_PASSPHRASE. States: next, current, retired."""

    __tablename__ = "signing_keys"
    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    private_pem: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Timestamp, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("state IN ('next', 'current', 'retired')", name="state"),
        Index(
            "uq_signing_keys_state",
            "state",
            unique=True,
            sqlite_where=text("state <> 'retired'"),
            postgresql_where=text("state <> 'retired'"),
        ),
    )


class Event(feeds.EventColumns, Model):
    pass


class FeedHead(feeds.FeedHeadColumns, Model):
    pass


class Revocation(trust.RevocationColumns, Model):
    pass
