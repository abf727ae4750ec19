"""What a service believes about keys and revocations: kept in its own database, read at most once a second."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from joserfc.jwk import ECKey
from sqlalchemy import JSON, String, UniqueConstraint, case, delete, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from servicekit import locks
from servicekit.auth import Revoked
from servicekit.database import Database, Id, Timestamp, insert, now
from servicekit.neighbours import Neighbour
from servicekit.problems import Unavailable, reason

log = structlog.get_logger(__name__)

READ_SECONDS = 1.0
UNKNOWN_KEY_SECONDS = 5.0
UNKNOWN_KEY_READ_SECONDS = 0.1
UNKNOWN_KEY_WAIT_SECONDS = 1.0
FETCHES = 3


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
        self._unread = self._unstored = False
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    def revoked(self) -> Revoked:
        self._refresh()
        return self._revoked

    def find(self, kid: str) -> EllipticCurvePublicKey | None:
        """The public key of that id; Unavailable while the database does not let us find out.

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
        found = self._keys.get(kid)
        if found is None and (self._unread or self._unstored):
            raise Unavailable("the keys of tokens cannot be read, try again in a moment")
        return found

    def _ask_for(self, kid: str, fetch: Callable[[], None]) -> None:
        """Fetches the published keys, unless that has just been done; others with the same new key wait meanwhile."""
        if kid in self._keys or time.monotonic() - self._fetched_at <= UNKNOWN_KEY_SECONDS:
            return
        try:
            fetch()
            self._unstored = False
        except Unavailable:
            log.warning("auth-service's keys cannot be read")
        except SQLAlchemyError as error:
            self._unstored = True
            log.error("auth-service's keys cannot be stored", error=reason(error))
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
                self._unread = False
            except Exception as error:
                self._unread = True
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
        self._model, self._table = model, model.__table__
        self._auth = auth

    def load(self, connection: Any) -> dict[str, dict[str, Any]]:
        return {row.kid: row.jwk for row in connection.execute(select(self._table.c.kid, self._table.c.jwk))}

    def fetch(self) -> None:
        """Replaces the stored keys by the published ones; Unavailable when auth-service does not answer.

        Processes of a service fetch at once: what one stored after another had asked is not replaced by what that other
        was answered, it asks again.
        """
        for _ in range(FETCHES):
            with self._db.reading() as connection:
                known = self.load(connection)
            answer = self._auth.get("/.well-known/jwks.json")
            keys = {key["kid"]: key for key in answer["keys"]}
            if keys == known or self._replace(known, keys):
                return
        raise Unavailable("auth-service's keys change too often")

    def _replace(self, known: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
        """Stores the keys and forgets all others; False, and nothing is written, when others than `known` are stored."""
        with self._db.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            locks.table(connection, self._model)
            if self.load(connection) != known:
                return False
            connection.execute(delete(self._table).where(self._table.c.kid.not_in(keys)))
            upsert = insert(connection, self._table)
            upsert = upsert.on_conflict_do_update(index_elements=["kid"], set_={"jwk": upsert.excluded.jwk})
            connection.execute(upsert, [{"kid": kid, "jwk": key} for kid, key in sorted(keys.items())])
        return True


def revoke(session: Any, model: Any, kind: str, subject: object, version: int = 0, lifetime: int | None = None) -> None:
    """Writes a revocation, keeping the highest version and the later end.

    `lifetime` in seconds is when all it covers has expired; None is never.
    """
    table = model.__table__
    expires_at = None if lifetime is None else now() + timedelta(seconds=lifetime)
    new = insert(session, table).values(kind=kind, subject=str(subject), version=version, expires_at=expires_at)
    known, given = table.c, new.excluded
    later = case(
        (or_(known.expires_at.is_(None), given.expires_at.is_(None)), None),
        (known.expires_at > given.expires_at, known.expires_at),
        else_=given.expires_at,
    )
    higher = case((known.version > given.version, known.version), else_=given.version)
    session.execute(
        new.on_conflict_do_update(index_elements=["kind", "subject"], set_={"version": higher, "expires_at": later})
    )


def restore(session: Any, model: Any, kind: str, subject: object) -> None:
    """Takes a revocation back."""
    session.execute(delete(model).filter_by(kind=kind, subject=str(subject)))


def prune(session: Any, model: Any) -> None:
    """Forgets revocations whose tokens have all expired, but those that are being written just now."""
    expired = select(model.id).where(model.expires_at < now()).with_for_update(skip_locked=True)
    session.execute(delete(model).where(model.id.in_(expired)).execution_options(synchronize_session=False))


def handlers(model: Any, lifetime: int) -> dict[str, Callable[[Any, dict[str, Any]], None]]:
    """What auth-service's changes revoke here; `lifetime` is an access token's, in seconds."""

    def sessions(session: Any, data: dict[str, Any]) -> None:
        for sid in sorted(data["session_ids"]):
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
