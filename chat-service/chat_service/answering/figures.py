"""Counts, price ranges, sellers, categories and the first of an order: exact, and over what is said with them."""

from collections.abc import Iterator

from chat_service.answering.asked import SHOWN, Asked
from chat_service.clients.catalog import Product
from chat_service.selections import Selection
from chat_service.statements import (
    Breakdown,
    Count,
    Extreme,
    Option,
    Order,
    PriceRange,
    Question,
    Row,
    Scope,
    Statement,
)

ROWS = 12
TIES = 5


def figures(asked: Asked, selection: Selection) -> Iterator[Statement]:
    """What the plan asks of all that the selection takes."""
    plan, scope, facets = asked.plan, asked.scope(selection), asked.reading.facets(selection)
    sellers, categories = facets.businesses, [(name, n) for name, n in facets.categories.items() if name]
    if plan.ask == "count":
        totals = {"products": facets.total, "sellers": len(sellers), "categories": len(facets.categories)}
        yield Count(scope=scope, of=plan.of, total=totals[plan.of])
    elif plan.ask == "price_range":
        yield PriceRange(scope=scope, ranges=tuple(facets.currencies))
    elif plan.ask == "sellers":
        rows = [Row(name=each.name, count=each.count, query={**scope.query, "business": each.id}) for each in sellers]
        yield Breakdown(scope=scope, of="sellers", rows=tuple(rows[:ROWS]))
    elif plan.ask == "categories":
        rows = [Row(name=name, count=n, query={**scope.query, "category": name}) for name, n in categories]
        yield Breakdown(scope=scope, of="categories", rows=tuple(rows[:ROWS]))
    elif plan.order:
        for currency, products in asked.reading.extremes(selection, plan.order):
            yield Extreme(scope=scope, order=plan.order, currency=currency, products=tuple(products[:TIES]))


def extremes_of(products: list[Product], order: Order) -> Iterator[Statement]:
    """The same among products that were shown."""
    scope = Scope(query={"among": sorted(product.id for product in products)})
    for code in dict.fromkeys(product.currency for product in products):
        ranked = sorted((each for each in products if each.currency == code), key=lambda each: each.price_minor)
        edge = ranked[0 if order == "cheapest" else -1].price_minor
        first = tuple(each for each in ranked if each.price_minor == edge)
        yield Extreme(scope=scope, order=order, currency=code, products=first, among="shown")


def question(asked: Asked, selection: Selection) -> Iterator[Statement]:
    """The one question that splits what was found best: into categories, else into sellers."""
    facets = asked.reading.facets(selection)
    ways = {"category": {name: n for name, n in facets.categories.items() if name},
            "seller": {each.name: each.count for each in facets.businesses}}  # fmt: skip
    # The best question leaves the fewest, whatever the answer.
    about, counts = min(ways.items(), key=lambda way: max(way[1].values(), default=facets.total))
    if len(counts) > 1:
        asked_for = asked.quotable(selection.words) or ""
        options = tuple(
            Option(label=name, count=n, message=f"{asked_for} {name}".strip())
            for name, n in list(counts.items())[:SHOWN]
        )
        yield Question(about=about, options=options, query=selection.query())  # type: ignore[arg-type]
