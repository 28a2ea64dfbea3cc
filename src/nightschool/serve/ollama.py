"""Ollama's `/api/chat` and `/api/generate`: read a request, write lines or one object."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nightschool.models.generation import Piece, Sampling, Token
from nightschool.records import Json, Prompt
from nightschool.serve import messages
from nightschool.serve.ask import Ask, BadRequest, Done, Offered
from nightschool.serve.openai_chat import chances, model_of, rivals


def read_chat(body: Json) -> Ask:
    """Read a chat request; it streams unless told otherwise."""
    given = body.get("messages") or []
    if not isinstance(given, list):
        raise BadRequest("messages must be a list", "messages")
    prompt = Prompt(messages=messages.chat(given), tools=messages.tools(body.get("tools")))
    return Ask(model=model_of(body), prompt=prompt, sampling=_sampling(body), stream=body.get("stream") is not False)


def read_generate(body: Json) -> Ask:
    """Read a request for a continuation; it is put to the model as a question."""
    said: list[Json] = []
    if isinstance(body.get("system"), str) and body["system"]:
        said.append({"role": "system", "content": messages.text(body["system"])})
    if body.get("prompt") is not None and not isinstance(body["prompt"], str):
        raise BadRequest("prompt must be a text", "prompt")
    if body.get("prompt"):
        said.append({"role": "user", "content": messages.text(body["prompt"])})
    ask = Ask(model=model_of(body), prompt=Prompt(messages=tuple(said)), sampling=_sampling(body))
    return replace(ask, stream=body.get("stream") is not False)


def _sampling(body: Json) -> Sampling:
    options = body.get("options") if isinstance(body.get("options"), dict) else {}
    assert isinstance(options, dict)
    limit = messages.whole(options.get("num_predict"), "num_predict", -2)
    form = body.get("format")
    if form not in (None, "", "json") and not isinstance(form, dict):
        raise BadRequest("format must be `json` or a JSON schema", "format")
    return Sampling(
        max_tokens=limit if limit is not None and limit > 0 else None,
        temperature=messages.number(options.get("temperature"), "temperature", 0.0, 0.0, 100.0),
        top_p=messages.number(options.get("top_p"), "top_p", 1.0, 0.0, 1.0),
        top_k=messages.whole(options.get("top_k"), "top_k", 0) or 0,
        presence_penalty=messages.number(options.get("presence_penalty"), "presence_penalty", 0.0, -100.0, 100.0),
        frequency_penalty=messages.number(options.get("frequency_penalty"), "frequency_penalty", 0.0, -100.0, 100.0),
        seed=messages.whole(options.get("seed"), "seed", -(1 << 62)),
        stop=messages.stops(options.get("stop")),
        schema={} if form == "json" else form or None,
        logprobs=rivals(body),
    )


class Writer:
    """Writes one answer, to a chat or as a continuation."""

    media = "application/x-ndjson"
    # A line that is no JSON would break the client; an empty piece of text does no harm.
    keep_alive = b""

    def __init__(self, ask: Ask, exchange: str, *, chat: bool = True) -> None:
        self._ask = ask
        self._exchange = exchange
        self._chat = chat

    def opening(self) -> bytes:
        """Write what stands before everything else: nothing."""
        return b""

    def piece(self, piece: Piece) -> bytes:
        """Write what came in one step."""
        if not piece.text and not piece.thinking and not piece.tokens:
            return b""
        return self._line(self._said(piece.text, piece.thinking, []) | _chances(piece.tokens) | {"done": False})

    def closing(self, done: Done) -> bytes:
        """Write the calls, whole, and the end."""
        calls = self._calls(done) if self._chat else []
        data = self._line(self._said("", "", calls) | {"done": False}) if calls else b""
        return data + self._line(self._said("", "", []) | self._end(done))

    def broken(self, error: Json) -> bytes:
        """Write that an answer which had begun cannot be finished."""
        return json.dumps({"error": error.get("message", "")}).encode() + b"\n"

    def whole(self, pieces: Sequence[Piece], done: Done) -> Json:
        """Return the answer as one object."""
        answer = done.finished.answer
        tokens = [token for piece in pieces for token in piece.tokens]
        said = self._said(answer.text, answer.thinking, self._calls(done))
        return self._head() | said | _chances(tokens) | self._end(done)

    def _said(self, text: str, thinking: str, calls: list[Json]) -> Json:
        if not self._chat:
            return {"response": text} | ({"thinking": thinking} if thinking else {})
        message: Json = {"role": "assistant", "content": text}
        message |= {"thinking": thinking} if thinking else {}
        return {"message": message | ({"tool_calls": calls} if calls else {})}

    def _calls(self, done: Done) -> list[Json]:
        return [
            {"id": f"call_{self._exchange}_{index}",
             "function": {"index": index, "name": call["name"], "arguments": call["arguments"]}}
            for index, call in enumerate(done.finished.answer.tool_calls)
        ]  # fmt: skip

    def _end(self, done: Done) -> Json:
        used = done.finished.usage
        first, whole = int(done.first_seconds * 1e9), int(done.seconds * 1e9)
        return {
            "done": True, "done_reason": done.finished.answer.stop, "total_duration": whole, "load_duration": 0,
            "prompt_eval_count": used.prompt, "prompt_eval_duration": first,
            "eval_count": used.completion, "eval_duration": max(0, whole - first),
        }  # fmt: skip

    def _head(self) -> Json:
        return {"model": self._ask.model, "created_at": moment(time.time())}

    def _line(self, value: Json) -> bytes:
        return json.dumps(self._head() | value, ensure_ascii=False).encode() + b"\n"


def _chances(tokens: Sequence[Token]) -> Json:
    return {"logprobs": chances(tokens)} if tokens else {}


def moment(seconds: float) -> str:
    """Write a time as Ollama does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def entry(model: Offered) -> Json:
    """Return one model's line of `/api/tags`."""
    return {
        "name": f"{model.id}:latest",
        "model": f"{model.id}:latest",
        "modified_at": moment(model.created),
        "size": model.parameters * 4,
        "digest": model.digest,
        "details": details(model),
        "capabilities": ["completion", "tools"],
    }


def details(model: Offered) -> Json:
    """Return what Ollama calls details."""
    family = model.architecture.lower()
    return {
        "parent_model": "", "format": "safetensors", "family": family, "families": [family],
        "parameter_size": _size(model.parameters), "quantization_level": "F32",
    }  # fmt: skip


def shown(model: Offered) -> Json:
    """Return what `/api/show` tells of a model."""
    kind = model.architecture.lower() or "unknown"
    info: Json = {"general.architecture": kind, "general.parameter_count": model.parameters}
    return {
        "modelfile": "", "parameters": "", "template": "", "license": "", "details": details(model),
        "model_info": info | {f"{kind}.context_length": model.context_tokens},
        "capabilities": ["completion", "tools"], "modified_at": moment(model.created),
    }  # fmt: skip


def _size(parameters: int) -> str:
    return f"{parameters / 1e9:.1f}B" if parameters >= 1e9 else f"{parameters / 1e6:.1f}M"


def named(body: Json) -> str:
    """Return the model that a request names, under either of the keys that clients use."""
    value: Any = body.get("model") or body.get("name")
    if not isinstance(value, str) or not value:
        raise BadRequest("model must be the name of a model", "model")
    return value
