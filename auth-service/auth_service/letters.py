"""What is written to people by mail."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from auth_service.models import Invitation, User


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader gets it; `to` is one address."""

    to: str
    subject: str
    text: str


PASSWORD_RESET = """\
Hello {name},

somebody asked to set a new password for the account {username}{of_business}, which names your address. If it was you, open

    {url}/login/?reset={code}

or enter this code: {code}

It works once, for {minutes} minutes. If it was not you, there is nothing to do: the password stays as it is.
"""

CLAIM = """
Nobody has confirmed yet that this is the account's address. A new password does, and from then on the address signs in, too;
if it is another account's already, this one is signed in to by its user name alone.
"""

REGISTRATION = """\
Hello,

somebody registered the business {business} with your address. If it was you, open

    {url}/login/?registration={code}

or enter this code: {code}

It works once, for {minutes} minutes. If it was not you, there is nothing to do: without the code there is no account.
"""

REGISTERED_ALREADY = """\
Hello {name},

somebody tried to register a business with your address, which has an account here already: {username}. If it was you, sign
in with that account, or have a new password mailed to you:

    {url}/login/

If it was not you, there is nothing to do. Whoever it was has not been told about your account.
"""

INVITATION = """\
Hello,

{inviter} invites you to join {business} on Vetted as {role}. To choose your user name and password, open

    {url}/login/?invitation={code}

or enter this code: {code}

It works once, until {until} (UTC). If you do not know {business}, there is nothing to do.
"""

INVITED_ELSEWHERE = """\
Hello {name},

{inviter} invites you to join {business} on Vetted as {role}. Your address belongs to your account {username} already, and an
account belongs to one business. To join, ask for an invitation to another address, or have your account's address changed
or your account deleted first and ask again.

{business} has not been told about your account.
"""

EMAIL_CHANGE = """\
Hello {name},

somebody asked to make this the address of the account {username}. If it was you, open

    {url}/login/?email={code}

or enter this code: {code}

It works once, for {minutes} minutes. If it was not you, there is nothing to do: without the code nothing changes.
"""

EMAIL_IN_USE = """\
Hello,

somebody asked to make this the address of another account. It has an account here already, so nothing has changed. If it
was you, choose another address, or change this account's address first:

    {url}/login/
"""

EMAIL_CHANGED = """\
Hello {name},

your account {username} has another e-mail address now. This was done with your password and with a code that was mailed to
the new address. Mail for the account no longer comes here.

If it was not you, ask an admin of your business to disable the account.
"""


def _base() -> str:
    return str(current_app.config["SETTINGS"].public_url).rstrip("/")


def password_reset(user: User, code: str, minutes: int) -> Letter:
    """The code for a new password, to the address that the account has or claims."""
    of_business = f" of {user.business_name}" if user.business_name else ""
    text = PASSWORD_RESET.format(
        name=user.name, username=user.username, of_business=of_business, url=_base(), code=code, minutes=minutes
    )
    return Letter(user.email, "Set a new password", text if user.email_confirmed else text + CLAIM)


def registration(to: str, business: str, code: str, minutes: int) -> Letter:
    """The code that makes a business and its first account."""
    text = REGISTRATION.format(business=business, url=_base(), code=code, minutes=minutes)
    return Letter(to, "Confirm your address", text)


def registered_already(user: User) -> Letter:
    """To the owner of an address that somebody registers with."""
    text = REGISTERED_ALREADY.format(name=user.name, username=user.username, url=_base())
    return Letter(user.email, "You have an account already", text)


def invitation(row: Invitation, inviter: User, code: str) -> Letter:
    """The code that opens the account."""
    text = INVITATION.format(**_invited(row, inviter), code=code, until=_minute(row.expires_at))
    return Letter(row.email, f"Join {row.business.name} on Vetted", text)


def invited_elsewhere(row: Invitation, inviter: User, user: User) -> Letter:
    """To the owner of an account, who cannot be invited into another business."""
    text = INVITED_ELSEWHERE.format(**_invited(row, inviter), name=user.name, username=user.username)
    return Letter(row.email, f"Join {row.business.name} on Vetted", text)


def _invited(row: Invitation, inviter: User) -> dict[str, str]:
    return {"inviter": inviter.name, "business": row.business.name, "role": row.role, "url": _base()}


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def email_change(user: User, to: str, code: str, minutes: int) -> Letter:
    """The code that makes the address the account's, to that address."""
    text = EMAIL_CHANGE.format(name=user.name, username=user.username, url=_base(), code=code, minutes=minutes)
    return Letter(to, "Confirm your new address", text)


def email_in_use(to: str) -> Letter:
    """To the owner of an address that somebody wants for another account."""
    return Letter(to, "Your address is in use already", EMAIL_IN_USE.format(url=_base()))


def email_changed(user: User, to: str) -> Letter:
    """To the address that the account had before."""
    text = EMAIL_CHANGED.format(name=user.name, username=user.username)
    return Letter(to, "Your address was changed", text)
