"""Products of the caller's business: the one entry to them for anything that acts for somebody."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, false, func, insert, select

from catalog_service.content import money, revisions, skus, texts
from catalog_service.models import CONTENT, Business, Policy, Product, Revision, User, db
from catalog_service.public import listings
from catalog_service.review import decisions, people, policies, workflow
from catalog_service.review.workflow import Action, Case
from servicekit import paging
from servicekit.api import rfc3339
from servicekit.auth import Actor
from servicekit.database import connection_of, now
from servicekit.permissions import Permission
from servicekit.problems import Invalid, NotFound

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
        *(getattr(Revision, name) for name in CONTENT),
        func.coalesce(User.name, "").label("created_by_name"),
        func.coalesce(User.username, "").label("created_by_username"),
        func.coalesce(Business.name, "").label("business_name"),
        func.coalesce(Policy.allow_self_approval, false()).label("allow_self_approval"),
        func.coalesce(Policy.reserve_live_deletion, false()).label("reserve_live_deletion"),
    )
    .join(Revision, (Revision.product_id == Product.id) & (Revision.version == Product.version))
    .outerjoin(User, User.id == Product.created_by)
    .outerjoin(Business, Business.id == Product.business_id)
    .outerjoin(Policy, Policy.business_id == Product.business_id)
    .where(Product.archived_at.is_(None), Product.business_id == bindparam("tenant"))
)
_NEW = insert(Product).returning(Product.id)
_FIRST = insert(Revision)
_ONE = _SHOWN.where(Product.id == bindparam("id"))
_NOTHING = _SHOWN.where(false())
_NEWEST = (paging.Key(Product.id, descending=True),)


def get(actor: Actor, product_id: int, lock: bool = False) -> Product:
    """A product that the caller may see; NotFound for any other. An operator sees every business's."""
    everywhere = actor.can(Permission.PLATFORM_MANAGE)
    mine = {} if everywhere else {"tenant": actor.tenant}
    product = db.session.scalar(_row(everywhere, lock), {"id": product_id, **mine})
    if product is None:
        raise NotFound("product")
    return product


@lru_cache
def _row(everywhere: bool, lock: bool) -> Select[tuple[Product]]:
    query = select(Product).where(Product.id == bindparam("id"), Product.archived_at.is_(None))
    if not everywhere:
        query = query.where(Product.business_id == bindparam("tenant"))
    return query.with_for_update().execution_options(populate_existing=True) if lock else query


def shown(actor: Actor, product_id: int, connection: Connection | None = None) -> dict[str, Any]:
    """The product as the caller sees it, in the open transaction unless another connection is given.

    NotFound when it is not the caller's business's.
    """
    reader = connection or connection_of(db.session())
    row = reader.execute(_ONE, {"tenant": actor.tenant, "id": product_id}).first()
    if row is None:
        raise NotFound("product")
    return represent(row, actor, people.accounts(actor, reader))


def represent(row: Row[Any], actor: Actor, accounts: frozenset[int]) -> dict[str, Any]:
    """The product in the contract's form, with what the caller may do to it, whose `accounts` are these."""
    return {
        "id": row.id,
        **{name: getattr(row, name) for name in CONTENT},
        "price": money.to_decimal(row.price_minor, row.currency),
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
    wanted = {"status": status, "category": category, "created_by": created_by}
    equal = {name: value for name, value in wanted.items() if value is not None}
    place = paging.place(_NEWEST, cursor, size)
    with db.reading() as connection:
        query, parameters = listed(actor, connection.dialect.name, equal, q)
        accounts = people.accounts(actor, connection)
        rows = connection.execute(_paged(query, cursor is not None), {**parameters, **place}).all()
    rows, following = paging.cut(rows, size, "id")
    return [represent(row, actor, accounts) for row in rows], following


def listed(actor: Actor, dialect: str, equal: dict[str, Any], q: str | None) -> tuple[Select[Any], dict[str, Any]]:
    """The business's products that fit, and the statement's parameters.

    Each word of `q` is found where a word of theirs begins with it.
    """
    words = texts.words(q or "")
    if q and q.strip() and not words:
        return _NOTHING, {"tenant": actor.tenant}
    parameters = {f"word_{place}": f" {word}" for place, word in enumerate(words)}
    return _listed(dialect, frozenset(equal), len(words)), {"tenant": actor.tenant, **equal, **parameters}


@lru_cache(maxsize=256)
def _paged(query: Select[Any], continued: bool) -> Select[Any]:
    return paging.prepared(query, _NEWEST, continued)


@lru_cache(maxsize=256)
def _listed(dialect: str, equal: frozenset[str], words: int) -> Select[Any]:
    position = func.instr if dialect == "sqlite" else func.strpos
    return _SHOWN.where(
        *(getattr(Product, name) == bindparam(name) for name in sorted(equal)),
        *(position(Product.words, bindparam(f"word_{place}")) > 0 for place in range(words)),
    )


def create(actor: Actor, wishes: dict[str, Any], currency: str) -> int:
    """A new product in draft, its id; Invalid or Conflict naming the fields, and then nothing is written."""
    values = _content({**revisions.blank(), "currency": currency}, wishes)
    skus.ensure_free(actor.tenant, values["sku"])
    moment = now()
    connection = connection_of(db.session())
    row = {
        "business_id": actor.tenant,
        "sku": values["sku"],
        "sku_key": skus.key(values["sku"]),
        "status": workflow.DRAFT,
        "version": 1,
        "created_by": actor.id,
        "contributors": [actor.id],
        "live_contributors": [],
        "edition": 1,
        "category": values["category"],
        "words": revisions.search_text(values),
        "created_at": moment,
        "updated_at": moment,
    }
    with skus.only_one():
        product_id = connection.scalar(_NEW, row)
    assert product_id is not None
    first = revisions.snapshot(product_id, 1, actor.id, [actor.id], values)
    connection.execute(_FIRST, {**first, "created_at": moment})
    decisions.record(
        db.session(),
        actor.tenant,
        "create",
        actor.id,
        product_id=product_id,
        version=1,
        content_hash=first["content_hash"],
    )
    return product_id


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
        skus.ensure_free(product.business_id, values["sku"], but=product.id)
    if old.state == workflow.PENDING:
        old.state = "withdrawn"
    product.submitted_at = None
    product.status = to
    product.version += 1
    revision = revisions.add(product, actor.id, values)
    revisions.touch(product)
    # The SKU before the log: whoever waits for another's SKU must not keep that one waiting for the log.
    with skus.only_one():
        db.session.flush()
    log(actor, product, revision, action, comment, **details)
    return revision


def delete(actor: Actor, product: Product) -> None:
    """Archives the product, takes it out of the public catalogue and frees its SKU."""
    policy, head = policies.in_force(product.business_id)
    workflow.move(actor, product, policy, Action.DELETE)
    log(actor, product, revisions.working(product), Action.DELETE, head=head)
    product.archived_at = now()
    product.submitted_at = None
    revisions.touch(product)
    listings.unpublish(db.session(), product)


def log(
    actor: Actor,
    product: Product,
    revision: Revision,
    action: str,
    comment: str = "",
    head: decisions.Head | None = None,
    **details: Any,
) -> dict[str, Any]:
    """An entry of the business's decision log; `head` as decisions.record takes it."""
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
        head=head,
    )


def _content(base: dict[str, Any], wishes: dict[str, Any]) -> dict[str, Any]:
    values = {**base, **{name: wish for name, wish in wishes.items() if name != "price"}}
    try:
        if "price" in wishes:
            values["price_minor"] = money.to_minor(wishes["price"], values["currency"])
        else:
            values["price_minor"] = money.convert(base["price_minor"], base["currency"], values["currency"])
    except ValueError as error:
        hint = "" if "price" in wishes else "; send a price with the currency"
        raise Invalid(fields={"price": f"{error}{hint}"}) from None
    return values
