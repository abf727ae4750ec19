"""One turn: admitted, answered without a database session, stored."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chat_service import budgets, conversations, measures, owners
from chat_service.clients.catalog import Product
from chat_service.facts import Fact
from chat_service.models import Claim, Conversation, Message
from chat_service.owners import Owner
from chat_service.settings import Settings
from chat_service.statements import Statement
from servicekit.database import now

WINDOW = 2
SHOWN = 10


@dataclass(frozen=True)
class Turn:
    """A question that was let in, with what the conversation said before it."""

    owner: Owner
    message: str
    conversation_id: int | None
    context: dict[str, Any]
    window: tuple[str, ...]
    subjects: dict[str, str]
    reserved: int = 0
    started: float = field(default_factory=time.monotonic)


@dataclass
class Reply:
    """What leaves: statements in the language of the question, and how they came about; tokens as the provider counted them, or as estimated."""

    statements: list[Statement] = field(default_factory=list)
    language: str = "en"
    context: dict[str, Any] = field(default_factory=dict)
    mode: str = "builtin"
    fallback: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    corrections: int = 0

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.statements)

    @property
    def products(self) -> list[Product]:
        """The products that the statements name, each once."""
        return list({product.id: product for each in self.statements for product in each.shown}.values())

    @property
    def facts(self) -> list[Fact]:
        """What the statements rest on, each fact once."""
        return list({str(fact): fact for each in self.statements for fact in each.facts}.values())


def admit(
    session: Session,
    settings: Settings,
    owner: Owner,
    message: str,
    conversation_id: int | None,
    address: str,
    tokens: int = 0,
) -> Turn:
    """Lets a question in; NotFound for a conversation of somebody else, TooManyRequests past a budget."""
    context: dict[str, Any] = {}
    window: tuple[str, ...] = ()
    secret = settings.internal_token.get_secret_value()
    subjects = {"address": budgets.address_key(address, secret), "day": "all"}
    if conversation_id is not None:
        conversation = conversations.get(owner, conversation_id)
        context, window = conversation.context, _window(session, conversation.id)
        subjects["conversation"] = _subject(conversation)
    if owner.business_id is not None:
        subjects["business"] = str(owner.business_id)
    budgets.admit(session, settings, subjects, tokens)
    return Turn(owner, message, conversation_id, context, window, subjects, tokens)


def _subject(conversation: Conversation) -> str:
    """A conversation as it is counted; SQLite gives an erased one's number out again."""
    return f"{conversation.id}-{conversation.created_at.timestamp():.0f}"


def _window(session: Session, conversation_id: int) -> tuple[str, ...]:
    query = select(Message.user_message).where(Message.conversation_id == conversation_id)
    return tuple(reversed(session.scalars(query.order_by(Message.id.desc()).limit(WINDOW)).all()))


def store(session: Session, settings: Settings, turn: Turn, reply: Reply) -> Message:
    """Stores the turn with its claims, its usage and its cost.

    NotFound when the conversation, Unauthorized when the account was erased meanwhile: then nothing is stored.
    """
    owner = turn.owner
    if owner.actor is not None:
        # It may have been erased while the answer was made; what came later must not bring it back.
        owners.hold(session, owner.actor)
    if turn.conversation_id is None:
        conversation = conversations.start(owner, turn.message, reply.context)
    else:
        conversation = conversations.get(owner, turn.conversation_id, lock=True)
        conversation.context, conversation.updated_at = reply.context, now()
    message = Message(
        conversation=conversation,
        user_message=turn.message,
        ai_response=reply.text,
        statements=[statement.model_dump(mode="json") for statement in reply.statements],
        language=reply.language,
        products=[product.model_dump() for product in reply.products[:SHOWN]],
        mode=reply.mode,
        fallback=reply.fallback,
    )
    session.add(message)
    session.flush()
    if turn.conversation_id is None:
        turn.subjects["conversation"] = _subject(conversation)
        budgets.count(session, "conversation", _subject(conversation), turn.reserved)
    # As plain rows: objects of the session take three times as long.
    claims = [{"message_id": message.id, **asdict(fact)} for fact in reply.facts]
    if claims:
        session.execute(insert(Claim), claims)
    _account(session, settings, turn, reply)
    return message


def _account(session: Session, settings: Settings, turn: Turn, reply: Reply) -> None:
    seconds = time.monotonic() - turn.started
    tokens = reply.prompt_tokens + reply.completion_tokens
    measures.TURNS.labels(reply.mode, reply.fallback or "").inc()
    measures.SECONDS.labels(reply.mode).observe(seconds)
    measures.TOKENS.labels("prompt").inc(reply.prompt_tokens)
    measures.TOKENS.labels("completion").inc(reply.completion_tokens)
    budgets.settle(session, settings, turn.subjects, tokens - turn.reserved)
    # Prices are per million tokens, so that tokens times price is millionths.
    cost = reply.prompt_tokens * settings.chat_prompt_price + reply.completion_tokens * settings.chat_completion_price
    budgets.record(
        session,
        turn.owner.business_id,
        reply.mode,
        {
            "fallbacks": int(reply.fallback is not None),
            "corrections": reply.corrections,
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "milliseconds": int(seconds * 1000),
            "cost_micros": round(cost),
        },
    )
