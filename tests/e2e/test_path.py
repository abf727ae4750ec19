"""The way of a product through the whole system, and what never comes out of it."""

from collections.abc import Callable
from typing import Any

from tests.e2e.conftest import Caller, draft, eventually

Make = Callable[[], dict[str, Any]]
Unique = Callable[[str], str]


def publish(people: dict[str, Any], **changes: Any) -> int:
    created = people["editor"]("POST", "/api/products/", draft(**changes))
    assert created.status_code == 201, created.text
    product_id = int(created.json()["id"])
    assert people["editor"]("POST", f"/api/products/{product_id}/submit/").status_code == 200
    assert people["approver"]("POST", f"/api/products/{product_id}/approve/").status_code == 200
    return product_id


def listed(caller: Caller, name: str) -> bool:
    answer = caller("GET", "/api/products/public/", params={"q": name})
    return name in [row["name"] for row in answer.json()]


def test_product_goes_from_draft_to_shoppers_and_the_assistant(
    business: Make, unique: Unique, anonymous: Caller
) -> None:
    people, name = business(), unique("Heron")
    created = people["editor"]("POST", "/api/products/", draft(name=name, price="349.00"))
    product_id = created.json()["id"]
    assert (created.status_code, created.json()["status"]) == (201, "draft")

    submitted = people["editor"]("POST", f"/api/products/{product_id}/submit/")
    assert (submitted.status_code, submitted.json()["status"]) == (200, "pending_approval")
    assert not listed(anonymous, name)
    assert anonymous("GET", f"/api/products/public/{product_id}/").status_code == 404

    approved = people["approver"]("POST", f"/api/products/{product_id}/approve/")
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert eventually(lambda: listed(anonymous, name))
    detail = anonymous("GET", f"/api/products/public/{product_id}/")
    assert (detail.json()["price"], detail.json()["business_name"]) == ("349.00", people["name"])

    answer = anonymous("POST", "/api/chatbot/", {"message": f"How much is the {name}?"})
    assert answer.status_code == 200, answer.text
    assert name in answer.json()["ai_response"]
    assert "349.00" in answer.json()["ai_response"]
    assert product_id in [product["id"] for product in answer.json()["products"]]


def test_draft_appears_nowhere(business: Make, unique: Unique, anonymous: Caller) -> None:
    people, name = business(), unique("Secret prototype")
    product_id = people["editor"]("POST", "/api/products/", draft(name=name)).json()["id"]

    answer = anonymous("POST", "/api/chatbot/", {"message": f"Tell me about the {name}"}).json()

    assert not listed(anonymous, name)
    assert anonymous("GET", f"/api/products/public/{product_id}/").status_code == 404
    assert answer["products"] == [] or name not in str(answer["products"])
    assert "349" not in answer["ai_response"]


def test_live_product_stays_unchanged_while_its_edit_waits(business: Make, unique: Unique, anonymous: Caller) -> None:
    people, name = business(), unique("Kestrel")
    product_id = publish(people, name=name, price="80.00")

    people["editor"]("PATCH", f"/api/products/{product_id}/", {"price": "95.00"})
    people["editor"]("POST", f"/api/products/{product_id}/submit/")
    while_waiting = anonymous("GET", f"/api/products/public/{product_id}/").json()["price"]
    people["approver"]("POST", f"/api/products/{product_id}/approve/")

    assert while_waiting == "80.00"
    assert eventually(lambda: anonymous("GET", f"/api/products/public/{product_id}/").json()["price"] == "95.00")


def test_tag_of_a_compressed_answer_still_guards_a_write(business: Make) -> None:
    editor = business()["editor"]
    product_id = editor("POST", "/api/products/", draft(description="long " * 90, attributes={"a": "x" * 500})).json()[
        "id"
    ]
    read = editor("GET", f"/api/products/{product_id}/", headers={"Accept-Encoding": "gzip"})
    assert (read.headers["Content-Encoding"], read.headers["ETag"][:2]) == ("gzip", "W/")

    codes = [
        editor("PATCH", f"/api/products/{product_id}/", {"category": c}, headers={"If-Match": read.headers["ETag"]})
        for c in ("first", "second")
    ]

    assert [one.status_code for one in codes] == [200, 412]


def test_unpublished_product_leaves_within_seconds(business: Make, unique: Unique, anonymous: Caller) -> None:
    people, name = business(), unique("Plover")
    product_id = publish(people, name=name)

    gone = people["approver"]("POST", f"/api/products/{product_id}/unpublish/", {"comment": "recalled"})

    assert gone.status_code == 200
    assert eventually(lambda: not listed(anonymous, name), 5)


def test_roles_may_what_clients_rely_on(business: Make) -> None:
    people = business()
    product_id = people["editor"]("POST", "/api/products/", draft()).json()["id"]
    people["editor"]("POST", f"/api/products/{product_id}/submit/")

    assert people["viewer"]("POST", "/api/products/", draft()).status_code == 403
    assert people["viewer"]("GET", f"/api/products/{product_id}/").status_code == 200
    assert people["editor"]("POST", f"/api/products/{product_id}/approve/").status_code == 403
    assert people["approver"]("POST", f"/api/products/{product_id}/approve/").status_code == 200


def test_another_business_does_not_exist(business: Make) -> None:
    ours, theirs = business(), business()
    product_id = theirs["editor"]("POST", "/api/products/", draft()).json()["id"]

    for method, path, body in (
        ("GET", f"/api/products/{product_id}/", None),
        ("PATCH", f"/api/products/{product_id}/", {"price": "nonsense"}),
        ("DELETE", f"/api/products/{product_id}/", None),
        ("POST", f"/api/products/{product_id}/submit/", {}),
        ("POST", f"/api/products/{product_id}/approve/", {}),
        ("PATCH", f"/api/businesses/{theirs['id']}/", {"name": "Mine now"}),
    ):
        assert ours["admin"](method, path, body).status_code == 404, f"{method} {path}"


def test_rename_of_a_business_reaches_its_public_products(business: Make, unique: Unique, anonymous: Caller) -> None:
    people, name = business(), unique("Siskin")
    product_id, new = publish(people, name=name), unique("Renamed")

    assert people["admin"]("PATCH", f"/api/businesses/{people['id']}/", {"name": new}).status_code == 200

    def follows() -> bool:
        return bool(anonymous("GET", f"/api/products/public/{product_id}/").json()["business_name"] == new)

    assert eventually(follows, 6)


def test_logout_takes_effect_at_every_service_within_seconds(business: Make) -> None:
    people = business()
    assert people["admin"]("GET", "/api/products/").status_code == 200

    assert people["admin"]("POST", "/api/logout/").status_code == 204

    assert eventually(lambda: people["admin"]("GET", "/api/products/").status_code == 401, 5)
    assert eventually(lambda: people["admin"]("GET", "/api/me/").status_code == 401, 5)


def test_anonymous_history_opens_with_the_conversations_token_and_not_without(anonymous: Caller) -> None:
    answer = anonymous("POST", "/api/chatbot/", {"message": "What can you do?"}).json()
    token = {"X-Conversation-Token": answer["conversation_token"]}

    mine = Caller()("GET", "/api/chat-history/", headers=token).json()

    assert [turn["id"] for turn in mine] == [answer["id"]]
    assert Caller()("GET", "/api/chat-history/").json() == []
