"""`python -m gateway --out DIR` renders the configuration and becomes nginx, in the foreground.

QUIT drains (open requests end, at most 30 s), TERM stops at once, HUP reads a configuration rendered anew.
With --relay it stays nginx's parent, passes these on, and writes nginx's own lines with their control characters escaped:
they repeat what clients sent.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from gateway.render import SettingError, render
from servicekit.controls import escaped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="folder for the configuration")
    parser.add_argument("--test", action="store_true", help="check the configuration instead of serving")
    parser.add_argument(
        "--relay", action="store_true", help="escape what nginx writes of clients, where nobody else does"
    )
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
    command += ["-g", "daemon off;"]
    if arguments.relay:
        sys.exit(_relay(command))
    os.execv(nginx, command)


def _relay(command: list[str]) -> int:
    """Exit code: nginx's own, or 128 and the number of the signal that ended it."""
    nginx = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace", bufsize=1)
    for number in (signal.SIGQUIT, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, lambda number, _: nginx.send_signal(number))
    assert nginx.stderr is not None
    for line in nginx.stderr:
        print(escaped(line.rstrip("\n")), file=sys.stderr, flush=True)
    code = nginx.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
