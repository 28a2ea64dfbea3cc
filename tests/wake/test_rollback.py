"""After a change of version: what the weights that answer hold is left out of the prompt, all else is told."""

from __future__ import annotations

import pytest

from nightschool import models
from nightschool.config import MemoryConfig
from nightschool.edit import ground as grounds
from nightschool.records import Fact, Prompt
from nightschool.store import edits, facts, graduation, held, versions
from nightschool.wake import recall
from nightschool.wake.speaker import speaker
from tests.edit.grounds import columns, ground

QUESTION = Prompt(messages=({"role": "user", "content": "Where does my sister live, and what is my dog called?"},))
SENTENCES = {"f-1": "My sister Ana lives in Lisbon.", "f-2": "My dog is called Rex."}


@pytest.fixture
def model(base):
    return models.load(str(base), "cpu")


@pytest.fixture
def graduated(learnt, db, home, model):
    """Two facts that left the context: both in the weights of v-0001, the first alone in those of the base."""
    skilled = versions.get(db, "v-0001").adapter_hash
    for name, sentence in SENTENCES.items():
        facts.add(db, Fact(id=name, kind="fact", sentence=sentence, known_from=1.0))
        for run in ("r-1", "r-2"):
            graduation.tried(db, name, run=run, passed=True)
    for skill, names in ((skilled, ("f-1", "f-2")), ("", ("f-1",))):
        grounds.keep(home, laid := ground(model, skill))
        for name in names:
            packed = columns(int(name[-1])).pack()
            edits.add(db, fact_id=name, ground=laid.id, columns=packed, loss=0.0, state="written")


def told(db, who) -> set[str]:
    found = recall.tell(db, QUESTION, MemoryConfig(), who=who).always
    return {name for name, sentence in SENTENCES.items() if sentence in found}


def test_after_a_rollback_what_is_not_mounted_is_told_again(graduated, db, home, model):
    who = speaker(db, home, model)
    assert (who.version, who.holds, told(db, who)) == ("v-0001", {"f-1", "f-2"}, set())
    versions.rollback(db)
    who = speaker(db, home, model)
    assert (who.version, who.holds, told(db, who)) == ("base", {"f-1"}, {"f-2"})
    versions.promote(db, "v-0001")
    assert told(db, speaker(db, home, model)) == set()


def test_a_version_that_is_asked_for_by_name_is_told_what_it_does_not_hold(graduated, db, home, model):
    assert told(db, speaker(db, home, model, "v-0001")) == set()
    assert told(db, speaker(db, home, model, "base")) == {"f-1", "f-2"}


def test_what_a_version_was_trained_on_is_held_by_it_without_an_edit_and_by_no_other(graduated, db, home, model):
    laid = ground(model, versions.get(db, "v-0001").adapter_hash)
    for name in SENTENCES:
        edits.add(db, fact_id=name, ground=laid.id, columns=None, loss=None, state="graduated", reason=edits.TRAINED)
    who = speaker(db, home, model)
    assert (who.adapter, who.holds, told(db, who)) == (who.skill, {"f-1", "f-2"}, set())
    assert held.places(db, [facts.get(db, "f-1")]) == {"f-1": "weights"}
    versions.rollback(db)
    who = speaker(db, home, model)
    assert who.adapter is not None and (who.holds, told(db, who)) == ({"f-1"}, {"f-2"})
