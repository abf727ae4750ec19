"""What enters and leaves catalog-service."""

import unicodedata
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)

from catalog_service import money
from servicekit.api import Body, Moment, Out, Query, RowId
from servicekit.paging import PageQuery

__all__ = ["Query"]

MAX_WORDS = 100
MAX_CHARACTERS = 4000
MAX_ATTRIBUTES = 50

# Fields that a client may send back as it read them, and may not change.
READ_ONLY = frozenset(
    {"id", "price_minor", "picture", "version", "live_version", "business", "business_name", "created_by",
     "created_by_name", "created_at", "updated_at", "allowed_actions"}
)  # fmt: skip


def _line(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValueError("must not contain control characters")
    return text


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return _line(text)


def _brief(text: str) -> str:
    count = len(text.split())
    if count > MAX_WORDS:
        raise ValueError(f"has {count} words, at most {MAX_WORDS} are allowed")
    return text


def _few(values: dict[str, str]) -> dict[str, str]:
    if len(values) > MAX_ATTRIBUTES:
        raise ValueError(f"has {len(values)} entries, at most {MAX_ATTRIBUTES} are allowed")
    return values


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_named)]
Description = Annotated[str, Field(max_length=MAX_CHARACTERS, description="at most 100 words"), AfterValidator(_brief)]
Category = Annotated[str, Field(max_length=64), AfterValidator(_line)]
Sku = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_named)]
Comment = Annotated[str, Field(max_length=2000)]
RequiredComment = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_named)]
AttributeName = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_named)]
AttributeValue = Annotated[str, StringConstraints(max_length=500), AfterValidator(_line)]
Attributes = Annotated[dict[AttributeName, AttributeValue], AfterValidator(_few)]
Currency = Annotated[str, AfterValidator(money.known_currency), Field(examples=["EUR"])]
Price = Annotated[
    str,
    BeforeValidator(money.plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", "maxLength": 32},
                {"type": "number", "minimum": 0, "maximum": 99999999.99},
            ],
            "examples": ["19.90"],
        }
    ),
]
PriceBound = Annotated[
    int,
    BeforeValidator(lambda value: money.sortable_bound(money.plain(value))),
    WithJsonSchema({"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"}),
]


class Status(StrEnum):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    REJECTED = "rejected"


class Ordering(StrEnum):
    NEWEST = "-published_at"
    PRICE = "price"
    PRICE_FALLING = "-price"
    NAME = "name"


class Echo(Body):
    """Read-only fields: may come back as they were read."""

    id: Any = None
    price_minor: Any = None
    picture: Any = None
    version: Any = None
    live_version: Any = None
    business: Any = None
    business_name: Any = None
    created_by: Any = None
    created_by_name: Any = None
    created_at: Any = None
    updated_at: Any = None
    allowed_actions: Any = None

    def wishes(self) -> dict[str, Any]:
        """The content that was sent."""
        return self.model_dump(exclude_unset=True, exclude={*READ_ONLY, "status"})

    def echoed(self) -> dict[str, Any]:
        """The read-only fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set & READ_ONLY}


class ProductIn(Echo):
    sku: Sku | None = None
    name: Name
    description: Description = ""
    price: Price
    currency: Currency | None = None
    category: Category = ""
    attributes: Attributes = {}
    status: Status | None = None

    def wishes(self) -> dict[str, Any]:
        found = super().wishes()
        return {name: value for name, value in found.items() if not (name == "currency" and value is None)}


def _no_defaults(schema: dict[str, Any]) -> None:
    """A member that is left out keeps what is stored: no default belongs into the document."""
    for member in schema["properties"].values():
        member.pop("default", None)


class ProductChangeIn(Echo):
    model_config = ConfigDict(json_schema_extra=_no_defaults)

    sku: Sku | None = None
    name: Name = ""
    description: Description = ""
    price: Price = ""
    currency: Currency = ""
    category: Category = ""
    attributes: Attributes = {}
    status: Status | None = None


class DecisionIn(Body):
    comment: Comment = ""
    version: Annotated[int | None, Field(strict=True, ge=1, le=2**31 - 1)] = None


class RejectionIn(Body):
    comment: RequiredComment
    version: Annotated[int | None, Field(strict=True, ge=1, le=2**31 - 1)] = None


class ProductPath(BaseModel):
    product_id: RowId


class FilterQuery(Query):
    q: Annotated[str | None, Field(max_length=200, description="words, each found where a word begins with it")] = None
    search: Annotated[str | None, Field(max_length=200, description="another name of `q`")] = None
    business: RowId | None = None
    category: Annotated[str | None, Field(max_length=64)] = None
    currency: Currency | None = None
    min_price: PriceBound | None = None
    max_price: PriceBound | None = None


class PublicQuery(FilterQuery, PageQuery):
    ordering: Ordering = Ordering.NEWEST


class ProductsQuery(PageQuery):
    status: Status | None = None
    q: Annotated[str | None, Field(max_length=200)] = None
    category: Annotated[str | None, Field(max_length=64)] = None
    created_by: RowId | None = None


class PublicProductOut(Out):
    id: int
    sku: str | None
    name: str
    description: str
    price: Annotated[str, Field(examples=["129.00"])]
    currency: str
    price_minor: int
    category: str
    attributes: dict[str, str]
    picture: str | None
    business: int
    business_name: str
    version: int
    published_at: Moment


class PublicProductsOut(RootModel[list[PublicProductOut]]):
    pass


class CountOut(Out):
    value: str
    count: int


class BusinessCountOut(Out):
    id: int
    name: str
    count: int


class PriceRangeOut(Out):
    currency: str
    count: int
    min_price: str
    max_price: str


class FacetsOut(Out):
    total: int
    categories: list[CountOut]
    businesses: list[BusinessCountOut]
    currencies: list[PriceRangeOut]


class ProductOut(Out):
    id: int
    sku: str | None
    name: str
    description: str
    price: str
    currency: str
    price_minor: int
    category: str
    attributes: dict[str, str]
    picture: str | None
    status: Status
    version: int
    live_version: int | None
    business: int
    business_name: str
    created_by: int
    created_by_name: str
    created_at: Moment
    updated_at: Moment
    allowed_actions: list[str]


class ProductsOut(RootModel[list[ProductOut]]):
    pass
