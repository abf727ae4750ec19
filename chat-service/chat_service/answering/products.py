"""Products by name, by what was shown, and by search: at most five, each with the reason why it is named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat_service.answering.asked import SHOWN, Asked
from chat_service.answering.figures import question
from chat_service.answering.finding import Match
from chat_service.answering.reasons import about_field, attributes, matched, reason, sentences
from chat_service.clients.catalog import Product
from chat_service.selections import Selection
from chat_service.statements import (
    FIELDS,
    Attribute,
    Corrected,
    Currency,
    FieldValue,
    List,
    Nothing,
    ProductLine,
    Quotation,
    Statement,
    Unknown,
    Within,
)
from chat_service.understanding.lexicon import in_catalogue, known_as

PLAIN_FIELDS = frozenset({"price", "seller", "category"})


def known(asked: Asked, products: Sequence[Product], rest: Sequence[str]) -> Iterator[Statement]:
    """Products that the question names or points at; `rest` are words that their names leave over."""
    if len(products) == 1:
        yield from one(asked, products[0], rest)
        return
    for product in products:
        yield line(asked, product, rest)
    yield from not_stated(asked, products)


def one(asked: Asked, product: Product, rest: Sequence[str]) -> Iterator[Statement]:
    selection, told = asked.base(), False
    if selection.priced:
        yield within(asked, product, selection)
        told = True
    for field in asked_fields(asked, product):
        stated = attributes(product, field)
        quoted = None if stated else first_sentence(product) if field == "description" else about_field(product, field)
        yield from stated
        if quoted or not stated:
            yield quoted or Unknown(topic=field, product=product)
        told = told or field != "description"
    left = [word for word in rest if not matched(f"{product.name} {product.category}", [word], asked.plan.language)]
    why = reason(product, [*left, *in_catalogue(left, asked.plan.language)], asked.plan.language)
    why = why or _of_kind(asked, product, left)
    if why and not (told and asked.plan.fields):
        yield why
    elif not told and not asked.plan.topics and (own := asked.quotable(" ".join(left))):
        yield Unknown(topic="advice", words=own, product=product)
    if not told or ("price" in asked.plan.fields and not selection.priced):
        yield ProductLine(product=product)
    if asked.plan.currency and asked.plan.currency != product.currency:
        query = {"products": [product.id]}
        yield Currency(wished=asked.plan.currency, offered=(product.currency,), query=query)


def _of_kind(asked: Asked, product: Product, words: Sequence[str]) -> Attribute | None:
    """What a product is made of where it is asked whether it is plastic."""
    fields = [field for word in words if (field := known_as(word, asked.plan.language))]
    return next((each for field in fields for each in attributes(product, field)), None)


def first_sentence(product: Product) -> Quotation | None:
    return next((Quotation(product=product, quote=each) for each in sentences(product.description)), None)


def asked_fields(asked: Asked, product: Product) -> list[str]:
    """The fields of the plan that can be answered: known ones, and attributes by the product's own names."""
    names = {str(name) for name in product.attributes}
    return [each for each in asked.plan.fields if each not in PLAIN_FIELDS and (each in FIELDS or each in names)]


def within(asked: Asked, product: Product, selection: Selection) -> Within:
    """Whether a price is within the limits; a limit without a currency is one in the product's own."""
    limits = Selection(
        currency=selection.currency or product.currency,
        low=selection.low,
        high=selection.high,
        above=selection.above,
        below=selection.below,
    )
    return Within(product=product, scope=asked.scope(limits), holds=limits.admits(product))


def line(asked: Asked, product: Product, words: Sequence[str], listed: bool = True) -> ProductLine:
    """One item of a list."""
    why = reason(product, words, asked.plan.language)
    found = [] if why else [each for field in asked_fields(asked, product) for each in attributes(product, field)]
    fields = tuple(FieldValue(name=each.name, value=each.value) for each in found)
    why = why or (None if fields else _said_of_fields(asked, product))
    return ProductLine(product=product, fields=fields, reason=why, listed=listed)


def _said_of_fields(asked: Asked, product: Product) -> Quotation | None:
    return next((found for each in asked_fields(asked, product) if (found := about_field(product, each))), None)


def not_stated(asked: Asked, products: Sequence[Product]) -> Iterator[Statement]:
    for field in asked.plan.fields:
        if field in FIELDS and field not in PLAIN_FIELDS | {"description"}:
            yield from (Unknown(topic=field, product=product) for product in products if not attributes(product, field))


def listing(asked: Asked, match: Match, words: Sequence[str]) -> Iterator[Statement]:
    """All that fits: how many, the first few, and a question back where they are many."""
    selection = match.selection
    if match.fits:
        yield from corrected(asked, words, match.read)
    if not match.fits and words:
        yield Nothing(scope=asked.scope(replace(selection, words=" ".join(words))))
    total = asked.reading.total(selection)
    if not total:
        yield from nothing(asked, match, words)
        return
    order = asked.plan.order if asked.plan.sorted else None
    spans = asked.reading.facets(selection).currencies if order else ()
    if len(spans) == 1:
        selection = replace(selection, currency=spans[0].currency)
    products = asked.reading.search(selection, order, SHOWN)
    looked = [*words, *(match.read or "").split()]
    if total == 1 and len(products) == 1 and match.fits:
        yield line(asked, products[0], looked, listed=False)
        yield from not_stated(asked, products)
        return
    scope = asked.scope(selection)
    yield List(kind="list" if match.fits else "nearest", scope=scope, total=total, count=len(products))
    yield from (line(asked, product, looked) for product in products)
    yield from not_stated(asked, products) if asked.plan.fields else ()
    if total > SHOWN and match.fits:
        yield from question(asked, selection)


def corrected(asked: Asked, words: Sequence[str], read: str | None) -> Iterator[Statement]:
    """That other words were looked for, where the shopper's own can be quoted."""
    own = asked.quotable(" ".join(words))
    if own and read and own != read:
        yield Corrected(asked=own, read=read)


def nothing(asked: Asked, match: Match, words: Sequence[str]) -> Iterator[Statement]:
    """That nothing fits, and what comes nearest: without the price, the seller or the category."""
    selection = match.selection
    if match.fits:
        yield Nothing(scope=asked.scope(selection))
    for looser in _looser(selection):
        total = asked.reading.total(looser)
        if total:
            order = None if not selection.priced else "cheapest" if selection.high is not None else "dearest"
            products = asked.reading.search(looser, order, SHOWN)[:3]
            if selection.currency and all(product.currency != selection.currency for product in products):
                offered = tuple(each.currency for each in asked.reading.facets(looser).currencies)
                yield Currency(wished=selection.currency, offered=offered, query=looser.query())
            yield List(kind="nearest", scope=asked.scope(looser), total=total, count=len(products))
            yield from (line(asked, product, words) for product in products)
            return


def _looser(selection: Selection) -> Iterator[Selection]:
    """Less narrow, one way after the other; what is left out stays out."""
    if selection.priced:
        yield replace(selection.anywhere)
        yield replace(selection.anywhere, currency=None)
    if selection.currency:
        yield replace(selection, currency=None)
    if selection.words and (selection.business or selection.category):
        yield Selection(words=selection.words, without=selection.without)
        yield Selection(category=selection.category, business=selection.business, without=selection.without)
