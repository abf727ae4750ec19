"""Secrets of one copy: made at the first start, kept in its data folder, never shipped."""

import os
import secrets
from pathlib import Path

NAMES = ("internal_token", "key_passphrase")


def ensure(data: Path) -> dict[str, Path]:
    """Path of each secret's file, made with mode 0600 where it is missing."""
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: _ensure(folder / name) for name in NAMES}


def _ensure(path: Path) -> Path:
    if not path.exists():
        # Written beside and renamed: a secret cut short by a crash would never be noticed.
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(36))
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    return path
