"""What all writing views share: strangers learn nothing, conditions hold, a repeated key replays."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import orjson
from flask import Response, request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import ETags
from werkzeug.wrappers import Response as WerkzeugResponse

from catalog_service import idempotency
from catalog_service.content.kinds import Kind
from catalog_service.models import IdempotencyKey, db
from catalog_service.public import changes
from servicekit.api import MAX_ID
from servicekit.auth import actor
from servicekit.bodies import read_json
from servicekit.problems import (
    BadRequest,
    DomainError,
    Invalid,
    NotFound,
    NotHeardYet,
    PreconditionFailed,
    UnsupportedMediaType,
)

View = Callable[..., Any]
Answer = WerkzeugResponse
_READ_ONLY = {
    "business": "must be the caller's business",
    "version": "is read-only, and another one is there: read it again",
}
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "X-Change-Seq")
# The worker asks for news once a second.
NEWS_SECONDS = 2.5
_PRECONDITIONS = ("If-Match", "If-None-Match", "Idempotency-Key")


def bounds_ids(what: str) -> Callable[[View], View]:
    """A number that is no id is an id that is missing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def bounded(**kwargs: Any) -> Any:
            if not 1 <= kwargs[f"{what}_id"] <= MAX_ID:
                raise NotFound(what)
            return view(**kwargs)

        return bounded

    return decorate


def hides_strangers(kind: Kind) -> Callable[[View], View]:
    """What is another business's is missing before anything is said about the request."""

    def decorate(view: View) -> View:
        @wraps(view)
        @bounds_ids(kind.name)
        def checked(**kwargs: Any) -> Any:
            try:
                return view(**kwargs)
            except (ValidationError, Invalid, BadRequest, UnsupportedMediaType):
                kind.get(actor(), kwargs[f"{kind.name}_id"])
                raise

        return checked

    return decorate


class _Replay(Exception):
    def __init__(self, response: Answer) -> None:
        self.response = response


def replays(view: View) -> View:
    """Answers as it did before when the request's Idempotency-Key is known; see `writing`.

    A write that needs what auth-service's feed is about to tell is tried again until NEWS_SECONDS are over.
    """

    @wraps(view)
    def replaying(**kwargs: Any) -> Any:
        until = time.monotonic() + NEWS_SECONDS
        while True:
            try:
                return view(**kwargs)
            except _Replay as known:
                return known.response
            except NotHeardYet:
                if time.monotonic() >= until:
                    raise
                pause()

    return replaying


def pause() -> None:
    """Waits a little for news of auth-service; nothing is locked meanwhile."""
    time.sleep(0.1)


@contextmanager
def writing() -> Iterator[Callable[[Answer], Answer]]:
    """A transaction for a view under `replays`; pass the answer through what it yields before leaving."""
    _refuse_blank()
    key = request.headers.get("Idempotency-Key")
    with db.transaction() as session:
        session.info.pop(changes.LAST, None)
        if key is None:
            yield lambda response: _told(session, response)
            return
        mark = idempotency.fingerprint(request.method, request.full_path, _body())
        known = idempotency.claim(session, actor().id, key, mark)
        if known is not None:
            raise _Replay(_replayed(known))

        def keep(response: Answer) -> Answer:
            _told(session, response)
            headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            stored = {"status": response.status_code, "headers": headers, "body": response.get_data(as_text=True)}
            idempotency.keep(session, actor().id, key, mark, stored)
            return response

        yield keep


def _told(session: Session, response: Answer) -> Answer:
    """The answer with the last change of the public catalogue that the transaction made, for `min_seq`."""
    if changes.LAST in session.info:
        response.headers["X-Change-Seq"] = str(session.info[changes.LAST])
    return response


def _refuse_blank() -> None:
    """BadRequest for a precondition that is sent and says nothing: its sender meant to be careful."""
    for name in _PRECONDITIONS:
        if name in request.headers and not request.headers[name].strip(" \t,"):
            raise BadRequest(f"the header {name} is empty", fields={name: "must not be empty"})


def _body() -> Any:
    try:
        return read_json(optional=True)
    except DomainError:  # of a view that takes none
        return request.get_data(as_text=True)


def _replayed(known: IdempotencyKey) -> Response:
    response = Response(known.body, known.status)
    # Whole, or an answer without a body would get the framework's type of one.
    response.headers.clear()
    response.headers.update({**known.headers, "Idempotent-Replayed": "true"})
    return response


def answer(shown: dict[str, Any], status: int = 200) -> Response:
    """What a writer may change, with its entity tag."""
    edition = shown.pop("edition")
    response = Response(orjson.dumps(shown), status, content_type="application/json")
    response.set_etag(_tag(shown["id"], edition))
    return response


def _tag(item_id: int, edition: int) -> str:
    # With the id, since the product that takes over a SKU begins at the same edition as the one before it.
    return f"{item_id}-{edition}"


def expect(kind: Kind, item: Any) -> None:
    """PreconditionFailed unless the request's conditions hold for it; None where there is none yet."""
    expect_tag(kind.name, None if item is None else _tag(item.id, item.edition))


def expect_tag(what: str, tag: str | None) -> None:
    """PreconditionFailed unless If-Match and If-None-Match (RFC 9110 section 13.1) hold for the present tag."""
    if "If-Match" in request.headers and not _names(request.if_match, tag):
        raise PreconditionFailed(f"the {what} has changed, read it again" if tag else f"there is no such {what}")
    if "If-None-Match" in request.headers and _names(request.if_none_match, tag):
        raise PreconditionFailed(f"there is such a {what} already")


def names_a_state() -> bool:
    """Whether the request's If-Match names what its sender saw; `*` names nothing."""
    return bool(request.if_match.as_set(include_weak=True)) and not request.if_match.star_tag


def _names(tags: ETags, tag: str | None) -> bool:
    # The gateway compresses long answers, which makes their tags weak; ours name a state, not its bytes.
    return tag is not None and tags.contains_weak(tag)


def refuse_changes(echoed: dict[str, Any], current: dict[str, Any]) -> None:
    """Invalid naming the read-only fields that were sent with another value than they have."""
    wrong = {
        name: _READ_ONLY.get(name, "is read-only, and another value is there")
        for name, value in echoed.items()
        if name not in current or current[name] != value or type(current[name]) is not type(value)
    }
    if wrong:
        raise Invalid(fields=wrong)
