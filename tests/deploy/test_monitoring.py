"""Boards and alerts name only metrics, labels and processes that exist, and those exist that the board is for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from auth_service import logins
from catalog_service.review import approvals
from catalog_service.search import follower
from chat_service import measures
from chat_service.clients import model
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from deploy.local.folders import ROOT
from servicekit import feeds, metrics, queries, worker

FOLDER = ROOT / "deploy/monitoring"
# Whoever measures something is named here, so that it is known and seen on the board.
MEASURING = (approvals, feeds, follower, logins, measures, metrics, model, queries, worker)
# Prometheus's own, and what prometheus.yml adds.
GIVEN = {"up"}
LABELS = {"service", "job", "le"}
SAMPLE = re.compile(r"\b([a-z]+(?:_[a-z]+)+|up)\b\s*(?:\{([^}]*)\})?")
FUNCTIONS = {"histogram_quantile", "label_replace", "__rate_interval", "rate_interval"}


def expressions() -> Iterator[tuple[str, str]]:
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for panel in json.loads((FOLDER / "board.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def known() -> dict[str, set[str]]:
    """The samples that our modules can give, each with its labels."""
    ours = {value for module in MEASURING for value in vars(module).values() if isinstance(value, MetricWrapperBase)}
    found: dict[str, set[str]] = {}
    for one in ours:
        endings = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}.get(one._type, ("",))
        found |= {one._name + ending: set(one._labelnames) for ending in endings}
    return found


def used(expression: str) -> dict[str, set[str]]:
    """The samples that an expression asks for, each with the labels that it is narrowed by."""
    grouped = re.sub(r"\b(by|without)\s*\([^)]*\)", "", expression)
    found: dict[str, set[str]] = {}
    for name, narrowed in SAMPLE.findall(grouped):
        if name not in FUNCTIONS:
            found.setdefault(name, set()).update(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", narrowed))
    return found


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_expression_names_what_is_measured(where: str, expression: str) -> None:
    samples, asked = known(), used(expression)
    grouped = {label.strip() for labels in re.findall(r"\bby\s*\(([^)]*)\)", expression) for label in labels.split(",")}
    labels = LABELS.union(*(samples.get(name, set()) for name in asked))

    assert asked.keys() <= samples.keys() | GIVEN
    assert grouped <= labels
    assert all(narrowed <= samples.get(name, set()) | LABELS for name, narrowed in asked.items())


@pytest.mark.parametrize("wrong", ["rate(http_requests_total[5m])", 'sum(jobs_waiting{queue="mail"})'])
def test_expression_about_nothing_would_be_found(wrong: str) -> None:
    samples = known()

    assert any(name not in samples or narrowed - samples[name] for name, narrowed in used(wrong).items())


def test_everything_measured_is_on_the_board() -> None:
    shown = {name for where, expression in expressions() for name in used(expression)}
    stems = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in shown}

    assert {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in known()} <= stems


def test_every_module_that_measures_is_known_here() -> None:
    code = [path for folder in ROOT.glob("*service*") for path in folder.rglob("*.py")]
    measuring = {
        path.stem for path in code if re.search(r"^[A-Z_]+ = (Counter|Gauge|Histogram)\(", path.read_text(), re.M)
    }

    assert measuring == {module.__name__.rpartition(".")[2] for module in MEASURING}


def test_no_metric_of_ours_is_registered_elsewhere() -> None:
    registered = {family.name for family in REGISTRY.collect() if not family.name.startswith(("python_", "process_"))}
    stems = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in known()}

    assert registered <= stems


def test_every_service_of_the_containers_is_scraped_as_web_and_worker() -> None:
    configuration: Any = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    scraped = {
        (job["job_name"], name)
        for job in configuration["scrape_configs"]
        for one in job["dns_sd_configs"]
        for name in one["names"]
    }
    containers = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    wanted = {("worker" if name.endswith("-worker") else "web", name) for name in containers if "-" in name}

    assert scraped == wanted
    assert {one["port"] for job in configuration["scrape_configs"] for one in job["dns_sd_configs"]} == {8000}
    assert configuration["rule_files"] == ["alerts.yml"]
