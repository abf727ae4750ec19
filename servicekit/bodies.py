"""What enters in a body or a query: one strict JSON object, bounded before anything looks at its members."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from flask import current_app, request

from servicekit.problems import BadRequest, Invalid, PreconditionFailed, UnsupportedMediaType

FORM = "application/x-www-form-urlencoded"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_DEPTH = 32
MAX_MEMBERS = 200
MAX_VALUES = 2000
MAX_DIGITS = 1000
MAX_EXPONENT = 1000
# What no database keeps as sent: NUL and lone surrogates.
_UNKEPT = re.compile("[\0\ud800-\udfff]")


def read_json(optional: bool = False) -> dict[str, Any]:
    """The body as one strict JSON object (RFC 8259): UTF-8, no duplicate members, no NaN, at most 32 deep.

    At most MAX_MEMBERS members an object and MAX_VALUES values in all. Numbers with a fraction arrive as Decimal, so that
    money is exact, and so does -0, so that its sign is not lost. An empty body is {} when `optional`.
    """
    raw = request.get_data()
    if not raw and optional:
        return {}
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("send application/json")
    try:
        value = _JSON.decode(raw.decode("utf-8-sig"))
    except RecursionError:
        raise BadRequest("the JSON is nested too deeply", code="invalid_json") from None
    except ValueError as error:
        reason = str(error) if isinstance(error, _Strict) else "the body is not JSON in UTF-8"
        raise BadRequest(reason, code="invalid_json") from None
    if not isinstance(value, dict):
        raise BadRequest("the body must be one JSON object", code="invalid_json")
    _check(value)
    return value


def refuse_codings() -> None:
    """UnsupportedMediaType for a body in a content coding: none is unpacked, so that no body grows behind its limit."""
    coding = request.environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding not in {"", "identity"}:
        raise UnsupportedMediaType("send the body without Content-Encoding", headers={"Accept-Encoding": "identity"})


def refuse_conditions() -> None:
    """Refuses what a sender relies on and this service would ignore: that a write happens once, or to a state they saw.

    PreconditionFailed where there are no entity tags, so that none matches (RFC 9110 section 13.1); BadRequest for a key.
    A form is a request for a token (RFC 6749), which may be repeated: generic clients add a key to each POST.
    """
    if request.method not in WRITES or current_app.config["CONDITIONAL"] or request.mimetype == FORM:
        return
    if "HTTP_IDEMPOTENCY_KEY" in request.environ:
        raise BadRequest(
            "this address keeps no answers: send no Idempotency-Key, and look before you send a request again",
            code="idempotency_not_supported",
            fields={"Idempotency-Key": "is not supported here"},
        )
    if not request.environ.get("HTTP_IF_MATCH", "*").strip(" \t,"):
        raise BadRequest("the header If-Match is empty", fields={"If-Match": "must not be empty"})
    if "HTTP_IF_MATCH" in request.environ and not request.if_match.star_tag:
        raise PreconditionFailed("there are no entity tags here: send no If-Match")
    if request.method != "POST" and request.if_none_match.star_tag:
        raise PreconditionFailed("there is one already")


def check_text(text: str, *where: str) -> None:
    """Invalid, naming the field by the path `where`, for a text that no database keeps as sent."""
    if _UNKEPT.search(text):
        raise Invalid(fields={".".join(where) or "body": "contains a NUL or a lone surrogate"})


class _Strict(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_MEMBERS:
        raise _Strict(f"an object has more than {MAX_MEMBERS} members")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Strict("a member is given twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise _Strict(f"{name} is not a JSON number")


def _integer(digits: str) -> int | Decimal:
    if len(digits) > MAX_DIGITS:
        raise _Strict("a number has too many digits")
    return Decimal(digits) if digits == "-0" else int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > MAX_DIGITS:
        raise _Strict("a number has too many digits")
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


def _check(body: dict[str, Any]) -> None:
    """Refuses too many values, too deep ones, and texts that cannot be kept."""
    left = MAX_VALUES
    waiting: list[tuple[Any, tuple[str, ...]]] = [(body, ())]
    while waiting:
        value, where = waiting.pop()
        left -= 1
        if left < 0:
            raise BadRequest(f"the JSON has more than {MAX_VALUES} values", code="invalid_json")
        if len(where) >= MAX_DEPTH:
            raise BadRequest("the JSON is nested too deeply", code="invalid_json")
        if isinstance(value, str):
            check_text(value, *where)
        elif isinstance(value, dict):
            for name in value:
                check_text(name, *where)
            waiting += [(member, (*where, name)) for name, member in value.items()]
        elif isinstance(value, list):
            if len(value) > left:
                raise BadRequest(f"the JSON has more than {MAX_VALUES} values", code="invalid_json")
            waiting += [(item, (*where, str(index))) for index, item in enumerate(value)]
