"""The exam's conversations are the newest ones, whole, and never ones that were trained on."""

from __future__ import annotations

from nightschool import rules
from nightschool.curate import holdout, probes
from nightschool.records import Conversation, Lesson
from tests.curate.talk import conversation, signal

TALKS = [conversation(f"t{i}", f"How far is town {i}?", f"It is {i} km.", started=float(i)) for i in range(20)]
MILES = Lesson(
    id="l-miles",
    kind="preference",
    text="Give me distances in miles.",
    durable=True,
    source=("wish-0",),
    conversation_id="wish",
    created=0.0,
    state="kept",
    rule=rules.parse("Give me distances in miles."),
)


def test_the_newest_share_is_sealed_by_time() -> None:
    sealed = holdout.seal(list(reversed(TALKS)), [], share=0.2, trained=set())
    assert sealed == {"t16", "t17", "t18", "t19"}


def test_what_was_ever_trained_on_is_never_sealed() -> None:
    sealed = holdout.seal(TALKS, [], share=0.2, trained={"t19", "t17"})
    assert sealed == {"t18", "t16", "t15", "t14"}
    assert not holdout.seal(TALKS, [], share=0.2, trained={t.id for t in TALKS})


def test_more_is_sealed_where_the_newest_hold_too_few_items_but_half_is_left_to_learn_from() -> None:
    signals = [signal(f"t{i}-0", 1) for i in range(0, 20, 2)]
    assert len(holdout.seal(TALKS, signals, share=0.2, trained=set(), min_items=4)) == 8
    assert len(holdout.seal(TALKS, signals, share=0.2, trained=set(), min_items=99)) == 10
    assert len(holdout.seal(TALKS, [], share=0.2, trained=set(), lessons=[MILES], min_items=4)) == 4


def test_what_an_exam_used_can_be_trained_on_when_newer_talks_have_come() -> None:
    first = holdout.seal(TALKS[:10], [], share=0.2, trained=set())
    second = holdout.seal(TALKS, [], share=0.2, trained={f"t{i}" for i in range(8)})
    assert first == {"t8", "t9"} and first.isdisjoint(second)


def test_an_empty_history_seals_nothing() -> None:
    assert holdout.seal([], [], share=0.2, trained=set()) == frozenset()
    assert holdout.seal(TALKS[:1], [], share=0.2, trained=set()) == frozenset()


def reserve(talks: list[Conversation], **given: object) -> list[str]:
    made = probes.reserve([MILES], talks, **given)  # type: ignore[arg-type]
    assert all(probe.lesson_id == MILES.id for probe in made)
    return [probe.turn_id for probe in made]


def test_two_probes_are_taken_from_different_conversations() -> None:
    double = conversation("d", "How far is Olm?", "1 km.", "How far is Bar?", "2 km.")
    assert len(reserve([double])) == 2
    assert len({turn.split("-")[0] for turn in reserve([double, *TALKS])}) == 2


def test_probes_are_asked_for_ever_so_none_is_taken_twice() -> None:
    made = probes.reserve([MILES], TALKS)
    assert probes.reserve([MILES], TALKS, existing=made) == ()
    assert len(probes.reserve([MILES], TALKS, existing=made[:1])) == 1


def test_a_probe_is_no_turn_that_was_trained_on_and_no_turn_the_rule_is_silent_about() -> None:
    other = conversation("o", "Who is the mayor?", "Ana.")
    assert reserve([other, *TALKS[:3]], trained={"t0"}) == ["t1-0", "t2-0"]


def test_a_prompt_that_tells_the_wish_is_taken_last() -> None:
    wish = conversation("wish", "Give me distances in miles.", "Noted.", "How far is Olm?", "1 km.")
    assert reserve([wish, *TALKS[:2]]) == ["t0-0", "t1-0"]
    assert "wish-0" not in reserve([wish])


def test_few_places_to_learn_from_are_spared() -> None:
    assert set(reserve(TALKS[:4], held_out={"t3", "t2"})) == {"t2-0", "t3-0"}
    assert reserve(TALKS, held_out={"t19", "t18"}) == ["t0-0", "t1-0"]
