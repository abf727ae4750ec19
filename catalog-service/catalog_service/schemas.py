"""What enters and leaves catalog-service."""

import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
    model_validator,
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


Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
VersionText = Annotated[int, Field(ge=1, le=2**31 - 1)]
Skippable = Literal["sku", "description", "price", "category", "attributes"]


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


class ContentIn(Echo):
    """The fields that a product may leave empty."""

    sku: Sku | None = None
    description: Description = ""
    category: Category = ""
    attributes: Attributes = {}
    status: Status | None = None


class ProductIn(ContentIn):
    name: Name
    price: Price
    currency: Currency | None = None

    def wishes(self) -> dict[str, Any]:
        return self._with_currency(super().wishes())

    def whole(self) -> dict[str, Any]:
        """The content that was sent, with what was left out as empty; without a currency the present one stays."""
        return self._with_currency(self.model_dump(exclude={*READ_ONLY, "status"}))

    def _with_currency(self, found: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in found.items() if not (name == "currency" and value is None)}


def _no_defaults(schema: dict[str, Any]) -> None:
    """A member that is left out keeps what is stored: no default belongs into the document."""
    for member in schema["properties"].values():
        member.pop("default", None)


class ProductChangeIn(ContentIn):
    model_config = ConfigDict(json_schema_extra=_no_defaults)

    name: Name = ""
    price: Price = ""
    currency: Currency = ""


class DecisionIn(Body):
    comment: Comment = ""
    version: Version | None = None


class RejectionIn(Body):
    comment: RequiredComment
    version: Version | None = None


class RevertIn(Body):
    comment: Comment = ""
    version: Version | None = None


class CommentIn(Body):
    comment: RequiredComment


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class BulkItemIn(Body):
    id: Annotated[RowId, Field(strict=True)]
    action: Verdict
    version: Version | None = None
    comment: Comment = ""

    @model_validator(mode="after")
    def _reasoned(self) -> "BulkItemIn":
        if self.action is Verdict.REJECT and not self.comment.strip():
            raise ValueError("a rejection needs a comment")
        return self


def _once(items: list[BulkItemIn]) -> list[BulkItemIn]:
    if len({item.id for item in items}) < len(items):
        raise ValueError("each product may be decided once")
    return items


class BulkIn(Body):
    items: Annotated[list[BulkItemIn], Field(min_length=1, max_length=100), AfterValidator(_once)]


class PolicyIn(Body):
    allow_self_approval: Annotated[bool, Field(strict=True)] = False
    skip_review: Annotated[list[Skippable], Field(description="fields whose change needs no review")] = []
    reserve_live_deletion: Annotated[bool, Field(strict=True)] = False


class SkuPath(BaseModel):
    sku: Sku


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


class ApprovalsQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200)] = None
    category: Annotated[str | None, Field(max_length=64)] = None
    submitted_by: RowId | None = None
    decidable: Annotated[bool, Field(description="only what the caller may approve")] = False


class StatisticsQuery(Query):
    days: Annotated[int, Field(ge=1, le=90, description="how many days (UTC), today included")] = 28


class DiffQuery(Query):
    since: Annotated[VersionText | None, Field(alias="from")] = None
    to: VersionText | None = None


class ChangesQuery(PageQuery):
    after: Annotated[int | None, Field(ge=0, le=2**63 - 1, description="the last number that was applied")] = None


class ContentOut(Out):
    """What a product says."""

    sku: str | None
    name: str
    description: str
    price: Annotated[str, Field(examples=["129.00"])]
    currency: str
    price_minor: int
    category: str
    attributes: dict[str, str]
    picture: str | None


class PublicProductOut(ContentOut):
    id: int
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


class ProductOut(ContentOut):
    id: int
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


class ApprovalOut(ProductOut):
    submitted_by: int
    submitted_by_name: str
    submitted_at: Moment
    waiting_seconds: int
    comment: str
    price_change_percent: str | None


class ApprovalsOut(RootModel[list[ApprovalOut]]):
    pass


class SpreadOut(Out):
    """Seconds from the last submission to its decision; null where nothing was decided."""

    median_seconds: int | None
    p90_seconds: int | None


class DecisionDayOut(SpreadOut):
    """What the log says of one day (UTC)."""

    day: date
    submitted: int
    approved: int
    rejected: int
    withdrawn: int
    published_without_review: int
    unpublished: int


class AgeOut(Out):
    """How many have been waiting for less than this and not less than the bound before; null: all longer ones."""

    under_seconds: int | None
    count: int


class WaitingOut(Out):
    count: int
    oldest_at: Moment | None
    oldest_seconds: int | None
    ages: list[AgeOut]


class StateCountsOut(Out):
    draft: int
    pending_approval: int
    approved: int
    rejected: int


class StatisticsOut(SpreadOut):
    """The days in order, and over all of them; what waits and what stands where at this moment."""

    days: list[DecisionDayOut]
    waiting: WaitingOut
    products: StateCountsOut


class BulkResultOut(Out):
    id: int
    status: int
    product_status: Status | None = None
    live_version: int | None = None
    problem: dict[str, Any] | None = None


class BulkOut(Out):
    results: list[BulkResultOut]


class RevisionOut(Out):
    version: int
    state: str
    is_live: bool
    sku: str | None
    name: str
    description: str
    price: str
    currency: str
    price_minor: int
    category: str
    attributes: dict[str, str]
    picture: str | None
    content_hash: str
    author: int
    author_name: str
    submitted_by: int | None
    submitted_by_name: str
    submitted_at: Moment | None
    decided_by: int | None
    decided_by_name: str
    decided_at: Moment | None
    self_approved: bool
    comment: str
    created_at: Moment
    published_at: Moment | None


class RevisionsOut(RootModel[list[RevisionOut]]):
    pass


class FieldChangeOut(Out):
    field: str
    old: str | None
    new: str | None
    change_percent: str | None = None


class DiffOut(Out):
    since: Annotated[int | None, Field(alias="from")]
    to: int
    changes: list[FieldChangeOut]
    price_change_percent: str | None


class HistoryEntryOut(Out):
    seq: int
    at: Moment
    action: str
    actor: int
    actor_name: str
    version: int | None
    comment: str
    details: dict[str, Any]
    content_hash: str
    hash: str


class HistoryOut(RootModel[list[HistoryEntryOut]]):
    pass


class ChangeOut(Out):
    seq: int
    type: Literal["upsert", "delete"]
    product_id: int
    version: int
    occurred_at: Moment | None
    product: PublicProductOut | None


class ChangesOut(RootModel[list[ChangeOut]]):
    pass


class PolicyOut(Out):
    allow_self_approval: bool
    skip_review: list[Skippable]
    reserve_live_deletion: bool
