"""The public catalogue: the only thing the assistant knows products from."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chat_service.facts import Fact, Part
from servicekit.neighbours import Neighbour
from servicekit.problems import Unavailable

PUBLIC = "/api/products/public/"
BUSINESSES = "/api/businesses/public/"
MOST = 100
KEPT_BYTES = 4 * 1024 * 1024


class Product(Part):
    """One public listing; an answer shows all of it but its description and its attributes."""

    id: int
    version: int
    name: str
    price: str
    currency: str
    price_minor: int
    category: str
    business: int
    business_name: str
    description: Annotated[str, Field(exclude=True)] = ""
    attributes: Annotated[Mapping[str, Any], Field(exclude=True)] = {}

    def __hash__(self) -> int:
        return self.id

    @property
    def money(self) -> str:
        return f"{self.price} {self.currency}"

    def fact(self, field: str, value: str, query: dict[str, Any] | None = None) -> Fact:
        return Fact(field, value, self.id, self.version, query)

    def claims(self) -> Sequence[Fact]:
        stated = {"name": self.name, "price": self.money, "seller": self.business_name}
        return [self.fact(name, value) for name, value in stated.items()]


class Seller(Part):
    id: int
    name: str
    count: Annotated[int, Field(exclude=True)] = 0

    def claims(self) -> Sequence[Fact]:
        return [Fact("seller", self.name, query={"business": self.id})]


class Range(Part):
    """Prices of one currency, as decimals in major units."""

    currency: str
    count: int
    min_price: str
    max_price: str


@dataclass(frozen=True, slots=True)
class Facets:
    """Exact counts and price ranges over everything that fits a query."""

    total: int
    categories: Mapping[str, int]
    businesses: Sequence[Seller]
    currencies: Sequence[Range]
    corrected: str | None = None  # the words looked for where those asked for find too little

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Facets":
        return cls(
            corrected=body.get("corrected") if body.get("matched") == "similar" else None,
            total=int(body["total"]),
            categories={row["value"]: int(row["count"]) for row in body["categories"]},
            businesses=[Seller(**row) for row in body["businesses"]],
            currencies=[Range(**row) for row in body["currencies"]],
        )


class Page(BaseModel):
    """What a business has published about itself: plain text of one kind in one language."""

    model_config = ConfigDict(frozen=True)

    kind: str
    language: str
    text: str
    version: int


_PRODUCTS, _PAGES = TypeAdapter(list[Product]), TypeAdapter(list[Page])


class Kept:
    """Answers of the catalogue, used again for as long as it says that they may be (its max-age is one second).

    Shoppers choose the keys: the oldest go where all of them, as JSON, would have more than so many bytes.
    """

    def __init__(self, seconds: float, most_bytes: int = KEPT_BYTES) -> None:
        self._seconds, self._most = seconds, most_bytes
        self._answers: OrderedDict[Any, tuple[float, int, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: Any, ask: Callable[[], Any], read: Callable[[Any], Any]) -> Any:
        """What `read` makes of the JSON that `ask` gives, now or lately."""
        asked_at = time.monotonic()
        kept = self._answers.get(key)
        if kept and asked_at - kept[0] < self._seconds:
            return kept[2]
        body = ask()
        answer = read(body)
        if self._seconds:
            size = len(orjson.dumps((key, body)))
            with self._lock:
                self.bytes += size - self._answers.pop(key, (0, 0, None))[1]
                self._answers[key] = (asked_at, size, answer)
                while self.bytes > self._most:
                    self.bytes -= self._answers.popitem(last=False)[1][1]
        return answer


class Catalog:
    """Reads for one turn, all of them done before `deadline` (time.monotonic()) or Unavailable; none twice."""

    def __init__(self, neighbour: Neighbour, deadline: float = float("inf"), kept: Kept | None = None) -> None:
        self._neighbour, self._deadline, self._kept = neighbour, deadline, kept or Kept(0)
        self._read: dict[Any, Any] = {}

    @property
    def calls(self) -> int:
        """How much has been asked in this turn."""
        return len(self._read)

    def search(self, filters: Mapping[str, Any], ordering: str | None = None, limit: int = 20) -> list[Product]:
        """The first products that fit, at most 100; prices are decimals in major units of `currency`, limits included."""
        more = {"page_size": min(limit, MOST), **({"ordering": ordering} if ordering else {})}
        rows: list[Product] = self._get(PUBLIC, _PRODUCTS.validate_python, {**filters, **more})
        return rows

    def lookup(self, product_id: int) -> Product | None:
        """The public product of that id, or None."""
        row: Product | None = self._get(f"{PUBLIC}{product_id}/", lambda body: body and Product.model_validate(body))
        return row

    def facets(self, filters: Mapping[str, Any]) -> Facets:
        """Counts and ranges over all that fits."""
        facets: Facets = self._get(f"{PUBLIC}facets/", Facets.read, filters)
        return facets

    def pages(self, business: int) -> list[Page]:
        """What a business has published about itself; empty for one that has not, or is not public."""
        path = f"{BUSINESSES}{business}/"
        pages: list[Page] = self._get(path, lambda body: _PAGES.validate_python(body["pages"]) if body else [])
        return pages

    def _get(self, path: str, read: Callable[[Any], Any], parameters: Mapping[str, Any] | None = None) -> Any:
        key = (path, *sorted((parameters or {}).items()))
        if key not in self._read:
            if time.monotonic() > self._deadline:
                raise Unavailable("the catalogue takes too long")
            query = dict(parameters) if parameters else None
            try:
                self._read[key] = self._kept.get(key, lambda: self._neighbour.get(path, query, none_on=(404,)), read)
            except (KeyError, TypeError, ValueError):
                raise Unavailable("catalog-service does not answer as expected") from None
        return self._read[key]
