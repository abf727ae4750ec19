"""The judged set itself: whole, plausible, and the measures that read it."""

from collections import Counter

import pytest

from tests.relevance import catalogue
from tests.relevance.judgments import Query, lines, read
from tests.relevance.measures import measure

KINDS = {
    "exact name", "name part", "sku", "sku part", "seller", "brand", "category", "inflection", "umlaut & accent", "typo",
    "hyphen & compound", "compound part", "prefix", "attribute", "use", "word order", "head noun", "stop words", "symbol",
    "CJK", "synonym", "mixed language", "nothing",
}  # fmt: skip


def test_set_is_large_and_spreads_over_kinds_and_languages() -> None:
    queries = read()

    assert len(queries) >= 300
    assert {query.kind for query in queries} == KINDS
    assert set(Counter(query.language for query in queries)) == {"en", "de", "fr", "es", "ja"}
    assert min(Counter(query.catalogue for query in queries).values()) >= 100


def test_no_query_is_judged_twice() -> None:
    asked = Counter((line["catalogue"], line["query"], line["kind"]) for line in lines())

    assert [query for query, count in asked.items() if count > 1] == []


def test_only_what_shall_come_empty_has_no_judgment() -> None:
    assert {query.kind for query in read() if not query.grades} == {"nothing"}


def test_what_comes_first_is_among_the_best() -> None:
    wrong = [query.name for query in read() for sku in query.top if query.grades[sku] < max(query.grades.values())]

    assert wrong == []


def test_generated_catalogue_is_the_same_each_time_and_has_no_double() -> None:
    products = catalogue.generated()

    assert products == catalogue.generated()
    assert len({product.sku for product in products}) == len(products) > 2000
    assert len({product.body["name"] for product in products}) == len(products)


def test_demo_catalogue_is_what_everybody_sees() -> None:
    skus = {product.sku for product in catalogue.demo()}

    assert {"NL-1004", "KS-203"} < skus
    assert skus.isdisjoint({"NL-2005", "NL-3005", "NL-3006", "NL-3007"})


QUERY = Query("lamp", "head noun", "en", "demo", {"A": 3, "B": 3, "C": 1}, top=["B"])


@pytest.mark.parametrize(
    ("ranking", "ndcg", "recall", "success"),
    [
        (["B", "A", "C"], 1.0, 1.0, 1.0),
        (["A", "B", "C"], 1.0, 1.0, 0.0),
        (["C", "X", "A"], 0.378, 0.5, 0.0),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_measures(ranking: list[str], ndcg: float, recall: float, success: float) -> None:
    assert measure(QUERY, ranking) == {
        "ndcg": pytest.approx(ndcg, abs=0.001),
        "recall": recall,
        "success": success,
    }


def test_measures_of_a_query_that_must_find_nothing() -> None:
    nothing = Query("qqzz", "nothing", "en", "demo", {})

    assert measure(nothing, [])["ndcg"] == 1.0
    assert measure(nothing, ["A"])["ndcg"] == 0.0
