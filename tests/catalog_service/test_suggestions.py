"""Suggestions: of what is published alone, in one answer."""

from typing import Any

import pytest

ADDRESS = "/api/products/public/suggestions/"


@pytest.fixture
def suggest(client: Any, shop: Any, tell: Any) -> Any:
    tell("business.created", business_id=1, name="Lantern & Pine")
    for name in ("Elbe desk lamp", "Watt pendant lamp", "Lamp oil"):
        shop.publish(name=name, category="Lamps & Lights", sku=None)
    shop.publish(name="Müsli-Schale", category="Küche")
    shop.create(name="Lamprey trap", category="Lampreys")
    shop.index()

    def get(q: str) -> Any:
        answer = client.get(ADDRESS, query_string={"q": q})
        assert answer.status_code == 200, answer.json
        return answer.json

    return get


def test_one_answer_holds_products_categories_sellers_and_completions(suggest: Any) -> None:
    found = suggest("lam")

    assert [one["name"] for one in found["products"]][0] in {"Elbe desk lamp", "Watt pendant lamp", "Lamp oil"}
    assert len(found["products"]) == 3
    assert set(found["products"][0]) == {
        "id", "name", "price", "currency", "category", "business", "business_name", "picture"
    }  # fmt: skip
    assert found["categories"] == [{"value": "Lamps & Lights", "count": 3}]
    assert "lamp" in found["completions"]
    assert (found["matched"], found["corrected"]) == ("exact", None)
    assert suggest("lights")["categories"] == [{"value": "Lamps & Lights", "count": 3}]
    assert suggest("pin")["sellers"] == [{"id": 1, "name": "Lantern & Pine", "count": 4}]


def test_completions_say_more_than_one_word_with_their_accents(suggest: Any) -> None:
    assert "desk lamp" in suggest("desk l")["completions"]
    assert suggest("mues")["completions"] == suggest("mus")["completions"] == ["müsli", "müsli-schale"]
    assert "oil lamp" in suggest("oil la")["completions"]


def test_what_is_not_published_is_suggested_nowhere(suggest: Any, shop: Any, tell: Any) -> None:
    assert not any("lamprey" in str(part).lower() for part in suggest("lampr").values())

    tell("business.suspended", business_id=1, name="Lantern & Pine")

    assert suggest("lam") == {
        "products": [], "categories": [], "sellers": [], "completions": [], "matched": "exact", "corrected": None
    }  # fmt: skip


def test_private_characters_of_a_category_do_no_harm(suggest: Any, shop: Any) -> None:
    shop.publish(name="Odd \ue001 lamp", category="Odd\ue001\ue000s1")
    shop.index()

    assert [one["count"] for one in suggest("odd")["categories"]] == [1]
    assert suggest("odd")["sellers"] == []


@pytest.mark.parametrize("q", ["", " ", "---", "x" * 200, "% _", "\ue001", "\ue000s1"])
def test_any_text_is_answered(suggest: Any, q: str) -> None:
    assert set(suggest(q)) == {"products", "categories", "sellers", "completions", "matched", "corrected"}


def test_suggestions_may_be_kept_for_a_second(client: Any, suggest: Any) -> None:
    answer = client.get(ADDRESS, query_string={"q": "lam"})

    assert answer.headers["Cache-Control"] == "public, max-age=1"
    again = client.get(ADDRESS, query_string={"q": "lam"}, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(ADDRESS, query_string={"q": "x" * 201}).status_code == 422


def test_what_was_written_anew_is_counted_once(suggest: Any, shop: Any) -> None:
    lamp = next(one for one in suggest("elbe")["products"] if one["name"] == "Elbe desk lamp")

    shop.change(lamp["id"], name="Weser desk lamp")
    shop.approve(lamp["id"])
    shop.index()

    assert suggest("pin")["sellers"] == [{"id": 1, "name": "Lantern & Pine", "count": 4}]
    assert not any("elbe" in text for text in suggest("elb")["completions"])
