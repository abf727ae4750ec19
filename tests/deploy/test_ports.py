"""Inner ports: the same for one data folder, different for two, never one that is taken."""

import socket
from pathlib import Path

import pytest

from deploy.local import ports


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path


def test_two_starts_use_the_same_ports(data: Path) -> None:
    assert ports.choose(data) == ports.choose(data)


def test_ports_lie_in_the_range_that_is_set_aside(data: Path) -> None:
    chosen = ports.choose(data).all()

    assert len(set(chosen)) == len(chosen)
    assert all(ports.FIRST <= port <= ports.LAST for port in chosen)


def test_preferred_block_depends_on_the_path() -> None:
    firsts = {ports.preferred(Path(f"/srv/copy-{number}")) for number in range(50)}

    assert len(firsts) > 40
    assert all((first - ports.FIRST) % ports.BLOCK == 0 for first in firsts)


def test_block_with_a_taken_port_is_passed_over(data: Path) -> None:
    before = ports.choose(data)
    with socket.socket() as other:
        other.bind(("127.0.0.1", before.catalog))
        other.listen()

        after = ports.choose(data)

    assert set(after.all()).isdisjoint(before.all())


def test_another_block_is_remembered_once_chosen(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", ports.choose(data).auth))
        other.listen()
        moved = ports.choose(data)

    assert ports.choose(data) == moved


@pytest.mark.parametrize("text", ["", "not json", '{"first": 80}', "[]", '{"first": "x"}'])
def test_damaged_memory_is_as_good_as_none(data: Path, text: str) -> None:
    before = ports.choose(data)
    (data / "run" / "ports.json").write_text(text)

    assert ports.choose(data) == before
