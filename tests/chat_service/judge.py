"""Judges answers from outside: by the rows of the catalogue, with code that shares nothing with the service."""

import re
from typing import Any

from tests.chat_service.cases import Case

NUMBER = re.compile(r"\d[\d,.\u00a0\u202f]*\d|\d")


def wrong(case: Case, answer: Any) -> list[str]:
    """What an answer lacks of what its case expects."""
    text, statements = answer["ai_response"], answer["statements"]
    kinds = {statement["kind"] for statement in statements}
    named = {product["name"] for product in answer["products"]}
    found = [f"lacks a {kind}" for kind in case.kinds if kind not in kinds]
    found += [f"has {part!r}" for part in case.never if part in text]
    found += [f"lacks {name}" for name in case.names if name not in named or name not in text]
    if case.exactly and named != set(case.names):
        found.append(f"names {sorted(named)}")
    if case.count is not None and case.count not in [statement.get("total") for statement in statements]:
        found.append(f"lacks the count {case.count}")
    if case.carries_no and not kinds & {"nothing", "unknown"}:
        found.append("is no honest no")
    return found


def figures(text: str) -> set[str]:
    """The numbers of a text, as their digits: 1.299,50 and 1,299.50 are one."""
    return {re.sub(r"\D", "", each).lstrip("0") or "0" for each in NUMBER.findall(text)}


def unfounded(answer: Any, rows: list[dict[str, Any]], question: str = "") -> list[str]:
    """What of a text's figures, names and sellers its claims do not state; `question` may be quoted."""
    said = [(claim["field"], str(claim["value"]), claim.get("query") or {}) for claim in answer["claims"]]
    known = " ".join(f"{value} {query}" for _, value, query in said)
    text = answer["ai_response"]
    allowed = figures(known) | figures(question)
    allowed |= {str(len(answer["products"])), *map(str, range(len(answer["products"]) + 1))}
    found = [f"figure {each}" for each in figures(text) - allowed if each not in digits_only(known)]
    for row in rows:
        for kind in ("name", "business_name"):
            if row[kind] in text and row[kind] not in known and row[kind].casefold() not in question.casefold():
                found.append(f"{kind} {row[kind]}")
    return found


def digits_only(text: str) -> set[str]:
    """Figures without trailing decimals that a currency does not write: 4800.00 is ¥4,800."""
    return {re.sub(r"\D", "", each.rstrip("0").rstrip(".")) for each in re.findall(r"\d+\.\d+|\d+", text)}
