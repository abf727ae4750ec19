"""What a person reads when everything answers."""

from collections.abc import Sequence
from typing import Any

from deploy.demo.content import PASSWORD, accounts

from .folders import Copy


def banner(copy: Copy, how_to_stop: str) -> str:
    """Address, and the demo accounts where they were loaded."""
    lines = ["", f"Vetted is ready:  {copy.address}/", f"API reference:    {copy.address}/api/docs/"]
    if copy.public_url != copy.address:
        lines.append(f"Served as:        {copy.public_url}/  (and at localhost; other names need PUBLIC_URL)")
    if copy.demo_stamp.exists():
        lines += ["", f"Demo accounts (password of all: {PASSWORD})", *_table(accounts())]
    return "\n".join([*lines, "", how_to_stop, ""])


def already_running(facts: dict[str, Any]) -> str:
    """Said to whoever starts the same copy twice."""
    state = "is running already" if facts.get("ready") else "is starting already"
    return f"Vetted {state}:  {facts.get('address', '')}/  (process {facts.get('pid', '?')}; stop it with `make down`)"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    head = ("business", "role", "user name")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]
    ]
