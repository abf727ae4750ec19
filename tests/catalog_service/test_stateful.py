"""Random work by random people of two businesses: what is public is always the last approved revision, everywhere."""

import contextlib
import itertools
import os
from collections import Counter
from typing import Any

import pytest
from catalog_service.models import Business, Revocation, db
from catalog_service.public import storefronts
from catalog_service.review import decisions, verify_log
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.catalog_service.conftest import introduce

PEOPLE = ("viewer", "editor", "second_editor", "approver", "second_approver", "admin")
WRITERS = frozenset(PEOPLE) - {"viewer"}
APPROVERS = frozenset({"approver", "second_approver", "admin"})
FIELDS = {
    "name": st.sampled_from(["Lamp", "Ünïque", "красный", "<b>x</b>", "100%"]),
    "description": st.sampled_from(["", "short", "مصباح 🚲 e\u0301"]),
    "price": st.sampled_from(["0", "1.50", "19.90", "99999999.99"]),
    "category": st.sampled_from(["", "a", "b & c"]),
    "attributes": st.sampled_from([{}, {"colour": "red"}]),
}
NOTHING = {"description": "", "category": "", "attributes": {}}
# How many random histories to live through; more of them before a release.
EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "5"))
_numbers = itertools.count()


class Killed(Exception):
    """What ends a batch before its commit."""


class Model:
    """One product as the rules of the design have it."""

    def __init__(self, business: int, author: str, content: dict[str, Any]) -> None:
        self.business = business
        self.status = "draft"
        self.content = content
        self.versions = [(content, {author})]
        self.live: dict[str, Any] | None = None
        self.contributors = {author}
        self.live_contributors: set[str] = set()

    def write(self, author: str, content: dict[str, Any]) -> None:
        self.content, self.status = content, "draft"
        self.contributors = self.contributors | {author}
        self.versions.append((content, self.contributors))


class Marketplace(RuleBasedStateMachine):
    shop: Any
    app: Any
    tell: Any
    catch_up: Any

    def __init__(self) -> None:
        super().__init__()
        self.products: dict[int, Model] = {}
        self.order: list[int] = []
        first = next(_numbers) * 2 + 1
        self.businesses = (first, first + 1)
        with self.app.app_context(), db.transaction() as session:
            for number in self.businesses:
                if session.get(Business, number) is None:
                    introduce(session, number)
        self.names = {number: f"Business {number}" for number in self.businesses}
        self.suspended: set[int] = set()
        self.self_approval: set[int] = set()
        self.skipping: dict[int, set[str]] = {number: set() for number in self.businesses}
        # Told of, while the worker has not told their partners of all that follows.
        self.unsettled: set[int] = set()
        self.replicas: dict[int, dict[int, Any]] = {number: {} for number in self.businesses}
        self.seen = dict.fromkeys(self.businesses, 0)

    # What people do

    @rule(which=st.integers(0, 1), who=st.sampled_from(PEOPLE), fields=st.fixed_dictionaries(FIELDS))
    def create(self, which: int, who: str, fields: dict[str, Any]) -> None:
        business = self.businesses[which]
        body = {**fields, "name": f"{fields['name']} word{next(_numbers)}x"}
        answer = self.shop.client.post("/api/products/", json=body, headers=self.shop.login(who, business))
        assert answer.status_code == (201 if who in WRITERS else 403)
        if who in WRITERS:
            self.products[answer.json["id"]] = Model(business, who, body)

    @precondition(lambda self: self.products)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), fields=st.fixed_dictionaries({}, optional=FIELDS))
    def edit(self, data: Any, who: str, fields: dict[str, Any]) -> None:
        product_id, product, business = self.pick(data)
        answer = self.shop.change(product_id, who, business, **fields)
        content = {**product.content, **fields}
        if self.refused(answer, product, business, who in WRITERS):
            return
        assert answer.status_code == 200
        if content != product.content:
            product.write(who, content)
        assert answer.json["status"] == product.status

    @precondition(lambda self: self.products)
    @rule(
        data=st.data(),
        who=st.sampled_from(PEOPLE),
        action=st.sampled_from(
            ["submit", "submit", "approve", "approve", "approve", "reject", "withdraw", "unpublish"]
        ),
    )
    def decide(self, data: Any, who: str, action: str) -> None:
        product_id, product, business = self.pick(data)
        answer = self.shop.act(action, product_id, who, business, comment="because")
        allowed = who in (WRITERS if action in {"submit", "withdraw"} else APPROVERS)
        if self.refused(answer, product, business, allowed):
            return
        needs = {"submit": ("draft", "rejected"), "unpublish": ("draft", "rejected", "approved", "pending_approval")}
        fits = product.status in needs.get(action, ("pending_approval",)) and (action != "unpublish" or product.live)
        if not fits:
            assert answer.status_code == 409
        elif action == "approve" and who in product.contributors and business not in self.self_approval:
            assert answer.status_code == 403
        elif business in self.suspended and (action == "approve" or (action == "submit" and self.skips(product))):
            assert (answer.status_code, answer.json["code"]) == (409, "suspended")
        else:
            assert answer.status_code == 200, answer.json
            getattr(self, f"_{action}")(product_id, product)
            assert answer.json["status"] == product.status

    @precondition(lambda self: self.products)
    @rule(data=st.data())
    def publish(self, data: Any) -> None:
        """The way to the public as it should be, so that there is often something to lose."""
        product_id, product, _ = self.pick(data)
        barred = product.contributors
        if product.status in {"draft", "rejected"} and not (product.business in self.suspended and self.skips(product)):
            assert self.shop.act("submit", product_id, "editor", product.business).status_code == 200
            self._submit(product_id, product)
        free = sorted(APPROVERS - barred)
        if product.status == "pending_approval" and free and product.business not in self.suspended:
            assert self.shop.act("approve", product_id, free[0], product.business).status_code == 200
            self._approve(product_id, product)

    @precondition(lambda self: any(product.live for product in self.products.values()))
    @rule(data=st.data())
    def retire(self, data: Any) -> None:
        """Takes something published down, so that what leaves is looked at as often as what comes."""
        live = sorted(number for number, product in self.products.items() if product.live)
        product_id = data.draw(st.sampled_from(live))
        product = self.products[product_id]
        answer = self.shop.act("unpublish", product_id, "admin", product.business)
        assert answer.status_code == 200
        self._unpublish(product_id, product)

    def skips(self, product: Model) -> bool:
        """Whether the business's policy publishes it without a review."""
        if product.live is None:
            return False
        live, content = ({**NOTHING, **said} for said in (product.live, product.content))
        changed = {name for name in content if content[name] != live[name]}
        if float(content["price"]) > float(live["price"]):
            return False
        skipping = self.skipping[product.business]
        return bool(skipping) and changed - {"price"} <= skipping and ("price" not in changed or "price" in skipping)

    def _submit(self, product_id: int, product: Model) -> None:
        if not self.skips(product):
            product.status = "pending_approval"
            return
        product.status, product.live = "approved", product.content
        product.live_contributors = product.live_contributors | product.contributors
        self.order = [product_id, *(other for other in self.order if other != product_id)]

    def _withdraw(self, _: int, product: Model) -> None:
        product.status = "draft"

    def _reject(self, _: int, product: Model) -> None:
        product.status = "rejected"

    def _approve(self, product_id: int, product: Model) -> None:
        product.status, product.live = "approved", product.content
        product.live_contributors, product.contributors = product.contributors, set()
        self.order = [product_id, *(other for other in self.order if other != product_id)]

    def _unpublish(self, _: int, product: Model) -> None:
        if product.status == "approved":
            product.status = "draft"
        product.live = None
        product.contributors = product.contributors | product.live_contributors
        product.live_contributors = set()

    @precondition(lambda self: self.products)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def revert(self, data: Any, who: str) -> None:
        product_id, product, business = self.pick(data)
        version = data.draw(st.integers(1, len(product.versions)))
        content, contributors = product.versions[version - 1]
        answer = self.shop.act("revert", product_id, who, business, version=version)
        if self.refused(answer, product, business, who in WRITERS):
            return
        if content == product.content:
            assert answer.status_code == 409
        else:
            assert answer.status_code == 200
            product.contributors = product.contributors | contributors
            product.write(who, content)

    @precondition(lambda self: self.products)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def delete(self, data: Any, who: str) -> None:
        product_id, product, business = self.pick(data)
        answer = self.shop.client.delete(f"/api/products/{product_id}/", headers=self.shop.login(who, business))
        if not self.refused(answer, product, business, who in WRITERS):
            assert answer.status_code == 204
            del self.products[product_id]

    @rule(
        which=st.integers(0, 1),
        own=st.booleans(),
        skip=st.lists(st.sampled_from(["description", "price", "category", "attributes"]), unique=True),
    )
    def choose_policy(self, which: int, own: bool, skip: list[str]) -> None:
        """What waits goes on waiting; what comes is judged anew."""
        business = self.businesses[which]
        body = {"allow_self_approval": own, "skip_review": skip}
        headers = self.shop.login("admin", business)
        assert self.shop.client.put("/api/products/policy/", json=body, headers=headers).status_code == 200
        self.self_approval = self.self_approval - {business} | ({business} if own else set())
        self.skipping[business] = set(skip)

    @precondition(lambda self: self.products)
    @rule(
        data=st.data(), who=st.sampled_from(PEOPLE), wished=st.sampled_from(["draft", "pending_approval", "approved"])
    )
    def ask_by_status(self, data: Any, who: str, wished: str) -> None:
        """A plain client that only sets `status`."""
        product_id, product, business = self.pick(data)
        answer = self.shop.change(product_id, who, business, status=wished)
        if self.refused(answer, product, business, who in WRITERS):
            return
        if wished == product.status:
            assert answer.status_code == 200
        elif wished == "approved":
            assert answer.status_code == (409 if who in APPROVERS else 403)
        elif wished == "draft":
            assert answer.status_code == (200 if product.status == "pending_approval" else 409)
            product.status = "draft" if answer.status_code == 200 else product.status
        elif product.status == "approved" or (business in self.suspended and self.skips(product)):
            assert answer.status_code == 409
        else:
            assert answer.status_code == 200
            self._submit(product_id, product)

    @precondition(lambda self: self.products)
    @rule(data=st.data(), who=st.sampled_from(sorted(APPROVERS)))
    def decide_in_bulk(self, data: Any, who: str) -> None:
        business = data.draw(st.sampled_from(self.businesses))
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.products)), min_size=1, unique=True))
        items = [{"id": product_id, "action": "approve"} for product_id in chosen]
        answer = self.shop.client.post(
            "/api/approvals/bulk/", json={"items": items}, headers=self.shop.login(who, business)
        )
        assert answer.status_code == 200, answer.json
        for product_id, result in zip(chosen, answer.json["results"], strict=True):
            product = self.products[product_id]
            if product.business != business:
                assert result["status"] == 404
            elif product.status != "pending_approval":
                assert result["status"] == 409
            elif who in product.contributors and business not in self.self_approval:
                assert result["status"] == 403
            elif business in self.suspended:
                assert result["status"] == 409
            else:
                assert result["status"] == 200
                self._approve(product_id, product)

    # What the feed tells

    @rule(which=st.integers(0, 1))
    def suspend_or_restore(self, which: int) -> None:
        business = self.businesses[which]
        kind = "restored" if business in self.suspended else "suspended"
        self.suspended ^= {business}
        self.unsettled |= {business}
        self.tell(f"business.{kind}", business_id=business, name=self.names[business], forget=True)

    @rule(which=st.integers(0, 1))
    def rename(self, which: int) -> None:
        business = self.businesses[which]
        self.names[business] = f"Renamed {next(_numbers)}"
        self.unsettled |= {business}
        self.tell("business.renamed", business_id=business, name=self.names[business])

    # What the worker does, a batch of one listing at a time

    @precondition(lambda self: self.unsettled)
    @rule(batches=st.integers(1, 3))
    def work(self, batches: int) -> None:
        for _ in range(batches):
            if not self.catch_up():
                self.settled()

    @precondition(lambda self: self.unsettled)
    @rule()
    def work_to_the_end(self) -> None:
        while self.catch_up():
            continue
        self.settled()

    @precondition(lambda self: self.unsettled)
    @rule()
    def die_in_a_batch(self) -> None:
        with self.app.app_context(), contextlib.suppress(Killed), db.transaction() as session:
            for business in sorted(self.unsettled):
                storefronts.advance(session, business, 1)
            raise Killed
        with self.app.app_context():
            db.session.remove()

    def settled(self) -> None:
        self.unsettled = set()

    # What must hold

    @invariant()
    def everything_public_is_the_last_approved_revision(self) -> None:
        self.shop.index()
        listed = self.shop.pages("/api/products/public/?page_size=2")
        visible = {
            product_id: product
            for product_id, product in self.products.items()
            if product.live is not None and product.business not in self.suspended
        }
        assert [one["id"] for one in listed] == [number for number in self.order if number in visible]
        for one in listed:
            self.agrees(one, visible[one["id"]])
        for product_id, product in self.products.items():
            answer = self.shop.client.get(f"/api/products/public/{product_id}/")
            assert answer.status_code == (200 if product_id in visible else 404)
            for content in (product.content, product.live or {}):
                word = content.get("name", "").split(" ")[-1] or "nothing"
                hits = {one["id"] for one in self.shop.public(f"?q={word}")}
                assert hits == {number for number, other in visible.items() if word in other.live["name"]}
        facets = self.shop.client.get("/api/products/public/facets/").json
        assert facets["total"] == len(visible)
        assert {one["id"]: (one["name"], one["count"]) for one in facets["businesses"]} == {
            number: (self.names[number], count)
            for number in self.businesses
            if (count := sum(product.business == number for product in visible.values()))
        }
        categories = Counter(product.live.get("category", "") for product in visible.values() if product.live)
        assert {one["value"]: one["count"] for one in facets["categories"]} == categories
        assert [one["currency"] for one in facets["currencies"]] == (["EUR"] if visible else [])
        for one in facets["currencies"]:
            prices = sorted(listed, key=lambda product: product["price_minor"])
            assert (one["min_price"], one["max_price"]) == (prices[0]["price"], prices[-1]["price"])
        again = self.shop.client.get("/api/products/public/facets/?min_price=0").json
        assert again == {**facets, "currency": "EUR"}

    @invariant()
    def changes_lead_to_the_same(self) -> None:
        for business in self.businesses:
            address = f"/api/products/changes/?after={self.seen[business]}"
            found = self.shop.client.get(address, headers=self.shop.login("viewer", business)).json
            assert [one["seq"] for one in found] == [self.seen[business] + n for n in range(1, len(found) + 1)]
            for one in found:
                self.seen[business] = one["seq"]
                if one["type"] == "delete":
                    self.replicas[business].pop(one["product_id"], None)
                else:
                    self.replicas[business][one["product_id"]] = one["product"]
            snapshot = self.shop.client.get("/api/products/changes/", headers=self.shop.login("viewer", business))
            if business not in self.unsettled:
                assert {one["product_id"]: one["product"] for one in snapshot.json} == self.replicas[business]
                live = {number for number, one in self.products.items() if one.business == business and one.live}
                assert set(self.replicas[business]) == (set() if business in self.suspended else live)
            # A name is everywhere at once, and in a partner's copy when the worker is done.
            renamed = {"business_name": self.names[business]} if business in self.unsettled else {}
            for product_id, one in self.replicas[business].items():
                self.agrees({**one, **renamed}, self.products[product_id])

    def agrees(self, shown: dict[str, Any], product: Model) -> None:
        assert product.live is not None
        wanted = {**NOTHING, **product.live, "price": f"{float(product.live['price']):.2f}"}
        assert {name: shown[name] for name in wanted} == wanted
        assert (shown["business"], shown["business_name"]) == (product.business, self.names[product.business])

    def pick(self, data: Any) -> tuple[int, Model, int]:
        """A product, and the business of whoever acts: its own, or sometimes the other one."""
        product_id = data.draw(st.sampled_from(sorted(self.products)))
        product = self.products[product_id]
        stranger = data.draw(st.sampled_from([False, False, False, True]))
        other = next(number for number in self.businesses if number != product.business)
        return product_id, product, other if stranger else product.business

    def refused(self, answer: Any, product: Model, business: int, allowed: bool) -> bool:
        """Whether role or tenancy refuse it, as they must."""
        if not allowed:
            assert answer.status_code == 403
        elif business != product.business:
            assert answer.status_code == 404
        return not allowed or business != product.business

    def teardown(self) -> None:
        with self.app.app_context():
            lines = list(decisions.export(db.session()))
            db.session.remove()
        verify_log.verify(lines)
        for business in self.suspended:
            self.tell("business.restored", business_id=business, name=self.names[business])
        while self.catch_up():
            continue
        for product_id, product in self.products.items():
            headers = self.shop.login("admin", product.business)
            assert self.shop.client.delete(f"/api/products/{product_id}/", headers=headers).status_code == 204
        assert self.shop.public() == []


@pytest.fixture
def batch() -> int:
    return 1


@pytest.mark.timeout(900)
def test_public_equals_the_last_approved_revisions(app: Any, shop: Any, tell: Any, catch_up: Any) -> None:
    def told(kind: str, forget: bool = False, **data: Any) -> None:
        tell(kind, wholly=False, **data)
        if forget:
            # A suspension also refuses the business's people; here they go on, so that more can be tried.
            with app.app_context(), db.transaction() as session:
                session.execute(db.delete(Revocation))

    class Here(Marketplace):
        pass

    Here.shop, Here.app, Here.tell, Here.catch_up = shop, app, staticmethod(told), staticmethod(catch_up)
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
