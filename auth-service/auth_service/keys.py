"""Signing keys: made here, kept encrypted, published as JWKS (RFC 7517), rotated without refusing anybody."""

import math
from datetime import timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from flask import current_app
from joserfc.jwk import ECKey
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from auth_service import audit
from auth_service.models import SigningKey, db
from servicekit import locks
from servicekit.database import connection_of, now
from servicekit.problems import Conflict

# Longer than any verifier takes to learn of a published key (services five seconds and one, the gateway as long).
PUBLISHED_SECONDS = 30


def _passphrase() -> bytes:
    secret: str = current_app.config["SETTINGS"].key_passphrase.get_secret_value()
    return secret.encode()


def create(session: Session, state: str) -> SigningKey:
    """A new P-256 key pair, named by its RFC 7638 thumbprint."""
    pair = ECKey.generate_key("P-256", auto_kid=True)
    private = pair.private_key
    assert private is not None
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_passphrase()))
    jwk = {**pair.as_dict(private=False), "use": "sig", "alg": "ES256"}
    key = SigningKey(kid=str(pair.kid), jwk=jwk, private_pem=pem.decode(), state=state)
    session.add(key)
    session.flush()
    return key


def ensure(session: Session) -> None:
    """Makes the current and the next key where there is none, as at the first start."""
    locks.table(connection_of(session), SigningKey)
    states = set(session.scalars(select(SigningKey.state)))
    for state in ("current", "next"):
        if state not in states:
            create(session, state)


def rotate(session: Session) -> SigningKey:
    """The next key, published long ago, becomes current; the old one stays published while its tokens live.

    Conflict when the next key is so new that somebody may not know it yet.
    """
    ensure(session)
    following = session.scalars(select(SigningKey).filter_by(state="next").order_by(SigningKey.created_at)).one()
    wait = math.ceil(PUBLISHED_SECONDS - (now() - following.created_at).total_seconds())
    if wait > 0:
        raise Conflict(f"the next key was published a moment ago; rotate again in {wait} seconds")
    session.execute(update(SigningKey).filter_by(state="current").values(state="retired", retired_at=now()))
    following.state = "current"
    session.flush()
    create(session, "next")
    audit.record("keys.rotated", None, None, f"key:{following.kid}")
    return following


def replace(session: Session) -> SigningKey:
    """In an emergency: all keys are withdrawn at once, with every access token that they signed; new ones are made.

    Sessions go on: their refresh tokens are not signed with these keys, and get new access tokens.
    """
    locks.table(connection_of(session), SigningKey)
    session.execute(delete(SigningKey))
    following = create(session, "current")
    create(session, "next")
    audit.record("keys.replaced", None, None, f"key:{following.kid}")
    return following


def prune(session: Session, lifetime: int) -> None:
    """Forgets retired keys whose tokens have all expired; `lifetime` of a token in seconds."""
    past = now() - timedelta(seconds=lifetime + 60)
    session.execute(delete(SigningKey).where(SigningKey.state == "retired", SigningKey.retired_at < past))


def published() -> list[dict[str, Any]]:
    """The public keys that a verifier needs: current, next and recently retired."""
    with db.reading() as connection:
        table = SigningKey.__table__
        return list(connection.scalars(select(table.c.jwk).order_by(table.c.created_at)))


def load(connection: Any) -> dict[str, dict[str, Any]]:
    table = SigningKey.__table__
    return {row.kid: row.jwk for row in connection.execute(select(table.c.kid, table.c.jwk))}


def signing() -> tuple[str, EllipticCurvePrivateKey]:
    """The current key's id and its private half, which stays in this process's memory."""
    with db.reading() as connection:
        table = SigningKey.__table__
        row = connection.execute(select(table.c.kid, table.c.private_pem).where(table.c.state == "current")).one()
    return row.kid, _decrypt(row.private_pem, _passphrase())


@lru_cache(maxsize=8)
def _decrypt(pem: str, passphrase: bytes) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), passphrase)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key
