"""Secrets are made once, differ, and are readable by their owner alone."""

import stat
from pathlib import Path

from deploy.local import credentials


def test_secrets_survive_a_second_start(tmp_path: Path) -> None:
    first = {name: path.read_text() for name, path in credentials.ensure(tmp_path).items()}
    second = {name: path.read_text() for name, path in credentials.ensure(tmp_path).items()}

    assert first == second
    assert set(first) == {"internal_token", "key_passphrase"}


def test_secrets_are_long_and_differ_between_copies(tmp_path: Path) -> None:
    one = [path.read_text() for path in credentials.ensure(tmp_path / "one").values()]
    other = [path.read_text() for path in credentials.ensure(tmp_path / "other").values()]

    assert len({*one, *other}) == 4
    assert all(len(secret) >= 32 for secret in one + other)


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    paths = credentials.ensure(tmp_path).values()

    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_secret_cut_short_by_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "internal_token.new").write_text("half")

    assert len(credentials.ensure(tmp_path)["internal_token"].read_text()) >= 32
