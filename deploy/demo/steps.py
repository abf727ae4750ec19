"""The way of a demo product to the state it shall end in, as a table."""

from collections.abc import Mapping
from typing import Any

MISSING = "missing"

_TO_REVIEW = {MISSING: "create", "draft": "submit"}
_TO_PUBLIC = {**_TO_REVIEW, "pending_approval": "approve"}

# wanted state -> what the product is now -> next action; what is not listed is where it ends.
STEPS: dict[str, dict[str, str]] = {
    "draft": {MISSING: "create"},
    "pending": _TO_REVIEW,
    "approved": _TO_PUBLIC,
    "rejected": {**_TO_REVIEW, "pending_approval": "reject"},
    "unpublished": {**_TO_PUBLIC, "approved, live": "unpublish", "withdrawn": "edit"},
    "approved, edit in draft": {**_TO_PUBLIC, "approved, live": "edit"},
    "approved, edit pending": {**_TO_PUBLIC, "approved, live": "edit", "draft, live": "submit"},
}

BY_APPROVER = ("approve", "reject", "unpublish")


def next_step(wanted: str, product: Mapping[str, Any] | None, last: str | None = None) -> str | None:
    """The action that brings a product, as the API shows it, nearer to the wanted state; None when it has arrived.

    `last` is the action just taken: a product that was taken down looks like one that never was up.
    """
    return STEPS[wanted].get("withdrawn" if last == "unpublish" else _now(product))


def _now(product: Mapping[str, Any] | None) -> str:
    if product is None:
        return MISSING
    if product["status"] == "draft" and product["live_version"] is None and product["version"] > 1:
        return "draft, edited"
    live = product["live_version"] is not None
    return f"{product['status']}, live" if live else str(product["status"])
