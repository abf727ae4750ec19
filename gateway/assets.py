"""Collects the document root: `python -m gateway.assets --out DIR [--pages FOLDER]`.

The pages are the built frontend, or the plain page of gateway/www; the API reference comes with Swagger UI's files.
"""

import argparse
import shutil
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
SWAGGER_FILES = ("css/swagger-ui.css", "js/swagger-ui-bundle.js")


def collect(out: str | Path, pages: str | Path) -> None:
    """Fill the folder `out` with the pages and, below api/docs/, the API reference."""
    shutil.copytree(pages, out, dirs_exist_ok=True)
    docs = Path(out, "api", "docs")
    shutil.copytree(HERE / "docs", docs, dirs_exist_ok=True)
    package = find_spec("flask_openapi_swagger")
    if package is None or package.origin is None:
        raise SystemExit("gateway: install gateway/requirements.lock first, Swagger UI's files come with it")
    for name in SWAGGER_FILES:
        shutil.copy(Path(package.origin).parent / "templates" / "swagger" / name, docs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="folder for the document root")
    parser.add_argument("--pages", default=HERE / "www", help="folder of the pages")
    arguments = parser.parse_args()
    collect(arguments.out, arguments.pages)


if __name__ == "__main__":
    main()
