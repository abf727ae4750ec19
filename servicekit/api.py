"""One declaration per endpoint: guard, what enters, what leaves, and the OpenAPI document from it."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any, NoReturn

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface
from flask_openapi import APIBlueprint, OpenAPI
from flask_openapi.utils import parse_parameters
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, RootModel
from werkzeug.wrappers import Response as WerkzeugResponse

from servicekit.problems import BadRequest, Invalid, UnsupportedMediaType

MAX_DEPTH = 32
MAX_EXPONENT = 1000
MAX_ID = 2**63 - 1

_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
PROBLEMS: dict[str | int | HTTPStatus, Any] = {
    "422": {"description": "Well-formed but not valid; `errors` names the fields", **_PROBLEM},
    "4XX": {"description": "Refused", **_PROBLEM},
    "5XX": {"description": "Failed; nothing was changed", **_PROBLEM},
}


def rfc3339(moment: datetime) -> str:
    """A UTC time as RFC 3339 writes it, to the microsecond, with Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str, when_used="json")]
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]


class Body(BaseModel):
    """What enters: unknown members are refused by name."""

    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    """What enters in the query string: unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What leaves, read from a row or an object."""

    model_config = ConfigDict(from_attributes=True)


class _NoSession(SessionInterface):
    """Sessions are auth-service's, in its own tokens; Flask's would be looked for in every request's cookies."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return _NO_SESSION


_NO_SESSION = NullSession()


class App(OpenAPI):
    """Flask with OpenAPI 3.1, where a view may return a model."""

    session_interface = _NoSession()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        # No view or hook is a coroutine; Flask would look at each of them in every request.
        return func

    def make_response(self, rv: Any) -> Response:
        headers = None
        status = None
        if isinstance(rv, tuple) and rv and isinstance(rv[0], BaseModel):
            rv, status, headers = (*rv, None, None)[:3]
        if isinstance(rv, BaseModel):
            rv = Response(rv.model_dump_json(), status, content_type="application/json")
            rv.headers.update(headers or {})
        return super().make_response(rv)


class Blueprint(APIBlueprint):
    """Routes of one noun. A route without a guard cannot be declared; internal ones stay out of the document."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        options.setdefault("abp_tags", [{"name": name}])
        super().__init__(
            name,
            import_name,
            abp_responses=dict(PROBLEMS),
            operation_id_callback=lambda *, name, path, method: name,
            **options,
        )

    def _collect_openapi_info(self, rule: str, func: Any, **options: Any) -> Any:
        guard = getattr(func, "__guard__", None)
        if guard is None:
            raise RuntimeError(f"{func.__name__}: declare who may call it (servicekit.auth)")
        if guard in {"internal", "operational"}:
            options["doc_ui"] = False
        elif guard == "public":
            options["security"] = [{}, {"bearer": []}]
        else:
            options["security"] = [{"bearer": []}]
            options["openapi_extensions"] = {"x-guard": guard, **(options.get("openapi_extensions") or {})}
        return super()._collect_openapi_info(rule, func, **options)


def validate_request() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Fills a view's `path`, `query` and `body` from the request; put it below the guard.

    Raises BadRequest for what is not strict JSON, UnsupportedMediaType, and Invalid naming every bad field.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        _, _, path, query, _, body = parse_parameters(view, doc_ui=False)
        many = _repeatable(query)

        @wraps(view)
        def validated(**kwargs: Any) -> Any:
            found: dict[str, Any] = {}
            if path:
                _check_address()
                found["path"] = path.model_validate(kwargs)
            if query:
                found["query"] = query.model_validate(_query_values(many))
            if body:
                found["body"] = body.model_validate(read_json(optional=_is_optional(body)))
            return view(**found)

        validated.__delay_validate_request__ = True  # type: ignore[attr-defined]
        return validated

    return decorate


def _check_address() -> None:
    """Refuses bytes that are no UTF-8: read with U+FFFD in their place, many addresses would name one thing."""
    try:
        request.environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeDecodeError:
        raise BadRequest("the address is not UTF-8") from None


def _repeatable(query: type[BaseModel] | None) -> frozenset[str]:
    if query is None:
        return frozenset()
    shapes = query.model_json_schema().get("properties", {})
    return frozenset(
        name
        for name, shape in shapes.items()
        if "array" in [shape.get("type"), *(one.get("type") for one in shape.get("anyOf", []))]
    )


def _query_values(many: frozenset[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, given in request.args.lists():
        if name in many:
            values[name] = given
        elif len(given) > 1:
            raise Invalid(fields={name: "may be given once"})
        else:
            values[name] = given[0]
        for one in given:
            _check_text(one, name)
    return values


def _is_optional(body: type[BaseModel]) -> bool:
    return not issubclass(body, RootModel) and not any(field.is_required() for field in body.model_fields.values())


def read_json(optional: bool = False) -> dict[str, Any]:
    """The body as one strict JSON object (RFC 8259): UTF-8, no duplicate members, no NaN, at most 32 deep.

    Numbers with a fraction arrive as Decimal, so that money is exact, and so does -0, so that its sign is not lost.
    An empty body is {} when `optional`.
    """
    raw = request.get_data()
    if not raw and optional:
        return {}
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("send application/json")
    try:
        value = _JSON.decode(raw.decode())
    except RecursionError:
        raise BadRequest("the JSON is nested too deeply", code="invalid_json") from None
    except ValueError as error:
        reason = str(error) if isinstance(error, _Strict) else "the body is not JSON in UTF-8"
        raise BadRequest(reason, code="invalid_json") from None
    if not isinstance(value, dict):
        raise BadRequest("the body must be one JSON object", code="invalid_json")
    _check_value(value, (), 1)
    return value


class _Strict(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Strict("a member is given twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _Strict(f"{name} is not a JSON number")


def _integer(digits: str) -> int | Decimal:
    return Decimal(digits) if digits == "-0" else int(digits)


def _fraction(digits: str) -> Decimal:
    try:
        found = Decimal(digits)
    except InvalidOperation:
        raise _Strict("a number is out of range") from None
    # As an integer it would fill the memory; even a double ends at an exponent of 308.
    if abs(found.adjusted()) > MAX_EXPONENT:
        raise _Strict("a number is out of range")
    return found


_JSON = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_fraction, parse_int=_integer
)


def _check_value(value: Any, where: tuple[str, ...], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise BadRequest("the JSON is nested too deeply", code="invalid_json")
    if isinstance(value, str):
        _check_text(value, ".".join(where))
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name, ".".join(where) or "body")
            _check_value(member, (*where, name), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_value(item, (*where, str(index)), depth + 1)


def _check_text(text: str, field: str) -> None:
    """Refuses what no database keeps as sent: NUL and lone surrogates."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Invalid(fields={field: "contains a NUL or a lone surrogate"})


def no_content() -> WerkzeugResponse:
    """204, without a body."""
    response = Response(status=204)
    response.headers.pop("Content-Type", None)
    return response


def views(app: OpenAPI) -> list[tuple[str, str, str]]:
    """Every route as (method, rule, guard), for tests and for the README's tables."""
    found = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "__guard__", "")
        found += [(method, rule.rule, guard) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found)
