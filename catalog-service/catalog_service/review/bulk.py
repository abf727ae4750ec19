"""Many decisions at once, each by itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from catalog_service.models import db
from catalog_service.review.approvals import DECISIONS
from catalog_service.review.seen import expect_seen
from catalog_service.review.vetted import KINDS
from catalog_service.review.workflow import Action
from servicekit.api import MAX_ID
from servicekit.auth import Actor
from servicekit.problems import DomainError, Invalid, NotFound


def decide(actor: Actor, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Decides each item by itself within the open transaction; a result an item, in their order."""
    waiting = {(item["type"], item["id"]) for item in items}
    locked = _lock(actor, waiting)
    results = []
    for item in items:
        place = item["type"], item["id"]
        if place in waiting:
            waiting.remove(place)
            results.append(_decide_one(actor, place in locked, **item))
        else:
            results.append(refused(*place, Invalid(fields={"id": "is given twice, and counts once"})))
    return results


def _lock(actor: Actor, wanted: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Locks those that are the caller's, all first and in one order, so that two desks cannot wait for each other."""
    locked = set()
    for name, kind in KINDS.items():
        ids = [number for other, number in wanted if other == name]
        row = kind.working
        mine = select(row.id).where(row.id.in_(ids), row.business_id == actor.tenant).order_by(row.id)
        locked |= {(name, number) for number in (db.session.scalars(mine.with_for_update()) if ids else ())}
    return locked


def _decide_one(
    actor: Actor, is_locked: bool, type: str, id: int, action: str, version: int | None, comment: str
) -> dict[str, Any]:
    try:
        with db.session.begin_nested():
            if not is_locked:
                raise NotFound(type)  # also one made since: whoever holds it may wait for this transaction's log
            item = KINDS[type].get(actor, id, lock=True)
            expect_seen(actor, item, Action(action), version)
            DECISIONS[action](actor, item, comment)
    except DomainError as problem:
        return refused(type, id, problem)
    decided = {"product_status": item.status, "live_version": item.live_version}
    return {"type": type, "id": id, "status": 200, **decided}


def refused(type: Any, id: Any, problem: DomainError) -> dict[str, Any]:
    """The result of an item that is not decided; what names it as it was sent."""
    errors = [error.model_dump() for error in problem.errors]
    detail = problem.detail
    told = {"status": problem.status, "code": problem.code, "detail": detail, "error": detail, "errors": errors}
    named = {"type": type if isinstance(type, str) and type in KINDS else None, "id": id if _is_id(id) else None}
    return {**named, "status": problem.status, "problem": {**told, **problem.extra}}


def _is_id(sent: Any) -> bool:
    return isinstance(sent, int) and not isinstance(sent, bool) and 1 <= sent <= MAX_ID
