"""What partners follow."""

from typing import Any

import orjson

from catalog_service.public import changes
from catalog_service.schemas.public import ChangesOut, ChangesQuery
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("changes", __name__)


@bp.get("/api/products/changes/", responses={200: ChangesOut})
@requires(Permission.PRODUCT_VIEW)
@validate_request()
def list_changes(query: ChangesQuery) -> Any:
    """What was published and taken down in the caller's business after number `after`.

    Without `after` it is a snapshot of everything published; its last page links to what happened since it began.
    """
    if query.after is None:
        rows, following, began = changes.snapshot(actor(), query.cursor, query.page_size)
        return paging.respond(orjson.dumps(rows), following) if following else _continue(rows, began)
    rows = changes.after(actor(), query.after, query.page_size)
    return _continue(rows, rows[-1]["seq"] if rows else query.after)


def _continue(rows: list[dict[str, Any]], seq: int) -> Any:
    response = paging.respond(orjson.dumps(rows), None)
    response.headers["Link"] = paging.following(after=seq)
    return response
