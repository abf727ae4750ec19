"""The gateway's settings: their defaults, and what they must not hold."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from servicekit import addresses

HERE = Path(__file__).resolve().parent

SETTINGS = {
    "PUBLIC_URL": "http://127.0.0.1:8080",
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
    "SMALL_BODY_LIMIT": "64k",
    "IMPORT_BODY_LIMIT": "64m",
    "PICTURE_BODY_LIMIT": "10m",
    "JWT_ISSUER": "vetted-auth",
    "JWT_AUDIENCE": "vetted",
    "CORS_ORIGINS": "",
    "TLS_CERTIFICATE": "",
    "TLS_KEY": "",
    "LIMITS": "on",
    "LIMIT_CONNECTIONS": "200",
    "LIMIT_LOGIN": "60r/m burst=59",
    "LIMIT_REGISTER": "5r/m burst=4",
    "LIMIT_SESSION": "60r/m burst=30",
    "LIMIT_CHAT": "10r/m burst=9",
    "LIMIT_PUBLIC": "20r/s burst=40",
    "LIMIT_ADDRESS": "50r/s burst=100",
    "LIMIT_WRITES": "100r/m burst=99",
    "LIMIT_CHAT_USER": "30r/m burst=29",
}

UPSTREAMS = ("AUTH_UPSTREAM", "CATALOG_UPSTREAM", "CHAT_UPSTREAM")


class SettingError(ValueError):
    """A variable of the environment that cannot be used; the message names it."""


def settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting as text, defaults filled in; SettingError when a value could change the configuration's meaning."""
    values = {name: environ.get(name) or default for name, default in SETTINGS.items()}
    for name, value in values.items():
        if re.search(r"""["';{}$\\\s#]""", value.replace(" ", "")) or "\n" in value:
            raise SettingError(f"{name}: holds a character that has a meaning to nginx")
    if bool(values["TLS_CERTIFICATE"]) != bool(values["TLS_KEY"]):
        raise SettingError("TLS_CERTIFICATE and TLS_KEY belong together")
    _check_addresses(values)
    return values


def _check_addresses(values: Mapping[str, str]) -> None:
    """SettingError naming the variable that holds an address which is none; its value is not repeated."""
    web = [values["PUBLIC_URL"]], each(values["CORS_ORIGINS"])
    for name, texts in zip(("PUBLIC_URL", "CORS_ORIGINS"), web, strict=True):
        _check_each(name, texts, lambda text: addresses.parse(text, "http", "https"))
    _check_each("GATEWAY_LISTEN", [listening(values)], addresses.endpoint)
    for name in UPSTREAMS:
        _check_each(name, each(values[name]) or [""], addresses.endpoint)


def _check_each(name: str, texts: list[str], parse: Callable[[str], object]) -> None:
    try:
        for text in texts:
            parse(text)
    except ValueError as error:
        raise SettingError(f"{name}: {error}") from None


def each(text: str) -> list[str]:
    """What commas and blanks part."""
    return [part for part in re.split(r"[,\s]+", text) if part]


def listening(values: Mapping[str, str]) -> str:
    """host:port that nginx listens on, where the setting is a port alone as well."""
    text = values["GATEWAY_LISTEN"]
    return f"0.0.0.0:{text}" if text.isdecimal() else text
