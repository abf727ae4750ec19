"""Service accounts of a business."""

from typing import Any

from auth_service import service_accounts
from auth_service.models import db
from auth_service.schemas_partners import (
    RotateIn,
    ServiceAccountIn,
    ServiceAccountMadeOut,
    ServiceAccountOut,
    ServiceAccountPath,
    ServiceAccountsOut,
)
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("service_accounts", __name__)


@bp.get("/api/service-accounts/", responses={200: ServiceAccountsOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def list_service_accounts(query: paging.PageQuery) -> Any:
    """The service accounts of the caller's business, with the last use of each secret."""
    page = service_accounts.page(actor(), query.cursor, query.page_size)
    return paging.respond_rows(page, ServiceAccountsOut, ServiceAccountOut.of)


@bp.post("/api/service-accounts/", responses={201: ServiceAccountMadeOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def create_service_account(body: ServiceAccountIn) -> Any:
    """Make a service account; its secret is in this answer and nowhere else."""
    with db.transaction():
        account, secret = service_accounts.create(actor(), body.name, body.scopes, body.expires_at)
    location = {"Location": f"/api/service-accounts/{account.id}/"}
    return ServiceAccountMadeOut.of(account, client_secret=secret), 201, location


@bp.get("/api/service-accounts/<int:account_id>/", responses={200: ServiceAccountOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def read_service_account(path: ServiceAccountPath) -> Any:
    """One service account."""
    return ServiceAccountOut.of(service_accounts.get(actor(), path.account_id))


@bp.post("/api/service-accounts/<int:account_id>/rotate/", responses={200: ServiceAccountMadeOut})
@requires(Permission.USER_MANAGE)
@validate_request()
def rotate_service_account(path: ServiceAccountPath, body: RotateIn) -> Any:
    """Another secret; the earlier one works on for a while."""
    with db.transaction():
        account, secret = service_accounts.rotate(actor(), path.account_id, body.overlap_hours)
    return ServiceAccountMadeOut.of(account, client_secret=secret)


@bp.delete("/api/service-accounts/<int:account_id>/", responses={204: None})
@requires(Permission.USER_MANAGE)
@validate_request()
def delete_service_account(path: ServiceAccountPath) -> Any:
    """Take a service account away, with its tokens."""
    with db.transaction():
        service_accounts.delete(actor(), path.account_id)
    return no_content()
