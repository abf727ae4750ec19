"""Where an index lies: a folder of its own for each build, and a file that names the one in use.

The worker builds beside and then has the file name the new folder; a web process looks at the file before each question.
"""

import fcntl
import os
import shutil
import uuid
from pathlib import Path
from typing import IO

from catalog_service.search import schema

_CURRENT, _LOCK = "current", "writer.lock"


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


def lock(root: Path) -> IO[str] | None:
    """The right to write below `root`, held until the file is closed or the process ends; None when it is taken."""
    root.mkdir(parents=True, exist_ok=True)
    file = (root / _LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
