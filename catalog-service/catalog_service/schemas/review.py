"""What enters and leaves of the review: decisions, what waits, revisions, history, policy."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    RootModel,
)

from catalog_service.schemas.fields import Comment, RequiredComment, Version, VersionText
from catalog_service.schemas.products import ContentOut
from servicekit.api import Body, Moment, Out, Query

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


class PolicyIn(Body):
    allow_self_approval: Annotated[bool, Field(strict=True)] = False
    skip_review: Skipped = []
    reserve_live_deletion: Annotated[bool, Field(strict=True)] = False


class DiffQuery(Query):
    since: Annotated[VersionText | None, Field(alias="from")] = None
    to: VersionText | None = None


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
