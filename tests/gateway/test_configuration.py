"""The rendered configuration: valid, clean, documented, and no way around it through a variable."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import render
from gateway.routes import ROUTES
from gateway.settings import SETTINGS
from tests.gateway.harness import ROOT, Gateway, binaries

README = (ROOT / "gateway" / "README.md").read_text()


def check(tmp_path, binary, **settings):
    gateway = Gateway(tmp_path, binary, **settings)
    return subprocess.run(
        [*gateway.command, "--test"], cwd=ROOT, env=gateway.environ, capture_output=True, text=True, check=False
    )


MODES = {
    "embedded": {},
    "composed": {
        "GATEWAY_RESOLVER": "127.0.0.11",
        "AUTH_UPSTREAM": "localhost:8000",
        "CATALOG_UPSTREAM": "localhost:8000",
        "CHAT_UPSTREAM": "localhost:8000",
        "LIMITS": "on",
    },
    "cluster": {
        "GATEWAY_RESOLVER": "10.96.0.10 [fd00::a]",
        "AUTH_UPSTREAM": "localhost:8000",
        "CATALOG_UPSTREAM": "localhost:8000 localhost:8001",
        "CHAT_UPSTREAM": "localhost:8000",
        "CORS_ORIGINS": "https://shop.example",
        "GATEWAY_LISTEN": "0.0.0.0:8080",
        "GATEWAY_ACCESS_LOG": "/dev/stdout",
    },
    "several instances": {"CATALOG_UPSTREAM": "127.0.0.1:1,127.0.0.1:2 127.0.0.1:3"},
    "other origins": {"CORS_ORIGINS": "https://a.example http://localhost:3000"},
    "all addresses": {"GATEWAY_LISTEN": "8080"},
}


@pytest.mark.parametrize("mode", MODES)
def test_nginx_takes_the_configuration_of_every_mode(tmp_path, binary, mode):
    result = check(tmp_path, binary, **MODES[mode])

    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr


def test_name_need_not_exist_yet_where_nginx_looks_it_up_itself(tmp_path, binary):
    unknown = {"GATEWAY_RESOLVER": "10.96.0.10", "CATALOG_UPSTREAM": "catalog-service.vetted.svc.cluster.invalid:8000"}

    result = check(tmp_path, binary, **unknown)

    can = render.nginx_facts(binary)[0] >= (1, 27, 3)
    assert (result.returncode == 0) is can, result.stderr
    assert ("host not found" in result.stderr) is not can


def test_names_are_looked_up_again_where_nginx_can(tmp_path):
    for version, expected in (((1, 22, 1), False), ((1, 27, 3), True), ((1, 30, 7), True)):
        values = render.settings({"GATEWAY_RESOLVER": "127.0.0.11", "CATALOG_UPSTREAM": "catalog:8000"})

        names = render.derive(values, version, True, tmp_path)

        assert ("resolve;" in names["CATALOG_SERVERS"]) is expected
        assert ("resolver 127.0.0.11" in names["RESOLVER"]) is expected


@pytest.mark.parametrize("mode", MODES)
def test_gixy_finds_nothing_in_any_mode(tmp_path, binary, mode):
    render.render(tmp_path, {"GATEWAY_NGINX": binary, **MODES[mode]})
    # Streams are unbuffered on purpose; names are resolved anew in the mode that has names.
    accepted = "proxy_buffering_off,stale_dns_cache"
    command = [Path(sys.executable).with_name("gixy"), "--skips", accepted, tmp_path / "nginx.conf"]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout
    assert "No issues found" in result.stdout


@pytest.mark.parametrize("name", ["GATEWAY_LISTEN", "JWT_ISSUER", "CORS_ORIGINS", "AUTH_UPSTREAM", "GATEWAY_WWW"])
@pytest.mark.parametrize("value", ["x; load_module y", 'x" y', "x\ny", "$host", "x{", "x # y"])
def test_setting_cannot_change_the_meaning(name, value):
    with pytest.raises(render.SettingError, match=name):
        render.settings({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "https://shop.example/below"),
        ("PUBLIC_URL", "https://user:hunter2@shop.example"),
        ("PUBLIC_URL", "https://shop.example:hunter2"),
        ("GATEWAY_LISTEN", "0"),
        ("GATEWAY_LISTEN", "65536"),
        ("GATEWAY_LISTEN", "hunter2"),
        ("AUTH_UPSTREAM", "127.0.0.1"),
        ("CATALOG_UPSTREAM", "127.0.0.1:8002,127.0.0.1:99999"),
        ("CHAT_UPSTREAM", "http://127.0.0.1:8003"),
        ("CHAT_UPSTREAM", ","),
        ("CORS_ORIGINS", "https://a.example, hunter2"),
    ],
)
def test_address_that_is_none_is_named_and_not_repeated(name, value):
    with pytest.raises(render.SettingError, match=name) as refusal:
        render.settings({name: value})
    assert "hunter2" not in str(refusal.value)


def test_folders_with_blanks_work(tmp_path, start_gateway, binary, keys):
    gateway = start_gateway(
        binary,
        GATEWAY_RUN=tmp_path / "run of it",
        GATEWAY_WWW=tmp_path / "pages of it",
        GATEWAY_ACCESS_LOG=tmp_path / "access of it.log",
    )
    (tmp_path / "pages of it").mkdir()
    (tmp_path / "pages of it" / "index.html").write_text("pages of the shop")

    assert gateway.get("/").body == b"pages of the shop"
    assert gateway.get("/api/products/", **keys.bearer()).status == 200
    assert gateway.get("/api/products/public/").status == 200
    assert (tmp_path / "access of it.log").exists()
    assert (tmp_path / "run of it" / "nginx.pid").exists()


@pytest.mark.parametrize("name", ['a"b', "a$b", "a*b", "a[b", "a\\b", "a\nb"])
def test_folder_that_nginx_cannot_use_is_refused_in_words(tmp_path, name):
    with pytest.raises(render.SettingError, match="nginx cannot use the folder"):
        render.render(tmp_path / name, {"GATEWAY_NGINX": binaries()[0]})


def test_limit_that_makes_no_sense_is_named(tmp_path):
    with pytest.raises(render.SettingError, match="LIMIT_LOGIN"):
        render.render(tmp_path, {"GATEWAY_NGINX": binaries()[0], "LIMIT_LOGIN": "many"})


def test_certificate_without_its_key_is_refused():
    with pytest.raises(render.SettingError, match="TLS_KEY"):
        render.settings({"TLS_CERTIFICATE": "/tmp/x.pem"})


def test_long_folder_gets_a_short_one_for_sockets(tmp_path, start_gateway):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    gateway = start_gateway(GATEWAY_RUN=deep)

    assert gateway.get("/gateway/health").status == 200
    assert len(str(render.socket_folder(deep))) <= render.LONGEST_SOCKET_FOLDER


def test_killed_nginx_starts_again(start_gateway, keys):
    gateway = start_gateway()
    gateway.stop(9)

    gateway.start()

    assert gateway.get("/api/products/", **keys.bearer()).status == 200


def test_tls_brings_strict_transport_security(start_gateway, tls):
    import http.client
    import ssl

    gateway = start_gateway(**tls)
    context = ssl.create_default_context(cafile=tls["TLS_CERTIFICATE"])
    connection = http.client.HTTPSConnection("localhost", gateway.port, context=context)
    connection.request("GET", "/")
    reply = connection.getresponse()

    assert reply.status == 200
    assert reply.getheader("Strict-Transport-Security").startswith("max-age=31536000")
    connection.close()


def test_every_setting_is_in_the_readme():
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M))

    assert documented == set(SETTINGS) | {"GATEWAY_NGINX"}


def test_every_route_is_in_the_readme():
    assert [route.path for route in ROUTES if f"`{route.path.removeprefix('~ ')}`" not in README] == []
