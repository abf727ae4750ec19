"""Reads a shopper's question: what is asked, of which products, within which limits. Pure: no network, no tables."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from chat_service import words
from chat_service.clients.catalog import Facets, Filters

NUMBER = r"\d{1,3}(?:[ ,.'\u2019]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?"
_CODES = "|".join(sorted((re.escape(word) for word in words.CURRENCIES), key=len, reverse=True))
TOKEN = re.compile(r"[^\W_]+(?:['\u2019.+-][^\W_]+)*")
SMALLEST = Decimal("0.001")
LARGEST = Decimal("99999999.99")
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    bare: bool = False  # an amount without a word such as "under"
    below: bool = False  # "under 50" leaves 50 itself out: `high` is then the next smaller price, as for `above`
    above: bool = False

    @property
    def given(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def empty(self) -> bool:
        return (self.low is not None and self.high is not None and self.low > self.high) or (self.high or 0) < 0

    def admits(self, price: str, currency: str) -> bool:
        """Whether a price (decimal, in major units) lies within."""
        amount = Decimal(price)
        low = self.low is None or amount >= self.low
        high = self.high is None or amount <= self.high
        return low and high and self.currency in {None, currency}


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood. `terms` are the words left over, to be looked for in the catalogue."""

    text: str
    intent: str
    terms: tuple[str, ...] = ()
    category: str | None = None
    seller: tuple[int, str] | None = None
    limits: Limits = field(default_factory=Limits)
    excluded_category: str | None = None
    excluded_seller: tuple[int, str] | None = None
    excluded_terms: tuple[str, ...] = ()
    products: tuple[int, ...] = ()
    follows: bool = False

    @property
    def filters(self) -> Filters:
        return Filters(
            # The catalogue finds words by their beginning: without its ending, a plural finds the singular too.
            q=" ".join(map(stem, self.terms)) or None,
            business=self.seller[0] if self.seller else None,
            category=self.category,
            currency=self.limits.currency,
            min_price=_plain(self.limits.low),
            max_price=_plain(self.limits.high),
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.terms or self.category or self.seller)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{min(max(value, Decimal(0)), LARGEST):.3f}"


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """One spelling for comparisons: NFKC, case folded, plain quotes, single spaces (UAX 15)."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").replace("\u2018", "'")
    return " ".join(text.split())


def stem(word: str) -> str:
    """Without an English plural ending: `lamps` and `lamp` are the same word."""
    if word in words.IRREGULAR:
        return words.IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:[sxz]|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def number(text: str, digits: int = 2) -> Decimal | None:
    """A number as people write it: 1,299.00 and 1.299,00 and 1 299 are the same; None when it is none.

    `digits` is how many may follow the decimal point: 12.500 is twelve and a half where there are thousandths.
    """
    plain = re.sub(r"[ '\u2019]", "", text)
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0:
        fraction = plain[last + 1 :]
        mixed = "." in plain and "," in plain
        thousands = (len(fraction) == 3 and not mixed and not plain.startswith("0")) or plain.count(plain[last]) > 1
        whole = re.sub(r"[.,]", "", plain[:last])
        plain = whole + fraction if thousands else f"{whole}.{fraction}"
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def read(text: str, all_facets: Facets, context: Mapping[str, Any] | None = None) -> Question:
    """Understands a question with the catalogue's own categories and sellers, and the turn before it."""
    folded = fold(text).strip(" ?!.…¿¡")
    limits, rest = limits_in(folded)
    question, rest = _excluded(Question(text=folded, intent="find", limits=limits), rest, all_facets)
    question, rest = _named(question, rest, all_facets)
    # Names first: a seller may be called "Help & Compare Ltd".
    intent, rest = _intent(" ".join(rest.split()))
    question = replace(question, intent=intent, terms=tuple(_terms(rest))[:MOST_TERMS])
    if context and intent not in {"help", "thanks", "greeting"}:
        question = _follow(question, context)
    return question


def _intent(folded: str) -> tuple[str, str]:
    for name, pattern in words.INTENTS:
        found = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", folded)
        if found:
            return name, f"{folded[: found.start()]} {folded[found.end() :]}"
    return "find", folded


def money_pattern(name: str) -> str:
    """The pattern of an amount with its currency before or after it; `name` starts its groups' names."""
    return rf"(?:(?P<{name}pre>{_CODES})\s*)?(?P<{name}n>{NUMBER})(?:\s*(?P<{name}post>{_CODES})(?![^\W\d_]))?"


def amount_in(found: re.Match[str], name: str = "") -> tuple[Decimal | None, str | None]:
    sign = found[f"{name}pre"] or found[f"{name}post"]
    code = words.CURRENCIES[sign] if sign else None
    return number(found[f"{name}n"], 3 if code in words.THREE_DIGITS else 2), code


def limits_in(text: str, worded: bool = False) -> tuple[Limits, str]:
    """Price limits, and the text without them; `worded` leaves alone what is a price rather than a limit."""

    def cut(found: re.Match[str]) -> str:
        return f"{text[: found.start()]} , {text[found.end() :]}"

    first, second, one = money_pattern("a"), money_pattern("b"), money_pattern("")
    found = re.search(rf"(?:(?<!\w)(?:{words.BETWEEN})\s+)?{first}\s*(?:{words.AND})\s*{second}", text)
    if found and (found[0][0] not in "0123456789" or found["apost"] or found["bpost"]):
        (low, code), (high, other) = amount_in(found, "a"), amount_in(found, "b")
        if low is not None and high is not None:
            return Limits(min(low, high), max(low, high), code or other), cut(found)
    low = high = None
    currency = None
    below = above = False
    for pattern, edge in (
        (words.AT_MOST, "high"), (words.AT_LEAST, "low"), (words.BELOW, "below"), (words.ABOVE, "above"),
        (words.EXACTLY, "same"), (words.AROUND, "near"),
    ):  # fmt: skip
        while found := re.search(rf"(?<![\w-])(?:{pattern})\s*{one}", text):
            value, code = amount_in(found)
            text, currency = cut(found), code or currency
            if value is None:
                continue
            if edge in {"high", "same"}:
                high, below = value, False
            if edge in {"low", "same"}:
                low, above = value, False
            if edge == "below":
                high, below = value - SMALLEST, True
            elif edge == "above":
                low, above = value + SMALLEST, True
            elif edge == "near":
                low, high = value * Decimal("0.8"), value * Decimal("1.2")
    if worded:
        return Limits(low, high, currency, below=below, above=above), text
    bare = low is None and high is None
    if bare and (found := re.search(one, text)) and (found["pre"] or found["post"]):
        # "a lamp for 50 euros" names what the shopper would spend.
        high, currency = amount_in(found)
        text = cut(found)
    if currency is None and (found := re.search(rf"(?<!\w)(?:in )?({_CODES})(?!\w)", text)):
        currency = words.CURRENCIES[found[1]]
        text = cut(found)
    return Limits(low, high, currency, bare, below, above), text


def _excluded(question: Question, text: str, facets: Facets) -> tuple[Question, str]:
    found = words.WITHOUT.search(text)
    if not found:
        return question, text
    tail = words.CLAUSE.split(text[found.end() :])[0]
    inner, rest = _named(Question("", "find"), tail, facets)
    question = replace(
        question,
        excluded_category=inner.category,
        excluded_seller=inner.seller,
        excluded_terms=tuple(_terms(rest)) if not (inner.category or inner.seller) else (),
    )
    return question, f"{text[: found.start()]} {text[found.end() + len(tail) :]}"


def _named(question: Question, text: str, facets: Facets) -> tuple[Question, str]:
    """Takes the names of a seller and of a category out of the text."""
    for seller in sorted(facets.businesses, key=lambda seller: -len(seller.name)):
        name = fold(seller.name)
        # There may be thousands: a pattern is only made for a name that is there.
        found = re.search(rf"(?<!\w){re.escape(name)}(?:'s)?(?!\w)", text) if name and name in text else None
        if found:
            question = replace(question, seller=(seller.id, seller.name))
            text = f"{text[: found.start()]} {text[found.end() :]}"
            break
    stems = [(found.start(), found.end(), stem(found[0])) for found in TOKEN.finditer(text)]
    for category in sorted(facets.categories, key=len, reverse=True):
        wanted = [stem(token) for token in TOKEN.findall(fold(category))]
        for index in range(len(stems) - len(wanted) + 1) if wanted else ():
            if [each[2] for each in stems[index : index + len(wanted)]] == wanted:
                start, end = stems[index][0], stems[index + len(wanted) - 1][1]
                return replace(question, category=category), f"{text[:start]} {text[end:]}"
    return question, text


def _terms(text: str) -> list[str]:
    tokens = (token.removesuffix("'s")[:40] for token in TOKEN.findall(text))
    return list(
        dict.fromkeys(token for token in tokens if token not in words.STOP and (len(token) > 1 or token.isdigit()))
    )


def _follow(question: Question, context: Mapping[str, Any]) -> Question:
    """Completes a question that leans on the turn before it."""
    pointed = words.PRONOUNS.search(question.text)
    opens = words.FOLLOW_UP.search(question.text)
    ids = tuple(context.get("products", ()))
    bare = not question.narrowed and not question.excluded_seller and not question.excluded_category
    if pointed and bare and ids and question.intent in {"find", "sellers", "compare", "cheapest", "dearest"}:
        return replace(question, products=_pointed(pointed[0], ids), follows=True)
    if question.intent == "compare" and bare and len(ids) > 1:
        return replace(question, products=ids, follows=True)
    whole = re.search(r"\b(?:all products|in total|altogether|overall|whole catalogue|everything)\b", question.text)
    narrows = question.limits.given or question.limits.currency or question.intent != "find"
    if (not opens and not (bare and narrows)) or whole or question.intent in {"categories"}:
        return question
    before = context.get("question", {})
    mine = not (question.terms or question.category)
    limits = question.limits
    if not limits.given:
        low, high = (Decimal(before[name]) if before.get(name) else None for name in ("low", "high"))
        limits = Limits(
            low,
            high,
            limits.currency or before.get("currency"),
            below=bool(before.get("below")),
            above=bool(before.get("above")),
        )
    elif not limits.currency:
        limits = replace(limits, currency=before.get("currency"))
    seller = before.get("seller")
    return replace(
        question,
        intent=_carried(before.get("intent", "find")) if question.intent == "find" else question.intent,
        terms=tuple(before.get("terms", ())) if mine else question.terms,
        category=before.get("category") if mine else question.category,
        seller=question.seller or (tuple(seller) if seller and not question.excluded_seller else None),
        limits=limits,
        follows=True,
    )


def _carried(intent: str) -> str:
    """What is asked goes on through a follow-up, except where the answer was about who or which."""
    return intent if intent in {"cheapest", "dearest", "count"} else "find"


def _pointed(word: str, ids: Sequence[int]) -> tuple[int, ...]:
    for name, place in words.ORDINALS.items():
        if name in word and place < len(ids):
            return (ids[place],)
    return tuple(ids) if re.search(r"both|they|them|these|those|cheaper|dearer|diese", word) else (ids[0],)


def remembered(question: Question, products: Sequence[int]) -> dict[str, Any]:
    """What the next question may lean on."""
    return {
        "products": list(products)[:5],
        "question": {
            "intent": question.intent,
            "terms": list(question.terms),
            "category": question.category,
            "seller": list(question.seller) if question.seller else None,
            "low": _plain(question.limits.low),
            "high": _plain(question.limits.high),
            "currency": question.limits.currency,
            "below": question.limits.below,
            "above": question.limits.above,
        },
    }


def corrected(terms: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The terms with misspelt ones replaced by the closest known word."""
    found = []
    for term in terms:
        alike = [word for word in known if word[:1] == term[:1] and abs(len(word) - len(term)) <= 2]
        close = get_close_matches(term, alike, n=1, cutoff=0.8) if len(term) > 3 else []
        found.append(close[0] if close else term)
    return tuple(found)
