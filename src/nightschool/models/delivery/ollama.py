"""Ollama: a model per version that shares the base's file, and one name that is copied onto whoever answers.

Ollama takes GGUF adapters only. Its default window cuts long prompts off without a word, so every model
that is made here names its own.
"""

from __future__ import annotations

import re
from typing import Any

from nightschool.errors import UserError
from nightschool.models.delivery.parcel import GGUF, Parcel, digest
from nightschool.models.delivery.place import Heard
from nightschool.models.delivery.wire import Refusal, Wire
from nightschool.records import Json, Prompt

OLDEST = (0, 5, 5)
"""From this version on `create` takes adapters as uploaded blobs."""
_GREEDY = {"temperature": 0.0, "top_k": 1, "top_p": 1.0, "min_p": 0.0, "repeat_penalty": 1.0, "seed": 0}


class Ollama:
    """One running Ollama."""

    kind = "ollama"
    form = GGUF

    def __init__(self, url: str, *, base: str, name: str) -> None:
        self._wire = Wire("Ollama", url, "Start it with `ollama serve`, then `nightschool deliver`")
        self._base = base
        self._name = name

    def ready(self) -> None:
        """Raise UserError where it is not running, too old, or has not the base."""
        version = str(self._wire.get("/api/version").get("version", ""))
        if (numbers := re.match(r"(\d+)\.(\d+)\.(\d+)", version)) and tuple(map(int, numbers.groups())) < OLDEST:
            raise UserError(
                f"Ollama {version} is too old to take an adapter",
                hint=f"Install {'.'.join(map(str, OLDEST))} or newer, then `nightschool deliver`",
            )
        if not self._base:
            raise UserError(
                "Which of Ollama's models is this home's base is not set",
                hint='Set `ollama_base = "qwen3:8b"` under [deliver] in config.toml; `ollama list` shows the names',
            )
        if self._shown(self._base) is None:
            raise UserError(
                f"Ollama has no model {self._base!r}, the base of this home", hint=f"`ollama pull {self._base}`"
            )

    def exact(self) -> bool:
        """Whether its base is kept in 32 bits."""
        details = (self._shown(self._base) or {}).get("details") or {}
        return str(details.get("quantization_level", "")).upper() == "F32"

    def has(self, name: str) -> bool:
        """Whether a version's model is there."""
        return self._shown(self._tag(name)) is not None

    def put(self, parcel: Parcel) -> None:
        """Upload the adapter and make a model of it and the base."""
        blob = f"sha256:{digest(parcel.gguf)}"
        try:
            self._wire.send("HEAD", f"/api/blobs/{blob}")
        except Refusal:
            self._wire.upload(f"/api/blobs/{blob}", parcel.gguf)
        self._wire.post(
            "/api/create",
            {
                "model": self._tag(parcel.name),
                "from": self._base,
                "adapters": {"adapter.gguf": blob},
                "parameters": {"num_ctx": parcel.context_tokens},
                "stream": False,
            },
        )

    def ask(self, name: str | None, prompt: Prompt, *, max_tokens: int) -> Heard:
        """Answer a conversation."""
        body: Json = {"messages": [_message(each) for each in prompt.messages], "think": False}
        if prompt.tools:
            body["tools"] = list(prompt.tools)
        said = self._asked("/api/chat", name, body, max_tokens)
        return Heard(text=str(said["message"].get("content", "")))

    def ask_raw(self, name: str | None, text: str, *, max_tokens: int) -> Heard:
        """Continue a text."""
        body = {"prompt": text, "raw": True, "logprobs": True, "top_logprobs": 5}
        said = self._asked("/api/generate", name, body, max_tokens)
        return Heard(text=str(said.get("response", "")), first=_first(said))

    def promote(self, name: str | None) -> str:
        """Copy a version, or the base, onto the name that clients ask for."""
        self._wire.post(
            "/api/copy", {"source": self._tag(name) if name else self._base, "destination": f"{self._name}:latest"}
        )
        return self._name

    def withdraw(self, name: str) -> None:
        """Delete a version's model; its adapter goes with it."""
        try:
            self._wire.send("DELETE", "/api/delete", json={"model": self._tag(name)})
        except Refusal as refusal:
            if refusal.status != 404:
                raise

    def _asked(self, path: str, name: str | None, body: Json, max_tokens: int) -> Json:
        asked = {
            "model": self._tag(name) if name else self._base,
            "stream": False,
            "options": _GREEDY | {"num_predict": max_tokens},
        }
        try:
            said: Json = self._wire.post(path, asked | body)
        except Refusal as refusal:
            # A model that cannot think refuses even to be asked not to.
            if "think" not in body or refusal.status != 400:
                raise
            said = self._wire.post(path, asked | {key: value for key, value in body.items() if key != "think"})
        return said

    def _shown(self, model: str) -> Json | None:
        try:
            shown: Json = self._wire.post("/api/show", {"model": model})
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise
        return shown

    def _tag(self, name: str) -> str:
        """`nightschool-v-0001` as a tag of the one model that clients see."""
        return f"{self._name}:{name.removeprefix(f'{self._name}-')}"


def _message(message: Json) -> Json:
    """A message in Ollama's form, whose tool calls carry no ids."""
    calls = message.get("tool_calls") or ()
    plain = {key: message[key] for key in ("role", "content", "tool_name", "name") if message.get(key)}
    return (
        plain
        | {"content": message.get("content") or ""}
        | ({"tool_calls": [{"function": call["function"]} for call in calls]} if calls else {})
    )


def _first(said: Json) -> dict[str, float]:
    tokens: list[Any] = said.get("logprobs") or []
    ranked = tokens[0].get("top_logprobs") or [] if tokens else []
    return {str(each["token"]): float(each["logprob"]) for each in ranked}
