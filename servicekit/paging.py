"""Keyset pages: an opaque cursor in, a Link header with `next` out (RFC 8288)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from pydantic import Field, TypeAdapter
from sqlalchemy import ColumnElement, Select, and_, or_

from servicekit.api import Query, rfc3339
from servicekit.problems import Invalid

DEFAULT_SIZE = 20
MAX_SIZE = 100


class PageQuery(Query):
    page_size: int = Field(DEFAULT_SIZE, ge=1, le=MAX_SIZE)
    cursor: str | None = Field(None, max_length=1024, description="opaque, from the Link header's `next`")


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. The last key of an order must be unique."""

    column: Any
    descending: bool = False
    kind: type = int

    def beyond(self, value: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = self.column < value if self.descending else self.column > value
        return found


def page(select: Select[Any], order: Sequence[Key], cursor: str | None, size: int) -> Select[Any]:
    """The select for one page after `cursor`; fetches one row more than `size`, which tells of a next page."""
    if cursor is not None:
        values = _decode(cursor, order)
        select = select.where(
            or_(
                *(
                    and_(*(k.column == v for k, v in zip(order[:i], values, strict=False)), key.beyond(values[i]))
                    for i, key in enumerate(order)
                )
            )
        )
    return select.order_by(*(k.column.desc() if k.descending else k.column.asc() for k in order)).limit(size + 1)


def cut(rows: Sequence[Any], size: int, *keys: str) -> tuple[Sequence[Any], str | None]:
    """The rows of the page and the next cursor, made of the last row's attributes `keys`; None at the end."""
    if len(rows) <= size:
        return rows, None
    last = rows[size - 1]
    return rows[:size], _encode([getattr(last, key) for key in keys])


def _encode(values: Sequence[Any]) -> str:
    plain = [rfc3339(value) if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).rstrip(b"=").decode()


def _decode(cursor: str, order: Sequence[Key]) -> list[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError("wrong length")
        if any(type(v) is int and abs(v) >= 2**63 for v in values):
            raise ValueError("out of range")
        return [TypeAdapter(key.kind).validate_python(value) for key, value in zip(order, values, strict=True)]
    except (ValueError, binascii.Error, TypeError):
        raise Invalid(fields={"cursor": "use the cursor of a Link header as it is"}) from None


def respond(body: bytes | str, next_cursor: str | None) -> Response:
    """A JSON array with its Link header; the link is relative and keeps the other parameters."""
    response = Response(body, content_type="application/json")
    if next_cursor:
        parameters = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
        query = urlencode([*parameters, ("cursor", next_cursor)])
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return response
