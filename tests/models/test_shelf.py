"""Only what is really there, unchanged and for this base, is let answer."""

from __future__ import annotations

import json
import shutil

import pytest

from nightschool import models
from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.models import shelf
from nightschool.store import versions
from nightschool.store.database import open_database


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    return open_database(home.database)


@pytest.fixture
def print_(base):
    return models.fingerprint(base)


def shelved(db, home, adapter, print_):
    """A version with its adapter and card in the home."""
    version = versions.create(db, base=print_)
    folder = home.versions / version.id
    shutil.copytree(adapter, folder / "adapter")
    (folder / "card.json").write_text(json.dumps({"base": print_}))
    return versions.trained(db, version.id, models.adapter_hash(folder / "adapter"))


def test_a_version_with_its_adapter_is_promoted(db, home, adapters, print_):
    version = shelved(db, home, adapters[0], print_)
    assert shelf.promote(db, home, version.id, print_).state == "champion"
    assert shelf.adapter_of(home, version) == home.versions / "v-0001" / "adapter"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: shutil.rmtree(folder / "adapter"), "There is no adapter"),
        (lambda folder: (folder / "adapter" / "adapter_model.safetensors").unlink(), "damaged or incomplete"),
        (lambda folder: (folder / "card.json").write_text('{"base": "other"}'), "another base"),
        (lambda folder: (folder / "card.json").write_text("{"), "is damaged"),
    ],
)
def test_a_version_whose_folder_is_spoilt_moves_nothing(db, home, adapters, print_, spoil, sentence):
    version = shelved(db, home, adapters[0], print_)
    spoil(home.versions / version.id)
    with pytest.raises(UserError, match=sentence):
        shelf.promote(db, home, version.id, print_)
    assert versions.pointer(db, "champion") == "base"


def test_an_adapter_that_is_not_the_examined_one_moves_nothing(db, home, adapters, print_):
    version = shelved(db, home, adapters[0], print_)
    shutil.copy(adapters[1] / "adapter_model.safetensors", home.versions / version.id / "adapter")
    with pytest.raises(UserError, match="not the one that was examined"):
        shelf.promote(db, home, version.id, print_)
    assert versions.pointer(db, "champion") == "base"


def test_a_version_of_another_base_moves_nothing(db, home, adapters, print_):
    version = shelved(db, home, adapters[0], print_)
    with pytest.raises(UserError, match="trained on another base"):
        shelf.promote(db, home, version.id, "f" * 64)
    assert versions.pointer(db, "champion") == "base"


def test_a_rollback_to_a_spoilt_version_moves_nothing_and_the_base_can_still_answer(db, home, adapters, print_):
    first, second = (shelved(db, home, adapters[index], print_) for index in range(2))
    shelf.promote(db, home, first.id, print_)
    shelf.promote(db, home, second.id, print_)
    shutil.rmtree(home.versions / first.id)
    with pytest.raises(UserError):
        shelf.rollback(db, home, print_)
    assert versions.pointer(db, "champion") == second.id
    assert shelf.promote(db, home, "base", print_).id == "base"


@pytest.mark.parametrize(
    ("state", "why"), [("refused", "was refused by the gate"), ("challenger", "has not been examined")]
)
def test_nobody_promotes_by_hand_what_no_exam_has_cleared(db, home, adapters, print_, state, why):
    version = shelved(db, home, adapters[0], print_)
    versions.set_state(db, version.id, state)
    with pytest.raises(UserError, match=why):
        shelf.promote_by_hand(db, home, version.id, print_)
    assert versions.pointer(db, "champion") == "base"


@pytest.mark.parametrize("state", ["earlier", "kept"])
def test_an_examined_version_is_promoted_by_hand(db, home, adapters, print_, state):
    version = shelved(db, home, adapters[0], print_)
    versions.set_state(db, version.id, state)
    assert shelf.promote_by_hand(db, home, version.id, print_).id == version.id
