"""Pictures of what each browser test saw last, for people to look at: every open page in both themes, outside of git."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Error, Page

FOLDER = Path(__file__).resolve().parents[3] / "artifacts" / "browser"
MARK = "FAILED-"
MILLISECONDS = 10_000
THEMES = ("light", "dark")


def clear() -> None:
    """Throws away those of the last run."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def take(pages: Iterable[Page], test: str, failed: bool) -> None:
    """One picture a page and theme; a page that cannot be taken any more is left out."""
    name = (MARK if failed else "") + re.sub(r"[^\w-]+", "-", test).strip("-")[:120]
    for number, page in enumerate(pages, 1):
        for theme in THEMES:
            try:
                page.evaluate("theme => document.documentElement.dataset.mantineColorScheme = theme", theme)
                page.screenshot(path=FOLDER / f"{name}-{number}-{theme}.jpg", type="jpeg", quality=60, full_page=True,
                                animations="disabled", timeout=MILLISECONDS)  # fmt: skip
            except Error:
                break
