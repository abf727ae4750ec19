"""What enters and leaves of the review: decisions, what waits, revisions, history, policy."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    RootModel,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema

from catalog_service.schemas.fields import Category, Comment, RequiredComment, Version, VersionText, seen
from catalog_service.schemas.products import ContentOut, Status
from servicekit.api import Body, Moment, Out, Query, RowId
from servicekit.paging import PageQuery
from servicekit.problems import Invalid, from_validation

Skippable = Literal["sku", "description", "price", "category", "attributes"]
# A set, kept in one order: the same wish twice is no change.
Skipped = Annotated[
    list[Skippable],
    AfterValidator(lambda fields: sorted(set(fields))),
    Field(description="fields whose change needs no review"),
]


class ContentType(StrEnum):
    PRODUCT = "product"
    PAGE = "page"


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class DecisionIn(Body):
    comment: Comment = ""
    version: Version | None = None


class RejectionIn(Body):
    comment: RequiredComment
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item of a bulk decision that says nothing that can be done, and why; `type` and `id` as they were sent."""

    type: Any
    id: Any
    problem: Invalid


class RevertIn(Body):
    comment: Comment = ""
    version: Version | None = None


class CommentIn(Body):
    comment: RequiredComment


class BulkItemIn(Body):
    type: ContentType = ContentType.PRODUCT
    id: Annotated[RowId, Field(strict=True)]
    # Before the comment, which is judged by it.
    action: Verdict
    version: Version | None = None
    comment: Annotated[Comment, Field(validate_default=True)] = ""

    @field_validator("comment")
    @classmethod
    def _reasoned(cls, comment: str, info: ValidationInfo) -> str:
        return seen(comment) if info.data.get("action") is Verdict.REJECT else comment


def _or_refused(item: Any) -> BulkItemIn | RefusedItem:
    try:
        return BulkItemIn.model_validate(item)
    except ValidationError as error:
        sent = item if isinstance(item, dict) else {}
        return RefusedItem(sent.get("type", ContentType.PRODUCT), sent.get("id"), from_validation(error))


Item = Annotated[BulkItemIn | SkipJsonSchema[InstanceOf[RefusedItem]], BeforeValidator(_or_refused)]


class BulkIn(Body):
    """Items of which each is judged by itself: one that is no item at all is a RefusedItem."""

    items: Annotated[list[Item], Field(min_length=1, max_length=100)]


class PolicyIn(Body):
    allow_self_approval: Annotated[bool, Field(strict=True)] = False
    skip_review: Skipped = []
    reserve_live_deletion: Annotated[bool, Field(strict=True)] = False


class ApprovalsQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200)] = None
    type: ContentType | None = None
    category: Category | None = None
    submitted_by: RowId | None = None
    decidable: Annotated[bool, Field(description="only what the caller may approve")] = False


class DiffQuery(Query):
    since: Annotated[VersionText | None, Field(alias="from")] = None
    to: VersionText | None = None


class ApprovalOut(Out):
    """What waits, with what its own address answers; `name` is what it is called."""

    model_config = ConfigDict(extra="allow")

    type: ContentType
    id: int
    name: str
    status: Status
    version: int
    live_version: int | None
    business: int
    business_name: str
    created_by: int
    created_by_name: str
    created_by_username: str
    created_at: Moment
    updated_at: Moment
    allowed_actions: list[str]
    submitted_by: int
    submitted_by_name: str
    submitted_by_username: str
    submitted_at: Moment
    waiting_seconds: int
    comment: str
    price_change_percent: str | None


class ApprovalsOut(RootModel[list[ApprovalOut]]):
    pass


class BulkResultOut(Out):
    type: ContentType | None
    id: int | None
    status: int
    product_status: Status | None = None
    live_version: int | None = None
    problem: dict[str, Any] | None = None


class BulkOut(Out):
    results: list[BulkResultOut]


class RevisedOut(Out):
    """What is known of a revision of any kind."""

    version: int
    state: str
    is_live: bool
    content_hash: str
    author: int
    author_name: str
    author_username: str
    submitted_by: int | None
    submitted_by_name: str
    submitted_by_username: str
    submitted_at: Moment | None
    decided_by: int | None
    decided_by_name: str
    decided_by_username: str
    decided_at: Moment | None
    self_approved: bool
    comment: str
    created_at: Moment
    published_at: Moment | None


class RevisionOut(ContentOut, RevisedOut):
    pass


class RevisionsOut(RootModel[list[RevisionOut]]):
    pass


class PartOut(Out):
    """A piece of a text, or a character in it that cannot be seen, like `U+200B ZERO WIDTH SPACE`."""

    text: str | None = None
    mark: str | None = None


class MarkedOut(Out):
    old: list[PartOut] | None
    new: list[PartOut] | None


class FieldChangeOut(Out):
    """`marked` says both texts in pieces, where one of them holds what cannot be seen."""

    field: str
    old: str | None
    new: str | None
    change_percent: str | None = None
    marked: MarkedOut | None = None


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
    actor_username: str
    version: int | None
    comment: str
    details: dict[str, Any]
    content_hash: str
    hash: str


class HistoryOut(RootModel[list[HistoryEntryOut]]):
    pass


class PolicyOut(Out):
    allow_self_approval: bool
    skip_review: list[Skippable]
    reserve_live_deletion: bool
