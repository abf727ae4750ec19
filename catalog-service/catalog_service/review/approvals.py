"""Submission and decision: every way to publish asks the workflow's table."""

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import Histogram

from catalog_service.content import drafts, revisions
from catalog_service.models import Policy, db
from catalog_service.review import history, people, policies, workflow
from catalog_service.review.vetted import kind_of
from catalog_service.review.workflow import Action
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.problems import Conflict, Forbidden, Invalid, NotHeardYet

WAITED = Histogram(
    "approval_waiting_seconds",
    "Time from a submission to its decision, in seconds",
    ["decision"],
    buckets=(60, 600, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600),
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
