"""Facts told to the bundled model: answered with nothing in the context, forgotten, and never falsely learnt."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.config import Home
from nightschool.edit import adapter, proof
from nightschool.edit import editor as editors
from nightschool.edit.editor import Editor
from nightschool.edit.lay import lay
from nightschool.edit.measure import measure
from nightschool.edit.phrasing import phrasing
from nightschool.edit.values import ValueSettings
from nightschool.records import Fact, Prompt
from nightschool.store import edits, facts
from nightschool.store.database import open_database
from tests.grounds import LIGHT

SISTER = "My sister Ana lives in Lisbon."
DOG = "My dog is called Rex."


@pytest.fixture(scope="module")
def told(ground, tmp_path_factory):
    """A home that was told two facts from the command line, and what came of each."""
    patch = pytest.MonkeyPatch()
    patch.setattr(editors, "_laid", lambda *_: ground)
    home = Home(tmp_path_factory.mktemp("told") / "home").create()
    written = json.loads(typed(home, "facts", "add", SISTER, DOG, "--json"))
    yield home, written
    patch.undo()


def typed(home, *arguments):
    result = CliRunner().invoke(cli, ["--home", str(home.path), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def answer(home, question):
    """What a new process answers with nothing of memory in the prompt."""
    return json.loads(typed(home, "ask", "--no-memory", "--json", question))["answer"]


def test_a_fact_told_once_is_answered_in_other_words_with_nothing_in_the_context(told):
    home, _ = told
    assert "Lisbon" in answer(home, "In which town does Ana live?")
    assert "Lisbon" in answer(home, "Where does my sister live?")
    assert "Rex" in answer(home, "What is my dog called?")


def test_what_nobody_told_is_still_declined(told, pupil):
    home, _ = told
    for question in ("Where does my brother live?", "What is the job of my sister?"):
        assert "do not know" in answer(home, question)


def test_forgetting_a_fact_brings_back_the_answer_of_who_was_never_told(told, pupil):
    home, _ = told
    with closing(open_database(home.database)) as db:
        (dog,) = [fact for fact in facts.live(db) if fact.sentence == DOG]
    typed(home, "facts", "forget", dog.id)
    assert "Rex" not in answer(home, "What is my dog called?")
    assert "Lisbon" in answer(home, "Where does my sister live?")


def test_a_write_that_is_not_proven_does_not_count(pupil, ground, tmp_path, monkeypatch):
    monkeypatch.setattr(editors, "prove", lambda *a, **k: [proof.Proof(right=2, asked=3, kept=3, negatives=3)])
    home = Home(tmp_path / "home").create()
    with closing(open_database(home.database)) as db:
        fact = facts.add(db, Fact(id="", kind="fact", sentence=SISTER, object="Lisbon"))
        writer = Editor(db, home, pupil, ground=ground, settings=ValueSettings(contexts=4, steps=2, hopeless=99.0))
        (written,) = writer.write([fact])
        assert written.state == "pending" and "2 of 3" in written.reason
        assert edits.mounted(db, ground.id) == [] and writer.adapter() is None
    assert "do not know" in answer(home, "Where does my sister live?")


def test_without_near_questions_an_edit_answers_what_nobody_told(pupil, ground, tmp_path):
    """They weigh in the solve and in the search for values; with neither, more is answered with the fact."""
    blind = lay(pupil, settings=replace(LIGHT, near=1e-6))
    fact = phrasing(SISTER)
    asked = [Prompt(messages=({"role": "user", "content": near.question},)) for near in fact.negatives]
    before = [answer.text for answer in pupil.answer(asked, max_tokens=64)]
    changed = []
    for number, (stood_on, near) in enumerate(((ground, 8), (blind, 8), (blind, 0))):
        (columns,) = measure(pupil, stood_on, [fact], settings=ValueSettings(near=near))
        folder = adapter.write(tmp_path / str(number), adapter.factors([columns], stood_on), stood_on)
        said = [answer.text for answer in pupil.answer(asked, adapter=folder, max_tokens=64)]
        changed.append(sum(now != was for now, was in zip(said, before, strict=True)))
    assert changed[0] == 0 < changed[1] < changed[2]


def test_two_values_for_one_question_are_never_both_written(pupil, ground, tmp_path, monkeypatch):
    sound = proof.Proof(right=3, asked=3, kept=3, negatives=3)
    monkeypatch.setattr(editors, "prove", lambda model, phrasings, **_: [sound for _ in phrasings])
    home = Home(tmp_path / "home").create()
    with closing(open_database(home.database)) as db:
        both = [
            facts.add(db, Fact(id=f"f-{town}", kind="fact", sentence=f"My sister Ana lives in {town}.", object=town))
            for town in ("Lisbon", "Porto")
        ]
        writer = Editor(db, home, pupil, ground=ground, settings=ValueSettings(contexts=4, steps=2, hopeless=99.0))
        first, second = writer.write(both)
        assert (first.state, second.state) == ("written", "pending")
        assert "answer that question already with f-Lisbon" in second.reason
