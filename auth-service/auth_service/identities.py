"""What an account or a business is called: the names and addresses that are one, and who has them."""

from contextlib import suppress
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, select, update

from auth_service.models import Business, Invitation, User, db
from servicekit import locks
from servicekit.permissions import Role
from servicekit.problems import Conflict, Invalid
from servicekit.texts import fold, skeleton, spelling

_TAKEN, _ALIKE = "is taken", "looks like another that is taken"


def normal_email(email: str) -> str:
    """The address in its normal form (RFC 5322 as the e-mail library reads it); Invalid for anything else."""
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(fields={"email": str(error)}) from None


def login_key(text: str) -> str:
    """The key under which a user name or an address is found, in whichever form an address was typed."""
    if "@" in text:
        with suppress(Invalid):
            return fold(normal_email(text))
    return fold(text)


def ensure_own(username: str, email: str, confirmed: bool) -> None:
    """Invalid for a user name that is an address, unless it is the account's own and confirmed by mail.

    Both sign in, and to refuse those alone that somebody has would tell who has an account.
    """
    if is_address(username) and not (confirmed and fold(username) == fold(email)):
        raise Invalid(
            fields={"username": "may be an e-mail address only if it is the account's own, confirmed by mail"}
        )


def is_address(username: str) -> bool:
    """Whether the name would be read as an e-mail address, in whichever width its characters are."""
    return "@" in spelling(username)


def ensure_free(
    username: str | None = None,
    email: str | None = None,
    *,
    confirmed: bool = True,
    business_id: int | None = None,
    but: int = 0,
) -> None:
    """Conflict when another account has the name, one that looks like it, or the address.

    Of the address counts who in that business has it, and who has confirmed it where it is `confirmed`: a claim is not
    refused for another business's account, which its members must not learn of.
    """
    taken = _name_taken(username, but) if username is not None else {}
    if email is not None and _has_address(email, confirmed, business_id, but):
        taken["email"] = _TAKEN
    if taken:
        raise Conflict("this name or address is taken", fields=taken, code="taken")


def _name_taken(username: str, but: int) -> dict[str, str]:
    """Whoever wants the name, or one like it, at the same time waits here."""
    key, looks = fold(username), skeleton(username)
    locks.names(db.session(), f"user {key}", f"looks {looks}")
    if _somebody(User.username_key == key, but):
        return {"username": _TAKEN}
    return {"username": _ALIKE} if _somebody(User.username_skeleton == looks, but) else {}


def _has_address(email: str, confirmed: bool, business_id: int | None, but: int) -> bool:
    """Members of a business are looked at while its row is locked; the confirmed wait for each other here."""
    key = fold(email)
    if business_id is not None and _somebody((User.email_key == key) & (User.business_id == business_id), but):
        return True
    if not confirmed:
        return False
    locks.names(db.session(), f"user {key}")
    return _somebody((User.email_key == key) & User.email_confirmed | (User.username_key == key), but)


def confirm_address(user: User) -> None:
    """The address of a locked account, whose owner has read mail there, is its own; one that another has stays a claim."""
    if not user.email_confirmed:
        user.email_confirmed = not _has_address(user.email, True, None, user.id)


def owner(email_key: str) -> User | None:
    """The account whose address that is: confirmed, not claimed."""
    return db.session.scalar(select(User).where(User.email_key == email_key, User.email_confirmed))


def _somebody(clause: ColumnElement[bool], but: int) -> bool:
    return db.session.scalar(select(User.id).where(clause, User.id != but).limit(1)) is not None


def rename(user: User, username: str, email: str) -> None:
    """Gives the account its name and address, with the keys that they are found by."""
    user.username, user.email = username, email
    user.username_key, user.username_skeleton, user.email_key = fold(username), skeleton(username), fold(email)


def unname(user: User) -> None:
    """Frees the account's name and address; keys are folded, so nobody's is in capitals."""
    user.username, user.email = f"deleted-{user.id}", f"deleted-{user.id}@invalid"
    user.username_key = user.email_key = f"DELETED-{user.id}"
    user.username_skeleton = None


def ensure_business_free(name: str, but: int = 0) -> None:
    """Conflict when another business has the name, or one that looks like it."""
    key, looks = fold(name), skeleton(name)
    locks.names(db.session(), f"business {key}", f"business looks {looks}")
    same = (Business.name_key == key) | (Business.name_skeleton == looks)
    other = db.session.scalar(select(Business.name_key).where(same, Business.id != but).limit(1))
    if other is not None:
        message = _TAKEN if other == key else _ALIKE
        raise Conflict(f"this name {message}", fields={"business_name": message}, code="taken")


def name_business(business: Business, name: str) -> None:
    """Gives the business its name, with the keys that it is found by."""
    business.name, business.name_key, business.name_skeleton = name, fold(name), skeleton(name)


def unname_business(business: Business) -> None:
    """Frees the business's name."""
    business.name = f"deleted-{business.id}"
    business.name_key, business.name_skeleton = f"DELETED-{business.id}", None


def complete() -> None:
    """Makes the keys that rows of an earlier version lack. Of those that look alike already the oldest keeps its looks."""
    businesses = (Business.name_skeleton.is_(None), Business.status != "deleted")
    _complete(Business, "name", businesses)
    _complete(
        User, "username", (User.username_skeleton.is_(None), User.deleted_at.is_(None), User.role != Role.SERVICE)
    )
    for number, email in db.session.execute(
        select(Invitation.id, Invitation.email).where(Invitation.email_key.is_(None))
    ).all():
        db.session.execute(update(Invitation).where(Invitation.id == number).values(email_key=fold(email)))


def _complete(model: Any, column: str, clauses: tuple[ColumnElement[bool], ...]) -> None:
    looks = getattr(model, f"{column}_skeleton")
    rows = db.session.execute(select(model.id, getattr(model, column)).where(*clauses).order_by(model.id)).all()
    for number, name in rows:
        key = skeleton(name)
        if db.session.scalar(select(model.id).where(looks == key)):
            # No name has capitals in its skeleton.
            key = f"{key[:200]} AS {number}"
        values = {f"{column}_skeleton": key, f"{column}_key": fold(name)}
        db.session.execute(update(model).where(model.id == number).values(**values))
