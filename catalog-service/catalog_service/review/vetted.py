"""Every kind of content that is reviewed before anybody sees it."""

from typing import Any

from catalog_service.content import pages, products
from catalog_service.content.kinds import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (products.KIND, pages.KIND)}
_BY_TABLE = {kind.working: kind for kind in KINDS.values()}


def kind_of(item: Any) -> Kind:
    """The kind that this working row is of."""
    return _BY_TABLE[type(item)]
