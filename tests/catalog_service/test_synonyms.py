"""Words of one meaning, built in and an operator's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from catalog_service.search.synonyms import BUILT_IN, MOST, Synonyms


def test_lines_are_read_as_people_write_them(tmp_path: Path) -> None:
    text = "# a comment\n\nGadget, Dings-Bums , thing  # and why\nlonely\n,,\nGrösse, size\n"
    (tmp_path / "own.txt").write_text(text, encoding="utf-8-sig")
    (tmp_path / "notes.md").write_text("chair, table")
    synonyms = Synonyms([tmp_path])

    assert list(synonyms.of(["gadgets"])) == ["dingsbums", "thing"]
    assert list(synonyms.of(["dingsbums"])) == ["gadget", "thing"]
    assert list(synonyms.of(["size"])) == ["grosse"]
    assert list(synonyms.of(["lonely"])) == list(synonyms.of(["chair"])) == list(synonyms.of(["comment"])) == []


def test_a_word_has_so_many_synonyms_at_most(tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text(", ".join(f"word{chr(97 + number)}" for number in range(20)))

    assert len(list(Synonyms([tmp_path]).of(["worda"]))) == MOST


def test_every_built_in_line_has_words_of_one_meaning() -> None:
    for file in BUILT_IN.glob("*.txt"):
        lines = [line.split("#")[0].strip() for line in file.read_text("utf-8").splitlines()]
        assert all("," in line for line in lines if line), file


def test_an_operators_folder_joins_the_built_in_ones(make_app: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("zorb, couch")
    synonyms = make_app("catalog_service", search_synonyms=str(tmp_path)).extensions["synonyms"]

    assert list(synonyms.of(["zorb"])) == ["couch"]
    assert "sofa" in list(synonyms.of(["couch"]))


def test_a_folder_that_is_missing_or_unreadable_stops_the_start(make_app: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="SEARCH_SYNONYMS"):
        make_app("catalog_service", search_synonyms=str(tmp_path / "missing"))
    (tmp_path / "own.txt").write_bytes(b"caf\xe9, coffee")
    with pytest.raises(SystemExit, match="own.txt is no text in UTF-8"):
        make_app("catalog_service", search_synonyms=str(tmp_path))
