"""Which products: words, category, seller, price limits and what is left out, read from the catalogue exactly."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, zip_longest
from typing import Any

from babel.numbers import get_currency_precision

from chat_service.clients.catalog import MOST, Catalog, Facets, Product, Range, Seller
from chat_service.understanding.text import JAPANESE, fold, same, tokens

CURRENCIES_AT_ONCE = 6
FIRST = 20  # read at once, so that what is shown of them is not asked for again
LARGEST = Decimal("99999999.99")
ORDERINGS = {"cheapest": "price", "dearest": "-price", "newest": "-published_at"}


@dataclass(frozen=True, slots=True)
class Selection:
    """`above` and `below` leave the limit itself out; each of `without` is a filter, such as ("category", "toys")."""

    words: str | None = None
    category: str | None = None
    business: int | None = None
    currency: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False
    without: tuple[tuple[str, Any], ...] = ()

    @property
    def priced(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.category or self.business)

    @property
    def anywhere(self) -> "Selection":
        """The same at any price."""
        return replace(self, low=None, high=None, above=False, below=False)

    @property
    def free(self) -> "Selection":
        """The same at any price, in any currency and with nothing left out: whether there are such things at all."""
        return replace(self.anywhere, currency=None, without=())

    def query(self) -> dict[str, Any]:
        """As it is stored with a claim: the catalogue's parameters, `above`, `below` and `without`."""
        more = {"above": self.above or None, "below": self.below or None, "without": [list(x) for x in self.without]}
        return {**self.filters(), **{name: value for name, value in more.items() if value}}

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Selection":
        low, high = (Decimal(query[name]) if name in query else None for name in ("min_price", "max_price"))
        return cls(
            words=query.get("q"),
            category=query.get("category"),
            business=query.get("business"),
            currency=query.get("currency"),
            above=bool(query.get("above")),
            below=bool(query.get("below")),
            low=low,
            high=high,
            without=tuple((name, value) for name, value in query.get("without", ())),
        )

    def filters(self) -> dict[str, Any]:
        """What it asks of the catalogue, apart from limits that are left out and what is excluded."""
        low, high = (None if value is None else f"{value:f}" for value in (self.low, self.high))
        given = {"q": self.words, "business": self.business, "category": self.category, "currency": self.currency}
        given |= {"min_price": low, "max_price": high}
        return {name: value for name, value in given.items() if value is not None}

    def exact(self) -> dict[str, Any] | None:
        """The catalogue's limits are included ones: the next smaller or greater price. None where no price can fit."""
        step = Decimal(1).scaleb(-get_currency_precision(self.currency or "EUR"))
        low = None if self.low is None else self.low + step * self.above
        high = None if self.high is None else self.high - step * self.below
        if (high is not None and high < 0) or (low or 0) > min(LARGEST, LARGEST if high is None else high):
            return None
        return replace(self, low=low, high=None if high is None else min(high, LARGEST)).filters()

    def admits(self, product: Product) -> bool:
        """Whether a product's price lies within the limits."""
        price = Decimal(product.price)
        low = self.low is None or (price > self.low if self.above else price >= self.low)
        high = self.high is None or (price < self.high if self.below else price <= self.high)
        return low and high and self.currency in {None, product.currency}

    def and_also(self, name: str, value: Any) -> "Selection | None":
        """What of it that filter takes; None where nothing can be both."""
        if name == "q":
            return replace(self, words=f"{self.words or ''} {value}".strip(), without=())
        if getattr(self, name) not in {None, value}:
            return None
        return replace(self, **{name: value}, without=())


class Reading:
    """Reads the catalogue for one turn."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.everything = catalog.facets({})
        self.lookup, self.pages = catalog.lookup, catalog.pages

    def each_currency(self, selection: Selection) -> list[Selection]:
        """The parts that can be asked for: prices of two currencies are compared with limits apart."""
        if selection.currency or not selection.priced:
            return [selection]
        codes = [span.currency for span in self.facets(replace(selection.anywhere, without=())).currencies]
        return [replace(selection, currency=code) for code in codes[:CURRENCIES_AT_ONCE]]

    def total(self, selection: Selection) -> int:
        """How many products fit, exactly."""
        whole = replace(selection, without=())
        count = self._facets(whole).total
        for size in range(1, len(selection.without) + 1):
            for some in combinations(selection.without, size):
                both: Selection | None = whole
                for name, value in some:
                    both = both.and_also(name, value) if both else None
                count += (-1) ** size * (self._facets(both).total if both and not self.guesses(both) else 0)
        return count

    def guesses(self, selection: Selection) -> bool:
        """Whether the catalogue looked for other words than those asked for."""
        return self.facets(replace(selection.anywhere, without=())).corrected is not None

    def facets(self, selection: Selection) -> Facets:
        """Counts and price ranges of all that fits; with something left out, of the first hundred that fit."""
        if not selection.without:
            return self._facets(selection)
        return counted(self.search(selection, limit=MOST), self.total(selection))

    def _facets(self, selection: Selection) -> Facets:
        parts = self.each_currency(selection)
        return merged([self.catalog.facets(each) for part in parts if (each := part.exact()) is not None])

    def search(self, selection: Selection, order: str | None = None, limit: int = FIRST) -> list[Product]:
        """The first that fit; of several currencies in turn."""
        size = MOST if selection.without or limit > FIRST else FIRST
        parts = [each for part in self.each_currency(selection) if (each := part.exact()) is not None]
        pages = [self.catalog.search(each, _ordering(order, each), size) for each in parts]
        tests = [self._left_out(selection, *each) for each in selection.without]
        listed = (product for row in zip_longest(*pages) for product in row if product)
        return [product for product in listed if not any(test(product) for test in tests)][:limit]

    def _left_out(self, selection: Selection, name: str, value: Any) -> Callable[[Product], bool]:
        """Whether a listing is what the shopper does not want."""
        if name != "q":
            return lambda product: bool(getattr(product, name) == value)
        both = replace(selection, without=()).and_also(name, value)
        unwanted = self.search(both, limit=MOST) if both and not self.guesses(both) else []
        # A search knows synonyms, but gives no more than so many.
        return lambda product: (
            product in unwanted
            or (len(unwanted) == MOST and all(mentions(product, word, "en") for word in value.split()))
        )

    def extremes(self, selection: Selection, order: str) -> Iterator[tuple[str | None, list[Product]]]:
        """By currency, the products that come first: several when they tie."""
        if order == "newest":
            if first := self.search(selection, order, 1):
                yield None, first
            return
        for span in self.facets(replace(selection, without=())).currencies[:CURRENCIES_AT_ONCE]:
            found = self.search(replace(selection, currency=span.currency), order, 10)
            if found:
                yield span.currency, [product for product in found if product.price_minor == found[0].price_minor]


def mentions(product: Product, word: str, language: str) -> bool:
    """Whether a listing holds a word, in any inflection of that language or of English."""
    word, attributes = fold(word), (f"{name} {value}" for name, value in product.attributes.items())
    text = " ".join((product.name, product.category, product.description, *attributes))
    if JAPANESE.search(word):
        return word in fold(text)
    return any(same(word, each, language) for each in tokens(text))


def _ordering(order: str | None, filters: Mapping[str, Any]) -> str | None:
    """The catalogue's name of an order; prices of several currencies have none."""
    return None if order in {"cheapest", "dearest"} and "currency" not in filters else ORDERINGS.get(order or "")


def merged(parts: Sequence[Facets]) -> Facets:
    """The sums over parts that have no product in common."""
    if len(parts) == 1:
        return parts[0]
    categories: Counter[str] = Counter()
    sellers: Counter[tuple[int, str]] = Counter()
    for part in parts:
        categories.update(part.categories)
        sellers.update({(seller.id, seller.name): seller.count for seller in part.businesses})
    return Facets(
        total=sum(part.total for part in parts),
        categories=categories,
        businesses=tuple(Seller(id=id, name=name, count=count) for (id, name), count in sellers.most_common()),
        currencies=tuple(span for part in parts for span in part.currencies),
        corrected=next((part.corrected for part in parts if part.corrected), None),
    )


def counted(products: Sequence[Product], total: int) -> Facets:
    """The same as the catalogue gives, over products that were read."""
    ranges = []
    for code in dict.fromkeys(product.currency for product in products):
        prices = sorted((Decimal(each.price), each.price) for each in products if each.currency == code)
        ranges.append(Range(currency=code, count=len(prices), min_price=prices[0][1], max_price=prices[-1][1]))
    sellers = Counter((product.business, product.business_name) for product in products)
    return Facets(
        total,
        Counter(product.category for product in products),
        tuple(Seller(id=id, name=name, count=count) for (id, name), count in sellers.most_common()),
        tuple(ranges),
    )
