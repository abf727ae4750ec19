"""Judges answers from outside: by the rows of the catalogue, with code that shares nothing with the service."""

import re
from typing import Any

from tests.chat_service.cases import Case

MONEY = re.compile(r"(\d+(?:\.\d+)?) (EUR|USD|GBP|JPY)")
NO = ("does not carry", "Nothing in", "has nothing", "not carry")


def wrong(case: Case, answer: Any, rows: list[dict[str, Any]]) -> list[str]:
    """What an answer lacks of what its case expects."""
    text, by_name = answer["ai_response"], {row["name"]: row for row in rows}
    found = [f"lacks {part!r}" for part in case.says if part not in text]
    found += [f"has {part!r}" for part in case.never if part in text]
    for name in case.names:
        row = by_name[name]
        if name not in text or f"{row['price']} {row['currency']}" not in text:
            found.append(f"lacks {name} with its price")
    if case.exactly and {product["name"] for product in answer["products"]} != set(case.names):
        found.append(f"names {[product['name'] for product in answer['products']]}")
    if case.count is not None and not re.search(
        rf"\b{case.count}\b (?:product|seller|categor)|in {case.count} categor", text
    ):
        found.append(f"lacks the count {case.count}")
    if case.carries_no and (answer["products"] or not any(part in text for part in NO)):
        found.append("is no honest no")
    return found


def false_claims(answer: Any, rows: list[dict[str, Any]]) -> list[str]:
    """What an answer says that the rows do not: of each line with a product's name, every price and seller."""
    by_name = {row["name"]: row for row in rows}
    sellers = {row["business_name"] for row in rows}
    edges = {f"{row['price']} {row['currency']}" for row in rows}
    found = []
    for line in re.split(r"\n|(?<=[.!?])\s", answer["ai_response"]):
        named = [row for name, row in by_name.items() if name in line]
        prices = {f"{amount} {code}" for amount, code in MONEY.findall(line)}
        if named:
            found += [f"{line!r}: {price}" for price in prices - {f"{row['price']} {row['currency']}" for row in named}]
            said = {seller for seller in sellers if f"sold by {seller}" in line}
            found += [f"{line!r}: {seller}" for seller in said - {row["business_name"] for row in named}]
        elif not re.search(r"up to|under|over|at least|between|from|Nothing", line):
            found += [f"{line!r}: {price}" for price in prices - edges]
    for product in answer["products"]:
        row = by_name.get(product["name"])
        if row is None or (row["price"], row["currency"]) != (product["price"], product["currency"]):
            found.append(f"product {product['name']}")
    return found
