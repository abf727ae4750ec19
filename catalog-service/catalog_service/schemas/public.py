"""What enters and leaves of the public catalogue and its changes."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, RootModel, ValidationInfo, field_validator

from catalog_service.schemas.fields import Currency, PriceBound
from catalog_service.schemas.products import ContentOut
from servicekit.api import Moment, Out, Query, RowId
from servicekit.paging import PageQuery


class Ordering(StrEnum):
    NEWEST = "-published_at"
    PRICE = "price"
    PRICE_FALLING = "-price"
    NAME = "name"


class FilterQuery(Query):
    q: Annotated[str | None, Field(max_length=200, description="words, each found where a word begins with it")] = None
    search: Annotated[str | None, Field(max_length=200, description="another name of `q`")] = None
    business: RowId | None = None
    category: Annotated[str | None, Field(max_length=64)] = None
    currency: Currency | None = None
    min_price: PriceBound | None = None
    max_price: PriceBound | None = None

    @field_validator("search")
    @classmethod
    def _alone(cls, search: str | None, info: ValidationInfo) -> str | None:
        if search is not None and info.data.get("q") is not None:
            raise ValueError("is another name of q: send one of them")
        return search


class PublicQuery(FilterQuery, PageQuery):
    ordering: Ordering = Ordering.NEWEST


class ChangesQuery(PageQuery):
    after: Annotated[int | None, Field(ge=0, le=2**63 - 1, description="the last number that was applied")] = None


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


class ChangeOut(Out):
    seq: int
    type: Literal["upsert", "delete"]
    product_id: int
    version: int
    occurred_at: Moment | None
    product: PublicProductOut | None


class ChangesOut(RootModel[list[ChangeOut]]):
    pass
