"""What the assistant may do: read the public catalogue. Whatever it read is kept as the sources of the turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat_service.clients.catalog import Catalog, Facets, Filters, Product

CURRENCIES_AT_ONCE = 4
TIES = 10
PAGE = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an answer says: about a product's revision, or about what a query finds."""

    field: str
    value: str
    product_id: int | None = None
    version: int | None = None
    query: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Extreme:
    """The cheapest or dearest products of one currency among all that fit a query; several when they tie."""

    field: str
    filters: Filters
    products: tuple[Product, ...]

    @property
    def currency(self) -> str:
        return self.products[0].currency


@dataclass
class Sources:
    """All that the catalogue said in one turn; nothing else may be said."""

    products: dict[int, Product] = field(default_factory=dict)
    facets: list[tuple[Filters, Facets]] = field(default_factory=list)
    extremes: list[Extreme] = field(default_factory=list)


class Tools:
    """The four tools and their memory. None of them writes."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._pages: dict[tuple[Filters, str | None, int], list[Product]] = {}
        self._facets: dict[Filters, Facets] = {}
        self.sources = Sources()

    def search(self, filters: Filters, ordering: str | None = None, limit: int = PAGE) -> list[Product]:
        """The first products that fit a query; what was asked in this turn is not asked again."""
        size = max(limit, PAGE)
        key = (filters, ordering, size)
        if key not in self._pages:
            self._pages[key] = self._catalog.search(filters, ordering, size)
        found = self._pages[key][:limit]
        self.sources.products.update({product.id: product for product in found})
        return found

    def glance(self, ordering: str) -> list[Product]:
        """A hundred names by which to guess what was misspelt; no source for anything that is said."""
        return self._catalog.search(Filters(), ordering, 100)

    def lookup(self, product_id: int) -> Product | None:
        """One product by its number, None when it is not public."""
        product = self._catalog.lookup(product_id)
        if product:
            self.sources.products[product.id] = product
        return product

    def facets(self, filters: Filters) -> Facets:
        """Exact counts, sellers, categories and price ranges of all that fits a query."""
        if filters not in self._facets:
            self._facets[filters] = self._catalog.facets(filters)
            self.sources.facets.append((filters, self._facets[filters]))
        return self._facets[filters]

    def finds(self, filters: Filters) -> bool:
        """Whether anything fits."""
        return bool(self._pages.get((filters, None, PAGE))) or bool(self.facets(filters).total)

    def compare(self, ids: Sequence[int]) -> list[Product]:
        """Up to five products side by side, as they are now."""
        return [product for product in map(self.lookup, ids[:5]) if product]

    def extremes(self, filters: Filters, dearest: bool = False) -> list[Extreme]:
        """The cheapest (or dearest) of each currency: prices of two currencies cannot be compared."""
        found = []
        for span in self.facets(filters).currencies[:CURRENCIES_AT_ONCE]:
            within = replace(filters, currency=span.currency)
            products = self.search(within, "-price" if dearest else "price", TIES)
            ties = tuple(product for product in products if product.price_minor == products[0].price_minor)
            if ties:
                found.append(Extreme("dearest" if dearest else "cheapest", within, ties))
        self.sources.extremes += found
        return found
