"""Anthropic's `/v1/messages`: read a request, write its events or one object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nightschool.models.generation import Piece, Sampling, Usage
from nightschool.records import Json, Prompt
from nightschool.serve import messages
from nightschool.serve.ask import Ask, BadRequest, Done
from nightschool.serve.openai_chat import call_id, event, model_of


def read(body: Json) -> Ask:
    """Read a request; unknown keys are passed over."""
    given = body.get("messages")
    if not isinstance(given, list) or not given:
        raise BadRequest("messages must be a list with at least one message", "messages")
    said: list[Json] = []
    system = messages.text(body.get("system"))
    if system:
        said.append({"role": "system", "content": system})
    for index, value in enumerate(given):
        said += _turn(value, f"messages[{index}]")
    choice = body["tool_choice"] if isinstance(body.get("tool_choice"), dict) else None
    offered = messages.tools(body.get("tools"), choice)
    return Ask(
        model=model_of(body),
        prompt=Prompt(messages=tuple(said), tools=offered),
        sampling=Sampling(
            max_tokens=messages.limit(body.get("max_tokens"), "max_tokens"),
            temperature=messages.number(body.get("temperature"), "temperature", 0.0, 0.0, 100.0),
            top_p=messages.number(body.get("top_p"), "top_p", 1.0, 0.0, 1.0),
            top_k=messages.whole(body.get("top_k"), "top_k", 0) or 0,
            stop=messages.stops(body.get("stop_sequences")),
            schema=_schema(body.get("output_config")),
            calls=messages.insisted(choice, offered),
        ),
        stream=body.get("stream") is True,
    )


def _schema(config: Any) -> Json | None:
    form = config.get("format") if isinstance(config, dict) else None
    found = form.get("schema") if isinstance(form, dict) and form.get("type") == "json_schema" else None
    return found if isinstance(found, dict) else None


def _turn(value: Any, where: str) -> list[Json]:
    """Take one message apart: results of tools come inside the user's messages here."""
    if not isinstance(value, dict) or not isinstance(value.get("content"), list):
        return list(messages.chat([value], where))
    plain: list[Any] = []
    results: list[Json] = []
    calls: list[Json] = []
    thought: list[str] = []
    for block in value["content"]:
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "tool_use":
            calls.append(messages.call(block.get("name"), block.get("input"), block.get("id")))
        elif kind == "tool_result":
            results.append({"role": "tool", "content": block.get("content"), "tool_call_id": block.get("tool_use_id")})
        elif kind == "thinking" and isinstance(block.get("thinking"), str):
            thought.append(block["thinking"])
        else:
            plain.append(block)
    said = list(messages.chat(results, where))
    if plain or calls or thought or not results:
        own = messages.chat([{"role": value.get("role"), "content": plain}], where)[0]
        own |= {"reasoning_content": "\n".join(thought)} if thought else {}
        said.append(own | ({"tool_calls": calls} if calls else {}))
    return said


class Writer:
    """Writes one answer."""

    media = "text/event-stream"
    keep_alive = b'event: ping\ndata: {"type": "ping"}\n\n'

    def __init__(self, ask: Ask, exchange: str) -> None:
        self._ask = ask
        self._id = exchange
        self._index = -1
        self._open = ""

    def opening(self) -> bytes:
        """Write what stands before everything else."""
        message = self._message([], None) | {"usage": {"input_tokens": 0, "output_tokens": 0}}
        return self._event("message_start", message=message)

    def piece(self, piece: Piece) -> bytes:
        """Write what came in one step."""
        data = b""
        if piece.thinking:
            data += self._begin("thinking", {"type": "thinking", "thinking": "", "signature": ""})
            data += self._delta({"type": "thinking_delta", "thinking": piece.thinking})
        if piece.text:
            data += self._begin("text", {"type": "text", "text": ""})
            data += self._delta({"type": "text_delta", "text": piece.text})
        return data

    def closing(self, done: Done) -> bytes:
        """Write the calls and why it ends."""
        data = b""
        for index, call in enumerate(done.finished.answer.tool_calls):
            block = {"type": "tool_use", "id": call_id(call, self._id, index), "name": call["name"], "input": {}}
            data += self._end() + self._begin(f"tool {index}", block)
            data += self._delta({"type": "input_json_delta", "partial_json": messages.spoken(call["arguments"])})
        data += self._end()
        delta = {"stop_reason": self._reason(done), "stop_sequence": None}
        data += self._event("message_delta", delta=delta, usage=_usage(done.finished.usage))
        return data + self._event("message_stop")

    def broken(self, error: Json) -> bytes:
        """Write that an answer which had begun cannot be finished."""
        return self._event("error", error={"type": "api_error", "message": error.get("message", "")})

    def whole(self, pieces: Sequence[Piece], done: Done) -> Json:
        """Return the answer as one object."""
        answer = done.finished.answer
        content: list[Json] = []
        if answer.thinking:
            content.append({"type": "thinking", "thinking": answer.thinking, "signature": ""})
        if answer.text or not answer.tool_calls:
            content.append({"type": "text", "text": answer.text})
        for index, call in enumerate(answer.tool_calls):
            block = {"type": "tool_use", "id": call_id(call, self._id, index), "name": call["name"]}
            content.append(block | {"input": call["arguments"]})
        return self._message(content, self._reason(done)) | {"usage": _usage(done.finished.usage)}

    def _message(self, content: list[Json], reason: str | None) -> Json:
        return {
            "id": f"msg_{self._id}", "type": "message", "role": "assistant", "model": self._ask.model,
            "content": content, "stop_reason": reason, "stop_sequence": None,
        }  # fmt: skip

    def _reason(self, done: Done) -> str:
        answer = done.finished.answer
        return "tool_use" if answer.tool_calls else "max_tokens" if answer.stop == "length" else "end_turn"

    def _begin(self, kind: str, block: Json) -> bytes:
        if self._open == kind:
            return b""
        data = self._end()
        self._open = kind
        self._index += 1
        return data + self._event("content_block_start", index=self._index, content_block=block)

    def _delta(self, delta: Json) -> bytes:
        return self._event("content_block_delta", index=self._index, delta=delta)

    def _end(self) -> bytes:
        if not self._open:
            return b""
        data = b""
        if self._open == "thinking":
            data = self._delta({"type": "signature_delta", "signature": ""})
        self._open = ""
        return data + self._event("content_block_stop", index=self._index)

    def _event(self, kind: str, **fields: Any) -> bytes:
        return event({"type": kind, **fields}, kind)


def _usage(used: Usage) -> Json:
    return {
        "input_tokens": used.prompt - used.cached,
        "cache_read_input_tokens": used.cached,
        "cache_creation_input_tokens": 0,
        "output_tokens": used.completion,
    }
