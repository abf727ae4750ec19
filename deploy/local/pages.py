"""Builds the frontend when its sources changed: `python -m deploy.local.pages due|build`."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from gateway import openapi

from .folders import ROOT, surroundings

FRONTEND = ROOT / "frontend"
OUT = FRONTEND / "out"
STAMP = FRONTEND / ".next" / "built-from"
FAILED = FRONTEND / ".next" / "failed-from"
MADE = {"node_modules", ".next", "out", "__pycache__", "openapi.json", "api.gen.ts", "next-env.d.ts", "screenshots"}
SERVICES = ("auth", "catalog", "chat")


def due() -> bool:
    """Whether the pages are missing or older than what they are made of, and a build of that was not tried yet."""
    sources = _digest(_sources())
    if FAILED.exists() and FAILED.read_text() == sources:
        return False
    return not (OUT / "index.html").exists() or not STAMP.exists() or STAMP.read_text() != sources


def build() -> int:
    """Install the packages of the lock file, write the API's types, build; the exit code of the first that fails."""
    describe()
    for command in (["npm", "ci"], ["npm", "run", "types"], ["npm", "run", "build"]):
        if command == ["npm", "ci"] and _installed():
            continue
        ended = run(command)
        if ended.returncode:
            print(ended.stdout[-2000:], file=sys.stderr)
            # An installation may go well next time; the same sources will not build any better.
            if command != ["npm", "ci"]:
                _write(FAILED, _digest(_sources()))
            return ended.returncode
        if command == ["npm", "ci"]:
            (FRONTEND / "node_modules" / ".installed").write_text(_digest([FRONTEND / "package-lock.json"]))
    _write(STAMP, _digest(_sources()))
    return 0


def describe() -> None:
    """Write the merged API document that the types are made of."""
    documents = [json.loads(_described(service)) for service in SERVICES]
    (FRONTEND / "openapi.json").write_text(json.dumps(openapi.join(documents)), encoding="utf-8")


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """A command of the frontend, with the node of this machine or of .venv."""
    return subprocess.run(
        command,
        cwd=FRONTEND,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def environment() -> dict[str, str]:
    """The process's, where `node` is one that is new enough, and nothing reports home."""
    bin_folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    packaged = (Path(bin_folder) / "node").exists()
    return {**os.environ, "NEXT_TELEMETRY_DISABLED": "1", "PATH": f"{bin_folder}:{path}" if packaged else path}


def _installed() -> bool:
    stamp = FRONTEND / "node_modules" / ".installed"
    return stamp.exists() and stamp.read_text() == _digest([FRONTEND / "package-lock.json"])


def _described(service: str) -> str:
    # Describing itself needs no secret: these only satisfy the check that secrets are set.
    settings = {
        **surroundings(os.environ),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / f"{service}-service")]),
        "INTERNAL_TOKEN": "0" * 32,
        "KEY_PASSPHRASE": "0" * 16,
        "LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "flask", "--app", f"{service}_service:create_app", "openapi"]
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True).stdout


def _sources() -> Iterable[Path]:
    """What the pages are made of: the frontend, and the code that describes the API."""
    yield from _files(FRONTEND)
    for folder in ("servicekit", *(f"{service}-service" for service in SERVICES)):
        yield from (path for path in _files(ROOT / folder) if path.suffix == ".py")


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.suffix == ".tsbuildinfo":
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit((0 if due() else 1) if sys.argv[1:] == ["due"] else build())
