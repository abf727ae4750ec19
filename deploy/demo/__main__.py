"""`python -m deploy.demo`: load the demo into AUTH_URL and CATALOG_URL, once per DEMO_STAMP file."""

import os
import sys
from pathlib import Path

import requests

from .content import PASSWORD, accounts
from .load import LoadError, NoMailbox, load


def main() -> int:
    """The exit code: 0 when the demo is loaded or switched off."""
    stamp = Path(os.environ.get("DEMO_STAMP", "/nonexistent"))
    if os.environ.get("VETTED_DEMO", "1").lower() in ("0", "false", "no") or stamp.exists():
        return 0
    try:
        changes = load(os.environ["AUTH_URL"], os.environ["CATALOG_URL"])
    except NoMailbox as reason:
        print(f"demo: {reason}")
        return 0
    except (LoadError, requests.RequestException) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    if stamp.parent.is_dir():
        stamp.touch()
    print(f"demo: {changes} changes; {len(accounts())} accounts, password of all: {PASSWORD}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
