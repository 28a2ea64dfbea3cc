"""How the signals read by rule compare with labelled outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nightschool.bench import labelled
from nightschool.curate import signals
from nightschool.records import Conversation, Json, Message, Part, Signal
from nightschool.turns import turns


def measure(path: Path) -> Json:
    """Map each item to one signal for the answer it asks about, and compare kind and polarity."""
    items = labelled.read(path, needs=("id", "messages", "turn", "signal", "polarity"))
    pairs = []
    for item in items:
        told = conversation(item)
        signal = signal_for(told, told.messages[int(item["turn"])])
        pairs.append((item, signal.kind if signal else "none", signal.polarity if signal else 0))
    called = [(item, polarity) for item, _, polarity in pairs if polarity]
    clear = [(item, polarity) for item, _, polarity in pairs if item["polarity"]]
    right = sum(item["polarity"] == polarity for item, polarity in called)
    confused = [item["id"] for item, polarity in clear if polarity == -item["polarity"]]
    labels = sorted({item["signal"] for item, _, _ in pairs} | {kind for _, kind, _ in pairs})
    per_label = {label: _figures(label, [(item["signal"], kind) for item, kind, _ in pairs]) for label in labels}
    return {
        "items": len(items),
        "called": len(called),
        "polarity_precision": round(right / len(called), 4) if called else None,
        "coverage": round(sum(i["polarity"] == p for i, p in clear) / len(clear), 4) if clear else None,
        "polarity_error": round(len(confused) / len(items), 4),
        "macro_f1": round(sum(f["f1"] for f in per_label.values()) / len(per_label), 4),
        "per_label": per_label,
        "wrong": [
            {"id": item["id"], "label": item["signal"], "read": kind}
            for item, kind, polarity in pairs
            if polarity and polarity != item["polarity"]
        ],
        "confused": confused,
    }


def conversation(item: Json) -> Conversation:
    """Make a conversation of an item's messages; `m0`, `m1` and so on are their ids."""
    messages: list[Message] = []
    open_calls: list[str] = []
    for number, told in enumerate(item["messages"]):
        calls = []
        for place, call in enumerate(told.get("tool_calls") or ()):
            function = call.get("function", call)
            open_calls.append(f"m{number}-{place}")
            calls.append(
                Part(kind="tool_call", name=function["name"], arguments=function["arguments"], call_id=open_calls[-1])
            )
        messages.append(_message(number, told, tuple(calls), open_calls))
    return Conversation(id=str(item["id"]), program="openai", source_id="", started=0.0, messages=tuple(messages))


def _message(number: int, told: Json, calls: tuple[Part, ...], open_calls: list[str]) -> Message:
    text = told.get("content") or ""
    parts = (Part(kind="text", text=text), *calls) if text or not calls else calls
    if told["role"] == "tool":
        call_id = open_calls.pop(0) if open_calls else None
        parts = (
            Part(
                kind="tool_result", text=text, name=told.get("name"), call_id=call_id, exit_code=told.get("exit_code")
            ),
        )
    authors = {"user": "person", "assistant": "assistant", "tool": "tool"}
    return Message(
        id=f"m{number}",
        parent_id=f"m{number - 1}" if number else None,
        role=told["role"],
        author=authors.get(told["role"], "program"),  # type: ignore[arg-type]
        parts=parts,
        created=float(number),
    )


def signal_for(told: Conversation, answer: Message) -> Signal | None:
    """The signal that speaks of one assistant message: the person's before a tool's, the surest first."""
    home = next((turn for turn in turns(told) if answer.id in {message.id for message in turn.messages}), None)
    if home is None:
        return None
    found = [signal for signal in signals.read(told) if signal.turn_id == home.id and _speaks_of(signal, answer)]
    return max(found, key=_surest, default=None)


def _surest(signal: Signal) -> tuple[bool, float]:
    return signal.by == "person", signal.strength


def _speaks_of(signal: Signal, answer: Message) -> bool:
    """A tool's signal speaks of the messages whose calls it was read from; the person's of the whole turn."""
    if signal.by == "person" or signal.kind not in ("tool_failed", "tool_recovered", "test_passed"):
        return True
    return answer.id in (signal.source if signal.kind == "test_passed" else signal.source[:1])


def _figures(label: str, pairs: Sequence[tuple[str, str]]) -> Json:
    counts = Counter((gold == label, read == label) for gold, read in pairs)
    hit, extra, missed = counts[True, True], counts[False, True], counts[True, False]
    f1 = 2 * hit / (2 * hit + extra + missed) if hit else 0.0
    return {
        "n": hit + missed,
        "precision": round(hit / (hit + extra), 4) if hit + extra else None,
        "recall": round(hit / (hit + missed), 4) if hit + missed else None,
        "f1": round(f1, 4),
    }
