"""Prepared statements answer as SQLAlchemy's own execution does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    func,
    select,
)
from sqlalchemy.exc import OperationalError

from servicekit import queries
from servicekit.database import Timestamp, now
from servicekit.prepared import Prepared

TABLES = MetaData()
VISITS = Table(
    "visits",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("who", String),
    Column("at", Timestamp),
    Column("notes", JSON),
)
NOON = datetime(2026, 11, 29, 12, 0, 0, 1, UTC)
SINCE = (
    select(VISITS.c.id, VISITS.c.who, VISITS.c.at, VISITS.c.notes, func.coalesce(VISITS.c.who, "nobody").label("name"))
    .where(VISITS.c.at >= bindparam("since"), VISITS.c.id < 100)
    .order_by(VISITS.c.id)
    .limit(bindparam("size", type_=Integer))
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    queries.measure(engine, {"visits"})
    with engine.connect() as made:
        TABLES.create_all(made)
        for number, who in enumerate(("ada", None, "eve"), 1):
            at = NOON + timedelta(hours=number)
            made.execute(VISITS.insert().values(id=number, who=who, at=at, notes={"place": number}))
        made.commit()
        yield made


@pytest.mark.parametrize("size", [0, 1, 5])
def test_rows_are_those_of_sqlalchemy(connection: Connection, size: int) -> None:
    # Three in the afternoon two hours to the east is one o'clock, which the first visit was at.
    parameters = {"since": datetime(2026, 11, 29, 15, 0, tzinfo=timezone(timedelta(hours=2))), "size": size}

    rows = Prepared(SINCE).rows(connection, parameters)

    assert [row._asdict() for row in rows] == [row._asdict() for row in connection.execute(SINCE, parameters)]
    assert len(rows) == min(size, 3)


def test_first_is_none_where_nothing_is_found(connection: Connection) -> None:
    prepared = Prepared(SINCE)

    assert prepared.first(connection, {"since": NOON, "size": 5}).name == "ada"
    assert prepared.first(connection, {"since": NOON + timedelta(days=1), "size": 5}) is None


def test_each_execution_is_measured(connection: Connection) -> None:
    def measured() -> Any:
        return queries.SECONDS.labels("select visits")._sum.get()

    before = measured()

    Prepared(SINCE).rows(connection, {"since": NOON, "size": 5})

    assert measured() > before


def test_rows_are_inserted_through_their_types(connection: Connection) -> None:
    connection.begin()
    insert = Prepared(VISITS.insert().returning(VISITS.c.id))
    values = {"who": "dan", "at": NOON, "notes": {"first": [1, None]}}

    (row,) = insert.rows(connection, values)

    stored = connection.execute(select(VISITS).where(VISITS.c.id == row.id)).one()
    assert stored._asdict() == {"id": row.id, **values}


def test_statement_without_rows_answers_none(connection: Connection) -> None:
    connection.begin()
    rename = VISITS.update().where(VISITS.c.id == bindparam("of")).values(who=bindparam("name"))

    assert Prepared(rename).rows(connection, {"of": 1, "name": "ann"}) == []
    assert connection.scalar(select(VISITS.c.who).where(VISITS.c.id == 1)) == "ann"


def test_columns_that_are_left_out_get_their_default(connection: Connection) -> None:
    marks = Table("marks", MetaData(), Column("id", Integer, primary_key=True), Column("points", Integer, default=3))
    marks.create(connection)

    Prepared(marks.insert()).rows(connection, {"id": 1})

    assert connection.execute(select(marks)).all() == [(1, 3)]


def test_default_that_is_made_for_each_row_must_be_given(connection: Connection) -> None:
    connection.begin()
    marks = Table("marks", MetaData(), Column("id", Integer, primary_key=True), Column("at", Timestamp, default=now))

    with pytest.raises(TypeError, match="at"):
        Prepared(marks.insert()).rows(connection, {"id": 1})


def test_errors_are_those_of_sqlalchemy(connection: Connection) -> None:
    prepared = Prepared(SINCE)
    prepared.rows(connection, {"since": NOON, "size": 5})
    TABLES.drop_all(connection)

    with pytest.raises(OperationalError):
        prepared.rows(connection, {"since": NOON, "size": 5})


def test_write_outside_of_a_transaction_is_refused(connection: Connection) -> None:
    connection.rollback()

    with pytest.raises(RuntimeError, match="needs a transaction"):
        Prepared(VISITS.insert()).rows(connection, {"id": 7, "who": "eve", "at": NOON, "notes": []})
