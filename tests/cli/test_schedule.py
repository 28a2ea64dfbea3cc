"""What `nightschool schedule` says before it does it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli


@pytest.mark.parametrize("word", ["--print", "--dry-run"])
def test_what_would_be_installed_is_printed_under_either_word_and_nothing_is_installed(tmp_path, monkeypatch, word):
    """`sleep --dry-run` is what people know."""
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    shown = CliRunner().invoke(cli, ["schedule", "install", "--kind", "systemd", word])
    assert shown.exit_code == 0, shown.output
    assert "[Timer]" in shown.output and not (tmp_path / "config").exists()
