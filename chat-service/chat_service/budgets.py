"""How much may be asked in a day: turns and tokens per conversation, address, business and in all."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chat_service.models import Spending, Usage
from chat_service.settings import Settings
from servicekit.database import now
from servicekit.problems import TooManyRequests

KEPT_DAYS = 7


def address_key(address: str, secret: str) -> str:
    """An address as it is counted: keyed and of one day, so that none is kept."""
    text = f"{now().date()} {address}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def limits(settings: Settings) -> dict[str, tuple[int, int]]:
    """Turns and tokens a day, by scope."""
    return {
        "conversation": (settings.chat_turns_per_conversation, settings.chat_tokens_per_conversation),
        "address": (settings.chat_turns_per_address, settings.chat_tokens_per_address),
        "business": (settings.chat_turns_per_business, settings.chat_tokens_per_business),
        "day": (settings.chat_turns_per_day, settings.chat_tokens_per_day),
    }


def admit(session: Session, settings: Settings, subjects: Mapping[str, str], tokens: int = 0) -> None:
    """Counts one turn and reserves its tokens; TooManyRequests, and nothing counted, where a budget is spent."""
    # Always in the order of `limits`: two turns that wait for each other's rows would deadlock.
    for scope, (most_turns, most_tokens) in limits(settings).items():
        if scope in subjects:
            row = count(session, scope, subjects[scope], tokens)
            if row.turns > most_turns or (tokens and row.tokens > most_tokens):
                what = "questions" if row.turns > most_turns else "tokens"
                raise TooManyRequests(
                    f"the {what} of this {scope} are used up for today",
                    code="budget_spent",
                    retry_after=until_midnight(),
                )


def settle(session: Session, settings: Settings, subjects: Mapping[str, str], tokens: int) -> None:
    """Adds what was used beyond the reservation, or gives back the rest when negative."""
    for scope in limits(settings):
        if scope in subjects and tokens:
            count(session, scope, subjects[scope], tokens, turns=0)


def until_midnight() -> int:
    """Seconds until budgets are fresh: the next midnight UTC."""
    moment = now()
    tomorrow = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), moment.tzinfo)
    return int((tomorrow - moment).total_seconds()) + 1


def count(session: Session, scope: str, subject: str, tokens: int, turns: int = 1) -> Any:
    """Adds to what a subject used today; returns the sums."""
    key = {"day": now().date(), "scope": scope, "subject": subject}
    return upsert(session, Spending, key, {"turns": turns, "tokens": tokens})


def record(session: Session, business_id: int | None, mode: str, amounts: Mapping[str, int]) -> None:
    """Adds one turn to the day's usage."""
    key = {"day": now().date(), "business_id": business_id or 0, "mode": mode}
    upsert(session, Usage, key, {"messages": 1, **amounts})


def upsert(session: Session, model: Any, key: Mapping[str, Any], amounts: Mapping[str, int]) -> Any:
    """Adds the amounts to the row of that key, made where there is none; returns the sums."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    zero = {column.name: 0 for column in model.__table__.columns if column.name not in key}
    statement = dialect.insert(model.__table__).values({**zero, **key, **amounts})
    columns = model.__table__.c
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_={name: columns[name] + value for name, value in amounts.items()}
    )
    return session.execute(statement.returning(*(columns[name] for name in zero))).one()


def prune(session: Session) -> None:
    """Forgets what was counted on past days; usage is kept."""
    session.execute(delete(Spending).where(Spending.day < now().date() - timedelta(days=KEPT_DAYS)))
