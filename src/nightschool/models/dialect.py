"""What one chat template can say, found by asking it.

Templates differ in what they take: a system message, two user messages in a row, tools, the type
of a call's arguments, a switch for thinking. What a template cannot say is put into words that
any template can, in training and in serving alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from nightschool.errors import UserError
from nightschool.models import toolcalls
from nightschool.records import Json

# Private-use characters around a control token that stands in someone's text: it is encoded as
# plain letters, so that no text can close a turn or open one.
OPEN, CLOSE = "\ue0f0", "\ue0f1"

THINKING_OPENER = re.compile(r"<think>\s*(?P<close></think>\s*)?$")
"""How a prompt ends where the template opens the thinking, or closes it at once."""

# Llama 3 prints today's date unless it is given one; a row trained tonight is served tomorrow.
# Thinking is off where a template asks, so that answers come at once; `think` switches it on.
_FIXED: Json = {"date_string": "26 Jul 2024", "enable_thinking": False, "thinking": False}
_THINK = "{%- set enable_thinking = true -%}{%- set thinking = true -%}"

_PROBE_TOOL: Json = {
    "type": "function",
    "function": {
        "name": "probe_tool",
        "description": "probe description",
        "parameters": {"type": "object", "properties": {"key": {"type": "string", "description": "k"}}},
    },
}
_PROBE_CALL: Json = {"name": "probe_tool", "arguments": {"key": "probe value"}}
_USER: Json = {"role": "user", "content": "probe question"}
_ANSWER: Json = {"role": "assistant", "content": "probe answer"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One tokenizer's template with what is known of it."""

    tokenizer: Any = field(repr=False)
    controls: re.Pattern[str]
    """Control tokens, each of which a text could forge."""
    system: bool = True
    repeats: bool = True
    """Takes two messages of one role in a row, and a conversation that the assistant opens."""
    tools: bool = True
    arguments: Literal["dict", "text"] = "dict"
    form: toolcalls.Form = toolcalls.tagged
    end: int | None = None
    """The token that closes an answer."""
    closing: str = ""
    """What the template writes between an answer and that token, where it marks the end in letters."""
    opening: Literal["", "open", "closed"] = ""
    """Whether a prompt ends inside a block of thinking, behind an empty one, or with none."""

    def write(self, messages: Sequence[Json], tools: Sequence[Json], *, opening: bool) -> str:
        """Run the template over shaped messages; control tokens in texts come out between marks."""
        text: str = self.tokenizer.apply_chat_template(
            _guarded(list(messages), self.controls),
            tools=_guarded(list(tools), self.controls) or None,
            add_generation_prompt=opening,
            tokenize=False,
            **_FIXED,
        )
        return text

    def shape(self, messages: Sequence[Json], tools: Sequence[Json]) -> tuple[list[Json], list[Json]]:
        """Put messages and tools into the form that this template takes."""
        shaped = [dict(message) for message in messages]
        if not self.tools:
            shaped, tools = in_words(shaped, tools), ()
        else:
            _number_calls(shaped, as_text=self.arguments == "text")
        if not self.system:
            shaped = _without_system(shaped)
        if not self.repeats:
            shaped = _alternating(shaped)
        return shaped, list(tools)


def dialect(tokenizer: Any) -> Dialect:
    """Return what is known of a tokenizer's template, asking it once.

    Raises UserError where there is none, or where it cannot write one question and one answer.
    """
    if not tokenizer.chat_template:
        raise UserError(
            "The base has no chat template, so nothing says how a conversation is written for it",
            hint="Choose its instruct (chat) version, or put a `chat_template.jinja` into its folder",
        )
    return _ask(tokenizer, str(tokenizer.chat_template))


def think(tokenizer: Any) -> None:
    """Switch the thinking on, in the template itself: so whoever renders with this tokenizer agrees.

    Raises UserError where the template has no switch.
    """
    template = tokenizer.chat_template
    if not isinstance(template, str) or not re.search(r"\b(enable_)?thinking\b", template):
        raise UserError("The base's chat template has no switch for thinking", hint="Name the base without `:thinking`")
    tokenizer.chat_template = _THINK + template


# 16: a process holds one base, and a test run a handful.
@lru_cache(maxsize=16)
def _ask(tokenizer: Any, template: str) -> Dialect:
    """Find out by trial; the template's text is the key, so that a changed one is asked anew."""
    found = Dialect(tokenizer=tokenizer, controls=_controls(tokenizer, template))
    try:
        prompt = found.write([_USER], (), opening=True)
        full = found.write([_USER, _ANSWER], (), opening=False)
    except Exception as error:
        raise UserError(
            f"The base's chat template cannot write a question and an answer: {error}",
            hint="Choose another base, or mend its `chat_template.jinja`",
        ) from error
    if "probe question" not in prompt or "probe answer" not in full:
        raise UserError(
            "The base's chat template leaves out the question or the answer",
            hint="Choose another base, or mend its `chat_template.jinja`",
        )
    end, closing = _end(tokenizer, full.rpartition("probe answer")[2])
    found = replace(found, end=end, closing=closing)
    opener = THINKING_OPENER.search(prompt)
    found = replace(found, opening="" if opener is None else "closed" if opener["close"] else "open")
    found = replace(found, system=_says(found, [{"role": "system", "content": "probe rule"}, _USER], "probe rule"))
    again = {"role": "user", "content": "probe again"}
    found = replace(found, repeats=_says(found, [_ANSWER, _USER, again, _ANSWER, _ANSWER, again], "probe again"))
    return _ask_tools(found)


def _ask_tools(found: Dialect) -> Dialect:
    """Use the template's own tool turns only where its calls can be read back from what it writes."""
    call = {"type": "function", "function": _PROBE_CALL}
    result = {"role": "tool", "name": "probe_tool", "content": "probe result"}
    said = [_USER, {"role": "assistant", "content": "", "tool_calls": [call]}]
    for arguments in ("dict", "text"):
        trial = replace(found, arguments=arguments)
        try:
            messages, tools = trial.shape(said, [_PROBE_TOOL])
            full = trial.write(messages, tools, opening=False)
            prompt = trial.write(messages[:1], tools, opening=True)
            followed, _ = trial.shape([*said, result], ())
            after = trial.write(followed, tools, opening=True)
        except Exception:
            continue
        if "probe description" not in prompt or "probe result" not in after or "probe value" not in after:
            continue
        tail = full.removeprefix(THINKING_OPENER.sub("", prompt))
        ids = found.tokenizer(tail, add_special_tokens=False)["input_ids"]
        if found.end in ids:
            ids = ids[: ids.index(found.end)]
        read = found.tokenizer.decode(ids, skip_special_tokens=False)
        for form in toolcalls.FORMS:
            calls = form(read.partition("</think>")[2] or read).calls
            if [(said["name"], said["arguments"]) for said in calls] == [tuple(_PROBE_CALL.values())]:
                return replace(trial, form=form)
    return replace(found, tools=False)


def _says(found: Dialect, messages: list[Json], text: str) -> bool:
    try:
        return text in found.write(messages, (), opening=True)
    except Exception:
        # Templates refuse through jinja2's errors, or stumble with any other.
        return False


def _controls(tokenizer: Any, template: str) -> re.Pattern[str]:
    """Special tokens, and those added tokens that the template itself writes."""
    tokens = [
        token.content
        for token in tokenizer.added_tokens_decoder.values()
        if not token.content.isspace() and (token.special or token.content in template)
    ]
    longest_first = sorted(tokens, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def _end(tokenizer: Any, tail: str) -> tuple[int, str]:
    """Return the first special token behind an answer, else the tokenizer's own, and the letters before it."""
    special = set(tokenizer.all_special_ids) | {
        index for index, token in tokenizer.added_tokens_decoder.items() if token.special
    }
    ids = tokenizer(tail, add_special_tokens=False)["input_ids"]
    for place, index in enumerate(ids):
        # Some models open a text with the token that ends one.
        if index in special and (index != tokenizer.bos_token_id or index == tokenizer.eos_token_id):
            return int(index), tokenizer.decode(ids[:place]).strip()
    if tokenizer.eos_token_id is None:
        raise UserError(
            "The base has no token that ends an answer, so it could never stop",
            hint="Choose its instruct (chat) version",
        )
    return int(tokenizer.eos_token_id), tail.strip()


def _guarded(value: Any, controls: re.Pattern[str]) -> Any:
    """Put marks around each control token in someone's text; marks that were there are dropped."""
    if isinstance(value, str):
        return controls.sub(f"{OPEN}\\g<0>{CLOSE}", value.replace(OPEN, "").replace(CLOSE, ""))
    if isinstance(value, dict):
        return {key: _guarded(item, controls) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_guarded(item, controls) for item in value]
    return value


def _number_calls(messages: list[Json], *, as_text: bool) -> None:
    """Give every call an id of nine letters, which Mistral insists on, and each result its call's id."""
    count = 0
    waiting: list[str] = []
    names: dict[str, str] = {}
    for message in messages:
        calls = []
        for call in message.get("tool_calls") or ():
            function = dict(call.get("function", call))
            known = call.get("id") or function.pop("id", None)
            short = known if known and re.fullmatch(r"[A-Za-z0-9]{9}", known) else f"call{count:05d}"
            count += 1
            waiting.append(short)
            names |= {known: short} if known else {}
            function["arguments"] = _arguments(function.get("arguments") or {}, as_text=as_text)
            calls.append({"type": "function", "id": short, "function": function})
        if calls:
            message["tool_calls"] = calls
        if message["role"] == "tool":
            given = names.get(message.get("tool_call_id", ""))
            message["tool_call_id"] = given or (waiting[0] if waiting else "call00000")
            if message["tool_call_id"] in waiting:
                waiting.remove(message["tool_call_id"])


def _arguments(value: Json | str, *, as_text: bool) -> Json | str:
    if as_text:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def in_words(messages: list[Json], tools: Sequence[Json]) -> list[Json]:
    """Say tools, calls and results in plain messages, for a template without tool turns."""
    plain = [_plain(message) for message in messages]
    if not tools:
        return plain
    listing = "\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools)
    text = (
        f"You may call these tools:\n{listing}\n"
        'To call one, write <tool_call>{"name": ..., "arguments": {...}}</tool_call> and nothing else.'
    )
    if plain and plain[0]["role"] == "system":
        return [{**plain[0], "content": f"{plain[0]['content']}\n\n{text}"}, *plain[1:]]
    return [{"role": "system", "content": text}, *plain]


def _plain(message: Json) -> Json:
    if message["role"] == "tool":
        return {"role": "user", "content": f"<tool_response>\n{message['content']}\n</tool_response>"}
    calls = [call.get("function", call) for call in message.get("tool_calls") or ()]
    written = [
        "<tool_call>\n"
        + json.dumps({"name": call["name"], "arguments": call["arguments"]}, ensure_ascii=False)
        + "\n</tool_call>"
        for call in calls
    ]
    rest = {key: value for key, value in message.items() if key != "tool_calls"}
    return {**rest, "content": "\n".join([part for part in [message.get("content") or "", *written] if part])}


def _without_system(messages: list[Json]) -> list[Json]:
    """Put the system text before the first user message."""
    system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    rest = [message for message in messages if message["role"] != "system"]
    if not system:
        return rest
    if rest and rest[0]["role"] == "user":
        return [{**rest[0], "content": f"{system}\n\n{rest[0]['content']}"}, *rest[1:]]
    return [{"role": "user", "content": system}, *rest]


def _alternating(messages: list[Json]) -> list[Json]:
    """Join neighbours of one role, and let a person's ellipsis open what the assistant opened."""
    joined: list[Json] = []
    for message in messages:
        last = joined[-1] if joined else None
        if (
            last
            and last["role"] == message["role"] != "tool"
            and not (last.get("tool_calls") or message.get("tool_calls"))
        ):
            joined[-1] = {**last, **message, "content": f"{last['content']}\n\n{message['content']}".strip()}
        else:
            joined.append(message)
    first = next((index for index, message in enumerate(joined) if message["role"] != "system"), None)
    if first is not None and joined[first]["role"] != "user":
        joined.insert(first, {"role": "user", "content": "…"})
    return joined
