"""The assistant that needs no model: plain sentences, every figure and name from the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from chat_service import lookup, questions
from chat_service.clients.catalog import Facets, Product
from chat_service.lookup import SHOWN, excludes, kept, left_out, settled
from chat_service.measures import CORRECTIONS
from chat_service.questions import TOKEN, Limits, Question, fold, remembered, stem
from chat_service.tools import Fact, Tools
from chat_service.verification import unsupported
from chat_service.wording import (
    CAN_DO,
    Answer,
    count_fact,
    currencies_note,
    described,
    facts_of,
    listed,
    plural,
    range_facts,
    superlative,
    told,
)

log = structlog.get_logger(__name__)

Handler = Callable[[Question, Tools, Facets], Answer]
_SELLERS = frozenset(
    {"sellers", "shops", "businesses", "stores", "vendors", "händler", "verkäufer", "vendeurs", "vendedores"}
)


def answer(text: str, tools: Tools, everything: Facets, context: Mapping[str, Any] | None = None) -> Answer:
    """The answer to a question; Unavailable when the catalogue does not answer."""
    question = questions.read(text, everything, context)
    found = HANDLERS.get(question.intent, find)(question, tools, everything)
    wrong = unsupported(found, tools.sources, question)
    if wrong:
        CORRECTIONS.labels(f"builtin {wrong}").inc()
        log.error("built-in answer is not borne out by its sources", field=wrong)
        found = plain(found, tools)
    if question.products:
        # What was asked before stays what a follow-up leans on; only the products pointed at are new.
        before = (context or {}).get("question", {})
        found.context = {"products": [product.id for product in found.products], "question": before}
    if not found.context:
        found.context = remembered(question, [product.id for product in found.products])
    return found


def plain(found: Answer, tools: Tools) -> Answer:
    """What the catalogue says now of the products that an answer named."""
    products = tools.compare([product.id for product in found.products])
    return told(products) if products else Answer(CAN_DO)


def find(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Products by name, category, seller and price."""
    if question.products:
        return pointed(question, tools)
    if not (question.narrowed or question.limits.given or question.limits.currency or excludes(question)):
        return Answer(CAN_DO)
    exact = lookup.named(question, tools) or lookup.on_each_side(question, tools, everything)
    if exact:
        return about(question, exact)
    if question.limits.empty:
        return nothing(question, tools)
    before = question
    question, note = settled(question, tools, everything)
    exact = lookup.named(question, tools) if note else []
    if exact and note == lookup.CLOSEST:
        return about(before, exact)
    if exact:
        return about(question, exact, note)
    return matching(question, tools, note)


def about(question: Question, products: list[Product], note: str = "") -> Answer:
    """Products by their name; whether they are what was asked for, when a price or a seller was."""
    limits, seller = question.limits, question.seller
    fitting = [product for product in products if _fits(product, limits, seller)]
    asked = {stem(term) for term in question.terms}
    known = {stem(token) for product in products for token in TOKEN.findall(fold(product.name))}
    # A yes to words that were not understood might confirm what no listing says.
    if ((limits.given and not limits.bare) or seller) and asked <= known:
        note += "Yes. " if fitting else "No. "
    return told(fitting or products, note)


def _fits(product: Product, limits: Limits, seller: tuple[int, str] | None) -> bool:
    return limits.admits(product.price, product.currency) and (seller is None or product.business == seller[0])


def matching(question: Question, tools: Tools, note: str) -> Answer:
    """All that fits: how many, and the first few."""
    facets = tools.facets(question.filters)
    total = facets.total - left_out(question, tools)
    if total <= 0:
        return nothing(question, tools)
    products = kept(question, tools.search(question.filters, limit=100 if excludes(question) else SHOWN))[:SHOWN]
    if total == 1 and len(products) == 1:
        found = told(products, note)
    else:
        head = f"{note}I found {plural(total)} {described(question)}".rstrip() + ":"
        found = listed(head, products, total - len(products), currencies_note(question, facets))
        found.facts.append(count_fact(total, question))
    found.context = remembered(question, [product.id for product in products])
    return found


def nothing(question: Question, tools: Tools) -> Answer:
    """An honest no: what was looked for, and what there is without the price limit."""
    limits = question.limits
    context = remembered(question, [])
    facts = [] if limits.empty else [count_fact(0, question)]
    if not (limits.given and question.narrowed):
        if question.narrowed or limits.currency:
            return Answer(
                f"The catalogue does not carry anything {described(question)}.", [], facts, context, nothing=True
            )
        return Answer(f"Nothing in the catalogue is {described(question)}.", [], facts, context, nothing=True)
    wide = replace(question, limits=Limits(currency=limits.currency))
    facets = tools.facets(wide.filters)
    if not facets.total and limits.currency:
        wide = replace(question, limits=Limits())
        facets = tools.facets(wide.filters)
    text = f"Nothing in that range: the catalogue has nothing {described(question)}."
    if facets.total:
        lines = [f"- {plural(s.count)} from {s.min_price} to {s.max_price} {s.currency}" for s in facets.currencies]
        text = "\n".join([text, f"Without the limit there {is_or_are(facets.total)} {plural(facets.total)}:", *lines])
        facts += range_facts(facets, wide)
    return Answer(text, [], facts, context, nothing=True)


def is_or_are(count: int) -> str:
    return "is" if count == 1 else "are"


def pointed(question: Question, tools: Tools) -> Answer:
    """About products that the turn before named."""
    products = tools.compare(question.products)
    if not products:
        return Answer("What we spoke of is no longer in the catalogue.", context={"products": []})
    return told(products)


def extreme(question: Question, tools: Tools, everything: Facets) -> Answer:
    """The cheapest or the most expensive, for each currency."""
    if len(question.products) > 1:
        return compare(question, tools, everything)
    dearest = question.intent == "dearest"
    word = "most expensive" if dearest else "cheapest"
    question, note = settled(replace(question, products=()), tools, everything)
    if excludes(question):
        return extreme_without(question, tools, word)
    found = [] if question.limits.empty else tools.extremes(question.filters, dearest)
    if not found:
        return nothing(question, tools)
    where = described(replace(question, limits=replace(question.limits, currency=None)))
    scoped = len(found) > 1 or question.limits.currency is not None
    sentences = [superlative(one, word, where, scoped) for one in found]
    products = [product for one in found for product in one.products]
    facts = [fact for product in products for fact in facts_of(product)]
    for one in found:
        facts += [Fact(one.field, p.money, p.id, p.version, one.filters.given()) for p in one.products]
    return Answer(note + "\n".join(sentences), products, facts, remembered(question, [p.id for p in products]))


def extreme_without(question: Question, tools: Tools, word: str) -> Answer:
    """The same with something left out, which the catalogue cannot be asked for: among the first hundred."""
    dearest = question.intent == "dearest"
    found = []
    for span in tools.facets(question.filters).currencies:
        within = replace(question.filters, currency=span.currency)
        found += kept(question, tools.search(within, "-price" if dearest else "price", 100))[:1]
    if not found:
        return nothing(question, tools)
    each = "" if len(found) == 1 else ", for each currency"
    return listed(f"The {word} {described(question)}{each}:", found)


def count(question: Question, tools: Tools, everything: Facets) -> Answer:
    """How many products, or sellers, or categories."""
    tokens = set(TOKEN.findall(question.text))
    if any(token.startswith(("categor", "kategor", "catégor")) for token in tokens):
        return categories(question, tools, everything)
    if not question.terms and tokens & _SELLERS:
        return sellers(question, tools, everything)
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    total = 0 if question.limits.empty else facets.total - left_out(question, tools)
    if total <= 0:
        return nothing(question, tools)
    text = f"{note}There {is_or_are(total)} {plural(total)} {described(question)}".rstrip() + "."
    tail = currencies_note(question, facets)
    return Answer(f"{text} {tail}".rstrip(), [], [count_fact(total, question)])


def compare(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Two or more products side by side."""
    if question.products:
        products = tools.compare(question.products)
    else:
        products = lookup.on_each_side(question, tools, everything, loosely=True)
    if len(products) < 2:
        found = find(replace(question, intent="find", products=()), tools, everything)
        if len(found.products) < 2:
            found.text += "\nName two products and I compare them."
        return found
    found = listed("Side by side:", products[:SHOWN])
    if len({product.currency for product in products}) > 1:
        found.text += "\nTheir prices are in different currencies, so I do not compare these."
        return found
    low, high = min(products, key=lambda p: p.price_minor), max(products, key=lambda p: p.price_minor)
    if low.price_minor == high.price_minor:
        found.text += "\nTheir prices are the same."
    else:
        found.text += f"\n{low.name} is cheaper than {high.name}."
    return found


def sellers(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Who sells it."""
    if question.products:
        return pointed(question, tools)
    exact = lookup.named(question, tools)
    if exact:
        return about(question, exact)
    question, note = settled(question, tools, everything)
    exact = lookup.named(question, tools) if note else []
    if exact:
        return about(question, exact, note)
    facets = tools.facets(question.filters)
    if not facets.total:
        return nothing(question, tools)
    shown = facets.businesses[:10]
    lines = "\n".join(f"- {seller.name}: {plural(seller.count)}" for seller in shown)
    more = f"\n…and {len(facets.businesses) - len(shown)} more." if len(facets.businesses) > len(shown) else ""
    number = len(facets.businesses)
    head = f"{note}{plural(number, 'seller has', 'sellers have')} products {described(question)}".rstrip()
    query = question.filters.given()
    facts = [Fact("sellers", str(number), query=query)]
    facts += [Fact("count", str(seller.count), query={**query, "business": seller.id}) for seller in shown]
    return Answer(f"{head}:\n{lines}{more}", [], facts)


def categories(question: Question, tools: Tools, everything: Facets) -> Answer:
    """What there is, by category."""
    if question.terms:
        return find(replace(question, intent="find"), tools, everything)
    facets = tools.facets(question.filters)
    query = question.filters.given()
    if not facets.total:
        return nothing(question, tools) if query else Answer("The catalogue is empty.", [], [count_fact(0, question)])
    shown = sorted(facets.categories.items(), key=lambda item: (-item[1], item[0]))[:20]
    lines = "\n".join(f"- {name}: {plural(number)}" for name, number in shown)
    groups = plural(len(facets.categories), "category", "categories")
    head = f"There {is_or_are(facets.total)} {plural(facets.total)} {described(question)}".rstrip()
    facts = [
        Fact("count", str(facets.total), query=query),
        Fact("categories", str(len(facets.categories)), query=query),
    ]
    facts += [Fact("count", str(number), query={**query, "category": name}) for name, number in shown]
    return Answer(f"{head} in {groups}:\n{lines}", [], facts)


def spread(question: Question, tools: Tools, everything: Facets) -> Answer:
    """From which price to which."""
    exact = lookup.named(question, tools)
    if exact:
        return about(question, exact)
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    if not facets.total:
        return nothing(question, tools)
    lines = [f"- {plural(s.count)} from {s.min_price} to {s.max_price} {s.currency}" for s in facets.currencies]
    head = f"{note}Prices {described(question)}".rstrip() + ":"
    return Answer("\n".join([head, *lines]), [], range_facts(facets, question))


def says(text: str) -> Handler:
    return lambda question, tools, everything: Answer(text, context={"products": []})


HANDLERS: dict[str, Handler] = {
    "find": find,
    "cheapest": extreme,
    "dearest": extreme,
    "count": count,
    "compare": compare,
    "sellers": sellers,
    "categories": categories,
    "range": spread,
    "help": says(CAN_DO),
    "greeting": says(f"Hello! {CAN_DO}"),
    "thanks": says("You are welcome. Ask me for any product, category or price."),
}
