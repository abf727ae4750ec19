"""The README's first five minutes, copied and pasted."""

import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import URL

README = Path(__file__).resolve().parents[2] / "README.md"


def test_first_five_minutes_work_as_they_are_written() -> None:
    script = re.search(r"```bash\n(.*?)```", README.read_text(), re.DOTALL)
    assert script
    commands = script[1].replace("http://localhost:8080", URL)

    shown = subprocess.run(["bash", "-ec", commands], capture_output=True, text=True, timeout=60, check=False)

    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.split("\n")
    assert lines[:4] == ["pending_approval", "404", "approved", "59.50"]
    # Whoever pastes it again has several of them.
    said = "\n".join(lines[4:])
    assert "Tern folding stool" in said
    assert "€59.50" in said
