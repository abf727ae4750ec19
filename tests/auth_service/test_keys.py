"""Signing keys at rest."""

import pytest

from servicekit import app as kit
from tests.conftest import Databases, build


def test_other_passphrase_stops_the_start_until_the_keys_are_replaced(databases: Databases, engine_name: str) -> None:
    url = databases.fresh("auth_service", engine_name)
    app = build("auth_service", url, key_passphrase="not the one of before")

    with pytest.raises(SystemExit, match="KEY_PASSPHRASE: not the one"):
        kit.prepare(app)

    assert app.test_cli_runner().invoke(args=["rotate-keys", "--emergency"]).exit_code == 0
    kit.prepare(app)
