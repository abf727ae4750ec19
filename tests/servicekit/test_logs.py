"""Nothing that a stranger sends can forge a line of the log or drive the terminal that shows it."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
import structlog

from deploy.local.folders import ROOT
from servicekit.controls import escaped

FORGED = "a\n06:59:59 [info     ] paid\r\x1b[2J\x7f\x9b31m\x85\u2028\u202e"
ESCAPED = r"a\u000a06:59:59 [info     ] paid\u000d\u001b[2J\u007f\u009b31m\u0085\u2028\u202e"
PROGRAM = """
import logging, structlog
from servicekit import logs
forged = {forged!r}
logs.configure("shop", "info", {form!r})
log = structlog.get_logger("own")
log.info(forged, field=forged, inner={{"list": [forged], forged: 1}})
logging.getLogger("library").warning("refused %s", forged)
try:
    raise ValueError(forged)
except ValueError:
    log.exception("failed")
    logging.getLogger("library").exception("failed")
"""


def written(form: str) -> str:
    command = [sys.executable, "-c", PROGRAM.format(forged=FORGED, form=form)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)})
    return ended.stdout.decode()


def test_controls_are_written_as_json_writes_them() -> None:
    assert escaped(FORGED) == ESCAPED
    assert escaped("Ünïcode, blanks and 𝄞 stay") == "Ünïcode, blanks and 𝄞 stay"


@pytest.mark.parametrize("form", ["json", "console"])
def test_every_field_is_escaped(form: str) -> None:
    text = written(form)

    assert "paid" in text
    assert [char for char in text if char != "\n" and escaped(char) != char] == []
    # Four events, and below two of them the set-in lines of a traceback.
    begun = [line for line in text.splitlines() if not line.startswith("    ")]
    assert len(begun) == 4
    assert [line for line in begun if line.startswith("06:59:59")] == []


def test_json_lines_are_json_with_escaped_texts() -> None:
    lines = [json.loads(line) for line in written("json").splitlines()]

    assert (lines[0]["message"], lines[0]["field"]) == (ESCAPED, ESCAPED)
    assert lines[0]["inner"] == {"list": [ESCAPED], ESCAPED: 1}
    assert lines[1]["message"] == f"refused {ESCAPED}"
    assert "\x1b" not in lines[2]["error"]["stack_trace"]


@pytest.mark.parametrize("form", ["json", "console"])
def test_path_cannot_forge_an_access_line(form: str, make_service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    client = make_service(log_level="info", log_format=form).test_client()

    client.get("/%0a06:59:59%20[info%1b[2J%c2%9b%e2%80%a8")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert [char for char in lines[0] if escaped(char) != char] == []
    assert "404" in lines[0]


@pytest.fixture(autouse=True)
def quiet() -> Any:
    yield
    structlog.reset_defaults()
    logging.getLogger().setLevel("WARNING")
