"""What enters and leaves of many decisions at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf, ValidationError, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema

from catalog_service.schemas.fields import Comment, Version, seen
from catalog_service.schemas.products import Status
from catalog_service.schemas.review import ContentType
from servicekit.api import Body, Out, RowId
from servicekit.problems import Invalid, from_validation


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item of a bulk decision that says nothing that can be done, and why; `type` and `id` as they were sent."""

    type: Any
    id: Any
    problem: Invalid


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


class BulkResultOut(Out):
    type: ContentType | None
    id: int | None
    status: int
    product_status: Status | None = None
    live_version: int | None = None
    problem: dict[str, Any] | None = None


class BulkOut(Out):
    results: list[BulkResultOut]
