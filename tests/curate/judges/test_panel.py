"""Panels of scripted judges: who is believed, who is not, and that nobody can hold up the others."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import socket
import time
from collections import Counter

import pytest

from nightschool.config import Config, Home, JudgeConfig, JudgesConfig
from nightschool.curate.judges import judge as room
from nightschool.curate.judges import panel
from nightschool.curate.judges.evidence import Evidence, Step
from nightschool.night import judging
from nightschool.records import Opinion
from nightschool.store import judges as store
from nightschool.store.database import open_database
from tests.judging import asked, is_right, said, serving, sound, verdict

QUICK = {"seconds": 3.0}


def turn(at, answer="It is here."):
    steps = (Step(kind="said", text=answer),)
    return Evidence(turn_id=f"t{at}", conversation_id="c", question=f"Where is thing {at} today?", steps=steps)


def always(score):
    def script(body):
        return (
            json.dumps({"reason": "", "better": "neither"}) if "The second answer:" in asked(body) else verdict(score)
        )

    return script


def inflating(body):
    """Sees gold, but likes junk as well as long as it says something."""
    text = asked(body)
    if "The second answer:" in text:
        return sound(body)
    return verdict(3 if "empty answer" in text else 9)


def at_random(seed=5):
    rng = random.Random(seed)

    def script(body):
        better = rng.choice(["first", "second", "neither"])
        return (
            json.dumps({"reason": "", "better": better})
            if "second answer:" in asked(body)
            else verdict(rng.randint(1, 10))
        )

    return script


def flipping(body):
    """Scores as a sound judge, but prefers whatever comes first."""
    return json.dumps({"reason": "", "better": "first"}) if "The second answer:" in asked(body) else sound(body)


@contextlib.contextmanager
def panel_of(tmp_path, *scripts, **more):
    with contextlib.ExitStack() as stack:
        served = [stack.enter_context(serving(script)) for script in scripts]
        entries = tuple(
            JudgeConfig(name=f"judge {at}", url=url, model="m", api="openai", parallel=4)
            for at, (url, _) in enumerate(served)
        )
        config = JudgesConfig(**({"panel": entries, "min_sound": 1} | QUICK | more))
        db = stack.enter_context(contextlib.closing(open_database(Home(tmp_path).create().database)))
        yield db, room.configured(config, lambda: None).judges, config, [server for _, server in served]


def held(db, judges, config, turns=(), run="r-1"):
    return judging.hold(db, judges, judging.Docket(turns=tuple(turns)), config, run=run)


def test_sound_judges_are_believed_and_their_median_counts(tmp_path):
    def harsher(body):
        text = asked(body)
        return sound(body) if "second answer:" in text else verdict(8 if is_right(text) else 1)

    turns = [turn(1), turn(2, "That is wrong."), turn(3)]
    with panel_of(tmp_path, sound, sound, harsher, min_sound=3) as (db, judges, config, _):
        judged = held(db, judges, config, turns)
    assert len(judged.sound) == 3
    by_turn = {verdict.turn_id: verdict for verdict in judged.verdicts.values()}
    assert [by_turn[f"t{at}"].outcome for at in (1, 2, 3)] == ["good", "bad", "good"]
    assert by_turn["t1"].scores["overall"] == 9 and by_turn["t1"].votes == 3 and by_turn["t1"].spread == 1


@pytest.mark.parametrize(
    ("script", "why"),
    [(always(8), "junk"), (inflating, "junk"), (at_random(), "junk"), (flipping, "preference"), (always(2), "good")],
    ids=["always 8", "inflates junk", "random", "flips with order", "always 2"],
)
def test_a_judge_that_cannot_judge_loses_its_vote_in_one_run(tmp_path, script, why):
    with panel_of(tmp_path, script, sound) as (db, judges, config, _):
        judged = held(db, judges, config, [turn(1), turn(2, "That is wrong.")])
    bad, good = judged.standings
    assert not bad.sound and why in " ".join(bad.reasons) and good.sound, (bad, good)
    assert judged.sound == {good.judge}
    assert {v.votes for v in judged.verdicts.values()} == {1}


def test_with_too_few_sound_judges_the_signal_is_off(tmp_path):
    with panel_of(tmp_path, sound, always(8), min_sound=2) as (db, judges, config, _):
        judged = held(db, judges, config, [turn(1)])
    assert judged.sound == frozenset() and judged.verdicts == {}


def test_each_standing_has_its_figures_with_intervals(tmp_path):
    with panel_of(tmp_path, inflating) as (db, judges, config, _):
        one = held(db, judges, config).standings[0]
    assert one.specificity.count == one.specificity.n == 20 and one.specificity.low > 0.8
    assert one.sensitivity.n == 20 and one.sensitivity.value < 0.4 and one.inflation.value > 0.6
    assert one.by_kind["empty answer"].value == 1.0 and one.by_kind["asks for a ten"].value == 0.0
    assert one.consistency.n == 10 and one.no_verdict.n == 40 and one.no_verdict.count == 0


def test_controls_are_pooled_over_nights_and_a_new_model_begins_anew(tmp_path):
    with panel_of(tmp_path, sound, pool=100) as (db, judges, config, _):
        for night in range(6):
            one = held(db, judges, config, run=f"r-{night}").standings[0]
        assert (one.sensitivity.n, one.specificity.n, one.no_verdict.n) == (100, 100, 40)
        other = room.ModelJudge("other", judges[0]._speaker, where="elsewhere")
        assert judging.measure(db, [other], {}, config)[0].sensitivity.n == 0


def test_the_persons_own_verdicts_measure_a_judge_too(tmp_path):
    turns = [turn(at) for at in range(12)]
    with panel_of(tmp_path, sound) as (db, judges, config, _):
        case = judging.Docket(turns=tuple(turns), labels={one.subject: -1 for one in turns})
        one = judging.hold(db, judges, case, config, run="r").standings[0]
    assert one.agreement.n == 12 and one.agreement.count == 0
    assert not one.sound and "agreed with you" in one.reasons[-1]


def test_a_spread_above_four_is_a_disagreement_and_nothing_else(tmp_path):
    def opinion(overall):
        return Opinion(judge="j", subject="s", scores=dict.fromkeys(("tool_correctness", "task_completion",
                       "instruction_adherence", "efficiency", "overall"), overall))  # fmt: skip

    config = JudgesConfig()

    def outcome(*scores):
        return panel.verdict("t", "c", [opinion(score) for score in scores], config).outcome

    assert outcome(9, 4, 9) == "disagreement" and outcome(9, 5, 9) == "good"
    assert outcome(7, 7) == "good" and outcome(4, 4) == "bad" and outcome(5, 8) == "unclear"
    assert outcome(9) == "no verdict" and outcome() == "no verdict"


def nonsense():
    endless = "<think>" + "hm " * 300
    return {
        "html": lambda body: (200, "<html>Sign in</html>"),
        "cut": lambda body: said(verdict(9)[:40], "length"),
        "thinking": lambda body: said(endless, "length"),
        "empty": lambda body: said(""),
        "prose": lambda body: "I would say a nine.",
        "error": lambda body: (500, "{}"),
        "out of range": lambda body: verdict(11),
    }


@pytest.mark.parametrize("name", list(nonsense()))
def test_nonsense_is_counted_retried_once_and_never_becomes_a_score(tmp_path, name):
    with panel_of(tmp_path, nonsense()[name], sound, controls=4) as (db, judges, config, servers):
        judges[0]._speaker._rest = lambda _: None
        judged = held(db, judges, config, [turn(1)])
        overall = [kept.opinion.scores for kept in store.opinions(db, judge=judges[0].identity)]
    bad, good = judged.standings
    assert overall == [None] * 9 and not bad.sound and good.sound
    assert bad.no_verdict.count == bad.no_verdict.n == 8 and "no verdict" in bad.reasons[0]
    assert sum(judged.tallies[judges[0].identity].problems.values()) >= 9
    tries = Counter(
        json.dumps(body["messages"][0]) + asked(body).partition("\n\nThat was no")[0] for body in servers[0].requests
    )
    assert max(tries.values()) <= 6  # asked twice, each carried at most three times


def test_a_dead_judge_is_set_aside_and_the_others_finish(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{free.getsockname()[1]}"
    with panel_of(tmp_path, sound) as (db, judges, config, _):
        gone = room.configured(JudgesConfig(panel=(JudgeConfig(url=dead, model="m", api="openai"),)), lambda: None)
        gone.judges[0]._speaker._rest = lambda _: None
        began = time.monotonic()
        judged = held(db, [*gone.judges, *judges], config, [turn(at) for at in range(30)])
    tally = judged.tallies[gone.judges[0].identity]
    assert tally.set_aside and tally.unasked > 40 and tally.problems["unreachable"] >= panel.GIVEN_UP
    assert judged.sound == {judges[0].identity} and len(judged.verdicts) == 30
    assert time.monotonic() - began < 30


def test_a_slow_judge_cannot_hang_the_run(tmp_path):
    def slow(body):
        time.sleep(5)
        return sound(body)

    with panel_of(tmp_path, slow, sound, seconds=0.4, controls=4) as (db, judges, config, _):
        began = time.monotonic()
        judged = held(db, judges, config, [turn(1)])
    assert time.monotonic() - began < 10
    assert judged.tallies[judges[0].identity].problems["slow"] >= 4 and not judged.standings[0].sound


def test_time_is_up_means_what_there_is_is_kept(tmp_path):
    def slow(body):
        time.sleep(0.3)
        return sound(body)

    with panel_of(tmp_path, slow, max_minutes=0.01) as (db, judges, config, _):
        judged = held(db, judges, config, [turn(at) for at in range(200)])
        assert judged.tallies[judges[0].identity].unasked > 150
        assert store.opinions(db, run="r-1")


def test_a_judge_that_comes_back_tomorrow_is_asked_again_and_believed(tmp_path):
    awake = []

    def script(body):
        return sound(body) if awake else (200, "<html>down for the night</html>")

    with panel_of(tmp_path, script) as (db, judges, config, servers):
        assert not held(db, judges, config, [turn(1)], run="r-1").sound
        awake.append(True)
        judged = held(db, judges, config, [turn(1)], run="r-2")
        assert judged.sound and [v.outcome for v in judged.verdicts.values()] == ["good"]
        before = len(servers[0].requests)
        held(db, judges, config, [turn(1)], run="r-2")
        assert len(servers[0].requests) == before, "what was said is not asked again"


def test_a_run_that_is_cut_off_goes_on_where_it_was(tmp_path):
    count = itertools.count()

    def stopping(done, total, note):
        if next(count) == 25:
            raise KeyboardInterrupt

    turns = [turn(at) for at in range(60)]
    with panel_of(tmp_path, sound) as (db, judges, config, _):
        case = judging.Docket(turns=tuple(turns))
        with pytest.raises(KeyboardInterrupt):
            judging.hold(db, judges, case, config, run="r", progress=stopping)
        kept = len(store.opinions(db)) + len(store.comparisons(db, judges[0].identity))
        assert kept == 26
        judging.hold(db, judges, case, config, run="r")
        asked_once = Counter(kept.opinion.subject for kept in store.opinions(db))
    assert len(asked_once) == 100 and max(asked_once.values()) == 1


def test_turns_can_be_shared_out_while_every_judge_is_still_tested(tmp_path):
    turns = [turn(at) for at in range(90)]
    with panel_of(tmp_path, sound, sound, sound, min_sound=3, votes=1) as (db, judges, config, _):
        judged = held(db, judges, config, turns)
        seen = Counter(kept.opinion.judge for kept in store.opinions(db, controls=False))
        again = held(db, judges, config, turns, run="r-2")
        assert len(store.opinions(db, controls=False)) == 90, "a turn with its vote is not shared out again"
    assert seen.total() == 90 and min(seen.values()) > 15
    assert len(judged.sound) == 3 and all(one.sensitivity.n == 20 for one in judged.standings)
    assert {v.outcome for v in judged.verdicts.values()} == {"good"} == {v.outcome for v in again.verdicts.values()}


def test_thinking_takes_two_calls_with_room_enough(tmp_path):
    def thinker(body):
        if "response_format" not in body:
            return said("<think>long</think>I think it is a nine, " + ("right" if is_right(asked(body)) else "bad"))
        return verdict(9 if "right" in body["messages"][-2]["content"] else 1)

    with serving(thinker) as (url, server):
        entry = JudgeConfig(url=url, model="m", api="openai", thinking=True)
        judge = room.configured(JudgesConfig(panel=(entry,)), lambda: None).judges[0]
        assert judge.score(turn(1)).scores["overall"] == 9
    first, second = server.requests
    assert first["max_tokens"] >= 4096 and first["chat_template_kwargs"]["enable_thinking"] is True
    assert second["chat_template_kwargs"]["enable_thinking"] is False and second["response_format"]


def test_the_local_base_can_be_a_judge():
    class Base:
        fingerprint, context_tokens = "f" * 64, 8192

        def count_tokens(self, prompt, answer=None):
            return 100

        def answer(self, prompts, **more):
            from nightschool.records import Answer

            return [Answer(text=verdict(8)) for _ in prompts]

    config = JudgesConfig(panel=(JudgeConfig(),))
    found = room.configured(config, Base)
    assert found.judges[0].name == "base" and found.judges[0].score(turn(1)).scores["overall"] == 8


def test_an_entry_that_cannot_be_meant_is_told_and_the_others_work():
    entries = (
        JudgeConfig(name="a", url="nowhere"), JudgeConfig(name="b", url="http://h:1", key_variable="NO_SUCH_KEY_HERE"),
        JudgeConfig(name="c", url="http://h:1", parallel=0), JudgeConfig(name="d", url="http://h:1"),
        JudgeConfig(name="d", url="http://h:2"),
    )  # fmt: skip
    found = room.configured(Config(judges=JudgesConfig(panel=entries)).judges, lambda: None)
    assert [judge.name for judge in found.judges] == ["d"] and len(found.problems) == 4
    assert all("\n" not in problem for problem in found.problems)
