"""Password reset by mail. A request writes one row whoever it names; the worker finds out who exists."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, g
from sqlalchemy import delete, func, select

from auth_service import audit, codes, sessions, throttle
from auth_service.models import PasswordReset, User, db
from auth_service.names import fold
from servicekit.database import now
from servicekit.permissions import Role
from servicekit.problems import Invalid

REQUEST_HOURS = 1
MAILS_PER_HOUR = 3


def request(email: str) -> None:
    """Notes that somebody asked. It looks nobody up, so that its answer and its time tell nothing."""
    db.session.add(PasswordReset(email_key=fold(email), request_address=g.get("address", "")))
    db.session.flush()


def waiting(limit: int = 20) -> Sequence[int]:
    """The requests that nobody has answered yet, oldest first."""
    query = select(PasswordReset.id).where(PasswordReset.sent_at.is_(None)).order_by(PasswordReset.id).limit(limit)
    return db.session.scalars(query).all()


def prepare(reset_id: int) -> tuple[User, str] | None:
    """Makes the code for one request and says whom to send it to.

    None, and the request is dropped, for an unknown or disabled account and one that got enough mail this hour.
    """
    reset = db.session.get(PasswordReset, reset_id, with_for_update={"key_share": True})
    if reset is None or reset.sent_at:
        return None
    user = db.session.scalar(select(User).where(User.email_key == reset.email_key, User.deleted_at.is_(None)))
    if user is None or user.role == Role.SERVICE or not sessions.can_sign_in(user) or _had_enough(user):
        db.session.delete(reset)
        return None
    code, reset.code_hash = codes.make()
    reset.user_id = user.id
    reset.expires_at = now() + timedelta(minutes=current_app.config["SETTINGS"].password_reset_minutes)
    return user, code


def _had_enough(user: User) -> bool:
    recent = select(func.count()).where(
        PasswordReset.user_id == user.id, PasswordReset.sent_at > now() - timedelta(hours=1)
    )
    return bool((db.session.scalar(recent) or 0) >= MAILS_PER_HOUR)


def sent(reset_id: int) -> None:
    """The mail is on its way."""
    reset = db.session.get_one(PasswordReset, reset_id)
    reset.sent_at = now()
    user = db.session.get_one(User, reset.user_id)
    audit.record(
        "password.reset_mailed", user.business_id, None, f"user:{user.id}", requested_from=reset.request_address
    )


def find(code: str, lock: bool = False) -> User:
    """Whose password the code resets. Unknown, used and expired are refused in the same words."""
    query = select(PasswordReset).where(
        PasswordReset.code_hash == codes.digest(code),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now(),
    )
    reset = db.session.scalar(query.with_for_update(of=PasswordReset, key_share=True) if lock else query)
    user = db.session.get(User, reset.user_id) if reset else None
    if user is None or not sessions.can_sign_in(user):
        raise Invalid(fields={"code": "is not an open password reset"})
    return user


def confirm(code: str, password_hash: str) -> User:
    """Stores the new hash, spends all of the account's codes and ends its sessions."""
    user = find(code, lock=True)
    user.password_hash = password_hash
    for reset in db.session.scalars(select(PasswordReset).filter_by(user_id=user.id, used_at=None)):
        reset.used_at = now()
    audit.record("password.reset", user.business_id, user.id, f"user:{user.id}")
    sessions.end_all(user)
    throttle.forget(user.id)
    return user


def prune() -> None:
    """Forgets requests and codes that are of no use any more."""
    past = now() - timedelta(hours=REQUEST_HOURS)
    stale = PasswordReset.sent_at.is_(None) & (PasswordReset.requested_at < past)
    spent = PasswordReset.expires_at < past - timedelta(days=1)
    db.session.execute(delete(PasswordReset).where(stale | spent))
