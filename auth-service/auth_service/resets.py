"""Password reset by mail. A request writes one row whoever it names; the worker finds out who exists.

Each account that has the address, or claims it, gets a mail of its own: whoever reads them chooses.
"""

from datetime import timedelta

from flask import current_app, g
from sqlalchemy import delete, func, select, update

from auth_service import audit, codes, events, identities, letters, locking, outbox, sessions, throttle
from auth_service.identities import login_key
from auth_service.letters import Letter
from auth_service.models import PasswordReset, User, db
from servicekit.database import now
from servicekit.permissions import Role
from servicekit.problems import Invalid

REQUEST_HOURS = 1
MAILS_PER_HOUR = 3
# Anybody can claim an address: its owner's account first, then the oldest claims.
MOST_ACCOUNTS = 10


def request(email: str) -> None:
    """Notes that somebody asked. It looks nobody up, so that its answer and its time tell nothing."""
    _add(PasswordReset(email_key=login_key(email), request_address=g.get("address", "")))


def _add(reset: PasswordReset) -> None:
    db.session.add(reset)
    db.session.flush()
    outbox.add("reset", reset.id)


def prepare(reset_id: int) -> Letter | None:
    """Makes the code for one account and writes the letter; for a request without one it adds those of the address.

    None, and the request is dropped, for one that was answered or is too old, an unknown or disabled account, and one
    that got enough mail this hour.
    """
    reset = db.session.get(PasswordReset, reset_id)
    if reset is None:
        return None
    if reset.user_id is None:
        _add_for_accounts(reset)
        return None
    business_id = db.session.scalar(select(User.business_id).where(User.id == reset.user_id))
    user = locking.user(business_id, reset.user_id)
    reset = db.session.get(PasswordReset, reset_id, populate_existing=True)
    if reset is None or reset.used_at:
        return None
    if user is None or not _may_have_code(user, reset):
        db.session.delete(reset)
        return None
    minutes = current_app.config["SETTINGS"].password_reset_minutes
    code, reset.code_hash = codes.make()
    reset.taken_at, reset.expires_at = now(), now() + timedelta(minutes=minutes)
    return letters.password_reset(user, code, minutes)


def _add_for_accounts(reset: PasswordReset) -> None:
    """Puts a request for each account of the address in place of the one that names none."""
    at_address = select(User.id).where(User.email_key == reset.email_key, User.role != Role.SERVICE)
    first = at_address.order_by(User.email_confirmed.desc(), User.id).limit(MOST_ACCOUNTS)
    # By id, as everybody locks people.
    for user_id in sorted(db.session.scalars(first)):
        _add(
            PasswordReset(
                email_key=reset.email_key,
                request_address=reset.request_address,
                requested_at=reset.requested_at,
                user_id=user_id,
            )
        )
    db.session.delete(reset)


def _may_have_code(user: User, reset: PasswordReset) -> bool:
    stale = reset.requested_at < now() - timedelta(hours=REQUEST_HOURS)
    # The address may have become another account's while this waited for the lock.
    gone = user.email_key != reset.email_key or not sessions.can_sign_in(user)
    return not (stale or gone or _had_enough(user, reset))


def _had_enough(user: User, reset: PasswordReset) -> bool:
    others = (PasswordReset.user_id == user.id) & (PasswordReset.id != reset.id)
    recent = select(func.count()).where(others, PasswordReset.taken_at > now() - timedelta(hours=1))
    return bool((db.session.scalar(recent) or 0) >= MAILS_PER_HOUR)


def sent(reset_id: int) -> None:
    """The mail is on its way."""
    reset = db.session.get_one(PasswordReset, reset_id, populate_existing=True)
    reset.sent_at = now()
    user = db.session.get_one(User, reset.user_id)
    audit.record(
        "password.reset_mailed", user.business_id, None, f"user:{user.id}", requested_from=reset.request_address
    )


def refused(reset_id: int) -> None:
    """The mail server will not have the address: nobody has read the code."""
    db.session.execute(delete(PasswordReset).where(PasswordReset.id == reset_id))


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
    """Stores the new hash, spends all of the account's codes and ends its sessions; the account is its owner's alone.

    So is its address, unless another account's owner has confirmed it.
    """
    user = find(code)
    locking.user(user.business_id, user.id)
    # Another of the account's codes may have been first, which spent this one.
    user = find(code)
    user.password_hash = password_hash
    identities.confirm_address(user)
    spend(user)
    audit.record("password.reset", user.business_id, user.id, f"user:{user.id}")
    sessions.end_all(user)
    throttle.forget(user.id)
    _end_control(user)
    return user


def spend(user: User) -> None:
    """Voids the codes of a locked account, those that are just being mailed as well: its password or address changed."""
    codes_of = update(PasswordReset).filter_by(user_id=user.id, used_at=None).values(used_at=now())
    db.session.execute(codes_of, execution_options={"synchronize_session": False})


def _end_control(user: User) -> None:
    """Whoever chose the password when the account was made does not know it any more."""
    if user.controllers:
        audit.record("user.owned", user.business_id, user.id, f"user:{user.id}", set_up_by=user.controllers)
        user.controllers = []
        events.user(db.session(), "changed", user)


def prune() -> None:
    """Forgets requests and codes that are of no use any more, and that nobody is at just now."""
    past = now() - timedelta(hours=REQUEST_HOURS)
    stale = PasswordReset.sent_at.is_(None) & (PasswordReset.requested_at < past)
    spent = PasswordReset.expires_at < past - timedelta(days=1)
    useless = select(PasswordReset.id).where(stale | spent).with_for_update(skip_locked=True)
    db.session.execute(
        delete(PasswordReset).where(PasswordReset.id.in_(useless)), execution_options={"synchronize_session": False}
    )
