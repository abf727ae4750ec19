"""ARCHITECTURE.md shows the arrows of the code, CHANGELOG.md the version of the API; DECISIONS.md stays short."""

import importlib
import json
import re

from gateway.routes import ROUTES
from servicekit.app import VERSION
from tests.contract.services import PACKAGES, ROOT, sources
from tests.contract.test_layers import imports

PICTURE = re.search(r"```mermaid\n(.*?)```", (ROOT / "ARCHITECTURE.md").read_text(), re.DOTALL)
WINGS = ("content", "public", "review", "routes", "search")


def drawn() -> set[tuple[str, str]]:
    assert PICTURE
    return set(re.findall(r"^ *(\S+) -[^>]*-> (\S+)$", PICTURE[1], re.MULTILINE))


def calls() -> set[tuple[str, str]]:
    """From the gateway to the services it has routes to, and from a service to those whose addresses it is set up with."""
    arrows = {("gateway", f"{route.service}-service") for route in ROUTES}
    for package in PACKAGES:
        fields = importlib.import_module(f"{package}.settings").Settings.model_fields
        for name in PACKAGES:
            if f"{name.removesuffix('_service')}_url" in fields:
                arrows.add((package.replace("_", "-"), name.replace("_", "-")))
    return arrows


def imported() -> set[tuple[str, str]]:
    """From one wing of catalog-service to another whose modules it imports."""
    return {
        (wing, module.split(".")[1])
        for wing in WINGS
        for path in sources(PACKAGES["catalog_service"] / wing)
        for module, _ in imports(path)
        if module.startswith("catalog_service.") and module.split(".")[1] in {*WINGS} - {wing}
    }


def test_picture_shows_every_arrow_of_the_code_and_no_other() -> None:
    assert drawn() == calls() | imported()


def test_changelog_begins_with_the_version_that_the_api_says() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest and newest[1] == VERSION
    assert json.loads((ROOT / "frontend" / "package.json").read_text())["version"] == VERSION


def test_decisions_are_few() -> None:
    entries = re.findall(r"^## (.+)$", (ROOT / "DECISIONS.md").read_text(), re.MULTILINE)

    assert 0 < len(entries) <= 25
    assert len(set(entries)) == len(entries)
