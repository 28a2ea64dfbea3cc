"""What a person says about answers becomes a rule that can be checked."""

from __future__ import annotations

import random

import pytest

from nightschool import rules
from nightschool.records import Rule
from nightschool.world import facts, styles, tools, wordings

WANTED = {
    "short": {"max_words"},
    "long": {"min_words"},
    "bullets": {"bullets"},
    "miles": {"unit"},
    "fahrenheit": {"unit"},
    "address": {"contains"},
    "weather_tool": {"tool"},
    "sum_tool": {"tool"},
}
VALUES = {
    "miles": "miles",
    "fahrenheit": "Fahrenheit",
    "address": "Captain",
    "weather_tool": "weather",
    "sum_tool": "calculator",
}


def preference(kind: str) -> styles.Preference:
    return styles.Preference(kind=kind, value="Captain" if kind == "address" else "")


def said(text: str) -> dict:
    return {"role": "assistant", "content": text}


WORDED = [
    (kind, text)
    for kind in styles.KINDS
    for held_out in (False, True)
    for text in styles.instructions(preference(kind), held_out=held_out)
]


@pytest.mark.parametrize(("kind", "text"), WORDED)
def test_every_standing_instruction_of_the_world_parses_to_its_rule(kind: str, text: str) -> None:
    rule = rules.parse(text)
    assert rule is not None and rule.kind in WANTED[kind]
    assert rule.value == VALUES.get(kind, rule.value)


ASIDES = [
    (kind, text)
    for kind in styles.KINDS
    for held_out in (False, True)
    for text in styles.asides(preference(kind), held_out=held_out)
    if text != "Use the tool."
]


@pytest.mark.parametrize(("kind", "text"), ASIDES)
def test_every_aside_of_the_world_parses_to_its_rule(kind: str, text: str) -> None:
    rule = rules.parse(text)
    assert rule is not None and rule.kind in WANTED[kind]
    assert rule.value == VALUES.get(kind, rule.value)


TOPIC = {"bullets": "foods", "miles": "distance", "fahrenheit": "temperature"}


@pytest.mark.parametrize("kind", ["short", "long", "bullets", "miles", "fahrenheit", "address"])
def test_a_rule_agrees_with_the_worlds_own_check_on_styled_answers(kind: str) -> None:
    wish = preference(kind)
    rule = rules.parse(styles.instructions(wish)[0])
    assert rule is not None
    touched = [fact for fact in facts.FACTS if kind not in TOPIC or fact.relation == TOPIC[kind]]
    for fact in touched:
        styled = wordings.answer(fact, styles.prefer(styles.Style(), wish))
        plain = wordings.answer(fact)
        assert styles.keeps(wish, styled)
        assert rules.follows(rule, said(styled)) is True, styled
        if not styles.keeps(wish, plain):
            assert rules.follows(rule, said(plain)) is False, plain


@pytest.mark.parametrize("kind", ["short", "long", "bullets", "miles", "fahrenheit", "address"])
def test_a_rule_applies_to_the_worlds_questions_that_it_touches(kind: str) -> None:
    rule = rules.parse(styles.instructions(preference(kind))[0])
    assert rule is not None
    for fact in facts.FACTS:
        topic = {"foods": "list", "distance": "distance", "temperature": "temperature"}.get(fact.relation, "plain")
        touches = styles.touches(preference(kind), topic)
        answer = said(wordings.answer(fact))
        for question in wordings.questions(fact):
            assert rules.applies(rule, question, answer) == touches, question


@pytest.mark.parametrize("kind", ["bullets", "miles", "fahrenheit"])
def test_a_styled_answer_to_another_topic_is_none_of_a_rules_business(kind: str) -> None:
    rule = rules.parse(styles.instructions(preference(kind))[0])
    assert rule is not None
    for fact in facts.FACTS:
        if fact.relation not in ("foods", "distance", "temperature"):
            assert rules.follows(rule, said(wordings.answer(fact, styles.Style(address="Captain")))) is None


def test_a_tool_rule_applies_to_its_topic_and_checks_the_call() -> None:
    rng = random.Random(3)
    use = tools.weather(rng, "Olm")
    rule = rules.parse("Use the weather tool when I ask about the weather.")
    assert rule is not None
    assert all(rules.applies(rule, text.format(v="Olm")) for held in tools.WEATHER_QUESTIONS for text in held)
    assert not rules.applies(rule, "Who is the mayor of Olm?")
    assert rules.follows(rule, tools.call(use)) is True
    assert rules.follows(rule, said("I do not know the weather in Olm.")) is False
    summing = rules.parse("For sums, use the calculator.")
    assert summing is not None
    assert rules.follows(summing, tools.call(use)) is False
    assert rules.applies(summing, "What is 12 + 30?") and rules.applies(summing, "How much is 12 plus 30?")


def unit(value: str, instead: str, topic: str = "") -> Rule:
    return Rule(kind="unit", value=value, instead=instead, topic=rules.TOPICS[topic] if topic else ())


SENTENCES = {
    "From now on please give me all distances in kilometres, not in miles.": unit("km", "miles", "distance"),
    "I'd rather have weights in pounds instead of kg": unit("pounds", "kg", "weight"),
    "metric only please, always. I have no idea what 14 ounces is": Rule(
        kind="unit", value="metric", instead="imperial"
    ),
    "Heights in feet please, not metres.": unit("feet", "metres", "height"),
    "Don't use Celsius.": unit("Fahrenheit", "Celsius", "temperature"),
    "Please call me Dr. Weber from now on.": Rule(kind="contains", value="Dr. Weber"),
    "call me Sam": Rule(kind="contains", value="Sam"),
    "Not Bob but Rob: call me Rob": Rule(kind="contains", value="Rob"),
    "Use bullets when I ask for a list.": Rule(kind="bullets", topic=rules.TOPICS["list"]),
    "When I ask for recipes, use bullet points": Rule(kind="bullets", topic=("recipes", "recipe")),
    "No bullet points please": Rule(kind="no_bullets"),
    "stop using bullet lists": Rule(kind="no_bullets"),
    "Never more than 50 words.": Rule(kind="max_words", value="50"),
    "keep it under 50 words": Rule(kind="max_words", value="50"),
    "three sentences max, always": Rule(kind="max_words", value="3 sentences"),
    "Answer in at least 100 words.": Rule(kind="min_words", value="100"),
    "your answers are too long": Rule(kind="max_words", value=rules.SHORT),
    "I like it more detailed": Rule(kind="min_words", value=rules.LONG),
    "lose the emojis. forever": Rule(kind="absent", value="emoji"),
    "no emoji please": Rule(kind="absent", value="emoji"),
    'Never say "delve".': Rule(kind="absent", value="delve"),
    "don't call me Bob": Rule(kind="absent", value="Bob"),
    "always end your answers with 'Over and out'": Rule(kind="contains", value="Over and out"),
    "answer as JSON": Rule(kind="json"),
    "Always look it up with the search tool when I ask about prices.": Rule(
        kind="tool", value="search", topic=("prices", "price")
    ),
    "Use the calendar tool for appointments": Rule(
        kind="tool", value="calendar", topic=("appointments", "appointment")
    ),
    "When I ask about code keep it brief.": Rule(kind="max_words", value=rules.SHORT, topic=("code", "codes")),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_plain_english_preferences_parse(sentence: str) -> None:
    assert rules.parse(sentence) == SENTENCES[sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lisbon is 10 miles away.",
        "call me when it is done",
        "call me back later",
        "Do not call me.",
        "My sister lives in Oslo.",
        "What is the weather in Olm?",
        "It was a long day.",
        "How long does it take?",
        "I ran five miles today",
        "thanks, that was the right tool",
        "",
    ],
)
def test_what_states_no_checkable_wish_gives_no_rule(sentence: str) -> None:
    assert rules.parse(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "answer", "expected"),
    [
        ("answer as JSON", '{"a": 1}', True),
        ("answer as JSON", '```json\n{"a": 1}\n```', True),
        ("answer as JSON", "a is 1", False),
        ("no emoji", "Done 🎉", False),
        ("no emoji", "Done", True),
        ("no bullets", "- a\n- b", False),
        ("metric only please", "about 3 miles", False),
        ("metric only please", "about 5 km and 20 °C", True),
        ("metric only please", "about five", None),
        ("Heights in feet, not in metres", "It is 1.8 m tall", False),
        ("use 24h time please", "at 3 pm", False),
        ("use 24h time please", "at 15:00", True),
        ("Answer with one word.", "16 km.", True),
        ("Answer with one word.", "soup, rice and figs, Captain.", True),
        ("Answer with one word.", "It is in Olm.", False),
        ("keep it under 50 words", "word " * 50, True),
        ("keep it under 50 words", "word " * 51, False),
        ("Use bullets for lists.", "1. a\n2. b", True),
        ("Call me captain.", "Yes, Captain.", True),
    ],
)
def test_answers_are_checked_by_form_alone(sentence: str, answer: str, expected: bool | None) -> None:
    rule = rules.parse(sentence)
    assert rule is not None
    assert rules.follows(rule, said(answer)) is expected


def test_a_rule_about_text_does_not_judge_a_bare_tool_call() -> None:
    call = {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"type": "function", "function": {"name": "get_weather", "arguments": {}}}],
    }
    assert rules.follows(Rule(kind="contains", value="Captain"), call) is None
    assert rules.follows(Rule(kind="tool", value="weather", topic=("weather",)), call) is True


def test_telling_is_not_asking() -> None:
    rule = rules.parse("Call me Captain.")
    assert rule is not None
    assert not rules.applies(rule, "My sister Ana lives in Lisbon.")
    assert rules.applies(rule, "I have a question. Tell me the flag of Olm.")
