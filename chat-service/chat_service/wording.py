"""How the built-in assistant says things: one place for each kind of sentence, and the facts that it states."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_service.clients.catalog import Facets, Product
from chat_service.questions import SMALLEST, Limits, Question, stem
from chat_service.tools import Extreme, Fact

CAN_DO = (
    "I answer from the public catalogue of this marketplace, and only from it. You can ask me for products by name or "
    "category, for a price, for everything under or over a price, for the cheapest or the most expensive, how many "
    "there are, who sells what, or to compare two products. Then narrow it down: “and under 50?”"
)


@dataclass
class Answer:
    """What leaves: a text, the products that it names and the facts that it rests on."""

    text: str
    products: list[Product] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    nothing: bool = False  # an honest no: the catalogue has nothing of the kind


def line(product: Product) -> str:
    """One product with its exact price and seller."""
    return f"{product.name}: {product.money}, sold by {product.business_name}"


def ended(text: str) -> str:
    """A sentence with its full stop; a name such as `Trail Co.` brings its own."""
    return text if text.endswith(".") else f"{text}."


def facts_of(product: Product) -> list[Fact]:
    """What `line` says of a product."""
    said = {"name": product.name, "price": product.money, "seller": product.business_name}
    return [Fact(name, value, product.id, product.version) for name, value in said.items()]


def listed(head: str, products: Sequence[Product], more: int = 0, tail: str = "") -> Answer:
    """A head line, the products, how many more there are, a closing line."""
    lines = [head, *(f"- {line(product)}" for product in products)]
    if more > 0:
        lines.append(f"…and {more} more.")
    if tail:
        lines.append(tail)
    return Answer("\n".join(lines), list(products), [fact for product in products for fact in facts_of(product)])


def told(products: Sequence[Product], opening: str = "") -> Answer:
    """One product in a sentence of its own, several in a list."""
    if len(products) > 1:
        return listed(f"{opening}Here is what the catalogue says:", products)
    product = products[0]
    text = ended(f"{opening}{product.name} costs {product.money}, sold by {product.business_name}")
    facts = facts_of(product)
    if product.category:
        text += f" Category: {product.category}."
        facts.append(Fact("category", product.category, product.id, product.version))
    return Answer(text, [product], facts)


def plural(count: int, one: str = "product", many: str = "products") -> str:
    return f"{count} {one if count == 1 else many}"


def described(question: Question) -> str:
    """The filters in words, made of the catalogue's own names, of numbers and of the words looked for."""
    parts = []
    if question.terms:
        parts.append("matching “{}”".format(" ".join(question.terms)))
    if question.category:
        parts.append(f"in {question.category}")
    if question.seller:
        parts.append(f"from {question.seller[1]}")
    parts += _limits(question.limits)
    left_out = question.excluded_category or (question.excluded_seller and question.excluded_seller[1])
    if left_out:
        parts.append(f"without {left_out}")
    elif question.excluded_terms:
        parts.append("without “{}”".format(" ".join(question.excluded_terms)))
    return " ".join(parts)


def _limits(limits: Limits) -> list[str]:
    money = f" {limits.currency}" if limits.currency else ""
    low = None if limits.low is None else limits.low - SMALLEST * limits.above
    high = None if limits.high is None else limits.high + SMALLEST * limits.below
    if low is not None and high is not None and not (limits.above or limits.below):
        return [f"between {low:.2f} and {high:.2f}{money}"]
    said = []
    if low is not None:
        said.append(f"{'over' if limits.above else 'at least'} {low:.2f}{money}")
    if high is not None:
        said.append(f"{'under' if limits.below else 'up to'} {high:.2f}{money}")
    return said or ([f"in{money}"] if money else [])


def currencies_note(question: Question, facets: Facets) -> str:
    if question.limits.given and not question.limits.currency and len(facets.currencies) > 1:
        return "Each price is compared in the product's own currency."
    return ""


def superlative(one: Extreme, word: str, where: str, several: bool) -> str:
    """The cheapest or most expensive of one currency, with all that tie."""
    among = f" {where}" if where else ""
    scope = f" in {one.currency}" if several else ""
    if len(one.products) == 1:
        return ended(f"The {word}{among}{scope} is {line(one.products[0])}")
    return "\n".join(
        [f"The {word}{among}{scope}, at the same price:", *(f"- {line(product)}" for product in one.products)]
    )


def count_fact(total: int, question: Question) -> Fact:
    query = question.filters.given()
    for name, value in (
        ("category", question.excluded_category),
        ("business", question.excluded_seller and question.excluded_seller[0]),
        ("q", question.excluded_terms and " ".join(map(stem, (*question.terms, *question.excluded_terms)))),
    ):
        if value:
            query["without"] = {name: value}
    return Fact("count", str(total), query=query)


def range_facts(facets: Facets, question: Question) -> list[Fact]:
    query = question.filters.given()
    found = [Fact("count", str(facets.total), query=query)]
    for span in facets.currencies:
        within = {**query, "currency": span.currency}
        found += [
            Fact("min_price", f"{span.min_price} {span.currency}", query=within),
            Fact("max_price", f"{span.max_price} {span.currency}", query=within),
        ]
    return found
