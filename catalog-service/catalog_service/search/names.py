"""What thing a product's name names: the `stand` of a headphone stand, the `lampe` of a lampe de bureau."""

import re
from collections.abc import Sequence

from catalog_service.search.languages import LINKS, LOOKS, PACKED
from catalog_service.search.tokens import Unit, units

# What follows these tells of variants and sizes; a first part of one word alone may be a model's name.
_BORDER = re.compile(r"\s[-\u2013\u2014]\s|[,;(|\[/]")
_ROMANCE = {"french", "spanish"}
_MOST = 3


def heads(name: str, languages: Sequence[str]) -> list[Unit]:
    """The units of the name that say what the thing is; several where that cannot be told."""
    parts = [part for part in (units(part) for part in _BORDER.split(name)) if part]
    found = _head(parts[0], languages) if parts else []
    if len(parts) > 1 and len(parts[0]) == 1:
        found += _head(parts[1], languages)
    return found


def _head(part: list[Unit], languages: Sequence[str]) -> list[Unit]:
    link = next((place for place, unit in enumerate(part) if place and unit.joined in LINKS), len(part))
    before, after = part[:link], part[link + 1 :]
    if before[-1].joined in PACKED and after and len(before) == 1:
        return [*before, *_head(after, languages)]  # a set of knives
    bare = list(before)
    while len(bare) > 1 and _is_aside(bare[-1]):
        bare.pop()
    if len(bare) > 1 and bare[-1].joined in PACKED:
        return bare[-2:]  # a knife set
    if not _ROMANCE.isdisjoint(languages) and "english" not in languages:
        return bare[:_MOST]  # the adjective follows: lámpara plegable
    return bare[-1:]


def _is_aside(unit: Unit) -> bool:
    return unit.joined in LOOKS or any(char.isdigit() for char in unit.joined)
