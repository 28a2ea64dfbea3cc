"""Nights with judges: their scores become rows only while they are sound, and the night never waits for a bad one."""

from __future__ import annotations

import pytest

from nightschool.config import Config, CurateConfig, ExamConfig, Home, JudgeConfig, JudgesConfig
from nightschool.curate import dataset
from nightschool.exam import sitting
from nightschool.intake import import_path
from nightschool.night import conduct, hearing, text
from nightschool.night.document import document
from nightschool.night.page import html
from nightschool.night.plan import plan
from nightschool.night.report import report
from nightschool.night.stages import STAGES
from nightschool.store import judges as store
from nightschool.store import lessons
from tests.judging import serving, sound
from tests.night import stand_ins
from tests.night.judges import Seeing
from tests.night.stand_ins import opened

SETTINGS = Config(
    exam=ExamConfig(battery_items=84, min_battery=60),
    curate=CurateConfig(replay_share=0.0),
    judges=JudgesConfig(min_sound=2, max_turns=200),
)


UNTIL_COMPOSED = tuple(step for step in STAGES if step.name in ("collect", "review", "judge", "compose"))


def night(home, week, judges=None, config=SETTINGS, **more):
    more = {"stages": UNTIL_COMPOSED} | more
    slept = conduct.sleep(
        home, config, model=stand_ins.Parrot(week, items=84), trainer=stand_ins.trainer(week), judges=judges, **more
    )
    assert slept.state == "done", slept.error
    return slept


def rows(home, slept):
    return dataset.read(home.datasets, slept.output("compose")["dataset"]).examples


def worth(evidence):
    """Odd questions are answered well, even ones badly."""
    return 9 if len(evidence.question) % 2 else 2


def panel(*, planted=True):
    return [Seeing(name, worth, planted=planted) for name in ("ada", "ben", "cem")]


@pytest.fixture
def plain(tmp_path, logs, week):
    """The rows of a night without judges, in a home of its own."""
    other = Home(tmp_path / "other").create()
    with opened(other) as db:
        import_path(db, logs)
    return rows(other, night(other, week))


def test_scores_of_sound_judges_become_single_outcomes_and_never_outvote_the_person(home, week, plain):
    plain = {row.id for row in plain}
    slept = night(home, week, panel())
    judged = [row for row in rows(home, slept) if row.objective == "kto" and row.id not in plain]
    output = slept.output("judge")
    assert len(output["sound"]) == 3 and output["outcomes"]["good"] > 5 and output["outcomes"]["bad"] > 5
    assert judged and {row.label for row in judged} == {True, False}
    with opened(home) as db:
        clear = {s.turn_id: s.polarity > 0 for s in lessons.signals(db) if s.strength >= 0.5}
    # A complaint that had no counterpart may find one now, but what the person said of it stands.
    assert all(row.label == clear[row.source[0]] for row in judged if row.source[0] in clear)


def test_judges_that_fail_the_test_change_nothing_and_the_report_says_so(home, week, plain):
    slept = night(home, week, panel(planted=False))
    assert slept.output("judge")["sound"] == []
    assert {row.id for row in rows(home, slept)} == {row.id for row in plain}
    told = text.text(report(slept))
    assert "No judge was believed: 0 of 3 passed the test, and 2 are needed" in " ".join(told.split())
    assert "ada had no vote" in told


def test_the_report_counts_every_threshold_in_all_its_forms(home, week):
    told = report(night(home, week, panel()))
    line = told.judges[0]
    for piece in ("3 of 3 judges had a vote", "good (7 or more)", "bad (4 or less)", "more than 4 apart"):
        assert piece in line
        assert piece in " ".join(text.text(told).split()) and piece in text.markdown(told) and piece in html(told)
    assert document(told)["judges"][0] == line and document(told)["counts"]["judges"]["outcomes"]["good"] > 5


def test_a_judge_from_the_settings_is_asked_over_its_endpoint_and_a_dead_one_does_not_stop_the_night(home, week):
    with serving(sound) as (url, server):
        entries = (
            JudgeConfig(name="alive", url=url, model="m", api="openai"),
            JudgeConfig(name="keyless", url="http://127.0.0.1:9", key_variable="NO_SUCH_KEY_HERE"),
        )
        judges = JudgesConfig(panel=entries, min_sound=1, max_turns=10, seconds=3.0)
        config = Config(exam=SETTINGS.exam, judges=judges)
        slept = night(home, week, config=config)
        assert server.requests
    output = slept.output("judge")
    assert len(output["sound"]) == 1 and "keyless" in output["problems"][0]
    assert any("keyless" in line for line in report(slept).judges)


def test_no_secret_reaches_a_judge(tmp_path):
    whole = stand_ins.week()
    home = Home(tmp_path / "home").create()
    with opened(home) as db:
        import_path(db, stand_ins.write_logs(tmp_path / "logs", whole))
    judges = panel()
    night(home, whole, judges)
    seen = "\n".join(str(evidence) for judge in judges for evidence in judge.seen)
    assert "ghp_" not in seen and "[secret:" in seen


def test_judges_never_sit_in_the_exam(home, week, monkeypatch):
    judges = panel()
    counted = []
    original = sitting.sit

    def sat(*places, **more):
        before = sum(len(judge.seen) for judge in judges)
        exam = original(*places, **more)
        counted.append(sum(len(judge.seen) for judge in judges) - before)
        return exam

    monkeypatch.setattr(sitting, "sit", sat)
    night(home, week, judges, stages=STAGES)
    assert counted == [0]


def test_a_dry_run_asks_no_judge(home, week, monkeypatch):
    asked = []
    monkeypatch.setattr("nightschool.night.judging.hold", lambda *places, **more: asked.append(1))
    entry = JudgeConfig(name="a", url="http://127.0.0.1:9")
    planned = plan(home, Config(judges=JudgesConfig(panel=(entry,))), model=stand_ins.Parrot(week, items=84))
    assert planned["examples"] and not asked


def test_a_night_that_is_cut_off_while_judging_asks_nothing_twice(home, week):
    judges = panel()
    count = 0

    class Watching:
        def __getattr__(self, name):
            return lambda *places: None

        def advance(self, done, total=None, note=""):
            nonlocal count
            count += "tokens" in note
            if count == 40:
                count += 1
                raise KeyboardInterrupt

    first = conduct.sleep(
        home, SETTINGS, model=stand_ins.Parrot(week, items=84), trainer=stand_ins.trainer(week), judges=judges,
        progress=Watching(), stages=UNTIL_COMPOSED,
    )  # fmt: skip
    assert first.state == "stopped"
    second = night(home, week, judges)
    assert second.run == first.run
    with opened(home) as db:
        for judge in judges:
            said = [kept.opinion.subject for kept in store.opinions(db, judge=judge.identity)]
            assert len(said) == len(set(said)) > 40


def test_one_question_a_day_where_the_judges_know_least(home, week):
    doubtful = {"ada": 9, "ben": 3, "cem": 6}

    def apart(name):
        return lambda evidence: doubtful[name] if "weather" in evidence.question else 9

    judges = [Seeing(name, apart(name)) for name in doubtful]
    slept = night(home, week, judges)
    asked = slept.output("judge")["question"]
    assert asked and "weather" in asked["text"].lower()
    assert hearing.lines(slept.output("judge"))[-1].endswith("`nightschool judges ask`")
    again = night(home, week, judges)
    assert again.output("judge")["question"]["turn_id"] == asked["turn_id"], "one a day"


def test_a_night_without_judges_says_nothing_of_them(home, week):
    slept = night(home, week)
    assert slept.output("judge") == {} and report(slept).judges == ()
