"""Who may do what to a product in which state: one table, one decision."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

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

Check = Callable[[Actor, Any, Any], DomainError | None]


def _is_live(_: Actor, product: Any, __: Any) -> DomainError | None:
    return None if product.live_version else Conflict("nothing of this product is published")


def _is_no_contributor(actor: Actor, product: Any, policy: Any) -> DomainError | None:
    if actor.id in product.contributors and not policy.allow_self_approval:
        return Forbidden("contributors cannot approve their own work", code="own_work")
    return None


def _may_take_down(actor: Actor, product: Any, policy: Any) -> DomainError | None:
    if product.live_version and policy.reserve_live_deletion and not actor.can(Permission.PRODUCT_APPROVE):
        return Forbidden("this business lets approvers alone delete published products")
    return None


CHECKS: dict[Action, Check] = {
    Action.UNPUBLISH: _is_live,
    Action.APPROVE: _is_no_contributor,
    Action.DELETE: _may_take_down,
}


def refusal(actor: Actor, product: Any, policy: Any, action: Action) -> DomainError | None:
    """Why the caller may not do this to the product now; None when they may."""
    if not actor.can(NEEDS[action]):
        return Forbidden(f"this needs the permission {NEEDS[action]}")
    if (product.status, action) not in MOVES:
        return Conflict(f"cannot {action} while {product.status}")
    check = CHECKS.get(action)
    return check(actor, product, policy) if check else None


def allowed(actor: Actor, product: Any, policy: Any) -> list[str]:
    """The actions that the caller may take now."""
    return [action for action in Action if refusal(actor, product, policy, action) is None]


def move(actor: Actor, product: Any, policy: Any, action: Action) -> str | None:
    """The status after the action; Forbidden, or Conflict with the actions that are allowed instead."""
    refused = refusal(actor, product, policy, action)
    if refused is None:
        return MOVES[product.status, action]
    if isinstance(refused, Conflict):
        refused.extra = {"status_now": product.status, "allowed_actions": allowed(actor, product, policy)}
    raise refused
