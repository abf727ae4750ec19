"""Keyset pages: every row once, in any order, from an index; cursors that were tampered with are refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from servicekit import paging
from servicekit.problems import Invalid

ROWS = sa.table("rows", sa.column("id", sa.Integer), sa.column("colour", sa.String))
COLOURS = ["red", "blue", "red", "green", "blue", "blue", "red"]


@pytest.fixture
def connection() -> Any:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as found:
        found.exec_driver_sql("CREATE TABLE rows (id INTEGER, colour TEXT)")
        found.execute(sa.insert(ROWS), [{"id": n, "colour": colour} for n, colour in enumerate(COLOURS, 1)])
        found.exec_driver_sql("CREATE INDEX by_colour ON rows (colour, id)")
        yield found


@pytest.mark.parametrize("directions", [(False, False), (True, True), (True, False), (False, True)])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pages_hold_every_row_once_in_order(connection: Any, directions: tuple[bool, bool], size: int) -> None:
    order = [paging.Key(ROWS.c.colour, directions[0], str), paging.Key(ROWS.c.id, directions[1])]
    wanted = connection.execute(paging.page(sa.select(ROWS), order, None, 100)).all()

    found: list[Any] = []
    cursor = None
    while True:
        rows = connection.execute(paging.page(sa.select(ROWS), order, cursor, size)).all()
        page, cursor = paging.cut(rows, size, "colour", "id")
        found += page
        if cursor is None:
            break

    assert found == wanted
    assert len(found) == len(COLOURS)


def test_deep_page_starts_inside_the_index(connection: Any) -> None:
    order = [paging.Key(ROWS.c.colour, kind=str), paging.Key(ROWS.c.id)]
    query = paging.page(sa.select(ROWS), order, paging.encode(["green", 4]), 2)

    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    [plan] = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()

    assert "SEARCH rows USING COVERING INDEX by_colour ((colour,id)>(?,?))" in plan.detail


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ([1], [int, int]),
        (["a"], [int]),
        ([2**63], [int]),
        ([-1], [int]),
        (["9" * 30], [int]),
        (["1"], [int]),
        ([1.0], [int]),
        ([True], [int]),
        ([None], [int]),
        ([{"a": 1}], [str]),
        (["a\0b"], [str]),
        (["0001-01-01T00:00:00+23:00"], [datetime]),
        (["yesterday"], [datetime]),
    ],
)
def test_cursor_with_other_values_than_ours_is_refused(values: list[Any], kinds: list[type]) -> None:
    with pytest.raises(Invalid) as refused:
        paging.decode(paging.encode(values), kinds)
    assert [error.field for error in refused.value.errors] == ["cursor"]


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "AAAA", "é", "W10"])
def test_text_that_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        paging.decode(cursor, [int])


def test_cursor_carries_times_to_the_microsecond() -> None:
    moment = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)

    assert paging.decode(paging.encode([moment, 7, "ß"]), [datetime, int, str]) == [moment, 7, "ß"]
