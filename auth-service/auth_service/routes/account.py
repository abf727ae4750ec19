"""The caller's own account."""

from typing import Any

from auth_service import email_changes, logins, passwords, throttle, users
from auth_service.models import User, db
from auth_service.routes.echoes import refuse_changes
from auth_service.schemas import CodeIn, EmailChangeIn, PasswordIn, ProfileIn, ProfileOut
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, person, public, signed_in
from servicekit.limits import counters, per_address
from servicekit.problems import Invalid

bp = Blueprint("account", __name__)


@bp.get("/api/me/", responses={200: ProfileOut})
@signed_in
@validate_request()
def read_me() -> Any:
    """Who the caller is and may do."""
    return ProfileOut.of(users.profile(actor()), actor().permissions)


@bp.patch("/api/me/", responses={200: ProfileOut})
@person
@validate_request()
def change_me(body: ProfileIn) -> Any:
    """Change the caller's own profile."""
    return _change(body)


@bp.put("/api/me/", responses={200: ProfileOut})
@person
@validate_request()
def put_me(body: ProfileIn) -> Any:
    """As PATCH: what the body does not name stays."""
    return _change(body)


def _change(body: ProfileIn) -> ProfileOut:
    with db.transaction():
        user = users.me(actor(), lock=True)
        refuse_changes(body.echoed(), ProfileOut.of(user))
        users.change(actor(), user, body.changes())
    return ProfileOut.of(user)


@bp.post("/api/me/email/", responses={204: None})
@person
@validate_request()
def request_email_change(body: EmailChangeIn) -> Any:
    """Have a code mailed to another address, which makes it the caller's; the answer is the same for any address."""
    counters().count(throttle.EMAIL_CHANGES, str(actor().id))
    _ensure_password(users.me(actor()), "password", body.password)
    with db.transaction():
        email_changes.request(actor(), body.email)
    return no_content()


@bp.post("/api/me/email/confirm/", responses={204: None})
@public
@per_address("reset_limit")
@validate_request()
def confirm_email_change(body: CodeIn) -> Any:
    """Make the address that the code was mailed to the account's own; all mailed codes are spent."""
    with db.transaction():
        email_changes.confirm(body.code)
    return no_content()


def _ensure_password(user: User, field: str, password: str) -> None:
    if not logins.check_password(user, password):
        raise Invalid(fields={field: "is not the present password"})


@bp.post("/api/me/password/", responses={204: None})
@person
@validate_request()
def change_password(body: PasswordIn) -> Any:
    """Change the caller's password; every other session ends."""
    user = users.me(actor())
    old_hash = user.password_hash
    _ensure_password(user, "old_password", body.old_password)
    password_hash = passwords.make(body.new_password, *users.names(user), field="new_password")
    with db.transaction():
        users.change_password(actor(), body.old_password, old_hash, password_hash)
    return no_content()
