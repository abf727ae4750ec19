"""The public catalogue: approved content only, read from the projection alone."""

from hashlib import sha256
from typing import Any

from flask import Response, request

from catalog_service.public import projection, public_pages
from catalog_service.routes.writes import bounds_ids
from catalog_service.schemas.pages import BusinessPath, PublicBusinessOut
from catalog_service.schemas.products import ProductPath
from catalog_service.schemas.public import FacetsOut, FilterQuery, PublicProductOut, PublicProductsOut, PublicQuery
from catalog_service.search import facet_cache, finder
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import public
from servicekit.problems import NotFound

bp = Blueprint("public products", __name__)


@bp.get("/api/products/public/", responses={200: PublicProductsOut})
@public
@validate_request()
def list_public_products(query: PublicQuery) -> Any:
    """Approved products of all businesses; prices compare by their decimal value, each in its own currency."""
    with projection.reading() as connection:
        rows, following = finder.page(connection, _filters(query), query.ordering, query.cursor, query.page_size)
    return _cacheable(paging.respond("[" + ",".join([row.document for row in rows]) + "]", following))


@bp.get("/api/products/public/facets/", responses={200: FacetsOut})
@public
@validate_request()
def read_facets(query: FilterQuery) -> Any:
    """Exact counts and price ranges over what the same filters list."""
    with projection.reading() as connection:
        found = facet_cache.answer(connection, _filters(query))
    return _cacheable(Response(found, content_type="application/json"))


@bp.get("/api/products/public/<int:product_id>/", responses={200: PublicProductOut})
@public
@bounds_ids("product")
@validate_request()
def read_public_product(path: ProductPath) -> Any:
    """One approved product."""
    with projection.reading() as connection:
        document = finder.one(connection, path.product_id)
    if document is None:
        raise NotFound("product")
    return _cacheable(Response(document, content_type="application/json"))


@bp.get("/api/businesses/public/<int:business_id>/", responses={200: PublicBusinessOut})
@public
@bounds_ids("business")
@validate_request()
def read_public_business(path: BusinessPath) -> Any:
    """A business's name and its approved pages of information."""
    with projection.reading() as connection:
        document = public_pages.of_business(connection, path.business_id)
    if document is None:
        raise NotFound("business")
    return _cacheable(Response(document, content_type="application/json"))


def _filters(query: FilterQuery) -> finder.Filters:
    return finder.Filters(
        q=query.q if query.q is not None else query.search,
        business=query.business,
        category=query.category,
        currency=query.currency,
        min_price=query.min_price,
        max_price=query.max_price,
    )


def _tag(body: bytes) -> str:
    # In pieces, for which hashlib keeps the interpreter's lock: to get it back takes longer than to hash.
    digest = sha256()
    for start in range(0, len(body), 2047):
        digest.update(body[start : start + 2047])
    return f'"{digest.hexdigest()[:24]}"'


def _cacheable(response: Response) -> Response:
    response.headers.extend({"ETag": _tag(response.get_data()), "Cache-Control": "public, max-age=1"})
    # Werkzeug reads the date and four headers to find out that there is no condition.
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response
