"""Chunks that another process makes come back in their order, and it never outlives what needed it."""

import os

import pytest
from catalog_service.search import beside


def squared(numbers: list[int]) -> tuple[int, list[int]]:
    return os.getpid(), [number * number for number in numbers]


def refusing(numbers: list[int]) -> list[int]:
    if 3 in numbers:
        raise SystemExit(1)
    return numbers


@pytest.mark.parametrize("count", range(5))
def test_chunks_come_back_in_their_order(count: int) -> None:
    chunks = [[number, number + 1] for number in range(count)]

    found = list(beside.made(squared, chunks))

    assert [made for _, made in found] == [squared(chunk)[1] for chunk in chunks]
    # The first is made here; all others by one process, which is gone.
    makers = [maker for maker, _ in found]
    assert makers[:1] == [os.getpid()][:count] and len({*makers[1:]} - {os.getpid()}) == min(max(count - 1, 0), 1)
    for maker in makers[1:]:
        with pytest.raises(ProcessLookupError):
            os.kill(maker, 0)


def test_death_of_the_process_is_an_error() -> None:
    with pytest.raises(EOFError):
        list(beside.made(refusing, [[1], [2], [3], [4]]))


def test_whoever_stops_reading_ends_the_process() -> None:
    made = beside.made(squared, ([number] for number in range(100)))
    next(made)
    maker, _ = next(made)

    made.close()

    with pytest.raises(ProcessLookupError):
        os.kill(maker, 0)
