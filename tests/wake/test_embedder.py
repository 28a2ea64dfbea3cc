"""Choosing what finds memories by meaning: tried, written into the settings, indexed in the background."""

import json
from contextlib import closing

import numpy as np
import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.config import Config, Home, MemoryConfig, read_config, write_config
from nightschool.errors import UserError
from nightschool.models import embedding
from nightschool.records import Fact
from nightschool.serve import indexing
from nightschool.serve.people import People
from nightschool.store import facts, vectors
from nightschool.store.database import open_database
from tests import tiny


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home").create()
    with closing(open_database(home.database)) as db:
        for number in range(3):
            facts.add(db, Fact(id=f"f-{number}", kind="fact", sentence=f"Thing {number} is here.", known_from=1.0))
    return home


def run(home, *arguments):
    return CliRunner().invoke(cli, ["--home", str(home.path), *arguments], catch_exceptions=True)


def test_an_embedder_is_tried_written_and_taken_away_again_and_the_base_stays(home, tmp_path):
    folder = str(tiny.make(tmp_path / "m", "llama", seed=1))
    write_config(home.config_file, Config(memory=MemoryConfig(max_items=7)))
    result = run(home, "init", "--embedder", folder, "--json")
    chosen = json.loads(result.stdout)["embedder"]
    assert chosen["name"] == folder and chosen["numbers"] > 0 and chosen["waiting"] == 3
    config = read_config(home.config_file)
    assert (config.memory.embedder, config.memory.max_items, config.base.name) == (folder, 7, "pupil")
    assert "by words alone" in run(home, "init", "--embedder", "none").stdout
    assert read_config(home.config_file).memory.embedder == ""


def test_what_is_no_embedder_leaves_the_settings_as_they_were(home):
    result = run(home, "init", "--embedder", "/no/such/folder", "--json")
    assert isinstance(result.exception, (SystemExit, UserError)) and result.exit_code != 0
    assert read_config(home.config_file).memory.embedder == ""


def test_memory_is_searched_by_words_while_the_embedder_is_away(home):
    write_config(home.config_file, Config(memory=MemoryConfig(embedder="/no/such/folder")))
    found = run(home, "memory", "search", "thing 2", "--json")
    assert json.loads(found.stdout)[0]["sentence"] == "Thing 2 is here." and "by words alone" in found.stderr
    assert "Thing 2 is here." in json.loads(run(home, "context", "Which thing?", "--json").stdout)["always"]


class Letters:
    def __init__(self, name):
        self.name = name

    def embed(self, texts, *, query=False):
        return np.array([[text.count(letter) + 0.1 for letter in "abcdef"] for text in texts])


def test_the_server_indexes_slice_by_slice_and_anew_for_another_embedder(home, monkeypatch):
    person = People(home).owner
    made = {name: Letters(name) for name in ("first", "second")}
    monkeypatch.setattr(embedding, "held", lambda name: made.get(name))
    assert indexing.index(person) == 0
    for name in made:
        write_config(home.config_file, Config(memory=MemoryConfig(embedder=name)))
        assert indexing.index(person) == 3 and indexing.index(person) == 0
    with closing(open_database(home.database)) as db:
        assert vectors.count_missing(db, "second", "fact") == 0
        assert db.execute("SELECT count(*) FROM vectors WHERE embedder = 'first'").fetchone()[0] == 0
