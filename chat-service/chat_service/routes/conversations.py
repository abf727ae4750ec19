"""Conversations."""

from typing import Any

from flask import current_app

from chat_service import conversations, sources
from chat_service.facts import Fact
from chat_service.models import db
from chat_service.routes import holder
from chat_service.schemas import (
    ConversationOut,
    ConversationPath,
    ConversationsOut,
    MessagePath,
    SourcesOut,
    TurnOut,
    WholeConversationOut,
)
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import public
from servicekit.database import now

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


@bp.get("/api/conversations/<int:conversation_id>/messages/<int:message_id>/sources/", responses={200: SourcesOut})
@public
@validate_request()
def read_sources(path: MessagePath) -> Any:
    """What an answer rests on, checked against today's catalogue."""
    owner = holder.owner()
    message = conversations.message(owner, path.conversation_id, path.message_id)
    facts = [Fact(c.field, c.value, c.product_id, c.version, c.query) for c in conversations.claims(message.id)]
    db.session.rollback()
    checks, standings = sources.recheck(current_app.extensions["assistant"].catalog(), facts)
    return SourcesOut(
        message_id=path.message_id,
        checked_at=now(),
        holds=all(check.holds for check in checks),
        claims=checks,
        products=standings,
    )


@bp.delete("/api/conversations/<int:conversation_id>/", responses={204: None})
@public
@validate_request()
def delete_conversation(path: ConversationPath) -> Any:
    """Erase one conversation."""
    owner = holder.owner()
    with db.transaction():
        conversations.remove(owner, path.conversation_id)
    return no_content()
