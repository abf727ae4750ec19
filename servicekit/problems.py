"""Domain errors and the one shape in which every failure leaves: RFC 9457 problem details."""

import http
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
import structlog
from flask import Flask, Response, request
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from servicekit.logs import request_id

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
# A request of a few bytes a fault must not be answered by a hundred bytes each.
MAX_ERRORS = 50
MAX_FIELD = 200

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    412: "precondition_failed",
    413: "payload_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "validation_error",
    428: "precondition_required",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


class FieldError(BaseModel):
    field: str
    message: str
    code: str = "invalid"


class Problem(BaseModel):
    """RFC 9457 problem details with a stable `code`, errors per field and the request's id."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    error: str = Field(description="the same sentence as `detail`, for clients that read this member")
    errors: Annotated[list[FieldError], Field(description=f"at most {MAX_ERRORS}", max_length=MAX_ERRORS)] = []
    request_id: str


class DomainError(Exception):
    """A refusal that the caller is told about; `extra` become members of the problem."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str = "",
        *,
        fields: Mapping[str, str] | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = [FieldError(field=field, message=message) for field, message in (fields or {}).items()]
        self.code = code or type(self).code
        self.headers = dict(headers or {})
        self.extra = extra


class BadRequest(DomainError):
    pass


class Unauthorized(DomainError):
    status, code = 401, "unauthorized"

    def __init__(self, detail: str = "sign in first", *, invalid_token: bool = False, **options: Any) -> None:
        super().__init__(detail, **options)
        # RFC 6750 section 3: the error attribute only where a token was sent.
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if invalid_token else "Bearer"


class Forbidden(DomainError):
    status, code = 403, "forbidden"


class NotFound(DomainError):
    status, code = 404, "not_found"

    def __init__(self, what: str = "resource", **options: Any) -> None:
        super().__init__(f"no such {what}", **options)


class Conflict(DomainError):
    status, code = 409, "conflict"


class PreconditionFailed(DomainError):
    status, code = 412, "precondition_failed"


class PreconditionRequired(DomainError):
    status, code = 428, "precondition_required"


class Gone(DomainError):
    status, code = 410, "gone"


class TooLarge(DomainError):
    status, code = 413, "payload_too_large"


class UnsupportedMediaType(DomainError):
    status, code = 415, "unsupported_media_type"


class Invalid(DomainError):
    """Input that is well-formed and wrong; names every bad field at once."""

    status, code = 422, "validation_error"

    def __init__(self, detail: str = "some fields are not valid", **options: Any) -> None:
        super().__init__(detail, **options)


class TooManyRequests(DomainError):
    status, code = 429, "too_many_requests"

    def __init__(self, detail: str = "too many requests, wait a moment", *, retry_after: int = 1, **options: Any):
        super().__init__(detail, **options)
        self.headers["Retry-After"] = str(max(1, retry_after))


class Unavailable(DomainError):
    status, code = 503, "unavailable"

    def __init__(self, detail: str = "try again in a moment", *, retry_after: int = 1, **options: Any) -> None:
        super().__init__(detail, **options)
        self.headers["Retry-After"] = str(max(1, retry_after))


class NotHeardYet(Unavailable):
    """What another service has said, and this one is about to hear through the feed."""


def respond(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """The problem as a response; `detail` must be fit for strangers."""
    problem = Problem(
        title=http.HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        error=detail,
        errors=[error.model_copy(update={"field": error.field[:MAX_FIELD]}) for error in errors[:MAX_ERRORS]],
        request_id=request_id(),
    )
    response = Response(orjson.dumps({**problem.model_dump(), **(extra or {})}), status, content_type=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def from_validation(error: ValidationError) -> Invalid:
    """Pydantic's findings as field errors, without the input (which may be a secret)."""
    found = Invalid()
    found.errors = [
        FieldError(
            field=".".join(str(part) for part in item["loc"]) or "body",
            message=item["msg"].removeprefix("Value error, "),
            code=item["type"],
        )
        for item in error.errors(include_url=False, include_context=False, include_input=False)[:MAX_ERRORS]
    ]
    return found


def reason(error: Exception) -> str:
    """What the database said, without the values that it was asked with: PostgreSQL repeats them after its first line."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return said.partition("\n")[0]


def on_domain_error(error: DomainError) -> Response:
    return respond(error.status, error.code, error.detail, error.errors, error.headers, error.extra)


def on_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    response = respond(status, CODES.get(status, "error"), http.HTTPStatus(status).description or error.name)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def on_integrity_error(error: IntegrityError) -> Response:
    log.warning("constraint refused a write", error=reason(error))
    return respond(409, "conflict", "this contradicts something stored already; read it again")


def on_database_error(error: Exception) -> Response:
    log.error("database did not answer", error=reason(error))
    return respond(503, "unavailable", "try again in a moment", headers={"Retry-After": "1"})


def on_unexpected(error: Exception) -> Response:
    log.exception("unexpected error", method=request.method, path=request.path)
    return respond(500, "internal_error", "internal error")


def register(app: Flask) -> None:
    """Every failure of the application leaves through here."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(ValidationError, lambda error: on_domain_error(from_validation(error)))
    app.register_error_handler(HTTPException, on_http_exception)
    app.register_error_handler(IntegrityError, on_integrity_error)
    app.register_error_handler(OperationalError, on_database_error)
    app.register_error_handler(TimeoutError, on_database_error)
    app.register_error_handler(Exception, on_unexpected)
