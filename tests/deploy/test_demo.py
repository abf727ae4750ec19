"""The demo's content keeps the promises that the first look depends on."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from deploy.demo.client import Api, NoMailbox
from deploy.demo.content import PASSWORD, Product, accounts, businesses
from deploy.demo.steps import STEPS, next_step

PRODUCTS = [product for business in businesses() for product in business.products]


def test_demo_shows_enough() -> None:
    assert len(businesses()) >= 3
    assert len(PRODUCTS) >= 60
    assert len({product.category for product in PRODUCTS}) >= 6
    assert {product.currency for product in PRODUCTS} >= {"EUR", "USD", "GBP", "JPY"}


def test_every_business_has_all_four_roles_and_its_admin_first() -> None:
    for business in businesses():
        assert {person.role for person in business.people} == {"viewer", "editor", "approver", "admin"}
        assert business.people[0].role == "admin"


def test_every_business_tells_all_that_shoppers_ask_most() -> None:
    for business in businesses():
        told = {page.kind for page in business.pages if page.language == "en"}
        assert told == {"shipping", "returns", "payment", "contact", "about"}
        assert len({(page.kind, page.language) for page in business.pages}) == len(business.pages)
        assert all(150 <= len(page.text) <= 2000 for page in business.pages)
    assert {page.language for business in businesses() for page in business.pages} >= {"en", "de"}


def test_every_state_occurs() -> None:
    assert set(Counter(product.state for product in PRODUCTS)) == set(STEPS)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.sku)
def test_product_is_fit_to_be_shown(product: Product) -> None:
    assert 20 <= len(product.description.split()) <= 70
    assert ("." in product.price) == (product.currency != "JPY")
    assert product.attributes
    assert bool(product.edit) == ("edit" in product.state or product.state == "unpublished")
    assert bool(product.comment) == (product.state in ("rejected", "unpublished"))


def test_names_are_unique() -> None:
    for names in ([p.sku for p in PRODUCTS], [p.name for p in PRODUCTS], [user for _, _, user in accounts()]):
        assert len(set(names)) == len(names)


def test_password_would_be_accepted_for_everyone() -> None:
    words = {word.lower() for business, _, user in accounts() for word in [*business.split(), *user.split(".")]}

    assert len(PASSWORD) >= 12
    assert not [word for word in words if len(word) > 2 and word in PASSWORD]


def shown(status: str, live: int | None = None, version: int = 1) -> dict[str, object]:
    return {"status": status, "live_version": live, "version": version}


@pytest.mark.parametrize(
    ("wanted", "product", "step"),
    [
        ("approved", None, "create"),
        ("approved", shown("draft"), "submit"),
        ("approved", shown("pending_approval"), "approve"),
        ("approved", shown("approved", 1), None),
        ("draft", shown("draft"), None),
        ("pending", shown("pending_approval"), None),
        ("rejected", shown("pending_approval"), "reject"),
        ("rejected", shown("rejected"), None),
        ("unpublished", shown("approved", 1), "unpublish"),
        ("unpublished", shown("draft", version=2), None),
        ("approved, edit in draft", shown("approved", 1), "edit"),
        ("approved, edit in draft", shown("draft", 1), None),
        ("approved, edit pending", shown("draft", 1), "submit"),
        ("approved, edit pending", shown("pending_approval", 1), None),
        # Somebody worked with the demo since: that is theirs now.
        ("pending", shown("approved", 1), None),
        ("approved, edit pending", shown("rejected", 1), None),
        ("approved", shown("draft", version=2), None),
    ],
)
def test_each_step_leads_nearer_and_none_undoes_what_people_did(
    wanted: str, product: dict[str, object], step: str
) -> None:
    assert next_step(wanted, product) == step


def test_product_that_was_taken_down_is_corrected_and_not_put_up_again() -> None:
    assert next_step("unpublished", shown("draft"), last="unpublish") == "edit"


@pytest.fixture
def serve(make_app: Callable[..., Any]) -> Iterator[Callable[..., str]]:
    """serve(**settings): the address of an auth-service."""
    running = []

    def start(**settings: Any) -> str:
        server = make_server("127.0.0.1", 0, make_app("auth_service", **settings), threaded=True)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_people_join_by_invitation_and_belong_to_themselves(serve: Callable[..., str]) -> None:
    business = businesses()[0]
    api = Api(serve(), "http://127.0.0.1:9")
    admin, *others = business.people

    api.register(business.name, admin)
    for person in others:
        api.add_member(admin, person)

    members = {member["username"]: (member["role"], member["set_up_by"]) for member in api.members(admin)}
    assert members == {person.username: (person.role, None) for person in business.people}


def test_copy_that_confirms_addresses_by_mail_gets_no_demo(serve: Callable[..., str]) -> None:
    api = Api(serve(smtp_url="smtp://127.0.0.1:9"), "http://127.0.0.1:9")

    with pytest.raises(NoMailbox, match="SMTP_URL"):
        api.register("Nordlicht", businesses()[0].people[0])
