"""What enters and leaves chat-service."""

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, RootModel, WithJsonSchema

from chat_service.clients.catalog import Product
from chat_service.statements import AnyStatement
from servicekit.api import MAX_ID, Body, Moment, Out, RowId
from servicekit.paging import PageQuery

MAX_MESSAGE = 4000
Money = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\d{1,8}(\.\d{1,3})?$"})]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    if len(unicodedata.normalize("NFKC", text)) > 2 * MAX_MESSAGE:
        raise ValueError(
            f"must have at most {2 * MAX_MESSAGE} characters after Unicode's compatible decomposition (NFKC)"
        )
    return text


class QuestionIn(Body):
    message: Annotated[str, Field(strict=True, min_length=1, max_length=MAX_MESSAGE), AfterValidator(_said)]
    conversation_id: Annotated[int | None, Field(strict=True, ge=1, le=MAX_ID)] = None
    conversation_token: Annotated[
        str | None,
        Field(strict=True, max_length=200, description="of an anonymous shopper, where cookies are not kept"),
    ] = None


class ConversationPath(BaseModel):
    conversation_id: RowId


class MessagePath(ConversationPath):
    message_id: RowId


class HistoryQuery(PageQuery):
    conversation_id: RowId | None = None


class AnswerProductOut(Product):
    """A product that the answer rests on, as it was then."""


class TurnOut(Out):
    id: int
    user_message: str
    ai_response: str
    timestamp: Moment
    conversation_id: int
    products: list[AnswerProductOut]
    statements: list[AnyStatement] = Field(
        description="what the answer says, one typed statement each, with its `text`"
    )
    language: str
    mode: str
    planned_by: str = Field(
        description="who understood the question: `model` or `parser`; the words are the service's own"
    )

    @classmethod
    def of(cls, message: Any, **more: Any) -> "TurnOut":
        names = ("id", "user_message", "ai_response", "conversation_id", "products", "statements", "language", "mode")
        planned_by = "model" if message.mode == "model" else "parser"
        values = {name: getattr(message, name) for name in names}
        return cls(**values, planned_by=planned_by, timestamp=message.created_at, **more)


class AnswerOut(TurnOut):
    conversation_token: str | None = Field(
        None, description="opens this conversation to an anonymous shopper; null for who is signed in"
    )


class TurnsOut(RootModel[list[TurnOut]]):
    pass


class ConversationOut(Out):
    id: int
    title: str
    created_at: Moment
    updated_at: Moment


class ConversationsOut(RootModel[list[ConversationOut]]):
    pass


class WholeConversationOut(ConversationOut):
    messages: list[TurnOut]


class UsageQuery(PageQuery):
    since: date | None = None
    until: date | None = None


class UsageOut(Out):
    """One day of one business in one mode.

    `corrections` are plans that a model had to write twice; `cost` is in the currency that the prices per million tokens
    are set in.
    """

    day: date
    business: int | None
    mode: str
    messages: int
    fallbacks: int
    corrections: int
    prompt_tokens: int
    completion_tokens: int
    average_milliseconds: int
    cost: Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d{6}$"})]

    @classmethod
    def of(cls, row: Any) -> "UsageOut":
        names = ("day", "mode", "messages", "fallbacks", "corrections", "prompt_tokens", "completion_tokens")
        return cls(
            **{name: getattr(row, name) for name in names},
            business=row.business_id or None,
            average_milliseconds=row.milliseconds // max(1, row.messages),
            cost=f"{row.cost_micros // 1_000_000}.{row.cost_micros % 1_000_000:06d}",
        )


class UsagesOut(RootModel[list[UsageOut]]):
    pass


class RecheckOut(BaseModel):
    """One thing that the answer said, beside what the catalogue says today."""

    field: str
    value: str
    product_id: int | None
    version: int | None
    query: dict[str, Any] | None
    current: str | None
    holds: bool


class StandingOut(BaseModel):
    """A product that the answer named: `current`, `changed` since, or `withdrawn`."""

    id: int
    version: int
    status: str
    current_version: int | None
    current_price: Money | None
    currency: str | None


class SourcesOut(BaseModel):
    message_id: int
    checked_at: Moment
    holds: bool
    claims: list[RecheckOut]
    products: list[StandingOut]
