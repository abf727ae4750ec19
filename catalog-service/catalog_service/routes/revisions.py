"""What a product said, says and would say; who did what to it."""

from typing import Any

import orjson
from flask import Response

from catalog_service.content import products
from catalog_service.review import history
from catalog_service.routes.writes import expect, hides_strangers, replays, writing
from catalog_service.schemas.products import ProductPath
from catalog_service.schemas.review import CommentIn, DiffOut, DiffQuery, HistoryEntryOut, HistoryOut, RevisionsOut
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("revisions", __name__)


@bp.get("/api/products/<int:product_id>/revisions/", responses={200: RevisionsOut})
@requires(Permission.PRODUCT_VIEW)
@hides_strangers
@validate_request()
def list_revisions(path: ProductPath, query: paging.PageQuery) -> Any:
    """Every revision, newest first."""
    product = products.get(actor(), path.product_id)
    rows, following = history.page(product, query.cursor, query.page_size)
    return paging.respond(orjson.dumps(rows), following)


@bp.get("/api/products/<int:product_id>/diff/", responses={200: DiffOut})
@requires(Permission.PRODUCT_VIEW)
@hides_strangers
@validate_request()
def read_diff(path: ProductPath, query: DiffQuery) -> Any:
    """What changes field by field, from the published revision to the working one unless told otherwise."""
    product = products.get(actor(), path.product_id)
    found = history.diff(product, query.since, query.to)
    return Response(orjson.dumps(found), content_type="application/json")


@bp.get("/api/products/<int:product_id>/history/", responses={200: HistoryOut})
@requires(Permission.PRODUCT_VIEW)
@hides_strangers
@validate_request()
def list_product_history(path: ProductPath, query: paging.PageQuery) -> Any:
    """The log of the product, oldest first, with every comment."""
    product = products.get(actor(), path.product_id)
    rows, following = history.history(product, query.cursor, query.page_size)
    return paging.respond(orjson.dumps(rows), following)


@bp.post("/api/products/<int:product_id>/comments/", responses={201: HistoryEntryOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@replays
@validate_request()
def comment_on_product(path: ProductPath, body: CommentIn) -> Any:
    """A remark in the product's history; it changes nothing else."""
    with writing() as keep:
        product = products.get(actor(), path.product_id, lock=True)
        expect(product)
        entry = history.comment(actor(), product, body.comment)
        return keep(Response(orjson.dumps(entry), 201, content_type="application/json"))
