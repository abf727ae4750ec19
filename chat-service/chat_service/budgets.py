"""How much may be asked in a day: turns and tokens per conversation, address, business and in all; and what was used."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, TextClause, bindparam, delete, select, text
from sqlalchemy.orm import Session

from chat_service.models import Spending, Usage, db
from chat_service.settings import Settings
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import Permission
from servicekit.problems import TooManyRequests

KEPT_DAYS = 7
SHOWN_DAYS = 30
ORDER = [paging.Key(Usage.day, True, date), paging.Key(Usage.business_id, True), paging.Key(Usage.mode, True, str)]


def address_key(address: str, secret: str) -> str:
    """An address as it is counted: keyed and of one day, so that none is kept."""
    told = f"{now().date()} {address}"
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]


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
    zero = {column.name: 0 for column in model.__table__.columns if column.name not in key}
    return session.execute(_upsert(model, tuple(amounts)), {**zero, **key, **amounts}).one()


@lru_cache
def _upsert(model: Any, amounts: tuple[str, ...]) -> TextClause:
    """Both databases read it alike. As text, since SQLAlchemy compiles an ON CONFLICT anew each time: half of a turn."""
    table = model.__table__
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    sums = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in amounts)
    statement = (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums} "
        f"RETURNING {', '.join(name for name in names if name not in keys)}"
    )
    return text(statement).bindparams(*(bindparam(column.name, type_=column.type) for column in table.columns))


def scoped(actor: Actor) -> Select[tuple[Usage]]:
    """The caller's own business; everything for the platform's operators."""
    if actor.can(Permission.PLATFORM_MANAGE):
        return select(Usage)
    return select(Usage).where(Usage.business_id == actor.tenant)


def usage(
    actor: Actor, since: date | None, until: date | None, cursor: str | None, size: int
) -> tuple[Sequence[Usage], str | None]:
    """Sums per day, business and mode, newest day first; of the last thirty days where no day is given."""
    today = now().date()
    query = scoped(actor).where(
        Usage.day >= (since or today - timedelta(days=SHOWN_DAYS)), Usage.day <= (until or today)
    )
    rows = db.session.scalars(paging.page(query, ORDER, cursor, size)).all()
    return paging.cut(rows, size, "day", "business_id", "mode")


def prune(session: Session) -> None:
    """Forgets what was counted on past days; usage is kept."""
    session.execute(delete(Spending).where(Spending.day < now().date() - timedelta(days=KEPT_DAYS)))
