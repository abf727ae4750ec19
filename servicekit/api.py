"""One declaration per endpoint: guard, what enters, what leaves, and the OpenAPI document from it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SessionInterface
from flask_openapi import APIBlueprint, OpenAPI
from flask_openapi.utils import parse_parameters
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, RootModel
from werkzeug.wrappers import Response as WerkzeugResponse

from servicekit.bodies import MAX_MEMBERS, check_text, read_json, refuse_codings, refuse_conditions
from servicekit.problems import BadRequest, Invalid

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
            refuse_codings()
            refuse_conditions()
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
    if len(request.args) > MAX_MEMBERS:
        raise BadRequest(f"the query has more than {MAX_MEMBERS} parameters")
    for name, given in request.args.lists():
        if name in many:
            values[name] = given
        elif len(given) > 1:
            raise Invalid(fields={name: "may be given once"})
        else:
            values[name] = given[0]
        for one in given:
            check_text(one, name)
    return values


def _is_optional(body: type[BaseModel]) -> bool:
    return not issubclass(body, RootModel) and not any(field.is_required() for field in body.model_fields.values())


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
