"""`init --base ollama:NAME` makes a home of what Ollama holds, and leaves the home as it was where it cannot."""

from __future__ import annotations

import json

import pytest

from nightschool.cli.init import command
from nightschool.cli.main import main
from nightschool.config import Home, read_config
from nightschool.errors import UserError
from nightschool.wake import choice
from tests import tiny
from tests.models.delivery import llama_cpp
from tests.models.test_ollama_base import hold

QUICK = ["--no-measure"] if any(each.name == "measure" for each in command.params) else []


@pytest.fixture
def there(tmp_path, monkeypatch):
    """Ollama's folder with one model, `tiny:1b`."""
    base = tiny.make(tmp_path / "base", "llama")
    hold(tmp_path / "ollama", llama_cpp.write_base(base, tmp_path / "base.gguf", words=True))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    return tmp_path / "ollama"


def test_the_base_that_ollama_holds_answers_here_and_is_known_for_deliveries(there, tmp_path, monkeypatch, capsys):
    words = ["nightschool", "--home", str(tmp_path / "home"), "init", "--base", "ollama:tiny:1b", "--json", *QUICK]
    monkeypatch.setattr("sys.argv", words)
    main()
    said = capsys.readouterr()
    assert "from Ollama; unpacked it takes" in said.err
    assert json.loads(said.out)["architecture"] == "LlamaForCausalLM"
    config = read_config(Home(tmp_path / "home").config_file)
    assert config.base.name.startswith(str(tmp_path / "home" / "bases" / "tiny-1b-"))
    assert config.deliver.ollama_base == "tiny:1b"


def test_a_base_that_ollama_has_not_leaves_the_home_as_it_was(there, tmp_path):
    home = Home(tmp_path / "home").create()
    with pytest.raises(UserError, match="no model 'other'"):
        choice.resolve(home, "ollama:other")
    assert not home.config_file.exists()
    assert choice.resolve(home, "pupil") == "pupil"
