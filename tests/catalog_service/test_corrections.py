"""Typos: put right where the words find nothing, said in the answer, and undone on request."""

from typing import Any
from urllib.parse import unquote

import pytest

LIST, FACETS, SUGGESTIONS = (f"/api/products/public/{name}" for name in ("", "facets/", "suggestions/"))
PRODUCTS = [
    {"name": "Elbe desk lamp", "category": "Lighting"},
    {"name": "Walnut shelf", "category": "Furniture"},
    {"name": "Müsli-Schale", "category": "Küche"},
    {"name": "Bookshelf speaker", "category": "Audio", "price": "90.00"},
    {"name": "Walnut bowl", "category": "Küche"},
]


@pytest.fixture
def ask(client: Any, shop: Any) -> Any:
    """ask(address, **query) -> the answer; a draft with words of its own hides beside what is published."""
    for product in PRODUCTS:
        shop.publish(**product)
    shop.create(name="Xanadu lampshade")
    shop.index()

    def get(address: str, **query: Any) -> Any:
        answer = client.get(address, query_string=query)
        assert answer.status_code == 200, answer.json
        return answer

    return get


CORRECTED = {
    "walnutt": "walnut",
    "lmap": "lamp",
    "elbe deks lamp": "elbe desk lamp",
    "bokshlef": "bookshelf",
    "muslli": "müsli",
    "the walnutt": "the walnut",
}


def test_a_misspelt_word_is_put_right_and_said_everywhere(ask: Any) -> None:
    for q, corrected in CORRECTED.items():
        answer = ask(LIST, q=q)
        assert answer.json, q
        assert answer.headers["X-Search-Matched"] == "similar", q
        assert unquote(answer.headers["X-Search-Corrected"]) == corrected
        for address in (FACETS, SUGGESTIONS):
            body = ask(address, q=q).json
            assert (body["matched"], body["corrected"]) == ("similar", corrected), (address, q)
        assert ask(FACETS, q=q).json["total"] == len(answer.json)
        assert ask(LIST, q=corrected).json == answer.json


def test_a_correction_is_undone_on_request(ask: Any) -> None:
    answer = ask(LIST, q="walnutt", correct="false")

    assert answer.json == []
    assert answer.headers["X-Search-Matched"] == "exact"
    assert "X-Search-Corrected" not in answer.headers
    facets = ask(FACETS, q="walnutt", correct="false").json
    assert (facets["total"], facets["matched"], facets["corrected"]) == (0, "exact", None)


def test_pages_of_a_correction_go_on(client: Any, ask: Any) -> None:
    first = ask(LIST, q="walnutt", page_size=1)
    second = client.get(first.headers["Link"].split(">")[0].lstrip("<"))

    assert second.status_code == 200
    assert {one["name"] for one in (*first.json, *second.json)} == {"Walnut shelf", "Walnut bowl"}
    assert second.headers["X-Search-Corrected"] == "walnut"


LEFT = ["lamp", "lam", "wal", "wlnt", "balnut", "qwxyz", "lamp qwxyz", "42", "walnut lamp", "xanadu", "xanado", "---"]


def test_what_is_right_short_far_off_or_unpublished_is_left_alone(ask: Any) -> None:
    for q in LEFT:
        answer = ask(LIST, q=q)
        assert answer.headers["X-Search-Matched"] == "exact", q
        assert "X-Search-Corrected" not in answer.headers


def test_filters_that_leave_nothing_are_no_typo(ask: Any) -> None:
    answer = ask(LIST, q="walnut", category="Lighting")

    assert answer.json == []
    assert answer.headers["X-Search-Matched"] == "exact"


def test_a_list_without_words_says_nothing_of_matches(ask: Any) -> None:
    assert "X-Search-Matched" not in ask(LIST).headers
