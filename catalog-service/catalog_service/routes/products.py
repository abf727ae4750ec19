"""The products of a business."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, current_app, request
from pydantic import ValidationError

from catalog_service import approvals, products
from catalog_service.models import db
from catalog_service.schemas import ProductChangeIn, ProductIn, ProductOut, ProductPath, ProductsOut, ProductsQuery
from servicekit import paging
from servicekit.api import MAX_ID, Blueprint, no_content, validate_request
from servicekit.auth import Actor, actor, requires
from servicekit.permissions import Permission
from servicekit.problems import BadRequest, Invalid, NotFound, UnsupportedMediaType

bp = Blueprint("products", __name__)

View = Callable[..., Any]


def hides_strangers(view: View) -> View:
    """A product of another business is missing before anything is said about the request."""

    @wraps(view)
    def checked(**kwargs: Any) -> Any:
        if kwargs["product_id"] > MAX_ID or kwargs["product_id"] < 1:
            raise NotFound("product")
        try:
            return view(**kwargs)
        except (ValidationError, Invalid, BadRequest, UnsupportedMediaType):
            products.get(actor(), kwargs["product_id"])
            raise

    return checked


def answer(shown: dict[str, Any], status: int = 200) -> Response:
    """A product with its entity tag."""
    edition = shown.pop("edition")
    response = Response(orjson.dumps(shown), status, content_type="application/json")
    response.set_etag(str(edition))
    return response


def if_match() -> list[str] | None:
    """The entity tags of If-Match (RFC 9110 section 13.1.1), None without the header."""
    if "If-Match" not in request.headers:
        return None
    return ["*"] if request.if_match.star_tag else list(request.if_match.as_set())


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
@validate_request()
def create_product(body: ProductIn) -> Any:
    """A new product, in draft; with `status` pending_approval it is submitted at once."""
    echoed = {name: value for name, value in body.echoed().items() if value is not None}
    refuse_changes(echoed, {"business": actor().tenant})
    with db.transaction():
        product = products.create(actor(), body.wishes(), current_app.config["SETTINGS"].default_currency)
        if body.status is not None:
            approvals.transition(actor(), product, body.status, product.status)
        shown = _flushed(actor(), product.id)
    response = answer(shown, 201)
    response.headers["Location"] = f"/api/products/{product.id}/"
    return response


@bp.get("/api/products/<int:product_id>/", responses={200: ProductOut})
@requires(Permission.PRODUCT_VIEW)
@hides_strangers
@validate_request()
def read_product(path: ProductPath) -> Any:
    """One product of the caller's business."""
    return answer(products.shown(actor(), path.product_id))


@bp.patch("/api/products/<int:product_id>/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@validate_request()
def change_product(path: ProductPath, body: ProductChangeIn) -> Any:
    """Changes the fields that are sent; `status` asks for a submission or its withdrawal."""
    return answer(_write(path.product_id, body, body.wishes()))


@bp.put("/api/products/<int:product_id>/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@validate_request()
def replace_product(path: ProductPath, body: ProductIn) -> Any:
    """Sets every field; those left out become empty, the currency stays."""
    empty: dict[str, Any] = {"sku": None, "description": "", "category": "", "attributes": {}}
    return answer(_write(path.product_id, body, {**empty, **body.wishes()}))


@bp.delete("/api/products/<int:product_id>/", responses={204: None})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@validate_request()
def delete_product(path: ProductPath) -> Any:
    """Archives the product and takes it out of the public catalogue."""
    with db.transaction():
        product = products.get(actor(), path.product_id, lock=True)
        products.expect(product, if_match())
        products.delete(actor(), product)
    return no_content()


def _write(product_id: int, body: Any, wishes: dict[str, Any]) -> dict[str, Any]:
    with db.transaction():
        product = products.get(actor(), product_id, lock=True)
        products.expect(product, if_match())
        if body.echoed():
            refuse_changes(body.echoed(), products.shown(actor(), product_id))
        before = product.status
        products.edit(actor(), product, wishes)
        if body.status is not None:
            approvals.transition(actor(), product, body.status, before)
        return _flushed(actor(), product_id)


def _flushed(who: Actor, product_id: int) -> dict[str, Any]:
    db.session.flush()
    return products.shown(who, product_id)


def refuse_changes(echoed: dict[str, Any], current: dict[str, Any]) -> None:
    """Invalid naming the read-only fields that were sent with another value than they have."""
    wrong = {
        name: "must be the caller's business" if name == "business" else "is read-only"
        for name, value in echoed.items()
        if name not in current or current[name] != value or type(current[name]) is not type(value)
    }
    if wrong:
        raise Invalid(fields=wrong)
