"""Long conversations with questions and the turns that answer them, in the shapes of LoCoMo and BEAM."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from nightschool.errors import UserError
from nightschool.records import Json
from nightschool.store.said import Speaker

LOCOMO_CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One turn of a conversation."""

    id: str
    author: Speaker
    text: str
    created: float
    session: str
    """Nothing is a context across sessions."""
    speaker: str = ""
    """The name of who said it, where the file has one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question with the ids of the turns that answer it."""

    text: str
    category: str
    evidence: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkSet:
    """One conversation with its questions, and facts read from it where the file has some."""

    name: str
    shape: Literal["locomo", "beam"]
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Sentence and the ids of the turns it was read from."""

    @property
    def names(self) -> tuple[str, ...]:
        """Who speaks; in a history of their own their names say nothing."""
        return tuple(sorted({line.speaker for line in self.lines} - {""}))

    @property
    def ends(self) -> float:
        """When the questions are asked: after the last turn."""
        return max((line.created for line in self.lines), default=0.0) + 86_400.0


def read(path: Path) -> list[TalkSet]:
    """Read a LoCoMo file, or a BEAM chat folder or file or a folder of such; UserError where it is neither."""
    try:
        if path.is_dir():
            folders = sorted({found.parent for found in path.rglob("chat.json")})
            sets = [_beam(folder.name, *_pair(folder)) for folder in folders]
        elif path.name == "chat.json":
            sets = [_beam(path.parent.name, *_pair(path.parent))]
        else:
            sets = list(_records(json.loads(path.read_text(encoding="utf-8"))))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}", hint="Give a file or folder that exists") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise UserError(
            f"{path} has neither LoCoMo's shape nor BEAM's ({type(error).__name__}: {error})",
            hint="LoCoMo: a list of {conversation, qa}; BEAM: a folder with chat.json and probing_questions.json",
        ) from error
    sets = [one for one in sets if one.questions]
    if not sets:
        raise UserError(
            f"{path} holds no question with evidence",
            hint="LoCoMo: a list of {conversation, qa}; BEAM: a folder with chat.json and probing_questions.json",
        )
    return sets


def _records(value: Any) -> Iterator[TalkSet]:
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        name = str(item.get("sample_id") or item.get("conversation_id") or index)
        if "qa" in item:
            yield _locomo(name, item)
        else:
            questions = item["probing_questions"]
            parsed = ast.literal_eval(questions) if isinstance(questions, str) else questions
            yield _beam(name, item["chat"], parsed)


def _locomo(name: str, item: Json) -> TalkSet:
    talk, lines = item["conversation"], []
    sessions = sorted(int(key[8:]) for key in talk if re.fullmatch(r"session_\d+", key))
    for number in sessions:
        when = _locomo_time(str(talk.get(f"session_{number}_date_time") or ""))
        for index, turn in enumerate(talk[f"session_{number}"] or ()):
            caption = f" [{turn['blip_caption']}]" if turn.get("blip_caption") else ""
            lines.append(
                Line(
                    id=turn["dia_id"],
                    author="person",
                    text=turn["text"] + caption,
                    created=when + index,
                    session=str(number),
                    speaker=str(turn.get("speaker") or ""),
                )
            )
    there = {line.id for line in lines}
    questions = [
        Question(text=str(one["question"]), category=LOCOMO_CATEGORIES[one["category"]], evidence=found)
        for one in item["qa"]
        if (found := frozenset(_turn_ids(one.get("evidence") or ()) & there))
    ]
    return TalkSet(
        name=name,
        shape="locomo",
        lines=tuple(lines),
        questions=tuple(questions),
        facts=tuple(_observations(item.get("observation") or {}, there)),
    )


def _turn_ids(evidence: Any) -> set[str]:
    """Turn ids out of evidence strings, some of which are malformed (`D8:6; D9:17`, `D:11:26`, `D30:05`)."""
    return {f"D{int(a)}:{int(b)}" for text in evidence for a, b in re.findall(r"D:?(\d+):(\d+)", str(text))}


def _observations(observation: Json, there: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for by_speaker in observation.values():
        for facts in by_speaker.values():
            for sentence, source in facts:
                ids = tuple(sorted(_turn_ids(source if isinstance(source, list) else [source]) & there))
                if ids:
                    yield sentence, ids


def _locomo_time(text: str) -> float:
    try:
        return datetime.strptime(text.strip(), "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _pair(folder: Path) -> tuple[Any, Any]:
    return tuple(  # type: ignore[return-value]
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ("chat.json", "probing_questions.json")
    )


def _beam(name: str, chat: Any, probing: Json) -> TalkSet:
    lines, when = [], 0.0
    for message in _messages(chat):
        when = _beam_time(message.get("time_anchor")) or when
        text = re.sub(r"\s*->->.*\Z", "", str(message["content"]), flags=re.DOTALL)
        author: Speaker = "person" if message["role"] == "user" else "assistant"
        created = when + float(message["id"])
        lines.append(Line(id=str(message["id"]), author=author, text=text, created=created, session=""))
    there = {line.id for line in lines}
    questions = [
        Question(text=str(one["question"]), category=category, evidence=found)
        for category, group in probing.items()
        for one in group
        if (found := frozenset(_ids(one.get("source_chat_ids")) & there))
    ]
    return TalkSet(name=name, shape="beam", lines=tuple(lines), questions=tuple(questions))


def _messages(chat: Any) -> Iterator[Json]:
    """Every message, however deep the batches nest them."""
    if isinstance(chat, dict) and "role" in chat:
        yield chat
    elif isinstance(chat, (dict, list)):
        for part in chat.values() if isinstance(chat, dict) else chat:
            yield from _messages(part)


def _ids(value: Any) -> set[str]:
    if isinstance(value, (dict, list)):
        return {key for part in (value.values() if isinstance(value, dict) else value) for key in _ids(part)}
    return {str(int(value))} if str(value).isdigit() else set()


def _beam_time(anchor: Any) -> float:
    try:
        return datetime.strptime(str(anchor), "%B-%d-%Y").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
