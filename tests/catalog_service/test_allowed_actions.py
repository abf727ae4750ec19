"""The actions that a product offers are those that succeed: every caller, state and policy, tried out."""

from collections.abc import Callable
from itertools import product as combinations
from typing import Any

import pytest
from catalog_service.review.workflow import Action

from tests.catalog_service.conftest import PageShop, Shop
from tests.catalog_service.test_one_person import person

AUTHOR, STRANGER, MAKER, SERVICE = 102, 106, 105, 101
STATES: dict[str, list[tuple[str, str]]] = {
    "new": [],
    "waiting": [("submit", "editor")],
    "rejected": [("submit", "editor"), ("reject", "approver")],
    "published": [("submit", "editor"), ("approve", "approver")],
}
STATES |= {
    "edited": [*STATES["published"], ("edit", "editor")],
    "edited, waiting": [*STATES["published"], ("edit", "editor"), ("submit", "editor")],
    "edited, rejected": [*STATES["published"], ("edit", "editor"), ("submit", "editor"), ("reject", "approver")],
    "taken down": [*STATES["published"], ("unpublish", "approver")],
    "edited, taken down": [*STATES["published"], ("edit", "editor"), ("unpublish", "approver")],
}
CALLERS: dict[str, dict[str, Any]] = {
    **{role: {"role": role} for role in ("viewer", "editor", "approver", "admin")},
    **{scope: {"role": "service", "scope": scope, "client_id": "c"} for scope in
       ("catalog:read", "catalog:write", "catalog:approve")},
}  # fmt: skip
POLICIES = {
    "strict": {"allow_self_approval": False, "reserve_live_deletion": False},
    "its own": {"allow_self_approval": True, "reserve_live_deletion": True},
}


@pytest.fixture(params=[Shop, PageShop], ids=lambda kind: kind.what)
def shop(client: Any, login: Any, request: pytest.FixtureRequest) -> Any:
    """Products, and pages of information."""
    return request.param(client, login)


@pytest.fixture
def attempt(client: Any, shop: Any) -> Callable[..., bool]:
    """attempt(action, product_id, headers) -> whether it succeeded."""

    def make(action: str, product_id: int, headers: dict[str, str]) -> bool:
        address = f"{shop.path}{product_id}/"
        body: dict[str, Any] = {"comment": "because"} if action in {"reject", "unpublish"} else {}
        if action == "edit":
            wish = {"name": "Another lamp"} if shop.what == "product" else {"text": "Another text."}
            answer = client.patch(address, json=wish, headers=headers)
        elif action == "delete":
            answer = client.delete(address, headers=headers)
        elif action == "revert":
            version = client.get(address, headers=headers).json["version"]
            answer = client.post(f"{address}revert/", json={"version": max(1, version - 1)}, headers=headers)
        else:
            answer = client.post(f"{address}{action}/", json=body, headers=headers)
        assert answer.status_code in {200, 204, 403, 409}, answer.json
        return bool(answer.status_code < 300)

    return make


@pytest.fixture
def arrive(shop: Any, attempt: Any, login: Any) -> Callable[[str], int]:
    """arrive(state) -> a product by the author that has come to this state."""

    def make(state: str) -> int:
        product_id = int(shop.create())
        for action, by in STATES[state]:
            assert attempt(action, product_id, login(by)), (state, action)
        return product_id

    return make


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_offered_is_what_succeeds(
    client: Any, shop: Any, login: Any, signer: Any, tell: Any, arrive: Any, attempt: Any, caller: str
) -> None:
    """By the author, somebody else, whoever made the author's account, and another account that the same one made."""
    for made in (AUTHOR, SERVICE):
        tell("user.changed", **person(made, controllers=[MAKER]))
    wrong = []
    for policy, state in combinations(POLICIES, STATES):
        client.put("/api/products/policy/", json=POLICIES[policy], headers=login("admin"))
        product_id = arrive(state)
        for user_id in (AUTHOR, STRANGER, MAKER, SERVICE):
            headers = signer.headers(**CALLERS[caller], sub=str(user_id), business_id=1, sid=f"s{user_id}")
            offered = client.get(f"{shop.path}{product_id}/", headers=headers).json["allowed_actions"]
            for action in Action:
                succeeds = attempt(action, product_id, headers)
                if succeeds != (action in offered):
                    wrong.append(f"{policy}, {state}, by {user_id}: {action} {'succeeds' if succeeds else 'fails'}")
                product_id = arrive(state) if succeeds else product_id
    assert wrong == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_list_and_queue_offer_what_the_product_itself_does(shop: Any, login: Any, client: Any, arrive: Any) -> None:
    made = {state: arrive(state) for state in STATES}
    waiting = {made["waiting"], made["edited, waiting"]}
    for caller in ("viewer", "editor", "approver", "admin"):
        offered = {number: shop.read(number, caller).json["allowed_actions"] for number in made.values()}
        queue = client.get("/api/approvals/", headers=login(caller))

        listed = client.get(shop.path, headers=login(caller)).json
        assert {one["id"]: one["allowed_actions"] for one in listed} == offered
        if queue.status_code == 200:
            assert {one["id"]: one["allowed_actions"] for one in queue.json} == {n: offered[n] for n in waiting}
