"""The assistant that needs no model: plain sentences, every figure and name from the catalogue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat_service import questions, words
from chat_service.clients.catalog import Facets, Filters, Product
from chat_service.questions import Question, fold, remembered
from chat_service.tools import Extreme, Fact, Tools

SHOWN = 5

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


def answer(text: str, tools: Tools, everything: Facets, context: Mapping[str, Any] | None = None) -> Answer:
    """The answer to a question; Unavailable when the catalogue does not answer."""
    question = questions.read(text, everything, context)
    found = HANDLERS.get(question.intent, find)(question, tools, everything)
    if not found.context:
        found.context = remembered(question, [product.id for product in found.products])
    return found


def line(product: Product) -> str:
    """One product with its exact price and seller."""
    return f"{product.name}: {product.money}, sold by {product.business_name}"


def facts_of(product: Product) -> list[Fact]:
    """What `line` says of a product."""
    said = {"name": product.name, "price": product.money, "seller": product.business_name}
    return [Fact(name, value, product.id, product.version) for name, value in said.items()]


def listed(head: str, products: Sequence[Product], more: int = 0, tail: str = "") -> Answer:
    """A head line, up to five products, how many more there are."""
    lines = [head, *(f"- {line(product)}" for product in products)]
    if more > 0:
        lines.append(f"…and {more} more.")
    if tail:
        lines.append(tail)
    return Answer("\n".join(lines), list(products), [fact for product in products for fact in facts_of(product)])


def plural(count: int, one: str = "product", many: str = "products") -> str:
    return f"{count} {one if count == 1 else many}"


def described(question: Question) -> str:
    """The filters in words, built from the catalogue's own names and from numbers."""
    parts = []
    if question.category:
        parts.append(f"in {question.category}")
    if question.seller:
        parts.append(f"from {question.seller[1]}")
    if question.terms:
        parts.append("matching “{}”".format(" ".join(question.terms)))
    limits, code = question.limits, question.limits.currency
    money = f" {code}" if code else ""
    if limits.low is not None and limits.high is not None:
        parts.append(f"between {limits.low:.2f} and {limits.high:.2f}{money}")
    elif limits.high is not None:
        parts.append(f"up to {limits.high:.2f}{money}")
    elif limits.low is not None:
        parts.append(f"from {limits.low:.2f}{money} up")
    elif code:
        parts.append(f"in {code}")
    for name in (question.excluded_category, question.excluded_seller and question.excluded_seller[1]):
        if name:
            parts.append(f"without {name}")
    if question.excluded_terms:
        parts.append("without “{}”".format(" ".join(question.excluded_terms)))
    return " ".join(parts)


def currencies_note(question: Question, facets: Facets) -> str:
    if question.limits.given and not question.limits.currency and len(facets.currencies) > 1:
        return "Each price is compared in the product's own currency."
    return ""


def find(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Products by name, category, seller and price."""
    if question.products:
        return pointed(question, tools)
    if not (question.narrowed or question.limits.given or question.limits.currency or excludes(question)):
        return Answer(CAN_DO)
    if question.limits.empty:
        return nothing(question, tools)
    exact = named_in(question, tools)
    if exact:
        return listed_or_one(exact)
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    total = facets.total - without(question, tools)
    if total <= 0:
        return nothing(question, tools)
    products = kept(question, tools.search(question.filters, limit=100 if excludes(question) else SHOWN))[:SHOWN]
    if total == 1 and len(products) == 1:
        found = listed_or_one(products)
        found.text = f"{note}{found.text}"
    else:
        head = f"{note}I found {plural(total)} {described(question)}".rstrip() + ":"
        found = listed(head, products, total - len(products), currencies_note(question, facets))
        found.facts.append(count_fact(total, question))
    found.context = remembered(question, [product.id for product in products])
    return found


def listed_or_one(products: Sequence[Product]) -> Answer:
    if len(products) > 1:
        return listed("Here is what the catalogue says:", products)
    product = products[0]
    text = f"{product.name} costs {product.money}, sold by {product.business_name}. Category: {product.category}."
    facts = [*facts_of(product), Fact("category", product.category, product.id, product.version)]
    return Answer(text, [product], facts)


def count_fact(total: int, question: Question) -> Fact:
    query = question.filters.given()
    for name, value in (
        ("category", question.excluded_category),
        ("business", question.excluded_seller and question.excluded_seller[0]),
        ("q", " ".join(question.excluded_terms)),
    ):
        if value:
            query["without"] = {name: value}
    return Fact("count", str(total), query=query)


def excludes(question: Question) -> bool:
    return bool(question.excluded_category or question.excluded_seller or question.excluded_terms)


def without(question: Question, tools: Tools) -> int:
    """How many of the products that fit are to be left out."""
    if not excludes(question):
        return 0
    filters = question.filters
    if question.excluded_category:
        if filters.category:
            return 0
        filters = replace(filters, category=question.excluded_category)
    elif question.excluded_seller:
        filters = replace(filters, business=question.excluded_seller[0])
    else:
        filters = replace(filters, q=" ".join((*question.terms, *question.excluded_terms)))
    return tools.facets(filters).total


def kept(question: Question, products: Sequence[Product]) -> list[Product]:
    def left_out(product: Product) -> bool:
        text = {
            questions.stem(token) for token in questions.TOKEN.findall(fold(f"{product.name} {product.description}"))
        }
        return (
            product.category == question.excluded_category
            or (question.excluded_seller is not None and product.business == question.excluded_seller[0])
            or (bool(question.excluded_terms) and {questions.stem(term) for term in question.excluded_terms} <= text)
        )

    return [product for product in products if not left_out(product)]


def named_in(question: Question, tools: Tools) -> list[Product]:
    """The products whose whole name stands in the question."""
    if not question.terms:
        return []
    found = tools.search(Filters(q=" ".join(question.terms)), limit=20)
    names = {product.id: f" {' '.join(questions.TOKEN.findall(fold(product.name)))} " for product in found}
    asked = f" {' '.join(questions.TOKEN.findall(question.text))} "
    inside = [product for product in found if names[product.id] in asked]
    longest = [
        p
        for p in inside
        if not any(names[p.id] != n and names[p.id].strip() in n and n in asked for n in names.values())
    ]
    if question.seller:
        longest = [product for product in longest if product.business == question.seller[0]]
    return [] if question.limits.given else longest[:SHOWN]


def settled(question: Question, tools: Tools, everything: Facets) -> tuple[Question, str]:
    """The question with words that the catalogue knows, and what was changed for it, as a sentence."""
    if not question.terms or tools.facets(question.filters).total:
        return question, ""
    bare = replace(question, limits=questions.Limits())
    if question.limits != questions.Limits() and tools.facets(bare.filters).total:
        return question, ""
    known = vocabulary(tools, everything)
    terms = questions.corrected(question.terms, known)
    if terms != question.terms:
        again = recognised(replace(question, terms=terms), everything)
        if tools.facets(replace(again, limits=questions.Limits()).filters).total:
            return again, "I read that as “{}”. ".format(" ".join(terms))
    present = tuple(term for term in terms if tools.facets(Filters(q=term)).total)
    if present and present != question.terms:
        fewer = replace(question, terms=present)
        if tools.facets(fewer.filters).total:
            return fewer, "Nothing matches all of that, so here is the closest. "
    return question, ""


def recognised(question: Question, everything: Facets) -> Question:
    """A corrected word may be a category's or a seller's name."""
    again = questions.read(" ".join(question.terms), everything)
    return replace(
        question,
        terms=again.terms,
        category=question.category or again.category,
        seller=question.seller or again.seller,
    )


def vocabulary(tools: Tools, everything: Facets) -> list[str]:
    """Words that the catalogue uses: of categories, of sellers and of a bounded number of names."""
    texts = [*everything.categories, *(seller.name for seller in everything.businesses)]
    for ordering in ("-published_at", "price", "name"):
        texts += [product.name for product in tools.search(Filters(), ordering, 100)]
        if everything.total <= 100:
            break
    return sorted({token for text in texts for token in questions.TOKEN.findall(fold(text))} - words.STOP)


def nothing(question: Question, tools: Tools) -> Answer:
    """An honest no: what was looked for, and what there is without the price limit."""
    limits = question.limits
    found = Answer(f"Nothing in the catalogue is {described(question)}.".replace("is matching", "matches"))
    found.facts = [Fact("count", "0", query=question.filters.given())]
    if limits.given and question.narrowed:
        facets = tools.facets(replace(question, limits=questions.Limits(currency=limits.currency)).filters)
        if facets.total:
            wide = replace(question, limits=questions.Limits())
            spans = "; ".join(f"{s.min_price} to {s.max_price} {s.currency}" for s in facets.currencies)
            found.text += f" {plural(facets.total)} {described(wide)}: prices from {spans}."
            found.facts += range_facts(facets, replace(wide, limits=questions.Limits(currency=limits.currency)))
    elif question.terms:
        found.text = f"The catalogue does not carry anything {described(question)}."
    return found


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


def pointed(question: Question, tools: Tools) -> Answer:
    """About products that the turn before named."""
    products = tools.compare(question.products)
    if not products:
        return Answer("What we spoke of is no longer in the catalogue.", context={"products": []})
    return listed_or_one(products)


def extreme(question: Question, tools: Tools, everything: Facets) -> Answer:
    """The cheapest or the most expensive, for each currency."""
    if question.products:
        return compare(question, tools, everything)
    dearest = question.intent == "dearest"
    word = "most expensive" if dearest else "cheapest"
    question, note = settled(question, tools, everything)
    if excludes(question):
        return extreme_without(question, tools, word)
    found = [] if question.limits.empty else tools.extremes(question.filters, dearest)
    if not found:
        return nothing(question, tools)
    where = described(replace(question, limits=replace(question.limits, currency=None)))
    sentences = [sentence(one, word, where, len(found) > 1) for one in found]
    products = [product for one in found for product in one.products]
    facts = [fact for product in products for fact in facts_of(product)]
    for one in found:
        facts += [Fact(one.field, p.money, p.id, p.version, one.filters.given()) for p in one.products]
    return Answer(note + "\n".join(sentences), products, facts, remembered(question, [p.id for p in products]))


def sentence(one: Extreme, word: str, where: str, several: bool) -> str:
    among = f" {where}" if where else ""
    scope = f" in {one.currency}" if several else ""
    if len(one.products) == 1:
        product = one.products[0]
        return f"The {word}{among}{scope} is {product.name}: {product.money}, sold by {product.business_name}."
    names = " and ".join(f"{product.name} ({product.business_name})" for product in one.products)
    return f"The {word}{among}{scope} are {names}: {one.products[0].money} each."


def extreme_without(question: Question, tools: Tools, word: str) -> Answer:
    dearest = question.intent == "dearest"
    spans = tools.facets(question.filters).currencies
    found = []
    for span in spans:
        within = replace(question.filters, currency=span.currency)
        found += kept(question, tools.search(within, "-price" if dearest else "price", 100))[:1]
    if not found:
        return nothing(question, tools)
    where = described(question)
    return listed(f"The {word} {where}:" if len(found) == 1 else f"The {word} {where}, for each currency:", found)


def count(question: Question, tools: Tools, everything: Facets) -> Answer:
    """How many products, or sellers, or categories."""
    asked = question.text
    if "categor" in asked:
        return categories(question, tools, everything)
    if not question.terms and (
        set(questions.TOKEN.findall(asked)) & {"sellers", "shops", "businesses", "stores", "vendors"}
    ):
        return sellers(question, tools, everything)
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    total = 0 if question.limits.empty else facets.total - without(question, tools)
    if not total:
        return nothing(question, tools)
    verb = "is" if total == 1 else "are"
    text = f"{note}There {verb} {plural(total)} {described(question)}".rstrip() + "."
    tail = currencies_note(question, facets)
    return Answer(f"{text} {tail}".rstrip(), [], [count_fact(total, question)])


def compare(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Two or more products side by side."""
    products = tools.compare(question.products) if question.products else compared(question, tools, everything)
    if len(products) < 2:
        found = find(replace(question, intent="find"), tools, everything)
        if len(found.products) < 2:
            found.text += "\nName two products and I compare them."
        return found
    found = listed("Side by side:", products[:SHOWN])
    if len({product.currency for product in products}) > 1:
        found.text += "\nTheir prices are in different currencies, so I do not say which is cheaper."
        return found
    low, high = min(products, key=lambda p: p.price_minor), max(products, key=lambda p: p.price_minor)
    if low.price_minor == high.price_minor:
        found.text += "\nThey cost the same."
    else:
        found.text += f"\n{low.name} is cheaper than {high.name}."
    return found


def compared(question: Question, tools: Tools, everything: Facets) -> list[Product]:
    """The products that the question names on either side of `and`, `or`, `with`."""
    sides = words_between(question.text)
    found: dict[int, Product] = {}
    for side in sides[:4]:
        part = questions.read(side, everything)
        if not part.terms and not part.category:
            continue
        exact = named_in(part, tools)
        part, _ = (part, "") if exact else settled(part, tools, everything)
        best = exact[:1] or tools.search(part.filters, limit=1)
        found.update({product.id: product for product in best})
    return list(found.values())


def words_between(text: str) -> list[str]:
    import re

    return [
        side
        for side in re.split(
            r"\b(?:and|or|vs\.?|versus|with|to|und|oder|mit|et|ou|avec|y|o|con|e|en|met)\b|[,:&]", text
        )
        if side.strip()
    ]


def sellers(question: Question, tools: Tools, everything: Facets) -> Answer:
    """Who sells it."""
    if question.products:
        return pointed(question, tools)
    exact = named_in(question, tools)
    if exact:
        return listed_or_one(exact)
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    if not facets.total:
        return nothing(question, tools)
    shown = facets.businesses[:10]
    lines = "\n".join(f"- {seller.name}: {plural(seller.count)}" for seller in shown)
    more = f"\n…and {len(facets.businesses) - len(shown)} more." if len(facets.businesses) > len(shown) else ""
    head = (
        f"{note}{plural(len(facets.businesses), 'seller has', 'sellers have')} products {described(question)}".rstrip()
    )
    query = question.filters.given()
    facts = [Fact("sellers", str(len(facets.businesses)), query=query)]
    facts += [Fact("count", str(seller.count), query={**query, "business": seller.id}) for seller in shown]
    return Answer(f"{head}:\n{lines}{more}", [], facts)


def categories(question: Question, tools: Tools, everything: Facets) -> Answer:
    """What there is, by category."""
    if question.narrowed and question.intent == "categories" and question.terms:
        return find(question, tools, everything)
    facets = tools.facets(question.filters)
    if not facets.total:
        return Answer(
            "The public catalogue is empty at the moment.", [], [Fact("count", "0", query=question.filters.given())]
        )
    shown = sorted(facets.categories.items(), key=lambda item: (-item[1], item[0]))[:20]
    lines = "\n".join(f"- {name}: {plural(number)}" for name, number in shown)
    where = described(question)
    head = (
        f"{plural(facets.total)} {where}".rstrip() + f" in {plural(len(facets.categories), 'category', 'categories')}"
    )
    query = question.filters.given()
    facts = [
        Fact("count", str(facets.total), query=query),
        Fact("categories", str(len(facets.categories)), query=query),
    ]
    facts += [Fact("count", str(number), query={**query, "category": name}) for name, number in shown]
    return Answer(f"{head}:\n{lines}", [], facts)


def spread(question: Question, tools: Tools, everything: Facets) -> Answer:
    """From which price to which."""
    question, note = settled(question, tools, everything)
    facets = tools.facets(question.filters)
    if not facets.total:
        return nothing(question, tools)
    lines = "\n".join(
        f"- {plural(span.count)} from {span.min_price} to {span.max_price} {span.currency}"
        for span in facets.currencies
    )
    head = f"{note}Prices {described(question)}".rstrip()
    return Answer(f"{head}:\n{lines}", [], range_facts(facets, question))


def says(text: str) -> Callable[[Question, Tools, Facets], Answer]:
    return lambda question, tools, everything: Answer(text, context={"products": []})


HANDLERS: dict[str, Callable[[Question, Tools, Facets], Answer]] = {
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
