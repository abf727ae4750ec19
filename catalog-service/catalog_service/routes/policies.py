"""How a business wants its products reviewed."""

from hashlib import sha256
from typing import Any

from flask import Response

from catalog_service.review import policies
from catalog_service.routes.writes import expect_tag, replays, writing
from catalog_service.schemas.review import PolicyIn, PolicyOut
from servicekit.api import Blueprint, validate_request
from servicekit.auth import actor, requires
from servicekit.permissions import Permission

bp = Blueprint("policy", __name__)


@bp.get("/api/products/policy/", responses={200: PolicyOut})
@requires(Permission.POLICY_MANAGE)
@validate_request()
def read_policy() -> Any:
    """The caller's business's policy."""
    return _shown(policies.get(actor().tenant))


@bp.put("/api/products/policy/", responses={200: PolicyOut})
@requires(Permission.POLICY_MANAGE)
@replays
@validate_request()
def change_policy(body: PolicyIn) -> Any:
    """Sets what is sent; the rest stays."""
    with writing() as keep:
        policy = policies.lock(actor())
        expect_tag("policy", _tag(policy))
        policies.change(actor(), policy, body.model_dump(exclude_unset=True, mode="json"))
        return keep(_shown(policy))


def _shown(policy: Any) -> Response:
    response = Response(PolicyOut.model_validate(policy).model_dump_json(), content_type="application/json")
    response.set_etag(_tag(policy))
    return response


def _tag(policy: Any) -> str:
    return sha256(PolicyOut.model_validate(policy).model_dump_json().encode()).hexdigest()[:16]
