"""The assistant."""

from collections.abc import Iterator
from typing import Any

import orjson
import structlog
from flask import Response, current_app, request, stream_with_context
from sqlalchemy.exc import OperationalError, TimeoutError

from chat_service import turns
from chat_service.models import db
from chat_service.routes import holder
from chat_service.schemas import AnswerOut, QuestionIn
from chat_service.settings import Settings
from chat_service.statements import Statement
from chat_service.turns import Reply, Turn
from servicekit import origin, problems
from servicekit.api import Blueprint, validate_request
from servicekit.auth import caller, public
from servicekit.limits import counters

log = structlog.get_logger(__name__)

bp = Blueprint("chatbot", __name__)

STREAM = "text/event-stream"
RESERVED_TOKENS = 6_000


@bp.post("/api/chatbot/", responses={200: AnswerOut})
@public
@validate_request()
def ask(body: QuestionIn) -> Any:
    """Ask the shopping assistant; it says only what the public catalogue says.

    With `Accept: text/event-stream` the answer comes as events: `start`, `progress` {text}, `token` {text, statement}
    for each statement, then `done` with the same object as without, or `error` with a problem.
    """
    settings, assistant = current_app.config["SETTINGS"], current_app.extensions["assistant"]
    _count(settings)
    asker = holder.asker(body.conversation_token)
    tokens = RESERVED_TOKENS if assistant.model.is_configured else 0
    with db.transaction() as session:
        turn = turns.admit(session, settings, asker, body.message, body.conversation_id, origin.address(), tokens)
    if request.accept_mimetypes.best_match(["application/json", STREAM]) == STREAM:
        answer = Response(stream_with_context(_stream(turn)), content_type=STREAM)
        answer.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    else:
        answer = Response(_stored(turn, assistant.reply(turn)), content_type="application/json")
    return holder.remember(answer, asker.secret)


def _count(settings: Settings) -> None:
    """One more question of the account, or of the address where nobody signed in; TooManyRequests past the limit."""
    who = caller()
    if who:
        counters().count(settings.chat_limit, "questions", str(who.id))
    else:
        counters().count(settings.chat_anonymous_limit, "questions", origin.address())


def _stored(turn: Turn, reply: Reply) -> str:
    with db.transaction() as session:
        message = turns.store(session, current_app.config["SETTINGS"], turn, reply)
    return AnswerOut.of(message, conversation_token=turn.owner.secret).model_dump_json()


def _stream(turn: Turn) -> Iterator[bytes]:
    yield _event("start", b"{}")
    try:
        for event in current_app.extensions["assistant"].events(turn):
            match event:
                case str():
                    yield _event("progress", orjson.dumps({"text": event}))
                case Statement():
                    body = {"text": event.text + "\n", "statement": event.model_dump(mode="json")}
                    yield _event("token", orjson.dumps(body))
                case None:
                    yield b": still at work\n\n"
                case Reply():
                    yield _event("done", _stored(turn, event).encode())
    except problems.DomainError as error:
        yield _event("error", problems.on_domain_error(error).get_data())
    except (OperationalError, TimeoutError) as error:
        yield _event("error", problems.on_database_error(error).get_data())
    except Exception:
        log.exception("unexpected error in a stream")
        yield _event("error", problems.respond(500, "internal_error", "internal error").get_data())


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
