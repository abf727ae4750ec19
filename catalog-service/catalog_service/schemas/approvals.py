"""What enters and leaves of the queue of what waits."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from catalog_service.schemas.fields import Category
from catalog_service.schemas.pages import PageOut
from catalog_service.schemas.products import ProductOut
from catalog_service.schemas.review import ContentType
from servicekit.api import Moment, Out, RowId
from servicekit.paging import PageQuery


class ApprovalsQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200)] = None
    type: ContentType | None = None
    category: Category | None = None
    submitted_by: RowId | None = None
    decidable: Annotated[bool, Field(description="only what the caller may approve")] = False


class WaitingOut(Out):
    """What the queue says of anything that waits, beside what its own address answers."""

    submitted_by: int
    submitted_by_name: str
    submitted_by_username: str
    submitted_at: Moment
    waiting_seconds: int
    comment: str
    price_change_percent: str | None


class ApprovalOut(ProductOut, WaitingOut):
    type: Literal["product"]


class PageApprovalOut(PageOut, WaitingOut):
    type: Literal["page"]
    name: str


class ApprovalsOut(RootModel[list[Annotated[ApprovalOut | PageApprovalOut, Field(discriminator="type")]]]):
    pass
