"""docker-compose.yml holds what it promises about its containers."""

import io
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from dotenv import dotenv_values
from pytest_httpserver import HTTPServer

from deploy.local.folders import ROOT
from gateway.settings import SETTINGS

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SOME, ROLES = ("auth", "catalog", "chat"), ("service", "worker")
LASTING = sorted(set(SERVICES) - {"secrets", "demo"})


def test_it_is_a_valid_compose_file() -> None:
    arguments = ["--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]

    assert CliRunner().invoke(check_jsonschema, arguments).exit_code == 0


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_container_has_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert {"mem_limit", "pids_limit"} <= set(service)


@pytest.mark.parametrize("name", LASTING)
def test_lasting_container_comes_back_after_a_crash(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["init"] is True


def test_only_the_gateway_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"gateway": ["127.0.0.1:${VETTED_PORT:-8080}:8080"]}


def test_databases_are_reached_by_services_alone() -> None:
    inside = {name for name, service in SERVICES.items() if "databases" in service.get("networks", [])}

    assert COMPOSE["networks"]["databases"] == {"internal": True}
    assert inside == set(LASTING) - {"gateway", "redis"}


def test_each_service_sees_its_own_secrets_only() -> None:
    seen = {name: [v.split(":")[0] for v in s.get("volumes", []) if "secrets:" in v] for name, s in SERVICES.items()}

    for service in ("auth", "catalog", "chat"):
        assert seen[f"{service}-service"] == seen[f"{service}-worker"] == [f"{service}-secrets"]
    assert seen["gateway"] == seen["demo"] == []


def test_caches_of_the_gateway_fit_into_the_memory_that_it_has() -> None:
    """They would fill it up, and nginx answers 500 where it cannot write what it wants to keep."""
    snippets = "".join(path.read_text() for path in (ROOT / "gateway/templates").rglob("*.conf"))
    kept = [int(size) for size in re.findall(r"max_size=(\d+)m", snippets)]
    room = re.search(r"size=(\d+)m", SERVICES["gateway"]["tmpfs"][0])

    assert room is not None
    assert sum(kept) <= 0.75 * int(room[1])


def test_every_setting_can_be_given_to_the_containers() -> None:
    """Each variable of .env.example has its way in, but those that the file itself settles."""
    described = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    settled = {name for service in SERVICES.values() for name in service.get("environment", {})}
    settled |= {name.removesuffix("_FILE") for name in settled} | {"BIND", "VETTED_HOST", "VETTED_DATA"}
    # The image's own, and a certificate, which is a file.
    settled |= {f"GATEWAY_{name}" for name in ("NGINX", "LISTEN", "RUN", "WWW", "ACCESS_LOG")}
    settled |= {"TLS_CERTIFICATE", "TLS_KEY"}
    passed = set(re.findall(r"\$\{([A-Z0-9_]+):[-?]", (ROOT / "docker-compose.yml").read_text()))

    assert described - settled - passed == set()


def test_example_lines_mean_what_they_say_once_they_are_taken_over() -> None:
    lines = re.sub(r"^# (?=[A-Z][A-Z0-9_]*=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    values = dotenv_values(stream=io.StringIO(lines))

    assert not [name for name, value in values.items() if value and ("  " in value or "#" in value)]
    own = {"GATEWAY_RUN": "", "GATEWAY_WWW": "gateway/www"}
    assert {name: values[name] for name in SETTINGS} == {**SETTINGS, **own}


@pytest.mark.parametrize("name", sorted(set(SERVICES) & {"gateway", *(f"{s}-{r}" for s in SOME for r in ROLES)}))
def test_container_gets_the_variables_of_its_own_readme_alone(name: str) -> None:
    folder = name.replace("worker", "service")
    table = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", (ROOT / folder / "README.md").read_text(), re.MULTILINE))

    assert {given.removesuffix("_FILE") for given in SERVICES[name]["environment"]} - table == set()


@pytest.mark.parametrize("name", ["gateway", "auth-service", "auth-worker"])
def test_address_for_people_has_to_be_said(name: str) -> None:
    assert SERVICES[name]["environment"]["PUBLIC_URL"].startswith("${PUBLIC_URL:?")


def test_health_checks_ask_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    program = SERVICES["auth-service"]["healthcheck"]["test"][-1]
    with HTTPServer() as server:
        server.expect_request("/readyz").respond_with_data("ready")
        here = program.replace("8000", str(server.port))
        asked = subprocess.run([sys.executable, "-c", here], env={"http_proxy": "http://127.0.0.1:9"}, check=False)
        missing = subprocess.run([sys.executable, "-c", here.replace("readyz", "x")], capture_output=True, check=False)

    assert (asked.returncode, missing.returncode) == (0, 1)
    assert '"--noproxy", "*"' in (ROOT / "gateway/Dockerfile").read_text()


def test_no_secret_is_written_into_the_file() -> None:
    named = {name for service in SERVICES.values() for name in service.get("environment", {})}

    assert not [name for name in named if name.endswith(("PASSWORD", "TOKEN", "PASSPHRASE"))]
