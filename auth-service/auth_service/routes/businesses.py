"""Businesses."""

from typing import Any

from auth_service import businesses, invitations
from auth_service.models import db
from auth_service.routes.echoes import refuse_changes
from auth_service.schemas_businesses import (
    BusinessChangeIn,
    BusinessesOut,
    BusinessesQuery,
    BusinessIn,
    BusinessMadeOut,
    BusinessOut,
    BusinessPath,
    InvitationMadeOut,
)
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import actor, requires, signed_in
from servicekit.permissions import Permission, Role

bp = Blueprint("businesses", __name__)


@bp.get("/api/businesses/", responses={200: BusinessesOut})
@signed_in
@validate_request()
def list_businesses(query: BusinessesQuery) -> Any:
    """The caller's own business; all of them for an operator."""
    page = businesses.page(actor(), query.q, query.cursor, query.page_size)
    return paging.respond_rows(page, BusinessesOut, BusinessOut.model_validate)


@bp.get("/api/businesses/<int:business_id>/", responses={200: BusinessOut})
@signed_in
@validate_request()
def read_business(path: BusinessPath) -> Any:
    """One business that the caller may see."""
    return BusinessOut.model_validate(businesses.get(actor(), path.business_id))


@bp.post("/api/businesses/", responses={201: BusinessMadeOut})
@requires(Permission.PLATFORM_MANAGE)
@validate_request()
def create_business(body: BusinessIn) -> Any:
    """Make a business; its first admin is invited when an address is given."""
    with db.transaction():
        business = businesses.create(actor(), body.name)
        invitation = None
        if body.admin_email:
            invitation = InvitationMadeOut.of(*invitations.send(actor(), business, body.admin_email, Role.ADMIN))
    made = BusinessMadeOut(**BusinessOut.model_validate(business).model_dump(), invitation=invitation)
    return made, 201, {"Location": f"/api/businesses/{business.id}/"}


@bp.patch("/api/businesses/<int:business_id>/", responses={200: BusinessOut})
@requires(Permission.BUSINESS_MANAGE, Permission.PLATFORM_MANAGE)
@validate_request()
def change_business(path: BusinessPath, body: BusinessChangeIn) -> Any:
    """Change the name or the settings of a business; public pages follow within seconds."""
    return _change(path, body)


@bp.put("/api/businesses/<int:business_id>/", responses={200: BusinessOut})
@requires(Permission.BUSINESS_MANAGE, Permission.PLATFORM_MANAGE)
@validate_request()
def put_business(path: BusinessPath, body: BusinessChangeIn) -> Any:
    """As PATCH: what the body does not name stays."""
    return _change(path, body)


def _change(path: BusinessPath, body: BusinessChangeIn) -> BusinessOut:
    settings = body.settings.model_dump(exclude_unset=True) if body.settings else None
    with db.transaction():
        business = businesses.get(actor(), path.business_id, lock=True)
        refuse_changes(body.echoed(), BusinessOut.model_validate(business))
        businesses.change(actor(), business, body.name, settings)
    return BusinessOut.model_validate(business)


@bp.post("/api/businesses/<int:business_id>/suspend/", responses={200: BusinessOut})
@requires(Permission.PLATFORM_MANAGE)
@validate_request()
def suspend_business(path: BusinessPath) -> Any:
    """Suspend a business: nobody of it gets in, and its products leave the public pages."""
    with db.transaction():
        business = businesses.move(actor(), path.business_id, "suspend")
    return BusinessOut.model_validate(business)


@bp.post("/api/businesses/<int:business_id>/restore/", responses={200: BusinessOut})
@requires(Permission.PLATFORM_MANAGE)
@validate_request()
def restore_business(path: BusinessPath) -> Any:
    """Take a suspension back."""
    with db.transaction():
        business = businesses.move(actor(), path.business_id, "restore")
    return BusinessOut.model_validate(business)


@bp.delete("/api/businesses/<int:business_id>/", responses={204: None})
@requires(Permission.PLATFORM_MANAGE)
@validate_request()
def delete_business(path: BusinessPath) -> Any:
    """Delete a business with everybody in it, for good."""
    with db.transaction():
        businesses.delete(actor(), path.business_id)
    return no_content()
