"""Conversations and their turns: private to their owner, erased on request and by age."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from chat_service import owners
from chat_service.models import Claim, Conversation, Message, db
from chat_service.owners import Owner, hashed
from servicekit import paging
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.problems import NotFound

NEWEST = [paging.Key(Message.id, descending=True)]


def scoped(owner: Owner) -> Select[tuple[Conversation]]:
    """The owner's conversations: the one entry for anything that acts for somebody."""
    return select(Conversation).where(owner.condition)


def get(owner: Owner, conversation_id: int, lock: bool = False) -> Conversation:
    """One of the owner's conversations; NotFound for anybody else's."""
    query = scoped(owner).where(Conversation.id == conversation_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("conversation")
    return found


def start(owner: Owner, message: str, context: dict[str, Any]) -> Conversation:
    """A conversation to be stored with its first question, which titles it."""
    return Conversation(**owner.columns, title=" ".join(message.split())[:80], context=context)


def page(owner: Owner, cursor: str | None, size: int) -> tuple[Sequence[Conversation], str | None]:
    """The owner's conversations, newest first."""
    query = paging.page(scoped(owner), [paging.Key(Conversation.id, descending=True)], cursor, size)
    return paging.cut(db.session.scalars(query).all(), size, "id")


def messages(owner: Owner) -> Select[tuple[Message]]:
    """The turns of all conversations of the owner."""
    return select(Message).join(Conversation).where(owner.condition)


def history(
    owner: Owner, conversation_id: int | None, cursor: str | None, size: int
) -> tuple[Sequence[Message], str | None]:
    """The owner's turns, newest first; of one conversation where one is named."""
    query = messages(owner)
    if conversation_id is not None:
        query = query.where(Message.conversation_id == get(owner, conversation_id).id)
    return paging.cut(db.session.scalars(paging.page(query, NEWEST, cursor, size)).all(), size, "id")


def message(owner: Owner, conversation_id: int, message_id: int) -> Message:
    """One turn of one of the owner's conversations; NotFound for anybody else's."""
    query = messages(owner).where(Message.conversation_id == conversation_id, Message.id == message_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("message")
    return found


def claims(message_id: int) -> Sequence[Claim]:
    """What the answer said, in the order in which it was said."""
    return db.session.scalars(select(Claim).where(Claim.message_id == message_id).order_by(Claim.id)).all()


def remove(owner: Owner, conversation_id: int) -> None:
    """Erases one conversation with all its turns."""
    db.session.delete(get(owner, conversation_id, lock=True))


def clear(owner: Owner) -> None:
    """Erases every conversation of the owner."""
    _erase(db.session(), owner.condition)


def _erase(session: Session, condition: ColumnElement[bool], skip_locked: bool = False) -> int:
    """Erases them in one order, so that two who erase the same never wait in a circle; returns how many."""
    found = select(Conversation.id).where(condition).order_by(Conversation.id)
    found = found.with_for_update(skip_locked=skip_locked)
    gone: Any = session.execute(
        delete(Conversation).where(Conversation.id.in_(found)), execution_options={"synchronize_session": False}
    )
    return int(gone.rowcount)


def merge(actor: Actor, secret: str) -> int:
    """Gives an account what its owner asked before signing in; the secret opens nothing afterwards.

    Unauthorized when the account was erased meanwhile.
    """
    owners.hold(db.session(), actor)
    moved: Any = db.session.execute(
        update(Conversation)
        .where(Conversation.secret_hash == hashed(secret))
        .values(user_id=actor.id, business_id=actor.business_id, secret_hash=None)
        .execution_options(synchronize_session=False)
    )
    return int(moved.rowcount)


def erase_user(session: Session, user_id: int, business_id: int | None) -> None:
    owners.let_go(session, business_id)
    _erase(session, Conversation.user_id == user_id)


def erase_business(session: Session, business_id: int) -> None:
    owners.let_go(session, business_id)
    _erase(session, Conversation.business_id == business_id)


def prune(session: Session, days: int, anonymous_days: int) -> int:
    """Erases what nobody has touched for so many days, nor does just now; returns how many conversations that were."""
    past, anonymous = now() - timedelta(days=days), now() - timedelta(days=anonymous_days)
    expired = (Conversation.updated_at < past) | (
        Conversation.secret_hash.is_not(None) & (Conversation.updated_at < anonymous)
    )
    return _erase(session, expired, skip_locked=True)
