"""How a business wants its products reviewed."""

from typing import Any

from catalog_service import policies
from catalog_service.models import db
from catalog_service.schemas import PolicyIn, PolicyOut
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("policy", __name__)


@bp.get("/api/products/policy/", responses={200: PolicyOut})
@requires(Permission.POLICY_MANAGE)
@validate_request()
def read_policy() -> Any:
    """The caller's business's policy."""
    return PolicyOut.model_validate(policies.get(actor().tenant))


@bp.put("/api/products/policy/", responses={200: PolicyOut})
@requires(Permission.POLICY_MANAGE)
@validate_request()
def change_policy(body: PolicyIn) -> Any:
    """Sets what is sent; the rest stays."""
    with db.transaction():
        policy = policies.change(actor(), **body.model_dump(exclude_unset=True, mode="json"))
    return PolicyOut.model_validate(policy)
