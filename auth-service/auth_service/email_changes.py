"""Another e-mail address for the own account: with the password, a code that is mailed there, and a word to the old one."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update

from auth_service import audit, codes, events, identities, letters, locking, outbox, resets, sessions, users
from auth_service.letters import Letter
from auth_service.models import EmailChange, User, db
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.problems import Invalid
from servicekit.texts import fold


def request(actor: Actor, email: str) -> None:
    """Notes the wish of somebody who has just given their password; the address is looked up when it is mailed to."""
    email = identities.normal_email(email)
    user = users.me(actor, lock=True)
    if fold(email) == user.email_key and user.email_confirmed:
        raise Invalid(fields={"email": "is the account's address already"})
    change = EmailChange(user_id=user.id, email=email, expires_at=now() + _lifetime())
    db.session.add(change)
    db.session.flush()
    outbox.add("email_change", change.id)
    audit.record("email.change_requested", user.business_id, user.id, f"user:{user.id}", email=email)


def _lifetime() -> timedelta:
    return timedelta(minutes=current_app.config["SETTINGS"].password_reset_minutes)


def prepare(change_id: int) -> Letter | None:
    """The letter to the new address: with a code, or that it belongs to an account; None for a wish that is void."""
    change = db.session.get(EmailChange, change_id)
    user = _owner(change) if change else None
    change = db.session.get(EmailChange, change_id, populate_existing=True)
    if change is None or user is None or change.used_at or change.expires_at <= now():
        return None
    if identities.owner(fold(change.email)):
        return letters.email_in_use(change.email)
    code, change.code_hash = codes.make()
    change.expires_at = now() + _lifetime()
    return letters.email_change(user, change.email, code, int(_lifetime().total_seconds() // 60))


def _owner(change: EmailChange) -> User | None:
    """Whose address it is to be, locked; None when the account cannot be signed in to any more."""
    business_id = db.session.scalar(select(User.business_id).where(User.id == change.user_id))
    user = locking.user(business_id, change.user_id)
    return user if user and sessions.can_sign_in(user) else None


def refused(change_id: int) -> None:
    """The mail server will not have the address: nobody can confirm it."""
    db.session.execute(update(EmailChange).where(EmailChange.id == change_id).values(used_at=now()))


def confirm(code: str) -> User:
    """The account has the new address, and all its codes are spent. Other codes are refused in the same words.

    A user name that was the old address becomes the new one: nobody's name is another's address. Conflict when the
    address became another account's in the meantime.
    """
    change = _find(code)
    user = _owner(change)
    change = _find(code)
    if user is None:
        raise _not_open()
    identities.ensure_free(email=change.email, but=user.id)
    change.old_email, change.used_at = user.email, now()
    audit.record("email.changed", user.business_id, user.id, f"user:{user.id}", email=[user.email, change.email])
    username = change.email if fold(user.username) == user.email_key else user.username
    identities.rename(user, username, change.email)
    user.email_confirmed = True
    db.session.flush()
    resets.spend(user)
    others = update(EmailChange).where(EmailChange.user_id == user.id, EmailChange.used_at.is_(None))
    db.session.execute(others.values(used_at=now()), execution_options={"synchronize_session": False})
    outbox.add("email_changed", change.id)
    events.user(db.session(), "changed", user)
    return user


def _find(code: str) -> EmailChange:
    query = select(EmailChange).where(
        EmailChange.code_hash == codes.digest(code), EmailChange.used_at.is_(None), EmailChange.expires_at > now()
    )
    change = db.session.scalar(query.execution_options(populate_existing=True))
    if change is None:
        raise _not_open()
    return change


def _not_open() -> Invalid:
    return Invalid(fields={"code": "is not an open change of address"})


def notice(change_id: int) -> Letter | None:
    """The letter to the address that the account had before."""
    change = db.session.get(EmailChange, change_id)
    if change is None or change.old_email is None:
        return None
    user = db.session.get_one(User, change.user_id)
    return None if user.deleted_at else letters.email_changed(user, change.old_email)


def prune() -> None:
    """Forgets changes a week after they happened or could have: mail to the old address may have had to wait."""
    past = now() - timedelta(days=7)
    old = select(EmailChange.id).where(EmailChange.expires_at < past).with_for_update(skip_locked=True)
    db.session.execute(
        delete(EmailChange).where(EmailChange.id.in_(old)), execution_options={"synchronize_session": False}
    )
