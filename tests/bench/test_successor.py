"""What a version takes over from another model's logs is measured on turns that it was not trained on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nightschool.bench import successor
from nightschool.config import TrainConfig
from nightschool.models.model import Likelihood
from nightschool.records import Answer
from tests.curate.talk import WEATHER, call, conversation, result

PERSONA = "You are Ada.\n\nRead MEMORY.md first, then look weather up.\n" + "Be kind to everybody. " * 200


class Pupil:
    """Calls the weather tool where it was taught to, or where the persona says so."""

    name = "pupil"

    def answer(self, prompts, *, adapter=None, **settings):
        knows = [adapter is not None or "look weather up" in prompt.messages[0]["content"] for prompt in prompts]
        called = {"name": "weather", "arguments": {"place": "Olm"}}
        return [Answer(text="", tool_calls=(called,)) if one else Answer(text="I do not know.") for one in knows]

    def likelihood(self, rows, *, adapter=None):
        return [Likelihood(total=-1.0 if adapter is not None else -4.0, tokens=2) for _ in rows]

    def count_tokens(self, prompt, answer=None):
        return sum(len(str(message["content"]).split()) for message in prompt.messages)


def talk(name: str, place: str = "Olm", model: str = "gpt-9"):
    lines = (f"What is the weather in {place}?", call("weather", place=place), result("rain"), "Rain.")
    made = conversation(name, *lines, system=PERSONA, tools=(WEATHER,))
    messages = tuple(dataclasses.replace(m, model=model) if m.role == "assistant" else m for m in made.messages)
    return dataclasses.replace(made, messages=messages)


def found(*talks, trained=()):
    return list(successor.cases(talks, trained, Pupil(), TrainConfig()))


def test_turns_that_were_trained_on_or_that_the_base_wrote_are_no_cases():
    assert [one.conversation_id for one in found(talk("a"), talk("b"), talk("c", model="pupil"), trained={"b"})] == [
        "a"
    ]


def test_the_persona_is_not_in_the_prompt_that_a_version_is_asked():
    (case,) = found(talk("a"))
    assert "look weather up" in case.prompt.messages[0]["content"]
    assert case.short.messages[0]["content"].startswith("You are Ada.")
    assert "look weather up" not in case.short.messages[0]["content"]


def test_a_version_is_compared_with_the_base_and_with_the_persona():
    cases = found(talk("a"), talk("b"), talk("c", place="Bar"))
    figures = successor.measure(cases, Pupil(), {"v-0001": Path("adapter")})
    assert (figures["cases"], figures["authors"]) == (3, ["gpt-9"])
    arms = figures["arms"]
    assert {name: arm["tool"]["value"] for name, arm in arms.items()} == {
        "v-0001": 1.0,
        "base": 0.0,
        "base+persona": 1.0,
    }
    assert arms["v-0001"]["arguments"]["value"] == 2 / 3
    assert arms["v-0001"]["nats_per_token"]["value"] < arms["base"]["nats_per_token"]["value"]
    assert arms["base"]["first_file"] == {"value": None, "low": 0.0, "high": 1.0, "n": 0}


def test_which_file_is_read_first_is_counted():
    read = dataclasses.replace(
        call := talk("a").messages[1],
        parts=(dataclasses.replace(call.parts[0], name="read_file", arguments={"path": "MEMORY.md"}),),
    )
    made = talk("a")
    made = dataclasses.replace(made, messages=(made.messages[0], read, *made.messages[2:]))
    figures = successor.measure(found(made), Pupil(), {})
    assert figures["arms"]["base"]["first_file"]["n"] == 1 and figures["arms"]["base"]["first_file"]["value"] == 0.0
