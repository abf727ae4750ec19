"""Pages of information: what a business tells its shoppers, vetted like its products."""

from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import PageRevision, db
from catalog_service.public import projection
from catalog_service.review import decisions, verify_log
from sqlalchemy.exc import DatabaseError

from tests.catalog_service.conftest import PageShop, Shop

# What holds for products holds for pages: the same tests, with pages in the shop.
from tests.catalog_service.test_one_person import (  # noqa: F401
    test_approval_through_another_account_is_marked_where_it_is_allowed,
    test_approval_waits_until_it_is_known_whose_the_accounts_are,
    test_control_ends_with_the_event_that_says_so_and_no_other,
    test_nobody_approves_own_work_through_another_account,
    waiting,
)
from tests.catalog_service.test_review import (  # noqa: F401
    test_resubmitted_revision_is_undecided_again,
    test_revert_bars_those_who_wrote_what_returns,
)
from tests.catalog_service.test_workflow import (  # noqa: F401
    test_another_business_does_not_exist,
    test_contributors_stay_barred_after_their_work_was_unpublished,
    test_decision_by_tag_names_what_was_seen,
    test_decision_that_names_nothing_is_refused_where_another_revision_has_waited,
    test_each_move_of_the_table_and_no_other,
    test_edit_leads_to_a_new_draft_and_leaves_the_live_revision,
    test_no_token_and_forged_token_are_refused,
    test_operator_learns_nothing_of_a_draft_from_a_refusal,
    test_operator_unpublishes_in_any_business_and_reads_no_draft,
    test_rejection_needs_a_comment_and_keeps_it,
    test_roles,
    test_unpublish_needs_something_published,
    test_unpublished_product_may_be_submitted_and_approved_again,
    test_unpublishing_below_a_newer_draft_leaves_the_draft,
)

PAGE = {"kind": "shipping", "text": "We ship within two days."}


@pytest.fixture
def shop(client: Any, login: Any) -> PageShop:
    return PageShop(client, login)


@pytest.fixture
def lamps(client: Any, login: Any) -> Shop:
    """The same business's products."""
    return Shop(client, login)


@pytest.fixture
def make(client: Any, login: Any, shop: PageShop) -> Any:
    """make(kind, language, text): a published page of business 1."""

    def publish(kind: str, language: str = "en", text: str = "Said.", business: int = 1) -> int:
        body = {"kind": kind, "language": language, "text": text}
        answer = client.post("/api/pages/", json=body, headers=login("editor", business))
        assert answer.status_code == 201, answer.json
        shop.approve(answer.json["id"], business)
        return int(answer.json["id"])

    return publish


def test_page_has_the_contract_fields(client: Any, login: Any) -> None:
    made = client.post("/api/pages/", json=PAGE, headers=login("editor"))

    assert (made.status_code, made.headers["Location"]) == (201, f"/api/pages/{made.json['id']}/")
    assert {name: made.json[name] for name in ("kind", "language", "text", "status", "version", "live_version")} == {
        **PAGE, "language": "en", "status": "draft", "version": 1, "live_version": None,
    }  # fmt: skip
    assert made.json["allowed_actions"] == ["edit", "submit", "delete"]
    read = client.get(made.headers["Location"], headers=login("viewer"))
    assert {**read.json, "allowed_actions": []} == {**made.json, "allowed_actions": []}
    assert client.get("/api/pages/", headers=login("viewer")).json == [read.json]
    assert client.get("/api/pages/?kind=returns", headers=login("viewer")).json == []
    assert client.get("/api/pages/", headers=login("viewer", 2)).json == []


def test_public_sees_approved_pages_in_their_order_and_nothing_else(client: Any, shop: Any, make: Any) -> None:
    for kind, language in (("about", "en"), ("shipping", "en"), ("shipping", "de"), ("contact", "en")):
        page_id = make(kind, language, f"{kind} in {language}")
    shop.change(page_id, name="Not seen by anybody yet")
    shop.create(name="A draft")

    answer = client.get("/api/businesses/public/1/")

    assert {name: answer.json[name] for name in ("id", "name")} == {"id": 1, "name": "Business 1"}
    assert [(one["kind"], one["language"], one["text"]) for one in answer.json["pages"]] == [
        ("shipping", "de", "shipping in de"),
        ("shipping", "en", "shipping in en"),
        ("contact", "en", "contact in en"),
        ("about", "en", "about in en"),
    ]
    assert set(answer.json["pages"][0]) == {"kind", "language", "text", "version", "published_at"}
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    again = client.get("/api/businesses/public/1/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("number", [2, 3, 10**9, 0, 2**70])
def test_business_that_shows_nothing_is_missing(client: Any, make: Any, number: int) -> None:
    make("about")

    answer = client.get(f"/api/businesses/public/{number}/")
    assert (answer.status_code, answer.json["detail"]) == (404, "no such business")


def test_business_with_products_alone_has_no_pages(client: Any, lamps: Any) -> None:
    lamps.publish()

    assert client.get("/api/businesses/public/1/").json == {"id": 1, "name": "Business 1", "pages": []}


def test_pages_leave_and_return_with_their_business_and_take_its_name(
    client: Any, shop: Any, make: Any, lamps: Any, tell: Any
) -> None:
    make("about")
    lamps.publish()
    before = client.get("/api/businesses/public/1/").json

    tell("business.renamed", wholly=False, business_id=1, name="Nordlicht")
    assert client.get("/api/businesses/public/1/").json == {**before, "name": "Nordlicht"}
    for kind, status in (("suspended", 404), ("restored", 200), ("deleted", 404)):
        tell(f"business.{kind}", wholly=False, business_id=1, name="Nordlicht")
        if status == 404:
            assert client.get("/api/businesses/public/1/").status_code == 404
        tell(f"business.{kind}", business_id=1, name="Nordlicht")
        assert client.get("/api/businesses/public/1/").status_code == status


def test_nothing_is_published_while_the_business_is_suspended(app: Any, client: Any, shop: Any, tell: Any) -> None:
    from catalog_service.models import Revocation

    page_id = shop.create()
    shop.act("submit", page_id, "editor")
    tell("business.suspended", business_id=1, name="Nordlicht")
    with app.app_context(), db.transaction() as session:
        session.execute(sa.delete(Revocation))  # its people go on for a moment

    refused = shop.act("approve", page_id, "approver")
    assert (refused.status_code, refused.json["code"]) == (409, "suspended")
    assert client.get("/api/businesses/public/1/").status_code == 404


def test_one_page_of_each_kind_and_language(client: Any, shop: Any, login: Any) -> None:
    first = client.post("/api/pages/", json=PAGE, headers=login("editor"))

    again = client.post("/api/pages/", json={**PAGE, "language": "en"}, headers=login("second_editor"))
    assert (again.status_code, again.json["code"], again.json["errors"][0]["field"]) == (409, "taken", "kind")
    assert client.post("/api/pages/", json={**PAGE, "language": "de"}, headers=login("editor")).status_code == 201
    assert client.post("/api/pages/", json=PAGE, headers=login("editor", 2)).status_code == 201
    assert client.delete(f"/api/pages/{first.json['id']}/", headers=login("editor")).status_code == 204
    assert client.post("/api/pages/", json=PAGE, headers=login("editor")).status_code == 201


BAD = [
    ({**PAGE, "kind": "jobs"}, "kind"),
    ({"text": "x"}, "kind"),
    ({**PAGE, "language": "EN"}, "language"),
    ({**PAGE, "language": "english"}, "language"),
    ({**PAGE, "text": "x" * 2001}, "text"),
    ({**PAGE, "text": ""}, "text"),
    ({**PAGE, "text": " \u200b"}, "text"),
    ({"kind": "about"}, "text"),
    ({**PAGE, "status": "approved"}, "status"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bad_page_is_named_and_nothing_is_written(client: Any, login: Any, body: Any, field: str) -> None:
    answer = client.post("/api/pages/", json=body, headers=login("editor"))

    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    assert client.get("/api/pages/", headers=login("viewer")).json == []


def test_kind_and_language_of_a_page_stay(client: Any, login: Any) -> None:
    page = client.post("/api/pages/", json={**PAGE, "text": "x" * 2000}, headers=login("editor"))
    address = page.headers["Location"]

    same = {"kind": "shipping", "language": "en", "text": "Sooner."}
    assert client.patch(address, json=same, headers=login("editor")).json["text"] == "Sooner."
    for change in ({"kind": "about"}, {"language": "de"}):
        refused = client.patch(address, json=change, headers=login("editor"))
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, *change)
    stale = {**login("editor"), "If-Match": page.headers["ETag"]}
    assert client.patch(address, json={"text": "Later."}, headers=stale).status_code == 412


def test_difference_history_and_revisions_are_as_a_products(client: Any, shop: Any, login: Any) -> None:
    page_id = shop.create(name="Two days")
    shop.approve(page_id)
    shop.change(page_id, name="One day\u200b")
    client.post(f"/api/pages/{page_id}/comments/", json={"comment": "really?"}, headers=login("editor"))

    diff = client.get(f"/api/pages/{page_id}/diff/", headers=login("viewer")).json
    assert (diff["from"], diff["to"]) == (1, 2)
    [change] = diff["changes"]
    assert (change["field"], change["old"], change["new"]) == ("text", "Two days", "One day\u200b")
    assert change["marked"]["new"][1] == {"mark": "U+200B ZERO WIDTH SPACE"}
    assert [one["action"] for one in shop.history(page_id)] == ["create", "submit", "approve", "edit", "comment"]
    assert [(one["version"], one["state"], one["is_live"]) for one in shop.revisions(page_id)] == [
        (2, "draft", False),
        (1, "approved", True),
    ]


def test_queue_holds_both_kinds_in_one_order(client: Any, shop: Any, lamps: Any, login: Any) -> None:
    ids = []
    for number in range(3):
        for desk in (lamps, shop):
            item = desk.create(name=f"Heron {number}", by="editor" if number else "approver")
            desk.act("submit", item, "editor")
            ids.append((desk.what, item))

    def queue(query: str = "") -> list[tuple[str, int]]:
        return [(one["type"], one["id"]) for one in shop.pages(f"/api/approvals/?page_size=2{query}", "approver")]

    assert queue() == ids
    assert queue("&decidable=true") == ids[2:]
    assert queue("&type=page") == ids[1::2]
    assert queue("&q=heron&type=product") == ids[::2]
    assert queue("&category=lighting") == []
    assert queue("&submitted_by=102") == ids
    waits = client.get("/api/approvals/?type=page", headers=login("approver")).json[0]
    assert (waits["name"], waits["kind"], waits["price_change_percent"]) == ("about (aa)", "about", None)


def test_bulk_decides_both_kinds_each_by_itself(client: Any, shop: Any, lamps: Any, login: Any) -> None:
    lamp, page, own = lamps.create(), shop.create(), shop.create(by="approver")
    for desk, item in ((lamps, lamp), (shop, page), (shop, own)):
        desk.act("submit", item, "editor")
    items = [{"type": "page", "id": page, "action": "approve"}, {"id": lamp, "action": "approve"},
             {"type": "page", "id": own, "action": "approve"}, {"type": "leaflet", "id": 1, "action": "approve"},
             {"type": "page", "id": page, "action": "approve"}]  # fmt: skip

    answer = client.post("/api/approvals/bulk/", json={"items": items}, headers=login("approver"))

    assert [(one["type"], one["id"], one["status"]) for one in answer.json["results"]] == [
        ("page", page, 200),
        ("product", lamp, 200),
        ("page", own, 403),
        (None, 1, 422),
        ("page", page, 422),
    ]
    assert (len(shop.public()), len(lamps.public())) == (1, 1)


def test_statistics_count_both_kinds(client: Any, shop: Any, lamps: Any, login: Any) -> None:
    lamps.publish()
    shop.approve(shop.create())
    shop.act("submit", shop.create(), "editor")

    found = client.get("/api/approvals/statistics/?days=1", headers=login("viewer")).json

    assert (found["days"][0]["submitted"], found["days"][0]["approved"]) == (3, 2)
    assert (found["waiting"]["count"], found["days"][0]["median_seconds"]) == (1, 0)


def test_both_kinds_are_in_one_chain_that_verifies_as_before(app: Any, shop: Any, lamps: Any) -> None:
    lamps.publish()
    page_id = shop.create()
    shop.approve(page_id)

    with app.app_context():
        lines = list(decisions.export(db.session()))
    assert verify_log.verify(lines) == {1: 6, 2: 0} or verify_log.verify(lines) == {1: 6}
    entry = next(line for line in lines if b'"page"' in line)
    with pytest.raises(verify_log.Broken, match="does not match its hash"):
        verify_log.verify([line.replace(b'"page"', b'"cage"') if line == entry else line for line in lines])


def test_what_a_revision_of_a_page_says_is_final(app: Any, shop: Any, engine_name: str) -> None:
    page_id = shop.create()
    for change in (sa.update(PageRevision).values(text="other"), sa.update(PageRevision).values(author_id=7)):
        with (
            app.app_context(),
            pytest.raises(DatabaseError, match="page_revisions are final"),
            db.transaction() as session,
        ):
            session.execute(change)
    if engine_name == "sqlite":
        replace = "REPLACE INTO page_revisions SELECT * FROM page_revisions"
        with app.app_context(), pytest.raises(DatabaseError, match="are final"), db.transaction() as session:
            session.execute(sa.text(replace))
    assert shop.act("submit", page_id, "editor").status_code == 200


# On PostgreSQL the role of PUBLIC_DATABASE_URL keeps it, which test_publication tries.
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_public_connection_reads_no_table_behind_the_pages(app: Any, shop: Any) -> None:
    shop.create()
    with app.app_context(), projection.reading() as connection:
        assert connection.execute(sa.text("SELECT document FROM public_pages")).all() == []
        for table in ("pages", "page_revisions"):
            with pytest.raises(DatabaseError, match="prohibited|not authorized"):
                connection.execute(sa.text(f"SELECT * FROM {table}"))


def test_no_policy_lets_a_page_skip_its_review(client: Any, shop: Any, login: Any) -> None:
    every = {"skip_review": ["sku", "description", "price", "category", "attributes"]}
    client.put("/api/products/policy/", json=every, headers=login("admin"))
    page_id = shop.create()
    shop.approve(page_id)
    shop.change(page_id, name="Other")

    assert shop.act("submit", page_id, "editor").json["status"] == "pending_approval"


def test_repeated_creation_of_a_page_is_replayed(client: Any, login: Any) -> None:
    headers = {**login("editor"), "Idempotency-Key": "p-1"}

    answers = [client.post("/api/pages/", json=PAGE, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
