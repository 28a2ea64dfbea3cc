"""Reads an exchange back from its bytes: what was asked, and what was answered, in whatever shape.

The recorder's only reading, for answers of our own and of servers behind us alike. What cannot be
read is kept as bytes and is no turn.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nightschool.intake.message import arguments, clean
from nightschool.records import Answer, Json
from nightschool.serve import anthropic, ollama, openai_chat, responses
from nightschool.serve.ask import Ask, BadRequest
from nightschool.turns import apart

Reader = Callable[[Json], Ask]
READERS: dict[str, Reader] = {
    "/v1/chat/completions": openai_chat.read,
    "/v1/responses": responses.read,
    "/v1/messages": anthropic.read,
    "/api/chat": ollama.read_chat,
    "/api/generate": ollama.read_generate,
}
"""The addresses at which conversations are held."""
_DONE = re.compile(rb"^data: ?\[DONE\]", re.MULTILINE)


class Heard:
    """An answer as it is put together from its pieces."""

    def __init__(self) -> None:
        self.id = ""
        self.model = ""
        self.ended = False
        """Whether the answer said its own end; clients hang up there, before the connection's."""
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._calls: dict[Any, Json] = {}
        self._stop = "stop"
        self._tokens = 0

    def read(self, path: str, data: bytes) -> bool:
        """Read some more lines of a response; False where nothing of an answer is in them."""
        hear = _HEARS.get(path)
        self.ended = self.ended or _DONE.search(data) is not None
        return hear is not None and sum(_understood(hear, self, value) for value in _values(data)) > 0

    def answer(self) -> Answer:
        """Return what was heard."""
        calls = tuple(
            {"name": clean(call["name"]), "arguments": arguments(call["said"] or "{}")}
            | ({"id": call["id"]} if call["id"] else {})
            for call in self._calls.values()
            if call["name"]
        )
        raw = "".join(self._text)
        inline, text = apart(raw)
        return Answer(
            text=clean(text), tool_calls=calls, thinking=clean("".join(self._thinking) or inline), raw=clean(raw),
            tokens=self._tokens, stop="length" if self._stop == "length" else "stop",
        )  # fmt: skip

    def text(self, text: Any) -> None:
        """Add letters of the answer."""
        if isinstance(text, str):
            self._text.append(text)

    def thinking(self, text: Any) -> None:
        """Add letters of the thinking."""
        if isinstance(text, str):
            self._thinking.append(text)

    def call(self, key: Any, *, name: Any = None, said: Any = None, call_id: Any = None) -> None:
        """Begin a tool call or go on with one; arguments come as text, as an object or in pieces."""
        call = self._calls.setdefault(key, {"name": "", "said": "", "id": ""})
        call["name"] = call["name"] or (name if isinstance(name, str) else "")
        call["id"] = call["id"] or (call_id if isinstance(call_id, str) else "")
        if isinstance(said, str):
            call["said"] += said
        elif isinstance(said, dict):
            call["said"] = json.dumps(said)

    def next_call(self) -> int:
        """Return a key for a call that came without one."""
        return len(self._calls)

    def head(self, value: Json) -> None:
        """Note the answer's id and the model that gave it."""
        self.id = self.id or str(value.get("id") or "")
        self.model = self.model or str(value.get("model") or "")

    def stop(self, reason: Any) -> None:
        """Note why it ended."""
        self.ended = self.ended or bool(reason)
        if reason in ("length", "max_tokens", "max_output_tokens"):
            self._stop = "length"

    def used(self, tokens: Any) -> None:
        """Note how many tokens it has."""
        if isinstance(tokens, int):
            self._tokens = tokens


def asked(path: str, request: bytes) -> Ask | None:
    """Return what was asked, or None where the address holds no conversation or the request is none."""
    reader = READERS.get(path)
    if reader is None:
        return None
    try:
        value = json.loads(request)
        return reader(value) if isinstance(value, dict) else None
    except (ValueError, RecursionError, BadRequest):
        return None


def answered(path: str, response: bytes, encoding: str = "") -> Heard | None:
    """Return what was answered, or None where it is no answer."""
    data = unpacked(response, encoding)
    heard = Heard()
    return heard if data is not None and heard.read(path, data) else None


def unpacked(data: bytes, encoding: str) -> bytes | None:
    """Return the plain bytes of a packed response, None where the packing is unknown or damaged."""
    try:
        if encoding in ("", "identity"):
            return data
        if encoding == "gzip":
            return gzip.decompress(data)
        if encoding == "deflate":
            return zlib.decompress(data)
    except (OSError, EOFError, zlib.error):
        return None
    return None


def _understood(hear: Callable[[Heard, Json], bool], heard: Heard, value: Json) -> bool:
    """Read one object; False where its fields hold something else than they do in this API."""
    try:
        return hear(heard, value)
    except (AttributeError, TypeError):
        return False


def _values(data: bytes) -> Iterator[Json]:
    """Yield the objects of a response: one, one per line, or one per event."""
    text = data.decode("utf-8", "replace").strip()
    # Not `splitlines`: some of what it breaks at stands in answers as it is.
    lines: Iterable[str] = [text] if text.startswith("{") and "\n{" not in text else re.split(r"[\r\n]+", text)
    for line in lines:
        try:
            value = json.loads(line.removeprefix("data:"))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _openai(heard: Heard, value: Json) -> bool:
    heard.head(value)
    if isinstance(value.get("usage"), dict):
        heard.used(value["usage"].get("completion_tokens"))
    choices = value.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    # Of several choices the first is what was said; a stream tells one in each piece.
    if choice is None or choice.get("index"):
        return False
    said = choice.get("delta") or choice.get("message") or {}
    heard.stop(choice.get("finish_reason"))
    heard.thinking(said.get("reasoning_content") or said.get("reasoning"))
    heard.text(said.get("content"))
    for call in said.get("tool_calls") or ():
        function = call.get("function") or {}
        key = call.get("index", heard.next_call() if function.get("name") else heard.next_call() - 1)
        heard.call(key, name=function.get("name"), said=function.get("arguments"), call_id=call.get("id"))
    return True


def _responses(heard: Heard, value: Json) -> bool:
    if value.get("object") == "response":
        whole: Any = value
    elif value.get("type") in ("response.completed", "response.incomplete"):
        whole = value.get("response")
    elif value.get("type") == "response.output_item.done":
        return _item(heard, value.get("item"), value.get("output_index"))
    else:
        return False
    if not isinstance(whole, dict):
        return False
    heard.head(whole)
    heard.stop((whole.get("incomplete_details") or {}).get("reason") or whole.get("status"))
    heard.used((whole.get("usage") or {}).get("output_tokens"))
    if value.get("object") == "response":
        for index, item in enumerate(whole.get("output") or ()):
            _item(heard, item, index)
    return True


def _item(heard: Heard, item: Any, index: Any) -> bool:
    if not isinstance(item, dict):
        return False
    if item.get("type") == "message":
        for part in item.get("content") or ():
            heard.text(part.get("text"))
    elif item.get("type") == "reasoning":
        for part in item.get("summary") or ():
            heard.thinking(part.get("text"))
    elif item.get("type") == "function_call":
        heard.call(index, name=item.get("name"), said=item.get("arguments"), call_id=item.get("call_id"))
    return True


def _anthropic(heard: Heard, value: Json) -> bool:
    kind = value.get("type")
    if kind == "message":
        heard.head(value)
        heard.stop(value.get("stop_reason"))
        for index, block in enumerate(value.get("content") or ()):
            _block(heard, block, index)
        heard.used((value.get("usage") or {}).get("output_tokens"))
    elif kind == "message_start":
        heard.head(value.get("message") or {})
    elif kind == "content_block_start":
        _block(heard, value.get("content_block") or {}, value.get("index"))
    elif kind == "content_block_delta":
        delta = value.get("delta") or {}
        heard.text(delta.get("text"))
        heard.thinking(delta.get("thinking"))
        if "partial_json" in delta:
            heard.call(value.get("index"), said=delta["partial_json"])
    elif kind == "message_delta":
        heard.stop((value.get("delta") or {}).get("stop_reason"))
        heard.used((value.get("usage") or {}).get("output_tokens"))
    return kind in ("message", "content_block_start", "content_block_delta")


def _block(heard: Heard, block: Json, index: Any) -> None:
    if block.get("type") == "tool_use":
        heard.call(index, name=block.get("name"), said=block.get("input") or None, call_id=block.get("id"))
    else:
        heard.text(block.get("text"))
        heard.thinking(block.get("thinking"))


def _ollama(heard: Heard, value: Json) -> bool:
    heard.head(value)
    said = value.get("message") if isinstance(value.get("message"), dict) else value
    assert isinstance(said, dict)
    heard.thinking(said.get("thinking"))
    heard.text(said.get("content", value.get("response")))
    for call in said.get("tool_calls") or ():
        function = call.get("function") or {}
        heard.call(heard.next_call(), name=function.get("name"), said=function.get("arguments"), call_id=call.get("id"))
    heard.stop(value.get("done_reason") or value.get("done"))
    heard.used(value.get("eval_count"))
    return "message" in value or "response" in value


_HEARS: dict[str, Callable[[Heard, Json], bool]] = {
    "/v1/chat/completions": _openai,
    "/v1/responses": _responses,
    "/v1/messages": _anthropic,
    "/api/chat": _ollama,
    "/api/generate": _ollama,
}
