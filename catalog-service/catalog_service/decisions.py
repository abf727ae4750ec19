"""The log: append-only, each business's entries chained by hash over canonical content."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog_service.models import Decision, DecisionHead
from servicekit.api import rfc3339
from servicekit.database import now

FIELDS = ("business_id", "seq", "at", "action", "actor_id", "product_id", "version", "content_hash", "comment",
          "details", "previous")  # fmt: skip


def canonical(entry: dict[str, Any]) -> bytes:
    """What is hashed: the entry's fields as JSON, sorted, without white space, in UTF-8."""
    fields = {name: entry[name] for name in FIELDS}
    if isinstance(fields["at"], datetime):
        fields["at"] = rfc3339(fields["at"])
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def digest(entry: dict[str, Any]) -> str:
    return sha256(canonical(entry)).hexdigest()


def record(
    session: Session,
    business_id: int,
    action: str,
    actor_id: int,
    *,
    product_id: int | None = None,
    version: int | None = None,
    content_hash: str = "",
    comment: str = "",
    details: dict[str, Any] | None = None,
) -> Decision:
    """Adds an entry to the business's log in the open transaction; writers of one business queue here."""
    head = _locked_head(session, business_id)
    entry = {
        "business_id": business_id,
        "seq": head.seq + 1,
        "at": now(),
        "action": str(action),
        "actor_id": actor_id,
        "product_id": product_id,
        "version": version,
        "content_hash": content_hash,
        "comment": comment,
        "details": details or {},
        "previous": head.hash,
    }
    row = Decision(**entry, hash=digest(entry))
    session.add(row)
    head.seq, head.hash = row.seq, row.hash
    session.flush()
    return row


def _locked_head(session: Session, business_id: int) -> DecisionHead:
    found = session.get(DecisionHead, business_id, with_for_update=True, populate_existing=True)
    if found is None:
        first = text("INSERT INTO decision_heads (business_id, seq, hash) VALUES (:id, 0, '') ON CONFLICT DO NOTHING")
        session.execute(first, {"id": business_id})
        found = session.get_one(DecisionHead, business_id, with_for_update=True, populate_existing=True)
    return found
