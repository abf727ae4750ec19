"""Searches, lists and counts against a plain Python model, while products and businesses change at random."""

import os
import random
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from catalog_service.content import texts
from catalog_service.models import Revocation, db
from sqlalchemy import delete

from tests.builders import Signer
from tests.catalog_service.conftest import introduce

# How many changes to live through; a hundred thousand before a release.
STEPS = int(os.environ.get("SEARCH_STEPS", "400"))
# Too short to be put right, and in no language.
WORDS = ("zqx", "vkj", "wqz", "xkv", "zvq", "jqw")
CATEGORIES = ("", "Kitchen", "kitchen", "Home & Garden")
CURRENCIES = ("EUR", "JPY", "BHD")
PRICES = ("0", "1", "9", "10", "99")
BUSINESSES = (1, 2, 3)
ORDERS: dict[str, Any] = {
    "-published_at": lambda one: -one["place"],
    "price": lambda one: (float(one["price"]), one["place"]),
    "-price": lambda one: (-float(one["price"]), -one["place"]),
    "name": lambda one: (texts.fold(one["name"]), one["place"]),
}


class Catalogue:
    """What is published of whom, as a list of dictionaries."""

    def __init__(self, shop: Any, tell: Any, signer: Signer, chance: random.Random) -> None:
        self.shop, self.tell, self.signer, self.chance = shop, tell, signer, chance
        self.live: dict[int, dict[str, Any]] = {}
        self.hidden: set[int] = set()
        self.names = dict.fromkeys(BUSINESSES, "Nordlicht")
        self.published = 0

    def change(self) -> None:
        free = [one for one in self.live.values() if one["business"] not in self.hidden]
        act = self.chance.choices(
            [self.publish, self.edit, self.unpublish, self.remove, self.hide_or_show, self.rename], [5, 4, 1, 2, 1, 1]
        )[0]
        if act in {self.edit, self.remove} and not free:
            act = self.publish
        act(self.chance.choice(free) if free else {})

    def content(self) -> dict[str, Any]:
        pick = self.chance.choice
        return {
            "name": " ".join(self.chance.choices(WORDS, k=pick([1, 2, 3]))),
            "description": " ".join(self.chance.choices(WORDS, k=pick([0, 1, 2]))),
            "category": pick(CATEGORIES),
            "currency": pick(CURRENCIES),
            "price": pick(PRICES),
        }

    def publish(self, _: dict[str, Any]) -> None:
        business = self.chance.choice([one for one in BUSINESSES if one not in self.hidden] or [0])
        if business:
            content = self.content()
            self.put(self.shop.publish(business, **content), business, content)

    def edit(self, one: dict[str, Any]) -> None:
        content = self.content()
        answer = self.shop.change(one["id"], business=one["business"], **content)
        assert answer.status_code == 200
        if answer.json["status"] == "draft":
            self.shop.approve(one["id"], one["business"])
            self.put(one["id"], one["business"], content)

    def put(self, product_id: int, business: int, content: dict[str, Any]) -> None:
        self.published += 1
        self.live[product_id] = {**content, "id": product_id, "business": business, "place": self.published}

    def unpublish(self, _: dict[str, Any]) -> None:
        """By the operator, who may do so while the business is hidden, too."""
        if self.live:
            product_id = self.chance.choice(sorted(self.live))
            address = f"/api/products/{product_id}/unpublish/"
            operator = self.signer.headers(sub="9", role="operator", business_id=None, sid="s9")
            assert self.shop.client.post(address, json={}, headers=operator).status_code == 204
            del self.live[product_id]

    def remove(self, one: dict[str, Any]) -> None:
        headers = self.shop.login("admin", one["business"])
        assert self.shop.client.delete(f"/api/products/{one['id']}/", headers=headers).status_code == 204
        del self.live[one["id"]]

    def hide_or_show(self, _: dict[str, Any]) -> None:
        business = self.chance.choice(BUSINESSES)
        kind = "restored" if business in self.hidden else "suspended"
        self.hidden ^= {business}
        wholly = self.chance.random() < 0.5
        self.tell(f"business.{kind}", wholly=wholly, business_id=business, name=self.names[business])

    def rename(self, _: dict[str, Any]) -> None:
        business = self.chance.choice(BUSINESSES)
        self.names[business] = f"Seller {self.chance.randrange(1000)}"
        self.tell("business.renamed", wholly=False, business_id=business, name=self.names[business])

    def answers(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        money = {"min_price", "max_price"} & question.keys() or "price" in question.get("ordering", "")
        wanted = {"currency": "EUR", **question} if money else question
        found = [one for one in self.live.values() if one["business"] not in self.hidden and _fits(one, wanted)]
        return sorted(found, key=ORDERS.get(question.get("ordering", ""), ORDERS["-published_at"]))


def _fits(one: dict[str, Any], question: dict[str, Any]) -> bool:
    said = f"{one['name']} {one['description']}".split()
    asked = question.get("q", "").split()
    # The last word is being typed.
    has_words = all(word in said for word in asked[:-1]) and any(word.startswith("".join(asked[-1:])) for word in said)
    return (
        has_words
        and all(one[name] == question.get(name, one[name]) for name in ("business", "category", "currency"))
        and float(question.get("min_price", 0)) <= float(one["price"]) <= float(question.get("max_price", 1e9))
    )


def questions(chance: random.Random) -> dict[str, Any]:
    words = " ".join(chance.choices(WORDS, k=chance.choice([0, 1, 1, 2])))
    optional = {
        "q": words[: len(words) - chance.choice([0, 0, 1])],
        "business": chance.choice(BUSINESSES),
        "category": chance.choice(CATEGORIES),
        "currency": chance.choice(CURRENCIES),
        "min_price": chance.choice(PRICES),
        "max_price": chance.choice(PRICES),
    }
    found = {name: value for name, value in optional.items() if chance.random() < (0.6 if name == "q" else 0.25)}
    ordering = chance.choice(["", *ORDERS])
    return {**found, **({"ordering": ordering} if ordering else {})}


def facets_of(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts and price ranges, without their order."""
    prices = {code: sorted(float(one["price"]) for one in found if one["currency"] == code) for code in CURRENCIES}
    return {
        "total": len(found),
        "categories": Counter(one["category"] for one in found),
        "businesses": Counter(one["business"] for one in found),
        "currencies": {code: (len(some), some[0], some[-1]) for code, some in prices.items() if some},
    }


def seen_facets(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "total": shown["total"],
        "categories": {one["value"]: one["count"] for one in shown["categories"]},
        "businesses": {one["id"]: one["count"] for one in shown["businesses"]},
        "currencies": {
            one["currency"]: (one["count"], float(one["min_price"]), float(one["max_price"]))
            for one in shown["currencies"]
        },
    }


@pytest.fixture
def catalogue(app: Any, shop: Any, tell: Any, signer: Signer) -> Catalogue:
    def told(kind: str, **data: Any) -> None:
        tell(kind, **data)
        # A suspension also refuses the business's people; here they go on, so that more can be tried.
        with app.app_context(), db.transaction() as session:
            session.execute(delete(Revocation))

    made = Catalogue(shop, told, signer, random.Random(20261129))
    with app.app_context(), db.transaction() as session:
        introduce(session, 3)
    for business in BUSINESSES:
        told("business.created", business_id=business, name=made.names[business])
    return made


@pytest.mark.timeout(0)
def test_answers_and_counts_are_those_of_a_plain_model_after_each_change(catalogue: Catalogue, client: Any) -> None:
    for _ in range(STEPS):
        catalogue.change()
        if catalogue.chance.random() < 0.5:
            continue
        seq = catalogue.shop.index()
        for question in (questions(catalogue.chance) for _ in range(4)):
            expected = catalogue.answers(question)
            agrees(catalogue, client, question, expected, seq)


def agrees(
    catalogue: Catalogue, client: Any, question: dict[str, Any], expected: list[dict[str, Any]], seq: int
) -> None:
    size = catalogue.chance.choice([2, 5, 100])
    rows = catalogue.shop.pages(f"/api/products/public/?{urlencode({**question, 'page_size': size, 'min_seq': seq})}")
    shown, wanted = [one["id"] for one in rows], [one["id"] for one in expected]
    if question.get("q") and "ordering" not in question:
        shown, wanted = sorted(shown), sorted(wanted)
    assert shown == wanted, question
    assert all(one["business_name"] == catalogue.names[one["business"]] for one in rows)
    filters = {name: value for name, value in question.items() if name != "ordering"}
    if "price" in question.get("ordering", ""):
        filters.setdefault("currency", "EUR")
    counted = client.get(f"/api/products/public/facets/?{urlencode({**filters, 'min_seq': seq})}")
    assert seen_facets(counted.json) == facets_of(expected), question
    assert int(counted.headers["X-Index-Seq"]) >= seq
