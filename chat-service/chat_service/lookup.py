"""Finds what a question means in the catalogue: exact names, misspellings, words that do not go together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat_service import questions, words
from chat_service.clients.catalog import Facets, Filters, Product
from chat_service.questions import TOKEN, Limits, Question, fold, stem
from chat_service.tools import Tools

SHOWN = 5
CLOSEST = "Nothing matches all of that, so here is the closest. "
_SIDES = re.compile(r"\b(?:and|or|vs\.?|versus|with|to|than|als|und|oder|mit|et|ou|avec|y|o|con|e|en|met)\b|[,:&]")


def excludes(question: Question) -> bool:
    return bool(question.excluded_category or question.excluded_seller or question.excluded_terms)


def left_out(question: Question, tools: Tools) -> int:
    """How many of the products that fit are to be left out."""
    filters = question.filters
    if question.excluded_category:
        if filters.category:
            return 0
        filters = replace(filters, category=question.excluded_category)
    elif question.excluded_seller:
        filters = replace(filters, business=question.excluded_seller[0])
    elif question.excluded_terms:
        filters = replace(filters, q=" ".join(map(stem, (*question.terms, *question.excluded_terms))))
    else:
        return 0
    return tools.facets(filters).total


def kept(question: Question, products: Sequence[Product]) -> list[Product]:
    """The products that the question does not exclude."""
    return [product for product in products if not _is_excluded(question, product)]


def _is_excluded(question: Question, product: Product) -> bool:
    texts = (product.name, product.description, product.category, *map(str, product.attributes.values()))
    told = [token for text in texts for token in TOKEN.findall(fold(text))]
    return (
        (question.excluded_category is not None and product.category == question.excluded_category)
        or (question.excluded_seller is not None and product.business == question.excluded_seller[0])
        or (
            bool(question.excluded_terms)
            and all(any(token.startswith(stem(term)) for token in told) for term in question.excluded_terms)
        )
    )


def named(question: Question, tools: Tools) -> list[Product]:
    """The products whose whole name stands in the question; the longest where one name is in another."""
    if not question.terms:
        return []
    found = tools.search(Filters(q=question.filters.q), limit=20)
    asked = f" {' '.join(TOKEN.findall(question.text))} "
    names = {product.id: f" {' '.join(TOKEN.findall(fold(product.name)))} " for product in found}
    inside = {name for name in names.values() if name.strip() and name in asked}
    longest = {name for name in inside if not any(name != other and name.strip() in other for other in inside)}
    return [product for product in found if names[product.id] in longest][:SHOWN]


def on_each_side(question: Question, tools: Tools, everything: Facets, loosely: bool = False) -> list[Product]:
    """The products named on either side of `and`, `or`, `with`; `loosely` takes the best match for a part of a name."""
    found: dict[int, Product] = {}
    sides = [side for side in _SIDES.split(question.text) if side.strip()]
    for side in sides[:4] if len(sides) > 1 else ():
        part = questions.read(side, everything)
        if part.terms:
            products = named(part, tools)[:1]
            if not products and loosely:
                part, _ = settled(part, tools, everything)
                products = named(part, tools)[:1] or tools.search(part.filters, limit=1)
            found.update({product.id: product for product in products})
    return list(found.values())


def settled(question: Question, tools: Tools, everything: Facets) -> tuple[Question, str]:
    """The question in words that the catalogue knows, and a sentence on what was changed for it."""
    if not question.terms or _exists(question, tools):
        return question, ""
    again = _seller_in_part(question, everything)
    if again.seller != question.seller and _exists(again, tools):
        return again, ""
    known = vocabulary(tools, everything)
    terms = questions.corrected(question.terms, known)
    if terms != question.terms:
        again = _recognised(question, terms, everything)
        if _exists(again, tools):
            return again, "I read that as “{}”. ".format(" ".join(terms))
    present = [term for term in terms if tools.facets(Filters(q=stem(term))).total]
    for some in _fewer(present):
        fewer = _recognised(question, some, everything)
        if fewer.terms != question.terms and _exists(fewer, tools):
            return fewer, CLOSEST
    if question.category and _exists(replace(question, terms=()), tools):
        return replace(question, terms=()), CLOSEST
    return question, ""


def _seller_in_part(question: Question, everything: Facets) -> Question:
    """Takes a word for the seller whose name begins with it, where it is one seller's alone."""
    for term in question.terms if question.seller is None else ():
        meant = [seller for seller in everything.businesses if TOKEN.findall(fold(seller.name))[:1] == [term]]
        if len(meant) == 1:
            rest = set(TOKEN.findall(fold(meant[0].name)))
            terms = tuple(each for each in question.terms if each not in rest)
            return replace(question, seller=(meant[0].id, meant[0].name), terms=terms)
    return question


def _fewer(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    """All the words, then all but one, then each alone: the last first, since a phrase ends in its noun."""
    if terms:
        yield terms
    if len(terms) > 2:
        for index in range(len(terms)):
            yield [*terms[:index], *terms[index + 1 :]]
    for term in reversed(terms if len(terms) > 1 else ()):
        yield [term]


def _exists(question: Question, tools: Tools) -> bool:
    return tools.finds(replace(question, limits=Limits()).filters)


def _recognised(question: Question, terms: Sequence[str], everything: Facets) -> Question:
    """The question with other terms, among which may be a category's or a seller's name."""
    again = questions.read(" ".join(terms), everything)
    text = question.text
    for before, after in zip(question.terms, terms, strict=False):
        text = text.replace(before, after) if len(terms) == len(question.terms) else text
    return replace(
        question,
        text=text,
        terms=again.terms,
        category=question.category or again.category,
        seller=question.seller or again.seller,
    )


def vocabulary(tools: Tools, everything: Facets) -> list[str]:
    """Words that the catalogue uses: of categories, of sellers and of a bounded number of names."""
    texts = [*everything.categories, *(seller.name for seller in everything.businesses)]
    for ordering in ("-published_at", "price", "name"):
        texts += [product.name for product in tools.glance(ordering)]
        if everything.total <= 100:
            break
    return sorted({token for text in texts for token in TOKEN.findall(fold(text))} - words.STOP)
