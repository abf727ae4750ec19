"""Password reset by mail."""

from typing import Any

from auth_service import passwords, resets, throttle, users
from auth_service.identities import login_key
from auth_service.models import db
from auth_service.schemas import ResetConfirmIn, ResetIn
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import public
from servicekit.limits import counters, per_address

bp = Blueprint("resets", __name__)


@bp.post("/api/password-reset/", responses={204: None})
@public
@per_address("reset_limit")
@validate_request()
def request_reset(body: ResetIn) -> Any:
    """Have a code mailed to the address, if it is an account's; the answer is the same when it is not."""
    counters().count(throttle.RESETS, login_key(body.email), quietly=True)
    with db.transaction():
        resets.request(body.email)
    return no_content()


@bp.post("/api/password-reset/confirm/", responses={204: None})
@public
@per_address("reset_limit")
@validate_request()
def confirm_reset(body: ResetConfirmIn) -> Any:
    """Set a new password with a mailed code; all sessions end."""
    password_hash = passwords.make(body.password, *users.names(resets.find(body.code)))
    with db.transaction():
        resets.confirm(body.code, password_hash)
    return no_content()
