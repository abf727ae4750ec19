"""How a business wants its products reviewed."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select

from catalog_service.models import Policy, db
from catalog_service.review import decisions
from servicekit.auth import Actor
from servicekit.database import connection_of, now

_STRICT = {"allow_self_approval": False, "skip_review": [], "reserve_live_deletion": False}
_ONE = select(Policy.__table__).where(Policy.business_id == bindparam("business_id"))


def get(business_id: int) -> Any:
    """The business's policy as stored; the strict one until it chose another."""
    found = connection_of(db.session()).execute(_ONE, {"business_id": business_id}).first()
    return found or SimpleNamespace(business_id=business_id, **_STRICT)


def in_force(business_id: int) -> tuple[Any, decisions.Head]:
    """The policy that the open transaction is to decide by, and the head of the log that it was read behind."""
    # Read without this, it may be changed, and the log say so, before a decision by the old one gets there. In one
    # statement PostgreSQL would wait for the head and then show the policy as it was before it waited.
    head = decisions.queue(db.session(), business_id)
    return get(business_id), head


def lock(actor: Actor) -> Policy:
    """The policy of the caller's business, for a change in the open transaction."""
    policy = db.session.get(Policy, actor.tenant, with_for_update=True)
    if policy is None:
        policy = Policy(business_id=actor.tenant, **_STRICT)
        db.session.add(policy)
        db.session.flush()
    return policy


def change(actor: Actor, policy: Policy, wishes: Mapping[str, Any]) -> None:
    """Sets what is wished, in the log as well; a wish for what holds already changes nothing."""
    before = state(policy)
    for name, value in wishes.items():
        setattr(policy, name, value)
    if state(policy) == before:
        return
    policy.updated_at = now()
    db.session.flush()
    decisions.record(db.session(), actor.tenant, "policy", actor.id, details={"before": before, "after": state(policy)})


def skips_review(policy: Any, old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether what changes from the published content needs no review. New products and price rises always do."""
    if old is None or not policy.skip_review:
        return False
    changed = {"price" if name == "price_minor" else name for name in new if old[name] != new[name]}
    if "price" in changed and new["price_minor"] > old["price_minor"]:
        return False
    return changed <= set(policy.skip_review)


def state(policy: Any) -> dict[str, Any]:
    return {
        "allow_self_approval": policy.allow_self_approval,
        "skip_review": policy.skip_review,
        "reserve_live_deletion": policy.reserve_live_deletion,
    }
