"""Where things lie: the checkout, and one data folder per running copy."""

import hashlib
import os
import re
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from dotenv import dotenv_values

from servicekit import addresses

from .problems import Problem

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8080
MEMORY = Path("/dev/shm")
LEAST_ROOM = 2**20  # bytes

# nginx, SQLite's addresses and Python's list of folders give these a meaning. Blanks are well.
UNUSABLE = re.compile(r"""["'$\\;{}#*?\[\x00-\x1f\x7f]""")

# What any program may know of where it runs, whatever else is in the shell.
SURROUNDINGS = re.compile(r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|SSL_CERT_(FILE|DIR)|LD_LIBRARY_PATH")

# What a data folder holds; anything else in it is not ours to delete.
WRITTEN = (
    "run",
    "log",
    "www",
    "gateway",
    "mail",
    "search",
    "secrets",
    "auth.db*",
    "catalog.db*",
    "chat.db*",
    "demo-loaded",
)


def environment() -> dict[str, str]:
    """The process environment over the checkout's optional `.env` file."""
    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {**written, **os.environ}


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Of the environment, what every program gets; settings are not among it."""
    return {name: value for name, value in environment.items() if SURROUNDINGS.fullmatch(name)}


@dataclass(frozen=True)
class Copy:
    """One running copy of the product: its address and its data."""

    host: str
    port: int
    public_url: str
    data: Path
    demo: bool
    environment: dict[str, str]

    @classmethod
    def configured(cls, environment: dict[str, str]) -> "Copy":
        """The copy that VETTED_HOST, _PORT, _DATA and _DEMO describe; Problem when one is malformed."""
        data = Path(environment.get("VETTED_DATA") or "var").expanduser()
        host = _address(environment.get("VETTED_HOST") or "127.0.0.1")
        port = _port(environment.get("VETTED_PORT") or str(DEFAULT_PORT))
        return cls(
            host=host,
            port=port,
            public_url=_public_url(environment.get("PUBLIC_URL"), host, port),
            data=(ROOT / data).resolve(),
            demo=_switch(environment.get("VETTED_DEMO") or "1"),
            environment=environment,
        )

    @property
    def address(self) -> str:
        """Where this machine reaches the gateway."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host
        return f"http://{host}:{self.port}"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def scratch(self) -> Path:
        return self.run / "tmp"

    @property
    def memory(self) -> Path:
        """Where caches, sockets and counters lie, which must work while the disk is full: in memory where it can be."""
        name = f"vetted-{hashlib.sha256(str(self.data).encode()).hexdigest()[:16]}"
        return MEMORY / name if os.access(MEMORY, os.W_OK) else self.scratch

    @property
    def www(self) -> Path:
        return self.data / "www"

    @property
    def log(self) -> Path:
        return self.data / "log" / "vetted.log"

    @property
    def demo_stamp(self) -> Path:
        return self.data / "demo-loaded"

    def prepare(self) -> None:
        """Make the folders; Problem when the data folder cannot be written, or its disk is full."""
        for path, unusable in ((self.data, UNUSABLE), (ROOT, re.compile(f"{UNUSABLE.pattern}|:"))):
            if found := unusable.search(str(path)):
                raise Problem(f"the path {str(path)!r} holds the character {found[0]!r}: choose one without it")
        folders = (self.data, self.run, self.log.parent)
        try:
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(f"the data folder {self.data} cannot be used: {error.strerror}") from None
        if not all(os.access(folder, os.W_OK) for folder in folders):
            raise Problem(f"the data folder {self.data} cannot be written")
        if shutil.disk_usage(self.data).free < LEAST_ROOM:
            raise Problem(f"the disk of the data folder {self.data} is full")

    def clear_scratch(self) -> None:
        """Throw away the temporary files of the last run; only the one launcher may. Problem when they are not ours."""
        self.forget()
        try:
            for folder in {self.scratch, self.memory}:
                folder.mkdir(mode=0o700)
        except OSError as error:
            raise Problem(f"the folder {error.filename} cannot be used: {error.strerror}") from None

    def forget(self) -> None:
        """Give the memory and the disk of temporary files back."""
        for folder in {self.scratch, self.memory}:
            shutil.rmtree(folder, ignore_errors=True)

    def erase(self) -> int:
        """Delete what Vetted wrote into the data folder, and the folder if nothing else is in it."""
        self.forget()
        for path in [path for pattern in WRITTEN for path in self.data.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if self.data.is_dir() and not any(self.data.iterdir()):
            self.data.rmdir()
        return 0


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except ValueError:
        raise Problem("VETTED_HOST must be an IPv4 address such as 127.0.0.1 or 0.0.0.0") from None


def _public_url(text: str | None, host: str, port: int) -> str:
    """Where people reach it: as they say, else the address that it serves."""
    if text:
        try:
            addresses.parse(text, "http", "https")
        except ValueError as error:
            raise Problem(f"PUBLIC_URL: {error}") from None
        return text.rstrip("/")
    return f"http://{_in_the_network() if host == '0.0.0.0' else host}:{port}"


def _in_the_network() -> str:
    """This machine's own address towards others; the loopback one where there are none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Problem(f"VETTED_PORT must be a port number from 1 to 65535, not {text!r}")
    return int(text)


def _switch(text: str) -> bool:
    if text.lower() not in ("0", "1", "false", "true", "no", "yes"):
        raise Problem(f"VETTED_DEMO must be 1 or 0, not {text!r}")
    return text.lower() in ("1", "true", "yes")
