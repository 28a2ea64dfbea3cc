"""One wish is one lesson, however often and in whatever words it was said."""

from __future__ import annotations

import dataclasses

from nightschool import rules
from nightschool.curate.reconcile import as_fact, reconcile, while_it_lasts
from nightschool.records import Lesson, LessonKind

CLOCK = iter(range(1, 10_000))


def said(text: str, kind: LessonKind = "preference", reason: str = "stated as a rule", **changes: object) -> Lesson:
    at = next(CLOCK)
    made = Lesson(
        id=f"l-{at}",
        kind=kind,
        text=text,
        durable=True,
        source=(f"m-{at}",),
        conversation_id=f"c-{at}",
        created=float(at),
        reason=reason,
        rule=rules.parse(text),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def corrected(text: str) -> Lesson:
    return said(text, "correction", "corrected once")


def test_other_words_for_one_rule_are_one_lesson_with_all_sources() -> None:
    one, two = said("Give me distances in miles."), said("Always use miles for distances.")
    got = reconcile([two, one], [])
    (lesson,) = got.lessons
    assert (lesson.id, lesson.recurrence, lesson.source) == (one.id, 2, (*one.source, *two.source))
    assert lesson.state == "kept" and got.duplicates == 1


def test_nearly_the_same_words_without_a_rule_are_one_lesson() -> None:
    one = said("From now on please start with the conclusion.")
    two = said("From now on please start with the conclusion always.")
    assert one.rule is None and len(reconcile([one, two], []).lessons) == 1


def test_one_correction_asks_and_a_second_one_of_its_kind_keeps() -> None:
    first, second = corrected("In miles, please."), corrected("I want miles.")
    assert [x.state for x in reconcile([first], []).lessons] == ["asked"]
    (lesson,) = reconcile([first, second], []).lessons
    assert (lesson.state, lesson.reason) == ("kept", "corrected again and again")


def test_a_wish_said_once_beside_a_question_is_only_proposed() -> None:
    asides = [said("In miles, please.", reason="said once") for _ in range(3)]
    assert [x.state for x in reconcile(asides[:1], []).lessons] == ["proposed"]
    assert [x.state for x in reconcile(asides[:2], []).lessons] == ["proposed"]
    assert [x.state for x in reconcile(asides, []).lessons] == ["kept"]


def test_of_two_contradictory_wishes_the_newer_stands() -> None:
    miles, km = said("Give me distances in miles."), said("Give me distances in kilometres.")
    captain, boss = said("Call me Captain."), said("Call me Boss.")
    got = reconcile([miles, km, captain, boss], [])
    states = {lesson.id: lesson.state for lesson in got.lessons}
    assert states == {miles.id: "superseded", km.id: "kept", captain.id: "superseded", boss.id: "kept"}
    assert {lesson.id for lesson in got.superseded} == {miles.id, captain.id}
    assert all(lesson.reason.startswith("superseded by l-") for lesson in got.superseded)


def test_a_wish_said_again_comes_back() -> None:
    miles, km, again = (said(f"Give me distances in {unit}.") for unit in ("miles", "kilometres", "miles"))
    states = {x.rule.value: x.state for x in reconcile([miles, km, again], []).lessons if x.rule}
    assert states == {"miles": "kept", "km": "superseded"}


def test_one_aside_does_not_overrule_a_rule() -> None:
    miles, km = said("Give me distances in miles."), corrected("In km, please.")
    states = {x.id: (x.state, x.reason) for x in reconcile([miles, km], []).lessons}
    assert states[miles.id][0] == "kept" and states[km.id] == ("asked", f"contradicts {miles.id}")


def test_known_lessons_join_in_and_the_same_night_twice_changes_nothing() -> None:
    first = reconcile([corrected("In miles, please.")], [])
    found = [*first.lessons, corrected("I want miles.")]
    second = reconcile(found, first.lessons)
    third = reconcile(found, second.lessons)
    assert [x.recurrence for x in second.lessons] == [2] and third.lessons == second.lessons
    assert third.duplicates == 0


def test_passing_wishes_stay_dropped_and_merge_with_nothing() -> None:
    mood = said("Answer with one word.", reason="passing", state="dropped", durable=False)
    rule = said("Answer with one word.")
    states = {x.id: x.state for x in reconcile([mood, rule], []).lessons}
    assert states == {mood.id: "dropped", rule.id: "kept"}


def test_what_the_person_decided_by_hand_is_not_judged_again() -> None:
    dropped = said("Use miles for distances.", state="dropped", reason="by the person")
    (lesson,) = reconcile([corrected("In miles, please."), corrected("I want miles.")], [dropped]).lessons
    assert (lesson.state, lesson.reason) == ("dropped", "by the person")


def test_a_project_keeps_its_own_wishes() -> None:
    here, there = said("Give me distances in miles."), said("Give me distances in kilometres.", scope="project")
    assert all(x.state == "kept" for x in reconcile([here, there], []).lessons)


def test_memory_holds_a_kept_wish_so_that_a_newer_one_takes_its_place() -> None:
    miles, km, bullets = (
        as_fact(said(t)) for t in ("Use miles always.", "Use kilometres always.", "Lists go in bullets.")
    )
    assert miles.kind == "preference" and miles.sentence == "Use miles always." and miles.source
    assert (miles.subject, miles.relation) == (km.subject, km.relation) != (bullets.subject, bullets.relation)


def test_a_candidate_that_nobody_repeats_fades_and_comes_back_when_it_is_said_again() -> None:
    once, later = said("Use miles.", reason="said once", created=1.0), 100 * 86_400.0
    (faded,) = reconcile([once], [], now=later, candidate_days=90).lessons
    assert (faded.state, faded.reason) == ("dropped", "faded")
    again = said("Use miles.", reason="said once", created=later)
    (back,) = reconcile([once, again], [faded], now=later, candidate_days=90).lessons
    assert back.state == "proposed" and back.recurrence == 2
    assert reconcile([once], [], now=later, candidate_days=0).lessons[0].state == "proposed"


def test_what_was_stated_as_a_rule_never_fades() -> None:
    assert reconcile([said("Always use miles.")], [], now=1e9, candidate_days=1).lessons[0].state == "kept"


def test_a_wish_that_says_how_long_it_holds_is_remembered_until_then_and_takes_nobodys_place() -> None:
    week = said("Use miles this week.", reason="passing", created=5.0)
    once = said("Use bullets for this one.", reason="passing")
    (held,) = while_it_lasts([week, once])
    assert (held.sentence, held.relation, held.valid_to) == ("Use miles this week.", "", 5.0 + 7 * 86_400.0)
