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
    An `after` that is not one of the business's changes, or of another generation, is 410 `resync`.
    """
    if query.after is None:
        rows, following, began = changes.snapshot(actor(), query.cursor, query.page_size)
        return paging.respond(orjson.dumps(rows), following) if following else _continue(rows, began)
    number, _, generation = query.after.partition(".")
    return _continue(*changes.after(actor(), changes.Place(int(number), generation or None), query.page_size))


def _continue(rows: list[dict[str, Any]], place: changes.Place) -> Any:
    response = paging.respond(orjson.dumps(rows), None)
    response.headers["Link"] = paging.following(after=str(place))
    return response
