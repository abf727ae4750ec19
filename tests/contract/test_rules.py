"""Guards, documents and tables: what must hold for every route, setting and column."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway import openapi
from servicekit import migrations
from servicekit.api import views
from tests.conftest import Databases, build
from tests.contract.services import PACKAGES, ROOT


def readme(package: str) -> str:
    return (PACKAGES[package].parent / "README.md").read_text()


def test_every_route_declares_who_may_call_it(package: str) -> None:
    routes = views(build(package, "sqlite://"))

    assert len(routes) > 5
    assert [f"{method} {rule}" for method, rule, guard in routes if not guard] == []


def test_internal_addresses_are_guarded_as_such(package: str) -> None:
    for method, rule, guard in views(build(package, "sqlite://")):
        assert rule.startswith("/internal/") == (guard == "internal"), f"{method} {rule} is {guard}"
        if guard == "operational":
            assert rule in {"/healthz", "/readyz", "/metrics", "/openapi.json"}


def test_openapi_document_is_valid_and_complete(documents: dict[str, Any]) -> None:
    ids: list[str] = []
    for document in documents.values():
        OpenAPIV31SpecValidator(document).validate()
        for path, item in document["paths"].items():
            for method, operation in item.items():
                ids.append(operation["operationId"])
                assert operation["summary"], f"{method} {path} has no docstring"
                assert "security" in operation, f"{method} {path} says nothing of security"
                answers = [status for status in operation["responses"] if status[0] == "2"]
                assert answers, f"{method} {path} does not say what it answers"
    assert len(ids) == len(set(ids))


def test_documents_join_into_one(documents: dict[str, Any]) -> None:
    joined = openapi.join(list(documents.values()))

    assert len(joined["paths"]) == sum(len(document["paths"]) for document in documents.values())


def test_every_endpoint_has_a_row_in_its_readme(package: str, documents: dict[str, Any]) -> None:
    text = readme(package)

    missing = [
        f"{method.upper()} {path}"
        for path, item in documents[package]["paths"].items()
        for method in item
        if not re.search(rf"\b{method.upper()}\b[^|]*\| `{re.escape(path)}`", text)
    ]

    assert missing == []


def settings_of(package: str) -> dict[str, Any]:
    module = __import__(f"{package}.settings", fromlist=["Settings"])
    fields: dict[str, Any] = module.Settings.model_fields
    return fields


def test_every_setting_is_listed_in_readme_and_env_example(package: str) -> None:
    text, example = readme(package), (ROOT / ".env.example").read_text()

    names = [name.upper() for name in settings_of(package)]

    assert [name for name in names if f"`{name}`" not in text] == []
    assert [name for name in names if not re.search(rf"^# ?{name}=|^{name}=", example, re.MULTILINE)] == []


def test_every_setting_is_read_somewhere(package: str) -> None:
    code = "".join(
        path.read_text() for folder in (PACKAGES[package], ROOT / "servicekit") for path in folder.rglob("*.py")
    )

    assert [name for name in settings_of(package) if len(re.findall(rf"\b{name}\b", code)) < 2] == []


def test_models_and_migrations_agree(package: str, databases: Databases, engine_name: str) -> None:
    app = build(package, databases.fresh(package, engine_name))

    with app.app_context():
        db = app.extensions["sqlalchemy"]
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"include_object": migrations.is_ours, "compare_type": True}
            )
            difference = compare_metadata(context, db.metadata)
        db.engine.dispose()

    assert difference == []


def test_migrations_go_down_and_up_again(package: str, databases: Databases, engine_name: str) -> None:
    from flask_migrate import downgrade

    app = build(package, databases.fresh(package, engine_name))

    migrations.upgrade(app)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        downgrade(directory=migrations.folder(app), revision="base")
        left = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
        migrations.upgrade(app)
        engine.dispose()

    assert left == set()
    assert migrations.is_current(app)


def test_migrations_are_numbered_without_gaps(package: str) -> None:
    names = sorted(path.name for path in (PACKAGES[package] / "migrations" / "versions").glob("*.py"))

    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("lock", sorted(ROOT.glob("*/requirements.lock")), ids=lambda path: path.parent.name)
def test_locks_pin_everything_by_hash_and_name_no_index(lock: Path) -> None:
    text = lock.read_text()
    pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)

    assert len(pins) > 0
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)


def test_readme_starts_the_product_in_its_first_screen() -> None:
    first = "\n".join((ROOT / "README.md").read_text().splitlines()[:40])

    assert "make up" in first
    assert "make test" in first


def test_contributing_names_files_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`", text))

    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_top_level_is_what_the_readme_maps() -> None:
    text = (ROOT / "README.md").read_text()
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    for name in folders - {"var", "artifacts", "node_modules"}:
        assert f"`{name}/`" in text, f"{name}/ is not in the README's map"


def test_lint_settings_cover_all_packages() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert set(PACKAGES) <= set(settings["tool"]["mypy"]["packages"])
