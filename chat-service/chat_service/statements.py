"""The closed set of what an answer may say. Each statement carries what it rests on, as claims that can be looked up again.

What a product or a seller is called, and what it costs, they claim themselves, wherever a statement holds one.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from chat_service.clients.catalog import Product, Range, Seller
from chat_service.facts import Fact, Part

Order = Literal["cheapest", "dearest", "newest"]
Topic = Literal[
    "shipping", "returns", "payment", "contact", "about", "stock", "order", "discount", "warranty", "reviews", "account",
    "human", "advice", "instruction",
]  # fmt: skip
# What is asked of a product; sellers may name attributes as they like, in any language.
FIELDS = (
    "price", "seller", "category", "description", "material", "colour", "size", "height", "width", "depth", "length",
    "weight", "diameter", "volume", "load", "power", "battery", "age", "pieces", "care",
)  # fmt: skip


class Scope(Part):
    """What figures count over, in words and as the catalogue's query; `without` names what is left out of it."""

    words: str | None = None
    category: str | None = None
    seller: str | None = None
    currency: str | None = None
    min_price: str | None = None
    max_price: str | None = None
    above: bool = False
    below: bool = False
    without: tuple[str, ...] = ()
    query: dict[str, Any] = {}
    sellers: tuple[Seller, ...] = Field(default=(), exclude=True)


class Statement(Part):
    """One sentence of an answer; `text` is it in words, once it was worded."""

    text: str = ""

    @property
    def shown(self) -> list[Product]:
        """The products that it names."""
        return [part for part in self.parts() if isinstance(part, Product)]

    @property
    def facts(self) -> list[Fact]:
        """What it rests on."""
        return [fact for part in self.parts() for fact in part.claims()]


class SmallTalk(Statement):
    kind: Literal["greeting", "thanks", "help"]


class Attribute(Statement):
    kind: Literal["attribute"] = "attribute"
    product: Product
    name: str
    value: str

    def claims(self) -> Sequence[Fact]:
        return [self.product.fact("attribute", self.value, {"attribute": self.name})]


class Quotation(Statement):
    kind: Literal["quotation"] = "quotation"
    product: Product
    quote: str

    def claims(self) -> Sequence[Fact]:
        return [self.product.fact("quotation", self.quote)]


class FieldValue(Part):
    name: str
    value: str


class ProductLine(Statement):
    kind: Literal["product"] = "product"
    product: Product
    fields: tuple[FieldValue, ...] = ()
    reason: Annotated[Attribute | Quotation, Field(discriminator="kind")] | None = None
    listed: bool = False

    def claims(self) -> Sequence[Fact]:
        return [self.product.fact("attribute", each.value, {"attribute": each.name}) for each in self.fields]


class Scoped(Statement):
    scope: Scope

    def figure(self, field: str, value: object, **more: Any) -> Fact:
        return Fact(field, str(value), query={**self.scope.query, **more})


class List(Scoped):
    kind: Literal["list", "nearest"] = "list"
    total: int
    count: int

    def claims(self) -> Sequence[Fact]:
        return [self.figure("count", self.total)]


class Nothing(Scoped):
    kind: Literal["nothing"] = "nothing"

    def claims(self) -> Sequence[Fact]:
        return [self.figure("count", 0)]


class Count(Scoped):
    kind: Literal["count"] = "count"
    of: Literal["products", "sellers", "categories"]
    total: int

    def claims(self) -> Sequence[Fact]:
        return [self.figure("count" if self.of == "products" else self.of, self.total)]


class Row(Part):
    name: str
    count: int
    query: dict[str, Any]


class Breakdown(Scoped):
    kind: Literal["breakdown"] = "breakdown"
    of: Literal["sellers", "categories"]
    rows: tuple[Row, ...]

    def claims(self) -> Sequence[Fact]:
        return [self.figure(f"count of {self.of}", f"{row.name}: {row.count}") for row in self.rows]


class PriceRange(Scoped):
    kind: Literal["price_range"] = "price_range"
    ranges: tuple[Range, ...]

    def claims(self) -> Sequence[Fact]:
        return [
            self.figure(edge, f"{getattr(each, edge)} {each.currency}", currency=each.currency)
            for each in self.ranges
            for edge in ("min_price", "max_price")
        ]


class Extreme(Scoped):
    kind: Literal["extreme"] = "extreme"
    order: Order
    currency: str | None
    products: tuple[Product, ...]
    among: Literal["all", "shown"] = "all"

    def claims(self) -> Sequence[Fact]:
        first = self.products[0]
        if self.order == "newest":
            return [self.figure("newest", first.name)]
        return [self.figure(self.order, first.money, currency=self.currency)]


class Value(Part):
    product: Product
    value: str | None
    name: str | None = None  # of the attribute, as its seller calls it

    def claims(self) -> Sequence[Fact]:
        given = self.value is not None and self.name is not None
        return [self.product.fact("attribute", str(self.value), {"attribute": self.name})] if given else []


class Comparison(Statement):
    kind: Literal["comparison"] = "comparison"
    field: str
    values: tuple[Value, ...]
    least: int | None = None
    most: int | None = None
    equal: bool = False

    def claims(self) -> Sequence[Fact]:
        query = {"field": self.field, "products": [each.product.id for each in self.values]}
        return [Fact("order", f"{self.least} {self.most}", query=query)]


class Difference(Statement):
    kind: Literal["difference"] = "difference"
    field: str
    products: tuple[Product, Product]
    amount: str
    unit: str

    def claims(self) -> Sequence[Fact]:
        query = {"field": self.field, "products": [product.id for product in self.products]}
        return [Fact("difference", f"{self.amount} {self.unit}", query=query)]


class Within(Statement):
    kind: Literal["within"] = "within"
    product: Product
    scope: Scope
    holds: bool

    def claims(self) -> Sequence[Fact]:
        return [self.product.fact("within", str(self.holds), dict(self.scope.query))]


class Corrected(Statement):
    kind: Literal["corrected"] = "corrected"
    asked: str
    read: str


class Unread(Statement):
    kind: Literal["unread"] = "unread"
    words: tuple[str, ...]


class Currency(Statement):
    kind: Literal["currency"] = "currency"
    wished: str
    offered: tuple[str, ...]
    query: dict[str, Any] = Field(default={}, exclude=True)

    def claims(self) -> Sequence[Fact]:
        return [Fact("currencies", " ".join(self.offered), query=dict(self.query))]


class Unknown(Statement):
    kind: Literal["unknown"] = "unknown"
    topic: str
    words: str | None = None
    product: Product | None = None
    seller: Seller | None = None


class ShopInfo(Statement):
    kind: Literal["shop_info"] = "shop_info"
    seller: Seller
    page: str
    language: str
    version: int
    quote: str

    def claims(self) -> Sequence[Fact]:
        query = {"business": self.seller.id, "page": self.page, "language": self.language, "version": self.version}
        return [Fact("page", self.quote, query=query)]


class Option(Part):
    label: str
    count: int | None
    message: str


class Question(Statement):
    kind: Literal["question"] = "question"
    about: Literal["category", "seller", "currency", "product", "words"]
    options: tuple[Option, ...]
    query: dict[str, Any] = Field(default={}, exclude=True)

    def claims(self) -> Sequence[Fact]:
        of = {"category": "categories", "seller": "sellers", "words": "categories"}.get(self.about)
        counts = [f"{option.label}: {option.count}" for option in self.options if of and option.count is not None]
        return [Fact(f"count of {of}", count, query=dict(self.query)) for count in counts]


AnyStatement = Annotated[
    SmallTalk | ProductLine | Attribute | Quotation | List | Nothing | Count | Breakdown | PriceRange | Extreme | Comparison
    | Difference | Within | Corrected | Unread | Currency | Unknown | ShopInfo | Question,
    Field(discriminator="kind"),
]  # fmt: skip
