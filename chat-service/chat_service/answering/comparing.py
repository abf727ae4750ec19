"""Sets products side by side in one field; what is more and by how much is computed from their values.

What is one number with a unit is compared, `2.4 kg` and `780 g`; nothing else can be.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from chat_service.answering.reasons import attributes
from chat_service.clients.catalog import Product
from chat_service.statements import Comparison, Difference, Statement, Value
from chat_service.understanding.amounts import decimal

MEASURE = re.compile(r"(?:ca\.? |about |approx\.? )?(\d[\d.,']{0,15})\s*([^\W\d_]{1,12})?(?: each)?")
UNITS = {
    "mm": ("m", "0.001"), "cm": ("m", "0.01"), "dm": ("m", "0.1"), "m": ("m", "1"), "km": ("m", "1000"),
    "in": ("m", "0.0254"), "inch": ("m", "0.0254"), "inches": ("m", "0.0254"), "ft": ("m", "0.3048"),
    "mg": ("g", "0.001"), "g": ("g", "1"), "kg": ("g", "1000"), "t": ("g", "1000000"), "oz": ("g", "28.349523125"),
    "lb": ("g", "453.59237"), "lbs": ("g", "453.59237"), "ml": ("l", "0.001"), "cl": ("l", "0.01"), "l": ("l", "1"),
}  # fmt: skip


def compared(products: Sequence[Product], fields: Sequence[str]) -> Iterator[Statement]:
    """A comparison for each field that one of them states, the price where none is asked for."""
    for field in [each for each in fields if each not in {"seller", "category", "description"}] or ["price"]:
        comparison = comparison_of(products, field)
        yield comparison
        gap = difference_of(products) if field == "price" and len(products) == 2 else None
        if gap and comparison.least:
            yield gap


def comparison_of(products: Sequence[Product], field: str) -> Comparison:
    values = tuple(_value(product, field) for product in products)
    amounts = [_amount(product, each.value, field) for product, each in zip(products, values, strict=True)]
    if None in amounts or len({unit for _, unit in filter(None, amounts)}) != 1:
        return Comparison(field=field, values=values)
    pairs = zip([amount[0] for amount in amounts if amount], products, strict=True)
    ranked = sorted(pairs, key=lambda pair: pair[0])
    (low, least), (high, most) = ranked[0], ranked[-1]
    if low == high:
        return Comparison(field=field, values=values, equal=True)
    return Comparison(field=field, values=values, least=least.id, most=most.id)


def _value(product: Product, field: str) -> Value:
    """What a product states in a field: its price with the currency, or an attribute as its seller wrote it."""
    if field == "price":
        return Value(product=product, value=product.money)
    found = next(iter(attributes(product, field)), None)
    return Value(product=product, value=found.value if found else None, name=found.name if found else None)


def _amount(product: Product, value: str | None, field: str) -> tuple[Decimal, str] | None:
    if field == "price":
        return Decimal(product.price), product.currency
    return measured(value) if value else None


def difference_of(products: Sequence[Product]) -> Difference | None:
    """How far apart two prices of one currency are."""
    first, second = products
    if first.currency != second.currency or first.price == second.price:
        return None
    amount = abs(Decimal(first.price) - Decimal(second.price))
    return Difference(field="price", products=(first, second), amount=f"{amount:f}", unit=first.currency)


def measured(value: str) -> tuple[Decimal, str] | None:
    """The value in the base unit of its kind, and that unit; None for ranges, areas and words."""
    found = MEASURE.fullmatch(value.strip().casefold())
    number = decimal(found[1]) if found else None
    if found is None or number is None:
        return None
    base, factor = UNITS.get(found[2] or "", (found[2] or "", "1"))
    return number * Decimal(factor), base
