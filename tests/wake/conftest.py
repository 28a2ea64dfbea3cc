import json
import shutil

import pytest
from click.testing import CliRunner

from nightschool import models
from nightschool.cli.main import cli
from nightschool.config import Home
from nightschool.store import versions
from nightschool.store.database import open_database
from tests import tiny


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The folder of a tiny Qwen2."""
    return tiny.make(tmp_path_factory.mktemp("qwen2"), "qwen2")


@pytest.fixture(scope="session")
def skill(base, tmp_path_factory):
    """The folder of an adapter on it."""
    return tiny.adapter(tmp_path_factory.mktemp("adapters") / "a", base)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    return open_database(home.database)


@pytest.fixture
def run(home, monkeypatch):
    """Run a command in this home; UserErrors are raised."""
    monkeypatch.setattr("nightschool.wake.turn.MAX_TOKENS", 8)

    def invoke(*arguments: str, said: str | None = None):
        if arguments[0] == "init":
            arguments = (*arguments, "--no-measure")
        result = CliRunner().invoke(cli, ["--home", str(home.path), *arguments], input=said, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result

    return invoke


@pytest.fixture
def chosen(run, base):
    """A home whose base is the tiny one."""
    run("init", "--base", str(base))
    return run


@pytest.fixture
def learnt(chosen, db, home, base, skill):
    """A home with one version, promoted."""
    print_ = models.fingerprint(base)
    version = versions.create(db, base=print_, run="r-1")
    folder = home.versions / version.id
    shutil.copytree(skill, folder / "adapter")
    (folder / "card.json").write_text(json.dumps({"base": print_, "rows": 3}))
    versions.trained(db, version.id, models.adapter_hash(folder / "adapter"))
    versions.promote(db, version.id)
    return chosen
