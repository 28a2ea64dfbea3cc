"""How much of the habits in logs that another model wrote a version has taken over, on turns it was never trained on.

Asked without the persona in the prompt (in the short form that rows are trained in): does it call the tool that was
called, with the same arguments, does it begin with the same file, and how likely does it hold the words that were
said? Beside it the base, asked in the same way, and the base with the whole persona prompt.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nightschool.config import TrainConfig
from nightschool.curate import screen
from nightschool.curate.dataset import example
from nightschool.models.model import Adapter, Model
from nightschool.records import Answer, Conversation, Json, Message, Prompt
from nightschool.statistics import mean_interval, wilson
from nightschool.turns import chat_message, prompt_before, turns

BASE, PERSONA = "base", "base+persona"
PATHS = ("path", "file_path", "filename", "file")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One first step of a turn that another model took."""

    prompt: Prompt
    """As it was recorded, with the persona."""
    short: Prompt
    """As a row of it is trained."""
    answer: Json
    conversation_id: str
    author: str


def cases(
    conversations: Sequence[Conversation], trained: Collection[str], model: Model, config: TrainConfig
) -> Iterator[Case]:
    """List the first steps that another model took in conversations that no row was made from."""
    for conversation in conversations:
        if conversation.id in trained:
            continue
        for turn in turns(conversation):
            first = next((message for message in turn.messages if _by_another(message, model)), None)
            if first is None:
                continue
            prompt, answer = prompt_before(conversation, first.id), chat_message(first)
            row = example("sft", prompt, answer, source=(turn.id, first.id), conversation_id=conversation.id)
            short = screen.shortened(row, model, config).prompt
            yield Case(
                prompt=prompt,
                short=short,
                answer=answer,
                conversation_id=conversation.id,
                author=str(first.model),
            )


def _by_another(message: Message, model: Model) -> bool:
    said = message.text.strip() or any(part.kind == "tool_call" for part in message.parts)
    wrote = message.role == "assistant" and message.author == "assistant"
    return bool(wrote and said and message.model and message.model != model.name)


def measure(found: Sequence[Case], model: Model, versions: Mapping[str, Adapter], *, max_tokens: int = 96) -> Json:
    """Ask every case of every version and of the base, short and whole; figures of each with their intervals."""
    arms = [*((name, adapter, False) for name, adapter in versions.items()), (BASE, None, False), (PERSONA, None, True)]
    scored = {}
    for name, adapter, whole in arms:
        prompts = [one.prompt if whole else one.short for one in found]
        answers = model.answer(prompts, adapter=adapter, max_tokens=max_tokens)
        likely = model.likelihood([(p, one.answer) for p, one in zip(prompts, found, strict=True)], adapter=adapter)
        scored[name] = _figures(found, answers, [each.mean for each in likely])
    return {"cases": len(found), "authors": sorted({one.author for one in found}), "arms": scored}


def _figures(found: Sequence[Case], answers: Sequence[Answer], likely: Sequence[float]) -> Json:
    pairs = [(_call(one.answer), answer) for one, answer in zip(found, answers, strict=True)]
    called = [(call, _given(answer)) for call, answer in pairs if call is not None]
    read = [(path, _path(given)) for call, given in called if (path := _path(call))]
    clusters = [one.conversation_id for one in found]
    bounds = mean_interval(likely, clusters) if found else None
    return {
        "tool": _share([call[0] == (given or ("", {}))[0] for call, given in called]),
        "arguments": _share([call == given for call, given in called]),
        "first_file": _share([path == given for path, given in read]),
        "no_call": _share([not answer.tool_calls for call, answer in pairs if call is None]),
        "nats_per_token": {
            "value": -math.fsum(likely) / len(likely) if found else None,
            "low": -bounds.high if bounds else None,
            "high": -bounds.low if bounds else None,
            "n": len(found),
        },
    }


def _call(answer: Json) -> tuple[str, Json] | None:
    """Name and arguments of the first call of a recorded message."""
    calls = answer.get("tool_calls") or ()
    function = calls[0]["function"] if calls else None
    return (str(function["name"]), dict(function["arguments"])) if function else None


def _given(answer: Answer) -> tuple[str, Json] | None:
    """Name and arguments of the first call of an answer."""
    call = answer.tool_calls[0] if answer.tool_calls else None
    return (str(call.get("name")), dict(call.get("arguments") or {})) if call else None


def _path(call: tuple[str, Json] | None) -> str:
    """The file that a call names."""
    return next((str(call[1][key]) for key in PATHS if call[1].get(key)), "") if call else ""


def _share(right: Sequence[bool]) -> Json:
    bounds = wilson(sum(right), len(right))
    return {
        "value": sum(right) / len(right) if right else None,
        "low": bounds.low,
        "high": bounds.high,
        "n": len(right),
    }
