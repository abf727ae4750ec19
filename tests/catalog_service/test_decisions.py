"""The decision log: append-only, chained, verifiable offline; every tampering is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from catalog_service.models import CONTENT, db
from catalog_service.review import decisions, verify_log

from tests.conftest import build


@pytest.fixture
def exported(app: Any, shop: Any) -> Callable[[], list[bytes]]:
    """exported() -> the lines of the log of two businesses with a few decisions each."""
    for business in (1, 2):
        product_id = shop.publish(business)
        shop.change(product_id, business=business, name="Ünïcode \U0001f6b2")
        shop.act("unpublish", product_id, "approver", business, comment="recall 'quoted'")

    def export() -> list[bytes]:
        with app.app_context():
            return list(decisions.export(db.session()))

    return export


def test_every_step_is_in_the_log_with_who_and_what(shop: Any) -> None:
    product_id = shop.publish()
    shop.change(product_id, price="1.00")
    shop.act("submit", product_id, "editor", comment="please")
    shop.act("reject", product_id, "approver", comment="no")

    found = [
        (entry["action"], entry["actor"], entry["version"], entry["comment"]) for entry in shop.history(product_id)
    ]

    assert found == [
        ("create", 102, 1, ""),
        ("submit", 102, 1, ""),
        ("approve", 103, 1, ""),
        ("edit", 102, 2, ""),
        ("submit", 102, 2, "please"),
        ("reject", 103, 2, "no"),
    ]


def test_export_verifies_and_counts(exported: Any) -> None:
    assert verify_log.verify(exported()) == {1: 5, 2: 5}


def change(lines: list[bytes], index: int, **values: Any) -> list[bytes]:
    return [*lines[:index], orjson.dumps({**orjson.loads(lines[index]), **values}), *lines[index + 1 :]]


def rehashed(lines: list[bytes], index: int, **values: Any) -> list[bytes]:
    entry = {**orjson.loads(lines[index]), **values}
    return [*lines[:index], orjson.dumps({**entry, "hash": verify_log.digest(entry)}), *lines[index + 1 :]]


def rewritten(lines: list[bytes], index: int, **values: Any) -> list[bytes]:
    """A change, and every later entry of that business chained to it anew."""
    lines, previous = rehashed(lines, index, **values), ""
    for place, line in enumerate(lines):
        entry = orjson.loads(line)
        if entry["kind"] == "entry" and entry["business_id"] == 1:
            lines = rehashed(lines, place, previous=previous)
            previous = orjson.loads(lines[place])["hash"]
    return lines


TAMPERINGS = {
    "comment changed": (lambda ls: change(ls, 2, comment="fine"), "entry 3: its content does not match its hash"),
    "actor changed": (lambda ls: change(ls, 0, actor_id=7), "entry 1: its content does not match its hash"),
    "changed and hashed anew": (lambda ls: rehashed(ls, 1, actor_id=7), "entry 3: does not name the entry before it"),
    "last changed and hashed anew": (lambda ls: rehashed(ls, 4, actor_id=7), "the head is another"),
    "entry taken out": (lambda ls: ls[:2] + ls[3:], "entry 4: follows entry 2"),
    "first taken out": (lambda ls: ls[1:], "entry 2: follows entry 0"),
    "entries swapped": (lambda ls: [ls[1], ls[0], *ls[2:]], "entry 2: follows entry 0"),
    "entry doubled": (lambda ls: [ls[0], *ls], "entry 1: follows entry 1"),
    "last taken out": (lambda ls: ls[:4] + ls[5:], "the head is another than the last entry, 4"),
    "cut short": (lambda ls: ls[:4], "the log ends after entry 4 without its head"),
    "cut between two businesses": (lambda ls: ls[:6], "the export ends after 5 entries, none were written"),
    "a business taken out": (lambda ls: ls[6:], "the export ends after 5 entries, 10 were written"),
    "cut to nothing": (lambda ls: [], "the export ends after 0 entries, none were written"),
    "something after the end": (lambda ls: [*ls, ls[5]], "line 14: follows the end"),
    "end without a number": (lambda ls: [*ls[:-1], b'{"kind":"end"}'], "line 13: not a record"),
    "moved to another business": (lambda ls: change(ls, 0, business_id=3), "its content does not match"),
    "not JSON": (lambda ls: [ls[0], b"{", *ls[1:]], "line 2: not JSON"),
    "a field dropped": (lambda ls: [b'{"kind":"entry","business_id":1,"seq":1,"hash":""}'], "fields are missing"),
    "a field added": (lambda ls: change(ls, 1, reason="none"), "line 2: fields are missing or added"),
    "a number as text": (lambda ls: change(ls, 1, seq="2"), "line 2: not a record"),
    "a list for a business": (lambda ls: change(ls, 1, business_id=[1]), "line 2: not a record"),
    "a number with a fraction": (lambda ls: change(ls, 1, version=1.0), "entry 2: its content does not match"),
    "an entry called otherwise": (lambda ls: change(ls, 1, kind="note"), "note is no record of the log"),
    "written anew from the middle": (lambda ls: rewritten(ls, 2, actor_id=7), "the head is another"),
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_named(exported: Any, tampering: str) -> None:
    spoil, message = TAMPERINGS[tampering]

    with pytest.raises(verify_log.Broken, match=message):
        verify_log.verify(spoil(exported()))


def test_truncation_that_repairs_its_head_meets_the_anchors(app: Any, exported: Any) -> None:
    with app.app_context(), db.transaction() as session:
        assert decisions.anchor(session) == 2
    full = exported()
    anchors = [line for line in full if b'"anchor"' in line]
    kept = [orjson.loads(line) for line in full if b'"entry"' in line]
    cut = [entry for entry in kept if entry["seq"] < 5]
    heads = [{**entry, "kind": "head"} for entry in cut if entry["seq"] == 4]
    lines = [orjson.dumps(record) for record in [*cut, *heads, {"kind": "end", "entries": 8}]]

    assert verify_log.verify(lines) == {1: 4, 2: 4}
    with pytest.raises(verify_log.Broken, match="entry 5 was anchored, the log ends after 4"):
        verify_log.verify(lines, anchors)
    with pytest.raises(verify_log.Broken, match="is another than the one that was anchored"):
        verify_log.verify(full, [orjson.dumps({**orjson.loads(anchors[0]), "hash": "0" * 64})])


def test_log_written_anew_as_a_whole_meets_the_heads_in_the_service_logs(
    app: Any, exported: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    writer = build("catalog_service", url, log_level="info", log_format="json")
    with writer.app_context(), db.transaction() as session:
        decisions.anchor(session)
    said = [line.encode() for line in capsys.readouterr().out.splitlines() if "decision head" in line]
    full = exported()
    forged = rewritten([line for line in full if b'"anchor"' not in line], 2, actor_id=7)
    head = {**orjson.loads(forged[4]), "kind": "head"}
    forged = change(forged, 5, **{name: head[name] for name in ("kind", "business_id", "seq", "hash")})

    assert verify_log.verify(forged) == {1: 5, 2: 5}
    assert verify_log.verify(full, said) == {1: 5, 2: 5}
    with pytest.raises(verify_log.Broken, match="business 1, entry 5: is another than the one that was anchored"):
        verify_log.verify(forged, said)


def test_anchors_are_kept_once_for_each_head(app: Any, exported: Any, shop: Any) -> None:
    with app.app_context():
        for expected in (2, 0):
            with db.transaction() as session:
                assert decisions.anchor(session) == expected
    shop.create()
    with app.app_context(), db.transaction() as session:
        assert decisions.anchor(session) == 1
    assert verify_log.verify(exported()) == {1: 6, 2: 5}


REWRITES = [
    ("decisions", "UPDATE decisions SET comment = 'x'"),
    ("decisions", "DELETE FROM decisions"),
    ("decisions", {"sqlite": "REPLACE INTO decisions SELECT * FROM decisions", "postgresql": "TRUNCATE decisions"}),
    ("decision_anchors", "UPDATE decision_anchors SET hash = 'x'"),
    ("decision_anchors", "DELETE FROM decision_anchors"),
    (
        "decision_anchors",
        {
            "sqlite": "REPLACE INTO decision_anchors SELECT * FROM decision_anchors",
            "postgresql": "TRUNCATE decision_anchors",
        },
    ),
    ("revisions", "UPDATE revisions SET price_minor = 1, state = 'approved'"),
    *(("revisions", f"UPDATE revisions SET {name} = {name}") for name in (*CONTENT, "content_hash", "author_id")),
]


@pytest.mark.parametrize(("table", "statement"), REWRITES)
def test_database_refuses_to_rewrite_what_was_decided_and_what_it_was_about(
    app: Any, shop: Any, table: str, statement: Any
) -> None:
    shop.create()
    with app.app_context():
        with db.transaction() as session:
            decisions.anchor(session)
        if isinstance(statement, dict):
            statement = statement[db.engine.dialect.name]

        with pytest.raises(sa.exc.DatabaseError, match=f"{table} are final"), db.transaction() as session:
            session.execute(sa.text(statement))


def test_commands_export_and_verify(app: Any, exported: Any, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "log.jsonl"

    assert runner.invoke(args=["export-decisions", str(file)]).exit_code == 0
    good = runner.invoke(args=["verify-decisions", str(file)])
    file.write_bytes(file.read_bytes().replace(b"recall", b"regret", 1))
    bad = runner.invoke(args=["verify-decisions", str(file)])

    assert (good.exit_code, good.output) == (0, "business 1: 5 entries hold\nbusiness 2: 5 entries hold\n")
    assert bad.exit_code == 1
    assert "line 5: business 1, entry 5: its content does not match its hash" in bad.output
