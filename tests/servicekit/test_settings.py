"""Settings: named when missing or malformed, readable from files, logs as JSON."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servicekit.settings import FollowerSettings, ServiceSettings

GOOD = {"DATABASE_URL": "sqlite:///x.db", "INTERNAL_TOKEN": "t" * 32}


def environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in {**GOOD, **values}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERNAL_TOKEN", "short"),
        ("LOG_LEVEL", "loud"),
        ("ACCESS_TOKEN_SECONDS", "soon"),
        ("DATABASE_URL", "mysql://vetted:hunter2@db/catalog"),
        ("DATABASE_URL", "catalog.db"),
        ("REDIS_URL", "http://:hunter2@redis"),
        ("WRITE_LIMIT", "often"),
        ("WRITE_LIMIT", "-1/minute"),
        ("WRITE_LIMIT", "0/minute"),
        ("WRITE_LIMIT", "1000000000000/second"),
        ("WRITE_LIMIT", "5 per 99999999999 years"),
    ],
)
def test_malformed_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment(monkeypatch, **{name: value})

    with pytest.raises(SystemExit, match=name) as stop:
        ServiceSettings.load()
    assert f"'{value}'" not in str(stop.value)


def test_missing_variables_are_named_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(SystemExit, match=r"DATABASE_URL[\s\S]*INTERNAL_TOKEN"):
        ServiceSettings.load()


def test_secret_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment(monkeypatch)
    monkeypatch.delenv("INTERNAL_TOKEN")
    (tmp_path / "token").write_text("f" * 40 + "\n")
    monkeypatch.setenv("INTERNAL_TOKEN_FILE", str(tmp_path / "token"))

    assert ServiceSettings.load().internal_token.get_secret_value() == "f" * 40


def test_secret_file_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment(monkeypatch)
    monkeypatch.delenv("INTERNAL_TOKEN")
    monkeypatch.setenv("INTERNAL_TOKEN_FILE", str(tmp_path / "missing"))

    with pytest.raises(SystemExit, match="cannot be read"):
        ServiceSettings.load()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"WEB_CONCURRENCY": "two"}, "WEB_CONCURRENCY: must be a whole number"),
        ({"THREADS": "0"}, "THREADS: must be a whole number"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/x.db"}, "the database does not answer: unable to open"),
        ({"SMTP_URL": "ftp://mail"}, "SMTP_URL: must begin with smtp:// or smtps://"),
    ],
)
def test_process_that_cannot_start_says_why_in_one_line(changes: dict[str, str], said: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/auth.db", "INTERNAL_TOKEN": "t" * 32, "KEY_PASSPHRASE": "k" * 16}
    environment = {
        **os.environ,
        **settings,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TMPDIR": str(tmp_path),
        **changes,
    }
    command = [sys.executable, "-m", "servicekit", "web", "auth_service"]

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert said in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stdout + ended.stderr


def test_address_of_a_neighbour_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, AUTH_URL="not an address")

    with pytest.raises(SystemExit, match="AUTH_URL"):
        FollowerSettings.load()


def test_log_lines_are_json_and_carry_the_request_id(make_service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    service = make_service(log_level="info")

    service.test_client().get("/api/notes/", headers={"X-Request-ID": "abc-123"})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    access = next(line for line in lines if "GET /api/notes/ 200" in line["message"])
    assert access["http"]["request"]["id"] == "abc-123"
    assert access["service"]["name"] == "tests"
    assert access["url"]["path"] == "/api/notes/" and access["user"]["id"] is None
    assert 0 < access["event"]["duration"] < 10**9 * 60


@pytest.mark.parametrize(("level", "written"), [("info", True), ("warning", False)])
@pytest.mark.parametrize("form", ["json", "console"])
def test_access_is_logged_as_the_settings_say(
    form: str, level: str, written: bool, make_service: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    service = make_service(log_level=level, log_format=form)

    service.test_client().get("/api/notes/")

    assert ("GET /api/notes/ 200" in capsys.readouterr().out) == written


def test_unexpected_error_is_logged_with_its_request_id(
    make_service: Any, capsys: pytest.CaptureFixture[str], signer: Any
) -> None:
    service = make_service(log_level="info")

    answer = service.test_client().post(
        "/api/notes/", json={"text": "explode"}, headers={"X-Request-ID": "boom-1", **signer.headers(role="editor")}
    )

    assert answer.status_code == 500
    out = capsys.readouterr().out
    found = [json.loads(line) for line in out.splitlines() if "unexpected error" in line]
    assert found[0]["http"]["request"]["id"] == "boom-1"
    assert "ZeroDivisionError" in out


def test_metrics_name_the_route_not_the_path(client: Any, signer: Any) -> None:
    client.get("/api/notes/7/", headers=signer.headers())

    text = client.get("/metrics").text

    assert 'route="/api/notes/<int:note_id>/"' in text
    assert "/api/notes/7/" not in text


@pytest.fixture(autouse=True)
def quiet() -> Any:
    yield
    logging.getLogger().setLevel("WARNING")
