"""What the launcher gives the gateway: its document root, its settings, the merged API document."""

import json
import sys
import urllib.request
from dataclasses import dataclass
from typing import Any

from gateway import assets, openapi

from . import nginx
from .folders import ROOT, Copy
from .ports import InnerPorts

# Of this machine itself nothing is asked through a proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PAGES = (ROOT / "frontend" / "out", ROOT / "gateway" / "www")


@dataclass(frozen=True)
class Plan:
    """The gateway's command, its environment and the address that answers 200 when it is up."""

    command: list[str]
    environment: dict[str, str]
    ready_url: str


def plan(copy: Copy, ports: InnerPorts) -> Plan:
    """Collect the pages, and say how nginx is started."""
    assets.collect(copy.www, next(folder for folder in PAGES if (folder / "index.html").exists()))
    environment = {
        "PYTHONPATH": str(ROOT),
        "GATEWAY_NGINX": str(nginx.find()),
        "PUBLIC_URL": copy.public_url,
        "GATEWAY_LISTEN": f"{copy.host}:{copy.port}",
        "GATEWAY_RUN": str(copy.memory / "gateway"),
        "GATEWAY_WWW": str(copy.www),
        "AUTH_UPSTREAM": f"127.0.0.1:{ports.auth}",
        "CATALOG_UPSTREAM": f"127.0.0.1:{ports.catalog}",
        "CHAT_UPSTREAM": f"127.0.0.1:{ports.chat}",
    }
    command = [sys.executable, "-m", "gateway", "--out", str(copy.data / "gateway")]
    return Plan(command, environment, f"{copy.address}/gateway/health")


def publish_api_document(copy: Copy, ports: InnerPorts) -> None:
    """Write the document that describes all services, as they describe themselves now."""
    documents = [_described(port) for port in (ports.auth, ports.catalog, ports.chat)]
    target = copy.www / "api" / "openapi.json"
    beside = target.with_suffix(".new")
    beside.write_text(json.dumps(openapi.join(documents)), encoding="utf-8")
    beside.replace(target)


def _described(port: int) -> dict[str, Any]:
    with DIRECT.open(f"http://127.0.0.1:{port}/openapi.json", timeout=10) as answer:
        document: dict[str, Any] = json.load(answer)
        return document
