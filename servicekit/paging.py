"""Keyset pages: an opaque cursor in, a Link header with `next` out (RFC 8288)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import GenericAlias
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from pydantic import Field, RootModel, TypeAdapter
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, and_, bindparam, literal, or_, tuple_

from servicekit.api import Query, rfc3339
from servicekit.problems import Invalid

DEFAULT_SIZE = 20
MAX_SIZE = 100


class PageQuery(Query):
    page_size: int = Field(
        DEFAULT_SIZE, ge=1, le=MAX_SIZE, description="the next page's address is in the Link header, as rel=next"
    )
    cursor: str | None = Field(None, max_length=2048, description="opaque, from the Link header's `next`")


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. The last key of an order must be unique."""

    column: Any
    descending: bool = False
    kind: type = int


def page(select: Select[Any], order: Sequence[Key], cursor: str | None, size: int) -> Select[Any]:
    """The select for one page after `cursor`; fetches one row more than `size`, which tells of a next page."""
    if cursor is None:
        return _ordered(select, order, None, size + 1)
    values = decode(cursor, [key.kind for key in order])
    there = [literal(value, _type(key)) for key, value in zip(order, values, strict=True)]
    return _ordered(select, order, there, size + 1)


def prepared(select: Select[Any], order: Sequence[Key], continued: bool) -> Select[Any]:
    """The same to be built once and executed with what `place` gives; `continued` for every page but the first."""
    there = [bindparam(f"after_{index}", type_=_type(key)) for index, key in enumerate(order)]
    return _ordered(select, order, there if continued else None, bindparam("size", type_=Integer))


def place(order: Sequence[Key], cursor: str | None, size: int) -> dict[str, Any]:
    """The parameters of a prepared page."""
    values = decode(cursor, [key.kind for key in order]) if cursor is not None else []
    return {"size": size + 1, **{f"after_{index}": value for index, value in enumerate(values)}}


def _type(key: Key) -> Any:
    # PostgreSQL refuses a number that is larger than the column's, instead of finding nothing beyond it.
    return BigInteger() if isinstance(key.column.type, Integer) else key.column.type


def _ordered(select: Select[Any], order: Sequence[Key], there: Sequence[Any] | None, limit: Any) -> Select[Any]:
    if there is not None:
        select = select.where(_beyond(order, there))
    return select.order_by(*(k.column.desc() if k.descending else k.column.asc() for k in order)).limit(limit)


def _beyond(order: Sequence[Key], there: Sequence[Any]) -> ColumnElement[bool]:
    if len({key.descending for key in order}) == 1:
        # One comparison of rows: both databases then start reading an index right there.
        here = tuple_(*(key.column for key in order))
        return here < tuple_(*there) if order[0].descending else here > tuple_(*there)
    return or_(
        *(
            and_(*(k.column == v for k, v in zip(order[:i], there, strict=False)), _past(key, there[i]))
            for i, key in enumerate(order)
        )
    )


def _past(key: Key, value: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = key.column < value if key.descending else key.column > value
    return found


def cut(rows: Sequence[Any], size: int, *keys: str) -> tuple[Sequence[Any], str | None]:
    """The rows of the page and the next cursor, made of the last row's attributes `keys`; None at the end."""
    if len(rows) <= size:
        return rows, None
    last = rows[size - 1]
    return rows[:size], encode([getattr(last, key) for key in keys])


def encode(values: Sequence[Any]) -> str:
    """An opaque cursor that carries these values."""
    plain = [rfc3339(value) if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).rstrip(b"=").decode()


def decode(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The values that `encode` put in, of these types; Invalid naming `cursor` for anything else."""
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return [_checked(value) for value in _adapter(tuple(kinds)).validate_json(plain, strict=True)]
    except (ValueError, binascii.Error, TypeError, OverflowError):
        raise Invalid(fields={"cursor": "use the cursor of a Link header as it is"}) from None


def _checked(value: Any) -> Any:
    if isinstance(value, int) and not 0 <= value < 2**63:
        raise ValueError("no place in an order is negative, and no database keeps that many digits")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("no database keeps a NUL")
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@lru_cache
def _adapter(kinds: tuple[type, ...]) -> TypeAdapter[tuple[Any, ...]]:
    shape: Any = GenericAlias(tuple, kinds)
    return TypeAdapter(shape)


def respond(body: bytes | str, next_cursor: str | None) -> Response:
    """A JSON array with its Link header."""
    headers = {"Link": following(cursor=next_cursor)} if next_cursor else None
    return Response(body, headers=headers, content_type="application/json")


def respond_rows(
    page: tuple[Sequence[Any], str | None], model: type[RootModel[Any]], show: Callable[[Any], Any]
) -> Response:
    """`respond`, with what a page of rows looks like to its reader."""
    rows, next_cursor = page
    return respond(model([show(row) for row in rows]).model_dump_json(), next_cursor)


def following(**place: str | int) -> str:
    """A Link header to where this request goes on: relative, with the request's other parameters."""
    parameters = [(name, value) for name, value in request.args.items(multi=True) if name not in {"cursor", *place}]
    return f'<{request.path}?{urlencode([*parameters, *place.items()])}>; rel="next"'
