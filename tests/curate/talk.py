"""Made-up conversations and a model that answers by rule, for the tests of this room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nightschool.models.model import Likelihood
from nightschool.records import Answer, Conversation, Json, Message, Part, Prompt, Signal

KM = {"Olm": 16, "Bar": 24, "Dun": 32, "Fel": 40, "Gor": 48, "Hul": 56, "Ivo": 64, "Jos": 72, "Kem": 80, "Lun": 88}
WEATHER: Json = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"place": {"type": "string"}}}},
}


def conversation(
    name: str, *lines: str | Json, started: float = 0.0, system: str | None = None, tools: tuple[Json, ...] = ()
) -> Conversation:
    """The person and the assistant in turn; a dict gives a message's fields where more than text is needed."""
    messages: list[Message] = []
    role = "user"
    for index, line in enumerate(lines):
        fields: Json = dict(line) if isinstance(line, dict) else {}
        role = fields.pop("role", role)
        text = fields.pop("text", line if isinstance(line, str) else "")
        parts = fields.pop("parts", (Part(kind="text", text=text),))
        author = fields.pop("author", {"user": "person", "assistant": "assistant", "tool": "tool"}[role])
        parent = fields.pop("parent_id", messages[-1].id if messages else None)
        messages.append(
            Message(
                id=f"{name}-{index}",
                parent_id=parent,
                role=role,
                author=author,
                parts=parts,
                created=started + index,
                **fields,
            )
        )
        role = "user" if role == "assistant" else "assistant"
    return Conversation(
        id=name,
        program="openclaw",
        source_id=name,
        started=started,
        messages=tuple(messages),
        system=system,
        tools=tools,
    )


def call(name: str, **arguments: str) -> Json:
    """An assistant's message that calls a tool."""
    return {"role": "assistant", "parts": (Part(kind="tool_call", name=name, arguments=arguments, call_id="c0"),)}


def result(text: str, exit_code: int | None = None) -> Json:
    """What a tool gave back."""
    return {"role": "tool", "parts": (Part(kind="tool_result", text=text, call_id="c0", exit_code=exit_code),)}


def signal(turn: str, polarity: int, kind: str = "", *, source: str = "") -> Signal:
    """Clear evidence of one turn's outcome."""
    kind = kind or {1: "acceptance", -1: "correction", 0: "partial"}[polarity]
    return Signal(turn_id=turn, kind=kind, polarity=polarity, strength=0.9, source=(source or turn,), by="person")  # type: ignore[arg-type]


def asked(prompt: Prompt) -> str:
    """The last words of the person in a prompt."""
    return next(message["content"] for message in reversed(prompt.messages) if message["role"] == "user")


def told(prompt: Prompt) -> str:
    """The system message."""
    first = prompt.messages[0]
    return first["content"] if first["role"] == "system" else ""


class Townsman:
    """Knows how far towns are; obeys what its system message tells; counts what it was asked."""

    name = "townsman"
    fingerprint = "f" * 64
    context_tokens = 4096

    def __init__(self, reply: Callable[[Prompt], str | Answer | None] | None = None) -> None:
        self.reply = reply
        self.prompts: list[Prompt] = []

    def answer(
        self, prompts: Sequence[Prompt], *, adapter: Path | None = None, max_tokens: int = 96, temperature: float = 0.0,
        seed: int = 0, progress: Callable[[int], None] | None = None,
    ) -> list[Answer]:  # fmt: skip
        self.prompts += prompts
        given = [(self.reply(prompt) if self.reply else None) or self.say(prompt) for prompt in prompts]
        return [text if isinstance(text, Answer) else Answer(text=text) for text in given]

    def say(self, prompt: Prompt) -> str | Answer:
        question, system = asked(prompt), told(prompt)
        town = next((name for name in KM if re.search(rf"\b{name}\b", question)), "")
        if "weather" in question and any("weather tool" in line for line in system.splitlines()):
            return Answer(text="", tool_calls=({"name": "weather", "arguments": {"place": town}},))
        if "far" in question and town:
            value = f"{KM[town] * 5 // 8} miles" if "miles" in system else f"{KM[town]} km"
            return f"{town} is {value} from Rim."
        return "I do not know."

    def stream(self, prompt: Prompt, *, adapter: Path | None = None, max_tokens: int = 512) -> Iterator[str]:
        yield self.answer([prompt])[0].text

    def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Path | None = None) -> list[Likelihood]:
        return [Likelihood(total=-1.0, tokens=1) for _ in rows]

    def count_tokens(self, prompt: Prompt, answer: Json | None = None) -> int:
        texts = [str(message.get("content") or "") for message in (*prompt.messages, answer or {})]
        return sum(len(text.split()) for text in texts) + 40 * len(prompt.tools)

    def mounted(self, adapter: Path) -> str:
        return ""
