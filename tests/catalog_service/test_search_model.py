"""Search against a plain Python model of it, over random catalogues and random questions."""

import os
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from catalog_service.content import texts
from catalog_service.search import matching, ways
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("SEARCH_EXAMPLES", "40"))
WORDS = ("oak", "oakwood", "o", "lamp", "Lampe", "Łódź", "lo", "红灯", "100%", "C++", "ß")
CATEGORIES = ("", "Kitchen", "kitchen", "Home & Garden")
CURRENCIES = ("EUR", "JPY", "BHD")
PRICES = ("0", "1", "9", "10", "99")

PRODUCT = st.fixed_dictionaries(
    {
        "name": st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
        "description": st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
        "category": st.sampled_from(CATEGORIES),
        "currency": st.sampled_from(CURRENCIES),
        "price": st.sampled_from(PRICES),
    }
)
QUESTION = st.fixed_dictionaries(
    {"ordering": st.sampled_from(["-published_at", "price", "-price", "name"])},
    optional={
        "q": st.lists(st.sampled_from((*WORDS, "OA", "la", "¡")), min_size=1, max_size=3).map(" ".join),
        "business": st.sampled_from([1, 2, 3]),
        "category": st.sampled_from(CATEGORIES),
        "currency": st.sampled_from(CURRENCIES),
        "min_price": st.sampled_from(PRICES),
        "max_price": st.sampled_from(PRICES),
    },
)
ORDERS: dict[str, Any] = {
    "-published_at": lambda one: -one["place"],
    "price": lambda one: (float(one["price"]), one["place"]),
    "-price": lambda one: (-float(one["price"]), -one["place"]),
    "name": lambda one: (texts.fold(one["name"]), one["place"]),
}


def answers(catalogue: list[dict[str, Any]], question: dict[str, Any]) -> list[dict[str, Any]]:
    """What is to be found, in order."""
    fits = [one for one in catalogue if _fits(one, question)]
    return sorted(fits, key=ORDERS[question["ordering"]])


def _fits(one: dict[str, Any], question: dict[str, Any]) -> bool:
    said = texts.words(one["name"], one["description"], one["category"])
    asked = texts.words(question.get("q", ""))
    if "q" in question and not asked:
        return False
    equal = ("business", "category", "currency")
    return (
        all(any(word.startswith(begun) for word in said) for begun in asked)
        and all(one[name] == question.get(name, one[name]) for name in equal)
        and float(question.get("min_price", 0)) <= float(one["price"]) <= float(question.get("max_price", 1e9))
    )


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


@pytest.fixture(params=["few", "sift", "walk", "near", "giving up"])
def plan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is few or many, and whichever way is the cheapest, the answers are the same."""
    few = request.param == "few"
    monkeypatch.setattr(matching, "MANY", 1000 if few else 1)
    monkeypatch.setattr(matching, "MAX_ENDINGS", 40 if few else 1)
    for costs in ways.COSTS.values():
        for plan in costs:
            monkeypatch.setitem(costs, plan, (0, 0, 0) if plan == request.param else (1, 1, 1))
    monkeypatch.setattr(ways, "MOST_NEAR", float("inf"))
    if request.param == "giving up":
        monkeypatch.setattr(ways, "WRONG_BY", 0)
        monkeypatch.setattr(ways, "NEARBY", 2)


def test_search_and_facets_agree_with_a_plain_model(shop: Any, client: Any, login: Any, plan: None) -> None:
    made: list[int] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(
        st.lists(st.tuples(st.sampled_from([1, 2]), PRODUCT), max_size=8),
        st.lists(QUESTION, min_size=4, max_size=12),
        st.integers(1, 4),
    )
    def check(products: list[tuple[int, dict[str, Any]]], questions: list[dict[str, Any]], size: int) -> None:
        catalogue = []
        for place, (business, product) in enumerate(products):
            product_id = shop.publish(business, **product)
            made.append(product_id)
            catalogue.append({**product, "business": business, "place": place, "id": product_id})
        for question in questions:
            expected = answers(catalogue, question)
            address = f"/api/products/public/?{urlencode({**question, 'page_size': size})}"
            assert [one["id"] for one in shop.pages(address)] == [one["id"] for one in expected], question
            filters = urlencode({name: value for name, value in question.items() if name != "ordering"})
            shown = client.get(f"/api/products/public/facets/?{filters}").json
            assert seen_facets(shown) == facets_of(expected), question
        for one in catalogue:
            headers = login("admin", one["business"])
            assert client.delete(f"/api/products/{one['id']}/", headers=headers).status_code == 204

    check()
    assert made
