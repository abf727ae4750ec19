"""Ranking without a full score for each of many: the same beginning, each listing once, filters and hiding respected."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from catalog_service.search import analysis, best
from catalog_service.search.port import Entry, Filters, Parsed, Position
from catalog_service.search.reader import Reader, State
from catalog_service.search.writer import Writer

from tests.bench import catalog_products

COUNT = 3000
FILTERS = [Filters(), Filters(category="Kitchen"), Filters(hidden=frozenset(range(1, 100)))]


@pytest.fixture(scope="module")
def state(tmp_path_factory: Any) -> Iterator[State]:
    folder: Path = tmp_path_factory.mktemp("search")
    writer = Writer(folder)
    assert writer.is_mine()
    entries = [_entry(product) for product in catalog_products.products(COUNT)]
    list(writer.rebuild([entries], Position(COUNT, "m")))
    yield Reader(folder).state()
    writer.close()


def _entry(product: dict[str, Any]) -> Entry:
    fields = analysis.fields({**product, "business_name": f"Shop {product['business_id']}"})
    return Entry(
        product["id"],
        product["id"],
        product["business_id"],
        product["category"],
        product["currency"],
        product["price_minor"],
        product["name"].lower(),
        {name: " ".join(tokens) for name, tokens in fields.items()},
    )


def asked(q: str) -> Parsed:
    parsed = analysis.parse(q)
    assert parsed is not None
    return parsed


def everything(state: State, parsed: Parsed, filters: Filters) -> list[tuple[int, Any]]:
    """All hits, page by page."""
    hits: list[Any] = []
    while page := state.find(parsed, filters, "relevance", hits[-1].key if hits else None, 300):
        hits += page
    return [(hit.id, hit.key) for hit in hits]


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "category", "hidden"])
@pytest.mark.parametrize("q", ["pan", "steel", "steel pan", "knife", "compact oak", "k", "the", "easy to clean"])
def test_the_best_come_first_each_once_and_as_many_as_there_are(state: State, q: str, filters: Filters) -> None:
    parsed = asked(q)

    found = everything(state, parsed, filters)

    total = state.facets(parsed, filters).total
    assert len({product for product, _ in found}) == len(found)
    assert len(found) == min(total, best.WINDOW)
    assert [key for _, key in found] == sorted((key for _, key in found), reverse=True)


@pytest.mark.parametrize("q", ["pan", "steel", "steel pan", "wool", "lamp", "oak", "kettle"])
def test_a_shortcut_begins_like_a_full_score(state: State, monkeypatch: pytest.MonkeyPatch, q: str) -> None:
    quick = state.find(asked(q), Filters(), "relevance", None, 10)
    monkeypatch.setattr(best, "WINDOW", COUNT)
    monkeypatch.setattr(best, "SCORED", COUNT)
    full = state.find(asked(q), Filters(), "relevance", None, 10)

    assert all(_score(found) > 0.98 * _score(wanted) for found, wanted in zip(quick, full, strict=True))


def _score(hit: Any) -> float:
    return float(hit.key[0])


def test_nothing_hidden_or_filtered_away_is_found(state: State) -> None:
    hidden = frozenset({1, 2, 3})
    shown = {hit for hit, _ in everything(state, asked("steel"), Filters(hidden=hidden))}
    whole = {hit for hit, _ in everything(state, asked("steel"), Filters())}
    sellers = {product["id"]: product["business_id"] for product in catalog_products.products(COUNT)}

    assert shown == {product for product in whole if sellers[product] not in hidden}
