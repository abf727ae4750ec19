"""`python -m gateway --out DIR` renders the configuration and becomes nginx, in the foreground.

QUIT drains (open requests end, at most 30 s), TERM stops at once, HUP reads a configuration rendered anew.
"""

import argparse
import os
import sys
from pathlib import Path

from gateway.render import SettingError, render


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="folder for the configuration")
    parser.add_argument("--test", action="store_true", help="check the configuration instead of serving")
    arguments = parser.parse_args()
    out = Path(arguments.out).resolve()
    try:
        nginx, sockets = render(out, os.environ)
    except SettingError as error:
        sys.exit(f"gateway: {error}")
    command = [nginx, "-p", f"{out}/", "-c", str(out / "nginx.conf"), "-e", "stderr"]
    if arguments.test:
        os.execv(nginx, [*command, "-t"])
    # A killed nginx leaves its sockets behind and could not bind them again.
    for left in sockets.glob("*.sock"):
        left.unlink()
    os.execv(nginx, [*command, "-g", "daemon off;"])


if __name__ == "__main__":
    main()
