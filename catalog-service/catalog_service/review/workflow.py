"""Who may do what to content in which state: one table, one decision."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from catalog_service.review import people
from servicekit.auth import Actor
from servicekit.permissions import Permission
from servicekit.problems import Conflict, DomainError, Forbidden


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    UNPUBLISH = "unpublish"
    REVERT = "revert"
    DELETE = "delete"


DRAFT, PENDING, APPROVED, REJECTED = "draft", "pending_approval", "approved", "rejected"
ANY = (DRAFT, PENDING, APPROVED, REJECTED)
DECIDED = (APPROVED, REJECTED)

NEEDS = {
    Action.EDIT: Permission.PRODUCT_WRITE,
    Action.SUBMIT: Permission.PRODUCT_WRITE,
    Action.WITHDRAW: Permission.PRODUCT_WRITE,
    Action.APPROVE: Permission.PRODUCT_APPROVE,
    Action.REJECT: Permission.PRODUCT_APPROVE,
    Action.UNPUBLISH: Permission.PRODUCT_UNPUBLISH,
    Action.REVERT: Permission.PRODUCT_WRITE,
    Action.DELETE: Permission.PRODUCT_WRITE,
}

# From which status an action leads where; None leaves the status to what happens to the live revision.
MOVES: dict[tuple[str, Action], str | None] = {
    (DRAFT, Action.SUBMIT): PENDING,
    (REJECTED, Action.SUBMIT): PENDING,
    (PENDING, Action.WITHDRAW): DRAFT,
    (PENDING, Action.APPROVE): APPROVED,
    (PENDING, Action.REJECT): REJECTED,
    **{(status, Action.EDIT): DRAFT for status in ANY},
    **{(status, Action.REVERT): DRAFT for status in ANY},
    **{(status, Action.UNPUBLISH): None for status in ANY},
    **{(status, Action.DELETE): None for status in ANY},
}


@dataclass(frozen=True, slots=True)
class Case:
    """All that a decision depends on."""

    permissions: frozenset[Permission]
    status: str
    is_live: bool
    is_first_version: bool
    is_contributor: bool
    allow_self_approval: bool
    reserve_live_deletion: bool

    @classmethod
    def of(cls, actor: Actor, accounts: frozenset[int], product: Any, policy: Any) -> "Case":
        """`accounts` are those that count as the caller's, see people.accounts."""
        return cls(
            actor.permissions,
            product.status,
            product.live_version is not None,
            product.version == 1,
            not accounts.isdisjoint(product.contributors),
            policy.allow_self_approval,
            policy.reserve_live_deletion,
        )


def _is_live(case: Case) -> DomainError | None:
    return None if case.is_live else Conflict("nothing of it is published")


def _has_earlier(case: Case) -> DomainError | None:
    return Conflict("there is no earlier version to go back to") if case.is_first_version else None


def _is_no_contributor(case: Case) -> DomainError | None:
    if case.is_contributor and not case.allow_self_approval:
        return Forbidden("contributors cannot approve their own work", code="own_work")
    return None


def _may_take_down(case: Case) -> DomainError | None:
    if case.is_live and case.reserve_live_deletion and Permission.PRODUCT_APPROVE not in case.permissions:
        return Forbidden("this business lets approvers alone delete what is published")
    return None


CHECKS: dict[Action, Callable[[Case], DomainError | None]] = {
    Action.UNPUBLISH: _is_live,
    Action.APPROVE: _is_no_contributor,
    Action.REVERT: _has_earlier,
    Action.DELETE: _may_take_down,
}


def refusal(case: Case, action: Action) -> DomainError | None:
    """Why this may not be done; None when it may."""
    if NEEDS[action] not in case.permissions:
        return Forbidden(f"this needs the permission {NEEDS[action]}")
    if (case.status, action) not in MOVES:
        return Conflict(f"cannot {action} while {case.status}")
    check = CHECKS.get(action)
    return check(case) if check else None


@lru_cache(maxsize=4096)
def allowed(case: Case) -> tuple[str, ...]:
    """The actions that may be taken."""
    return tuple(action for action in Action if refusal(case, action) is None)


def move(actor: Actor, product: Any, policy: Any, action: Action, accounts: frozenset[int] | None = None) -> str | None:
    """The status after the action; Forbidden, or Conflict with the actions that are allowed instead."""
    case = Case.of(actor, people.accounts(actor) if accounts is None else accounts, product, policy)
    refused = refusal(case, action)
    if refused is None:
        return MOVES[product.status, action]
    if isinstance(refused, Conflict) and actor.can(Permission.PRODUCT_VIEW):
        refused.extra = {"status_now": product.status, "allowed_actions": allowed(case)}
    raise refused
