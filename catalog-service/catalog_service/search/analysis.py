"""What of a listing can be searched, and how a question's words are matched with it."""

from collections.abc import Mapping
from typing import Any

from catalog_service.content import texts
from catalog_service.search.port import Alternative, Group, Parsed

# An index made by another version is rebuilt.
VERSION = 1
# The text fields of an index; tokens contain no white space.
ALL = "all"
TEXT_FIELDS = (ALL,)


def fields(listing: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tokens of each text field, of a public answer and its SKU: `id`, `name`, `description`, `category`,
    `attributes`, `sku`, `business_name` and the rest of documents.public."""
    said = (listing["name"], listing["description"], listing["category"], listing["sku"] or "")
    return {ALL: texts.words(*said, *listing["attributes"].values())}


def parse(q: str) -> Parsed | None:
    """How the question is matched; None when it has no word at all, which nothing matches."""
    words = texts.words(q)
    if not words:
        return None
    return Parsed(tuple(Group((Alternative(ALL, word, "prefix"),)) for word in words))
