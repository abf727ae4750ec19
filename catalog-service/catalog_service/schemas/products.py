"""What enters and leaves of products."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from catalog_service.schemas.fields import Attributes, Category, Currency, Description, Name, Price, Sku
from servicekit.api import Body, Moment, Out, RowId
from servicekit.paging import PageQuery

# Fields that a client may send back as it read them, and may not change.
READ_ONLY = frozenset(
    {"id", "price_minor", "picture", "version", "live_version", "business", "business_name", "created_by",
     "created_by_name", "created_by_username", "created_at", "updated_at", "allowed_actions"}
)  # fmt: skip


class Status(StrEnum):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    REJECTED = "rejected"


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
    created_by_username: Any = None
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


def no_defaults(schema: dict[str, Any]) -> None:
    """A member that is left out keeps what is stored: no default belongs into the document."""
    for member in schema["properties"].values():
        member.pop("default", None)


class ProductChangeIn(ContentIn):
    model_config = ConfigDict(json_schema_extra=no_defaults)

    name: Name = ""
    price: Price = ""
    currency: Currency = ""


class SkuPath(BaseModel):
    sku: Sku


class ProductPath(BaseModel):
    product_id: RowId


class ProductsQuery(PageQuery):
    status: Status | None = None
    q: Annotated[str | None, Field(max_length=200)] = None
    category: Category | None = None
    created_by: RowId | None = None


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


class WorkingOut(Out):
    """What is known of content of any kind that its business works on."""

    id: int
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


class ProductOut(ContentOut, WorkingOut):
    pass


class ProductsOut(RootModel[list[ProductOut]]):
    pass
