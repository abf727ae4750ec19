"""The public catalogue: approved content only, read from the projection alone."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson
from flask import Response, current_app, request

from catalog_service.content import money
from catalog_service.public import projection, public_pages, visible
from catalog_service.routes.writes import bounds_ids
from catalog_service.schemas.pages import BusinessPath, PublicBusinessOut
from catalog_service.schemas.products import ProductPath
from catalog_service.schemas.public import (
    FacetsOut,
    FilterQuery,
    Ordering,
    PublicProductOut,
    PublicProductsOut,
    PublicQuery,
    SuggestionsOut,
    WordsQuery,
)
from catalog_service.search import facets, finder, suggestions
from catalog_service.search.port import Filters
from servicekit import paging
from servicekit.api import Blueprint, validate_request
from servicekit.auth import public
from servicekit.problems import Invalid, NotFound

BY_PRICE = {Ordering.PRICE, Ordering.PRICE_FALLING}
bp = Blueprint("public products", __name__)


@bp.get("/api/products/public/", responses={200: PublicProductsOut})
@public
@validate_request()
def list_public_products(query: PublicQuery) -> Any:
    """Approved products of all businesses.

    With words they are at most a second behind, and `X-Index-Seq` says up to which change; `X-Search-Matched` is `similar`
    where the words found nothing, and `X-Search-Corrected` then says what was looked for instead, percent-encoded. Prices
    are compared within a currency: `currency`, or else the default one, which `X-Currency` names.
    """
    ordering = query.ordering or (Ordering.RELEVANCE if query.words else Ordering.NEWEST)
    if ordering == Ordering.RELEVANCE and not query.words:
        raise Invalid(fields={"ordering": "relevance needs words to search for"})
    filters = _filters(query, ordering)
    with projection.reading() as connection:
        page = finder.page(
            connection,
            query.words,
            filters,
            ordering,
            query.cursor,
            query.page_size,
            query.min_seq,
            query.correct,
        )
    response = paging.respond("[" + ",".join(page.documents) + "]", page.cursor)
    if query.words:
        response.headers["X-Search-Matched"] = facets.matched(page.corrected)
    if page.corrected:
        response.headers["X-Search-Corrected"] = quote(page.corrected)
    return _indexed(_cacheable(response), page.position, query.min_seq, filters.compared)


@bp.get("/api/products/public/facets/", responses={200: FacetsOut})
@public
@validate_request()
def read_facets(query: FilterQuery) -> Any:
    """Exact counts and price ranges over what the same filters list, at most a second behind."""
    filters = _filters(query)
    with projection.reading() as connection:
        found, position = facets.read(connection, query.words, filters, query.min_seq, query.correct)
    body = orjson.dumps({**found, "currency": filters.compared})
    response = _cacheable(Response(body, content_type="application/json"))
    return _indexed(response, position, query.min_seq, filters.compared)


@bp.get("/api/products/public/suggestions/", responses={200: SuggestionsOut})
@public
@validate_request()
def suggest_public_products(query: WordsQuery) -> Any:
    """A few products, categories, sellers and completions for words that are being typed, at most a second behind."""
    with projection.reading() as connection:
        found = suggestions.read(connection, (query.q or "").strip(), query.correct)
    body = {name: getattr(found, name) for name in ("products", "categories", "sellers", "completions", "corrected")}
    answer = orjson.dumps({"matched": facets.matched(found.corrected), **body})
    return _indexed(_cacheable(Response(answer, content_type="application/json")), found.position, 0, None)


@bp.get("/api/products/public/<int:product_id>/", responses={200: PublicProductOut})
@public
@bounds_ids("product")
@validate_request()
def read_public_product(path: ProductPath) -> Any:
    """One approved product."""
    with projection.reading() as connection:
        document = visible.one(connection, path.product_id)
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


def _filters(query: FilterQuery, ordering: Ordering | None = None) -> Filters:
    """The filters; where prices are compared they are so within a currency."""
    filters = Filters(query.business, query.category, query.currency)
    if query.min_price is None and query.max_price is None and ordering not in BY_PRICE:
        return filters
    currency = query.currency or current_app.config["SETTINGS"].default_currency
    low = None if query.min_price is None else money.least(query.min_price, currency)
    high = None if query.max_price is None else money.most(query.max_price, currency)
    return replace(filters, currency=currency, min_price=low, max_price=high, compared=currency)


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


def _indexed(response: Response, position: int | None, min_seq: int, currency: str | None) -> Response:
    """The answer with what it was made of: the change that the index knew, and the currency of prices compared."""
    if position is not None:
        response.headers["X-Index-Seq"] = str(position)
        if position < min_seq:
            response.headers["Cache-Control"] = "no-store"
    if currency is not None:
        response.headers["X-Currency"] = currency
    return response
