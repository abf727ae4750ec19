"""Who did what."""

from typing import Any

from auth_service import audit
from auth_service.schemas_sessions import AuditOut, AuditPageOut, AuditQuery
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("audit", __name__)


@bp.get("/api/audit/", responses={200: AuditPageOut})
@requires(Permission.AUDIT_VIEW, Permission.PLATFORM_MANAGE)
@validate_request()
def list_audit(query: AuditQuery) -> Any:
    """Every security-relevant act in the caller's business, newest first."""
    page = audit.page(actor(), query.act, query.cursor, query.page_size)
    return paging.respond_rows(page, AuditPageOut, AuditOut.of)
