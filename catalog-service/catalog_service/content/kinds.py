"""What a kind of vetted content is: the tables it lives in, and the little that it does otherwise than the others."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, Select, bindparam, false, func, insert, select
from sqlalchemy.orm import Session

from catalog_service.models import Business, Policy, User, db
from catalog_service.review import decisions, people, workflow
from catalog_service.review.workflow import Case
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import connection_of
from servicekit.permissions import Permission
from servicekit.prepared import Prepared
from servicekit.problems import NotFound


class Kind(ABC):
    """One of them. `working` has WorkingColumns, `revision` has RevisionColumns, `owner` names its column for the working row."""

    name: ClassVar[str]  # in the log, in the queue and in what people are told
    path: ClassVar[str]  # of its routes
    working: ClassVar[Any]
    revision: ClassVar[Any]
    owner: ClassVar[str]
    content: ClassVar[Sequence[str]]  # the revision's columns that say something

    @property
    def owned(self) -> Any:
        """The revision's column that names the working row."""
        return getattr(self.revision, self.owner)

    @abstractmethod
    def note(self, item: Any, values: dict[str, Any]) -> None:
        """Repeats on the working row what is asked of it there."""

    @abstractmethod
    def said(self, values: dict[str, Any]) -> dict[str, Any]:
        """The content as the API shows it."""

    def compared(self, values: dict[str, Any]) -> dict[str, str | None]:
        """The content field by field, as texts that a person compares."""
        return dict(values)

    def title(self, values: dict[str, Any]) -> str:
        """What it is called where kinds stand side by side."""
        return str(values["name"])

    def ensure_free(self, business_id: int, values: dict[str, Any], but: int = 0) -> None:
        """Conflict when another than `but` has what only one may have."""
        return

    def only_one(self) -> AbstractContextManager[None]:
        """Around the write: Conflict where another write took it since it was looked up."""
        return nullcontext()

    @abstractmethod
    def publish(self, session: Session, item: Any, revision: Any) -> None:
        """Makes the approved revision what the public sees; Conflict or Unavailable while its business is not shown."""

    @abstractmethod
    def unpublish(self, session: Session, item: Any) -> None:
        """Takes it out of everything public."""

    def get(self, actor: Actor, item_id: int, lock: bool = False) -> Any:
        """A row that the caller may see; NotFound for any other. An operator sees every business's."""
        everywhere = actor.can(Permission.PLATFORM_MANAGE)
        mine = {} if everywhere else {"tenant": actor.tenant}
        item = db.session.scalar(self._rows[everywhere, lock], {"id": item_id, **mine})
        if item is None:
            raise NotFound(self.name)
        return item

    @cached_property
    def _rows(self) -> dict[tuple[bool, bool], Select[Any]]:
        there = select(self.working).where(self.working.id == bindparam("id"), self.working.archived_at.is_(None))
        mine = there.where(self.working.business_id == bindparam("tenant"))
        return {
            (everywhere, lock): query.with_for_update().execution_options(populate_existing=True) if lock else query
            for everywhere, query in ((True, there), (False, mine))
            for lock in (True, False)
        }

    def shown(self, actor: Actor, item_id: int, connection: Connection | None = None) -> dict[str, Any]:
        """What the caller sees of it, in the open transaction unless another connection is given.

        NotFound when it is not the caller's business's.
        """
        reader = connection or connection_of(db.session())
        row = self._one.first(reader, {"tenant": actor.tenant, "id": item_id})
        if row is None:
            raise NotFound(self.name)
        # Whose accounts they are is asked where somebody may not decide; after an approval nobody is barred.
        accounts = people.accounts(actor, reader) if row.contributors else frozenset[int]()
        return self.represent(row, actor, accounts)

    @cached_property
    def _one(self) -> Prepared:
        return Prepared(self.shown_rows.where(self.working.id == bindparam("id")))

    @cached_property
    def begin_item(self) -> Prepared:
        """Writes a working row; its id."""
        return Prepared(insert(self.working.__table__).returning(self.working.__table__.c.id))

    @cached_property
    def begin_revision(self) -> Prepared:
        """Writes a first revision."""
        return Prepared(insert(self.revision.__table__))

    @cached_property
    def shown_rows(self) -> Select[Any]:
        """All of the business that `tenant` names, with what `represent` needs."""
        working, revision = self.working, self.revision
        return (
            select(
                working.id,
                working.business_id,
                working.status,
                working.version,
                working.live_version,
                working.contributors,
                working.edition,
                working.created_by,
                working.created_at,
                working.updated_at,
                working.submitted_at,
                *(getattr(revision, name) for name in self.content),
                func.coalesce(User.name, "").label("created_by_name"),
                func.coalesce(User.username, "").label("created_by_username"),
                func.coalesce(Business.name, "").label("business_name"),
                func.coalesce(Policy.allow_self_approval, false()).label("allow_self_approval"),
                func.coalesce(Policy.reserve_live_deletion, false()).label("reserve_live_deletion"),
            )
            .join(revision, (self.owned == working.id) & (revision.version == working.version))
            .outerjoin(User, User.id == working.created_by)
            .outerjoin(Business, Business.id == working.business_id)
            .outerjoin(Policy, Policy.business_id == working.business_id)
            .where(working.archived_at.is_(None), working.business_id == bindparam("tenant"))
        )

    def represent(self, row: Row[Any], actor: Actor, accounts: frozenset[int]) -> dict[str, Any]:
        """A row of these in the contract's form, with what the caller may do to it, whose `accounts` are these."""
        return {
            "id": row.id,
            **self.said({name: getattr(row, name) for name in self.content}),
            "status": row.status,
            "version": row.version,
            "live_version": row.live_version,
            "business": row.business_id,
            "business_name": row.business_name,
            "created_by": row.created_by,
            "created_by_name": row.created_by_name,
            "created_by_username": row.created_by_username,
            "created_at": rfc3339(row.created_at),
            "updated_at": rfc3339(row.updated_at),
            "allowed_actions": list(workflow.allowed(Case.of(actor, accounts, row, row))),
            "edition": row.edition,
        }

    def log(
        self,
        actor: Actor,
        item: Any,
        revision: Any,
        action: str,
        comment: str = "",
        head: decisions.Head | None = None,
        **details: Any,
    ) -> dict[str, Any]:
        """An entry of the business's decision log; `head` as decisions.record takes it."""
        return decisions.record(
            db.session(),
            item.business_id,
            action,
            actor.id,
            about=(self.name, item.id),
            version=revision.version,
            content_hash=revision.content_hash,
            comment=comment,
            details=details,
            head=head,
        )

    def working_revision(self, item: Any) -> Any:
        """The newest revision."""
        return db.session.get_one(self.revision, (item.id, item.version))

    def live_revision(self, item: Any) -> Any:
        """The published revision, None where nothing is published."""
        return db.session.get(self.revision, (item.id, item.live_version)) if item.live_version else None
