"""A call that must be made is made, in the form of each base's own template."""

from __future__ import annotations

import queue

import pytest

from nightschool import models
from nightschool.errors import UserError
from nightschool.models import calls
from nightschool.models.batcher import Batcher
from nightschool.models.generation import Finished, Sampling, Wanted
from nightschool.records import Prompt
from tests import tiny


def tool(name, **properties):
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "description": "d", "parameters": parameters}}


WEATHER = tool("weather", place={"enum": ["Oslo", "Bergen"]})
CLOCK = tool("clock", hour={"type": "integer", "minimum": 0, "maximum": 23}, exact={"type": "boolean"})
PROMPT = Prompt(messages=({"role": "user", "content": "Hello there"},), tools=(WEATHER, CLOCK))
XML = (
    "{% for tool in tools or [] %}{{ tool | tojson }}{% endfor %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{% for call in m.tool_calls or [] %}<tool_call>\n"
    "<function={{ call.function.name }}>\n{% for key, value in call.function.arguments.items() %}<parameter={{ key }}>"
    "\n{{ value }}\n</parameter>\n{% endfor %}</function>\n</tool_call>{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="module", params=["pupil", "qwen3", "llama", "mistral", "gemma3"])
def batcher(tmp_path_factory, request):
    name = request.param
    base = name if name == "pupil" else str(tiny.make(tmp_path_factory.mktemp("base") / "base", name, seed=3))
    made = Batcher(models.load(base, "cpu"))
    yield made
    made.close()


def answered(batcher, prompt, **sampling):
    box = queue.Queue()
    batcher.submit(Wanted(prompt=prompt, sampling=Sampling(**{"max_tokens": 200} | sampling)), box.put)
    pieces = []
    while not isinstance(event := box.get(timeout=120), Finished):
        if isinstance(event, Exception):
            raise event
        pieces.append(event)
    return pieces, event.answer


def test_the_tool_that_is_named_is_called_with_arguments_of_its_schema(batcher):
    """Else an agent that insists on its one tool gets prose, and stops."""
    fitting = {
        "weather": lambda got: got in ({"place": "Oslo"}, {"place": "Bergen"}),
        "clock": lambda got: 0 <= got["hour"] <= 23 and isinstance(got["exact"], bool),
    }
    for temperature in (0.0, 1.5):
        for name, fits in fitting.items():
            pieces, answer = answered(batcher, PROMPT, calls=(name,), temperature=temperature, seed=4)
            (call,) = answer.tool_calls
            assert call["name"] == name and fits(call["arguments"])
            assert answer.text == "" == "".join(piece.text for piece in pieces) and answer.stop == "stop"


def test_where_any_tool_will_do_one_of_them_is_called(batcher):
    said = {answered(batcher, PROMPT, calls=("weather", "clock"), temperature=3.0, seed=seed)[1].tool_calls[0]["name"]
            for seed in range(8)}  # fmt: skip
    assert said <= {"weather", "clock"}


def test_a_tool_that_is_not_offered_cannot_be_insisted_on(batcher):
    with pytest.raises(UserError, match="'king' must be called, and it is not among those that are offered"):
        answered(batcher, PROMPT, calls=("king",))
    with pytest.raises(UserError, match="none is offered"):
        answered(batcher, Prompt(messages=PROMPT.messages), calls=())


def test_a_base_whose_calls_are_no_json_says_that_they_cannot_be_enforced():
    with pytest.raises(UserError, match="a form that cannot be enforced"):
        calls.grammar(tiny.tokenizer("qwen3", template=XML), PROMPT, ("weather",))


@pytest.mark.parametrize("template", ["qwen3.jinja", "deepseek_r1_distill.jinja"])
def test_what_is_thought_before_a_call_that_must_be_made_is_no_part_of_its_form(template):
    around = calls.wrapper(tiny.tokenizer("qwen3", template=template), PROMPT)
    assert around.before.startswith("<tool_call>") and around.after.startswith("}\n</tool_call>")
