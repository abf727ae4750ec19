"""The caller's own account."""

from typing import Any

from auth_service import logins, passwords, users
from auth_service.models import db
from auth_service.schemas import PasswordIn, ProfileIn, UserOut
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, person, signed_in
from servicekit.problems import Invalid

bp = Blueprint("account", __name__)


@bp.get("/api/me/", responses={200: UserOut})
@signed_in
@validate_request()
def read_me() -> Any:
    """Who the caller is and may do."""
    return UserOut.of(users.profile(actor()), actor().permissions)


@bp.patch("/api/me/", responses={200: UserOut})
@person
@validate_request()
def change_me(body: ProfileIn) -> Any:
    """Change the caller's own profile."""
    with db.transaction():
        user = users.change(
            actor(), users.me(actor(), lock=True), body.model_dump(exclude_unset=True, exclude_none=True)
        )
    return UserOut.of(user)


@bp.post("/api/me/password/", responses={204: None})
@person
@validate_request()
def change_password(body: PasswordIn) -> Any:
    """Change the caller's password; every other session ends."""
    user = users.me(actor())
    old_hash = user.password_hash
    if not logins.check_password(user, body.old_password):
        raise Invalid(fields={"old_password": "is not the present password"})
    password_hash = passwords.make(body.new_password, *users.names(user), field="new_password")
    with db.transaction():
        users.change_password(actor(), body.old_password, old_hash, password_hash)
    return no_content()
