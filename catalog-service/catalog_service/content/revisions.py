"""Immutable snapshots of what content says."""

from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256
from typing import Any

import orjson

from catalog_service.content import texts
from catalog_service.content.kinds import Kind
from catalog_service.models import db
from servicekit.database import now
from servicekit.texts import described, parted


def content(kind: Kind, revision: Any) -> dict[str, Any]:
    """What the revision says."""
    return {name: getattr(revision, name) for name in kind.content}


def blank(kind: Kind) -> dict[str, Any]:
    """The content of what says nothing yet; what must be said (a name, a price) is not in it."""
    columns = [kind.revision.__table__.c[name] for name in kind.content]
    found: dict[str, Any] = {column.name: None for column in columns if column.nullable}
    for column in columns:
        if column.default is not None:
            value = column.default.arg
            found[column.name] = value(None) if callable(value) else value
    return found


def content_hash(values: dict[str, Any]) -> str:
    """SHA-256 over the canonical content."""
    return sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def add(kind: Kind, item: Any, author_id: int, values: dict[str, Any]) -> Any:
    """The next revision, a draft, which becomes the working one."""
    if author_id not in item.contributors:
        item.contributors = [*item.contributors, author_id]
    revision = kind.revision(**snapshot(kind, item.id, item.version, author_id, item.contributors, values))
    kind.note(item, values)
    db.session.add(revision)
    return revision


def snapshot(
    kind: Kind, item_id: int, version: int, author_id: int, contributors: list[int], values: dict[str, Any]
) -> dict[str, Any]:
    """A draft revision's columns."""
    return {
        **values,
        kind.owner: item_id,
        "version": version,
        "content_hash": content_hash(values),
        "author_id": author_id,
        "contributors": contributors,
        "state": "draft",
    }


def search_text(*said: str) -> str:
    """The words by which the business's own people find it; each with a space before it."""
    return "".join(f" {word}" for word in texts.words(*said))


def touch(item: Any) -> None:
    """Notes that the row changed: a new entity tag and a new time."""
    item.edition += 1
    item.updated_at = now()


def difference(kind: Kind, old: dict[str, Any] | None, new: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field what changes from the old content to the new; a price with its change in per cent."""
    before, after = (kind.compared(old) if old else {}), kind.compared(new)
    found: list[dict[str, Any]] = [
        {"field": name, "old": before.get(name), "new": after.get(name)}
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    ]
    for entry in found:
        if marked := _marked(entry["old"], entry["new"]):
            entry["marked"] = marked
    if old and old.get("price_minor") and old["currency"] == new["currency"]:
        for entry in found:
            if entry["field"] == "price":
                entry["change_percent"] = percent(old["price_minor"], new["price_minor"])
    return found


def _marked(old: str | None, new: str | None) -> dict[str, Any] | None:
    """Both texts in pieces, with what cannot be seen in them by name; None where all can be seen."""
    pieces = {"old": old and _pieces(old), "new": new and _pieces(new)}
    unseen = any("mark" in piece for side in pieces.values() for piece in side or [])
    return {side: found or None for side, found in pieces.items()} if unseen else None


def _pieces(text: str) -> list[dict[str, str]]:
    found = []
    for shown, unseen in parted(text):
        found += [{"text": shown}] if shown else []
        found += [{"mark": described(unseen)}] if unseen else []
    return found


def percent(old: int, new: int) -> str:
    """The change from one price to another of the same currency in per cent, like +12.50, to the nearest hundredth."""
    change = (Decimal(new - old) * 100 / old).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return f"{change:+}"
