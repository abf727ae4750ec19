"""What is started, with which environment."""

import os
import shutil
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.local import credentials, ports, processes
from deploy.local.folders import ROOT, Copy
from deploy.local.ports import InnerPorts
from deploy.local.problems import Problem
from deploy.local.processes import Process

FROM_THE_SHELL = {
    "PATH": "/usr/bin:/bin",
    "DATABASE_URL": "postgresql://elsewhere",
    "INTERNAL_TOKEN": "of another project",
    "OPENAI_API_KEY": "sk-for-the-assistant",
    "SMTP_URL": "smtp://user:secret@mail.example",
    "PUBLIC_DATABASE_URL": "postgresql://elsewhere",
    "LIMIT_LOGIN": "9r/m",
    "LOGIN_LIMIT": "9/minute",
    "WRITE_LIMIT_FILE": "/run/limit",
    "AWS_SECRET_ACCESS_KEY": "of the person's own",
    "http_proxy": "http://127.0.0.1:9",
    "LC_ALL": "C.UTF-8",
}
OWN = {
    "OPENAI_API_KEY": {"chat", "chat-worker"},
    "SMTP_URL": {"auth", "auth-worker"},
    "LIMIT_LOGIN": {"gateway"},
    "LOGIN_LIMIT": {"auth", "auth-worker"},
    "WRITE_LIMIT_FILE": {"auth", "auth-worker", "catalog", "catalog-worker", "chat", "chat-worker"},
    "PUBLIC_DATABASE_URL": set(),
    "AWS_SECRET_ACCESS_KEY": set(),
    "http_proxy": set(),
    "AUTH_URL": {"catalog", "catalog-worker", "chat", "chat-worker"},
    "CATALOG_URL": {"chat", "chat-worker"},
    "PUBLIC_URL": {"gateway", "auth", "auth-worker"},
}


@pytest.fixture
def plan(tmp_path: Path) -> dict[str, Process]:
    copy = Copy.configured({**FROM_THE_SHELL, "VETTED_DATA": str(tmp_path), "VETTED_PORT": "8123"})
    copy.prepare()
    inner = InnerPorts.of_block(20_000)
    return {process.name: process for process in processes.of(copy, inner, credentials.ensure(tmp_path))}


def test_every_service_runs_as_web_and_as_worker(plan: dict[str, Process]) -> None:
    assert set(plan) == {"gateway", "auth", "auth-worker", "catalog", "catalog-worker", "chat", "chat-worker"}
    assert plan["catalog"].command[-2:] == ["web", "catalog_service"]
    assert plan["catalog-worker"].command[-2:] == ["worker", "catalog_service"]


def test_services_listen_on_the_loopback_address_only(plan: dict[str, Process]) -> None:
    binds = {process.environment["BIND"] for name, process in plan.items() if name != "gateway"}

    assert binds == {"127.0.0.1:20000", "127.0.0.1:20001", "127.0.0.1:20002"}


def test_each_service_has_its_own_database_in_the_data_folder(plan: dict[str, Process], tmp_path: Path) -> None:
    urls = {name: plan[name].environment["DATABASE_URL"] for name in ("auth", "catalog", "chat")}

    assert urls == {name: f"sqlite:///{tmp_path}/{name}.db" for name in urls}
    assert plan["chat-worker"].environment["DATABASE_URL"] == urls["chat"]


def test_secrets_are_handed_over_as_files(plan: dict[str, Process]) -> None:
    for process in plan.values():
        assert "INTERNAL_TOKEN" not in process.environment
    assert Path(plan["chat"].environment["INTERNAL_TOKEN_FILE"]).is_file()
    assert "KEY_PASSPHRASE_FILE" in plan["auth"].environment
    assert "KEY_PASSPHRASE_FILE" not in plan["chat"].environment


@pytest.mark.parametrize("name", OWN)
def test_process_gets_the_variables_of_its_own_readme_alone(plan: dict[str, Process], name: str) -> None:
    assert {process.name for process in plan.values() if name in process.environment} == OWN[name]
    assert all(process.environment["LC_ALL"] == "C.UTF-8" for process in plan.values())


@pytest.mark.parametrize(
    ("settings", "address", "public_url"),
    [
        ({}, "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ({"VETTED_HOST": "127.0.0.2"}, "http://127.0.0.2:8080", "http://127.0.0.2:8080"),
        ({"PUBLIC_URL": "https://shop.example/"}, "http://127.0.0.1:8080", "https://shop.example"),
        ({"PUBLIC_URL": "", "VETTED_PORT": "81"}, "http://127.0.0.1:81", "http://127.0.0.1:81"),
    ],
)
def test_address_for_people_follows_from_what_is_served(
    settings: dict[str, str], address: str, public_url: str
) -> None:
    copy = Copy.configured(settings)

    assert (copy.address, copy.public_url) == (address, public_url)


def test_address_in_the_network_is_this_machines_own() -> None:
    copy = Copy.configured({"VETTED_HOST": "0.0.0.0"})

    host = copy.public_url.removeprefix("http://").removesuffix(":8080")
    assert ports.is_free(ports.any_free(), host)
    assert host != "0.0.0.0"


@pytest.mark.parametrize(("cores", "asked", "wanted"), [(1, "", "2"), (3, "", "3"), (64, "", "4"), (64, "9", "9")])
def test_service_runs_as_many_web_wantedas_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, asked: str, wanted: str
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    copy = Copy.configured({**FROM_THE_SHELL, "VETTED_DATA": str(tmp_path), "WEB_CONCURRENCY": asked})
    copy.prepare()
    plan = processes.of(copy, InnerPorts.of_block(20_000), credentials.ensure(tmp_path))

    assert {process.environment["WEB_CONCURRENCY"] for process in plan if process.name in processes.SERVICES} == {
        wanted
    }


def test_every_web_process_says_when_it_is_ready(plan: dict[str, Process]) -> None:
    assert plan["auth"].ready_url == "http://127.0.0.1:20000/readyz"
    assert plan["gateway"].ready_url == "http://127.0.0.1:8123/gateway/health"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VETTED_PORT", "0"),
        ("VETTED_PORT", "65536"),
        ("VETTED_PORT", "http"),
        ("VETTED_DEMO", "maybe"),
        ("VETTED_HOST", "localhost:1"),
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "https://shop.example/below"),
    ],
)
def test_malformed_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(Problem, match=name):
        Copy.configured({name: value})


def test_relative_data_folder_lies_in_the_checkout() -> None:
    assert Copy.configured({}).data == ROOT / "var"
    assert Copy.configured({"VETTED_DATA": "other"}).data == ROOT / "other"


def test_folder_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="file/data cannot be used"):
        Copy.configured({"VETTED_DATA": str(tmp_path / "file" / "data")}).prepare()

    # A root that runs the tests may write everywhere, and no disk here is full.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(Problem, match=f"{tmp_path} cannot be written"):
        Copy.configured({"VETTED_DATA": str(tmp_path)}).prepare()
    monkeypatch.undo()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    with pytest.raises(Problem, match=f"{tmp_path} is full"):
        Copy.configured({"VETTED_DATA": str(tmp_path)}).prepare()


@pytest.mark.parametrize("character", list("\"'$\\;{}#*?[\n"))
def test_path_that_a_part_would_read_otherwise_is_refused_before_the_start(tmp_path: Path, character: str) -> None:
    copy = Copy.configured({"VETTED_DATA": str(tmp_path / f"a{character}b")})

    with pytest.raises(Problem, match="choose one without it"):
        copy.prepare()
    assert list(tmp_path.iterdir()) == []


def test_memory_of_a_copy_is_its_own_and_given_back(tmp_path: Path) -> None:
    copies = [Copy.configured({"VETTED_DATA": str(tmp_path / name)}) for name in ("one", "other")]
    for copy in copies:
        copy.prepare()
        copy.clear_scratch()

    assert copies[0].memory != copies[1].memory
    assert stat.S_IMODE(copies[0].memory.stat().st_mode) == 0o700
    copies[0].forget()
    assert [copy.memory.exists() for copy in copies] == [False, True]
    copies[1].erase()
    assert not copies[1].memory.exists()


def test_erasing_leaves_what_vetted_did_not_write(tmp_path: Path) -> None:
    copy = Copy.configured({"VETTED_DATA": str(tmp_path)})
    copy.prepare()
    (tmp_path / "auth.db").touch()
    (tmp_path / "holiday.jpg").touch()

    copy.erase()

    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
