"""routes -> use cases -> models, pure modules, clients -> servicekit; no service imports another."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.services import PACKAGES, ROOT, sources

FILES = [(package, path) for package, folder in PACKAGES.items() for path in sources(folder)]
# What ties a service together may name its routes and its worker's parts.
TOP = {"__init__.py", "cli.py", "worker.py"}
# A service of many tables has models and schemas as folders, one module a noun.
SKELETON = {"__init__", "settings", "models", "schemas", "worker", "cli", "routes", "migrations"}


def imports(path: Path) -> Iterator[tuple[str, set[str]]]:
    """(module, names) of every import, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, set()
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or "", {alias.name for alias in node.names}


def ident(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize(("package", "path"), FILES, ids=ident)
def test_no_service_imports_another(package: str, path: Path) -> None:
    foreign = set(PACKAGES) - {package}

    assert not [module for module, _ in imports(path) if module.split(".")[0] in foreign]


@pytest.mark.parametrize("path", sources(ROOT / "servicekit"), ids=ident)
def test_servicekit_knows_no_service(path: Path) -> None:
    assert not [module for module, _ in imports(path) if module.split(".")[0] in PACKAGES]


@pytest.mark.parametrize(("package", "path"), FILES, ids=ident)
def test_only_routes_speak_http(package: str, path: Path) -> None:
    if path.parent.name == "routes" or path.name in TOP:
        return
    for module, names in imports(path):
        assert not module.startswith(f"{package}.routes"), f"{path.name} imports routes"
        if module == "flask":
            assert names <= {"current_app", "g", "Flask"}, f"{path.name} imports {names} from flask"


@pytest.mark.parametrize(("package", "path"), FILES, ids=ident)
def test_models_rest_on_servicekit_alone(package: str, path: Path) -> None:
    if "models" not in {path.stem, path.parent.name}:
        return
    own = (f"{package}.models.", f"{package}.models")
    assert not [
        module for module, _ in imports(path) if module.startswith(f"{package}.") and not module.startswith(own)
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_skeleton_is_the_same(package: str) -> None:
    found = {path.stem for path in PACKAGES[package].iterdir()}

    assert found >= SKELETON
    beside = {path.name for path in PACKAGES[package].parent.iterdir()}
    assert beside >= {"README.md", "requirements.in", "requirements.lock"}


@pytest.mark.parametrize(("package", "path"), FILES, ids=ident)
def test_settings_are_read_nowhere_else(package: str, path: Path) -> None:
    assert not re.search(r"os\.environ|getenv", path.read_text())
