"""How the launcher renders and starts the gateway."""

from dataclasses import dataclass

from .folders import Copy
from .ports import InnerPorts


@dataclass(frozen=True)
class Plan:
    """The gateway's command, its environment and the address that answers 200 when it is up."""

    command: list[str]
    environment: dict[str, str]
    ready_url: str


def plan(copy: Copy, ports: InnerPorts) -> Plan:
    import sys

    return Plan([sys.executable, "-m", "http.server", str(copy.port), "--bind", "127.0.0.1"], {}, copy.address + "/")
