"""Immutable snapshots of what a product says."""

from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256
from typing import Any

import orjson

from catalog_service.content import money, skus, texts
from catalog_service.models import CONTENT, Product, Revision, db
from servicekit.database import now
from servicekit.texts import described, parted


def content(revision: Revision) -> dict[str, Any]:
    """What the revision says."""
    return {name: getattr(revision, name) for name in CONTENT}


def blank() -> dict[str, Any]:
    """The content of a product that says nothing yet; what must be said (name, price, currency) is not in it."""
    columns = [Revision.__table__.c[name] for name in CONTENT]
    found: dict[str, Any] = {column.name: None for column in columns if column.nullable}
    for column in columns:
        if column.default is not None:
            value = column.default.arg
            found[column.name] = value(None) if callable(value) else value
    return found


def content_hash(values: dict[str, Any]) -> str:
    """SHA-256 over the canonical content."""
    return sha256(orjson.dumps({name: values[name] for name in CONTENT}, option=orjson.OPT_SORT_KEYS)).hexdigest()


def add(product: Product, author_id: int, values: dict[str, Any]) -> Revision:
    """The product's next revision, a draft, which becomes the working one."""
    if author_id not in product.contributors:
        product.contributors = [*product.contributors, author_id]
    revision = Revision(**snapshot(product.id, product.version, author_id, product.contributors, values))
    if values["sku"] != product.sku:
        product.sku, product.sku_key = values["sku"], skus.key(values["sku"])
    product.category = values["category"]
    product.words = search_text(values)
    db.session.add(revision)
    return revision


def snapshot(
    product_id: int, version: int, author_id: int, contributors: list[int], values: dict[str, Any]
) -> dict[str, Any]:
    """A draft revision's columns."""
    return {
        **values,
        "product_id": product_id,
        "version": version,
        "content_hash": content_hash(values),
        "author_id": author_id,
        "contributors": contributors,
        "state": "draft",
    }


def search_text(values: dict[str, Any]) -> str:
    """The words by which the business's own people find the product; each with a space before it."""
    found = texts.words(values["name"], values["description"], values["category"], values["sku"] or "")
    return "".join(f" {word}" for word in found)


def working(product: Product) -> Revision:
    """The newest revision."""
    return db.session.get_one(Revision, (product.id, product.version))


def touch(product: Product) -> None:
    """Notes that the row changed: a new entity tag and a new time."""
    product.edition += 1
    product.updated_at = now()


def difference(old: dict[str, Any] | None, new: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field what changes from the old content to the new; a price with its change in per cent."""
    before, after = (_shown(old) if old else {}), _shown(new)
    found: list[dict[str, Any]] = [
        {"field": name, "old": before.get(name), "new": after.get(name)}
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    ]
    for entry in found:
        if marked := _marked(entry["old"], entry["new"]):
            entry["marked"] = marked
    if old and old["currency"] == new["currency"] and old["price_minor"]:
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


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    shown = {name: values[name] for name in CONTENT if name not in {"price_minor", "attributes"}}
    shown["price"] = money.to_decimal(values["price_minor"], values["currency"])
    shown.update({f"attributes.{name}": value for name, value in sorted(values["attributes"].items())})
    return shown
