"""Loads the demo through the services' public API. What is there already is left alone."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from .client import PAGES, Api, LoadError, NoMailbox
from .content import Business, Page, Person, Product, businesses
from .steps import BY_APPROVER, next_step

__all__ = ["LoadError", "NoMailbox", "load"]

MOST_STEPS = 8  # more means that an action was accepted and changed nothing


def load(auth_url: str, catalog_url: str) -> int:
    """Load every business; the number of changes made, 0 when nothing was missing.

    An interrupted run is completed by the next one. Raises LoadError, requests.RequestException.
    """
    every = businesses()
    with ThreadPoolExecutor(len(every)) as pool:
        return sum(pool.map(lambda business: _business(Api(auth_url, catalog_url), business), every))


def _business(api: Api, business: Business) -> int:
    admin = business.people[0]
    api.register(business.name, admin)
    changes = _people(api, business, admin)
    present = {product["sku"]: product for product in api.products(admin)}
    editors = cycle(business.with_role("editor"))
    approver = business.with_role("approver")[0]
    for product, editor in zip(business.products, editors, strict=False):
        changes += _product(api, product, present.get(product.sku), editor, approver)
    there = {(page["kind"], page["language"]): page for page in api.all(admin, PAGES)}
    for page, editor in zip(business.pages, editors, strict=False):
        changes += _page(api, page, there.get((page.kind, page.language)), editor, approver)
    return changes


def _people(api: Api, business: Business, admin: Person) -> int:
    members = {member["username"]: member for member in api.members(admin)}
    unnamed = not members[admin.username]["last_name"]
    if unnamed:
        api.name_oneself(admin)
    missing = [person for person in business.people if person.username not in members]
    for person in missing:
        api.add_member(admin, person)
    return len(missing) + unnamed


def _product(api: Api, product: Product, current: dict[str, Any] | None, editor: Person, approver: Person) -> int:
    """Take the product step by step to the state it shall have; the number of steps."""
    step = None
    for steps in range(MOST_STEPS):
        step = next_step(product.state, current, step)
        if step is None:
            return steps
        person = approver if step in BY_APPROVER else editor
        current = _take(api, step, product, current, person)
    raise LoadError(f"{product.sku} does not become {product.state!r}")


def _page(api: Api, page: Page, current: dict[str, Any] | None, editor: Person, approver: Person) -> int:
    """Have everybody see the page; the number of steps."""
    steps = 0
    while (step := next_step("approved", current)) is not None:
        if current is None:
            current = api.create(editor, page.fields(), PAGES)
        else:
            body = {"version": current["version"]} if step == "approve" else {}
            current = api.move(approver if step in BY_APPROVER else editor, current, step, body, PAGES)
        steps += 1
        if steps == MOST_STEPS:
            raise LoadError(f"the page {page.kind!r} does not become public")
    return steps


def _take(api: Api, step: str, product: Product, current: dict[str, Any] | None, person: Person) -> dict[str, Any]:
    if current is None:
        return api.create(person, product.fields())
    if step == "edit":
        return api.edit(person, current, product.edit)
    return api.move(person, current, step, _words(step, product, current))


def _words(step: str, product: Product, current: dict[str, Any]) -> dict[str, Any]:
    """The body of an action: what an approval is bound to, why something is refused or withdrawn."""
    if step == "approve":
        return {"version": current["version"]}
    return {"comment": product.comment} if step in BY_APPROVER else {}
