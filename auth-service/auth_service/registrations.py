"""Registration by mail, where mail is configured: nobody learns whether an address has an account but its owner."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from auth_service import businesses, codes, identities, letters, outbox
from auth_service.letters import Letter
from auth_service.models import Registration, User, db
from servicekit.database import now
from servicekit.problems import Invalid
from servicekit.texts import fold

MAILS_PER_HOUR = 3


def request(
    business_name: str, username: str, email: str, password_hash: str, first_name: str = "", last_name: str = ""
) -> None:
    """Notes what somebody wants to register. Conflict when a name is taken; nothing is said of the address."""
    email = identities.normal_email(email)
    identities.ensure_own(username, email, confirmed=True)
    # Names are public, or as good as; a name that is the address stands for it, and is looked at with it.
    identities.ensure_business_free(business_name)
    if not identities.is_address(username):
        identities.ensure_free(username)
    registration = Registration(
        business_name=business_name,
        username=username,
        email=email,
        email_key=fold(email),
        first_name=first_name,
        last_name=last_name,
        password_hash=password_hash,
        expires_at=now() + _lifetime(),
    )
    db.session.add(registration)
    db.session.flush()
    outbox.add("registration", registration.id)


def _lifetime() -> timedelta:
    return timedelta(minutes=current_app.config["SETTINGS"].password_reset_minutes)


def prepare(registration_id: int) -> Letter | None:
    """The letter with a code, or to the owner of the account that the address has; None for one that is of no use."""
    row = db.session.get(Registration, registration_id, populate_existing=True)
    if row is None or row.expires_at <= now() or _had_enough(row):
        return None
    owner = identities.owner(row.email_key)
    if owner is not None:
        return letters.registered_already(owner)
    code, row.code_hash = codes.make()
    row.expires_at = now() + _lifetime()
    return letters.registration(row.email, row.business_name, code, int(_lifetime().total_seconds() // 60))


def _had_enough(row: Registration) -> bool:
    others = (Registration.email_key == row.email_key) & (Registration.id != row.id)
    recent = select(func.count()).where(others, Registration.sent_at > now() - timedelta(hours=1))
    return bool((db.session.scalar(recent) or 0) >= MAILS_PER_HOUR)


def sent(registration_id: int) -> None:
    """The letter is on its way."""
    row = db.session.get(Registration, registration_id)
    if row is not None:
        row.sent_at = now()


def refused(registration_id: int) -> None:
    """The mail server will not have the address: nobody can confirm it."""
    db.session.execute(delete(Registration).where(Registration.id == registration_id))


def confirm(code: str) -> User:
    """The business and its first admin. Unknown, used and expired codes are refused in the same words.

    Conflict when a name was taken in the meantime; the code stays good, in case it is free again.
    """
    query = select(Registration).where(Registration.code_hash == codes.digest(code), Registration.expires_at > now())
    row = db.session.scalar(query.with_for_update())
    if row is None:
        raise Invalid(fields={"code": "is not an open registration"})
    user = businesses.register(
        row.business_name, row.username, row.email, row.password_hash, row.first_name, row.last_name, True
    )
    db.session.execute(
        delete(Registration).where(Registration.email_key == row.email_key),
        execution_options={"synchronize_session": False},
    )
    return user


def prune() -> None:
    """Forgets what nobody confirmed an hour after it could have been."""
    past = now() - timedelta(hours=1)
    stale = select(Registration.id).where(Registration.expires_at < past).with_for_update(skip_locked=True)
    db.session.execute(
        delete(Registration).where(Registration.id.in_(stale)), execution_options={"synchronize_session": False}
    )
