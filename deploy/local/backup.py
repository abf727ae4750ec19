"""`make backup`: a data folder of its own, taken from a copy that may go on running."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from .folders import Copy
from .problems import Problem

# Those who follow auth-service come first: what they missed by then they read from its feed, which must not be older.
DATABASES = ("chat.db", "catalog.db", "auth.db")
BESIDE = ("secrets", "mail", "demo-loaded")


def make(copy: Copy, target: Path) -> int:
    """Write the backup into a new folder, which appears when it is whole. Problem when it cannot be made."""
    if not (copy.data / DATABASES[0]).exists():
        raise Problem(f"there is nothing to back up in {copy.data}")
    if target.exists():
        raise Problem(f"{target} exists already: name a new folder")
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        for name in DATABASES:
            _database(copy.data / name, part / name)
        for name in BESIDE:
            _beside(copy.data / name, part / name)
        part.rename(target)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Problem(f"the backup could not be made: {error}") from None
    print(f"Backed up to {target}; it is a data folder: make up VETTED_DATA={target}")
    return 0


def _database(source: Path, target: Path) -> None:
    """A consistent copy, also while others write (SQLite's online backup)."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)
        found = written.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Problem(f"{source.name} is damaged: {found}")


def _beside(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
