"""How a business wants its products reviewed."""

from typing import Any

from catalog_service import decisions
from catalog_service.models import Policy, db
from servicekit.auth import Actor
from servicekit.database import now


def get(business_id: int) -> Policy:
    """The business's policy; the strict one until it chose another."""
    found = db.session.get(Policy, business_id)
    return found or Policy(
        business_id=business_id, allow_self_approval=False, skip_review=[], reserve_live_deletion=False
    )


def change(actor: Actor, **wishes: Any) -> Policy:
    """Sets the caller's business's policy, in the log as well."""
    policy = db.session.get(Policy, actor.tenant, with_for_update=True)
    if policy is None:
        policy = get(actor.tenant)
        db.session.add(policy)
    before = state(policy)
    for name, value in wishes.items():
        setattr(policy, name, value)
    policy.updated_at = now()
    db.session.flush()
    decisions.record(db.session(), actor.tenant, "policy", actor.id, details={"before": before, "after": state(policy)})
    return policy


def skips_review(policy: Policy, old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    """Whether what changes from the published content needs no review. New products and price rises always do."""
    if old is None or not policy.skip_review:
        return False
    changed = {"price" if name == "price_minor" else name for name in new if old[name] != new[name]}
    if "price" in changed and new["price_minor"] > old["price_minor"]:
        return False
    return changed <= set(policy.skip_review)


def state(policy: Policy) -> dict[str, Any]:
    return {
        "allow_self_approval": policy.allow_self_approval,
        "skip_review": policy.skip_review,
        "reserve_live_deletion": policy.reserve_live_deletion,
    }
