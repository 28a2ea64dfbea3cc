"""OpenAI's `/v1/chat/completions`: read a request, write chunks or one object."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nightschool.models.generation import Finished, Piece, Sampling, Token, Usage
from nightschool.records import Json, Prompt
from nightschool.serve import messages
from nightschool.serve.ask import Ask, BadRequest, Done


def read(body: Json) -> Ask:
    """Read a request; unknown keys are passed over."""
    given = body.get("messages")
    if not isinstance(given, list) or not given:
        raise BadRequest("messages must be a list with at least one message", "messages")
    options, choice = body.get("stream_options"), body.get("tool_choice")
    offered = messages.tools(body.get("tools"), choice)
    return Ask(
        model=model_of(body),
        prompt=Prompt(messages=messages.chat(given), tools=offered),
        sampling=replace(sampling(body), calls=messages.insisted(choice, offered)),
        stream=body.get("stream") is True,
        usage=isinstance(options, dict) and options.get("include_usage") is True,
        choices=messages.whole(body.get("n"), "n") or 1,
    )


def sampling(body: Json) -> Sampling:
    """Read how tokens are to be chosen."""
    name = "max_tokens" if body.get("max_completion_tokens") is None else "max_completion_tokens"
    return Sampling(
        max_tokens=messages.limit(body.get(name), name),
        temperature=messages.number(body.get("temperature"), "temperature", 0.0, 0.0, 100.0),
        top_p=messages.number(body.get("top_p"), "top_p", 1.0, 0.0, 1.0),
        top_k=messages.whole(body.get("top_k"), "top_k", 0) or 0,
        presence_penalty=messages.number(body.get("presence_penalty"), "presence_penalty", 0.0, -100.0, 100.0),
        frequency_penalty=messages.number(body.get("frequency_penalty"), "frequency_penalty", 0.0, -100.0, 100.0),
        seed=messages.whole(body.get("seed"), "seed", -(1 << 62)),
        stop=messages.stops(body.get("stop")),
        schema=schema(body.get("response_format")),
        logprobs=rivals(body),
    )


def rivals(body: Json) -> int | None:
    """Return how many tokens are to be told beside each one; None where no chances are asked for."""
    asked = messages.whole(body.get("top_logprobs"), "top_logprobs", 0)
    return min(asked or 0, 20) if body.get("logprobs") is True else None


def schema(form: Any) -> Json | None:
    """Return the JSON schema of a `response_format`."""
    if not isinstance(form, dict) or form.get("type") in (None, "text"):
        return None
    if form["type"] == "json_object":
        return {}
    # Responses carry the schema beside the type, chat completions one level deeper.
    inner = form.get("json_schema") if isinstance(form.get("json_schema"), dict) else form
    found = inner.get("schema") if isinstance(inner, dict) else None
    if form["type"] != "json_schema" or not isinstance(found, dict):
        raise BadRequest("response_format holds no JSON schema", "response_format")
    return found


def model_of(body: Json) -> str:
    """Return the name that was asked for."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("model must be the name of a model", "model")
    return model


class Writer:
    """Writes one answer."""

    media = "text/event-stream"
    keep_alive = b": keepalive\n\n"

    def __init__(self, ask: Ask, exchange: str) -> None:
        self._ask = ask
        self._opened: set[int] = set()
        self._head: Json = {
            "id": f"chatcmpl-{exchange}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": ask.model,
        }

    def opening(self) -> bytes:
        """Write what stands before everything else."""
        return self._begun(0)

    def piece(self, piece: Piece) -> bytes:
        """Write what came in one step."""
        data = self._begun(piece.choice)
        if piece.thinking:
            data += self._chunk({"reasoning_content": piece.thinking}, piece.choice)
        if piece.text or piece.tokens:
            data += self._chunk({"content": piece.text}, piece.choice, logprobs=_logprobs(piece.tokens))
        return data

    def closing(self, done: Done) -> bytes:
        """Write the calls, the reason of the end, the usage, and the end."""
        data = b""
        for choice, finished in enumerate((done.finished, *done.others)):
            data += self._begun(choice)
            for index, call in enumerate(finished.answer.tool_calls):
                function = {"name": call["name"], "arguments": ""}
                opened = {"index": index, "id": self._call_id(call, choice, index), "type": "function"}
                data += self._chunk({"tool_calls": [opened | {"function": function}]}, choice)
                said = {"index": index, "function": {"arguments": messages.spoken(call["arguments"])}}
                data += self._chunk({"tool_calls": [said]}, choice)
            data += self._chunk({}, choice, finish=_finish(finished))
        if self._ask.usage:
            data += event(self._marked(done) | {"choices": [], "usage": usage(done.finished.usage)})
        return data + b"data: [DONE]\n\n"

    def broken(self, error: Json) -> bytes:
        """Write that an answer which had begun cannot be finished."""
        return event({"error": error}) + b"data: [DONE]\n\n"

    def whole(self, pieces: Sequence[Piece], done: Done) -> Json:
        """Return the answer as one object."""
        told = [self._choice(number, finished, [piece for piece in pieces if piece.choice == number])
                for number, finished in enumerate((done.finished, *done.others))]  # fmt: skip
        head = self._marked(done) | {"object": "chat.completion"}
        return head | {"choices": told, "usage": usage(done.finished.usage)}

    def _choice(self, number: int, finished: Finished, pieces: Sequence[Piece]) -> Json:
        answer = finished.answer
        message: Json = {"role": "assistant", "content": answer.text or (None if answer.tool_calls else "")}
        if answer.thinking:
            message["reasoning_content"] = answer.thinking
        if answer.tool_calls:
            message["tool_calls"] = [
                {"id": self._call_id(call, number, index), "type": "function",
                 "function": {"name": call["name"], "arguments": messages.spoken(call["arguments"])}}
                for index, call in enumerate(answer.tool_calls)
            ]  # fmt: skip
        tokens = tuple(token for piece in pieces for token in piece.tokens)
        return {
            "index": number, "message": message, "logprobs": _logprobs(tokens), "finish_reason": _finish(finished)
        }  # fmt: skip

    def _begun(self, choice: int) -> bytes:
        """Write whose words follow, before the first of a choice."""
        if choice in self._opened:
            return b""
        self._opened.add(choice)
        return self._chunk({"role": "assistant", "content": ""}, choice)

    def _chunk(self, delta: Json, number: int, finish: str | None = None, logprobs: Json | None = None) -> bytes:
        choice = {"index": number, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
        return event(self._head | {"choices": [choice]})

    def _call_id(self, call: Json, choice: int, index: int) -> str:
        """Return a call's id; two choices never share one."""
        return call_id(call, f"{self._head['id']}{f'_{choice}' if choice else ''}", index)

    def _marked(self, done: Done) -> Json:
        return self._head | {"system_fingerprint": done.version}


def event(value: Json, name: str = "") -> bytes:
    """Write one server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def call_id(call: Json, exchange: str, index: int) -> str:
    """Return a call's own id, or one made of the answer's."""
    return str(call.get("id") or f"call_{exchange.rpartition('-')[2]}_{index}")


def usage(used: Usage) -> Json:
    """Return OpenAI's form of what was used."""
    return {
        "prompt_tokens": used.prompt,
        "completion_tokens": used.completion,
        "total_tokens": used.prompt + used.completion,
        "prompt_tokens_details": {"cached_tokens": used.cached},
        "completion_tokens_details": {"reasoning_tokens": used.reasoning},
    }


def _finish(finished: Finished) -> str:
    return "tool_calls" if finished.answer.tool_calls else finished.answer.stop


def _logprobs(tokens: Sequence[Token]) -> Json | None:
    if not tokens:
        return None
    return {"content": chances(tokens), "refusal": None}


def chances(tokens: Sequence[Token]) -> list[Json]:
    """Return each token with its log-probability and those of its rivals."""
    return [
        _told(token.text, token.logprob) | {"top_logprobs": [_told(text, value) for text, value in token.rivals]}
        for token in tokens
    ]


def _told(text: str, logprob: float) -> Json:
    # JSON has no infinity: a token that a schema forced may have had no chance at all.
    return {"token": text, "logprob": max(logprob, -9999.0), "bytes": list(text.encode())}
