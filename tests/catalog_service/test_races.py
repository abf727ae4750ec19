"""Two at once, with real threads: one wins, the other learns the result."""

import threading
import time
import types
from collections.abc import Callable
from typing import Any

import pytest
from catalog_service.models import db
from catalog_service.review import policies
from sqlalchemy import text

from tests.catalog_service.conftest import Shop, next_link
from tests.catalog_service.test_partners import BODY
from tests.catalog_service.test_review import set_policy


def together(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start at the same moment."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        start.wait()
        answers[index] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def post(app: Any, login: Any) -> Any:
    """post(address, body, by, **headers) -> a call to make in a thread, with a client of its own."""

    def make(address: str, body: Any, by: str, method: str = "post", **headers: str) -> Callable[[], Any]:
        options = {"json": body, "headers": {**login(by), **headers}}
        return lambda: app.test_client().open(address, method=method, **options)

    return make


def test_two_approvals_publish_once(shop: Any, post: Any) -> None:
    for _ in range(5):
        product_id = shop.create()
        shop.act("submit", product_id, "editor")
        address = f"/api/products/{product_id}/approve/"

        answers = together(*(post(address, {"version": 1}, by) for by in ("approver", "second_approver", "admin")))

        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json["status_now"] == "approved"
        assert [entry["action"] for entry in shop.history(product_id)] == ["create", "submit", "approve"]


def test_approval_and_rejection_exclude_each_other(shop: Any, post: Any) -> None:
    for _ in range(5):
        product_id = shop.create()
        shop.act("submit", product_id, "editor")

        answers = together(
            post(f"/api/products/{product_id}/approve/", {}, "approver"),
            post(f"/api/products/{product_id}/reject/", {"comment": "no"}, "admin"),
        )

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        approved = answers[0].status_code == 200
        assert shop.read(product_id).json["status"] == ("approved" if approved else "rejected")
        assert (product_id in {one["id"] for one in shop.public()}) == approved


def test_edit_during_approval_is_never_published_unseen(shop: Any, post: Any) -> None:
    for _ in range(8):
        product_id = shop.create(name="Seen")
        shop.act("submit", product_id, "editor")

        edit, approval = together(
            post(f"/api/products/{product_id}/", {"name": "Unseen"}, "editor", "patch"),
            post(f"/api/products/{product_id}/approve/", {"version": 1}, "approver"),
        )

        assert edit.status_code == 200
        assert approval.status_code in {200, 409}
        public = {one["id"]: one["name"] for one in shop.public("?page_size=100")}
        assert public.get(product_id) == ("Seen" if approval.status_code == 200 else None)


def test_deletion_and_approval_leave_nothing_public(shop: Any, post: Any) -> None:
    for _ in range(5):
        product_id = shop.create()
        shop.act("submit", product_id, "editor")

        deletion, approval = together(
            post(f"/api/products/{product_id}/", None, "editor", "delete"),
            post(f"/api/products/{product_id}/approve/", {}, "approver"),
        )

        assert deletion.status_code == 204
        assert approval.status_code in {200, 404}
        assert shop.public() == []


LOOSE = {"allow_self_approval": True, "skip_review": ["description"], "reserve_live_deletion": False}
TIGHT = {"allow_self_approval": False, "skip_review": [], "reserve_live_deletion": True}


@pytest.mark.parametrize(
    ("action", "status"), [("approve", "pending_approval"), ("submit", "pending_approval"), ("delete", "draft")]
)
def test_decision_that_waits_for_a_change_of_policy_obeys_it(
    app: Any, client: Any, shop: Any, login: Any, post: Any, action: str, status: str
) -> None:
    set_policy(client, login, **LOOSE)
    product_id = shop.publish()
    shop.change(product_id, by="approver", description="brighter")
    if action == "approve":
        set_policy(client, login, skip_review=[])
        shop.act("submit", product_id, "approver")
    address = f"/api/products/{product_id}/" + ("" if action == "delete" else f"{action}/")
    by = "approver" if action == "approve" else "editor"
    decide = threading.Thread(target=post(address, {}, by, "delete" if action == "delete" else "post"))

    with app.app_context(), db.transaction() as session:
        admin = types.SimpleNamespace(id=104, tenant=1)
        policies.change(admin, policies.lock(admin), TIGHT)
        decide.start()
        until_it_waits(session, decide)
    decide.join()

    assert (shop.read(product_id).json["status"], shop.read(product_id).json["live_version"]) == (status, 1)


def until_it_waits(session: Any, thread: threading.Thread) -> None:
    """Returns when the thread waits for a lock of this transaction; on SQLite it cannot but wait for its end."""
    waiting = text(
        "SELECT count(*) FROM pg_locks AS wanted JOIN pg_locks AS held USING (pid) JOIN pg_database ON oid = held.database"
        " WHERE NOT wanted.granted AND datname = current_database()"
    )
    while session.get_bind().dialect.name == "postgresql" and thread.is_alive() and not session.scalar(waiting):
        time.sleep(0.01)


def test_bulk_waits_for_no_product_that_was_made_after_it_began(
    app: Any, shop: Any, login: Any, post: Any, engine_name: str
) -> None:
    first = shop.create()
    shop.act("submit", first, "editor")
    items = [{"id": number, "action": "approve"} for number in (first, first + 1)]
    answers: list[Any] = []
    bulk = threading.Thread(target=lambda: answers.append(post("/api/approvals/bulk/", {"items": items}, "approver")()))

    with app.app_context(), db.engine.connect() as made:
        with db.transaction() as session:
            session.execute(text("UPDATE products SET edition = edition WHERE id = :id"), {"id": first})
            bulk.start()
            until_it_waits(session, bulk)
            if engine_name == "postgresql":  # SQLite has one writer at a time
                [fresh] = together(post("/api/products/", BODY, "editor"))
                assert fresh.json["id"] == first + 1
                made.execute(text("SELECT 1 FROM products WHERE id = :id FOR UPDATE"), {"id": first + 1})
        bulk.join()

    [answer] = answers
    assert answer.status_code == 200, answer.json
    assert [one["status"] for one in answer.json["results"]] == [200, 404]


def test_same_sku_at_once_is_one_product(client: Any, shop: Any, post: Any, login: Any) -> None:
    answers = together(*(post("/api/products/by-sku/S-1/", BODY, "editor", "put") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len(client.get("/api/products/", headers=login("editor")).json) == 1


def test_a_sku_goes_to_one_of_several_and_the_others_are_told(client: Any, shop: Any, post: Any, login: Any) -> None:
    for number in range(10):
        sku, ids = f"S-{number}", [shop.create(), shop.create()]

        answers = together(
            *(post(f"/api/products/{one}/", {"sku": sku}, "editor", "patch") for one in ids),
            *(post("/api/products/", {**BODY, "sku": sku}, "second_editor") for _ in range(2)),
        )

        refused = [answer for answer in answers if answer.status_code > 201]
        assert [answer.status_code for answer in refused] == [409] * 3, [answer.json for answer in answers]
        assert all(answer.json["errors"][0]["field"] == "sku" for answer in refused), [a.json for a in refused]


def test_same_key_at_once_writes_once(client: Any, post: Any, login: Any) -> None:
    answers = together(*(post("/api/products/", BODY, "editor", **{"Idempotency-Key": "k"}) for _ in range(4)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json["id"] for answer in answers if answer.status_code == 201}) == 1
    assert all(answer.json["code"] == "in_progress" for answer in answers if answer.status_code == 409)
    assert len(client.get("/api/products/", headers=login("editor")).json) == 1


def test_many_writers_leave_whole_chains_and_gapless_changes(
    app: Any, client: Any, shop: Any, post: Any, login: Any
) -> None:
    from catalog_service.models import db
    from catalog_service.review import decisions, verify_log

    ids = [shop.create() for _ in range(6)]
    for product_id in ids:
        shop.act("submit", product_id, "editor")
    bulk = {"items": [{"id": product_id, "action": "approve"} for product_id in reversed(ids)]}

    answers = together(
        *(post(f"/api/products/{product_id}/approve/", {}, "approver") for product_id in ids),
        post("/api/approvals/bulk/", bulk, "admin"),
        *(post("/api/products/", BODY, "editor") for _ in range(4)),
    )

    assert all(answer.status_code in {200, 201, 409} for answer in answers), [answer.json for answer in answers]
    assert {one["id"] for one in shop.public()} == set(ids)
    found = client.get("/api/products/changes/?after=0", headers=login("viewer")).json
    assert [one["seq"] for one in found] == [1, 2, 3, 4, 5, 6]
    with app.app_context():
        assert verify_log.verify(list(decisions.export(db.session()))) == {1: 22}


class Replica:
    """A partner's copy: a snapshot, page by page, and what changed after it."""

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self.products: dict[int, Any] = {}
        self.applied: list[int] = []
        self._client, self._headers = client, headers
        self._link = "/api/products/changes/?page_size=2"

    def step(self) -> int:
        """Reads one page; how many entries it had."""
        answer = self._client.get(self._link, headers=self._headers)
        assert answer.status_code == 200, answer.json
        for one in answer.json:
            if one["type"] == "delete":
                self.products.pop(one["product_id"], None)
            else:
                self.products[one["product_id"]] = one["product"]
        if "after=" in self._link:
            self.applied += [one["seq"] for one in answer.json]
        self._link = next_link(answer)
        return len(answer.json) or ("after=" not in self._link)

    def catch_up(self) -> None:
        """Reads on until there is nothing more."""
        while self.step():
            continue


def test_snapshots_taken_while_others_write_lead_to_the_public_truth(app: Any, shop: Any, login: Any) -> None:
    for _ in range(5):
        shop.publish()
    writing = threading.Event()
    replicas: list[Replica] = []

    def write(number: int) -> None:
        own = Shop(app.test_client(), login)
        for turn in range(6):
            product_id = own.publish(name=f"Lamp {number}-{turn}")
            if turn % 3 == 0:
                assert own.change(product_id, price="1.00").status_code == 200
                own.approve(product_id)
            elif turn % 3 == 1:
                assert own.act("unpublish", product_id, "approver").status_code == 200
            else:
                address = f"/api/products/{product_id}/"
                assert own.client.delete(address, headers=login("editor")).status_code == 204

    def read() -> None:
        while not writing.is_set():
            replica = Replica(app.test_client(), login("viewer"))
            replicas.append(replica)
            for _ in range(12):
                replica.step()

    reader = threading.Thread(target=read)
    reader.start()
    together(*(lambda number=number: write(number) for number in range(3)))
    writing.set()
    reader.join()

    truth = {one["id"]: one for one in shop.pages("/api/products/public/?page_size=100")}
    assert len(truth) == 5 + 3 * 2
    assert len(replicas) > 1
    for replica in replicas:
        replica.catch_up()
        assert replica.products == truth
        first = replica.applied[0] if replica.applied else 1
        assert replica.applied == list(range(first, first + len(replica.applied)))
