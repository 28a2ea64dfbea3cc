"""Choosing the base and the embedder of a home: try it, say what works, and let it answer.

A version belongs to one base. Choosing another base leaves the versions where they are; the new
base answers untouched until a night has trained a version of its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool import models
from nightschool.config import Home, read_config, write_config
from nightschool.memory import directions
from nightschool.models import chat, embedding, ollama_base
from nightschool.models.base import lasting, marks, plain
from nightschool.models.dialect import dialect
from nightschool.records import Json, Prompt
from nightschool.store import vectors, versions

if TYPE_CHECKING:
    from nightschool.models.transformers_backend import TransformersModel

_THINKING = {"": "left to the base", "open": "before every answer", "closed": "switched off"}
_TOOL: Json = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather of a place",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    },
}
_CALL: Json = {
    "role": "assistant",
    "content": "",
    "tool_calls": [{"type": "function", "function": {"name": "weather", "arguments": {"place": "Oslo"}}}],
}
_ASKED = Prompt(messages=({"role": "user", "content": "How is the weather in Oslo?"},))
_OFFERED = replace(_ASKED, tools=(_TOOL,))
_RESULT = replace(_OFFERED, messages=(*_ASKED.messages, _CALL, {"role": "tool", "name": "weather", "content": "rainy"}))
_REPLY: Json = {"role": "assistant", "content": "It is rainy in Oslo."}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a base turned out to be able to do here."""

    name: str
    fingerprint: str
    architecture: str
    parameters: int
    gigabytes: float
    """Memory of its weights."""
    device: str
    context_tokens: int
    system: str
    tools: str
    thinking: str
    """How each is written: in the template's own form, or in plain words."""
    trainable: tuple[str, ...]
    """The kinds of rows that can be trained exactly as they are served."""
    untrainable: tuple[str, ...]
    first_token_seconds: float


def choose(name: str, device: str) -> Trial:
    """Load a base and try what a night and a day need of it; UserError where it cannot serve."""
    model = models.load(name, device)
    speech = dialect(model.tokenizer)
    began = time.perf_counter()
    model.answer([_ASKED], max_tokens=1)
    seconds = time.perf_counter() - began
    rows = {"answers": (_ASKED, _REPLY), "tool calls": (_OFFERED, _CALL), "answers to tool results": (_RESULT, _REPLY)}
    fits = {kind: _exact(model, *row) for kind, row in rows.items()}
    return Trial(
        name=name,
        fingerprint=model.fingerprint,
        architecture=type(model.network).__name__,
        parameters=model.parameters,
        gigabytes=sum(each.numel() * each.element_size() for each in model.network.parameters()) / 1e9,
        device=str(model.network.device),
        context_tokens=model.context_tokens,
        system="own form" if speech.system else "before the first question",
        tools="own form" if speech.tools else "in plain words",
        thinking=_THINKING[speech.opening],
        trainable=tuple(kind for kind, fit in fits.items() if fit),
        untrainable=tuple(kind for kind, fit in fits.items() if not fit),
        first_token_seconds=seconds,
    )


def resolve(home: Home, base: str, tell: Callable[[str], None] = lambda _: None) -> str:
    """Return a lasting name of a base; one that Ollama holds is unpacked into the home first, once.

    UserError where there is none, or it cannot be read.
    """
    if not base.startswith(ollama_base.PREFIX):
        return lasting(base)
    held = ollama_base.held(plain(base).removeprefix(ollama_base.PREFIX))
    tell(f"Reading {held.name} ({held.gigabytes:.1f} GB) from Ollama; unpacked it takes {held.unpacked:.1f} GB")
    return f"{ollama_base.unpack(held, home.path / 'bases')}{marks(base)}"


def _exact(model: TransformersModel, prompt: Prompt, answer: Json) -> bool:
    """Whether a row's prompt is served as it is trained, and its answer reads back as it was."""
    try:
        row = chat.render(model.tokenizer, prompt, answer=answer)
    except chat.PrefixError:
        return False
    said = chat.parse(model.tokenizer, row.answer_ids, tools=prompt.tools)
    wanted = [call["function"]["arguments"] for call in answer.get("tool_calls", ())]
    return said.text == answer["content"] and [call["arguments"] for call in said.tool_calls] == wanted


def choose_embedder(db: sqlite3.Connection, home: Home, name: str) -> Json:
    """Try an embedder, write it into the settings, and say what it takes; an empty name means by words alone.

    What is there gets its directions in the background, from the server and the nights; search goes by words
    until then. UserError where there is no such embedder.
    """
    embedder = embedding.load(name)
    figures: Json = {"name": name, "numbers": 0, "seconds_per_text": 0.0, "waiting": 0}
    if embedder is not None:
        numbers = embedder.embed(["Where do I live?"], query=True).shape[1]
        began = time.perf_counter()
        embedder.embed([_REPLY["content"]] * 8)
        seconds = (time.perf_counter() - began) / 8
        waiting = sum(vectors.count_missing(db, embedder.name, kind) for kind in directions.KINDS)
        figures |= {"numbers": int(numbers), "seconds_per_text": round(seconds, 4), "waiting": waiting}
    config = read_config(home.config_file)
    write_config(home.config_file, replace(config, memory=replace(config.memory, embedder=name)))
    return figures


def settle(db: sqlite3.Connection, home: Home, trial: Trial) -> tuple[str, ...]:
    """Write the base into the settings and return the ids of the versions that cannot answer on it.

    The untouched base answers where the champion belongs to another one.
    """
    config = read_config(home.config_file)
    there = ollama_base.source(Path(plain(trial.name))) or config.deliver.ollama_base
    settled = replace(
        config, base=replace(config.base, name=trial.name), deliver=replace(config.deliver, ollama_base=there)
    )
    write_config(home.config_file, settled)
    foreign = tuple(each.id for each in versions.list_versions(db) if each.base != trial.fingerprint)
    if versions.pointer(db, "champion") in foreign:
        versions.promote(db, versions.BASE)
    return foreign
