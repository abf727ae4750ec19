"""Conversations."""

from typing import Any

from chat_service import conversations
from chat_service.models import db
from chat_service.routes import holder
from chat_service.schemas import ConversationOut, ConversationPath, ConversationsOut, TurnOut, WholeConversationOut
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import public

bp = Blueprint("conversations", __name__)


@bp.get("/api/conversations/", responses={200: ConversationsOut})
@public
@validate_request()
def list_conversations(query: paging.PageQuery) -> Any:
    """The caller's own conversations, newest first."""
    rows, following = conversations.page(holder.owner(), query.cursor, query.page_size)
    found = ConversationsOut([ConversationOut.model_validate(row) for row in rows])
    return holder.remember(paging.respond(found.model_dump_json(), following), None)


@bp.get("/api/conversations/<int:conversation_id>/", responses={200: WholeConversationOut})
@public
@validate_request()
def read_conversation(path: ConversationPath) -> Any:
    """One conversation with its newest hundred turns, oldest of them first."""
    owner = holder.owner()
    conversation = conversations.get(owner, path.conversation_id)
    rows, _ = conversations.history(owner, conversation.id, None, paging.MAX_SIZE)
    names = {name: getattr(conversation, name) for name in ConversationOut.model_fields}
    return WholeConversationOut(**names, messages=[TurnOut.of(row) for row in reversed(rows)])


@bp.delete("/api/conversations/<int:conversation_id>/", responses={204: None})
@public
@validate_request()
def delete_conversation(path: ConversationPath) -> Any:
    """Erase one conversation."""
    owner = holder.owner()
    with db.transaction():
        conversations.remove(owner, path.conversation_id)
    return no_content()
