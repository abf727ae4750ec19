"""What the assistant was used for and what it cost."""

from typing import Any

from chat_service import budgets
from chat_service.schemas import UsageOut, UsageQuery, UsagesOut
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("usage", __name__)


@bp.get("/api/chat/usage/", responses={200: UsagesOut})
@requires(Permission.USAGE_VIEW)
@validate_request()
def list_usage(query: UsageQuery) -> Any:
    """Messages, tokens, time and cost per day and mode: of the caller's business, or of all for an operator."""
    rows, following = budgets.usage(actor(), query.since, query.until, query.cursor, query.page_size)
    return paging.respond(UsagesOut([UsageOut.of(row) for row in rows]).model_dump_json(), following)
