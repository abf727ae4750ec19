"""The checker: does a sentence say only what the sources of its turn say? Deterministic, and strict: in doubt, no."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal

from chat_service import mentions, prose, questions, words
from chat_service.clients.catalog import Filters, Product
from chat_service.mentions import Amount, Count, Mention, Sentence, stems
from chat_service.questions import Limits, Question, stem
from chat_service.tools import Fact, Sources

LONGEST = 1200
Fits = Callable[[Product], bool]
_LINK = re.compile(r"https?:|www\.|\]\(|<[a-z!/]|[\w.]@\w|\{|\}|\\")
_PATTERNS = dict(words.INTENTS)
_OPENING = re.compile(rf"(?:well|oh|so|and)?\W*(?:{prose.YES})(?!\w)")


class Unsupported(Exception):
    """Why a sentence may not leave."""


@dataclass
class Verdict:
    """What became of a sentence: `reason` is empty for one that may leave, with the facts that it states."""

    reason: str = ""
    facts: list[Fact] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.reason


class Checker:
    """Checks the sentences of one answer in order, since `it` leans on the sentence before.

    `denied` tells whether the catalogue really has nothing for the question; it is asked only when an answer says so.
    """

    def __init__(self, sources: Sources, question: Question, denied: Callable[[], bool]) -> None:
        self._sources = sources
        self._question = question
        self._denied = denied
        self._last: list[Product] = []
        self._limits = Limits()
        self._named: dict[int, Product] = {}
        self._asked = stems(question.text)
        self._asked_numbers = {
            value for value in map(questions.number, re.findall(questions.NUMBER, question.text)) if value
        }

    def check(self, text: str) -> Verdict:
        """Whether the sentence may leave, and what it states."""
        if len(text) > LONGEST or _LINK.search(text.casefold()) or any(_hidden(char) for char in text):
            return Verdict("form")
        sentence = mentions.read(text, self._sources)
        verdict = Verdict(products=[product for mention in sentence.names for product in mention.products[:1]])
        try:
            self._check(sentence, verdict)
        except Unsupported as error:
            verdict.reason, verdict.facts = str(error), []
        self._remember(sentence, verdict)
        return verdict

    def _check(self, sentence: Sentence, verdict: Verdict) -> None:
        if sentence.invented:
            raise Unsupported("name")
        asks = sentence.folded.endswith("?") and not (sentence.names or sentence.amounts or sentence.counts)
        negative = sentence.has(prose.NEGATION)
        self._bind_sellers(sentence)
        self._bind_amounts(sentence, verdict)
        self._words(sentence, negative)
        self._currencies(sentence)
        self._categories(sentence)
        self._limited(sentence)
        self._counts(sentence, verdict, negative)
        if not asks:
            self._availability(sentence, negative)
            self._superlatives(sentence, verdict)
            self._comparatives(sentence)
        self._state(sentence, verdict)

    def _remember(self, sentence: Sentence, verdict: Verdict) -> None:
        if sentence.names:
            found = [mention.products[0] for mention in sentence.names if mention.products]
            self._last = [*self._last, *found] if sentence.bullet and self._last else found
        if verdict.ok:
            self._named.update({product.id: product for product in verdict.products})
        if not sentence.bullet:
            self._limits = sentence.limits if sentence.folded.endswith(":") else Limits()

    def _subjects(self, sentence: Sentence) -> list[Mention]:
        """The products that the sentence is about: its own, else the one spoken of before."""
        if sentence.names:
            return sentence.names
        return [Mention(0, [product]) for product in self._last]

    def _bind_sellers(self, sentence: Sentence) -> None:
        names = {name for _, name in sentence.sellers}
        subjects = self._subjects(sentence)
        if not names:
            return
        if sentence.has(prose.UNIVERSAL) and not sentence.names and not sentence.counts:
            raise Unsupported("seller")
        if not subjects:
            if not sentence.counts and not all(self._carries(name, sentence) for name in names):
                raise Unsupported("seller")
            return
        if len(names) == 1:
            for mention in subjects:
                self._narrow(mention, _sold_by(names), "seller")
            return
        for start, name in sentence.sellers:
            mention = _nearest(subjects, start)
            self._narrow(mention, _sold_by({name}), "seller")

    def _carries(self, seller: str, sentence: Sentence) -> bool:
        """Whether a source shows that the seller has what the sentence says it has."""
        if not sentence.has(prose.HAVING):
            return False
        known = set().union(*(stems(p.name, p.category) for p in self._sources.products.values()), set())
        said = {stem(token) for token in sentence.tokens if token not in prose.PROSE and stem(token) in known}
        said |= stems(*sentence.categories)
        return any(
            product.business_name == seller and said <= mentions.product_words(product)
            for product in self._sources.products.values()
        )

    def _narrow(self, mention: Mention, fits: Fits, reason: str) -> None:
        kept = [product for product in mention.products if fits(product)]
        if not kept:
            raise Unsupported(reason)
        mention.products = kept

    def _bind_amounts(self, sentence: Sentence, verdict: Verdict) -> None:
        subjects = self._subjects(sentence)
        for amount in sentence.amounts:
            if self._is_limit(sentence, amount) or self._is_difference(sentence, amount):
                continue
            if not sentence.names and self._is_range(sentence, amount, verdict):
                continue
            if not subjects or (not sentence.names and len(subjects) > 1):
                raise Unsupported("price")
            mention = _nearest(subjects, amount.start)
            self._narrow(mention, _priced(amount), "price")

    def _is_limit(self, sentence: Sentence, amount: Amount) -> bool:
        """An amount that only repeats the shopper's own limit."""
        limits = sentence.limits
        near = (limits.low, limits.high)
        return amount.value in self._asked_numbers and any(
            edge is not None and abs(edge - amount.value) <= questions.SMALLEST for edge in near
        )

    def _is_difference(self, sentence: Sentence, amount: Amount) -> bool:
        found = [product for mention in sentence.names for product in mention.products[:1]]
        if len(found) != 2 or len({product.currency for product in found}) != 1 or not sentence.has(_COMPARES):
            return False
        if amount.currency not in {None, found[0].currency}:
            return False
        return abs(Decimal(found[0].price) - Decimal(found[1].price)) == amount.value

    def _is_range(self, sentence: Sentence, amount: Amount, verdict: Verdict) -> bool:
        """The lowest or the highest price of what the sentence speaks of, said as a range."""
        if sentence.has(prose.UNIVERSAL) or amount.currency is None:
            return False
        lower = re.search(rf"(?:{words.AT_LEAST}|{words.BETWEEN})\W*$", amount.before) is not None
        upper = re.search(rf"(?:{words.AT_MOST}|{words.AND})\W*$", amount.before) is not None
        if not (lower or upper):
            return False
        bare = replace_limits(sentence)
        for filters, facets in self._sources.facets:
            for span in facets.currencies:
                edge = Decimal(span.min_price if lower else span.max_price)
                if span.currency == amount.currency and edge == amount.value and self._fits(filters, bare):
                    query = {**filters.given(), "currency": span.currency}
                    name = "min_price" if lower else "max_price"
                    verdict.facts.append(Fact(name, f"{edge} {span.currency}", query=query))
                    return True
        return False

    def _words(self, sentence: Sentence, negative: bool) -> None:
        subjects = [product for mention in self._subjects(sentence) for product in mention.products]
        allowed: set[str] = set()
        for product in subjects:
            allowed |= mentions.product_words(product)
        for product in () if sentence.names else self._sources.products.values():
            allowed |= stems(product.name, product.category)
        if negative and not sentence.names:
            allowed |= self._asked
        for token in sentence.tokens:
            plain = token.removesuffix("'s")
            known = plain in prose.PROSE or token in prose.PROSE or plain in prose.NUMBERS or len(plain) == 1
            patterned = re.fullmatch(_SPECIAL, token) is not None
            if not (
                known or patterned or stem(plain) in allowed or all(part in prose.PROSE for part in plain.split("-"))
            ):
                raise Unsupported("words")

    def _currencies(self, sentence: Sentence) -> None:
        known = {product.currency for product in self._sources.products.values()}
        known |= {span.currency for _, facets in self._sources.facets for span in facets.currencies}
        for code in sentence.currencies:
            if code not in known:
                raise Unsupported("currency")
            for mention in self._subjects(sentence):
                self._narrow(mention, _in_currency(code), "currency")
        said_of = self._subjects(sentence) or sentence.limits.given or sentence.counts or sentence.amounts
        if sentence.currencies and not said_of and len(known) > 1:
            raise Unsupported("currency")

    def _categories(self, sentence: Sentence) -> None:
        counted = bool(sentence.counts) and not sentence.names
        for name in sentence.categories[:1] if len(set(sentence.categories)) == 1 and not counted else ():
            for mention in self._subjects(sentence):
                self._narrow(mention, _in_category(name), "category")
        if sentence.categories and sentence.sellers and not sentence.names and not sentence.counts:
            pairs = {(product.business_name, product.category) for product in self._sources.products.values()}
            if not all((seller, name) in pairs for _, seller in sentence.sellers for name in sentence.categories):
                raise Unsupported("seller")

    def _limited(self, sentence: Sentence) -> None:
        """A product said to be within limits is within them."""
        opened = _OPENING.match(sentence.folded)
        subjects = self._subjects(sentence)
        carried = self._limits if sentence.bullet else Limits()
        asked = self._question.limits if opened or sentence.has(prose.BUDGET) else Limits()
        head = sentence.folded.endswith((":", "?")) or bool(sentence.counts) or sentence.has(prose.NEGATION)
        for limits in (sentence.limits, carried, asked):
            if not limits.given or (head and not sentence.names):
                continue
            if not subjects and not sentence.amounts:
                raise Unsupported("limit")
            for mention in subjects:
                self._narrow(mention, _inside(limits), "limit")
        if opened and self._question.seller:
            name = self._question.seller[1]
            for mention in sentence.names:
                self._narrow(mention, _sold_by({name}), "seller")

    def _counts(self, sentence: Sentence, verdict: Verdict, negative: bool) -> None:
        for count in sentence.counts:
            if negative and not sentence.names and count.value in self._asked_numbers:
                continue
            if not (
                self._in_product(sentence, count) or self._is_echo(sentence, count) or self._is_listed(sentence, count)
            ):
                verdict.facts.append(self._counted(sentence, count))

    def _in_product(self, sentence: Sentence, count: Count) -> bool:
        for mention in sentence.names:
            for product in mention.products:
                values = map(
                    questions.number,
                    re.findall(
                        questions.NUMBER,
                        f"{product.name} {product.description} " + " ".join(map(str, product.attributes.values())),
                    ),
                )
                if count.value in values and not (count.after and count.after[0] in prose.COUNTED):
                    return True
        return False

    def _is_echo(self, sentence: Sentence, count: Count) -> bool:
        edges = (sentence.limits.low, sentence.limits.high)
        return count.value in self._asked_numbers and any(
            edge is not None and abs(edge - count.value) <= questions.SMALLEST for edge in edges
        )

    def _is_listed(self, sentence: Sentence, count: Count) -> bool:
        """`the two products`: as many as the answer has named."""
        named = {*self._named, *(product.id for mention in sentence.names for product in mention.products[:1])}
        return count.value == len(named) > 1 and sentence.has(r"the|these|those|both|of them|die|les|los|i|gli|de|os")

    def _counted(self, sentence: Sentence, count: Count) -> Fact:
        after = set(count.after)
        for filters, facets in self._sources.facets:
            query = filters.given()
            if after & prose.SELLING:
                if len(facets.businesses) == count.value and self._fits(filters, sentence):
                    return Fact("sellers", str(count.value), query=query)
            elif after & prose.GROUPING:
                if len(facets.categories) == count.value and self._fits(filters, sentence):
                    return Fact("categories", str(count.value), query=query)
            elif facets.total == count.value and self._fits(filters, sentence):
                return Fact("count", str(count.value), query=query)
            else:
                for narrower, number in _parts(filters, facets):
                    if number == count.value and self._fits(narrower, sentence):
                        return Fact("count", str(count.value), query=narrower.given())
        raise Unsupported("count")

    def _fits(self, filters: Filters, sentence: Sentence, currency: bool = True) -> bool:
        """Whether a query is what the sentence speaks of: nothing said is missing in it, nothing in it was unsaid."""
        asked = self._question
        if sentence.has(prose.WHOLE) and filters != Filters(currency=filters.currency):
            return False
        sellers = {seller.name: seller.id for _, facets in self._sources.facets for seller in facets.businesses}
        sellers |= {product.business_name: product.business for product in self._sources.products.values()}
        said_sellers = {sellers[name] for _, name in sentence.sellers if name in sellers}
        known = set().union(*(stems(p.name, p.category) for p in self._sources.products.values()), set())
        said = {stem(token) for token in sentence.tokens if token not in prose.PROSE and stem(token) in known}
        searched = stems(filters.q or "")
        categories = set(sentence.categories)
        category_words = stems(filters.category or "")
        if said_sellers and filters.business not in said_sellers:
            return False
        if filters.business and not said_sellers and (asked.seller or (0,))[0] != filters.business:
            return False
        if categories and filters.category not in categories and not stems(*categories) & searched:
            return False
        if filters.category and not categories and filters.category != asked.category and not said & category_words:
            return False
        if not said <= searched | category_words | {
            word for word in said if any(word.startswith(part) for part in searched)
        }:
            return False
        echoed = self._asked | said | stems(*categories)
        if not all(any(word.startswith(part) for word in echoed) for part in searched):
            return False
        if (
            not (said or categories or said_sellers)
            and asked.narrowed
            and not (searched or filters.category or filters.business)
        ):
            return False
        if (
            currency
            and filters.currency
            and filters.currency
            not in {
                *sentence.currencies,
                asked.limits.currency,
                sentence.limits.currency,
                *(a.currency for a in sentence.amounts),
            }
        ):
            return False
        limits = sentence.limits if sentence.limits.given else asked.limits
        return _same(filters.min_price, limits.low) and _same(filters.max_price, limits.high)

    def _availability(self, sentence: Sentence, negative: bool) -> None:
        spoken = bool(sentence.names or sentence.categories or sentence.sellers or sentence.counts)
        if negative:
            if sentence.names:
                raise Unsupported("denied")
            if not (
                sentence.has(prose.HAVING)
                or sentence.has("not|no|nothing|none|nichts|rien|nada|niente|niets|" + prose.NEGATION)
            ):
                return
            if not self._denied():
                raise Unsupported("denied")
            if sentence.categories or sentence.sellers:
                empty = (filters for filters, facets in self._sources.facets if not facets.total)
                if not any(self._fits(filters, sentence) for filters in empty):
                    raise Unsupported("denied")
            return
        if _OPENING.match(sentence.folded) and not sentence.names and not sentence.counts:
            raise Unsupported("affirmed")
        pointing = sentence.has(prose.POINTING) and not re.match(prose.OFFER, sentence.folded)
        if sentence.has(prose.AFFIRMED) or (pointing and not (spoken or self._last)):
            raise Unsupported("affirmed")
        if sentence.has(prose.FURTHER) and sentence.has(prose.HAVING):
            raise Unsupported("count")
        generic = any(
            stem(token) in stems(p.name) for p in self._sources.products.values() for token in sentence.tokens
        )
        heads = sentence.folded.endswith(":") or re.match(_HERE, sentence.folded)
        if sentence.has(prose.HAVING) and not (spoken or generic or self._last or heads):
            raise Unsupported("affirmed")

    def _superlatives(self, sentence: Sentence, verdict: Verdict) -> None:
        if sentence.has("the only|der einzige|die einzige|le seul|la seule|el único|la única|l'unico|de enige"):
            raise Unsupported("superlative")
        for kind in ("cheapest", "dearest"):
            if not re.search(rf"(?<!\w)(?:{_PATTERNS[kind]})(?!\w)", sentence.rest):
                continue
            subjects = sentence.names or self._subjects(sentence)[:1]
            if not subjects:
                raise Unsupported("superlative")
            for mention in subjects[:1] if len(subjects) == 1 else subjects:
                verdict.facts.append(self._extreme(sentence, mention, kind))

    def _extreme(self, sentence: Sentence, mention: Mention, kind: str) -> Fact:
        for extreme in self._sources.extremes:
            found = [product for product in mention.products if product in extreme.products]
            if extreme.field != kind or not found:
                continue
            wide = replace(extreme.filters, currency=None)
            others = [f for filters, f in self._sources.facets if filters == wide and len(f.currencies) > 1]
            scoped = extreme.currency in {
                *sentence.currencies,
                self._question.limits.currency,
                sentence.limits.currency,
            }
            own = _without_words(sentence, found[0])
            generic = re.search(rf"(?:{_PATTERNS[kind]})\W+(\w+)", sentence.rest)
            if generic and generic[1] in prose.COUNTED and wide != Filters():
                continue
            if self._fits(wide, own) and (scoped or not others):
                mention.products = found
                product = found[0]
                return Fact(kind, product.money, product.id, product.version, extreme.filters.given())
        raise Unsupported("superlative")

    def _comparatives(self, sentence: Sentence) -> None:
        if sentence.has(prose.SAME):
            found = [mention.products[0] for mention in self._subjects(sentence)]
            if len(found) < 2 or len({product.money for product in found}) > 1:
                raise Unsupported("comparison")
        for pattern, sign in ((prose.CHEAPER, -1), (prose.DEARER, 1)):
            match = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", sentence.rest)
            if not match:
                continue
            found = [mention.products[0] for mention in sentence.names]
            if len(found) != 2 or found[0].currency != found[1].currency:
                raise Unsupported("comparison")
            if (found[0].price_minor - found[1].price_minor) * sign <= 0:
                raise Unsupported("comparison")

    def _state(self, sentence: Sentence, verdict: Verdict) -> None:
        """The facts that the sentence states of products."""
        verdict.products = []
        for mention in sentence.names:
            product = mention.products[0]
            verdict.products.append(product)
            verdict.facts.append(Fact("name", product.name, product.id, product.version))
        about = [mention.products[0] for mention in self._subjects(sentence) if mention.products]
        for product in about:
            if any(_is_price(product, amount) for amount in sentence.amounts):
                verdict.facts.append(Fact("price", product.money, product.id, product.version))
            if any(name == product.business_name for _, name in sentence.sellers):
                verdict.facts.append(Fact("seller", product.business_name, product.id, product.version))


_HERE = r"(?:here|these|hier|voici|aquí|ecco|aqui)(?!\w)"
_COMPARES = f"{prose.CHEAPER}|{prose.DEARER}|difference|differ|apart|more|less|unterschied|différence|diferencia"
_SPECIAL = "|".join((prose.NEGATION, prose.YES, prose.HAVING, prose.UNIVERSAL))


def _hidden(char: str) -> bool:
    """Characters that a reader does not see, by which a figure could look like another."""
    return unicodedata.category(char) in {"Cf", "Co", "Cs", "Cn"} or (
        unicodedata.category(char) == "Cc" and char not in "\n\t"
    )


def _nearest(mentions_: list[Mention], start: int) -> Mention:
    before = [mention for mention in mentions_ if mention.start <= start]
    return before[-1] if before else mentions_[0]


def _sold_by(names: Collection[str]) -> Fits:
    return lambda product: product.business_name in names


def _priced(amount: Amount) -> Fits:
    return lambda product: _is_price(product, amount)


def _in_currency(code: str) -> Fits:
    return lambda product: product.currency == code


def _in_category(name: str) -> Fits:
    return lambda product: product.category == name


def _inside(limits: Limits) -> Fits:
    return lambda product: _within(product, limits)


def _is_price(product: Product, amount: Amount) -> bool:
    return Decimal(product.price) == amount.value and amount.currency in {None, product.currency}


def _within(product: Product, limits: Limits) -> bool:
    return limits.admits(product.price, product.currency)


def _same(bound: str | None, limit: Decimal | None) -> bool:
    if bound is None or limit is None:
        return bound is None and limit is None
    return abs(Decimal(bound) - limit) <= questions.SMALLEST


def _parts(filters: Filters, facets: object) -> list[tuple[Filters, int]]:
    """The counts within a count: of each category and of each seller."""
    found: list[tuple[Filters, int]] = []
    if filters.category is None:
        found += [(replace(filters, category=name), number) for name, number in facets.categories.items()]  # type: ignore[attr-defined]
    if filters.business is None:
        found += [(replace(filters, business=seller.id), seller.count) for seller in facets.businesses]  # type: ignore[attr-defined]
    return found


def replace_limits(sentence: Sentence) -> Sentence:
    """The sentence without its limits, where these are the ends of a range."""
    return replace(sentence, limits=Limits())


def _without_words(sentence: Sentence, product: Product) -> Sentence:
    """A superlative's own product, seller and price do not narrow what it is a superlative of."""
    return replace(
        sentence,
        sellers=[each for each in sentence.sellers if each[1] != product.business_name],
        categories=[name for name in sentence.categories if name != product.category] or sentence.categories,
        limits=sentence.limits,
    )
