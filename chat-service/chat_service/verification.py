"""The last look at a built-in answer: each of its facts once more against what the catalogue said in this turn."""

import re
from decimal import Decimal

from chat_service.clients.catalog import Filters, Product
from chat_service.questions import Question
from chat_service.tools import Fact, Sources
from chat_service.wording import Answer

_MONEY = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})\b")


def unsupported(answer: Answer, sources: Sources, question: Question) -> str:
    """What the sources do not bear out: the name of a fact's field, `product` or `price`; empty when all is well."""
    for fact in answer.facts:
        if not _holds(fact, sources):
            return fact.field
    for product in answer.products:
        if sources.products.get(product.id) != product or product.name not in answer.text:
            return "product"
    told = {(Decimal(amount), code) for fact in answer.facts for amount, code in _MONEY.findall(fact.value)}
    limits = question.limits
    # Limits are said rounded: "under 50.00" asks for 49.999 at most.
    asked = {Decimal(f"{edge:.2f}") for edge in (limits.low, limits.high) if edge is not None}
    for amount, code in _MONEY.findall(_without_names(answer)):
        if (Decimal(amount), code) not in told and Decimal(amount) not in asked:
            return "price"
    return ""


def _without_names(answer: Answer) -> str:
    text = answer.text
    for product in answer.products:
        text = text.replace(product.name, "").replace(product.business_name, "")
    return text


def _holds(fact: Fact, sources: Sources) -> bool:
    if fact.product_id is not None:
        product = sources.products.get(fact.product_id)
        return product is not None and product.version == fact.version and _said_of(product, fact.field) == fact.value
    query = dict(fact.query or {})
    left_out = query.pop("without", None)
    if fact.field == "count":
        less = _total(sources, {**query, **left_out}) if left_out else 0
        total = _total(sources, query)
        return total is not None and less is not None and max(0, total - less) == int(fact.value)
    for filters, facets in sources.facets:
        found = {"sellers": len(facets.businesses), "categories": len(facets.categories)}
        if filters.given() == query and str(found.get(fact.field)) == fact.value:
            return True
        for span in facets.currencies:
            edge = {"min_price": span.min_price, "max_price": span.max_price}.get(fact.field)
            if {**filters.given(), "currency": span.currency} == query and f"{edge} {span.currency}" == fact.value:
                return True
    return False


def _said_of(product: Product, field: str) -> str:
    return {
        "name": product.name,
        "seller": product.business_name,
        "category": product.category,
    }.get(field, product.money)


def _total(sources: Sources, query: dict[str, object]) -> int | None:
    """How many fit, as a count of its own or as a part of a wider one."""
    for filters, facets in sources.facets:
        given = filters.given()
        if given == query:
            return facets.total
        for name, count in facets.categories.items():
            if filters.category is None and {**given, "category": name} == query:
                return count
        for seller in facets.businesses:
            if filters.business is None and {**given, "business": seller.id} == query:
                return seller.count
    return 0 if Filters(**query).is_impossible else None  # type: ignore[arg-type]
