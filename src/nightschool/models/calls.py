"""A call that must be made: the grammar of one, in the form in which a base's own template writes it.

The form is found by letting the template write a call and looking what stands around its name and
its arguments; what is special there is one token, never its letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from nightschool.errors import UserError
from nightschool.models import chat
from nightschool.models.constraint import ANY_OBJECT
from nightschool.models.dialect import CLOSE, OPEN, dialect
from nightschool.records import Json, Prompt

# Plain letters, so that no template escapes them.
_NAME, _KEY = "probetool", "probekey"
_CALL: Json = {"type": "function", "function": {"name": _NAME, "arguments": {_KEY: 0}}}
_WRITTEN = re.compile(rf'(?P<before>.*?){_NAME}(?P<between>.*?)\{{\s*"{_KEY}"\s*:\s*0\s*\}}(?P<after>.*)', re.DOTALL)
_SPACED: Json = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
"""As templates write JSON, so that what is enforced is what the base was trained to say."""


class Wrapper(NamedTuple):
    """What a template writes around a call's name and its arguments."""

    before: str
    between: str
    after: str


def grammar(tokenizer: Any, prompt: Prompt, names: Sequence[str]) -> str:
    """Return the grammar of one call of one of these tools, as llguidance reads it.

    Raises UserError where none of them is on offer, or where the template's calls are no JSON.
    """
    tools = {tool["function"]["name"]: tool["function"].get("parameters") for tool in prompt.tools}
    if not names:
        raise UserError("A tool must be called, and none is offered")
    for name in names:
        if name not in tools:
            raise UserError(f"The tool {name!r} must be called, and it is not among those that are offered")
    around = wrapper(tokenizer, prompt)
    rules = [f"start: {' | '.join(f'call_{place}' for place in range(len(names)))}"]
    for place, name in enumerate(names):
        opened = _terms(tokenizer, f"{around.before}{json.dumps(name)[1:-1]}{around.between}")
        rules.append(f"call_{place}: {opened} %json {_arguments(tools[name])} {_terms(tokenizer, around.after)}")
    return "\n".join(rules) + "\n"


def wrapper(tokenizer: Any, prompt: Prompt) -> Wrapper:
    """Return what this base's template writes around a call behind this prompt."""
    speech = dialect(tokenizer)
    try:
        written = chat.tail(tokenizer, prompt, {"role": "assistant", "content": "", "tool_calls": [_CALL]})
    except chat.PrefixError:
        written = ""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise UserError(
            "This base writes its tool calls in a form that cannot be enforced",
            hint="Leave `tool_choice` at `auto`, which lets the model choose",
        )
    after, end, _ = found["after"].partition(tokenizer.decode([speech.end]))
    return Wrapper(found["before"].lstrip(), found["between"], after if end else after.rstrip())


def _arguments(parameters: Any) -> str:
    """Return the schema of a call's arguments; a tool that names some takes no others."""
    schema: Json = dict(parameters) if isinstance(parameters, dict) and parameters else dict(ANY_OBJECT)
    schema.setdefault("type", "object")
    if schema.get("properties"):
        schema.setdefault("additionalProperties", False)
    return json.dumps(schema | {"x-guidance": _SPACED})


def _terms(tokenizer: Any, text: str) -> str:
    """Write letters as letters and control tokens as tokens, but those that stand in someone's text."""
    controls = dialect(tokenizer).controls
    terms = []
    for index, piece in enumerate(re.split(f"{OPEN}([^{CLOSE}]*){CLOSE}", text)):
        at = 0
        for found in controls.finditer(piece) if index % 2 == 0 else ():
            terms += [json.dumps(piece[at : found.start()]), f"<[{tokenizer.convert_tokens_to_ids(found[0])}]>"]
            at = found.end()
        terms.append(json.dumps(piece[at:]))
    return " ".join(term for term in terms if term != '""')
