"""What enters and leaves of pages of information."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from catalog_service.schemas.fields import seen
from catalog_service.schemas.products import Status, WorkingOut, no_defaults
from catalog_service.schemas.review import RevisedOut
from servicekit.api import Body, Moment, Out, RowId
from servicekit.paging import PageQuery

MAX_TEXT = 2000


class PageKindName(StrEnum):
    SHIPPING = "shipping"
    RETURNS = "returns"
    PAYMENT = "payment"
    CONTACT = "contact"
    ABOUT = "about"


Language = Annotated[str, Field(pattern="^[a-z]{2,3}$", description="ISO 639", examples=["en"])]
PageText = Annotated[str, Field(min_length=1, max_length=MAX_TEXT, description="plain text"), AfterValidator(seen)]


class PageIn(Body):
    kind: PageKindName
    language: Language = "en"
    text: PageText

    def values(self) -> dict[str, Any]:
        """The content."""
        return self.model_dump(mode="json")


class PageChangeIn(Body):
    """Which kind and language it is of stays; both may come back as they were read."""

    model_config = ConfigDict(json_schema_extra=no_defaults)

    kind: PageKindName | None = None
    language: Language | None = None
    text: PageText = ""

    def wishes(self) -> dict[str, Any]:
        """The content that was sent."""
        return self.model_dump(mode="json", include={"text"}, exclude_unset=True)

    def echoed(self) -> dict[str, Any]:
        """What was sent and cannot change."""
        return self.model_dump(mode="json", include={"kind", "language"}, exclude_none=True)


class PagePath(BaseModel):
    page_id: RowId


class BusinessPath(BaseModel):
    business_id: RowId


class PagesQuery(PageQuery):
    status: Status | None = None
    kind: PageKindName | None = None
    language: Language | None = None


class PageSaidOut(Out):
    kind: PageKindName
    language: str
    text: str


class PageOut(PageSaidOut, WorkingOut):
    pass


class PagesOut(RootModel[list[PageOut]]):
    pass


class PageRevisionOut(PageSaidOut, RevisedOut):
    pass


class PageRevisionsOut(RootModel[list[PageRevisionOut]]):
    pass


class PublicPageOut(PageSaidOut):
    version: int
    published_at: Moment


class PublicBusinessOut(Out):
    id: int
    name: str
    pages: list[PublicPageOut]
