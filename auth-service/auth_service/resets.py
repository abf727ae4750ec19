"""Password reset by mail. A request writes one row whoever it names; the worker finds out who exists."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app, g
from sqlalchemy import ColumnElement, delete, false, func, select, update

from auth_service import audit, codes, locking, sessions, throttle
from auth_service.models import PasswordReset, User, db
from auth_service.names import fold
from servicekit.database import now
from servicekit.permissions import Role
from servicekit.problems import Invalid

REQUEST_HOURS = 1
MAILS_PER_HOUR = 3
# Longer than a mail server may take to accept a mail; then another worker takes it that the request was forgotten.
MAILING_SECONDS = 120


def request(email: str) -> None:
    """Notes that somebody asked. It looks nobody up, so that its answer and its time tell nothing."""
    db.session.add(PasswordReset(email_key=fold(email), request_address=g.get("address", "")))
    db.session.flush()


def waiting(limit: int = 20) -> Sequence[int]:
    """The requests that nobody has answered yet, oldest first."""
    return db.session.scalars(select(PasswordReset.id).where(_unsent()).order_by(PasswordReset.id).limit(limit)).all()


def _unsent() -> ColumnElement[bool]:
    return PasswordReset.sent_at.is_(None) & PasswordReset.used_at.is_(None) & ~_being_mailed()


def _being_mailed() -> ColumnElement[bool]:
    recent = PasswordReset.taken_at > now() - timedelta(seconds=MAILING_SECONDS)
    return PasswordReset.sent_at.is_(None) & func.coalesce(recent, false())


def prepare(reset_id: int) -> tuple[User, str] | None:
    """Makes the code for one request and says whom to send it to.

    None for one that another worker takes care of. None, and the request is dropped, for an unknown or disabled account
    and one that got enough mail this hour.
    """
    reset = db.session.get(PasswordReset, reset_id)
    if reset is None:
        return None
    user = db.session.scalar(select(User).where(User.email_key == reset.email_key, User.deleted_at.is_(None)))
    if user is not None:
        user = locking.user(user.business_id, user.id)
    if not _take(reset_id):
        return None
    if user is None or user.role == Role.SERVICE or not sessions.can_sign_in(user) or _had_enough(user):
        db.session.delete(reset)
        return None
    code, reset.code_hash = codes.make()
    reset.user_id = user.id
    reset.expires_at = now() + timedelta(minutes=current_app.config["SETTINGS"].password_reset_minutes)
    return user, code


def _take(reset_id: int) -> bool:
    """Whether the request is ours to answer; of several workers it is one's."""
    taken: Any = db.session.execute(
        update(PasswordReset).where(PasswordReset.id == reset_id, _unsent()).values(taken_at=now()),
        execution_options={"synchronize_session": False},
    )
    return bool(taken.rowcount)


def put_back(reset_id: int) -> None:
    """The mail was not taken: whoever comes next tries again."""
    db.session.execute(update(PasswordReset).where(PasswordReset.id == reset_id).values(taken_at=None))


def _had_enough(user: User) -> bool:
    mailed = (PasswordReset.sent_at > now() - timedelta(hours=1)) | _being_mailed()
    recent = select(func.count()).where(PasswordReset.user_id == user.id, mailed)
    return bool((db.session.scalar(recent) or 0) >= MAILS_PER_HOUR)


def sent(reset_id: int) -> None:
    """The mail is on its way."""
    reset = db.session.get_one(PasswordReset, reset_id, populate_existing=True)
    reset.sent_at = now()
    user = db.session.get_one(User, reset.user_id)
    audit.record(
        "password.reset_mailed", user.business_id, None, f"user:{user.id}", requested_from=reset.request_address
    )


def find(code: str) -> User:
    """Whose password the code resets. Unknown, used and expired are refused in the same words."""
    user = _owner(code)
    if user is None or not sessions.can_sign_in(user):
        raise Invalid(fields={"code": "is not an open password reset"})
    return user


def _owner(code: str) -> User | None:
    query = select(PasswordReset).where(
        PasswordReset.code_hash == codes.digest(code),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now(),
    )
    reset = db.session.scalar(query)
    return db.session.get(User, reset.user_id) if reset else None


def confirm(code: str, password_hash: str) -> User:
    """Stores the new hash, spends all of the account's codes and ends its sessions."""
    user = find(code)
    locking.user(user.business_id, user.id)
    # Another of the account's codes may have been first, which spent this one.
    user = find(code)
    user.password_hash = password_hash
    open_codes = update(PasswordReset).filter_by(user_id=user.id, used_at=None).values(used_at=now())
    db.session.execute(open_codes, execution_options={"synchronize_session": False})
    audit.record("password.reset", user.business_id, user.id, f"user:{user.id}")
    sessions.end_all(user)
    throttle.forget(user.id)
    return user


def prune() -> None:
    """Forgets requests and codes that are of no use any more, and that nobody is at just now."""
    past = now() - timedelta(hours=REQUEST_HOURS)
    stale = _unsent() & (PasswordReset.requested_at < past)
    spent = PasswordReset.expires_at < past - timedelta(days=1)
    useless = select(PasswordReset.id).where(stale | spent).with_for_update(skip_locked=True)
    db.session.execute(
        delete(PasswordReset).where(PasswordReset.id.in_(useless)), execution_options={"synchronize_session": False}
    )
