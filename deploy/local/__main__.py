"""Command line of the launcher: `python -m deploy.local up|down|logs|backup`."""

import argparse
import os
import sys
from pathlib import Path

from . import background, backup, foreground, leftovers
from .folders import Copy, environment
from .lock import Lock
from .problems import Problem


def main() -> int:
    """Run one command; the exit code."""
    arguments = _parser().parse_args()
    # Databases, mail and logs are nobody else's on this machine to read.
    os.umask(0o077)
    try:
        copy = Copy.configured(environment())
        return int(arguments.command(copy, arguments))
    except Problem as problem:
        print(f"vetted: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(required=True)
    up = commands.add_parser("up", help="start gateway and services")
    up.add_argument("--detach", action="store_true", help="return as soon as everything answers")
    up.set_defaults(command=_up)
    commands.add_parser("down", help="stop what `up` started").set_defaults(command=_down)
    commands.add_parser("logs", help="follow the log of `up --detach`").set_defaults(command=_logs)
    copied = commands.add_parser("backup", help="copy the data into a new folder, also while it runs")
    copied.add_argument("folder", type=Path)
    copied.set_defaults(command=_backup)
    commands.add_parser("erase", help="delete the data folder").set_defaults(command=_erase)
    return parser


def _up(copy: Copy, arguments: argparse.Namespace) -> int:
    copy.prepare()
    return background.up(copy) if arguments.detach else foreground.up(copy)


def _down(copy: Copy, arguments: argparse.Namespace) -> int:
    return background.down(copy)


def _logs(copy: Copy, arguments: argparse.Namespace) -> int:
    if not copy.log.exists():
        raise Problem(f"there is no log at {copy.log}: only `make up DETACH=1` writes one")
    os.execvp("tail", ["tail", "-n", "200", "-F", str(copy.log)])


def _backup(copy: Copy, arguments: argparse.Namespace) -> int:
    return backup.make(copy, arguments.folder.expanduser().resolve())


def _erase(copy: Copy, arguments: argparse.Namespace) -> int:
    if Lock(copy.run).holder() is not None:
        raise Problem("it is running: stop it first with `make down`")
    leftovers.stop(copy.data)
    return copy.erase()


if __name__ == "__main__":
    sys.exit(main())
