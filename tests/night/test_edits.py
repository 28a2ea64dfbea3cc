"""The facts in the weights, gone over by a night and by a nap; the ledger's editor is stood in for."""

from __future__ import annotations

import json
from collections import Counter
from types import SimpleNamespace
from typing import ClassVar

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.config import Config, Home
from nightschool.edit.editor import Written
from nightschool.edit.proof import Proof
from nightschool.intake.message import message
from nightschool.night import asked as counting
from nightschool.night import edits as stage
from nightschool.night import nap as napping
from nightschool.night.context import Base, Context
from nightschool.night.phrases import weights
from nightschool.night.report import report
from nightschool.night.stages import STAGES
from nightschool.night.text import markdown, text
from nightschool.records import Conversation, Fact, Night, Part, Stage
from nightschool.store import edits, facts, graduation, versions
from nightschool.store.database import open_database

GROUND = "g" * 16


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    return open_database(home.database)


@pytest.fixture
def context(db, home):
    made = Context(
        db=db,
        home=home,
        config=Config(),
        run="r-1",
        champion="base",
        base=Base(Config(), SimpleNamespace(fingerprint="f", name="pupil")),
        trainer=lambda *_: None,
        datasets=home.datasets,
    )
    made.outputs["train"] = {"version": None}
    return made


class Stand:
    """An editor whose weights know every written fact but those that are named as forgetful."""

    forgetful: ClassVar[set[str]] = set()
    hopeless: ClassVar[set[str]] = set()
    figures: ClassVar[dict] = {}

    def __init__(self, db, home, model, *, skill=None, **_):
        self.db, self.skill, self.ground = db, skill, SimpleNamespace(id=GROUND, figures=self.figures)

    def held(self):
        return [facts.get(self.db, row.fact_id) for row in edits.mounted(self.db, GROUND)]

    def missing(self):
        there = {fact.id for fact in self.held()}
        return [fact for fact in facts.live(self.db) if fact.id not in there]

    def prove(self, told, reword=None):
        return [proof(fact.id not in self.forgetful) for fact in told]

    def write(self, told, progress=None):
        made = []
        for fact in told:
            state = "pending" if fact.id in self.hopeless else "written"
            if state == "written":
                Stand.forgetful = self.forgetful - {fact.id}
            edits.add(self.db, fact_id=fact.id, ground=GROUND, columns=b"k", loss=0.0, state=state)
            made.append(Written(fact_id=fact.id, state=state))
        return made

    def derive(self, progress=None, *, trained=()):
        return [
            Written(fact_id=fact.id, state="pending" if fact.id in self.hopeless else "written")
            for fact in facts.live(self.db)
        ]

    def remove(self, ids, *, state="retired", reason=""):
        for one in ids:
            row = edits.latest(self.db, one, GROUND)
            if row and row.state in edits.IN_WEIGHTS:
                edits.set_state(self.db, row.number, state, reason)

    def thorough(self):
        return self


def proof(right: bool) -> Proof:
    return Proof(right=3 * right, asked=3, kept=3, negatives=3)


@pytest.fixture
def written(db, monkeypatch):
    """Ten facts in the weights."""
    monkeypatch.setattr(stage, "Editor", Stand)
    monkeypatch.setattr(napping, "Editor", Stand)
    monkeypatch.setattr(Stand, "forgetful", set())
    monkeypatch.setattr(Stand, "hopeless", set())
    for number in range(10):
        facts.add(db, Fact(id=f"f{number}", kind="fact", sentence=f"My dog {number} is called D{number}."))
        edits.add(db, fact_id=f"f{number}", ground=GROUND, columns=b"k", loss=0.0, state="written")


def test_a_home_without_written_facts_has_nothing_to_go_over(context):
    assert stage.go_over(context) == {}


def test_the_stage_stands_between_training_and_the_exam():
    names = [step.name for step in STAGES]
    assert names.index("train") < names.index("edits") < names.index("examine")


def test_two_nights_let_a_fact_leave_the_context_and_the_report_counts_both(context, written):
    first = stage.go_over(context)
    assert first["withheld"] == {"graduated": 0, "once": 10, "told": 10}
    context.run = "r-2"
    Stand.forgetful, Stand.hopeless = {"f3"}, {"f3"}
    second = stage.go_over(context)
    assert second["withheld"] == {"graduated": 9, "once": 0, "told": 1}
    assert second["taken_out"] == ["f3"] and second["held"] == 10
    said = "\n".join(weights(second))
    assert "9 of 10 facts" in said and "1 fact taken out" in said and "9 left out of the prompt" in said


def test_a_fact_nobody_tried_is_written_at_night(context, written, db):
    facts.add(db, Fact(id="new", kind="fact", sentence="My cat is called Mia."))
    assert stage.go_over(context)["learnt"] == ["new"]
    assert stage.go_over(context)["learnt"] == []


def test_above_what_the_base_holds_the_least_asked_for_leave_the_weights(context, written, db, monkeypatch):
    monkeypatch.setattr(Stand, "figures", {"capacity": {"holds": 7, "of": 10}})
    monkeypatch.setattr(stage, "asked", lambda talks, held: Counter({f.id: 1 for f in held if f.id not in "f2 f5 f8"}))
    found = stage.go_over(context)
    assert found["relieved"] == ["f2", "f5", "f8"] and "the least asked for" in "\n".join(weights(found))
    assert len(edits.mounted(db, GROUND)) == 7 and len(facts.live(db)) == 10
    assert stage.go_over(context)["relieved"] == []


def test_a_fact_is_asked_for_by_questions_that_have_its_words():
    held = [
        Fact(id="home", kind="fact", sentence="My sister Ana lives in Lisbon.", object="Lisbon"),
        Fact(id="dog", kind="fact", sentence="My dog is called Rex.", object="Rex"),
    ]
    asked = (
        "Where does my sister live?",
        "What is my dog called?",
        "How is my dog?",
        "I like my sister.",
        "Is Rex big?",
    )
    said = [
        message(
            conversation="c", parent=None, role="user", author="person", created=1.0,
            parts=[Part(kind="text", text=text)],
        )
        for text in asked
    ]  # fmt: skip
    talk = Conversation(id="c", program="p", source_id="s", started=1.0, messages=tuple(said))
    assert counting.asked([talk], held) == {"home": 1, "dog": 2}


def test_what_a_new_skill_does_not_hold_is_told_again_once_it_answers(context, written, db):
    for run in ("r-0", "r-1"):
        context.run = run
        stage.go_over(context)
    version = versions.create(db, base="f", run="r-1")
    context.outputs["train"] = {"version": version.id}
    Stand.hopeless = {"f4"}
    derived = stage._derived_under(context, None, version.id)
    assert (derived["version"], derived["written"], derived["failed"]) == (version.id, 9, ["f4"])
    assert "f4" in graduation.graduated(db)
    context.outputs["edits"] = {"derived": derived}
    stage.settle(context)
    assert "f4" not in graduation.graduated(db) and "f5" in graduation.graduated(db)


def test_a_nap_mends_tells_again_and_asks_for_a_night_where_many_fail(context, written, db, home):
    for run in ("r-1", "r-2"):
        context.run = run
        stage.go_over(context)
    Stand.forgetful, Stand.hopeless = {"f1", "f2", "f3"}, {"f3"}
    found = napping.nap(db, home, context.base.get())
    assert found["refreshed"] == ["f1", "f2"] and found["taken_out"] == ["f3"]
    assert found["tired"] and found["pressure"] == pytest.approx(0.3)
    assert found["withheld"]["graduated"] == 9 and "f3" not in graduation.graduated(db)
    assert "a night is due" in "\n".join(weights(found))


def test_the_morning_report_says_how_the_facts_in_the_weights_stand(context, written):
    output = json.loads(json.dumps(stage.go_over(context)))
    night = Night(run="r-1", started=0.0, state="done", stages=(Stage(name="edits", seconds=1.0, output=output),))
    told = report(night)
    assert told.weights[0] == "10 of 10 facts in the weights recalled with nothing in the prompt"
    assert "Facts in the weights" in text(told) and "## Facts in the weights" in markdown(told)


def test_nap_on_a_new_home_says_that_there_is_nothing(home):
    result = CliRunner().invoke(cli, ["--home", str(home.path), "nap", "--json"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["held"] == 0 and found["pressure"] == 0.0 and found["tired"] is False
    result = CliRunner().invoke(cli, ["--home", str(home.path), "nap"], catch_exceptions=False)
    assert "Nothing is written" in result.stdout
