"""One question with all that it is answered from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_service.clients.catalog import Facets, Product, Seller
from chat_service.selections import Reading, Selection, mentions
from chat_service.statements import Scope
from chat_service.understanding.lexicon import spellings
from chat_service.understanding.plan import Plan
from chat_service.understanding.question import Question
from chat_service.understanding.text import fold, same, tokens

SHOWN = 5
MOST_WORDS = 16


@dataclass
class Asked:
    """`quoted` are the products that the question names, `shown` those that the conversation showed last, as numbers."""

    plan: Plan
    question: Question
    reading: Reading
    quoted: Mapping[Product, str] = field(default_factory=dict)
    shown: Sequence[int] = ()
    _read_as: dict[str, str] = field(default_factory=dict)

    @property
    def everything(self) -> Facets:
        return self.reading.everything

    @property
    def words(self) -> list[str]:
        """All words that are looked for; a sentence has few that matter, and a stranger may send thousands."""
        return [word for phrase in self.plan.about for word in fold(phrase).split()][:MOST_WORDS]

    @property
    def named(self) -> list[Product]:
        """The products that the question names and does not exclude."""
        without = set(map(fold, self.plan.without))
        return [product for product, name in self.quoted.items() if fold(name) not in without]

    def quotable(self, words: str | None) -> str | None:
        """The words where the shopper wrote them; a model's are never said."""
        found = tokens(words or "")
        return " ".join(found) if found and all(map(self.question.holds, found)) else None

    def mentions_all(self, product: Product, words: Sequence[str]) -> bool:
        return all(mentions(product, word, self.plan.language) for word in words)

    def left_over(self, products: Sequence[Product]) -> list[str]:
        """The words that stand beside the names of products and are no part of them."""
        phrases = [fold(phrase).split() for phrase in self.plan.about if self._touches(phrase, products)]
        return [word for words in phrases for word in words if not _in_names(word, products, self.plan.language)]

    def beside(self, products: Sequence[Product]) -> list[str]:
        """The phrases that have nothing to do with the products that were named."""
        if not products or self.plan.shown:
            return []
        return [each for each in self.plan.about if not self._touches(each, products)][:3]

    def _touches(self, phrase: str, products: Sequence[Product]) -> bool:
        return any(_in_names(word, products, self.plan.language) for word in fold(phrase).split())

    def base(self) -> Selection:
        """The plan's category, seller, price and exclusions; names that the catalogue does not have are dropped."""
        plan = self.plan
        sellers = {fold(each.name): each.id for each in self.everything.businesses}
        categories = {fold(name): name for name in self.everything.categories}
        without: list[tuple[str, Any]] = [("q", self._known(fold(words))) for words in plan.without]
        for name, value in (
            ("category", categories.get(fold(plan.without_category or ""))),
            ("business", sellers.get(fold(plan.without_seller or ""))),
        ):
            if value is not None:
                without.append((name, value))
        currency = plan.currency
        if currency is None and plan.priced and len(self.everything.currencies) == 1:
            currency = self.everything.currencies[0].currency
        return Selection(
            category=categories.get(fold(plan.category or "")),
            business=sellers.get(fold(plan.seller or "")),
            currency=currency,
            low=plan.min_price,
            high=plan.max_price,
            above=plan.above,
            below=plan.below,
            without=tuple(without[:3]),
        )

    def _known(self, words: str) -> str:
        """What is to be left out, in words that the catalogue knows."""
        if not self.reading.facets(Selection(words=words)).total:
            for other in spellings(words.split(), self.plan.language):
                if self.reading.facets(Selection(words=" ".join(other))).total:
                    self._read_as[" ".join(other)] = words
                    return " ".join(other)
        return words

    def scope(self, selection: Selection) -> Scope:
        """What a figure counts over, in the shopper's words or in what they were read as."""
        names = {each.id: each.name for each in self.everything.businesses}
        left_out = [
            names.get(value, "")
            if name == "business"
            else value
            if name == "category"
            else self.quotable(self._read_as.get(value, value))
            for name, value in selection.without
        ]
        low, high = (None if value is None else f"{value:f}" for value in (selection.low, selection.high))
        return Scope(
            words=self.quotable(selection.words) or (self.quotable(" ".join(self.words)) and selection.words),
            category=selection.category,
            seller=names.get(selection.business or 0),
            currency=selection.currency,
            min_price=low,
            max_price=high,
            above=selection.above,
            below=selection.below,
            without=tuple(each for each in left_out if each),
            query=selection.query(),
            sellers=tuple(Seller(id=number, name=names[number]) for number in _sellers(selection) if number in names),
        )

    def listings(self) -> list[Product]:
        """The products shown before that the plan points at, as they are now."""
        ids = [self.shown[place - 1] for place in self.plan.shown if place <= len(self.shown)]
        return [product for product in map(self.reading.lookup, dict.fromkeys(ids)) if product]


def _sellers(selection: Selection) -> list[int]:
    return [
        value for name, value in (("business", selection.business), *selection.without) if name == "business" and value
    ]


def _in_names(word: str, products: Sequence[Product], language: str) -> bool:
    return any(same(word, said, language) or word in fold(each.name) for each in products for said in tokens(each.name))
