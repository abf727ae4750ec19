"""The products of a business."""

from typing import Any

import orjson
from flask import current_app

from catalog_service.content import products, skus
from catalog_service.models import Product, db
from catalog_service.review import approvals, workflow
from catalog_service.routes.vetted import Routes
from catalog_service.routes.writes import answer, expect, hides_strangers, refuse_changes, replays, writing
from catalog_service.schemas.products import (
    ProductChangeIn,
    ProductIn,
    ProductOut,
    ProductPath,
    ProductsOut,
    ProductsQuery,
    SkuPath,
)
from catalog_service.schemas.review import RevisionsOut
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission
from servicekit.problems import Conflict, Invalid

bp = Blueprint("products", __name__)


@bp.get("/api/products/", responses={200: ProductsOut})
@requires(Permission.PRODUCT_VIEW)
@validate_request()
def list_products(query: ProductsQuery) -> Any:
    """The products of the caller's business, newest first."""
    rows, following = products.page(
        actor(), query.cursor, query.page_size, query.status, query.q, query.category, query.created_by
    )
    for row in rows:
        del row["edition"]
    return paging.respond(orjson.dumps(rows), following)


@bp.post("/api/products/", responses={201: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@replays
@validate_request()
def create_product(body: ProductIn) -> Any:
    """A new product, in draft; with `status` pending_approval it is submitted at once."""
    with writing() as keep:
        return keep(_create(body, body.wishes()))


@bp.patch("/api/products/<int:product_id>/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers(products.KIND)
@replays
@validate_request()
def change_product(path: ProductPath, body: ProductChangeIn) -> Any:
    """Changes the fields that are sent; `status` asks for a submission or its withdrawal."""
    with writing() as keep:
        product = products.KIND.get(actor(), path.product_id, lock=True)
        return keep(_edit(product, body, body.wishes()))


@bp.put("/api/products/<int:product_id>/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers(products.KIND)
@replays
@validate_request()
def replace_product(path: ProductPath, body: ProductChangeIn) -> Any:
    """As PATCH: what the body does not name stays, since clients put what their form has fields for."""
    with writing() as keep:
        product = products.KIND.get(actor(), path.product_id, lock=True)
        return keep(_edit(product, body, body.wishes()))


@bp.put("/api/products/by-sku/<path:sku>/", responses={200: ProductOut, 201: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@replays
@validate_request()
def put_product_by_sku(path: SkuPath, body: ProductIn) -> Any:
    """Makes the product with this SKU say exactly this; repeating it changes nothing."""
    if body.sku not in {None, path.sku}:
        raise Invalid(fields={"sku": "must be the one in the address"})
    wishes = {**body.whole(), "sku": path.sku}
    try:
        return _upsert(path.sku, body, wishes)
    except Conflict as error:
        if error.code != "taken":
            raise
        # Somebody else created it in between: now it is there to be changed.
        return _upsert(path.sku, body, wishes)


def _upsert(sku: str, body: ProductIn, wishes: dict[str, Any]) -> Any:
    with writing() as keep:
        product = skus.find(actor(), sku)
        if product is not None:
            return keep(_edit(product, body, wishes, repeatable=True))
        expect(products.KIND, None)
        return keep(_create(body, wishes))


def _create(body: ProductIn, wishes: dict[str, Any]) -> Any:
    refuse_changes(
        {name: value for name, value in body.echoed().items() if value is not None}, {"business": actor().tenant}
    )
    product_id = products.create(actor(), wishes, current_app.config["SETTINGS"].default_currency)
    if body.status is not None:
        product = products.KIND.get(actor(), product_id, lock=True)
        approvals.transition(actor(), product, body.status, None)
    response = _shown(product_id, 201)
    response.headers["Location"] = f"/api/products/{product_id}/"
    return response


def _edit(product: Product, body: Any, wishes: dict[str, Any], repeatable: bool = False) -> Any:
    expect(products.KIND, product)
    if body.echoed():
        refuse_changes(body.echoed(), products.KIND.shown(actor(), product.id))
    before, version = product.status, product.version
    products.edit(actor(), product, wishes)
    if repeatable and body.status == workflow.PENDING:
        # Who sends this every night wants a review of whatever is new, and none of what was decided.
        settled = product.version == version and before in workflow.DECIDED
        before = workflow.PENDING if settled else product.status
    if body.status is not None:
        approvals.transition(actor(), product, body.status, before)
    return _shown(product.id)


def _shown(product_id: int, status: int = 200) -> Any:
    db.session.flush()
    return answer(products.KIND.shown(actor(), product_id), status)


Routes(bp, products.KIND, ProductPath, ProductOut, RevisionsOut)
