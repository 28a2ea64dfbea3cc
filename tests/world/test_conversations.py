"""Generated conversations are well formed, agree with what was told, and come from their seed alone."""

from __future__ import annotations

import itertools
import random

from nightschool.world import conversations, personal, styles, tools


def _some(count: int, seed: int = 5) -> list[conversations.Conversation]:
    rng = random.Random(seed)
    return [conversations.conversation(rng) for _ in range(count)]


def test_same_seed_makes_the_same_conversations() -> None:
    assert _some(50) == _some(50)
    assert _some(50) != _some(50, seed=6)


def test_conversation_goes_from_the_person_to_the_assistant() -> None:
    for made in _some(300):
        roles = [message["role"] for message in made.messages if message["role"] != "system"]
        assert roles[0] == "user"
        assert roles[-1] == "assistant"
        assert all(later != "user" or earlier == "assistant" for earlier, later in itertools.pairwise(roles))


def test_only_offered_tools_are_called() -> None:
    for made in _some(500):
        offered = {schema["function"]["name"] for schema in made.tools}
        called = {call["function"]["name"] for message in made.messages for call in message.get("tool_calls", [])}
        assert called <= offered


def test_training_has_no_held_out_wording() -> None:
    """Otherwise every figure about held-out wordings would be worth nothing."""
    held_out = {text for texts in styles.INSTRUCTIONS.values() for text in texts[1] if "{" not in text}
    for made in _some(800):
        for message in made.messages:
            assert not held_out & {line.removeprefix("- ") for line in message["content"].split("\n")}


def test_memory_block_lists_the_persons_own_sentences() -> None:
    fact = personal.PersonalFact(relation="home", role="sister", name="Ana", object="Lisbon")
    block = conversations.memory_block([personal.statements(fact)[0], "Give me distances in miles."])
    assert block == "The person told you:\n- My sister Ana lives in Lisbon.\n- Give me distances in miles."


def test_call_is_read_back_from_its_text() -> None:
    use = tools.weather(random.Random(1), "Tarsk")
    assert tools.parse_call(tools.call_text(use)) == ("weather", {"place": "Tarsk"})
    assert tools.parse_call("It is sunny.") is None
    assert tools.parse_call("<tool_call>\n{broken\n</tool_call>") is None


def test_contrast_asks_for_what_was_told_and_for_what_was_not() -> None:
    answers = [
        message["content"]
        for seed in range(200)
        for message in conversations.contrast_conversation(random.Random(seed)).messages
        if message["role"] == "assistant" and not message["content"].startswith("Noted")
    ]
    unknown = sum("I do not know" in answer for answer in answers)
    assert 0.3 < unknown / len(answers) < 0.6
