"""Private paths, spelled in thousands of ways by raw sockets, reach nothing."""

import posixpath
import random
import socket
from urllib.parse import unquote

import pytest

from gateway.routes import ROUTES
from tests.gateway.test_paths import EXAMPLES, PRIVATE

# What one parser may read as a slash, a dot, an end or nothing, and another may not.
GLUE = [
    b"/", b"//", b"/./", b"/../", b"/..;/", b"/;x/", b"/%2e/", b"/%2E%2E/", b"/.%2e/", b"/%252e%252e/", b"%2f", b"%252F",
    b"%5c", b"\\", b"/..\\", b"%c0%af", b"%c0%ae%c0%ae/", b"%e0%80%af", b"/%00/", b"%00", b"\x00", b"\t", b"%09", b"%0d%0a",
    b"\x0b", b"%20", b"/%20/", b"%ef%bc%8f", b"%ef%bc%8e%ef%bc%8e/", b"\xc0\xaf", b"\xff", b";", b"%3b", b"?", b"%3f", b"#",
    b"%23", b"/.", b"/%2e", b"%", b"%zz", b"%u002f", b":", b"@", b"/~/",
]  # fmt: skip
FORMS = [
    b"%b", b"http://localhost%b", b"HTTP://LOCALHOST%b", b"http://localhost:80%b", b"http://user@localhost%b",
    b"http://127.0.0.1:8002%b", b"//localhost%b", b"http:%b", b"*%b", b"%b HTTP/1.1 x",
]  # fmt: skip
PREFIXES = [EXAMPLES.get(route.path, route.path).encode() for route in ROUTES]
VERSIONS = [b" HTTP/1.1", b" HTTP/1.1", b" HTTP/1.0", b"", b"  HTTP/1.1", b"\tHTTP/1.1"]


def spelled(chance, private):
    """The path with some of its characters in another case or encoded, once or twice."""
    kinds = [lambda c: c, lambda c: c.swapcase(), lambda c: f"%{ord(c):02x}", lambda c: f"%25{ord(c):02X}"]
    return "".join(chance.choices(kinds, (20, 2, 2, 1))[0](char) for char in private).encode()


def target(chance):
    """A private path behind glue, often below a route, often in another form than the usual one."""
    path = spelled(chance, chance.choice(PRIVATE).removeprefix("/"))
    before = chance.choice([b"", b"", *PREFIXES])
    glued = before + b"".join(chance.choices(GLUE, k=chance.choice((1, 1, 2, 3)))) + path
    after = chance.choice([b"", b"", b"/", b"/.", b";", b"?", b"%00", b".json", b"%20"])
    return chance.choices(FORMS, (20, *[1] * (len(FORMS) - 1)))[0] % (glued + after)


def answer_of(port, request):
    """All bytes that come back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65536):
            found += piece
        return found


@pytest.mark.parametrize("seed", range(8))
def test_no_spelling_of_a_private_path_reaches_it(gateway, keys, services, seed):
    chance = random.Random(seed)
    token = keys.bearer()["Authorization"].encode()
    head = b"\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\nAuthorization: %b\r\n\r\n" % token
    answered = 0
    for _ in range(250):
        line = chance.choice([b"GET ", b"POST ", b"HEAD ", b"OPTIONS "]) + target(chance) + chance.choice(VERSIONS)

        answer = answer_of(gateway.port, line + head)

        answered += answer.startswith(b"HTTP/1.1 ")
        assert b"Traceback" not in answer and b"nginx/" not in answer, line
        assert not answer.startswith((b"HTTP/1.1 500", b"HTTP/1.1 502")), line
    assert answered > 150
    seen = [request.path for service in services.values() for request in service.seen]
    wrong = [path for path in seen if path != "/.well-known/jwks.json" and not below_a_route(path)]
    assert wrong == []


def below_a_route(path):
    """Whether the path leads below a route however it is read: as it is, and with dots resolved after decoding twice."""
    plain = path.split("?")[0]
    resolved = posixpath.normpath(unquote(unquote(plain)).replace("\\", "/"))
    tops = tuple(EXAMPLES.get(route.path, route.path) for route in ROUTES)
    return plain.startswith(tops) and resolved.startswith(tops)
