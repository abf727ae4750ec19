"""What moves a product through its workflow."""

from collections.abc import Callable, Mapping
from typing import Any

from catalog_service.content import products
from catalog_service.models import Product, db
from catalog_service.review import approvals
from catalog_service.review.workflow import Action
from catalog_service.routes.writes import answer, expect, hides_strangers, names_a_state, replays, writing
from catalog_service.schemas.products import ProductOut, ProductPath
from catalog_service.schemas.review import DecisionIn, RejectionIn, RevertIn
from servicekit.api import Blueprint, no_content, validate_request
from servicekit.auth import Actor, actor, requires
from servicekit.permissions import Permission

bp = Blueprint("decisions", __name__)

USES: Mapping[Action, Callable[[Actor, Product, str], None]] = {
    Action.SUBMIT: approvals.submit,
    Action.WITHDRAW: approvals.withdraw,
    Action.APPROVE: approvals.approve,
    Action.REJECT: approvals.reject,
    Action.UNPUBLISH: approvals.unpublish,
}


@bp.post("/api/products/<int:product_id>/submit/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@replays
@validate_request()
def submit_product(path: ProductPath, body: DecisionIn) -> Any:
    """Offers the working revision for approval; publishes it where the business's policy asks for no review."""
    return _apply(Action.SUBMIT, path, body)


@bp.post("/api/products/<int:product_id>/withdraw/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@replays
@validate_request()
def withdraw_product(path: ProductPath, body: DecisionIn) -> Any:
    """Takes the submission back."""
    return _apply(Action.WITHDRAW, path, body)


@bp.post("/api/products/<int:product_id>/approve/", responses={200: ProductOut})
@requires(Permission.PRODUCT_APPROVE)
@hides_strangers
@replays
@validate_request()
def approve_product(path: ProductPath, body: DecisionIn) -> Any:
    """Publishes the submitted revision; contributors cannot."""
    return _apply(Action.APPROVE, path, body)


@bp.post("/api/products/<int:product_id>/reject/", responses={200: ProductOut})
@requires(Permission.PRODUCT_APPROVE)
@hides_strangers
@replays
@validate_request()
def reject_product(path: ProductPath, body: RejectionIn) -> Any:
    """Sends the submitted revision back with a comment; what is published stays."""
    return _apply(Action.REJECT, path, body)


@bp.post("/api/products/<int:product_id>/unpublish/", responses={200: ProductOut, 204: None})
@requires(Permission.PRODUCT_UNPUBLISH)
@hides_strangers
@replays
@validate_request()
def unpublish_product(path: ProductPath, body: DecisionIn) -> Any:
    """Takes the product out of the public catalogue; an operator, who sees no drafts, gets 204."""
    return _apply(Action.UNPUBLISH, path, body)


@bp.post("/api/products/<int:product_id>/revert/", responses={200: ProductOut})
@requires(Permission.PRODUCT_WRITE)
@hides_strangers
@replays
@validate_request()
def revert_product(path: ProductPath, body: RevertIn) -> Any:
    """A new draft that says what an earlier revision said: `version`, or else the published one."""
    who = actor()
    with writing() as keep:
        product = products.get(who, path.product_id, lock=True)
        expect(product)
        approvals.revert(who, product, body.version, body.comment)
        db.session.flush()
        return keep(answer(products.shown(who, path.product_id)))


def _apply(action: Action, path: ProductPath, body: Any) -> Any:
    who = actor()
    with writing() as keep:
        product = products.get(who, path.product_id, lock=True)
        expect(product)
        approvals.expect_seen(who, product, action, body.version, names_a_state())
        USES[action](who, product, body.comment)
        db.session.flush()
        if not who.can(Permission.PRODUCT_VIEW):
            return keep(no_content())
        return keep(answer(products.shown(who, path.product_id)))
