"""What people do with content of every kind: move it through its workflow, and look at what became of it."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response
from pydantic import BaseModel

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
        self._bp, self._kind, self._path, self._shown = bp, kind, path, shown
        for action, (permission, body, said) in MOVES.items():
            answers: dict[int, Any] = {200: shown, 204: None} if action == Action.UNPUBLISH else {200: shown}
            self._post(action, f"{action}_{kind.name}", permission, self._move(action), body, said, answers)
        told = "A new draft that says what an earlier revision said: `version`, or else the published one."
        self._post(
            "revert", f"revert_{kind.name}", Permission.PRODUCT_WRITE, self._revert, RevertIn, told, {200: shown}
        )
        told = "A remark in its history; it changes nothing else."
        name = f"comment_on_{kind.name}"
        answers = {201: HistoryEntryOut}
        self._post("comments", name, Permission.PRODUCT_WRITE, self._comment, CommentIn, told, answers)
        told = "Every revision, newest first."
        self._get("revisions", f"list_{kind.name}_revisions", self._revisions, paging.PageQuery, told, revisions)
        told = "What changes field by field, from the published revision to the working one unless told otherwise."
        self._get("diff", f"read_{kind.name}_diff", self._diff, DiffQuery, told, DiffOut)
        told = "Its log, oldest first, with every comment."
        self._get("history", f"list_{kind.name}_history", self._history, paging.PageQuery, told, HistoryOut)

    def _post(
        self,
        step: str,
        name: str,
        permission: Permission,
        use: Callable[..., Any],
        body: type[BaseModel],
        said: str,
        answers: Mapping[int, Any],
    ) -> None:
        def view(path: Any, body: Any) -> Any:
            with writing() as keep:
                item = self._kind.get(actor(), self._id(path), lock=True)
                expect(self._kind, item)
                return keep(use(actor(), item, body))

        view.__annotations__ |= {"path": self._path, "body": body}
        self._declare(self._bp.post, step, name, permission, replays, view, said, answers)

    def _get(
        self, what: str, name: str, read: Callable[..., Any], query: type[BaseModel], said: str, shown: type[BaseModel]
    ) -> None:
        def view(path: Any, query: Any) -> Any:
            return read(self._kind.get(actor(), self._id(path)), query)

        view.__annotations__ |= {"path": self._path, "query": query}
        self._declare(self._bp.get, what, name, Permission.PRODUCT_VIEW, lambda view: view, view, said, {200: shown})

    def _declare(
        self,
        method: Any,
        step: str,
        name: str,
        permission: Permission,
        wrap: Callable[..., Any],
        view: Any,
        said: str,
        answers: Mapping[int, Any],
    ) -> None:
        view.__name__, view.__doc__ = name, said
        guarded = requires(permission)(hides_strangers(self._kind)(wrap(validate_request()(view))))
        method(f"{self._kind.path}/<int:{self._kind.name}_id>/{step}/", responses=dict(answers))(guarded)

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
