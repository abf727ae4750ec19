"""Submission and decision: every way to publish asks the workflow's table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from catalog_service.content import products, revisions
from catalog_service.models import Decision, Policy, Product, Revision, db
from catalog_service.public import listings
from catalog_service.review import history, people, policies, workflow
from catalog_service.review.workflow import Action
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import Permission
from servicekit.problems import Conflict, DomainError, Forbidden, Invalid, NotFound, PreconditionRequired

WAITED = Histogram(
    "approval_waiting_seconds",
    "Time from a submission to its decision, in seconds",
    ["decision"],
    buckets=(60, 600, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600),
)

_LOG, _THEN = Decision, aliased(Decision)
_DECIDED = select(func.coalesce(func.max(_THEN.seq), 0)).where(
    _THEN.product_id == bindparam("product"), _THEN.action.in_(("approve", "reject"))
)
# What a policy published at once, as the entry behind the submission says, has not waited.
_AT_ONCE = exists().where(_THEN.business_id == _LOG.business_id, _THEN.seq == _LOG.seq + 1, _THEN.action == "publish")
_OTHER = (
    select(_LOG.seq)
    .where(
        _LOG.product_id == bindparam("product"),
        _LOG.action == Action.SUBMIT,
        _LOG.version != bindparam("version"),
        _LOG.seq > _DECIDED.scalar_subquery(),
        ~_AT_ONCE,
    )
    .limit(1)
)


def submit(actor: Actor, product: Product, comment: str = "") -> None:
    """Offers the working revision for approval."""
    policy, head = policies.in_force(product.business_id)
    revision = _move(actor, product, policy, Action.SUBMIT)
    revision.submitted_by, revision.submitted_at = actor.id, now()
    # An earlier decision about it is history, which the log keeps.
    revision.decided_by, revision.decided_at, revision.self_approved = None, None, False
    revision.comment = comment
    product.submitted_at = revision.submitted_at
    products.log(actor, product, revision, Action.SUBMIT, comment, head)
    live = db.session.get(Revision, (product.id, product.live_version)) if product.live_version else None
    if policies.skips_review(policy, revisions.content(live) if live else None, revisions.content(revision)):
        _publish_by_policy(actor, product, revision)


def _publish_by_policy(actor: Actor, product: Product, revision: Revision) -> None:
    # Nobody looked at it, so whoever contributed stays barred from approving what comes on top.
    product.live_contributors = sorted({*product.live_contributors, *product.contributors})
    revision.state = product.status = workflow.APPROVED
    revision.decided_at, product.submitted_at = now(), None
    products.log(actor, product, revision, "publish", by_policy=True)
    listings.publish(db.session(), product, revision)


def withdraw(actor: Actor, product: Product, comment: str = "") -> None:
    """Takes the submission back."""
    revision = _move(actor, product, policies.get(product.business_id), Action.WITHDRAW)
    product.submitted_at = None
    products.log(actor, product, revision, Action.WITHDRAW, comment)


def approve(actor: Actor, product: Product, comment: str = "") -> None:
    """Publishes the submitted revision; Forbidden to whoever contributed to it."""
    revision = _decide(actor, product, Action.APPROVE, comment)
    product.live_contributors, product.contributors = product.contributors, []
    listings.publish(db.session(), product, revision)
    _measure(revision, Action.APPROVE)


def reject(actor: Actor, product: Product, comment: str) -> None:
    """Sends the submitted revision back; what is published stays."""
    _measure(_decide(actor, product, Action.REJECT, comment), Action.REJECT)


def revert(actor: Actor, product: Product, version: int | None, comment: str = "") -> None:
    """A new draft that says what an earlier revision, or else the published one, said."""
    if version is None and product.live_version is None:
        raise Invalid(fields={"version": "nothing is published, so name the version to go back to"})
    earlier = history.find(product, "version", version or product.live_version or 0)
    old = revisions.working(product)
    values = revisions.content(earlier)
    if values == revisions.content(old):
        raise Conflict("the product says that already", code="same_content")
    # Whoever wrote what now returns may not approve it either.
    product.contributors = sorted({*product.contributors, *earlier.contributors})
    products.renew(actor, product, old, values, Action.REVERT, comment, to=earlier.version)


def unpublish(actor: Actor, product: Product, comment: str = "") -> None:
    """Takes the published revision out of the public catalogue; it needs a new approval to return."""
    workflow.move(actor, product, policies.get(product.business_id), Action.UNPUBLISH)
    live = db.session.get_one(Revision, (product.id, product.live_version))
    live.state = "withdrawn" if product.version != live.version else workflow.DRAFT
    if product.version == live.version:
        product.status = workflow.DRAFT
    # The approval no longer stands, so its contributors are barred again.
    product.contributors = sorted({*product.contributors, *product.live_contributors})
    product.live_contributors = []
    revisions.touch(product)
    products.log(actor, product, live, Action.UNPUBLISH, comment)
    listings.unpublish(db.session(), product)


def _decide(actor: Actor, product: Product, action: Action, comment: str) -> Revision:
    policy, head = policies.in_force(product.business_id)
    person = people.behind(actor)
    own_work = not person.own.isdisjoint(product.contributors)
    shared_control = not own_work and not person.connected.isdisjoint(product.contributors)
    revision = _move(actor, product, policy, action, person.own)
    if action == Action.APPROVE and not own_work:
        people.ensure_known(actor, product.contributors)
    revision.decided_by, revision.decided_at, revision.comment = actor.id, now(), comment
    revision.self_approved = own_work and action == Action.APPROVE
    product.submitted_at = None
    marks = {"self_approved": own_work, "shared_control": shared_control} if action == Action.APPROVE else {}
    details = {name: True for name, holds in marks.items() if holds}
    products.log(actor, product, revision, action, comment, head, **details)
    return revision


def _measure(revision: Revision, decision: Action) -> None:
    if revision.submitted_at is not None and revision.decided_at is not None:
        # A clock that was set back in between must not take from the sum.
        WAITED.labels(decision).observe(max(0.0, (revision.decided_at - revision.submitted_at).total_seconds()))


def _move(
    actor: Actor, product: Product, policy: Policy, action: Action, accounts: frozenset[int] | None = None
) -> Revision:
    to = workflow.move(actor, product, policy, action, accounts)
    assert to is not None
    revision = revisions.working(product)
    revision.state = product.status = to
    revisions.touch(product)
    return revision


def bulk(actor: Actor, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Decides each item by itself within the open transaction; a result an item, in their order."""
    # All rows first and in one order, so that two desks cannot wait for each other.
    ids = sorted({item["id"] for item in items})
    mine = select(Product.id).where(Product.id.in_(ids), Product.business_id == actor.tenant)
    locked = set(db.session.scalars(mine.order_by(Product.id).with_for_update()))
    waiting = set(ids)
    results = []
    for item in items:
        if item["id"] in waiting:
            waiting.remove(item["id"])
            results.append(_decide_one(actor, item["id"] in locked, **item))
        else:
            results.append(refused(item["id"], Invalid(fields={"id": "is given twice, and counts once"})))
    return results


def _decide_one(
    actor: Actor, is_locked: bool, id: int, action: str, version: int | None, comment: str
) -> dict[str, Any]:
    try:
        with db.session.begin_nested():
            if not is_locked:
                raise NotFound("product")  # also one made since: whoever holds it may wait for this transaction's log
            product = products.get(actor, id, lock=True)
            expect_seen(actor, product, Action(action), version)
            DECISIONS[action](actor, product, comment)
    except DomainError as problem:
        return refused(id, problem)
    return {"id": id, "status": 200, "product_status": product.status, "live_version": product.live_version}


def refused(id: Any, problem: DomainError) -> dict[str, Any]:
    """The result of an item that is not decided."""
    errors = [error.model_dump() for error in problem.errors]
    detail = problem.detail
    told = {"status": problem.status, "code": problem.code, "detail": detail, "error": detail, "errors": errors}
    return {"id": id if type(id) is int else None, "status": problem.status, "problem": {**told, **problem.extra}}


def expect_seen(actor: Actor, product: Product, action: Action, version: int | None, by_tag: bool = False) -> None:
    """Refuses an action on another revision than its caller saw, which `version` or an entity tag names.

    Conflict with the difference when it is not the present one. PreconditionRequired for a decision that names none,
    where its caller may have seen another one waiting.
    """
    if version is None:
        if action in DECISIONS and not by_tag and product.status == workflow.PENDING and _others_waited(product):
            raise PreconditionRequired(
                "another revision of this product has waited since the last decision: send `version` or If-Match",
                fields={"version": "says which revision was looked at", "If-Match": "does so, too"},
            )
        return
    present = product.live_version if action == Action.UNPUBLISH else product.version
    if present is None or version == present:
        return
    told: dict[str, Any] = {"version": present}
    # An operator may take down what is public and reads no drafts.
    if actor.can(Permission.PRODUCT_VIEW):
        seen, there = (db.session.get(Revision, (product.id, one)) for one in (version, present))
        assert there is not None
        told["diff"] = revisions.difference(revisions.content(seen) if seen else None, revisions.content(there))
    raise Conflict(f"version {version} is not the present one, which is {present}", code="stale_version", **told)


def _others_waited(product: Product) -> bool:
    """Whether another revision than the working one has waited since the last decision."""
    return product.version > 1 and bool(db.session.scalar(_OTHER, {"product": product.id, "version": product.version}))


def transition(actor: Actor, product: Product, wished: str, before: str | None) -> None:
    """What `status` in a write body asks for: nothing when it is so already, a submission or a withdrawal.

    `before` is the status before the write, None for a product that it makes.
    """
    if wished in {before, product.status}:
        return
    if wished == workflow.PENDING:
        submit(actor, product)
    elif wished == workflow.DRAFT:
        withdraw(actor, product)
    else:
        action = Action.APPROVE if wished == workflow.APPROVED else Action.REJECT
        if not actor.can(workflow.NEEDS[action]):
            raise Forbidden(f"this needs the permission {workflow.NEEDS[action]}")
        if before is None:
            raise Conflict("a new product is decided on once it was submitted", code="use_action")
        raise Conflict(f"use /api/products/{product.id}/{action}/ for that", code="use_action")


DECISIONS: Mapping[str, Callable[[Actor, Product, str], None]] = {"approve": approve, "reject": reject}
