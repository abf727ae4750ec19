"""What enters and leaves of the public catalogue and its changes."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, RootModel, ValidationInfo, field_validator

from catalog_service.schemas.fields import Category, Currency, PriceBound
from catalog_service.schemas.products import ContentOut
from servicekit.api import MAX_ID, Moment, Out, Query, RowId
from servicekit.paging import PageQuery


class Ordering(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "-published_at"
    PRICE = "price"
    PRICE_FALLING = "-price"
    NAME = "name"


class WordsQuery(Query):
    q: Annotated[str | None, Field(max_length=200, description="words, the last of which may be unfinished")] = None
    correct: Annotated[bool, Field(description="whether words that nothing has are put right")] = True


class FilterQuery(WordsQuery):
    search: Annotated[str | None, Field(max_length=200, description="another name of `q`")] = None
    business: RowId | None = None
    category: Category | None = None
    currency: Currency | None = None
    min_price: Annotated[PriceBound | None, Field(description="in `currency`, or else in the default one")] = None
    max_price: Annotated[PriceBound | None, Field(description="in `currency`, or else in the default one")] = None
    min_seq: Annotated[
        int, Field(ge=0, le=2**63 - 1, description="waits up to a second until searches know this change")
    ] = 0

    @property
    def words(self) -> str:
        """What is searched for; empty when nothing is."""
        return (self.q if self.q is not None else self.search or "").strip()

    @field_validator("search")
    @classmethod
    def _alone(cls, search: str | None, info: ValidationInfo) -> str | None:
        if search is not None and info.data.get("q") is not None:
            raise ValueError("is another name of q: send one of them")
        return search


class PublicQuery(FilterQuery, PageQuery):
    ordering: Annotated[
        Ordering | None, Field(description="`relevance` where there are words, else `-published_at`")
    ] = None


def _countable(place: str) -> str:
    if int(place.partition(".")[0]) > MAX_ID:
        raise ValueError(f"must be at most {MAX_ID}")
    return place


class ChangesQuery(PageQuery):
    after: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{1,19}(\.[0-9a-f]{16})?$",
            description="the last change that was applied: its `seq`, a point and its `generation`, or its `seq` alone",
        ),
        AfterValidator(lambda place: place and _countable(place)),
    ] = None


class PublicProductOut(ContentOut):
    id: int
    business: int
    business_name: str
    version: int
    published_at: Moment


class PublicProductsOut(RootModel[list[PublicProductOut]]):
    pass


class Matched(Out):
    matched: Annotated[Literal["exact", "similar"], Field(description="similar: of the corrected words")]
    corrected: Annotated[str | None, Field(description="the words that were looked for instead")]


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


class FacetsOut(Matched):
    total: int
    currency: Annotated[str | None, Field(description="in which prices were compared, where they were")]
    categories: list[CountOut]
    businesses: list[BusinessCountOut]
    currencies: list[PriceRangeOut]


class SuggestedProductOut(Out):
    id: int
    name: str
    price: str
    currency: str
    category: str
    business: int
    business_name: str
    picture: str | None


class SuggestionsOut(Matched):
    products: list[SuggestedProductOut]
    categories: list[CountOut]
    sellers: list[BusinessCountOut]
    completions: list[str]


class ChangeOut(Out):
    seq: int
    generation: str
    type: Literal["upsert", "delete"]
    product_id: int
    version: int
    occurred_at: Moment | None
    product: PublicProductOut | None


class ChangesOut(RootModel[list[ChangeOut]]):
    pass
