"""What people do with content of every kind: move it through its workflow, and look at what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response
from pydantic import BaseModel

from catalog_service.content import drafts
from catalog_service.content.kinds import Kind
from catalog_service.models import db
from catalog_service.review import approvals, history
from catalog_service.review.seen import expect_seen
from catalog_service.review.workflow import Action
from catalog_service.routes.writes import answer, expect, hides_strangers, names_a_state, replays, writing
from catalog_service.schemas.review import (
    CommentIn,
    DecisionIn,
    DiffOut,
    DiffQuery,
    HistoryEntryOut,
    HistoryOut,
    RejectionIn,
    RevertIn,
)
from servicekit import paging
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import Actor, actor, requires
from servicekit.permissions import Permission

USES: Mapping[Action, Callable[[Actor, Any, str], None]] = {
    Action.SUBMIT: approvals.submit,
    Action.WITHDRAW: approvals.withdraw,
    Action.APPROVE: approvals.approve,
    Action.REJECT: approvals.reject,
    Action.UNPUBLISH: approvals.unpublish,
}
# The permission of each move, what it takes, and what it does, for the document.
MOVES: Mapping[Action, tuple[Permission, type[BaseModel], str]] = {
    Action.SUBMIT: (
        Permission.PRODUCT_WRITE,
        DecisionIn,
        "Offers the working revision for approval; publishes it where the business's policy asks for no review.",
    ),
    Action.WITHDRAW: (Permission.PRODUCT_WRITE, DecisionIn, "Takes the submission back."),
    Action.APPROVE: (
        Permission.PRODUCT_APPROVE,
        DecisionIn,
        "Publishes the submitted revision; contributors cannot.",
    ),
    Action.REJECT: (
        Permission.PRODUCT_APPROVE,
        RejectionIn,
        "Sends the submitted revision back with a comment; what is published stays.",
    ),
    Action.UNPUBLISH: (
        Permission.PRODUCT_UNPUBLISH,
        DecisionIn,
        "Takes it out of everything public; an operator, who sees no drafts, gets 204.",
    ),
}


class Routes:
    """The routes that a kind has like all others, on its blueprint."""

    def __init__(
        self, bp: Blueprint, kind: Kind, path: type[BaseModel], shown: type[BaseModel], revisions: type[BaseModel]
    ) -> None:
        """`path` names its id, `shown` and `revisions` are its own answers."""
        self._bp, self._kind, self._path = bp, kind, path
        declare, name, view, write = self._declare, kind.name, Permission.PRODUCT_VIEW, Permission.PRODUCT_WRITE
        told = f"One {name} of the caller's business."
        declare(bp.get, "", f"read_{name}", view, self._read(), told, {200: shown})
        told = f"Archives the {name} and takes it out of everything public."
        declare(bp.delete, "", f"delete_{name}", write, self._written(self._delete), told, {204: None})
        for action, (permission, body, told) in MOVES.items():
            answers: dict[int, Any] = {200: shown, 204: None} if action == Action.UNPUBLISH else {200: shown}
            move = self._written(self._move(action), body)
            declare(bp.post, f"{action}/", f"{action}_{name}", permission, move, told, answers)
        told = "A new draft that says what an earlier revision said: `version`, or else the published one."
        revert = self._written(self._revert, RevertIn)
        declare(bp.post, "revert/", f"revert_{name}", write, revert, told, {200: shown})
        told = "A remark in its history; it changes nothing else."
        comment = self._written(self._comment, CommentIn)
        declare(bp.post, "comments/", f"comment_on_{name}", write, comment, told, {201: HistoryEntryOut})
        told = "Every revision, newest first."
        listed = self._looked_at(self._revisions, paging.PageQuery)
        declare(bp.get, "revisions/", f"list_{name}_revisions", view, listed, told, {200: revisions})
        told = "What changes field by field, from the published revision to the working one unless told otherwise."
        diff = self._looked_at(self._diff, DiffQuery)
        declare(bp.get, "diff/", f"read_{name}_diff", view, diff, told, {200: DiffOut})
        told = "Its log, oldest first, with every comment."
        log = self._looked_at(self._history, paging.PageQuery)
        declare(bp.get, "history/", f"list_{name}_history", view, log, told, {200: HistoryOut})

    def _declare(
        self,
        method: Any,
        rest: str,
        name: str,
        permission: Permission,
        view: Any,
        said: str,
        answers: Mapping[int, Any],
    ) -> None:
        view.__name__, view.__doc__ = name, said
        view.__annotations__["path"] = self._path
        checked = validate_request()(view)
        guarded = requires(permission)(
            hides_strangers(self._kind)(checked if method == self._bp.get else replays(checked))
        )
        method(f"{self._kind.path}/<int:{self._kind.name}_id>/{rest}", responses=dict(answers))(guarded)

    def _read(self) -> Callable[..., Any]:
        def view(path: Any) -> Any:
            with db.reading() as connection:
                return answer(self._kind.shown(actor(), self._id(path), connection))

        return view

    def _looked_at(self, read: Callable[..., Any], query: type[BaseModel]) -> Callable[..., Any]:
        def view(path: Any, query: Any) -> Any:
            return read(self._kind.get(actor(), self._id(path)), query)

        view.__annotations__ = {"query": query}
        return view

    def _written(self, use: Callable[..., Any], body: type[BaseModel] | None = None) -> Callable[..., Any]:
        def view(path: Any, body: Any = None) -> Any:
            with writing() as keep:
                item = self._kind.get(actor(), self._id(path), lock=True)
                expect(self._kind, item)
                return keep(use(actor(), item, body))

        view.__annotations__ = {"body": body} if body else {}
        return view

    def _delete(self, who: Actor, item: Any, _: None) -> Any:
        drafts.delete(self._kind, who, item)
        return no_content()

    def _id(self, path: Any) -> int:
        return int(getattr(path, f"{self._kind.name}_id"))

    def _move(self, action: Action) -> Callable[..., Any]:
        def use(who: Actor, item: Any, body: Any) -> Any:
            expect_seen(who, item, action, body.version, names_a_state())
            USES[action](who, item, body.comment)
            return self._answer(who, item)

        return use

    def _revert(self, who: Actor, item: Any, body: RevertIn) -> Any:
        approvals.revert(who, item, body.version, body.comment)
        return self._answer(who, item)

    def _answer(self, who: Actor, item: Any) -> Any:
        db.session.flush()
        return answer(self._kind.shown(who, item.id)) if who.can(Permission.PRODUCT_VIEW) else no_content()

    @staticmethod
    def _comment(who: Actor, item: Any, body: CommentIn) -> Any:
        entry = history.comment(who, item, body.comment)
        return Response(orjson.dumps(entry), 201, content_type="application/json")

    @staticmethod
    def _revisions(item: Any, query: paging.PageQuery) -> Any:
        rows, following = history.page(item, query.cursor, query.page_size)
        return paging.respond(orjson.dumps(rows), following)

    @staticmethod
    def _diff(item: Any, query: DiffQuery) -> Any:
        return Response(orjson.dumps(history.diff(item, query.since, query.to)), content_type="application/json")

    @staticmethod
    def _history(item: Any, query: paging.PageQuery) -> Any:
        rows, following = history.history(item, query.cursor, query.page_size)
        return paging.respond(orjson.dumps(rows), following)
