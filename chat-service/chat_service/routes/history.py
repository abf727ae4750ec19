"""What was asked and answered, over all conversations of its owner."""

from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

from chat_service import conversations
from chat_service.models import db
from chat_service.owners import Owner
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


@bp.get("/api/chat-history/export/", responses={200: TurnsOut})
@public
@validate_request()
def export_history() -> Any:
    """All of the caller's turns in one file, newest first."""
    response = Response(stream_with_context(_exported(holder.owner())), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="chat-history.json"'
    return response


def _exported(owner: Owner) -> Iterator[str]:
    cursor, before = None, "["
    while True:
        rows, cursor = conversations.history(owner, None, cursor, paging.MAX_SIZE)
        # The reader may be slow: no connection is kept between two pages.
        db.session.rollback()
        for row in rows:
            yield before + TurnOut.of(row).model_dump_json()
            before = ","
        if cursor is None:
            yield "[]" if before == "[" else "]"
            return


@bp.delete("/api/clear-chat-history/", responses={204: None})
@public
@validate_request()
def clear_history() -> Any:
    """Erase all of the caller's conversations."""
    owner = holder.owner()
    with db.transaction():
        conversations.clear(owner)
    return no_content()
