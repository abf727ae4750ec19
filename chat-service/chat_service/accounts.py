"""Accounts as auth-service's feed tells of them: what is stored for one must not outlive it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat_service.models import Revocation
from servicekit import locks
from servicekit.auth import Actor
from servicekit.problems import Unauthorized


def hold(session: Session, actor: Actor) -> None:
    """For whoever stores something of the account: its erasure waits for the commit. Unauthorized when it was erased."""
    locks.names(session, _name(actor.business_id), shared=True)
    user = (Revocation.kind == "user") & (Revocation.subject == str(actor.id)) & (Revocation.version > actor.version)
    business = (Revocation.kind == "business") & (Revocation.subject == str(actor.business_id))
    if session.scalar(select(Revocation.id).where(user | business).limit(1)):
        raise Unauthorized("the token is no longer valid", invalid_token=True)


def let_go(session: Session, business_id: int | None) -> None:
    """For whoever erases what the business or one of its people stored: waits for those who are storing."""
    locks.names(session, _name(business_id))


def _name(business_id: int | None) -> str:
    # One name an account: with two, of which an erasure takes one after the other, both would wait in a circle.
    return f"accounts of {business_id}"
