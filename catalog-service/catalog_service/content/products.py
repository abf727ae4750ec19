"""Products of the caller's business: the one entry to them for anything that acts for somebody."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, false, func
from sqlalchemy.orm import Session

from catalog_service.content import drafts, money, revisions, skus, texts
from catalog_service.content.kinds import Kind
from catalog_service.models import CONTENT, Product, Revision, db
from catalog_service.public import listings
from catalog_service.review import people
from catalog_service.review.workflow import Action
from servicekit import paging
from servicekit.auth import Actor
from servicekit.prepared import Prepared
from servicekit.problems import Invalid


class ProductKind(Kind):
    name = "product"
    path = "/api/products"
    working, revision, owner, content = Product, Revision, "product_id", CONTENT

    def note(self, item: Product, values: dict[str, Any]) -> None:
        if values["sku"] != item.sku:
            item.sku, item.sku_key = values["sku"], skus.key(values["sku"])
        item.category, item.words = values["category"], words_of(values)

    def said(self, values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "price": money.to_decimal(values["price_minor"], values["currency"])}

    def compared(self, values: dict[str, Any]) -> dict[str, str | None]:
        shown = {name: values[name] for name in CONTENT if name not in {"price_minor", "attributes"}}
        shown["price"] = money.to_decimal(values["price_minor"], values["currency"])
        shown.update({f"attributes.{name}": value for name, value in sorted(values["attributes"].items())})
        return shown

    def ensure_free(self, business_id: int, values: dict[str, Any], but: int = 0) -> None:
        skus.ensure_free(business_id, values.get("sku"), but)

    def only_one(self) -> AbstractContextManager[None]:
        return skus.only_one()

    def publish(self, session: Session, item: Product, revision: Revision) -> None:
        listings.publish(session, item, revision)

    def unpublish(self, session: Session, item: Product) -> None:
        listings.unpublish(session, item)


KIND = ProductKind()
_NOTHING = KIND.shown_rows.where(false())
_NEWEST = (paging.Key(Product.id, descending=True),)


def words_of(values: dict[str, Any]) -> str:
    return revisions.search_text(values["name"], values["description"], values["category"], values["sku"] or "")


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
        rows: Sequence[Any] = _paged(query, cursor is not None).rows(connection, {**parameters, **place})
    rows, following = paging.cut(rows, size, "id")
    return [KIND.represent(row, actor, accounts) for row in rows], following


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
def _paged(query: Select[Any], continued: bool) -> Prepared:
    return Prepared(paging.prepared(query, _NEWEST, continued))


@lru_cache(maxsize=256)
def _listed(dialect: str, equal: frozenset[str], words: int) -> Select[Any]:
    position = func.instr if dialect == "sqlite" else func.strpos
    return KIND.shown_rows.where(
        *(getattr(Product, name) == bindparam(name) for name in sorted(equal)),
        *(position(Product.words, bindparam(f"word_{place}")) > 0 for place in range(words)),
    )


def create(actor: Actor, wishes: dict[str, Any], currency: str) -> int:
    """A new product in draft, its id; Invalid or Conflict naming the fields, and then nothing is written."""
    values = _content({**revisions.blank(KIND), "currency": currency}, wishes)
    row = {
        "sku": values["sku"],
        "sku_key": skus.key(values["sku"]),
        "category": values["category"],
        "words": words_of(values),
    }
    return drafts.begin(KIND, actor, values, row)


def edit(actor: Actor, product: Product, wishes: dict[str, Any]) -> None:
    """A new draft revision with the wished content; a wish for what it says already changes nothing."""
    old = KIND.working_revision(product)
    before = revisions.content(KIND, old)
    values = _content(before, wishes)
    if values != before:
        drafts.renew(KIND, actor, product, old, values, Action.EDIT)


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
