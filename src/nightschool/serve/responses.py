"""OpenAI's `/v1/responses`: read a request, write its events or one object."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nightschool.models.generation import Piece, Token, Usage
from nightschool.records import Json, Prompt
from nightschool.serve import messages
from nightschool.serve.ask import Ask, BadRequest, Done
from nightschool.serve.openai_chat import call_id, chances, event, model_of, sampling, schema

CHANCES = "message.output_text.logprobs"
_CALLS = ("function_call", "custom_tool_call", "local_shell_call")


def read(body: Json) -> Ask:
    """Read a request; kinds of items and tools that are not known are passed over."""
    given = body.get("input", "")
    if not isinstance(given, (str, list)):
        raise BadRequest("input must be a text or a list of items", "input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    said: list[Json] = []
    for index, item in enumerate(items):
        _add(said, item, f"input[{index}]")
    if isinstance(body.get("instructions"), str) and body["instructions"]:
        said.insert(0, {"role": "system", "content": messages.text(body["instructions"])})
    if not said:
        raise BadRequest("input holds no message", "input")
    form = body["text"].get("format") if isinstance(body.get("text"), dict) else None
    limit = messages.limit(body.get("max_output_tokens"), "max_output_tokens")
    chosen = sampling({key: value for key, value in body.items() if key in ("temperature", "top_p")} | _chances(body))
    choice = body.get("tool_choice")
    offered = messages.tools(body.get("tools"), choice)
    return Ask(
        model=model_of(body),
        prompt=Prompt(messages=tuple(said), tools=offered),
        sampling=replace(chosen, max_tokens=limit, schema=schema(form), calls=messages.insisted(choice, offered)),
        stream=body.get("stream") is True,
    )


def _chances(body: Json) -> Json:
    """Return what chances are asked for, as chat completions ask for them."""
    asked, rivals = body.get("include"), body.get("top_logprobs")
    wanted = rivals or (isinstance(asked, list) and CHANCES in asked)
    return {"logprobs": True, "top_logprobs": rivals} if wanted else {}


def _add(said: list[Json], item: Any, where: str) -> None:
    """Add one item to the conversation; calls and thinking belong to the assistant's message before them."""
    if not isinstance(item, dict):
        raise BadRequest(f"{where} is no object", where)
    kind = item.get("type", "message")
    if kind == "message":
        said += messages.chat([item], where)
    elif kind == "reasoning":
        summary = item.get("summary")
        parts = summary if isinstance(summary, list) else []
        texts = [part.get("text") for part in parts if isinstance(part, dict)]
        thought = "\n".join(text for text in texts if isinstance(text, str))
        if thought:
            said.append({"role": "assistant", "content": "", "reasoning_content": thought})
    elif kind in _CALLS:
        given = item.get("arguments", item.get("input", item.get("action")))
        call = messages.call(item.get("name") or kind, given, item.get("call_id") or item.get("id"))
        if said and said[-1]["role"] == "assistant":
            said[-1] = said[-1] | {"tool_calls": [*said[-1].get("tool_calls", ()), call]}
        else:
            said.append({"role": "assistant", "content": "", "tool_calls": [call]})
    elif isinstance(kind, str) and kind.endswith("_output"):
        result = {"role": "tool", "content": item.get("output"), "tool_call_id": item.get("call_id")}
        said += messages.chat([result], where)


class Writer:
    """Writes one answer."""

    media = "text/event-stream"
    keep_alive = b": keepalive\n\n"

    def __init__(self, ask: Ask, exchange: str) -> None:
        self._ask = ask
        self._id = exchange
        self._number = -1
        self._output: list[Json] = []
        self._open: Json | None = None
        self._text = ""
        self._waiting: list[Token] = []
        """Tokens whose letters are not certain yet; those of a call never are letters."""
        self._chances: list[Json] = []
        self._head: Json = {
            "id": f"resp_{exchange}", "object": "response", "created_at": int(time.time()), "model": ask.model,
            "error": None, "incomplete_details": None, "instructions": None, "metadata": {},
            "parallel_tool_calls": True, "temperature": ask.sampling.temperature, "top_p": ask.sampling.top_p,
            "tool_choice": "auto", "tools": [],
        }  # fmt: skip

    def opening(self) -> bytes:
        """Write what stands before everything else."""
        begun = self._head | {"status": "in_progress", "output": [], "usage": None}
        return self._event("response.created", response=begun) + self._event("response.in_progress", response=begun)

    def piece(self, piece: Piece) -> bytes:
        """Write what came in one step."""
        data = b""
        if piece.thinking:
            data += self._begin("reasoning") + self._delta("response.reasoning_summary_text.delta", piece.thinking)
        self._waiting += piece.tokens
        if piece.text:
            told, self._waiting = chances(self._waiting), []
            data += self._begin("message") + self._delta("response.output_text.delta", piece.text, logprobs=told)
            self._chances += told
        return data

    def closing(self, done: Done) -> bytes:
        """Write the calls and the whole response."""
        data = self._end()
        for index, call in enumerate(done.finished.answer.tool_calls):
            data += self._call(call, index)
        return data + self._event("response.completed", response=self._complete(self._output, done))

    def broken(self, error: Json) -> bytes:
        """Write that an answer which had begun cannot be finished."""
        failed = self._head | {"status": "failed", "output": self._output, "usage": None}
        told = {"code": error.get("code") or "server_error", "message": error.get("message", "")}
        return self._event("response.failed", response=failed | {"error": told})

    def whole(self, pieces: Sequence[Piece], done: Done) -> Json:
        """Return the answer as one object."""
        for piece in pieces:
            self.piece(piece)
        self.closing(done)
        return self._complete(self._output, done)

    def _complete(self, output: Sequence[Json], done: Done) -> Json:
        cut = done.finished.answer.stop == "length"
        return self._head | {
            "status": "incomplete" if cut else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "output": list(output),
            "usage": usage(done.finished.usage),
            "system_fingerprint": done.version,
        }

    def _begin(self, kind: str) -> bytes:
        """Open an item of this kind, unless it is open."""
        if self._open and self._open["type"] == kind:
            return b""
        data = self._end()
        name = {"message": "msg", "reasoning": "rs"}[kind]
        self._open = {"id": f"{name}_{self._id}_{len(self._output)}", "type": kind}
        self._text, self._chances = "", []
        if kind == "reasoning":
            part: Json = {"type": "summary_text", "text": ""}
            data += self._item("added", self._open | {"summary": []})
            return data + self._event("response.reasoning_summary_part.added", part=part, **self._place())
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        data += self._item("added", self._open | {"status": "in_progress", "role": "assistant", "content": []})
        return data + self._event("response.content_part.added", part=part, **self._place())

    def _delta(self, kind: str, text: str, **more: Any) -> bytes:
        self._text += text
        return self._event(kind, delta=text, **self._place(), **more)

    def _end(self) -> bytes:
        """Close the item that is open."""
        if self._open is None:
            return b""
        if self._open["type"] == "reasoning":
            part: Json = {"type": "summary_text", "text": self._text}
            item = self._open | {"summary": [part]}
            data = self._event("response.reasoning_summary_text.done", text=self._text, **self._place())
            data += self._event("response.reasoning_summary_part.done", part=part, **self._place())
        else:
            part = {"type": "output_text", "text": self._text, "annotations": [], "logprobs": self._chances}
            item = self._open | {"status": "completed", "role": "assistant", "content": [part]}
            data = self._event("response.output_text.done", text=self._text, logprobs=self._chances, **self._place())
            data += self._event("response.content_part.done", part=part, **self._place())
        data += self._item("done", item)
        self._output.append(item)
        self._open = None
        return data

    def _call(self, call: Json, index: int) -> bytes:
        said = messages.spoken(call["arguments"])
        item = {
            "id": f"fc_{self._id}_{index}", "type": "function_call", "name": call["name"],
            "call_id": call_id(call, self._id, index), "status": "completed", "arguments": said,
        }  # fmt: skip
        place = {"item_id": item["id"], "output_index": len(self._output)}
        data = self._item("added", item | {"status": "in_progress", "arguments": ""})
        data += self._event("response.function_call_arguments.delta", delta=said, **place)
        data += self._event("response.function_call_arguments.done", arguments=said, **place)
        data += self._item("done", item)
        self._output.append(item)
        return data

    def _item(self, what: str, item: Json) -> bytes:
        return self._event(f"response.output_item.{what}", output_index=len(self._output), item=item)

    def _place(self) -> Json:
        assert self._open is not None
        number = "summary_index" if self._open["type"] == "reasoning" else "content_index"
        return {"item_id": self._open["id"], "output_index": len(self._output), number: 0}

    def _event(self, kind: str, **fields: Any) -> bytes:
        self._number += 1
        return event({"type": kind, "sequence_number": self._number, **fields}, kind)


def usage(used: Usage) -> Json:
    """Return the form of what was used."""
    return {
        "input_tokens": used.prompt,
        "input_tokens_details": {"cached_tokens": used.cached},
        "output_tokens": used.completion,
        "output_tokens_details": {"reasoning_tokens": used.reasoning},
        "total_tokens": used.prompt + used.completion,
    }
