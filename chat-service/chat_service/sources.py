"""Reruns an old answer's claims on today's catalogue: what still holds, what changed, what was withdrawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from chat_service.answering.comparing import comparison_of, difference_of
from chat_service.clients.catalog import Catalog, Product
from chat_service.facts import Fact
from chat_service.schemas import RecheckOut, StandingOut
from chat_service.selections import Reading, Selection

# Parts of a claim's query that are no filters.
ASIDE = ("among", "products", "field", "page", "language", "version", "attribute")


def recheck(catalog: Catalog, facts: Sequence[Fact]) -> tuple[list[RecheckOut], list[StandingOut]]:
    """Every claim beside today's value, and every product's standing; Unavailable without the catalogue."""
    reading = Reading(catalog)
    checks = [_beside(fact, today(reading, fact)) for fact in facts]
    versions = {fact.product_id: fact.version or 0 for fact in facts if fact.product_id is not None}
    return checks, [_standing(number, version, reading.lookup(number)) for number, version in versions.items()]


def _beside(fact: Fact, current: str | None) -> RecheckOut:
    return RecheckOut(**asdict(fact), current=current, holds=current == fact.value)


def _standing(product_id: int, version: int, product: Product | None) -> StandingOut:
    status = "withdrawn" if product is None else "current" if product.version == version else "changed"
    return StandingOut(
        id=product_id,
        version=version,
        status=status,
        current_version=product.version if product else None,
        current_price=product.price if product else None,
        currency=product.currency if product else None,
    )


def today(reading: Reading, fact: Fact) -> str | None:
    """What the catalogue says today of what a claim says."""
    if fact.product_id is not None:
        product = reading.lookup(fact.product_id)
        return _OF_PRODUCT[fact.field](product, fact) if product and fact.field in _OF_PRODUCT else None
    query = fact.query or {}
    selection = Selection.of({name: value for name, value in query.items() if name not in ASIDE})
    return _OF_QUERY[fact.field](reading, selection, fact) if fact.field in _OF_QUERY else None


def _within(product: Product, fact: Fact) -> str:
    return str(Selection.of(fact.query or {}).admits(product))


def _quoted(product: Product, fact: Fact) -> str | None:
    return fact.value if fact.value in product.description else None


def _attribute(product: Product, fact: Fact) -> str | None:
    value = product.attributes.get((fact.query or {}).get("attribute", ""))
    return None if value is None else str(value)


_OF_PRODUCT: Mapping[str, Callable[[Product, Fact], str | None]] = {
    "name": lambda product, fact: product.name,
    "price": lambda product, fact: product.money,
    "seller": lambda product, fact: product.business_name,
    "category": lambda product, fact: product.category,
    "attribute": _attribute,
    "quotation": _quoted,
    "within": _within,
}


def _edge(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    """The price at one end; of products that were shown, where the claim is among those."""
    order = "cheapest" if fact.field in {"cheapest", "min_price"} else "dearest"
    among = (fact.query or {}).get("among")
    if among is None:
        first = next((found for _, found in reading.extremes(selection, order)), None)
        return first[0].money if first else None
    products = [each for each in _products(reading, among) if each.currency == selection.currency]
    ranked = sorted(products, key=lambda each: each.price_minor, reverse=order == "dearest")
    return ranked[0].money if ranked else None


def _newest(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    return next((found[0].name for _, found in reading.extremes(selection, "newest")), None)


def _ordered(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    query = fact.query or {}
    products = _products(reading, query["products"])
    if len(products) < len(query["products"]):
        return None
    found = comparison_of(products, query["field"])
    return f"{found.least} {found.most}"


def _apart(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    products = _products(reading, (fact.query or {})["products"])
    found = difference_of(products) if len(products) == 2 else None
    return f"{found.amount} {found.unit}" if found else None


def _currencies(reading: Reading, selection: Selection, fact: Fact) -> str:
    ids = (fact.query or {}).get("products")
    if ids is not None:
        return " ".join(dict.fromkeys(product.currency for product in _products(reading, ids)))
    return " ".join(span.currency for span in reading.facets(selection).currencies)


def _row(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    name, facets = fact.value.rpartition(": ")[0], reading.facets(selection)
    sellers = {seller.name: seller.count for seller in facets.businesses}
    count = (sellers if fact.field.endswith("sellers") else facets.categories).get(name)
    return None if count is None else f"{name}: {count}"


def _seller(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    return next((each.name for each in reading.everything.businesses if each.id == selection.business), None)


def _page(reading: Reading, selection: Selection, fact: Fact) -> str | None:
    query = fact.query or {}
    pages = reading.pages(query["business"])
    texts = [page.text for page in pages if (page.kind, page.language) == (query["page"], query["language"])]
    return fact.value if any(fact.value in text for text in texts) else None


def _products(reading: Reading, ids: Sequence[int]) -> list[Product]:
    return [product for product in map(reading.lookup, ids) if product]


_OF_QUERY: Mapping[str, Callable[[Reading, Selection, Fact], str | None]] = {
    "count": lambda reading, selection, fact: str(reading.total(selection)),
    "sellers": lambda reading, selection, fact: str(len(reading.facets(selection).businesses)),
    "categories": lambda reading, selection, fact: str(len(reading.facets(selection).categories)),
    "count of sellers": _row,
    "count of categories": _row,
    "cheapest": _edge,
    "dearest": _edge,
    "min_price": _edge,
    "max_price": _edge,
    "newest": _newest,
    "order": _ordered,
    "difference": _apart,
    "currencies": _currencies,
    "seller": _seller,
    "page": _page,
}
