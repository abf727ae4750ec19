"""The least that Python can do: a WSGI application that answers the bytes of BODY_FILE."""

import os
from pathlib import Path

BODY = Path(os.environ["BODY_FILE"]).read_bytes()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
