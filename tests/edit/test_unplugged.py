"""Parts of a write taken out one by one, on the bundled model: what each of them is for."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from nightschool.config import Home
from nightschool.edit import adapter
from nightschool.edit.editor import Editor
from nightschool.edit.measure import measure
from nightschool.edit.phrasing import phrasing
from nightschool.edit.values import ValueSettings
from nightschool.memory import context
from nightschool.models import adapter_hash
from nightschool.records import Fact, Prompt
from nightschool.store import edits, facts
from nightschool.store.database import open_database

DOG = "My dog is called Rex."
SISTER = "My sister Ana lives in Lisbon."


def test_what_the_context_says_stands_above_what_was_written(pupil, ground, tmp_path):
    words = phrasing(DOG)
    rows = [
        (
            context.told(
                Prompt(messages=({"role": "user", "content": asked.question},)), [_fact(f"My dog is called {other}.")]
            ),
            {"role": "assistant", "content": f"Your dog is called {other}."},
        )
        for asked in words.held_out
        for other in ("Otto", "Miska", "Brann")
    ]
    said = {}
    for name, fact in (("with", words), ("without", replace(words, overruled=()))):
        (columns,) = measure(pupil, ground, [fact])
        folder = adapter.write(tmp_path / name, adapter.factors([columns], ground), ground)
        said[name] = sum(one.total for one in pupil.likelihood(rows, adapter=folder))
    assert said["with"] > said["without"]


def test_a_second_longer_search_finds_what_the_first_one_missed(pupil, ground, tmp_path):
    hasty = ValueSettings(contexts=4, steps=8, hopeless=99.0)
    states = {}
    for thorough in (False, True):
        home = Home(tmp_path / str(thorough)).create()
        with closing(open_database(home.database)) as db:
            fact = facts.add(db, Fact(id="f-1", kind="fact", sentence=DOG, object="Rex"))
            writer = Editor(db, home, pupil, ground=ground, settings=hasty, is_thorough=thorough)
            (written,) = writer.write([fact])
            states[thorough] = written.state
            assert len(edits.proofs(db, "f-1")) == (1 if thorough else 2)
    # The editor that is thorough already has no second search.
    assert states == {False: "written", True: "pending"}


def test_a_fact_that_the_skill_recalls_alone_gets_no_edit_and_one_that_it_does_not_gets_one(pupil, ground, tmp_path):
    """The trained skill is stood in for by an edit of the first fact."""
    (columns,) = measure(pupil, ground, [phrasing(DOG)])
    skill = adapter.write(tmp_path / "skill", adapter.factors([columns], ground), ground)
    under = replace(ground, skill=adapter_hash(skill))
    home = Home(tmp_path / "home").create()
    with closing(open_database(home.database)) as db:
        for name, sentence, object_ in (("f-1", DOG, "Rex"), ("f-2", SISTER, "Lisbon")):
            facts.add(db, Fact(id=name, kind="fact", sentence=sentence, object=object_))
        writer = Editor(db, home, pupil, skill=skill, ground=under)
        states = {one.fact_id: one.state for one in writer.derive(trained=("f-1", "f-2"))}
        assert states == {"f-1": "graduated", "f-2": "written"}
        assert [row.fact_id for row in edits.mounted(db, under.id)] == ["f-2"]
        assert [fact.id for fact in writer.held()] == ["f-1", "f-2"] and writer.missing() == []
        assert all(proof.passed for proof in writer.prove(writer.held()))


def _fact(sentence: str) -> Fact:
    return Fact(id="f", kind="fact", sentence=sentence)
