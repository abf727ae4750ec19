"""The public catalogue: the only thing the assistant knows products from."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from servicekit.neighbours import Neighbour
from servicekit.problems import Unavailable

PUBLIC = "/api/products/public/"
BUSINESSES = "/api/businesses/public/"
MOST = 100
MOST_KEPT = 20
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Product:
    """One public listing as the catalogue gave it."""

    id: int
    version: int
    name: str
    description: str
    price: str
    price_minor: int
    currency: str
    category: str
    attributes: Mapping[str, Any]
    business: int
    business_name: str

    def __hash__(self) -> int:
        return self.id

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Product":
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})

    @property
    def money(self) -> str:
        return f"{self.price} {self.currency}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the catalogue; prices are decimals in major units of `currency`, limits included."""

    q: str | None = None
    business: int | None = None
    category: str | None = None
    currency: str | None = None
    min_price: str | None = None
    max_price: str | None = None

    def given(self) -> dict[str, Any]:
        """The parameters that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Seller:
    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Of one currency; prices as decimals in major units."""

    currency: str
    count: int
    min_price: str
    max_price: str


@dataclass(frozen=True, slots=True)
class Facets:
    """Exact counts and price ranges over everything that fits a query."""

    total: int
    categories: Mapping[str, int]
    businesses: tuple[Seller, ...]
    currencies: tuple[PriceRange, ...]
    corrected: str | None = None  # the words looked for where those asked for find too little

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Facets":
        return cls(
            corrected=body.get("corrected") if body.get("matched") == "similar" else None,
            total=int(body["total"]),
            categories={row["value"]: int(row["count"]) for row in body["categories"]},
            businesses=tuple(Seller(row["id"], row["name"], row["count"]) for row in body["businesses"]),
            currencies=tuple(PriceRange(**row) for row in body["currencies"]),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """What a business has published about itself: plain text of one kind in one language."""

    kind: str
    language: str
    text: str
    version: int


class Kept:
    """Answers of the catalogue, used again for as long as it says that they may be (its max-age is one second).

    Shoppers choose the keys, so that long lists are not kept and there are few at a time.
    """

    def __init__(self, seconds: float, size: int = 256) -> None:
        self._seconds = seconds
        self._size = size
        self._answers: OrderedDict[Any, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, ask: Callable[[], Any]) -> Any:
        if not self._seconds:
            return ask()
        found = self._answers.get(key)
        if found and time.monotonic() - found[0] < self._seconds:
            return found[1]
        asked_at, answer = time.monotonic(), ask()
        if isinstance(answer, list) and len(answer) > MOST_KEPT:
            return answer
        with self._lock:
            self._answers[key] = (asked_at, answer)
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return answer


class Catalog:
    """Reads for one turn, all of them done before `deadline` (time.monotonic()) or Unavailable."""

    def __init__(self, neighbour: Neighbour, deadline: float = float("inf"), kept: Kept | None = None) -> None:
        self._neighbour = neighbour
        self._deadline = deadline
        self._kept = kept or Kept(0)

    def search(self, filters: Filters, ordering: str | None = None, limit: int = 20) -> list[Product]:
        """The first products that fit; at most 100."""
        parameters = {**filters.given(), "page_size": min(limit, MOST)}
        if ordering:
            parameters["ordering"] = ordering
        rows = self._get(PUBLIC, parameters)
        return _read(lambda: [Product.read(row) for row in rows])

    def lookup(self, product_id: int) -> Product | None:
        """The public product of that id, or None."""
        row = self._get(f"{PUBLIC}{product_id}/")
        return None if row is None else _read(lambda: Product.read(row))

    def facets(self, filters: Filters) -> Facets:
        """Counts and ranges over all that fits."""
        body = self._get(f"{PUBLIC}facets/", filters.given())
        return _read(lambda: Facets.read(body))

    def pages(self, business: int) -> list[Page]:
        """What a business has published about itself; empty for one that has not, or is not public."""
        body = self._get(f"{BUSINESSES}{business}/") or {"pages": []}
        names = Page.__dataclass_fields__
        return _read(lambda: [Page(**{name: row[name] for name in names}) for row in body["pages"]])

    def _get(self, path: str, parameters: dict[str, Any] | None = None) -> Any:
        if time.monotonic() > self._deadline:
            raise Unavailable("the catalogue takes too long")
        key = (path, *sorted((parameters or {}).items()))
        return self._kept.get(key, lambda: self._neighbour.get(path, parameters, none_on=(404,)))


def _read(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except (KeyError, TypeError, ValueError):
        raise Unavailable("catalog-service does not answer as expected") from None
