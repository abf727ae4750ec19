"""Products of the caller's business: the one entry to them for anything that acts for somebody."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, false, func, select

from catalog_service import decisions, listings, money, policies, revisions, texts, workflow
from catalog_service.models import Business, Decision, Policy, Product, Revision, User, db
from catalog_service.workflow import Action
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import now
from servicekit.permissions import Permission
from servicekit.problems import Conflict, Invalid, NotFound, PreconditionFailed

_SHOWN = (
    select(
        Product.id,
        Product.business_id,
        Product.status,
        Product.version,
        Product.live_version,
        Product.contributors,
        Product.edition,
        Product.created_by,
        Product.created_at,
        Product.updated_at,
        Product.submitted_at,
        Revision.sku,
        Revision.name,
        Revision.description,
        Revision.price_minor,
        Revision.currency,
        Revision.category,
        Revision.attributes,
        Revision.picture,
        func.coalesce(User.name, "").label("created_by_name"),
        func.coalesce(Business.name, "").label("business_name"),
    )
    .join(Revision, (Revision.product_id == Product.id) & (Revision.version == Product.version))
    .outerjoin(User, User.id == Product.created_by)
    .outerjoin(Business, Business.id == Product.business_id)
    .where(Product.archived_at.is_(None))
)


def get(actor: Actor, product_id: int, lock: bool = False) -> Product:
    """A product that the caller may see; NotFound for any other. An operator sees every business's."""
    query = select(Product).where(Product.id == product_id, Product.archived_at.is_(None))
    if not actor.can(Permission.PLATFORM_MANAGE):
        query = query.where(Product.business_id == actor.tenant)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    product = db.session.scalar(query)
    if product is None:
        raise NotFound("product")
    return product


def by_sku(actor: Actor, sku: str) -> Product | None:
    """The business's product with that SKU, locked; None where there is none."""
    query = select(Product).filter_by(business_id=actor.tenant, sku=sku, archived_at=None)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def shown(actor: Actor, product_id: int) -> dict[str, Any]:
    """The product as the caller sees it; NotFound when it is not the caller's business's."""
    row = db.session.execute(
        _SHOWN.where(Product.id == product_id, Product.business_id == actor.tenant)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("product")
    return represent(row, actor, policies.get(actor.tenant))


def represent(row: Row[Any], actor: Actor, policy: Policy) -> dict[str, Any]:
    """The product in the contract's form, with what the caller may do to it."""
    return {
        "id": row.id,
        "sku": row.sku,
        "name": row.name,
        "description": row.description,
        "price": money.to_decimal(row.price_minor, row.currency),
        "currency": row.currency,
        "price_minor": row.price_minor,
        "category": row.category,
        "attributes": row.attributes,
        "picture": row.picture,
        "status": row.status,
        "version": row.version,
        "live_version": row.live_version,
        "business": row.business_id,
        "business_name": row.business_name,
        "created_by": row.created_by,
        "created_by_name": row.created_by_name,
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
        "allowed_actions": workflow.allowed(actor, row, policy),
        "edition": row.edition,
    }


def page(
    actor: Actor,
    cursor: str | None,
    size: int,
    status: str | None = None,
    q: str | None = None,
    category: str | None = None,
    created_by: int | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """The business's products, newest first."""
    query = listed(actor, status, q, category)
    if created_by is not None:
        query = query.where(Product.created_by == created_by)
    rows = db.session.execute(paging.page(query, [paging.Key(Product.id, descending=True)], cursor, size)).all()
    rows, following = paging.cut(rows, size, "id")
    policy = policies.get(actor.tenant)
    return [represent(row, actor, policy) for row in rows], following


def listed(actor: Actor, status: str | None, q: str | None, category: str | None) -> Select[Any]:
    """The business's products that fit; each word of `q` is found where a word of theirs begins with it."""
    query: Select[Any] = _SHOWN.where(Product.business_id == actor.tenant)
    for column, value in ((Product.status, status), (Product.category, category)):
        if value is not None:
            query = query.where(column == value)
    if q is None:
        return query
    found = texts.words(q)
    if q.strip() and not found:
        return query.where(false())
    position = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    return query.where(*(position(Product.words, f" {word}") > 0 for word in found))


def create(actor: Actor, wishes: dict[str, Any], currency: str) -> Product:
    """A new product in draft; Invalid or Conflict naming the fields, and then nothing is written."""
    values = _content(
        {"sku": None, "description": "", "category": "", "attributes": {}, "picture": None, "currency": currency},
        wishes,
    )
    _ensure_free(actor.tenant, values["sku"])
    moment = now()
    product = Product(
        business_id=actor.tenant,
        sku=values["sku"],
        status=workflow.DRAFT,
        version=1,
        created_by=actor.id,
        contributors=[],
        live_contributors=[],
        created_at=moment,
        updated_at=moment,
    )
    db.session.add(product)
    db.session.flush()
    revision = revisions.add(product, actor.id, values)
    log(actor, product, revision, "create")
    return product


def edit(actor: Actor, product: Product, wishes: dict[str, Any]) -> None:
    """A new draft revision with the wished content; a wish for what it says already changes nothing."""
    old = revisions.working(product)
    before = revisions.content(old)
    values = _content(before, wishes)
    if values == before:
        return
    renew(actor, product, old, values, Action.EDIT)


def renew(
    actor: Actor,
    product: Product,
    old: Revision,
    values: dict[str, Any],
    action: Action,
    comment: str = "",
    **details: Any,
) -> Revision:
    """Puts a new draft on top of the old revision, whose submission ends."""
    to = workflow.move(actor, product, policies.get(product.business_id), action)
    assert to is not None
    if values["sku"] != old.sku:
        _ensure_free(product.business_id, values["sku"], but=product.id)
    if old.state == workflow.PENDING:
        old.state = "withdrawn"
    product.submitted_at = None
    product.status = to
    product.version += 1
    revision = revisions.add(product, actor.id, values)
    revisions.touch(product)
    log(actor, product, revision, action, comment, **details)
    return revision


def delete(actor: Actor, product: Product) -> None:
    """Archives the product, takes it out of the public catalogue and frees its SKU."""
    workflow.move(actor, product, policies.get(product.business_id), Action.DELETE)
    log(actor, product, revisions.working(product), Action.DELETE)
    product.archived_at = now()
    product.submitted_at = None
    revisions.touch(product)
    listings.unpublish(db.session(), product)


def expect(product: Product, if_match: Iterable[str] | None) -> None:
    """PreconditionFailed unless the product is still as one of the entity tags says."""
    if if_match is not None and str(product.edition) not in if_match and "*" not in if_match:
        raise PreconditionFailed("the product has changed, read it again")


def expect_none(if_match: Iterable[str] | None) -> None:
    """PreconditionFailed when the caller expects a product that is not there."""
    if if_match is not None:
        raise PreconditionFailed("there is no such product")


def log(actor: Actor, product: Product, revision: Revision, action: str, comment: str = "", **details: Any) -> Decision:
    """An entry of the business's decision log."""
    return decisions.record(
        db.session(),
        product.business_id,
        action,
        actor.id,
        product_id=product.id,
        version=revision.version,
        content_hash=revision.content_hash,
        comment=comment,
        details=details,
    )


def _content(base: dict[str, Any], wishes: dict[str, Any]) -> dict[str, Any]:
    values = {**base, **{name: wish for name, wish in wishes.items() if name != "price"}}
    try:
        if "price" in wishes:
            values["price_minor"] = money.to_minor(wishes["price"], values["currency"])
        else:
            values["price_minor"] = money.convert(base["price_minor"], base["currency"], values["currency"])
    except ValueError as error:
        raise Invalid(fields={"price": str(error)}) from None
    return values


def _ensure_free(business_id: int, sku: str | None, but: int = 0) -> None:
    if sku is None:
        return
    taken = select(Product.id).filter_by(business_id=business_id, sku=sku, archived_at=None)
    if db.session.scalar(taken.where(Product.id != but)):
        raise Conflict("another product has this SKU", fields={"sku": "is taken"}, code="taken")
