"""People of a business."""

from typing import Any

from auth_service import businesses, passwords, users
from auth_service.models import db
from auth_service.routes.echoes import refuse_changes
from auth_service.schemas import ProfileOut, UserChangeIn, UserIn, UserOut, UserPath, UsersOut
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission
from servicekit.problems import Invalid

bp = Blueprint("users", __name__)


@bp.get("/api/users/", responses={200: UsersOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def list_users(query: paging.PageQuery) -> Any:
    """The people of the caller's business."""
    return paging.respond_rows(users.page(actor(), query.cursor, query.page_size), UsersOut, UserOut.of)


@bp.post("/api/users/", responses={201: UserOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def create_user(body: UserIn) -> Any:
    """Add a person to the caller's business, who is marked as set up by the caller until they choose a password."""
    if body.business not in {None, actor().tenant}:
        raise Invalid(fields={"business": "must be the caller's business"})
    users.hand_out(actor(), body.role)
    business = businesses.get(actor(), actor().tenant)
    password_hash = passwords.make(
        body.password, body.username, body.email, body.first_name, body.last_name, business.name
    )
    with db.transaction():
        user = users.create(
            businesses.get(actor(), actor().tenant, lock=True),
            password_hash,
            username=body.username,
            email=body.email,
            role=body.role,
            confirmed=False,
            by=actor().id,
            first_name=body.first_name,
            last_name=body.last_name,
        )
    return UserOut.of(user), 201, {"Location": f"/api/users/{user.id}/"}


@bp.get("/api/users/<int:user_id>/", responses={200: UserOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def read_user(path: UserPath) -> Any:
    """One person of the caller's business."""
    return UserOut.of(users.get(actor(), path.user_id))


@bp.patch("/api/users/<int:user_id>/", responses={200: UserOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def change_user(path: UserPath, body: UserChangeIn) -> Any:
    """Change a person's profile, role or state."""
    return _change(path, body)


@bp.put("/api/users/<int:user_id>/", responses={200: UserOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def put_user(path: UserPath, body: UserChangeIn) -> Any:
    """As PATCH: what the body does not name stays."""
    return _change(path, body)


def _change(path: UserPath, body: UserChangeIn) -> UserOut:
    with db.transaction():
        user = users.get(actor(), path.user_id, lock=True)
        shown = ProfileOut if user.id == actor().id else UserOut
        refuse_changes(body.echoed(), shown.of(user))
        users.change(actor(), user, body.changes())
    return UserOut.of(user)


@bp.delete("/api/users/<int:user_id>/", responses={204: None})
@requires(Permission.USER_MANAGE)
@validate_request()
def delete_user(path: UserPath) -> Any:
    """Delete a person's account."""
    with db.transaction():
        users.delete(actor(), users.get(actor(), path.user_id, lock=True))
    return no_content()
