"""Takes the README's pictures of the four pages from a running copy: `python -m tests.e2e.screenshots ADDRESS`."""

import base64
import shutil
import sys
from collections.abc import Callable

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.demo.content import PASSWORD
from deploy.local.folders import ROOT

FOLDER = ROOT / "frontend" / "screenshots"
WIDTH, HEIGHT = 1280, 820


def main(address: str) -> None:
    """Write one small picture a page."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, scene in SCENES.items():
            target = FOLDER / f"{name}.webp"
            target.write_bytes(_shoot(browser, address, scene))
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")
        browser.close()


def _shoot(browser: Browser, address: str, scene: Callable[[Page], None]) -> bytes:
    page = browser.new_page(
        base_url=address, viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", reduced_motion="reduce"
    )
    scene(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    # Playwright's own call knows no WebP.
    whole = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": 72, "clip": whole}
    )
    page.context.close()
    return base64.b64decode(taken["data"])


def _sign_in(page: Page, username: str, path: str) -> None:
    page.goto(f"/login/?next={path}")
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda where: "/login" not in where)


def _public(page: Page) -> None:
    page.goto("/")
    page.locator("article").first.wait_for()


def _login(page: Page) -> None:
    page.goto("/login/")


def _dashboard(page: Page) -> None:
    _sign_in(page, "clara.nordlicht", "/dashboard/review/")
    page.get_by_role("table").wait_for()


def _chatbot(page: Page) -> None:
    page.goto("/chatbot/?ask=Which+lamps+do+you+have%3F")
    page.get_by_role("list", name="Products in this answer").wait_for()


SCENES: dict[str, Callable[[Page], None]] = {
    "public": _public,
    "login": _login,
    "dashboard": _dashboard,
    "chatbot": _chatbot,
}


if __name__ == "__main__":
    main(sys.argv[1])
