"""A write with an Idempotency-Key happens once; its answer is stored with it, in the same transaction."""

import json
import zlib
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from catalog_service.models import IdempotencyKey
from servicekit.database import now
from servicekit.problems import Conflict, Invalid

LIFETIME = timedelta(hours=24)
MAX_LENGTH = 255


def fingerprint(method: str, path: str, body: Any) -> str:
    """What makes two requests the same request; `body` is parsed JSON, however it was written."""
    canonical = json.dumps([method, path, body], sort_keys=True, separators=(",", ":"), default=_number)
    return sha256(canonical.encode()).hexdigest()


def _number(value: Decimal) -> Any:
    """A number by its value: 20.0 is 20, and 1.50 is 1.5."""
    if value == value.to_integral_value():
        return int(value)
    return {"number": format(value, "f").rstrip("0")}


def claim(session: Session, user_id: int, key: str, mark: str) -> IdempotencyKey | None:
    """The stored answer to replay, or None: then the write is this transaction's to do.

    Conflict while another one with this key runs; Invalid when the key was used for another request.
    """
    if not (0 < len(key) <= MAX_LENGTH and key.isascii() and key.isprintable()):
        raise Invalid(fields={"Idempotency-Key": f"must be 1 to {MAX_LENGTH} printable ASCII characters"})
    if session.get_bind().dialect.name == "postgresql":
        # On SQLite one writer runs at a time already.
        lock = text("SELECT pg_try_advisory_xact_lock(:user, :key)")
        number = zlib.crc32(key.encode()) - 2**31
        if not session.scalar(lock, {"user": user_id % 2**31, "key": number}):
            raise Conflict("a request with this Idempotency-Key is being answered", code="in_progress")
    found = session.get(IdempotencyKey, (user_id, key))
    if found is not None and found.created_at < now() - LIFETIME:
        session.delete(found)
        session.flush()
        found = None
    if found is not None and found.fingerprint != mark:
        raise Invalid("this Idempotency-Key was used for another request", code="key_reused")
    return found


def keep(session: Session, user_id: int, key: str, mark: str, answer: dict[str, Any]) -> None:
    """Stores the answer (status, headers, body) for 24 hours."""
    session.add(IdempotencyKey(user_id=user_id, key=key, fingerprint=mark, **answer))
    session.flush()


def prune(session: Session) -> None:
    """Forgets answers older than 24 hours."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - LIFETIME))
