"""Signing in: who is meant, whether the password fits, and what is counted and written down either way."""

from dataclasses import dataclass

from flask import g
from prometheus_client import Counter
from sqlalchemy import select

from auth_service import audit, locking, passwords, sessions, throttle
from auth_service.identities import login_key
from auth_service.models import Session, User, db

LOGINS = Counter("auth_logins_total", "Sign-ins by what became of them", ["outcome"])


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a name and a password: whose they are, the hash that fits, a stronger one where the cost was raised."""

    user_id: int | None
    business_id: int | None
    fits: bool
    password_hash: str = ""
    new_hash: str | None = None


def authenticate(login: str, password: str) -> Attempt:
    """Looks the name or e-mail address up and checks the password; slow on purpose, so not in a transaction.

    Unknown, wrong and disabled cost the same work: a stranger learns nothing from the time. TooManyRequests when the
    account's tries are used up.
    """
    key = login_key(login)
    own = (User.email_key == key) & User.email_confirmed
    user = db.session.scalar(select(User).where((User.username_key == key) | own).limit(1))
    known = sessions.known_address(user.id if user else 0, g.address)
    account = throttle.account_key(user.id if user else None, key)
    charged = throttle.charge(account, known)
    fits = passwords.verify(password, user.password_hash if user else None)
    if user is None:
        return Attempt(None, None, False)
    if not fits or not sessions.can_sign_in(user):
        return Attempt(user.id, user.business_id, False)
    throttle.give_back(charged, account)
    new_hash = passwords.stronger(password, user.password_hash)
    return Attempt(user.id, user.business_id, True, user.password_hash, new_hash)


def check_password(user: User, password: str) -> bool:
    """Whether it is the account's present one; counted like a try to sign in."""
    account = throttle.account_key(user.id, "")
    charged = throttle.charge(account, sessions.known_address(user.id, g.address))
    fits = passwords.verify(password, user.password_hash)
    if fits:
        throttle.give_back(charged, account)
    return fits


def sign_in(attempt: Attempt, password: str, device: str) -> Session | None:
    """A session for an attempt that fits; None, and an entry in the audit, for any other."""
    target = f"user:{attempt.user_id}" if attempt.user_id else ""
    if attempt.fits and attempt.user_id:
        user = locking.user(attempt.business_id, attempt.user_id)
        if user and sessions.can_sign_in(user) and _still_fits(attempt, user, password):
            LOGINS.labels("in").inc()
            audit.record("login", user.business_id, user.id, target)
            return sessions.start(user, device)
    LOGINS.labels("refused").inc()
    audit.record("login.failed", attempt.business_id, None, target)
    return None


def _still_fits(attempt: Attempt, user: User, password: str) -> bool:
    """The password may have been changed since it was checked: then it is checked again, which is seldom, and slow."""
    if user.password_hash != attempt.password_hash:
        return passwords.verify(password, user.password_hash)
    user.password_hash = attempt.new_hash or user.password_hash
    return True
