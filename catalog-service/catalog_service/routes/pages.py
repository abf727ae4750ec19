"""The pages of information of a business."""

from typing import Any

import orjson

from catalog_service.content import pages
from catalog_service.models import Page, db
from catalog_service.routes.vetted import Routes
from catalog_service.routes.writes import answer, expect, hides_strangers, refuse_changes, replays, writing
from catalog_service.schemas.pages import (
    PageChangeIn,
    PageIn,
    PageOut,
    PagePath,
    PageRevisionsOut,
    PagesOut,
    PagesQuery,
)
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("pages", __name__)


@bp.get("/api/pages/", responses={200: PagesOut})
@requires(Permission.PRODUCT_VIEW)
@validate_request()
def list_pages(query: PagesQuery) -> Any:
    """The pages of information of the caller's business, newest first."""
    rows, following = pages.page(actor(), query.cursor, query.page_size, query.status, query.kind, query.language)
    for row in rows:
        del row["edition"]
    return paging.respond(orjson.dumps(rows), following)


@bp.post("/api/pages/", responses={201: PageOut})
@requires(Permission.PRODUCT_WRITE)
@replays
@validate_request()
def create_page(body: PageIn) -> Any:
    """A new page, in draft; a business has one of each kind and language."""
    with writing() as keep:
        page_id = pages.create(actor(), body.values())
        response = answer(pages.KIND.shown(actor(), page_id), 201)
        response.headers["Location"] = f"{pages.KIND.path}/{page_id}/"
        return keep(response)


@bp.patch("/api/pages/<int:page_id>/", responses={200: PageOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers(pages.KIND)
@replays
@validate_request()
def change_page(path: PagePath, body: PageChangeIn) -> Any:
    """A new draft with another text; kind and language stay."""
    with writing() as keep:
        page: Page = pages.KIND.get(actor(), path.page_id, lock=True)
        expect(pages.KIND, page)
        refuse_changes(body.echoed(), {"kind": page.kind, "language": page.language})
        pages.edit(actor(), page, body.wishes())
        db.session.flush()
        return keep(answer(pages.KIND.shown(actor(), page.id)))


Routes(bp, pages.KIND, PagePath, PageOut, PageRevisionsOut)
