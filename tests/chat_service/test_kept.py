"""What the catalogue answered is used again for a moment, and never grows with what shoppers ask."""

from typing import Any

from chat_service.clients.catalog import Kept


def ask(kept: Kept, key: str, size: int = 1_000) -> list[str]:
    """The keys that had to be asked for."""
    asked: list[str] = []

    def answer() -> Any:
        asked.append(key)
        return {"text": "x" * size}

    assert kept.get(key, answer, lambda body: len(body["text"])) == size
    return asked


def test_answer_is_used_again() -> None:
    kept = Kept(seconds=60)

    assert [ask(kept, "lamps"), ask(kept, "lamps")] == [["lamps"], []]


def test_nothing_is_kept_where_it_may_not_be_used_again() -> None:
    kept = Kept(seconds=0)

    assert [ask(kept, "lamps"), ask(kept, "lamps"), kept.bytes] == [["lamps"], ["lamps"], 0]


def test_oldest_answers_go_where_all_would_be_too_large() -> None:
    kept = Kept(seconds=60, most_bytes=10_000)

    for number in range(100):
        ask(kept, f"lamp {number}")
        assert 0 < kept.bytes <= 10_000

    assert (ask(kept, "lamp 99"), ask(kept, "lamp 0")) == ([], ["lamp 0"])


def test_answer_that_is_too_large_is_not_kept() -> None:
    kept = Kept(seconds=60, most_bytes=10_000)

    ask(kept, "everything", size=20_000)

    assert kept.bytes == 0


def test_answer_asked_for_again_counts_once() -> None:
    kept = Kept(seconds=1e-9)

    ask(kept, "lamps")
    size = kept.bytes
    ask(kept, "lamps")

    assert kept.bytes == size
