"""How content of any kind is written: begun, revised, deleted."""

from typing import Any

from catalog_service.content import revisions
from catalog_service.content.kinds import Kind
from catalog_service.models import db
from catalog_service.review import decisions, policies, workflow
from catalog_service.review.workflow import Action
from servicekit.auth import Actor
from servicekit.database import connection_of, now


def begin(kind: Kind, actor: Actor, values: dict[str, Any], row: dict[str, Any]) -> int:
    """Its first draft, with the columns of `row` that are its kind's own; its id. Conflict where it may not be."""
    kind.ensure_free(actor.tenant, values)
    moment = now()
    connection = connection_of(db.session())
    common = {
        "business_id": actor.tenant,
        "status": workflow.DRAFT,
        "version": 1,
        "created_by": actor.id,
        "contributors": [actor.id],
        "live_contributors": [],
        "edition": 1,
        "created_at": moment,
        "updated_at": moment,
    }
    with kind.only_one():
        item_id = kind.begin_item.first(connection, {**common, **row}).id
    first = revisions.snapshot(kind, item_id, 1, actor.id, [actor.id], values)
    kind.begin_revision.rows(connection, {**first, "created_at": moment})
    decisions.record(
        db.session(),
        actor.tenant,
        "create",
        actor.id,
        about=(kind.name, item_id),
        version=1,
        content_hash=first["content_hash"],
    )
    return int(item_id)


def renew(
    kind: Kind,
    actor: Actor,
    item: Any,
    old: Any,
    values: dict[str, Any],
    action: Action,
    comment: str = "",
    **details: Any,
) -> Any:
    """Puts a new draft on top of the old revision, whose submission ends."""
    to = workflow.move(actor, item, policies.get(item.business_id), action)
    assert to is not None
    kind.ensure_free(
        item.business_id, {name: said for name, said in values.items() if said != getattr(old, name)}, item.id
    )
    if old.state == workflow.PENDING:
        old.state = "withdrawn"
    item.submitted_at = None
    item.status = to
    item.version += 1
    revision = revisions.add(kind, item, actor.id, values)
    revisions.touch(item)
    # What only one may have before the log: whoever waits for another's must not keep that one waiting for the log.
    with kind.only_one():
        db.session.flush()
    kind.log(actor, item, revision, action, comment, **details)
    return revision


def delete(kind: Kind, actor: Actor, item: Any) -> None:
    """Archives it, takes it out of everything public, and frees what only one may have."""
    policy, head = policies.in_force(item.business_id)
    workflow.move(actor, item, policy, Action.DELETE)
    kind.log(actor, item, kind.working_revision(item), Action.DELETE, head=head)
    item.archived_at = now()
    item.submitted_at = None
    revisions.touch(item)
    kind.unpublish(db.session(), item)
