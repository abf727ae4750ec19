"""Reruns an old answer's claims on today's catalogue: what still holds, what changed, what was withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat_service.clients.catalog import Catalog, Filters, Product
from chat_service.tools import Fact

CURRENT, CHANGED, WITHDRAWN = "current", "changed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Recheck:
    """One claim beside today's value; None where there is none any more."""

    fact: Fact
    current: str | None

    @property
    def holds(self) -> bool:
        return self.current == self.fact.value


@dataclass(frozen=True, slots=True)
class Standing:
    """A product that the answer named, then and now."""

    id: int
    version: int
    status: str
    now: Product | None


def recheck(catalog: Catalog, facts: Sequence[Fact]) -> tuple[list[Recheck], list[Standing]]:
    """Every claim beside today's value, and every product's standing; Unavailable without the catalogue."""
    versions = {fact.product_id: fact.version or 0 for fact in facts if fact.product_id is not None}
    products = {product_id: catalog.lookup(product_id) for product_id in versions}
    checks = [Recheck(fact, _today(catalog, fact, products)) for fact in facts]
    return checks, [_standing(product_id, versions[product_id], product) for product_id, product in products.items()]


def _standing(product_id: int, version: int, product: Product | None) -> Standing:
    status = WITHDRAWN if product is None else CURRENT if product.version == version else CHANGED
    return Standing(product_id, version, status, product)


def _today(catalog: Catalog, fact: Fact, products: Mapping[int, Product | None]) -> str | None:
    if fact.query is not None:
        return _queried(catalog, fact.field, dict(fact.query))
    product = products.get(fact.product_id or 0)
    if product is None:
        return None
    return {
        "name": product.name,
        "price": product.money,
        "seller": product.business_name,
        "category": product.category,
    }.get(fact.field)


def _queried(catalog: Catalog, field: str, query: dict[str, Any]) -> str | None:
    left_out = query.pop("without", None)
    facets = catalog.facets(Filters(**query))
    if field == "count":
        return str(facets.total - (catalog.facets(Filters(**{**query, **left_out})).total if left_out else 0))
    if field in {"sellers", "categories"}:
        return str(len(facets.businesses if field == "sellers" else facets.categories))
    for span in facets.currencies:
        if span.currency == query.get("currency"):
            return f"{span.min_price if field in {'cheapest', 'min_price'} else span.max_price} {span.currency}"
    return None
