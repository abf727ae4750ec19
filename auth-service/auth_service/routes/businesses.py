"""Businesses."""

from typing import Any

from auth_service import businesses
from auth_service.models import db
from auth_service.schemas import BusinessChangeIn, BusinessesOut, BusinessOut, BusinessPath
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires, signed_in
from servicekit.permissions import Permission

bp = Blueprint("businesses", __name__)


@bp.get("/api/businesses/", responses={200: BusinessesOut})
@signed_in
@validate_request()
def list_businesses(query: paging.PageQuery) -> Any:
    """The caller's own business; all of them for an operator."""
    rows, following = businesses.page(actor(), query.cursor, query.page_size)
    found = BusinessesOut([BusinessOut.model_validate(row) for row in rows])
    return paging.respond(found.model_dump_json(), following)


@bp.get("/api/businesses/<int:business_id>/", responses={200: BusinessOut})
@signed_in
@validate_request()
def read_business(path: BusinessPath) -> Any:
    """One business that the caller may see."""
    return BusinessOut.model_validate(businesses.get(actor(), path.business_id))


@bp.patch("/api/businesses/<int:business_id>/", responses={200: BusinessOut})
@requires(Permission.BUSINESS_MANAGE)
@validate_request()
def rename_business(path: BusinessPath, body: BusinessChangeIn) -> Any:
    """Rename the caller's business; public pages follow within seconds."""
    with db.transaction():
        business = businesses.rename(actor(), businesses.get(actor(), path.business_id), body.name)
    return BusinessOut.model_validate(business)
