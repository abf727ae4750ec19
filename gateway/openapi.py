"""Joins the services' OpenAPI documents.

`python -m gateway.openapi auth.json catalog.json chat.json > openapi.json`
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
INFO = {
    "title": "Vetted",
    "description": "Products that were approved before anyone could see them.",
}


class Collision(ValueError):
    """Two documents say different things under one name."""


def join(documents: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One document with the paths, components and tags of all; Collision where they contradict each other."""
    joined = {
        "openapi": documents[0]["openapi"],
        "info": INFO | {"version": documents[0]["info"]["version"]},
        "servers": [{"url": "/"}],
        "tags": [],
        "paths": {},
        "components": {},
    }
    operations = set()
    for document in documents:
        if document["openapi"] != joined["openapi"]:
            raise Collision(f"OpenAPI {document['openapi']} beside {joined['openapi']}")
        if document["info"]["version"] != joined["info"]["version"]:
            raise Collision(f"version {document['info']['version']} beside {joined['info']['version']}")
        for path, item in document["paths"].items():
            _add(joined["paths"], path, item, same_allowed=False)
            for operation in (item[method] for method in METHODS & item.keys()):
                _add_operation(operations, operation)
        for kind, components in document.get("components", {}).items():
            for name, component in components.items():
                _add(joined["components"].setdefault(kind, {}), name, component)
        joined["tags"] += [tag for tag in document.get("tags", []) if tag not in joined["tags"]]
    return joined


def _add(target: dict[str, Any], name: str, value: Any, same_allowed: bool = True) -> None:
    if name in target and not (same_allowed and target[name] == value):
        raise Collision(f"{name} is described twice")
    target[name] = value


def _add_operation(operations: set[str], operation: dict[str, Any]) -> None:
    name = operation.get("operationId")
    if name in operations:
        raise Collision(f"operationId {name} is used twice")
    if name:
        operations.add(name)


def main() -> None:
    documents = [json.loads(Path(name).read_text()) for name in sys.argv[1:]]
    try:
        json.dump(join(documents), sys.stdout)
    except Collision as error:
        sys.exit(f"gateway: {error}")


if __name__ == "__main__":
    main()
