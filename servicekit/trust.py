"""What a service believes about keys and revocations: kept in its own database, read at most once a second."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from joserfc.jwk import ECKey
from sqlalchemy import JSON, String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from servicekit.auth import Revoked
from servicekit.database import Database, Id, Timestamp, now
from servicekit.neighbours import Neighbour
from servicekit.problems import Unavailable, reason

log = structlog.get_logger(__name__)

READ_SECONDS = 1.0
UNKNOWN_KEY_SECONDS = 5.0
UNKNOWN_KEY_READ_SECONDS = 0.1
UNKNOWN_KEY_WAIT_SECONDS = 1.0


class RevocationColumns:
    """Kinds: `session` (subject is the session's id), `user` (smallest token version still good), `business`."""

    __tablename__ = "revocations"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        return (UniqueConstraint("kind", "subject"),)


class TrustedKeyColumns:
    """auth-service's public keys as last seen (RFC 7517)."""

    __tablename__ = "trusted_keys"
    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSON)


class Trust:
    """Snapshot of keys and revocations; when the database does not answer, the last one stays in force."""

    def __init__(
        self,
        db: Database,
        revocation: Any,
        load_jwks: Callable[[Any], Mapping[str, dict[str, Any]]],
        fetch: Callable[[], None] | None = None,
    ) -> None:
        self._db = db
        self._revocation = revocation
        self._load_jwks = load_jwks
        self._fetch = fetch
        self._revoked = Revoked()
        self._jwks: Mapping[str, dict[str, Any]] = {}
        self._keys: dict[str, EllipticCurvePublicKey] = {}
        self._read_at = float("-inf")
        self._fetched_at = float("-inf")
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    def revoked(self) -> Revoked:
        self._refresh()
        return self._revoked

    def find(self, kid: str) -> EllipticCurvePublicKey | None:
        """The public key of that id.

        For an unknown one the database is read again, at most ten times a second, since a key may have been made a
        moment ago; auth-service is asked at most once in five seconds.
        """
        self._refresh()
        if kid not in self._keys and time.monotonic() - self._read_at >= UNKNOWN_KEY_READ_SECONDS:
            self._refresh(at_once=True)
        if kid not in self._keys and self._fetch and self._asking.acquire(timeout=UNKNOWN_KEY_WAIT_SECONDS):
            try:
                self._ask_for(kid, self._fetch)
            finally:
                self._asking.release()
        return self._keys.get(kid)

    def _ask_for(self, kid: str, fetch: Callable[[], None]) -> None:
        """Fetches the published keys, unless that has just been done; others with the same new key wait meanwhile."""
        if kid in self._keys or time.monotonic() - self._fetched_at <= UNKNOWN_KEY_SECONDS:
            return
        try:
            fetch()
        except Unavailable:
            log.warning("auth-service's keys cannot be read")
        self._fetched_at = time.monotonic()
        self._refresh(at_once=True)

    def _refresh(self, at_once: bool = False) -> None:
        if not at_once and time.monotonic() - self._read_at < READ_SECONDS:
            return
        with self._lock:
            if not at_once and time.monotonic() - self._read_at < READ_SECONDS:
                return
            try:
                self._read()
            except Exception as error:
                log.error("revocations cannot be read, the last known stay in force", error=reason(error))
            self._read_at = time.monotonic()

    def _read(self) -> None:
        table = self._revocation.__table__
        with self._db.reading() as connection:
            rows = connection.execute(select(table.c.kind, table.c.subject, table.c.version)).all()
            jwks = self._load_jwks(connection)
        if jwks != self._jwks:
            self._keys = {kid: _public_key(jwk) for kid, jwk in jwks.items()}
            self._jwks = jwks
        self._revoked = Revoked(
            sessions=frozenset(row.subject for row in rows if row.kind == "session"),
            users={int(row.subject): row.version for row in rows if row.kind == "user"},
            businesses=frozenset(int(row.subject) for row in rows if row.kind == "business"),
        )


def _public_key(jwk: dict[str, Any]) -> EllipticCurvePublicKey:
    return ECKey.import_key(jwk).public_key


class RemoteKeys:
    """auth-service's published keys, copied into the service's own database so that they outlive a restart."""

    def __init__(self, db: Database, model: Any, auth: Neighbour) -> None:
        self._db = db
        self._table = model.__table__
        self._auth = auth

    def load(self, connection: Any) -> dict[str, dict[str, Any]]:
        return {row.kid: row.jwk for row in connection.execute(select(self._table.c.kid, self._table.c.jwk))}

    def fetch(self) -> None:
        """Replaces the stored keys by the published ones; Unavailable when auth-service does not answer."""
        answer = self._auth.get("/.well-known/jwks.json")
        keys = {key["kid"]: key for key in answer["keys"]}
        with self._db.reading() as connection:
            if self.load(connection) == keys:
                return
        with self._db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            connection.execute(delete(self._table))
            connection.execute(insert(self._table), [{"kid": kid, "jwk": key} for kid, key in keys.items()])


def revoke(session: Any, model: Any, kind: str, subject: object, version: int = 0, lifetime: int | None = None) -> None:
    """Writes a revocation, keeping the highest version; `lifetime` in seconds is when all it covers has expired."""
    row = session.scalar(select(model).filter_by(kind=kind, subject=str(subject)))
    if row is None:
        row = model(kind=kind, subject=str(subject), version=version)
        session.add(row)
    row.version = max(row.version, version)
    row.expires_at = None if lifetime is None else now() + timedelta(seconds=lifetime)
    session.flush()


def restore(session: Any, model: Any, kind: str, subject: object) -> None:
    """Takes a revocation back."""
    session.execute(delete(model).filter_by(kind=kind, subject=str(subject)))


def prune(session: Any, model: Any) -> None:
    """Forgets revocations whose tokens have all expired."""
    session.execute(delete(model).where(model.expires_at < now()))


def handlers(model: Any, lifetime: int) -> dict[str, Callable[[Any, dict[str, Any]], None]]:
    """What auth-service's changes revoke here; `lifetime` is an access token's, in seconds."""

    def sessions(session: Any, data: dict[str, Any]) -> None:
        for sid in data["session_ids"]:
            revoke(session, model, "session", sid, lifetime=lifetime)

    def user(session: Any, data: dict[str, Any]) -> None:
        revoke(session, model, "user", data["user_id"], data["token_version"], lifetime)

    def suspended(session: Any, data: dict[str, Any]) -> None:
        revoke(session, model, "business", data["business_id"])

    def restored(session: Any, data: dict[str, Any]) -> None:
        restore(session, model, "business", data["business_id"])

    return {
        "session.revoked": sessions,
        "user.changed": user,
        "user.deleted": user,
        "business.suspended": suspended,
        "business.restored": restored,
        "business.deleted": suspended,
    }
