"""What gunicorn refuses before the application sees it, in the shape of every other failure."""

from typing import Any

from gunicorn import util

from servicekit import problems

_WORDS = {
    400: ("bad_request", "the request is not valid HTTP"),
    403: ("forbidden", "the request is not valid HTTP"),
    414: ("uri_too_long", "the address is too long"),
    417: ("expectation_failed", "this expectation cannot be met"),
    431: ("headers_too_large", "the headers are too large"),
    500: ("internal_error", "internal error"),
    501: ("not_implemented", "this transfer coding is not known"),
}


def write(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """In place of gunicorn's page of HTML, which repeats what it was sent; the connection ends."""
    code, detail = _WORDS.get(status_int, _WORDS[500])
    answer = problems.respond(status_int, code, detail)
    body = answer.get_data()
    head = f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: {problems.MEDIA_TYPE}\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
