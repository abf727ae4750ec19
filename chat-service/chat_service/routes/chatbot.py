"""The assistant."""

from typing import Any

from flask import Response, current_app

from chat_service import turns
from chat_service.models import db
from chat_service.routes import holder
from chat_service.schemas import AnswerOut, QuestionIn
from servicekit.api import Blueprint, validate_request
from servicekit.auth import public

bp = Blueprint("chatbot", __name__)


@bp.post("/api/chatbot/", responses={200: AnswerOut})
@public
@validate_request()
def ask(body: QuestionIn) -> Any:
    """Ask the shopping assistant; it says only what the public catalogue says."""
    settings = current_app.config["SETTINGS"]
    owner = holder.owner(body.conversation_token)
    with db.transaction() as session:
        turn = turns.begin(session, settings, owner, body.message, body.conversation_id, holder.address())
    reply = current_app.extensions["assistant"].reply(turn)
    with db.transaction() as session:
        message, secret = turns.finish(session, settings, turn, reply)
    answer = AnswerOut.of(message, conversation_token=secret).model_dump_json()
    return holder.remember(Response(answer, content_type="application/json"), secret)
