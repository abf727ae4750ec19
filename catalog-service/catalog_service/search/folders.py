"""Where an index lies: a folder of its own for each build, and a file that names the one in use.

The worker builds beside and then has the file name the new folder; a web process looks at the file before each question.
"""

import fcntl
import os
import shutil
import uuid
import zlib
from pathlib import Path
from typing import IO, Any

import orjson

from catalog_service.search import schema

_CURRENT, _LOCK = "current", "writer.lock"
_LONGEST_FOOTER = 4096  # bytes, many times more than there are
SUFFIXES = ("term", "idx", "pos", "store", "fast", "fieldnorm")


def new(root: Path) -> Path:
    """An empty folder, named by what it will hold: fields, words, and a number of its own."""
    path = root / f"{schema.fields_hash()}-{schema.words_hash()}-{uuid.uuid4().hex[:8]}"
    path.mkdir(parents=True)
    return path


def current(root: Path) -> Path | None:
    """The folder in use; None when there is none, or one with other fields than this version knows."""
    try:
        name = (root / _CURRENT).read_text()
    except OSError:
        return None
    return root / name if name.startswith(schema.fields_hash()) else None


def is_up_to_date(path: Path) -> bool:
    """Whether the words in it are split as this version does."""
    return path.name.split("-")[1] == schema.words_hash()


def use(path: Path) -> None:
    """Has everybody take this folder from now on, and removes all others."""
    written = path.parent / f"{_CURRENT}.new"
    with written.open("w") as file:
        file.write(path.name)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path.parent / _CURRENT)
    discard(path.parent, but=path)


def discard(root: Path, but: Path | None) -> None:
    """Removes the folders of earlier and of unfinished builds. Who has one open reads on."""
    for path in root.iterdir():
        if path.is_dir() and path != but:
            shutil.rmtree(path, ignore_errors=True)


def lock(root: Path, held: IO[str] | None) -> IO[str] | None:
    """The right to write below `root`: the one that is held, or else a new one; None when another process has it.

    It ends when the file is closed, with the process, and when somebody removes the folder.
    """
    if held is not None and _is_there(root / _LOCK, held):
        return held
    root.mkdir(parents=True, exist_ok=True)
    file = (root / _LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_there(path: Path, file: IO[str]) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def is_intact(path: Path) -> bool:
    """Whether every file of the index still is what was written: its checksum says so."""
    return all(_agrees(file.read_bytes()) for file in files(path))


def files(path: Path) -> list[Path]:
    """What the index consists of as it was last committed; a writer that was killed may have left others beside.

    ValueError or OSError where that cannot be read.
    """
    segments = orjson.loads((path / "meta.json").read_bytes())["segments"]
    return [path / f"{one['segment_id'].replace('-', '')}.{suffix}" for one in segments for suffix in SUFFIXES]


def is_cut(path: Path) -> bool:
    """Whether the file does not end as tantivy ends one."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_FOOTER))
        return _footer(file.read()) is None


def _agrees(content: bytes) -> bool:
    footer = _footer(content)
    return footer is not None and bool(zlib.crc32(content[: -8 - footer[0]]) == footer[1]["crc"])


def _footer(content: bytes) -> tuple[int, Any] | None:
    # At its end tantivy writes a checksum of what comes before, in JSON, and the length of that, in eight bytes.
    length = int.from_bytes(content[-8:-4], "little")
    try:
        return length, orjson.loads(content[-8 - length : -8])
    except ValueError:
        return None
