"""The questions themselves are whole and true of the demo, and their judge can tell right from wrong."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.chat_service.corpus import judge
from tests.chat_service.corpus.questions import LANGUAGES, Question, figure, read
from tests.relevance import catalogue

PRODUCTS = {product.sku: product.body for product in catalogue.demo()}
NAMES = {sku: str(body["name"]) for sku, body in PRODUCTS.items()}
ELBE, WATT = "NL-1001", "NL-1002"
UNKNOWN = [{"kind": "unknown"}]


def test_corpus_is_large_enough_in_every_language() -> None:
    languages = Counter(question.language for question in read())

    assert languages.total() >= 400
    assert set(languages) == set(LANGUAGES)
    assert min(languages.values()) >= 60


def test_every_question_can_be_answered_wrongly() -> None:
    assert [question.question for question in read() if not question.expectations] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter((question.language, question.setup, question.question) for question in read())

    assert [question for question, count in asked.items() if count > 1] == []


def test_judgments_speak_of_what_is_public() -> None:
    assert [question.question for question in read() if question.skus - PRODUCTS.keys()] == []


def test_prices_are_those_of_the_demo() -> None:
    wrong = [
        question.question
        for question in read()
        if question.kind == "price"
        if [figure(said) for said in question.says] != [Decimal(PRODUCTS[question.first]["price"]).normalize()]
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [("129.00 EUR", "129"), ("129,00 €", "129"), ("￥86,000", "86000"), ("86 000 ¥", "86000"), ("86.000 JPY", "86000")],
)
def test_figure_is_read_however_it_is_written(text: str, amount: str) -> None:
    assert Decimal(amount).normalize() in judge.figures(text)


def answer(text: str, *skus: str, **more: Any) -> Any:
    return {
        "ai_response": text,
        "products": [{"id": number, "name": NAMES[sku]} for number, sku in enumerate(skus)],
        "statements": [],
        "language": "en",
        **more,
    }


def question(**expected: Any) -> Question:
    return Question("?", "en", "price", **expected)


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        ({"products": (ELBE,)}, answer("", ELBE, WATT), answer("", WATT)),
        ({"only": (ELBE,)}, answer("", ELBE), answer("", ELBE, WATT)),
        ({"only": (ELBE,)}, answer("", ELBE), answer("")),
        ({"not_products": (ELBE,)}, answer("", WATT), answer("", ELBE)),
        ({"first": ELBE}, answer("", ELBE, WATT), answer("", WATT, ELBE)),
        ({"says": ("129.00",)}, answer("It costs €129."), answer("It costs €129.50.")),
        ({"says": ("46 cm",)}, answer("46\u00a0cm tall"), answer("64 cm tall")),
        ({"never": ("yes",)}, answer("Yesterday"), answer("Yes.")),
        ({"never": ("46%",)}, answer("I did not read “46%”."), answer("It is 46% off.")),
        ({"count": 8}, answer("There are 8."), answer("There are 18.")),
        ({"silent": True}, answer("Hm."), answer("Hm.", ELBE)),
        ({"topic": "shipping"}, answer("No word on delivery.", statements=UNKNOWN), answer("", statements=UNKNOWN)),
        ({"topic": "shipping"}, answer("No word on delivery.", statements=UNKNOWN), answer("Delivery is free.")),
        (
            {"topic": "shipping"},
            answer("No word on delivery.", statements=UNKNOWN),
            answer("No word on delivery.", ELBE, statements=UNKNOWN),
        ),
        ({"talk": "thanks"}, answer("", statements=[{"kind": "thanks"}]), answer("", statements=[{"kind": "help"}])),
        ({"nothing": True}, answer("", statements=[{"kind": "nothing"}]), answer("", statements=[{"kind": "list"}])),
        (
            {"most": ELBE},
            answer("", ELBE, WATT, statements=[{"kind": "comparison", "most": 0}]),
            answer("", ELBE, WATT, statements=[{"kind": "comparison", "most": 1}]),
        ),
        ({"says": ("a",)}, answer("a", language="en"), answer("a", language="de")),
    ],
)
def test_judge_tells_right_from_wrong(expected: Any, right: Any, wrong: Any) -> None:
    assert judge.problems(question(**expected), right, None, NAMES) == []
    assert judge.problems(question(**expected), wrong, None, NAMES) != []


def test_ordinal_counts_what_was_shown() -> None:
    shown = answer("", ELBE, WATT)

    assert judge.problems(question(ordinal=2), answer("", WATT), shown, NAMES) == []
    assert judge.problems(question(ordinal=2), answer("", ELBE), shown, NAMES) != []
    assert judge.problems(question(ordinal=3), answer("", ELBE), shown, NAMES) != []
