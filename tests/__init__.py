"""Tests ask this machine alone: no proxy that the environment names stands in between."""

import os

for _name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)
