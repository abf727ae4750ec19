"""The feed of account changes: what other services need to know, and what it revokes here."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from auth_service.models import Business, Event, FeedHead, Revocation, User
from servicekit import trust
from servicekit.database import at_the_end
from servicekit.feeds import Feed

feed = Feed(Event, FeedHead)


def publish(session: Session, kind: str, data: dict[str, Any]) -> None:
    """Appends the change to the feed and puts what it revokes in force here, as the last acts of the transaction.

    Both wait for the feed's head, which every writer needs: whoever has it waits for nobody any more.
    """
    lifetime = current_app.config["SETTINGS"].access_token_seconds

    def tell() -> None:
        feed.append(session, kind, data)
        handler = trust.handlers(Revocation, lifetime).get(kind)
        if handler:
            handler(session, data)

    at_the_end(session, tell)


def business(session: Session, kind: str, row: Business) -> None:
    """business.created, .renamed, .suspended, .restored or .deleted."""
    publish(session, f"business.{kind}", {"business_id": row.id, "name": row.name})


def user(session: Session, kind: str, row: User) -> None:
    """user.created, .changed or .deleted; tokens below `token_version` no longer hold."""
    data = {
        "user_id": row.id,
        "business_id": row.business_id,
        "username": row.username,
        "name": row.name,
        "role": row.role,
        "is_active": row.is_active,
        "token_version": row.token_version,
        "controllers": sorted(row.controllers),
    }
    publish(session, f"user.{kind}", data)


def sessions_revoked(session: Session, ids: Iterable[str]) -> None:
    """These sessions ended; nothing is published when there are none."""
    found = list(ids)
    if found:
        publish(session, "session.revoked", {"session_ids": found})
