"""What was asked and answered, over all conversations of its owner."""

from typing import Any

from chat_service import conversations
from chat_service.models import db
from chat_service.routes import holder
from chat_service.schemas import HistoryQuery, TurnOut, TurnsOut
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import public

bp = Blueprint("history", __name__)


@bp.get("/api/chat-history/", responses={200: TurnsOut})
@public
@validate_request()
def list_history(query: HistoryQuery) -> Any:
    """The caller's own turns, newest first; of one conversation where one is named."""
    rows, following = conversations.history(holder.owner(), query.conversation_id, query.cursor, query.page_size)
    found = TurnsOut([TurnOut.of(row) for row in rows])
    return holder.remember(paging.respond(found.model_dump_json(), following), None)


@bp.delete("/api/clear-chat-history/", responses={204: None})
@public
@validate_request()
def clear_history() -> Any:
    """Erase all of the caller's conversations."""
    owner = holder.owner()
    with db.transaction():
        conversations.clear(owner)
    return no_content()
