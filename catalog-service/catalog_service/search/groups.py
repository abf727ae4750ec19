"""By what listings are grouped: for the totals that are kept, and for the labels by which the index finds a group."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

DIMENSIONS = ("business_id", "category", "currency")
# Each dimension by itself and each two of them; all three together are the smallest groups.
PARTS = (
    ("business_id",),
    ("category",),
    ("currency",),
    ("business_id", "category"),
    ("business_id", "currency"),
    ("category", "currency"),
)
_MARK = "\ue200"


def kind(names: Iterable[str]) -> str:
    """How groups by these dimensions are called."""
    chosen = set(names)
    return ",".join(name for name in DIMENSIONS if name in chosen)


_KINDS = [(kind(names), names) for names in (*PARTS, DIMENSIONS)]


def labels(row: Mapping[str, Any]) -> list[str]:
    """The labels of all groups that a listing is in."""
    return [_label(chosen, *(str(row[name]) for name in names)) for chosen, names in _KINDS]


def label(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """A word that no text contains, by which the index finds the listings of one group."""
    chosen = kind(names)
    return _label(chosen, *(str(values[name]) for name in chosen.split(",")))


@lru_cache(32768)
def _label(*parts: str) -> str:
    return _MARK + sha256("|".join(parts).encode()).hexdigest()[:16]
