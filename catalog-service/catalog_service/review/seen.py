"""A decision is about the revision that its caller saw."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from catalog_service.content import revisions
from catalog_service.models import Decision, db
from catalog_service.review import decisions, workflow
from catalog_service.review.vetted import kind_of
from catalog_service.review.workflow import Action
from servicekit.auth import Actor
from servicekit.permissions import Permission
from servicekit.problems import Conflict, PreconditionRequired

_DECIDES = (Action.APPROVE, Action.REJECT)


def expect_seen(actor: Actor, item: Any, action: Action, version: int | None, by_tag: bool = False) -> None:
    """Refuses an action on another revision than its caller saw, which `version` or an entity tag names.

    Conflict with the difference when it is not the present one. PreconditionRequired for a decision that names none,
    where its caller may have seen another one waiting.
    """
    if version is None:
        if action in _DECIDES and not by_tag and item.status == workflow.PENDING and _others_waited(item):
            raise PreconditionRequired(
                f"another revision of this {kind_of(item).name} has waited since the last decision: send `version` or If-Match",
                fields={"version": "says which revision was looked at", "If-Match": "does so, too"},
            )
        return
    present = item.live_version if action == Action.UNPUBLISH else item.version
    if present is None or version == present:
        return
    told: dict[str, Any] = {"version": present}
    # An operator may take down what is public and reads no drafts.
    if actor.can(Permission.PRODUCT_VIEW):
        kind = kind_of(item)
        seen, there = (db.session.get(kind.revision, (item.id, one)) for one in (version, present))
        assert there is not None
        before = revisions.content(kind, seen) if seen else None
        told["diff"] = revisions.difference(kind, before, revisions.content(kind, there))
    raise Conflict(f"version {version} is not the present one, which is {present}", code="stale_version", **told)


def _others_waited(item: Any) -> bool:
    """Whether another revision than the working one has waited since the last decision."""
    there = {"id": item.id, "version": item.version}
    return item.version > 1 and bool(db.session.scalar(_other(kind_of(item).name), there))


@lru_cache
def _other(kind: str) -> Select[Any]:
    """Submissions of other versions of that content since its last decision; one is enough."""
    log, then = Decision, aliased(Decision)
    mine, before = (decisions.is_about(table, kind, bindparam("id")) for table in (log, then))
    decided = select(func.coalesce(func.max(then.seq), 0)).where(before, then.action.in_(_DECIDES))
    # What a policy published at once, as the entry behind the submission says, has not waited.
    at_once = exists().where(then.business_id == log.business_id, then.seq == log.seq + 1, then.action == "publish")
    return (
        select(log.seq)
        .where(mine, log.action == Action.SUBMIT, log.version != bindparam("version"))
        .where(log.seq > decided.scalar_subquery(), ~at_once)
        .limit(1)
    )
