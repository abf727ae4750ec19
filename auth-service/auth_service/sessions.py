"""Sessions: started at login, carried by rotating refresh tokens, ended once and everywhere."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app, g
from flask_jwt_extended import create_access_token
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, delete, select

from auth_service import audit, events, keys, locking
from auth_service.models import Session, User, db
from servicekit import paging
from servicekit.auth import TOKEN_TYPE, Actor
from servicekit.database import now
from servicekit.problems import NotFound, Unauthorized

log = structlog.get_logger(__name__)

RACE_SECONDS = 10


def start(user: User, device: str) -> Session:
    """A new session of an active user."""
    lifetime = timedelta(days=current_app.config["SETTINGS"].refresh_token_days)
    session = Session(
        id=secrets.token_hex(16),
        user_id=user.id,
        user=user,
        device=device[:256],
        address=g.get("address", ""),
        expires_at=now() + lifetime,
    )
    db.session.add(session)
    db.session.flush()
    return session


def access_token(session: Session) -> str:
    """The session's access token."""
    return sign(session.user, session.id, current_app.config["SETTINGS"].access_token_seconds)


def sign(user: User, session_id: str, seconds: int, **more: Any) -> str:
    """An ES256 access token (RFC 9068) that says who, which business, which role and which session."""
    # Chosen once: the header names the key that signs, even while keys are being rotated.
    g.signing_kid, g.signing_key = keys.signing()
    return str(
        create_access_token(
            identity=str(user.id),
            additional_claims={
                "business_id": user.business_id,
                "role": user.role,
                "sid": session_id,
                "ver": user.token_version,
                **more,
            },
            additional_headers={"typ": TOKEN_TYPE, "kid": g.signing_kid},
            expires_delta=timedelta(seconds=seconds),
        )
    )


def refresh_token(session: Session) -> str:
    """The one refresh token of the session's present generation; signed, so that none needs to be stored."""
    return str(_serializer().dumps([session.id, session.generation]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].key_passphrase.get_secret_value(), salt="refresh-token")


def session_id(token: str) -> str:
    """Which session a refresh token belongs to; Unauthorized for what is none."""
    return _read(token)[0]


def _read(token: str) -> tuple[str, int]:
    try:
        found, generation = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise Unauthorized("the refresh token is not valid", invalid_token=True) from None
    return str(found), int(generation)


def csrf_token(session_id: str) -> str:
    """What a cookie session's requests must repeat: the session's id under a signature of its own."""
    secret = current_app.config["SETTINGS"].key_passphrase.get_secret_value()
    return str(URLSafeSerializer(secret, salt="csrf-token").dumps(session_id))


def refresh(token: str) -> Session | None:
    """Rotates the session that the token belongs to.

    None when a used token came back later than a race explains: the caller must then have the session ended by
    `replayed` before refusing (RFC 9700 section 4.14.2). Unauthorized for anything else.
    """
    session_id, generation = _read(token)
    session = db.session.scalar(
        select(Session).where(Session.id == session_id).with_for_update(of=Session, key_share=True)
    )
    if session is None or session.ended_at or session.expires_at <= now() or not can_sign_in(session.user):
        raise Unauthorized("the refresh token is no longer valid", invalid_token=True)
    if generation == session.generation:
        session.generation += 1
        session.rotated_at = now()
        return session
    racing = now() - session.rotated_at < timedelta(seconds=RACE_SECONDS)
    return session if generation == session.generation - 1 and racing else None


def replayed(token: str) -> None:
    """Ends the session of a refresh token that was used before; in a transaction of its own, which locks in order."""
    found = db.session.get(Session, session_id(token))
    if found is None:
        return
    locking.user(found.user.business_id, found.user_id)
    session = db.session.scalar(_open(found.id))
    if session:
        log.warning("used refresh token came back, session ended", session_id=session.id, user_id=session.user_id)
        audit.record("session.replayed", session.user.business_id, session.user_id, f"session:{session.id}")
        end(session)


def _open(session_id: str) -> Select[tuple[Session]]:
    """A session that has not ended, locked."""
    query = select(Session).where(Session.id == session_id, Session.ended_at.is_(None))
    return query.with_for_update(of=Session, key_share=True).execution_options(populate_existing=True)


def can_sign_in(user: User) -> bool:
    """Whether the account and its business are in use."""
    return user.is_active and user.deleted_at is None and (user.business is None or user.business.status == "active")


def page(actor: Actor, cursor: str | None, size: int) -> tuple[Sequence[Session], str | None]:
    """The caller's own sessions that still hold, newest first, and the cursor of the next page."""
    order = [paging.Key(Session.created_at, True, datetime), paging.Key(Session.id, True, str)]
    query = paging.page(_own(actor).where(Session.expires_at > now()), order, cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "created_at", "id")


def _own(actor: Actor) -> Select[tuple[Session]]:
    return select(Session).where(Session.user_id == actor.id, Session.ended_at.is_(None))


def revoke(actor: Actor, session_id: str) -> None:
    """Ends one of the caller's own sessions; NotFound for any other, and for one that ended before."""
    locking.user(actor.business_id, actor.id)
    session = db.session.scalar(_open(session_id).where(Session.user_id == actor.id))
    if session is None:
        raise NotFound("session")
    audit.record("session.revoked", actor.business_id, actor.id, f"session:{session.id}")
    end(session)


def end(session: Session) -> None:
    """Ends one session; its tokens are refused everywhere within seconds."""
    if session.ended_at is None:
        session.ended_at = now()
        events.sessions_revoked(db.session(), [session.id])


def end_all(user: User, keep: str | None = None) -> None:
    """Ends all sessions of a user but the one to keep."""
    query = select(Session).where(Session.user_id == user.id, Session.ended_at.is_(None)).order_by(Session.id)
    found = db.session.scalars(query.with_for_update(of=Session, key_share=True)).all()
    ending = [session for session in found if session.id != keep]
    for session in ending:
        session.ended_at = now()
    events.sessions_revoked(db.session(), [session.id for session in ending])


def end_own(actor: Actor) -> None:
    """Ends the session that the caller's token belongs to."""
    session = db.session.scalar(_open(actor.session_id).where(Session.user_id == actor.id))
    if session is not None:
        end(session)


def known_address(user_id: int, address: str) -> bool:
    """Whether the account has signed in from there in the last month."""
    query = select(Session.id).where(
        Session.user_id == user_id, Session.address == address, Session.created_at > now() - timedelta(days=30)
    )
    return db.session.scalar(query.limit(1)) is not None


def prune() -> None:
    """Forgets sessions that ended or expired a month ago, but those that somebody is using just now."""
    past = now() - timedelta(days=30)
    old = select(Session.id).where((Session.ended_at < past) | (Session.expires_at < past))
    old = old.with_for_update(skip_locked=True)
    db.session.execute(delete(Session).where(Session.id.in_(old)).execution_options(synchronize_session=False))
