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


def count(asked: Asked, selection: Selection, read: str | None) -> Iterator[Statement]:
    """How many products, sellers or categories."""
    scope, of = asked.scope(selection, read), asked.plan.of
    if of == "products":
        yield Count(scope=scope, of=of, total=asked.reading.total(selection))
    else:
        facets = asked.reading.facets(selection)
        yield Count(scope=scope, of=of, total=len(facets.businesses if of == "sellers" else facets.categories))


def breakdown(asked: Asked, selection: Selection, of: str, read: str | None) -> Iterator[Statement]:
    facets = asked.reading.facets(selection)
    if of == "sellers":
        rows = [Row(name=each.name, count=each.count, query={**selection.query(), "business": each.id})
                for each in facets.businesses]  # fmt: skip
    else:
        rows = [Row(name=name, count=count, query={**selection.query(), "category": name})
                for name, count in facets.categories.items() if name]  # fmt: skip
    yield Breakdown(scope=asked.scope(selection, read), of=of, rows=tuple(rows[:ROWS]))  # type: ignore[arg-type]


def price_range(asked: Asked, selection: Selection, read: str | None) -> Iterator[Statement]:
    spans = asked.reading.facets(selection).currencies
    yield PriceRange(scope=asked.scope(selection, read), ranges=tuple(spans))


def extremes(asked: Asked, selection: Selection, order: Order, read: str | None) -> Iterator[Statement]:
    """The first of the order in each currency, with all that tie."""
    for currency, products in asked.reading.extremes(selection, order):
        scope = asked.scope(selection, read)
        shown = tuple(products[:TIES])
        yield Extreme(scope=scope, order=order, currency=currency, products=shown)


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
