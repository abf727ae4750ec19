"""What a question can mean. A plan chooses what is looked up and said; it carries nothing that is said by itself."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chat_service.statements import Order, Topic

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Price = Annotated[Decimal, Field(ge=0, le=Decimal("99999999.99"), decimal_places=3)]

Ask = Literal["products", "count", "price_range", "sellers", "categories", "compare", "greeting", "thanks", "help"]


class Plan(BaseModel):
    """One question. `about` holds the words to look for, one entry for each thing that is asked about."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    ask: Ask = "products"
    of: Literal["products", "sellers", "categories"] = "products"
    about: Annotated[list[Words], Field(max_length=5)] = []
    without: Annotated[list[Words], Field(max_length=3)] = []
    category: Name | None = None
    seller: Name | None = None
    without_category: Name | None = None
    without_seller: Name | None = None
    min_price: Price | None = None
    max_price: Price | None = None
    above: bool = False
    below: bool = False
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    order: Order | None = None
    sorted: bool = False  # all in that order, rather than the first of it
    fields: Annotated[list[Words], Field(max_length=4)] = []
    shown: Annotated[list[Annotated[int, Field(ge=1, le=10)]], Field(max_length=10)] = []
    topics: Annotated[list[Topic], Field(max_length=3)] = []
    unread: Annotated[list[Words], Field(max_length=8)] = []

    @model_validator(mode="before")
    @classmethod
    def _given(cls, data: Any) -> Any:
        """What is null was not asked for."""
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data

    @property
    def priced(self) -> bool:
        return self.min_price is not None or self.max_price is not None

    @property
    def narrowed(self) -> bool:
        return bool(self.about or self.category or self.seller)

    @property
    def excludes(self) -> bool:
        return bool(self.without or self.without_category or self.without_seller)

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing of the catalogue is asked for."""
        looked = self.narrowed or self.excludes or self.priced or self.shown or self.fields
        return not (looked or self.order or self.currency or self.topics) and self.ask == "products"

    @property
    def asks_which(self) -> bool:
        """Whether something is asked of a product, but not of which."""
        looked = (
            self.narrowed or self.excludes or self.priced or self.shown or self.order or self.currency or self.topics
        )
        return not looked and self.ask in {"products", "compare"}
