"""The index is a cache: whatever happens to its folder, the worker makes it right again while the service answers."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from catalog_service.models import Change, Listing, db
from catalog_service.search import analysis, folders, follower, newest, reader, writer

from tests.catalog_service.conftest import Indexer, Shop


@pytest.fixture
def folder(app: Any) -> Path:
    return Path(app.config["SETTINGS"].search_folder)


@pytest.fixture
def lamps(shop: Shop) -> list[int]:
    """Three published lamps that the index knows."""
    made = [shop.publish(name=f"Lamp {number}") for number in range(3)]
    shop.index()
    return made


def found(client: Any, query: str = "?q=lamp") -> list[int]:
    answer = client.get(f"/api/products/public/{query}")
    assert answer.status_code == 200, answer.json
    return sorted(one["id"] for one in answer.json)


def test_without_an_index_lists_and_counts_answer_and_words_are_told_to_wait(client: Any, shop: Shop) -> None:
    product_id = shop.publish(category="Kitchen")
    shop.publish(business=2, price="5")

    for query in ("?q=lamp", "facets/?q=lamp"):
        answer = client.get(f"/api/products/public/{query}")
        assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    assert found(client, "?category=Kitchen") == [product_id]
    counted = client.get("/api/products/public/facets/")
    assert "X-Index-Seq" not in counted.headers
    shop.index()
    again = client.get("/api/products/public/facets/")
    assert "X-Index-Seq" in again.headers
    assert again.json == counted.json


@pytest.fixture(autouse=True)
def looked_at_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CHECKED_SECONDS", 0.0)


def cut(path: Path, name: str) -> None:
    file = next(one for one in path.iterdir() if one.name.endswith(name))
    # A copy with another length in its place, as a file system would leave it: whoever has the old one open reads on.
    part = file.with_name(f"{file.name}.cut")
    part.write_bytes(file.read_bytes()[:-7])
    part.replace(file)


def flip(path: Path, name: str) -> None:
    file = next(one for one in path.iterdir() if one.name.endswith(name))
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 255
    part = file.with_name(f"{file.name}.flipped")
    part.write_bytes(content)
    part.replace(file)


DAMAGES: dict[str, Callable[[Path, Path], None]] = {
    "folder of all": lambda root, _: shutil.rmtree(root),
    "folder of the index": lambda _, path: shutil.rmtree(path),
    "name of the folder": lambda root, _: (root / "current").unlink(),
    "another name": lambda root, _: (root / "current").write_text("nonsense"),  # type: ignore[func-returns-value]
    "empty list of files": lambda _, path: (path / "meta.json").write_text("{}"),  # type: ignore[func-returns-value]
    "list of files": lambda _, path: (path / "meta.json").write_text("{"),  # type: ignore[func-returns-value]
    **{f"cut {name}": (lambda _, path, name=name: cut(path, name)) for name in folders.SUFFIXES},
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("is_running", [True, False])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_damaged_index_is_built_anew_while_searches_go_on(
    app: Any, client: Any, shop: Shop, index: Indexer, lamps: list[int], folder: Path, damage: str, is_running: bool
) -> None:
    path = folders.current(folder)
    assert path is not None
    assert found(client) == lamps

    DAMAGES[damage](folder, path)
    app.extensions["search"].look_again()
    assert found(client) == lamps
    if is_running:
        index()
    else:
        index.writer.close()
        index = Indexer(app)
        index()

    assert found(client) == lamps
    assert folders.current(folder) not in {None, path}
    fresh = shop.publish(name="Fresh lamp")
    index()
    assert found(client) == [*lamps, fresh]
    index.writer.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_file_cut_off_before_it_was_ever_looked_at_is_noticed(
    client: Any, shop: Shop, index: Indexer, lamps: list[int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(writer, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(writer, "CHECKED_SECONDS", 1.0)
    index()
    path = folders.current(folder)
    assert path is not None
    before = set(path.glob("*.term"))
    fresh = shop.publish(name="Fresh lamp")
    index()
    [written] = set(path.glob("*.term")) - before

    cut(path, written.name)
    now += 2
    index()

    assert folders.current(folder) not in {None, path}
    assert found(client) == [*lamps, fresh]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_bits_that_changed_on_the_disk_are_noticed_at_the_next_start(
    app: Any, client: Any, index: Indexer, lamps: list[int], folder: Path
) -> None:
    path = folders.current(folder)
    assert path is not None
    for suffix in folders.SUFFIXES:
        index.writer.close()
        flip(path, suffix)
        index = Indexer(app)
        index()
        later = folders.current(folder)
        assert later not in {None, path}, suffix
        assert found(client) == lamps
        path = later
    index.writer.close()


def test_index_of_another_database_is_built_anew(app: Any, client: Any, index: Indexer, lamps: list[int]) -> None:
    """One was restored from a backup: the same numbers are of other changes, or of none yet."""
    for statement in (
        sa.update(Change).where(Change.seq == 3).values(data={"product_id": lamps[0], "version": 7}),
        sa.delete(Change).where(Change.seq == 3),
    ):
        with app.app_context(), db.transaction() as session:
            session.execute(statement)
            session.execute(sa.delete(Listing).where(Listing.product_id == lamps[-1]))
        lamps.pop()
        index()
        assert found(client) == lamps


def test_index_that_lost_something_unseen_is_built_anew(
    app: Any, client: Any, index: Indexer, lamps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    position = index.writer.position()
    assert position is not None
    index.writer.apply([], [lamps[1]], position)
    app.extensions["search"].look_again()
    assert found(client) == [lamps[0], lamps[2]]

    index.writer.close()
    again = Indexer(app)
    again()

    assert found(client) == lamps
    again.writer.close()


def test_index_of_other_words_serves_until_the_new_one_is_there(
    app: Any, client: Any, shop: Shop, index: Indexer, lamps: list[int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folders.current(folder)
    monkeypatch.setattr(analysis, "VERSION", "another")
    monkeypatch.setattr(follower, "CHUNK", 1)
    fresh = shop.publish(name="Fresh lamp")

    with app.app_context():
        for _ in range(3):
            assert index.follower.step()
            app.extensions["search"].look_again()
            assert folders.current(folder) == before
            assert found(client) == [*lamps, fresh]
    late = shop.publish(name="Late lamp")
    index()

    assert folders.current(folder) != before
    assert found(client) == [*lamps, fresh, late]


def test_one_process_writes_and_another_takes_over(
    app: Any, client: Any, shop: Shop, index: Indexer, lamps: list[int]
) -> None:
    other = Indexer(app)
    fresh = shop.publish(name="Fresh lamp")
    with app.app_context():
        assert not other.follower.step()
    assert found(client) == lamps

    index.writer.close()
    other()

    assert found(client) == [*lamps, fresh]
    other.writer.close()


def test_what_is_not_listed_is_never_shown_and_its_place_is_filled(
    app: Any, client: Any, shop: Shop, lamps: list[int]
) -> None:
    """Of an index that is late by everything that was published since."""
    more = [shop.publish(name=f"Lamp {number}") for number in range(20)]
    shop.index()
    with app.app_context(), db.transaction() as session:
        session.execute(sa.delete(Listing).where(Listing.product_id.in_(more)))

    for ordering in ("relevance", "-published_at", "price", "name"):
        answer = client.get(f"/api/products/public/?q=lamp&ordering={ordering}&page_size=2")
        assert len(answer.json) == 2
        assert {one["id"] for one in answer.json} <= set(lamps)
        assert len(shop.pages(f"/api/products/public/?q=lamp&ordering={ordering}&page_size=2")) == 3


def test_who_approved_waits_until_searches_know_it(
    client: Any, shop: Shop, index: Indexer, lamps: list[int], login: Any
) -> None:
    product_id = shop.create(name="Fresh lamp")
    shop.act("submit", product_id, "editor")
    seq = int(shop.act("approve", product_id, "approver").headers["X-Change-Seq"])
    assert seq == 4
    late = client.get(f"/api/products/public/?q=fresh&min_seq={seq}")
    assert (late.json, late.headers["X-Index-Seq"], late.headers["Cache-Control"]) == ([], "3", "no-store")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.get, f"/api/products/public/?q=fresh&min_seq={seq}")
        index()
        answer = waiting.result()

    assert ([one["id"] for one in answer.json], answer.headers["X-Index-Seq"]) == ([product_id], "4")


def test_nobody_waits_for_a_change_that_cannot_come(client: Any, lamps: list[int]) -> None:
    began = time.monotonic()
    for query in ("?q=lamp", "facets/?q=lamp", "facets/?category=x"):
        address = f"/api/products/public/{query}&min_seq={2**63 - 1}"
        assert client.get(address).headers["X-Index-Seq"] == "3"
    assert time.monotonic() - began < newest.WAIT_SECONDS


# Publishes what it is told to by number, and says so once the index holds it, until it is killed.
WRITER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from catalog_service.search import analysis
from catalog_service.search.port import Entry, Position
from catalog_service.search.writer import Writer
writer = Writer(Path(sys.argv[1]))
assert writer.is_mine()
position = writer.position()
if position is None:
    for _ in writer.rebuild([], Position(0, "")):
        pass
    position = writer.position()
seq = position.seq
print(seq, flush=True)
while True:
    seq += 1
    fields = dict.fromkeys(analysis.TEXT_FIELDS, "lamp")
    writer.apply([Entry(seq, seq, 1, "", "EUR", seq, "lamp", fields)], [seq - 3], Position(seq, "mark"))
    print(seq, flush=True)
"""
KILLS = int(os.environ.get("SEARCH_KILLS", "5"))


@pytest.mark.timeout(0)
def test_writer_that_is_killed_loses_nothing_that_it_said(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = 0
    for number in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "search")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
            assert process.stdout is not None
            lines = (int(line) for line in process.stdout if line.strip().isdigit())
            first = next(lines)
            assert first >= said
            said = first
            for said in lines:
                if said >= first + 2 + number % 7:
                    process.send_signal(signal.SIGKILL)
                    break
        state = reader.Reader(tmp_path / "search").state()
        position = state.position().seq
        assert position - said in {0, 1}
        assert state.contents() == (min(position, 3), sum(range(max(1, position - 2), position + 1)))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_full_disk_costs_no_answer_and_heals(
    app: Any, client: Any, shop: Shop, index: Indexer, lamps: list[int], is_full: Callable[[bool], None], folder: Path
) -> None:
    fresh = shop.publish(name="Fresh lamp")
    before = folders.current(folder)
    is_full(True)
    with app.app_context(), pytest.raises((OSError, ValueError)):
        index.follower.step()
    app.extensions["search"].look_again()
    assert found(client) == lamps

    is_full(False)
    index()

    assert folders.current(folder) == before
    assert found(client) == [*lamps, fresh]


@pytest.fixture
def is_full() -> Iterator[Callable[[bool], None]]:
    """is_full(True): no file of this process may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def limit(full: bool) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0 if full else before[0], before[1]))

    yield limit
    limit(False)
    signal.signal(signal.SIGXFSZ, handler)
