"""Whose conversations: an account's, or those of whoever holds the secret that an anonymous shopper was given."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false

from chat_service.models import Conversation
from servicekit.auth import Actor

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
