"""Words statements: one message file a language, plural and currency rules from CLDR. Whatever leaves is worded here."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_currency
from fluent.runtime import FluentBundle, FluentResource

from chat_service import statements as says
from chat_service.clients.catalog import Product, Range

FOLDER = Path(__file__).with_name("messages")
FALLBACK = "en"


@cache
def languages() -> frozenset[str]:
    """The languages that answers are worded in: one for each message file."""
    return frozenset(path.stem for path in FOLDER.glob("*.ftl"))


@cache
def wording(language: str) -> "Wording":
    """The wording of a language, or English for one that has no file."""
    return Wording(language if language in languages() else FALLBACK)


class Wording:
    """Says statements in one language; every message that is asked for must be in its file."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        # The pages isolate names of another direction themselves.
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource((FOLDER / f"{language}.ftl").read_text("utf-8")))

    def message(self, key: str, /, **values: Any) -> str:
        """One message with its values; KeyError when the file lacks it, ValueError when a value is missing."""
        pattern = self._bundle.get_message(key).value
        assert pattern is not None
        text, errors = self._bundle.format_pattern(pattern, values)
        if errors:
            raise ValueError(f"{key} in {self.language}: {errors}")
        return str(text)

    def has(self, key: str) -> bool:
        return self._bundle.has_message(key)

    def money(self, price: str, currency: str) -> str:
        """An amount as the pages write it."""
        return format_currency(Decimal(price), currency, locale=self._locale, decimal_quantization=False)

    def topic(self, name: str) -> str:
        """A topic or a field in this language; an attribute's name as its seller wrote it."""
        for kind in ("topic", "field"):
            if self.has(f"{kind}-{name}"):
                return self.message(f"{kind}-{name}")
        return name.replace("_", " ")

    def say(self, statement: says.Statement) -> str:
        """The statement as one line or several."""
        text = _SAY[type(statement)](self, statement)
        text = text[:1].upper() + text[1:] if isinstance(statement, says.Comparison) else text
        # A name such as `Trail Co.` brings its own full stop.
        return text[:-1] if text.endswith("..") else text

    def progress(self, total: int) -> str:
        return self.message("progress", total=total)

    def scope(self, scope: says.Scope, shown: bool = False) -> str:
        """What a figure counts over, in brackets; nothing for the whole catalogue."""
        parts = [self.message("scope-shown")] if shown else []
        for name in ("words", "category", "seller"):
            if getattr(scope, name):
                parts.append(self.message(f"scope-{name}", **{name: getattr(scope, name)}))
        parts += self.limits(scope)
        if scope.without:
            parts.append(self.message("scope-without", words=", ".join(scope.without)))
        return self.message("scope", parts=", ".join(parts)) if parts else ""

    def limits(self, scope: says.Scope) -> list[str]:
        def amount(value: str | None) -> str:
            return self.money(value or "0", scope.currency) if scope.currency else str(value)

        low, high = amount(scope.min_price), amount(scope.max_price)
        if scope.min_price and scope.max_price and not (scope.above or scope.below):
            return [self.message("scope-between", low=low, high=high)]
        parts = []
        if scope.min_price:
            parts.append(self.message("scope-above" if scope.above else "scope-at-least", low=low))
        if scope.max_price:
            parts.append(self.message("scope-below" if scope.below else "scope-at-most", high=high))
        if scope.currency and not parts:
            parts.append(self.message("scope-currency", currency=scope.currency))
        return parts

    def quoted(self, words: str) -> str:
        """The shopper's own words, in the quotation marks of the language."""
        return self.message("scope-words", words=words)

    def joined(self, parts: list[str]) -> str:
        return format_list(parts, style="standard", locale=self._locale)

    def line(self, product: Product, name: str = "product-listed") -> str:
        price = self.money(product.price, product.currency)
        return self.message(name, name=product.name, price=price, seller=product.business_name)


def _product(words: Wording, one: says.ProductLine) -> str:
    text = words.line(one.product, "product-listed" if one.listed or one.fields or one.reason else "product")
    for field in one.fields:
        text = words.message("with-field", line=text, field=words.topic(field.name), value=field.value)
    if isinstance(one.reason, says.Attribute):
        text = words.message("with-field", line=text, field=words.topic(one.reason.name), value=one.reason.value)
    elif one.reason:
        text = words.message("with-quote", line=text, quote=one.reason.quote)
    return text if one.listed else text.removeprefix("- ")


def _listed(words: Wording, one: says.List) -> str:
    more = "yes" if one.total > one.count else "no"
    return words.message(one.kind, total=one.total, count=one.count, more=more, scope=words.scope(one.scope))


def _breakdown(words: Wording, one: says.Breakdown) -> str:
    rows = [words.message("row", name=row.name, count=row.count) for row in one.rows]
    return "\n".join([words.message(f"breakdown-{one.of}", scope=words.scope(one.scope)), *rows])


def _range(words: Wording, one: Range) -> str:
    low, high = (words.money(price, one.currency) for price in (one.min_price, one.max_price))
    return words.message("range", low=low, high=high, same="yes" if low == high else "no")


def _extreme(words: Wording, one: says.Extreme) -> str:
    scope = one.scope if one.scope.currency else one.scope.model_copy(update={"currency": one.currency})
    head = words.message(f"extreme-{one.order}", scope=words.scope(scope, one.among == "shown"))
    return "\n".join([head, *map(words.line, one.products)])


def _comparison(words: Wording, one: says.Comparison) -> str:
    values = [
        words.message("comparison-value", name=each.product.name, value=_compared(words, one.field, each))
        for each in one.values
    ]
    text = words.message("comparison", field=words.topic(one.field), values=words.joined(values))
    names = {each.product.id: each.product.name for each in one.values}
    if one.least is None or one.most is None:
        return f"{text} {words.message('comparison-same')}" if one.equal else text
    verdict = f"comparison-{one.field}" if words.has(f"comparison-{one.field}") else "comparison-other"
    ends = {"least": names[one.least], "most": names[one.most], "field": words.topic(one.field)}
    return f"{text} {words.message(verdict, **ends)}"


def _compared(words: Wording, field: str, one: says.Value) -> str:
    if field == "price":
        return words.money(one.product.price, one.product.currency)
    return one.value or words.message("not-stated")


def _difference(words: Wording, one: says.Difference) -> str:
    amount = words.money(one.amount, one.unit) if one.field == "price" else f"{one.amount} {one.unit}"
    return words.message("difference", amount=amount)


def _within(words: Wording, one: says.Within) -> str:
    product, limit = one.product, ", ".join(words.limits(one.scope))
    price = words.money(product.price, product.currency)
    return words.message("within-yes" if one.holds else "within-no", name=product.name, price=price, limit=limit)


def _unknown(words: Wording, one: says.Unknown) -> str:
    topic = words.quoted(one.words) if one.words else words.topic(one.topic)
    if one.product:
        product = one.product
        return words.message("unknown-product", topic=topic, name=product.name, seller=product.business_name)
    return words.message("unknown", topic=topic, seller=one.seller.name if one.seller else "none")


def _question(words: Wording, one: says.Question) -> str:
    options = [
        each.label if each.count is None else words.message("option", label=each.label, count=each.count)
        for each in one.options
    ]
    return words.message(f"question-{one.about}", options=", ".join(options))


def _scoped(name: Callable[[Any], str]) -> Callable[[Wording, Any], str]:
    return lambda words, one: words.message(name(one), total=getattr(one, "total", 0), scope=words.scope(one.scope))


_SAY: Mapping[type[says.Statement], Callable[[Wording, Any], str]] = {
    says.SmallTalk: lambda words, one: words.message(one.kind),
    says.ProductLine: _product,
    says.Attribute: lambda words, one: words.message(
        "attribute", name=one.product.name, field=words.topic(one.name), value=one.value
    ),
    says.Quotation: lambda words, one: words.message(
        "quotation", seller=one.product.business_name, name=one.product.name, quote=one.quote
    ),
    says.List: _listed,
    says.Nothing: _scoped(lambda one: "nothing"),
    says.Count: _scoped(lambda one: f"count-{one.of}"),
    says.Breakdown: _breakdown,
    says.PriceRange: lambda words, one: words.message(
        "price-range", scope=words.scope(one.scope), ranges=", ".join(_range(words, each) for each in one.ranges)
    ),
    says.Extreme: _extreme,
    says.Comparison: _comparison,
    says.Difference: _difference,
    says.Within: _within,
    says.Corrected: lambda words, one: words.message("corrected", asked=one.asked, read=one.read),
    says.Unread: lambda words, one: words.message("unread", words=", ".join(map(words.quoted, one.words))),
    says.Currency: lambda words, one: words.message(
        "currency", wished=one.wished, offered=words.joined(list(one.offered))
    ),
    says.Unknown: _unknown,
    says.ShopInfo: lambda words, one: words.message(
        "shop-info", seller=one.seller.name, topic=words.topic(one.page), quote=one.quote
    ),
    says.Question: _question,
}
