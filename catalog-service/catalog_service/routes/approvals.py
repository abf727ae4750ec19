"""The approvers' desk: what waits, and many decisions at once."""

from typing import Any

import orjson
from flask import Response

from catalog_service.models import db
from catalog_service.review import bulk, queue, statistics
from catalog_service.routes.writes import replays, writing
from catalog_service.schemas.approvals import ApprovalsOut, ApprovalsQuery
from catalog_service.schemas.bulk import BulkIn, BulkItemIn, BulkOut
from catalog_service.schemas.statistics import StatisticsOut, StatisticsQuery
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("approvals", __name__)


@bp.get("/api/approvals/", responses={200: ApprovalsOut})
@requires(Permission.PRODUCT_APPROVE)
@validate_request()
def list_approvals(query: ApprovalsQuery) -> Any:
    """What waits for a decision in the caller's business, the longest waiting first."""
    rows, following = queue.page(
        actor(),
        query.cursor,
        query.page_size,
        query.q,
        query.type,
        query.category,
        query.submitted_by,
        query.decidable,
    )
    return paging.respond(orjson.dumps(rows), following)


@bp.get("/api/approvals/statistics/", responses={200: StatisticsOut})
@requires(Permission.PRODUCT_VIEW)
@validate_request()
def read_statistics(query: StatisticsQuery) -> Any:
    """What was decided in the caller's business day by day, how long it took, and what waits now."""
    return StatisticsOut.model_validate(statistics.of(actor(), query.days))


@bp.post("/api/approvals/bulk/", responses={200: BulkOut})
@requires(Permission.PRODUCT_APPROVE)
@replays
@validate_request()
def decide_in_bulk(body: BulkIn) -> Any:
    """Decides each item by itself: those that cannot be decided say why and hold nothing up."""
    with writing() as keep:
        decided = iter(bulk.decide(actor(), [one.model_dump() for one in body.items if isinstance(one, BulkItemIn)]))
        results = [
            next(decided) if isinstance(one, BulkItemIn) else bulk.refused(one.type, one.id, one.problem)
            for one in body.items
        ]
        db.session.flush()
        return keep(Response(orjson.dumps({"results": results}), content_type="application/json"))
