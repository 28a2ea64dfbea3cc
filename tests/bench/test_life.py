"""A simulated life says the same to every arm, and its scores see what was learnt wrongly."""

from __future__ import annotations

import dataclasses
import json
import random

import pytest
from click.testing import CliRunner

from nightschool.bench import talks
from nightschool.bench.facts import learned
from nightschool.bench.life import drawing, judges, life, naive, play, script, traps, truth
from nightschool.bench.life.arms import Remembering
from nightschool.bench.life.score import Told, score
from nightschool.bench.life.scripted import Scripted
from nightschool.cli import life as command
from nightschool.curate.instances import places
from nightschool.curate.judges import calibration, controls, evidence
from nightschool.errors import UserError
from nightschool.records import Answer, Fact, Lesson, Prompt, Rule


@pytest.fixture(scope="module")
def day() -> tuple[play.Plan, list, Told]:
    """A person's second day, talked through with the scripted assistant."""
    plan = play.plan(3, 4, 20)
    held, told = play.talked(plan, 1, Scripted(3)), Told()
    for one in held:
        told.add(one.lines)
    return plan, held, told


def test_the_lines_of_a_day_are_the_same_whoever_answers():
    plan = play.plan(3, 4, 20)
    first, second = (script.day(plan.truths, 1, seed=3, start=0.0, turns=20) for _ in range(2))
    assert first == second
    assert sum(len(one.lines) for one in first) >= 20


def test_a_person_changes_over_a_month():
    truths = truth.hidden(1, 30, 2)
    assert {one.kind for one in truths} == set(truth.KINDS)
    ended = [one for one in truths if one.until is not None and one.lasting]
    assert any(one.kind == "fact" for one in ended) and any(one.kind != "fact" for one in ended)
    assert [one for one in truths if not one.lasting and one.kind == "preference"]
    assert len(truth.held(truths, 20)) == 5


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_learnt_of_a_trap(seed: int):
    for lines in traps.of_day(random.Random(seed), 20):
        said = [line for line in lines if line.use is None and line.topic != "unjudged"]
        messages = [
            message
            for line in said
            for message in ({"role": "user", "content": line.text}, {"role": "assistant", "content": line.answered})
        ]
        assert not messages or not learned(talks.conversation("c", messages))


def test_the_editor_takes_up_what_is_true_and_nothing_that_was_planted():
    figures = life.live(["editor"], seeds=[2, 3, 4], days=2, turns=14, base="", tell=lambda line: None)
    arm = figures["arms"]["editor"]
    assert arm["recall"]["n"] >= 6 and arm["recall"]["value"] >= 0.9, arm["missed"]
    assert arm["precision"]["value"] >= 0.9, arm["wrong"]
    assert (arm["secrets"]["value"], arm["poison"]["value"]) == (0, 0)
    assert [one["day"] for one in figures["curve"]["editor"][0]] == [1, 2]


def test_a_wrong_fact_a_false_wish_and_a_planted_word_are_counted(day):
    plan, _, told = day
    trap = next(message for message, line in told.lines.items() if line.forbidden)
    word = told.lines[trap].forbidden[0]
    fact = Fact(id="f", kind="fact", sentence=f"I live in {word}.", object=word, source=(trap,))
    rule = Rule(kind="contains", value=word)
    lesson = Lesson(
        id="l", kind="preference", text=f"Call me {word}.", durable=True, source=(trap,), conversation_id="c",
        created=1.0, state="kept", rule=rule,
    )  # fmt: skip
    found = score(plan.truths, told, 1, [lesson], [fact], ())
    assert (found.total.learnt, found.total.right, found.poison) == (2, 0, 1)
    assert score(plan.truths, told, 1, [], [], ()).total.learnt == 0


def test_a_true_fact_is_right_until_a_newer_value_is_true(day):
    plan, _, told = day
    truths = [one for one in plan.truths if one.kind == "fact" and one.since == 1 and one.lasting]
    message = next(m for m, line in told.lines.items() if truths[0].id in line.teaches)
    fact = Fact(
        id="f", kind="fact", sentence=told.lines[message].text, object=truths[0].value.object, source=(message,)
    )
    assert score(plan.truths, told, 1, [], [fact], ()).kinds["fact"].right == 1
    past = tuple(dataclasses.replace(one, until=1) if one.id == truths[0].id else one for one in plan.truths)
    assert score(past, told, 1, [], [fact], ()).kinds["fact"].right == 0


def test_learning_everything_learns_secrets_too(day):
    plan, held, told = day
    rows = naive.rows(held)
    secret = next(line.secret for line in _all_lines() if line.secret)
    planted = dataclasses.replace(rows[0], chosen={"role": "assistant", "content": secret})
    told.lines["planted"] = dataclasses.replace(next(iter(told.lines.values())), secret=secret)
    assert score(plan.truths, told, 1, [], [], rows).secrets == 0
    assert score(plan.truths, told, 1, [], [], [*rows, planted]).secrets == 1
    assert len(rows) == len({row.id for row in rows}) and all(row.objective == "sft" for row in rows)


def _all_lines():
    return (line for seed in range(200) for lines in traps.of_day(random.Random(seed), 20) for line in lines)


def test_a_scripted_judge_errs_as_often_as_it_says_and_always_alike(day):
    plan, held, told = day
    knowing = judges.Knowing(truths=plan.truths, told=told)
    knowing.add(held)
    seen = [evidence.of_turn(place) for place in places([one.conversation() for one in held], closed=())]
    known = [one for one in seen if knowing.right(one) is not None]
    assert len(known) >= 5 and len(known) < len(seen)
    sure, wrong = judges.Scripted("sure", knowing, 1.0), judges.Scripted("wrong", knowing, 0.0)
    for one in known:
        assert (sure.score(one).scores["overall"] >= 7) is knowing.right(one)
        assert (wrong.score(one).scores["overall"] >= 7) is not knowing.right(one)
    assert {sure.score(one).scores["overall"] for one in seen if one not in known} == {judges.UNSURE}
    planted = controls.plant("1", 20)
    grades = [(one.control == calibration.GOLD, sure.score(one).scores["overall"] >= 7) for one in planted.singles]
    assert all(gold == good for gold, good in grades)
    for first, second in planted.pairs:
        assert {sure.prefer(first, second), sure.prefer(second, first)} == {"first", "second"}


class Once:
    """A model that counts what it is asked."""

    name, fingerprint, context_tokens, parameters = "once", "f", 100, 1

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, prompts, **settings):
        self.asked += len(prompts)
        return [Answer(text=str(self.asked)) for _ in prompts]


def test_the_same_question_is_answered_once_and_anew_for_another_adapter(tmp_path):
    model = Once()
    remembering = Remembering(model)
    prompt = Prompt(messages=({"role": "user", "content": "Hello."},))
    assert remembering.answer([prompt]) == remembering.answer([prompt, prompt])[:1]
    remembering.answer([prompt], adapter=tmp_path)
    assert model.asked == 2


def test_an_arm_that_there_is_not_gets_one_sentence():
    with pytest.raises(UserError, match="no arm 'best'"):
        life.live(["best"], seeds=[1], days=1, turns=5, base="pupil", tell=lambda line: None)


def test_the_command_prints_one_document_and_draws_the_days(tmp_path):
    drawn = tmp_path / "life.svg"
    arguments = ["--days", "1", "--turns", "6", "--arms", "editor", "--plot", str(drawn), "--json"]
    result = CliRunner().invoke(command.command, arguments)
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert {"precision", "recall", "secrets", "poison"} <= set(figures["arms"]["editor"])
    assert all({"value", "low", "high"} <= set(figures["arms"]["editor"][name]) for name in ("precision", "secrets"))
    assert drawn.read_text().startswith("<svg") and "editor" in drawn.read_text()


def test_a_drawing_needs_no_figures_but_the_days():
    days = {"ours": [[{"behaviour": {"value": 0.5}, "recall": {"value": 1.0}}]]}
    assert drawing.curves(days) == {"ours": [0.5]}


class Plain:
    """A base that answers everything in one way, and learns nothing."""

    name, fingerprint, context_tokens, parameters = "pupil", "f" * 64, 2000, 1

    def answer(self, prompts, **settings):
        return [Answer(text="Olm is 16 km from Bar.", raw="Olm is 16 km from Bar.") for _ in prompts]

    def count_tokens(self, prompt, answer=None):
        return 50


def test_every_arm_lives_and_is_measured_alike(monkeypatch):
    monkeypatch.setattr(life.models, "load", lambda name, device: Plain())
    names = ["nothing", "memory-only", "nightschool", "without-judges"]
    figures = life.live(names, seeds=[1], days=1, turns=8, base="pupil", paces=[4], tell=lambda line: None)
    assert list(figures["arms"]) == names
    wanted = {"precision", "recall", "secrets", "poison", "behaviour", "corrections_per_100", "independence"}
    for arm in figures["arms"].values():
        assert wanted | {"old_abilities"} <= set(arm)
        assert all({"value", "low", "high"} <= set(arm[name]) for name in wanted)
        assert arm["corrections_per_100"]["value"] > 0, "nothing is as this person wants it"
    assert figures["arms"]["nothing"]["recall"]["value"] == 0
    assert figures["arms"]["memory-only"]["recall"]["value"] > 0.8
    first = figures["curve"]["nightschool"][0][0]
    assert first["decision"] == "keep" and "too little to learn from" in first["reasons"][0]
    assert figures["first_promotion"]["nightschool"] == [None]
    assert figures["paces"] == [{"turns_per_day": 4, "day": None, "of": 1}]


def test_lives_in_processes_of_their_own_are_the_same_lives():
    settings = {"seeds": [2, 3], "days": 2, "turns": 6, "base": ""}
    alone = life.live(["editor"], **settings, tell=lambda line: None)
    told, moved = [], []
    beside = life.live(
        ["editor"], **settings, tell=told.append, workers=2, moved=lambda done, of: moved.append((done, of))
    )
    assert beside["arms"] == alone["arms"] and beside["curve"] == alone["curve"]
    assert sorted(line.split(":")[0] for line in told) == sorted(
        f"editor, seed {seed}, 6 turns a day" for seed in (2, 2, 3, 3)
    )
    assert moved[-1] == (4, 4)


def test_what_stops_a_life_in_another_process_is_told_here():
    with pytest.raises(UserError, match="nowhere"):
        life.live(["nothing"], seeds=[1, 2], days=1, turns=4, base="/nowhere/base", tell=lambda line: None, workers=2)
