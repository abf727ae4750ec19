"""What a sentence mentions: products, sellers, categories, amounts, numbers, and the words that are left."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from chat_service import prose, questions, words
from chat_service.clients.catalog import Product
from chat_service.questions import Limits, fold, stem
from chat_service.tools import Sources

_MARKUP = re.compile(r"[*_`#>|~]+|^\s*(?:[-\u2022\u2013\u2014+]|\d{1,2}[.)])\s+")
_MONEY = re.compile(rf"(?<![\w.,]){questions.money_pattern('')}(?![\w%])")
_PRICED = re.compile(
    r"(?:costs?|prices?d?(?: (?:at|of|is))?|kosten|kostet?|coûte(?:nt)?|cuestan?|costa(?:no)?|custam?)\W*$"
)
_DIGITS = re.compile(rf"(?<![\w.,]){questions.NUMBER}(?!\w)|\d\S*")
_INTENTS = dict(words.INTENTS)
_COMPARING = re.compile(
    "|".join(
        rf"(?<!\w)(?:{pattern})(?!\w)"
        for pattern in (_INTENTS["cheapest"], _INTENTS["dearest"], prose.CHEAPER, prose.DEARER)
    )
)
_CURRENCY = re.compile(rf"(?<![^\W_])(?:{'|'.join(re.escape(word) for word in words.CURRENCIES)})(?![^\W_])")


@dataclass
class Mention:
    """A product's name at a place; several products may bear the name until price and seller tell them apart."""

    start: int
    products: list[Product]


@dataclass
class Amount:
    start: int
    value: Decimal
    currency: str | None
    before: str


@dataclass
class Count:
    start: int
    value: Decimal
    after: tuple[str, ...]


@dataclass
class Sentence:
    """One sentence taken apart; `rest` is its text without names, amounts and limits."""

    text: str
    folded: str
    bullet: bool
    names: list[Mention] = field(default_factory=list)
    sellers: list[tuple[int, str]] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    tokens: list[str] = field(default_factory=list)
    rest: str = ""
    invented: bool = False

    def has(self, pattern: str) -> bool:
        return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", self.rest) is not None


def stems(*texts: str) -> set[str]:
    return {stem(token) for text in texts for token in questions.TOKEN.findall(fold(text))}


def product_words(product: Product) -> set[str]:
    attributes = (f"{name} {value}" for name, value in product.attributes.items())
    return stems(product.name, product.description, product.category, product.business_name, *attributes)


def read(text: str, sources: Sources) -> Sentence:
    """Takes a sentence apart by the names that the turn's sources hold."""
    plain = _MARKUP.sub(" ", text)
    found = Sentence(
        text, fold(plain).strip(), bullet=bool(re.match(r"\s*(?:[-*\u2022\u2013\u2014+]|\d{1,2}[.)])\s", text))
    )
    masked = found.folded
    products = list(sources.products.values())
    masked = _names(found, masked, products)
    for name in _longest(_said(_seller_names(sources), masked)):
        for match in _whole(name).finditer(masked):
            found.sellers.append((match.start(), name))
            masked = _blank(masked, match)
    for name in _longest(_said(_category_names(sources), masked)):
        for match in _whole(name).finditer(masked):
            found.categories.append(name)
            masked = _blank(masked, match)
    found.limits, rest = questions.limits_in(masked, worded=True)
    masked = _amounts(found, masked)
    for match in _CURRENCY.finditer(masked):
        found.currencies.append(words.CURRENCIES[match[0]])
        # "in euros" names a currency; "one euro" is an amount in words, which no source can vouch for.
        found.invented |= re.search(r"(?<!\w)(?:in|en|em)\W*$", masked[: match.start()]) is None
    masked = _CURRENCY.sub(" ", masked)
    masked = _partial_names(found, masked, products)
    known = set().union(*(stems(product.name, product.category) for product in products), set())
    _numbers(found, masked, known)
    masked = _COMPARING.sub(" ", _DIGITS.sub(" ", masked))
    found.tokens = questions.TOKEN.findall(masked.replace("\0", " "))
    found.rest = rest.replace("\0", " ")
    found.sellers.sort()
    found.names.sort(key=lambda mention: mention.start)
    return found


def _said(names: Iterable[str], text: str) -> set[str]:
    """Those of perhaps thousands of names that can be in the text at all."""
    return {name for name in set(names) if fold(name).split(" ")[0] in text}


def _longest(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if questions.TOKEN.search(fold(name))}, key=len, reverse=True)


def _seller_names(sources: Sources) -> list[str]:
    named = [seller.name for _, facets in sources.facets for seller in facets.businesses]
    return named + [product.business_name for product in sources.products.values()]


def _category_names(sources: Sources) -> list[str]:
    named = [name for _, facets in sources.facets for name in facets.categories]
    return named + [product.category for product in sources.products.values()]


def _whole(name: str) -> re.Pattern[str]:
    tokens = questions.TOKEN.findall(fold(name))
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, tokens)) + r"(?:'s)?(?!\w)")


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]


def _names(found: Sentence, masked: str, products: list[Product]) -> str:
    bearers: dict[str, list[Product]] = {}
    for product in products:
        bearers.setdefault(fold(product.name), []).append(product)
    for name in _longest(bearers):
        for match in _whole(name).finditer(masked):
            found.names.append(Mention(match.start(), list(bearers[name])))
            masked = _blank(masked, match)
    return masked


def _partial_names(found: Sentence, masked: str, products: list[Product]) -> str:
    """Names said in part: `the kettle`. Words of different names put together make a name that nobody bears."""
    vocabulary = [(product, stems(product.name)) for product in products]
    known = set().union(*(name for _, name in vocabulary)) if vocabulary else set()
    for run in re.finditer(r"[^\W\d_]+(?:[ '-]+[^\W\d_]+)*", masked):
        part: list[re.Match[str]] = []
        for token in [*re.finditer(r"[^\W\d_]+", run[0]), None]:
            if token and stem(token[0]) in known and token[0] not in prose.PROSE:
                part.append(token)
            elif part:
                wanted = {stem(each[0]) for each in part}
                bearers = [product for product, name in vocabulary if wanted <= name]
                if not bearers:
                    found.invented = True
                elif len(bearers) == 1 and not any(product in bearers for m in found.names for product in m.products):
                    found.names.append(Mention(run.start() + part[0].start(), bearers))
                part = []
    return masked


def _amounts(found: Sentence, masked: str) -> str:
    for match in _MONEY.finditer(masked):
        value, currency = questions.amount_in(match)
        priced = _PRICED.search(masked[: match.start()])
        if value is not None and (currency or priced):
            found.amounts.append(Amount(match.start(), value, currency, masked[: match.start()]))
            masked = _blank(masked, match)
    return masked


def _numbers(found: Sentence, masked: str, known: set[str]) -> None:
    tokens = [(match.start(), match[0]) for match in re.finditer(r"\d[\d.,]*\d|\d|[^\W\d_]+", masked)]
    for index, (start, token) in enumerate(tokens):
        after = tuple(word for _, word in tokens[index + 1 : index + 4])
        value = questions.number(token) if token[0].isdigit() else _worded(token, after, known)
        if value is not None:
            found.counts.append(Count(start, value, after))


def _worded(token: str, after: tuple[str, ...], known: set[str]) -> Decimal | None:
    if token in prose.NUMBERS:
        return Decimal(prose.NUMBERS[token])
    # "one" is a number only in front of what is counted: "one product", not "this one".
    nouns = prose.COUNTED | prose.SELLING | prose.GROUPING
    counted = token == "one" and after and (after[0] in nouns or stem(after[0]) in known)
    return Decimal(1) if counted else None
