"""Pictures of what each browser test saw last, for people to look at, outside of git.

The tests of accessibility open every page in both themes, so there are pictures of all of them in both.
"""

import contextlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Error, Page

FOLDER = Path(__file__).resolve().parents[3] / "artifacts" / "browser"
MARK = "FAILED-"
MILLISECONDS = 10_000


def clear() -> None:
    """Throws away those of the last run."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def take(pages: Iterable[Page], test: str, failed: bool) -> None:
    """One picture a page; a page that cannot be taken any more is left out."""
    name = (MARK if failed else "") + re.sub(r"[^\w-]+", "-", test).strip("-")[:120]
    for number, page in enumerate(pages, 1):
        with contextlib.suppress(Error):
            page.screenshot(path=FOLDER / f"{name}-{number}.jpg", type="jpeg", quality=60, full_page=True,
                            animations="disabled", timeout=MILLISECONDS)  # fmt: skip
