"""Random work on products and pages beside each other: what is public is the last approved, and one log holds both."""

import itertools
import os
from typing import Any

from catalog_service.models import Revocation, db
from catalog_service.review import decisions, verify_log
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.catalog_service.conftest import PageShop, Shop, introduce
from tests.catalog_service.test_stateful import APPROVERS, PEOPLE, WRITERS

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "5"))
_numbers = itertools.count()


class Item:
    """Content of any kind as the rules of the design have it."""

    def __init__(self, author: str, said: str) -> None:
        self.status, self.version, self.said = "draft", 1, said
        self.live: str | None = None
        self.contributors, self.live_contributors = {author}, set[str]()
        self.waited: set[int] = set()  # versions, since the last decision

    @property
    def others_waited(self) -> bool:
        return bool(self.waited - {self.version})


class Kinds(RuleBasedStateMachine):
    client: Any
    login: Any
    app: Any
    tell: Any

    def __init__(self) -> None:
        super().__init__()
        self.business = 1000 + next(_numbers)
        with self.app.app_context(), db.transaction() as session:
            introduce(session, self.business)
        self.desks = {"product": Shop(self.client, self.login), "page": PageShop(self.client, self.login)}
        self.items: dict[tuple[str, int], Item] = {}
        self.suspended = False

    def say(self) -> str:
        return f"word{next(_numbers)}"

    @rule(what=st.sampled_from(["product", "page"]), who=st.sampled_from(sorted(WRITERS)))
    def create(self, what: str, who: str) -> None:
        said = self.say()
        number = self.desks[what].create(self.business, who, name=said)
        self.items[what, number] = Item(who, said)

    @precondition(lambda self: self.items)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def edit(self, data: Any, who: str) -> None:
        (what, number), item = self.pick(data)
        said = self.say()
        answer = self.desks[what].change(number, who, self.business, name=said)
        assert answer.status_code == (200 if who in WRITERS else 403)
        if who in WRITERS:
            item.status, item.said, item.version = "draft", said, item.version + 1
            item.contributors = item.contributors | {who}

    @precondition(lambda self: self.items)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), names=st.booleans(), action=st.sampled_from(
        ["submit", "submit", "approve", "approve", "approve", "reject", "withdraw", "unpublish"]
    ))  # fmt: skip
    def decide(self, data: Any, who: str, names: bool, action: str) -> None:
        (what, number), item = self.pick(data)
        version = {"version": item.version} if names and action in {"approve", "reject"} else {}
        answer = self.desks[what].act(action, number, who, self.business, comment="because", **version)
        assert answer.status_code == self.expected(item, who, action, names), (what, action, answer.json)
        if answer.status_code == 200:
            self.apply(item, action)
            assert answer.json["status"] == item.status

    @precondition(lambda self: self.items)
    @rule(data=st.data(), who=st.sampled_from(sorted(APPROVERS)))
    def decide_in_bulk(self, data: Any, who: str) -> None:
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.items)), min_size=1, unique=True))
        items = [{"type": what, "id": number, "action": "approve"} for what, number in chosen]
        headers = self.login(who, self.business)
        answer = self.client.post("/api/approvals/bulk/", json={"items": items}, headers=headers)
        assert answer.status_code == 200, answer.json
        for place, result in zip(chosen, answer.json["results"], strict=True):
            item = self.items[place]
            assert result["status"] == self.expected(item, who, "approve", names=False)
            if result["status"] == 200:
                self.apply(item, "approve")

    @precondition(lambda self: self.items)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        (what, number), _ = self.pick(data)
        address, headers = f"{self.desks[what].path}{number}/", self.login("editor", self.business)
        assert self.client.delete(address, headers=headers).status_code == 204
        del self.items[what, number]

    @rule()
    def suspend_or_restore(self) -> None:
        self.suspended = not self.suspended
        self.tell(f"business.{'suspended' if self.suspended else 'restored'}", business_id=self.business, name="Kinds")
        with self.app.app_context(), db.transaction() as session:
            session.execute(db.delete(Revocation))  # its people go on, so that more can be tried

    def expected(self, item: Item, who: str, action: str, names: bool) -> int:
        if who not in (WRITERS if action in {"submit", "withdraw"} else APPROVERS):
            return 403
        if action in {"approve", "reject"} and item.status == "pending_approval" and item.others_waited and not names:
            return 428
        statuses = {"submit": {"draft", "rejected"}, "unpublish": {item.status} if item.live else set()}
        if item.status not in statuses.get(action, {"pending_approval"}):
            return 409
        if action == "approve" and who in item.contributors:
            return 403
        return 409 if action == "approve" and self.suspended else 200

    def apply(self, item: Item, action: str) -> None:
        if action == "submit":
            item.status = "pending_approval"
            item.waited |= {item.version}
        elif action == "withdraw":
            item.status = "draft"
        elif action == "reject":
            item.status, item.waited = "rejected", set()
        elif action == "approve":
            item.status, item.live, item.waited = "approved", item.said, set()
            item.live_contributors, item.contributors = item.contributors, set()
        else:
            item.status = "draft" if item.status == "approved" else item.status
            item.live = None
            item.contributors, item.live_contributors = item.contributors | item.live_contributors, set()

    def pick(self, data: Any) -> tuple[tuple[str, int], Item]:
        place = data.draw(st.sampled_from(sorted(self.items)))
        return place, self.items[place]

    @invariant()
    def public_is_the_last_approved(self) -> None:
        live = {place: item.live for place, item in self.items.items() if item.live and not self.suspended}
        answer = self.client.get(f"/api/businesses/public/{self.business}/")
        assert answer.status_code == (200 if live else 404)
        pages = answer.json["pages"] if live else []
        assert sorted(one["text"] for one in pages) == sorted(
            said for (what, _), said in live.items() if what == "page"
        )
        products = self.client.get(f"/api/products/public/?business={self.business}&page_size=100").json
        assert {one["id"]: one["name"] for one in products} == {
            number: said for (what, number), said in live.items() if what == "product"
        }

    @invariant()
    def queue_is_what_waits(self) -> None:
        headers = self.login("approver", self.business)
        every = self.client.get("/api/approvals/?page_size=100", headers=headers).json
        waiting = {place for place, item in self.items.items() if item.status == "pending_approval"}
        assert {(one["type"], one["id"]) for one in every} == waiting
        mine = self.client.get("/api/approvals/?page_size=100&decidable=true", headers=headers).json
        assert {(one["type"], one["id"]) for one in mine} == {
            place for place in waiting if "approver" not in self.items[place].contributors
        }
        counted = self.client.get("/api/approvals/statistics/?days=1", headers=headers).json
        assert counted["waiting"]["count"] == len(waiting)

    def teardown(self) -> None:
        with self.app.app_context():
            lines = list(decisions.export(db.session(), self.business))
            db.session.remove()
        verify_log.verify(lines)


def test_products_and_pages_are_vetted_alike(app: Any, client: Any, login: Any, tell: Any) -> None:
    class Here(Kinds):
        pass

    Here.client, Here.login, Here.app, Here.tell = client, staticmethod(login), app, staticmethod(tell)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
