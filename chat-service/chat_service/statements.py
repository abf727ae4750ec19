"""The closed set of what an answer may say. Each statement carries what it rests on, as facts that can be rechecked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat_service.clients.catalog import Product as Listing

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


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an answer says: about a product's revision, or about what a query of the catalogue gives."""

    field: str
    value: str
    product_id: int | None = None
    version: int | None = None
    query: dict[str, Any] | None = None


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Product(Part):
    """A listing as the answer shows it."""

    id: int
    version: int
    name: str
    price: str
    currency: str
    price_minor: int
    category: str
    business: int
    business_name: str

    @classmethod
    def of(cls, listing: Listing) -> "Product":
        return cls(**{name: getattr(listing, name) for name in cls.model_fields})

    @property
    def money(self) -> str:
        return f"{self.price} {self.currency}"

    def fact(self, field: str, value: str, query: dict[str, Any] | None = None) -> Fact:
        return Fact(field, value, self.id, self.version, query)

    def facts(self) -> list[Fact]:
        said = {"name": self.name, "price": self.money, "seller": self.business_name}
        return [self.fact(name, value) for name, value in said.items()]


class Seller(Part):
    id: int
    name: str

    def facts(self) -> list[Fact]:
        return [Fact("seller", self.name, query={"business": self.id})]


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

    def facts(self) -> list[Fact]:
        """The names of sellers that it says."""
        return [fact for seller in self.sellers for fact in seller.facts()]


class Statement(Part):
    """One sentence of an answer; `text` is it in words, once it was worded."""

    text: str = ""

    @property
    def shown(self) -> Sequence[Product]:
        """The products that it names."""
        return ()

    def facts(self) -> list[Fact]:
        """What it rests on."""
        return [fact for product in self.shown for fact in product.facts()]


class SmallTalk(Statement):
    kind: Literal["greeting", "thanks", "help"]


class AboutProduct(Statement):
    product: Product

    @property
    def shown(self) -> Sequence[Product]:
        return (self.product,)


class Attribute(AboutProduct):
    kind: Literal["attribute"] = "attribute"
    name: str
    value: str

    def own_fact(self) -> Fact:
        return self.product.fact("attribute", self.value, {"attribute": self.name})

    def facts(self) -> list[Fact]:
        return [self.product.facts()[0], self.own_fact()]


class Quotation(AboutProduct):
    kind: Literal["quotation"] = "quotation"
    quote: str

    def own_fact(self) -> Fact:
        return self.product.fact("quotation", self.quote)

    def facts(self) -> list[Fact]:
        name, _, seller = self.product.facts()
        return [name, seller, self.own_fact()]


class FieldValue(Part):
    name: str
    value: str


class ProductLine(AboutProduct):
    kind: Literal["product"] = "product"
    fields: tuple[FieldValue, ...] = ()
    reason: Annotated[Attribute | Quotation, Field(discriminator="kind")] | None = None
    listed: bool = False

    def facts(self) -> list[Fact]:
        asked = [self.product.fact("attribute", one.value, {"attribute": one.name}) for one in self.fields]
        return [*super().facts(), *asked, *([self.reason.own_fact()] if self.reason else [])]


class Scoped(Statement):
    scope: Scope

    def facts(self) -> list[Fact]:
        return [*super().facts(), *self.scope.facts()]

    def figure(self, field: str, value: object, **more: Any) -> Fact:
        return Fact(field, str(value), query={**self.scope.query, **more})


class List(Scoped):
    kind: Literal["list", "nearest"] = "list"
    total: int
    count: int

    def facts(self) -> list[Fact]:
        return [*super().facts(), self.figure("count", self.total)]


class Nothing(Scoped):
    kind: Literal["nothing"] = "nothing"

    def facts(self) -> list[Fact]:
        return [*super().facts(), self.figure("count", 0)]


class Count(Scoped):
    kind: Literal["count"] = "count"
    of: Literal["products", "sellers", "categories"]
    total: int

    def facts(self) -> list[Fact]:
        return [*super().facts(), self.figure("count" if self.of == "products" else self.of, self.total)]


class Row(Part):
    name: str
    count: int
    query: dict[str, Any]


class Breakdown(Scoped):
    kind: Literal["breakdown"] = "breakdown"
    of: Literal["sellers", "categories"]
    rows: tuple[Row, ...]

    def facts(self) -> list[Fact]:
        rows = [self.figure(f"count of {self.of}", f"{row.name}: {row.count}") for row in self.rows]
        return [*super().facts(), *rows]


class Range(Part):
    currency: str
    count: int
    min_price: str
    max_price: str


class PriceRange(Scoped):
    kind: Literal["price_range"] = "price_range"
    ranges: tuple[Range, ...]

    def facts(self) -> list[Fact]:
        edges = [
            self.figure(field, f"{getattr(one, field)} {one.currency}", currency=one.currency)
            for one in self.ranges
            for field in ("min_price", "max_price")
        ]
        return [*super().facts(), *edges]


class Extreme(Scoped):
    kind: Literal["extreme"] = "extreme"
    order: Order
    currency: str | None
    products: tuple[Product, ...]
    among: Literal["all", "shown"] = "all"

    @property
    def shown(self) -> Sequence[Product]:
        return self.products

    def facts(self) -> list[Fact]:
        first = self.products[0]
        if self.order == "newest":
            return [*super().facts(), self.figure("newest", first.name)]
        more = {"currency": self.currency, **({"among": self.scope.query["among"]} if self.among == "shown" else {})}
        return [*super().facts(), self.figure(self.order, first.money, **more)]


class Value(Part):
    product: Product
    value: str | None
    name: str | None = None  # of the attribute, as its seller calls it


class Comparison(Statement):
    kind: Literal["comparison"] = "comparison"
    field: str
    values: tuple[Value, ...]
    least: int | None = None
    most: int | None = None
    equal: bool = False

    @property
    def shown(self) -> Sequence[Product]:
        return [one.product for one in self.values]

    def facts(self) -> list[Fact]:
        told = [
            one.product.fact("attribute", one.value, {"attribute": one.name})
            for one in self.values
            if one.value is not None and one.name is not None
        ]
        query = {"field": self.field, "products": [one.product.id for one in self.values]}
        return [*super().facts(), *told, Fact("order", f"{self.least} {self.most}", query=query)]


class Difference(Statement):
    kind: Literal["difference"] = "difference"
    field: str
    products: tuple[Product, Product]
    amount: str
    unit: str

    @property
    def shown(self) -> Sequence[Product]:
        return self.products

    def facts(self) -> list[Fact]:
        query = {"field": self.field, "products": [product.id for product in self.products]}
        return [Fact("difference", f"{self.amount} {self.unit}", query=query)]


class Within(AboutProduct):
    kind: Literal["within"] = "within"
    scope: Scope
    holds: bool

    def facts(self) -> list[Fact]:
        return [*super().facts(), self.product.fact("within", str(self.holds), dict(self.scope.query))]


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

    def facts(self) -> list[Fact]:
        return [Fact("currencies", " ".join(self.offered), query=dict(self.query))]


class Unknown(Statement):
    kind: Literal["unknown"] = "unknown"
    topic: str
    words: str | None = None
    product: Product | None = None
    seller: Seller | None = None

    @property
    def shown(self) -> Sequence[Product]:
        return (self.product,) if self.product else ()

    def facts(self) -> list[Fact]:
        return [*super().facts(), *(self.seller.facts() if self.seller else [])]


class ShopInfo(Statement):
    kind: Literal["shop_info"] = "shop_info"
    seller: Seller
    page: str
    language: str
    version: int
    quote: str

    def facts(self) -> list[Fact]:
        query = {"business": self.seller.id, "page": self.page, "language": self.language, "version": self.version}
        return [*self.seller.facts(), Fact("page", self.quote, query=query)]


class Option(Part):
    label: str
    count: int | None
    message: str


class Question(Statement):
    kind: Literal["question"] = "question"
    about: Literal["category", "seller", "currency", "product", "words"]
    options: tuple[Option, ...]
    query: dict[str, Any] = Field(default={}, exclude=True)

    def facts(self) -> list[Fact]:
        of = {"category": "categories", "seller": "sellers", "words": "categories"}.get(self.about)
        return [
            Fact(f"count of {of}", f"{option.label}: {option.count}", query=dict(self.query))
            for option in self.options
            if of and option.count is not None
        ]


AnyStatement = Annotated[
    SmallTalk | ProductLine | Attribute | Quotation | List | Nothing | Count | Breakdown | PriceRange | Extreme | Comparison
    | Difference | Within | Corrected | Unread | Currency | Unknown | ShopInfo | Question,
    Field(discriminator="kind"),
]  # fmt: skip
