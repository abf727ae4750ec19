"""The statements that answer a plan, one after the other as they are known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat_service.answering import figures
from chat_service.answering.asked import SHOWN, Asked
from chat_service.answering.comparing import compared
from chat_service.answering.finding import Match, match
from chat_service.answering.products import corrected, known, listing
from chat_service.answering.topics import topic
from chat_service.clients.catalog import Product
from chat_service.selections import Selection
from chat_service.statements import Nothing, Option, Question, SmallTalk, Statement, Unread
from chat_service.understanding.text import fold, same, tokens

CATEGORIES = 8


def answer(asked: Asked) -> Iterator[Statement]:
    """All that is said to a question; Unavailable when the catalogue does not answer."""
    silent = True
    for statement in _statements(asked):
        silent = False
        yield statement
    if silent:
        yield SmallTalk(kind="help")


def _statements(asked: Asked) -> Iterator[Statement]:
    plan = asked.plan
    if plan.ask in {"greeting", "thanks", "help"} and not (plan.narrowed or plan.topics or plan.shown):
        yield SmallTalk(kind=plan.ask)
        return
    if plan.asks_which:
        yield ask_back(asked)
        return
    products = pointed(asked)
    named_now = list(products)
    if not plan.topics or plan.narrowed:
        for statement in _about_products(asked, products):
            named_now += statement.shown
            yield statement
    if "instruction" in plan.topics:
        # What a question tells the assistant to do is nothing to be looked up or said.
        return
    for name in plan.topics:
        yield from topic(asked, name, list({product.id: product for product in named_now}.values()))
    yield from unread(asked, products)


def pointed(asked: Asked) -> list[Product]:
    """The products that the question points at or names."""
    shown = asked.listings()
    if shown and asked.plan.about:
        return [each for each in shown if asked.mentions_all(each, asked.words)] or asked.named
    return shown or asked.named


def _about_products(asked: Asked, products: Sequence[Product]) -> Iterator[Statement]:
    plan = asked.plan
    sides = _sides(asked, products) if plan.ask == "compare" else []
    if len(sides) > 1:
        yield from compared(sides, plan.fields)
    elif plan.order in {"cheapest", "dearest"} and len(products) > 1 and not plan.shown:
        yield from compared(products, ["price"])
    elif plan.order in {"cheapest", "dearest"} and len(products) > 1:
        yield from figures.extremes_of(list(products), plan.order)
    elif products:
        yield from known(asked, products, asked.left_over(products))
    elif plan.about or plan.ask != "products" or not plan.topics:
        yield from _searched(asked)


def _sides(asked: Asked, products: Sequence[Product]) -> list[Product]:
    """What is to be compared: the products that are named, else the best match for each thing that is asked about."""
    if len(products) > 1 or not asked.plan.about:
        return list(products)
    if len(asked.plan.about) == 1:
        each = match(asked, asked.words, asked.base())
        few = each is not None and each.fits and asked.reading.total(each.selection) <= SHOWN
        return asked.reading.search(each.selection, limit=SHOWN) if few and each else list(products)
    found: dict[int, Product] = {}
    for phrase in asked.plan.about:
        words = fold(phrase).split()
        each = match(asked, words, asked.base())
        named_here = [product for product in products if fold(product.name) == fold(phrase)]
        first = named_here or (asked.reading.search(each.selection, limit=1) if each else [])
        found.update({product.id: product for product in first})
    return list(found.values())


def _searched(asked: Asked) -> Iterator[Statement]:
    """Answers from a search: of all words together, else of each thing that is asked about."""
    base = asked.base()
    phrases = [fold(phrase).split() for phrase in asked.plan.about]
    whole = match(asked, asked.words, base)
    if asked.plan.topics and not (whole and whole.fits and _are_names(asked, whole)):
        # Its words go with what the catalogue cannot know: "do you ship to Norway?"
        return
    if whole is None and (base.category or base.business) and len(phrases) < 2:
        yield Nothing(scope=asked.scope(replace(base, words=" ".join(asked.words))))
        whole = Match(base, lacks=tuple(asked.words))
        yield from _figures(asked, whole, [])
        return
    if whole and (whole.fits or len(phrases) < 2):
        yield from _figures(asked, whole, asked.words)
        return
    found = [(phrase, each) for phrase in phrases if (each := match(asked, phrase, base))]
    fitting = [(phrase, each) for phrase, each in found if each.fits] or found[:1]
    for phrase in phrases:
        if fitting and all(phrase != other for other, _ in found):
            yield Nothing(scope=asked.scope(replace(base, words=" ".join(phrase))))
    for phrase, each in fitting[:2]:
        yield from _figures(asked, each, phrase)
    if not fitting:
        yield from nowhere(asked, base)


def _are_names(asked: Asked, match: Match) -> bool:
    """Whether things are called so, rather than only spoken of in their descriptions."""
    first = asked.reading.search(match.selection, limit=1)
    said = [said for product in first for said in tokens(f"{product.name} {product.category} {product.business_name}")]
    words = (match.selection.words or "").split()
    return all(any(same(word, each, asked.plan.language) for each in said) for word in words)


def _figures(asked: Asked, match: Match, words: Sequence[str]) -> Iterator[Statement]:
    plan = asked.plan
    asks = (plan.order and not plan.sorted) or plan.ask in {"count", "price_range", "sellers", "categories"}
    if asks and (match.fits or not words) and asked.reading.total(match.selection):
        yield from corrected(asked, words, match.read)
        yield from figures.figures(asked, match.selection)
    else:
        yield from listing(asked, match, words)


def nowhere(asked: Asked, base: Selection) -> Iterator[Statement]:
    """That the catalogue has nothing of the kind, and what it has."""
    yield Nothing(scope=asked.scope(replace(base, words=" ".join(asked.words) or None)))
    yield ask_back(asked)


def ask_back(asked: Asked) -> Question:
    """What is being looked for, and what there is."""
    categories = [(name, count) for name, count in asked.everything.categories.items() if name][:CATEGORIES]
    options = tuple(Option(label=name, count=count, message=name) for name, count in categories)
    return Question(about="words", options=options)


def unread(asked: Asked, products: Sequence[Product]) -> Iterator[Statement]:
    """What of the question was not used; parts of a name were."""
    names = fold(" ".join(product.name for product in products))
    words = [word for word in asked.plan.unread if fold(word) not in names]
    words += asked.beside(products)
    said = tuple(own for word in words if (own := asked.quotable(word)))
    if said:
        yield Unread(words=said)
