"""Items from conversations: which turns become questions, how they are scored, and what is left out and why."""

from __future__ import annotations

from nightschool.exam import items, scorers
from nightschool.records import Answer, Conversation, Fact, Item, Lesson, Probe, Signal
from tests.exam.talks import BULLETS, MILES, TOOL, call, lesson, signal, talk

FAR = talk(
    "far",
    ("user", "How far is Olm from Sky?"),
    ("assistant", "Olm is 16 km from Sky."),
    ("user", "No. In miles, please."),
    ("assistant", "Olm is 10 miles from Sky."),
    ("user", "Perfect, thank you."),
    ("assistant", "You are welcome."),
)
FAR_SIGNALS = [signal("far-0", "correction"), signal("far-2", "acceptance")]


def made(
    conversation: Conversation, signals: list[Signal], *lessons: Lesson, facts: tuple[Fact, ...] = ()
) -> tuple[list[Item], dict[str, int]]:
    found, skipped = items.personal([conversation], lessons, signals, frozenset({conversation.id}), facts)
    return list(found), skipped


def test_a_corrected_turn_is_asked_again_as_it_first_stood_and_scored_by_the_lessons_rule() -> None:
    found, skipped = made(FAR, FAR_SIGNALS, lesson(MILES))
    assert [(item.task, item.scorer, item.rule, item.lesson_id) for item in found] == [
        ("personal", "rule", MILES, "l-1")
    ]
    assert [message["content"] for message in found[0].prompt.messages] == ["How far is Olm from Sky?"]
    assert found[0].conversation_id == "far"
    assert found[0].expected["contains"] == ["10"]
    assert scorers.score(found[0], Answer(text="It is 10 miles.")) == 1.0
    assert scorers.score(found[0], Answer(text="It is 12 miles.")) == 0.0
    assert scorers.score(found[0], Answer(text="Olm is 16 km from Sky.")) == 0.0
    assert skipped == {"no clear outcome": 1}


def test_only_held_out_conversations_are_asked() -> None:
    """An item from a trained conversation would measure memory, not learning."""
    found, skipped = items.personal([FAR], [lesson(MILES)], FAR_SIGNALS, frozenset({"another"}))
    assert (found, skipped) == ((), {})


def test_a_lesson_that_was_not_kept_gives_no_rule() -> None:
    found, _ = made(FAR, FAR_SIGNALS, lesson(MILES, state="dropped"))
    assert [item.scorer for item in found] == ["margin"]


def test_a_rule_that_the_accepted_answer_breaks_is_not_what_the_turn_was_about() -> None:
    accepted = talk("c", ("user", "How far is Olm?"), ("assistant", "It is 16 km."))
    found, skipped = made(accepted, [signal("c-0", "acceptance")], lesson(MILES))
    assert (found, skipped) == ([], {"no way to score it without a judge": 1})


def test_an_accepted_answer_that_keeps_the_rule_is_an_item_too() -> None:
    accepted = talk("c", ("user", "How far is Olm?"), ("assistant", "It is 10 miles."))
    found, _ = made(accepted, [signal("c-0", "acceptance")], lesson(MILES))
    assert [item.scorer for item in found] == ["rule"]


def test_two_corrections_in_a_row_lead_to_the_answer_that_stood() -> None:
    twice = talk(
        "c",
        ("user", "List three foods of Olm."),
        ("assistant", "They are rice, figs and jam."),
        ("user", "No. As bullets."),
        ("assistant", "Rice, figs and jam!"),
        ("user", "I said bullets."),
        ("assistant", "- rice\n- figs\n- jam"),
    )
    signals = [signal("c-0", "correction"), signal("c-2", "correction")]
    found, skipped = made(twice, signals, lesson(BULLETS))
    assert len(found) == 1
    assert found[0].expected == {"contains": ["rice", "figs", "jam"], "share": scorers.KEPT_SHARE}
    assert scorers.score(found[0], Answer(text="- rice\n- figs\n- jam")) == 1.0
    assert scorers.score(found[0], Answer(text="- this\n- that")) == 0.0
    assert skipped == {}


WEATHER = talk(
    "w",
    ("user", "What is the weather in Olm?"),
    ("assistant", "I do not know."),
    ("user", "No. Use the weather tool."),
    ("assistant", call("weather", place="Olm")),
    ("tool", "sunny"),
    ("assistant", "It is sunny in Olm."),
)


def test_a_call_that_was_wanted_is_asked_for_with_its_arguments() -> None:
    for lessons in ([lesson(TOOL)], []):
        found, _ = made(WEATHER, [signal("w-0", "correction")], *lessons)
        assert [(item.scorer, item.expected) for item in found] == [("tool", call("weather", place="Olm"))]
        assert found[0].prompt.messages[-1]["content"] == "What is the weather in Olm?"
        assert scorers.score(found[0], Answer(text="", tool_calls=(call("weather", place="olm"),))) == 1.0


def test_a_call_of_a_tool_that_is_not_on_offer_is_not_asked_for() -> None:
    bare = talk("w", *[("user", "What is the weather in Olm?"), ("assistant", call("weather", place="Olm"))], tools=())
    found, skipped = made(bare, [signal("w-0", "acceptance")])
    assert (found, skipped) == ([], {"no way to score it without a judge": 1})


def test_a_habit_that_was_only_asked_for_is_scored_by_the_rule_alone() -> None:
    never = talk("w", ("user", "What is the weather in Olm?"), ("assistant", "I do not know."))
    found, _ = made(never, [signal("w-0", "undone")], lesson(TOOL))
    assert [(item.scorer, item.rule) for item in found] == [("rule", TOOL)]


def test_a_rule_on_the_final_words_is_asked_with_the_tools_results_in_view() -> None:
    way = talk(
        "c",
        ("user", "How far is Olm? Look it up."),
        ("assistant", call("weather", place="Olm")),
        ("tool", "16 km"),
        ("assistant", "It is 16 km."),
        ("user", "In miles!"),
        ("assistant", "It is 10 miles."),
    )
    found, _ = made(way, [signal("c-0", "correction")], lesson(MILES))
    assert [message["role"] for message in found[0].prompt.messages] == ["user", "assistant", "tool"]


def test_a_known_fact_that_the_accepted_answer_recalls_is_asked_for() -> None:
    dog = Fact(id="f", kind="fact", sentence="My dog is called Luna.", object="Luna")
    asked = talk("c", ("user", "What is my dog called?"), ("assistant", "Your dog is called Luna."))
    found, _ = made(asked, [signal("c-0", "acceptance")], facts=(dog,))
    assert [(item.scorer, item.expected) for item in found] == [("fact", {"object": "Luna"})]
    told = talk("d", ("user", "Luna, my dog, is ill. What is my dog called?"), ("assistant", "Luna is called Luna."))
    assert made(told, [signal("d-0", "acceptance")], facts=(dog,))[0] == []


def test_two_recorded_answers_without_a_rule_are_compared_by_likelihood() -> None:
    found, _ = made(FAR, FAR_SIGNALS)
    assert [(item.task, item.scorer) for item in found] == [("personal-margin", "margin")]
    assert found[0].expected["accepted"]["content"] == "Olm is 10 miles from Sky."
    assert found[0].expected["rejected"]["content"] == "Olm is 16 km from Sky."


def test_a_regenerated_answer_is_the_rejected_one() -> None:
    again = talk("c", ("user", "Write about tea."), ("assistant", "Tea warms."), aside="Tea is a drink, as such.")
    found, _ = made(again, [signal("c-0", "acceptance")])
    assert found[0].expected["rejected"]["content"] == "Tea is a drink, as such."


def test_the_same_question_is_asked_once() -> None:
    twin = talk("twin", *[(message.role, message.text) for message in FAR.messages])
    signals = [*FAR_SIGNALS, signal("twin-0", "correction"), signal("twin-2", "acceptance")]
    found, skipped = items.personal([FAR, twin], [lesson(MILES)], signals, frozenset({"far", "twin"}))
    assert len(found) == 1
    assert skipped["asked before"] == 1


def test_what_gives_no_item_is_counted_with_its_reason() -> None:
    idle = talk(
        "c",
        ("user", "Hello."),
        ("assistant", "Hello."),
        ("user", "Thanks."),
        ("assistant", "Gladly."),
        ("user", "Well?"),
    )
    signals = [signal("c-0", "acceptance", 0.2), signal("c-2", "acceptance"), signal("c-4", "abandoned")]
    found, skipped = made(idle, signals)
    assert found == []
    assert skipped == {"no clear outcome": 1, "no way to score it without a judge": 1, "never answered": 1}


def test_an_empty_history_gives_no_items() -> None:
    assert items.personal([], [], [], frozenset()) == ((), {})


PROBE = Probe(lesson_id="l-1", conversation_id="far", turn_id="far-0")


def test_a_probe_asks_its_turn_again_with_the_content_of_the_answer_that_kept_the_rule() -> None:
    found = items.old_lessons([PROBE], [lesson(MILES)], [FAR])
    assert [(item.task, item.lesson_id, item.scorer) for item in found] == [("old-lessons", "l-1", "rule")]
    assert found[0].expected["contains"] == ["10"]
    assert [message["content"] for message in found[0].prompt.messages] == ["How far is Olm from Sky?"]


def test_a_probe_of_a_habit_wants_the_recorded_call() -> None:
    probe = Probe(lesson_id="l-1", conversation_id="w", turn_id="w-0")
    found = items.old_lessons([probe], [lesson(TOOL)], [WEATHER])
    assert [(item.scorer, item.expected) for item in found] == [("tool", call("weather", place="Olm"))]


def test_a_probe_whose_lesson_or_turn_is_gone_is_not_asked() -> None:
    superseded = items.old_lessons([PROBE], [lesson(MILES, state="superseded")], [FAR])
    forgotten = items.old_lessons([PROBE], [lesson(MILES)], [])
    elsewhere = items.old_lessons([Probe(lesson_id="l-1", conversation_id="far", turn_id="x")], [lesson(MILES)], [FAR])
    assert superseded == forgotten == elsewhere == ()
