"""What an approver looks at: revisions, differences, history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from catalog_service.content import revisions
from catalog_service.content.kinds import Kind
from catalog_service.models import Decision, User, db
from catalog_service.review import decisions
from catalog_service.review.vetted import kind_of
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.problems import Invalid

_AUTHOR, _SUBMITTER, _DECIDER = aliased(User), aliased(User), aliased(User)
# Two members may have one name; the user name tells them apart.
_NAMES = [
    func.coalesce(getattr(person, column), "").label(f"{role}_{column}")
    for role, person in (("author", _AUTHOR), ("submitted_by", _SUBMITTER), ("decided_by", _DECIDER))
    for column in ("name", "username")
]


def page(item: Any, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None]:
    """Its revisions with the names of people, newest first."""
    kind = kind_of(item)
    revision = kind.revision
    query = (
        select(revision, *_NAMES, revision.version.label("number"))
        .outerjoin(_AUTHOR, _AUTHOR.id == revision.author_id)
        .outerjoin(_SUBMITTER, _SUBMITTER.id == revision.submitted_by)
        .outerjoin(_DECIDER, _DECIDER.id == revision.decided_by)
        .where(kind.owned == item.id)
    )
    order = [paging.Key(revision.version, descending=True)]
    rows = db.session.execute(paging.page(query, order, cursor, size)).all()
    rows, following = paging.cut(rows, size, "number")
    names = [column.name for column in _NAMES]
    return [
        {**_represent(kind, item, row[0]), **{name: row._mapping[name] for name in names}} for row in rows
    ], following


def _represent(kind: Kind, item: Any, row: Any) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "is_live": row.version == item.live_version,
        **kind.said(revisions.content(kind, row)),
        "content_hash": row.content_hash,
        "author": row.author_id,
        "submitted_by": row.submitted_by,
        "submitted_at": moment(row.submitted_at),
        "decided_by": row.decided_by,
        "decided_at": moment(row.decided_at),
        "self_approved": row.self_approved,
        "comment": row.comment,
        "created_at": moment(row.created_at),
        "published_at": moment(row.published_at),
    }


def moment(value: Any) -> str | None:
    return None if value is None else rfc3339(value)


def diff(item: Any, since: int | None, to: int | None) -> dict[str, Any]:
    """The difference between two revisions; from the published one, or from nothing, to the working one."""
    kind = kind_of(item)
    old = find(item, "from", since) if since is not None else kind.live_revision(item)
    new = find(item, "to", to) if to is not None else kind.working_revision(item)
    before = revisions.content(kind, old) if old else None
    changes = revisions.difference(kind, before, revisions.content(kind, new))
    percent = next((change.get("change_percent") for change in changes if change["field"] == "price"), None)
    return {
        "from": old.version if old else None,
        "to": new.version,
        "changes": changes,
        "price_change_percent": percent,
    }


def find(item: Any, field: str, version: int) -> Any:
    """That revision; Invalid naming the field where there is none."""
    kind = kind_of(item)
    found = db.session.get(kind.revision, (item.id, version))
    if found is None:
        raise Invalid(fields={field: f"is no version of this {kind.name}"})
    return found


def history(item: Any, cursor: str | None, size: int) -> tuple[list[dict[str, Any]], str | None]:
    """Its entries of the decision log, oldest first."""
    query = (
        select(Decision.__table__, User.name, User.username)
        .outerjoin(User, User.id == Decision.actor_id)
        .where(decisions.is_about(Decision, kind_of(item).name, item.id))
    )
    rows = db.session.execute(paging.page(query, [paging.Key(Decision.seq)], cursor, size)).all()
    rows, following = paging.cut(rows, size, "seq")
    return [_entry(row._asdict(), row.name, row.username) for row in rows], following


def comment(actor: Actor, item: Any, text: str) -> dict[str, Any]:
    """Adds a remark to its thread, which outlives every resubmission."""
    kind = kind_of(item)
    entry = kind.log(actor, item, kind.working_revision(item), "comment", text)
    person = db.session.get(User, actor.id)
    return _entry(entry, person.name if person else None, person.username if person else None)


def _entry(row: Mapping[str, Any], name: str | None, username: str | None) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "at": rfc3339(row["at"]),
        "action": row["action"],
        "actor": row["actor_id"],
        "actor_name": name or "",
        "actor_username": username or "",
        "version": row["version"],
        "comment": row["comment"],
        "details": {name: value for name, value in row["details"].items() if name != decisions.ABOUT},
        "content_hash": row["content_hash"],
        "hash": row["hash"],
    }
