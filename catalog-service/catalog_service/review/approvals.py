"""Submission and decision: every way to publish asks the workflow's table."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from catalog_service.content import drafts, revisions
from catalog_service.models import Decision, Policy, db
from catalog_service.review import decisions, history, people, policies, workflow
from catalog_service.review.vetted import KINDS, kind_of
from catalog_service.review.workflow import Action
from servicekit.api import MAX_ID
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import Permission
from servicekit.problems import Conflict, DomainError, Forbidden, Invalid, NotFound, NotHeardYet, PreconditionRequired

WAITED = Histogram(
    "approval_waiting_seconds",
    "Time from a submission to its decision, in seconds",
    ["decision"],
    buckets=(60, 600, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600),
)


@lru_cache
def _other(kind: str) -> Select[Any]:
    """Submissions of other versions of that content since its last decision; one is enough."""
    log, then = Decision, aliased(Decision)
    mine, before = (decisions.is_about(table, kind, bindparam("id")) for table in (log, then))
    decided = select(func.coalesce(func.max(then.seq), 0)).where(before, then.action.in_(tuple(DECISIONS)))
    # What a policy published at once, as the entry behind the submission says, has not waited.
    at_once = exists().where(then.business_id == log.business_id, then.seq == log.seq + 1, then.action == "publish")
    return (
        select(log.seq)
        .where(mine, log.action == Action.SUBMIT, log.version != bindparam("version"))
        .where(log.seq > decided.scalar_subquery(), ~at_once)
        .limit(1)
    )


def submit(actor: Actor, item: Any, comment: str = "") -> None:
    """Offers the working revision for approval."""
    kind = kind_of(item)
    policy, head = policies.in_force(item.business_id)
    revision = _move(actor, item, policy, Action.SUBMIT)
    revision.submitted_by, revision.submitted_at = actor.id, now()
    # An earlier decision about it is history, which the log keeps.
    revision.decided_by, revision.decided_at, revision.self_approved = None, None, False
    revision.comment = comment
    item.submitted_at = revision.submitted_at
    kind_of(item).log(actor, item, revision, Action.SUBMIT, comment, head)
    live = kind.live_revision(item)
    before = revisions.content(kind, live) if live else None
    if policies.skips_review(policy, before, revisions.content(kind, revision)):
        _publish_by_policy(actor, item, revision)


def _publish_by_policy(actor: Actor, item: Any, revision: Any) -> None:
    # Nobody looked at it, so whoever contributed stays barred from approving what comes on top.
    item.live_contributors = sorted({*item.live_contributors, *item.contributors})
    revision.state = item.status = workflow.APPROVED
    revision.decided_at, item.submitted_at = now(), None
    kind_of(item).log(actor, item, revision, "publish", by_policy=True)
    kind_of(item).publish(db.session(), item, revision)


def withdraw(actor: Actor, item: Any, comment: str = "") -> None:
    """Takes the submission back."""
    revision = _move(actor, item, policies.get(item.business_id), Action.WITHDRAW)
    item.submitted_at = None
    kind_of(item).log(actor, item, revision, Action.WITHDRAW, comment)


def approve(actor: Actor, item: Any, comment: str = "") -> None:
    """Publishes the submitted revision; Forbidden to whoever contributed to it."""
    revision = _decide(actor, item, Action.APPROVE, comment)
    item.live_contributors, item.contributors = item.contributors, []
    kind_of(item).publish(db.session(), item, revision)
    _measure(revision, Action.APPROVE)


def reject(actor: Actor, item: Any, comment: str) -> None:
    """Sends the submitted revision back; what is published stays."""
    _measure(_decide(actor, item, Action.REJECT, comment), Action.REJECT)


def revert(actor: Actor, item: Any, version: int | None, comment: str = "") -> None:
    """A new draft that says what an earlier revision, or else the published one, said."""
    if version is None and item.live_version is None:
        raise Invalid(fields={"version": "nothing is published, so name the version to go back to"})
    kind = kind_of(item)
    earlier = history.find(item, "version", version or item.live_version or 0)
    old = kind.working_revision(item)
    values = revisions.content(kind, earlier)
    if values == revisions.content(kind, old):
        raise Conflict(f"the {kind.name} says that already", code="same_content")
    # Whoever wrote what now returns may not approve it either.
    item.contributors = sorted({*item.contributors, *earlier.contributors})
    drafts.renew(kind, actor, item, old, values, Action.REVERT, comment, to=earlier.version)


def unpublish(actor: Actor, item: Any, comment: str = "") -> None:
    """Takes the published revision out of the public catalogue; it needs a new approval to return."""
    workflow.move(actor, item, policies.get(item.business_id), Action.UNPUBLISH)
    live = kind_of(item).live_revision(item)
    live.state = "withdrawn" if item.version != live.version else workflow.DRAFT
    if item.version == live.version:
        item.status = workflow.DRAFT
    # The approval no longer stands, so its contributors are barred again.
    item.contributors = sorted({*item.contributors, *item.live_contributors})
    item.live_contributors = []
    revisions.touch(item)
    kind_of(item).log(actor, item, live, Action.UNPUBLISH, comment)
    kind_of(item).unpublish(db.session(), item)


def _decide(actor: Actor, item: Any, action: Action, comment: str) -> Any:
    policy, head = policies.in_force(item.business_id)
    person, is_known = people.judged(actor, item.contributors)
    own_work = not person.own.isdisjoint(item.contributors)
    shared_control = not own_work and not person.connected.isdisjoint(item.contributors)
    revision = _move(actor, item, policy, action, person.own)
    if action == Action.APPROVE and not own_work and not is_known:
        raise NotHeardYet("an account that took part in this is new here, try again in a moment")
    revision.decided_by, revision.decided_at, revision.comment = actor.id, now(), comment
    revision.self_approved = own_work and action == Action.APPROVE
    item.submitted_at = None
    marks = {"self_approved": own_work, "shared_control": shared_control} if action == Action.APPROVE else {}
    details = {name: True for name, holds in marks.items() if holds}
    kind_of(item).log(actor, item, revision, action, comment, head, **details)
    return revision


def _measure(revision: Any, decision: Action) -> None:
    if revision.submitted_at is not None and revision.decided_at is not None:
        # A clock that was set back in between must not take from the sum.
        WAITED.labels(decision).observe(max(0.0, (revision.decided_at - revision.submitted_at).total_seconds()))


def _move(actor: Actor, item: Any, policy: Policy, action: Action, accounts: frozenset[int] | None = None) -> Any:
    to = workflow.move(actor, item, policy, action, accounts)
    assert to is not None
    revision = kind_of(item).working_revision(item)
    revision.state = item.status = to
    revisions.touch(item)
    return revision


def bulk(actor: Actor, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
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
    # Of what is no id at all, some cannot be written back, such as numbers of 200 digits.
    is_id = isinstance(id, int) and not isinstance(id, bool) and 1 <= id <= MAX_ID
    named = {"type": type if isinstance(type, str) and type in KINDS else None, "id": id if is_id else None}
    return {**named, "status": problem.status, "problem": {**told, **problem.extra}}


def expect_seen(actor: Actor, item: Any, action: Action, version: int | None, by_tag: bool = False) -> None:
    """Refuses an action on another revision than its caller saw, which `version` or an entity tag names.

    Conflict with the difference when it is not the present one. PreconditionRequired for a decision that names none,
    where its caller may have seen another one waiting.
    """
    if version is None:
        if action in DECISIONS and not by_tag and item.status == workflow.PENDING and _others_waited(item):
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


def transition(actor: Actor, item: Any, wished: str, before: str | None) -> None:
    """What `status` in a write body asks for: nothing when it is so already, a submission or a withdrawal.

    `before` is the status before the write, None where it makes it.
    """
    if wished in {before, item.status}:
        return
    if wished == workflow.PENDING:
        submit(actor, item)
    elif wished == workflow.DRAFT:
        withdraw(actor, item)
    else:
        action = Action.APPROVE if wished == workflow.APPROVED else Action.REJECT
        if not actor.can(workflow.NEEDS[action]):
            raise Forbidden(f"this needs the permission {workflow.NEEDS[action]}")
        if before is None:
            raise Conflict(f"a new {kind_of(item).name} is decided on once it was submitted", code="use_action")
        raise Conflict(f"use {kind_of(item).path}/{item.id}/{action}/ for that", code="use_action")


DECISIONS: Mapping[str, Callable[[Actor, Any, str], None]] = {"approve": approve, "reject": reject}
