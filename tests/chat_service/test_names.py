"""Names that hold numbers, prices' words, negations or another script are found by what the question quotes of them."""

from typing import Any

import pytest

from tests.chat_service.catalogue import PRODUCTS, Catalogue, product
from tests.chat_service.conftest import ask

NAMES = [
    "iPhone 15 Pro", "WD-40 spray", "Lego 42115", "7 Wonders game", "Level 3 charger", "Size 9 needles", "Chanel No. 5",
    "M3 screws 20 pack", "Without a Trace puzzle", "Not Your Mother's shampoo", "One Love mug", "כיסא 64 (X-200)",
    "Under 5 minutes cookbook", "Fifty Shades of Green paint", "東京 24 時間ボトル", *(f"Tern stool {n}" for n in range(40)),
]  # fmt: skip


@pytest.fixture
def engine_name() -> str:
    """What is said does not depend on the database; one is enough."""
    return "sqlite"


@pytest.fixture
def named(client: Any, catalogue: Catalogue) -> Any:
    catalogue.rows = [
        *map(dict, PRODUCTS), *(product(100 + n, name, "24.00", "EUR", "Sundries", 4) for n, name in enumerate(NAMES)),
    ]  # fmt: skip
    return client


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How much is כיסא 64 (X-200)?", ["כיסא 64 (X-200)"]),
        ("Is the iPhone 15 Pro in stock?", ["iPhone 15 Pro"]),
        ("is the iphone 15 in stock?", ["iPhone 15 Pro"]),
        ("price of WD-40", ["WD-40 spray"]),
        ("Lego 42115", ["Lego 42115"]),
        ("7 Wonders game", ["7 Wonders game"]),
        ("how much is the level 3 charger?", ["Level 3 charger"]),
        ("size 9 needles please", ["Size 9 needles"]),
        ("do you sell chanel no. 5?", ["Chanel No. 5"]),
        ("M3 screws 20 pack", ["M3 screws 20 pack"]),
        ("Without a Trace puzzle", ["Without a Trace puzzle"]),
        ("do you have Not Your Mother's shampoo?", ["Not Your Mother's shampoo"]),
        ("one love mug", ["One Love mug"]),
        ("what does the under 5 minutes cookbook cost?", ["Under 5 minutes cookbook"]),
        ("fifty shades of green paint under 30 EUR", ["Fifty Shades of Green paint"]),
        ("What does the Tern stool 37 cost?", ["Tern stool 37"]),
        ("東京 24 時間ボトルはいくらですか", ["東京 24 時間ボトル"]),
        ("is the iPhone 15 cheaper than the Lego 42115?", ["iPhone 15 Pro", "Lego 42115"]),
        ("compare Tern stool 3 and Tern stool 33", ["Tern stool 3", "Tern stool 33"]),
    ],
)
def test_product_is_found_by_the_name_that_the_question_quotes(named: Any, question: str, names: list[str]) -> None:
    answer = ask(named, question)

    assert [each["name"] for each in answer["products"]] == names
    assert "unread" not in {each["kind"] for each in answer["statements"]}


def test_number_that_begins_a_name_may_be_a_limit_elsewhere(named: Any) -> None:
    answer = ask(named, "M3 screws under 20 EUR")

    scopes = [each["scope"] for each in answer["statements"] if "scope" in each]
    assert [scope["max_price"] for scope in scopes][:1] == ["20"]
