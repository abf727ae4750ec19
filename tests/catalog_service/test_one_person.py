"""Own work is a person's, whichever account it was done through."""

from typing import Any

import pytest
from catalog_service.models import User, db
from catalog_service.routes import writes

ADMIN, EDITOR, APPROVER, SECOND = 104, 102, 103, 106
# Who controls whom, who writes and who approves: always one person.
ONE_PERSON = {
    "whoever set up the author's account": ({EDITOR: [APPROVER]}, EDITOR, APPROVER),
    "an account that the author set up": ({APPROVER: [EDITOR]}, EDITOR, APPROVER),
    "through another account": ({EDITOR: [SECOND], SECOND: [APPROVER]}, EDITOR, APPROVER),
    "one of several": ({EDITOR: [ADMIN, APPROVER]}, EDITOR, APPROVER),
    "each other": ({EDITOR: [APPROVER], APPROVER: [EDITOR]}, EDITOR, APPROVER),
}
NAMES = {EDITOR: "editor", APPROVER: "approver", SECOND: "second_approver", ADMIN: "admin"}


def person(user_id: int, **data: Any) -> dict[str, Any]:
    """What auth-service's feed says of somebody of business 1."""
    said = {"username": f"user-{user_id}", "name": "", "role": "approver", "is_active": True, "token_version": 1}
    return {"user_id": user_id, "business_id": 1, **said, **data}


@pytest.fixture
def waiting(shop: Any) -> int:
    product_id = int(shop.create())
    shop.act("submit", product_id, "editor")
    return product_id


@pytest.mark.parametrize("how", ONE_PERSON)
def test_nobody_approves_own_work_through_another_account(
    client: Any, shop: Any, login: Any, tell: Any, waiting: int, how: str
) -> None:
    controllers, _, approver = ONE_PERSON[how]
    other = shop.create(by="second_editor")
    shop.act("submit", other, "second_editor")
    for user_id, others in controllers.items():
        tell("user.changed", **person(user_id, controllers=others))
    by, headers = NAMES[approver], login(NAMES[approver])

    refused = shop.act("approve", waiting, by)
    items = [{"type": shop.what, "id": number, "action": "approve"} for number in (waiting, other)]
    decidable = [one["id"] for one in client.get("/api/approvals/?decidable=true", headers=headers).json]
    queue = {one["id"]: one["allowed_actions"] for one in client.get("/api/approvals/", headers=headers).json}
    bulk = client.post("/api/approvals/bulk/", json={"items": items}, headers=headers).json["results"]

    assert (refused.status_code, refused.json["code"]) == (403, "own_work")
    assert ("approve" in queue[waiting], "approve" in queue[other], decidable) == (False, True, [other])
    assert "approve" not in shop.read(waiting, by).json["allowed_actions"]
    assert [one["status"] for one in bulk] == [403, 200]


def test_approval_through_another_account_is_marked_where_it_is_allowed(
    client: Any, shop: Any, login: Any, tell: Any, waiting: int
) -> None:
    client.put("/api/products/policy/", json={"allow_self_approval": True}, headers=login("admin"))
    tell("user.changed", **person(APPROVER, controllers=[EDITOR]))

    assert shop.act("approve", waiting, "approver").status_code == 200
    assert shop.history(waiting)[-1]["details"] == {"self_approved": True}


def test_control_ends_with_the_event_that_says_so_and_no_other(shop: Any, tell: Any, waiting: int) -> None:
    tell("user.changed", **person(APPROVER, controllers=[EDITOR]))
    tell("user.changed", **person(APPROVER, name="Renamed"))  # by an earlier version, which does not know of it
    assert shop.act("approve", waiting, "approver").status_code == 403

    tell("user.changed", **person(APPROVER, controllers=[]))

    assert shop.act("approve", waiting, "approver").status_code == 200


def test_deleted_account_stays_its_makers(shop: Any, tell: Any, waiting: int) -> None:
    tell("user.deleted", **person(EDITOR, controllers=[APPROVER]))

    assert shop.act("approve", waiting, "approver").status_code == 403


def test_control_bars_nobody_else(shop: Any, tell: Any, waiting: int) -> None:
    tell("user.changed", **person(APPROVER, controllers=[ADMIN]))

    assert shop.act("approve", waiting, "approver").status_code == 200


def test_approval_by_an_account_of_the_same_maker_is_marked(shop: Any, tell: Any, waiting: int) -> None:
    for user_id in (EDITOR, APPROVER):
        tell("user.changed", **person(user_id, controllers=[ADMIN]))

    assert shop.act("approve", waiting, "approver").status_code == 200
    assert shop.history(waiting)[-1]["details"] == {"shared_control": True}


@pytest.mark.parametrize("unknown", [EDITOR, APPROVER])
def test_approval_waits_until_it_is_known_whose_the_accounts_are(
    app: Any, shop: Any, tell: Any, waiting: int, unknown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "NEWS_SECONDS", 0)
    with app.app_context(), db.transaction() as session:
        session.delete(session.get_one(User, unknown))

    refused = shop.act("approve", waiting, "approver")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    tell("user.created", **person(unknown, controllers=[]))

    assert shop.act("approve", waiting, "approver").status_code == 200


def test_token_that_is_newer_than_what_is_known_of_its_account_waits(
    client: Any, shop: Any, login: Any, tell: Any, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "NEWS_SECONDS", 0)
    tell("user.changed", **person(APPROVER, controllers=[], token_version=1))
    address, headers = f"{shop.path}{waiting}/approve/", login("approver", ver=2)
    assert client.post(address, json={}, headers=headers).status_code == 503

    tell("user.changed", **person(APPROVER, controllers=[EDITOR], token_version=2))

    assert client.post(address, json={}, headers=headers).status_code == 403


def test_approval_goes_on_when_the_news_comes_while_it_waits(
    app: Any, shop: Any, tell: Any, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "pause", lambda: tell("user.created", **person(EDITOR, controllers=[])))
    with app.app_context(), db.transaction() as session:
        session.delete(session.get_one(User, EDITOR))

    assert shop.act("approve", waiting, "approver").status_code == 200
