"""Whose conversations: an account's, or those of whoever holds the secret that an anonymous shopper was given."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from chat_service.models import Conversation, Revocation
from servicekit import locks
from servicekit.auth import Actor
from servicekit.problems import Unauthorized

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Owner:
    """Exactly one of account and secret, or neither for a shopper who has not asked anything yet."""

    actor: Actor | None = None
    secret: str | None = None

    @property
    def user_id(self) -> int | None:
        return self.actor.id if self.actor else None

    @property
    def business_id(self) -> int | None:
        return self.actor.business_id if self.actor else None

    @property
    def columns(self) -> dict[str, Any]:
        """What a conversation of this owner stores."""
        if self.actor:
            return {"user_id": self.actor.id, "business_id": self.actor.business_id}
        return {"secret_hash": hashed(self.secret or "")}

    @property
    def condition(self) -> ColumnElement[bool]:
        """The rows of this owner; none for a shopper without a secret."""
        if self.actor:
            return Conversation.user_id == self.actor.id
        return Conversation.secret_hash == hashed(self.secret) if self.secret else false()


def hashed(secret: str) -> str:
    """SHA-256; the secret has 256 random bits, so that a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hold(session: Session, actor: Actor) -> None:
    """For whoever stores something of the account: its erasure waits for the commit. Unauthorized when it was erased."""
    locks.names(session, _name(actor.business_id), shared=True)
    user = (Revocation.kind == "user") & (Revocation.subject == str(actor.id)) & (Revocation.version > actor.version)
    business = (Revocation.kind == "business") & (Revocation.subject == str(actor.business_id))
    if session.scalar(select(Revocation.id).where(user | business).limit(1)):
        raise Unauthorized("the token is no longer valid", invalid_token=True)


def let_go(session: Session, business_id: int | None) -> None:
    """For whoever erases what the business or one of its people stored: waits for those who are storing."""
    locks.names(session, _name(business_id))


def _name(business_id: int | None) -> str:
    # One name an account: with two, of which an erasure takes one after the other, both would wait in a circle.
    return f"accounts of {business_id}"
