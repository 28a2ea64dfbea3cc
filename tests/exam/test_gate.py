"""The gate: each reason to refuse, each reason to keep, and what is promoted."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from nightschool.config import ExamConfig
from nightschool.exam.gate import Policy, decide
from nightschool.records import Exam, Item, Score
from tests.exam.sheets import POLICY, VERSIONS, Sitting, base, better, items, losing


def reason(decision: object) -> str:
    return " | ".join(decision.reasons)  # type: ignore[attr-defined]


def test_what_is_better_and_nowhere_worse_is_promoted_with_figures() -> None:
    decision = decide(Sitting(answers={"v-0002": better}).exam(), POLICY)
    assert decision.outcome == "promote"
    assert "+62.5 points over 40 questions (95 % interval" in reason(decision)
    names = [comparison.name for comparison in decision.comparisons]
    assert "battery against base" in names
    assert "arithmetic against base" in names
    assert len(names) == len(set(names))


def test_better_with_memory_alone_is_enough() -> None:
    assert decide(Sitting(answers={"v-0002+memory": better, "v-0002": base}).exam(), POLICY).outcome == "promote"


def test_no_exam_is_refused() -> None:
    decision = decide(None, POLICY)
    assert (decision.outcome, decision.comparisons) == ("refuse", ())


def test_no_challenger_keeps_the_champion() -> None:
    assert decide(Sitting(challenger=None).exam(), POLICY).outcome == "keep"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scorer_hash": "older"}, "other scorers"),
        ({"base": "b-2"}, "is not this home's base"),
        ({"fingerprints": {}}, "was not its adapter"),
        ({"fingerprints": {"v-0002": "hash of v-0001"}}, "was not its adapter"),
        ({"scores": ()}, "left 380 of 380 questions without a score"),
        ({"items": (), "scores": ()}, "36 are needed"),
        ({"leaked": None}, "Nobody looked"),
        ({"leaked": ("own-1", "own-2")}, "trained on the conversations of 2"),
        ({"anchor": "v-0001"}, "v-0001 left 380"),
        ({"challenger": "v-0009"}, "Nothing is known of version v-0009"),
    ],
)
def test_missing_empty_or_stale_evidence_is_refused(changes: dict[str, object], said: str) -> None:
    decision = decide(Sitting(answers={"v-0002": better}).exam(**changes), POLICY)
    assert decision.outcome == "refuse"
    assert said in reason(decision)


def test_a_version_of_another_base_or_without_a_known_adapter_is_refused() -> None:
    exam = Sitting(answers={"v-0002": better}).exam()
    foreign = replace(POLICY, versions={"v-0002": replace(VERSIONS["v-0002"], base="b-2")})
    assert "trained on another base (b-2)" in reason(decide(exam, foreign))
    unknown = replace(POLICY, versions={"v-0002": replace(VERSIONS["v-0002"], adapter_hash=None)})
    assert "was not its adapter" in reason(decide(exam, unknown))


@pytest.mark.parametrize("arm", ["base", "base+memory", "v-0001", "v-0002", "v-0002+memory"])
def test_an_arm_that_did_not_answer_is_missing_evidence(arm: str) -> None:
    exam = Sitting(answers={"v-0002": better}, champion="v-0001").exam()
    cut = replace(exam, scores=tuple(score for score in exam.scores if score.arm != arm))
    decision = decide(cut, POLICY)
    assert decision.outcome == "refuse"
    assert f"{arm} left" in reason(decision)


def test_an_earlier_version_that_did_not_answer_does_not_matter() -> None:
    exam = Sitting(answers={"v-0002": better}, earlier=("v-0001",)).exam()
    cut = replace(exam, scores=tuple(score for score in exam.scores if not score.arm.startswith("v-0001")))
    assert decide(cut, POLICY).outcome == "promote"
    shown = [comparison.name for comparison in decide(exam, POLICY).comparisons]
    assert "your own questions against v-0001" in shown


def test_the_battery_with_memory_may_be_a_part_but_not_nothing() -> None:
    exam = Sitting(answers={"v-0002": better}).exam()
    some = tuple(s for s in exam.scores if not (s.arm.endswith("+memory") and s.item.startswith("battery-1")))
    none = tuple(s for s in exam.scores if not (s.arm.endswith("+memory") and s.item.startswith("battery")))
    assert decide(replace(exam, scores=some), POLICY).outcome == "promote"
    assert "No battery question was asked with memory" in reason(decide(replace(exam, scores=none), POLICY))


def test_a_score_that_is_not_a_number_is_no_score() -> None:
    exam = Sitting(answers={"v-0002": lambda item, place: math.nan}).exam()
    assert "v-0002 left 380 of 380" in reason(decide(exam, POLICY))


def test_too_few_items_say_how_many_are_needed() -> None:
    few = Sitting(asked=items(personal=30), answers={"v-0002": better})
    assert "6 more clear outcomes" in reason(decide(few.exam(), POLICY))
    weak = Sitting(answers={"base": losing("*", 0.2, base), "v-0002": better})
    assert "The base got 264 battery questions right, 300 are needed" in reason(decide(weak.exam(), POLICY))


def test_an_adapter_that_changes_nothing_is_refused_as_empty() -> None:
    exam = Sitting().exam()
    same = replace(exam, scores=tuple(replace(score, output="the same words") for score in exam.scores))
    assert "its adapter is empty or was not mounted" in reason(decide(same, POLICY))


@pytest.mark.parametrize("suffix", ["", "+memory"])
def test_a_canary_that_the_base_passes_refuses_alone(suffix: str) -> None:
    exam = Sitting(answers={"v-0002": better} | {f"v-0002{suffix}": losing("canary", 0.03, better)}).exam()
    assert f"v-0002{suffix} failed the canary 'canary-0'" in reason(decide(exam, POLICY))
    both = Sitting(answers={"base": losing("canary", 0.03, base), "v-0002": losing("canary", 0.03, better)})
    assert decide(both.exam(), POLICY).outcome == "promote"


@pytest.mark.parametrize(("lost", "outcome"), [(1, "promote"), (2, "refuse"), (3, "refuse")])
def test_a_canary_in_three_wordings_is_lost_with_most_of_them(lost: int, outcome: str) -> None:
    exam = Sitting(answers={"v-0002": better}).exam()
    wordings = [replace(exam.items[0], id=f"nonsense-0.{i}", task="canary", canary=True) for i in range(3)]
    scores = [
        Score(item=item.id, arm=arm.name, value=float(arm.version != "v-0002" or index >= lost))
        for index, item in enumerate(wordings)
        for arm in exam.arms
    ]
    more = replace(exam, items=(*exam.items, *wordings), scores=(*exam.scores, *scores))
    assert decide(more, POLICY).outcome == outcome


@pytest.mark.parametrize("arm", ["v-0002", "v-0002+memory"])
def test_a_secret_that_only_the_challenger_gives_away_refuses_alone(arm: str) -> None:
    exam = Sitting(answers={"v-0002": better}).exam()

    def giving(*arms: str) -> Exam:
        told = [replace(s, secret=s.arm in arms and s.item == "own-5") for s in exam.scores]
        return replace(exam, scores=tuple(told))

    assert f"{arm} gave a secret away in 1 answers" in reason(decide(giving(arm), POLICY))
    assert decide(giving(arm, arm.replace("v-0002", "base")), POLICY).outcome == "promote"


def test_a_small_fall_within_the_margin_is_allowed_and_a_larger_one_is_not() -> None:
    """2 % is what an honest night costs; at 6 % the bound lies below the margin."""
    honest = Sitting(answers={"v-0002": losing("*", 0.02)})
    assert decide(honest.exam(), POLICY).outcome == "promote"
    eroded = decide(Sitting(answers={"v-0002": losing("*", 0.055)}).exam(), POLICY)
    assert eroded.outcome == "refuse"
    assert "Abilities fell against base: -5.5 points over 330 questions" in reason(eroded)


def test_one_lost_task_refuses_though_the_pool_does_not_fall_below_the_margin() -> None:
    policy = replace(POLICY, margin=0.2)
    decision = decide(Sitting(answers={"v-0002": losing("json", 0.2)}).exam(), policy)
    assert decision.outcome == "refuse"
    assert reason(decision).startswith("Worse in json against base: -20.0 points over 55 questions")


def test_gains_of_a_task_count_against_its_losses() -> None:
    """The base's own mistakes fall out of the pooled bound; in a task's test they may be made good."""

    def shifted(asked: Item, place: int) -> float:
        return float(place >= 8) if asked.task == "json" else better(asked, place)

    def weak(asked: Item, place: int) -> float:
        return float(not 8 <= place < 16) if asked.task == "json" else base(asked, place)

    assert decide(Sitting(answers={"base": weak, "v-0002": shifted}).exam(), POLICY).outcome == "promote"


def test_an_old_lesson_lost_on_both_probes_refuses() -> None:
    def forgetful(asked: Item, place: int) -> float:
        return 0.0 if asked.lesson_id == "l-1" else better(asked, place)

    decision = decide(Sitting(answers={"v-0002": forgetful}).exam(), POLICY)
    assert decision.outcome == "refuse"
    assert "1 old lessons that the champion holds without memory were lost: l-1" in reason(decision)


def test_one_probe_of_two_is_noise() -> None:
    def slip(asked: Item, place: int) -> float:
        return 0.0 if asked.id == "probe-3" else better(asked, place)

    assert decide(Sitting(answers={"v-0002": slip}).exam(), POLICY).outcome == "promote"


def test_many_half_lost_lessons_are_not_noise() -> None:
    def half(asked: Item, place: int) -> float:
        return float(place % 2) if asked.task == "old-lessons" else better(asked, place)

    many = Sitting(asked=items(lessons=12), answers={"v-0002": half})
    decision = decide(many.exam(), POLICY)
    assert decision.outcome == "refuse"
    assert "Worse in old lessons without memory against base" in reason(decision)


def test_a_fall_on_the_persons_own_items_refuses_on_either_endpoint() -> None:
    def worse(asked: Item, place: int) -> float:
        return 0.0 if asked.task == "personal" else base(asked, place)

    untold = decide(Sitting(answers={"v-0002": worse, "v-0002+memory": better}).exam(), POLICY)
    told = decide(Sitting(answers={"v-0002": better, "v-0002+memory": worse}).exam(), POLICY)
    assert untold.outcome == told.outcome == "refuse"
    assert "Worse in your own questions without memory against base:" in reason(untold)
    assert "Worse in your own questions with memory against base+memory:" in reason(told)


def test_worse_told_than_the_base_with_memory_refuses_though_no_worse_than_the_champion() -> None:
    answers = {"base+memory": better, "v-0001+memory": base, "v-0002+memory": base, "v-0002": better}
    decision = decide(Sitting(answers=answers, champion="v-0001").exam(), POLICY)
    assert decision.outcome == "refuse"
    assert "Worse in your own questions with memory against base+memory" in reason(decision)


def test_abilities_lost_only_with_memory_refuse() -> None:
    decision = decide(Sitting(answers={"v-0002": better, "v-0002+memory": losing("*", 0.2)}).exam(), POLICY)
    assert decision.outcome == "refuse"
    assert "Worse in abilities with memory against base+memory" in reason(decision)


def test_not_better_beyond_noise_keeps_the_champion() -> None:
    def hardly(asked: Item, place: int) -> float:
        return 1.0 if asked.id in ("own-1", "own-2") else base(asked, place)

    decision = decide(Sitting(answers={"v-0002": hardly}).exam(), POLICY)
    assert decision.outcome == "keep"
    assert "Not beyond noise: gain on your own questions without memory over base: +5.0 points" in reason(decision)


def test_a_sure_but_tiny_gain_is_kept_back() -> None:
    own = [replace(item, scorer="margin") if item.task == "personal" else item for item in items()]

    def hair(asked: Item, place: int) -> float:
        return 0.01 if asked.scorer == "margin" else 1.0

    def none(asked: Item, place: int) -> float:
        return 0.0 if asked.scorer == "margin" else 1.0

    assert decide(Sitting(asked=own, answers={"base": none, "v-0002": hair}).exam(), POLICY).outcome == "keep"


def test_better_one_way_but_behind_the_other_way_is_kept_back() -> None:
    def behind(asked: Item, place: int) -> float:
        return 0.0 if asked.id in ("own-0", "own-4", "own-8") else base(asked, place)

    decision = decide(Sitting(answers={"v-0002": better, "v-0002+memory": behind}).exam(), POLICY)
    assert decision.outcome == "keep"
    assert "behind the other way: gain on your own questions with memory over base+memory: -7.5" in reason(decision)


def test_the_anchor_holds_even_where_the_champion_already_fell() -> None:
    """Measured against the champion alone, small falls would add up night by night."""
    fallen = losing("*", 0.055, base)
    answers = {"v-0001": fallen, "v-0002": losing("*", 0.055)}
    decision = decide(Sitting(answers=answers, champion="v-0001").exam(), POLICY)
    assert decision.outcome == "refuse"
    assert "Abilities fell against base" in reason(decision)


def test_the_policy_is_the_settings_policy() -> None:
    policy = Policy.of(ExamConfig(min_items=7, margin=0.1), base="b-1", versions=VERSIONS.values())
    assert (policy.min_items, policy.margin, policy.alpha, policy.min_battery) == (7, 0.1, 0.05, 300)
    assert policy.versions == VERSIONS
