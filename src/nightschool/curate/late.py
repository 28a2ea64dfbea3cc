"""Outcomes that come late: words of another day about an earlier answer, a question that is asked once more, and what
became of an edit in the person's own git repository.

Pure. Everything is read from redacted conversations in the order of time; a late word needs the person to say that it
is about something earlier, and to name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nightschool.curate import signals, wording
from nightschool.curate.verdicts import tool_results, verdict
from nightschool.records import Conversation, Message, Part, Signal, Turn
from nightschool.redact.found import MARK
from nightschool.turns import final_answer, turns

DAY = 86_400.0
WEEK = 7 * DAY
NEXT_DAY = 1.5 * DAY
NAMED = 2
"""Words of content that a late word shares with what it is about."""
SAME = 0.8
AGAIN_STRENGTH = 0.4
"""Asking once more is a hint and no clear outcome: people forget, and answers change."""
_LATER = re.compile(
    r"(?i)\b(?:yesterday|(?:the )?other day|last (?:night|week|time|evening)|earlier|on (?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day|(?:you|we) (?:wrote|gave|made|suggested|told|recommended|built|set up|fixed|sent|proposed|did)"
    r"|your (?:\w+ ){0,3}from)\b"
)
_WORKS = re.compile(
    r"(?i)\b(?:work(?:s|ed|ing) (?:fine|great|well|perfectly|like a charm|now|without|as it should)"
    r"|(?:it|that|this) work(?:s|ed)\b|did the (?:trick|job)|solved (?:it|the|my)"
    r"|was (?:right|spot on|perfect|great|exactly)|turned out (?:great|well)"
    r"|(?:ran|runs|passed|went) (?:fine|well|through|without)|helped (?:a lot|me))"
)
_FAILS = re.compile(
    r"(?i)\b(?:(?:does|did|do|is|are|was)(?:n'?t| not) (?:work|help|right|correct|run|what)"
    r"|still (?:fails?|broken|crashes)|broke(?:n)?\b|was wrong|crash(?:es|ed)|fell over|fail(?:s|ed)\b"
    r"|no longer works|stopped working)"
)
_LINE = 8
"""Letters from which on a line of an edit is its own."""
STANDS, GONE = 0.8, 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What one turn wrote into one file."""

    conversation_id: str
    turn_id: str
    source: tuple[str, ...]
    path: str
    lines: frozenset[str]
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """One state of a file in a repository's history."""

    at: float
    subject: str
    lines: frozenset[str]


Late = tuple[str, Signal]
"""Conversation -> a signal on one of its turns."""


def said(conversations: Sequence[Conversation]) -> list[Late]:
    """Read words that come in a later conversation, and questions that come again within a day and a half."""
    ordered = sorted(conversations, key=lambda one: one.started)
    found: list[Late] = []
    past: list[tuple[Conversation, Turn, frozenset[str]]] = []
    for conversation in ordered:
        told = turns(conversation)
        earlier = [each for each in past if conversation.started - each[0].started <= WEEK]
        if told and conversation.started:
            found += _about(told[0], earlier)
            for turn in told:
                found += _again(turn, [each for each in earlier if conversation.started - each[0].started <= NEXT_DAY])
        past += [(conversation, turn, frozenset(_content(turn))) for turn in told]
    return found


def _about(opening: Turn, earlier: Sequence[tuple[Conversation, Turn, frozenset[str]]]) -> Iterator[Late]:
    """A word that opens a conversation and speaks of what an earlier one gave."""
    words = opening.messages[0]
    works, fails = bool(_WORKS.search(words.text)), bool(_FAILS.search(words.text))
    if works == fails or not _LATER.search(words.text) or verdict.is_beside(words.text):
        return
    if works and "?" in words.text:
        return
    named = wording.content(words.text)
    shared = [len(named & content) for _, _, content in earlier]
    best = max(shared, default=0)
    if best < NAMED or shared.count(best) > 1:
        return
    conversation, turn, _ = earlier[shared.index(best)]
    answer = final_answer(turn)
    if answer is None:
        return
    kind: Literal["acceptance", "correction"] = "acceptance" if works else "correction"
    yield (
        conversation.id,
        Signal(
            turn_id=turn.id,
            kind=kind,
            polarity=1 if works else -1,
            strength=0.7,
            source=(words.id, answer.id),
            by="person",
            note="said later",
        ),
    )


def _again(turn: Turn, earlier: Sequence[tuple[Conversation, Turn, frozenset[str]]]) -> Iterator[Late]:
    """The same question in another conversation; what a tool answers, such as the weather, is asked anew by right."""
    asked = turn.messages[0]
    content = frozenset(wording.content(asked.text))
    if len(content) < 3 or "?" not in asked.text or _calls(turn):
        return
    for conversation, before, _ in reversed(earlier):
        answer = final_answer(before)
        known = frozenset(wording.content(before.messages[0].text))
        if answer is None or _calls(before) or "?" not in before.messages[0].text:
            continue
        if len(content & known) >= SAME * len(content | known):
            yield (
                conversation.id,
                Signal(
                    turn_id=before.id,
                    kind="reask",
                    polarity=-1,
                    strength=AGAIN_STRENGTH,
                    source=(asked.id, answer.id),
                    by="person",
                    note="asked again another day",
                ),
            )
            return


def _content(turn: Turn) -> set[str]:
    answer = final_answer(turn)
    return wording.content(f"{turn.messages[0].text}\n{answer.text if answer else ''}")


def _calls(turn: Turn) -> list[tuple[Message, Part]]:
    return [(message, part) for message in turn.messages for part in message.parts if part.kind == "tool_call"]


def edits(conversation: Conversation) -> Iterator[Edit]:
    """List what the turns of a conversation wrote into files, where the call did not fail."""
    for turn in turns(conversation):
        results = {
            part.call_id: part for message in turn.messages for part in message.parts if part.kind == "tool_result"
        }
        for message, call in _calls(turn):
            path, lines = _written(call)
            result = results.get(call.call_id)
            if not path or not lines or (result is not None and tool_results.outcome(call, result) == "failed"):
                continue
            yield Edit(
                conversation_id=conversation.id,
                turn_id=turn.id,
                source=(message.id,),
                path=path,
                lines=lines,
                at=message.created or conversation.started,
            )


def _written(call: Part) -> tuple[str, frozenset[str]]:
    arguments = call.arguments or {}
    path = next((str(arguments[key]) for key in ("path", "file_path", "filename", "file") if arguments.get(key)), "")
    text = next(
        (arguments[key] for key in ("new_string", "new_str", "new_text", "content", "text") if arguments.get(key)), ""
    )
    if not signals.writes(call) or not isinstance(text, str):
        return path, frozenset()
    return path, own_lines(text)


def own_lines(text: str) -> frozenset[str]:
    """The lines of a text that are long enough to be known again, without what was masked."""
    return frozenset(s for line in text.splitlines() if len(s := line.strip()) >= _LINE and not MARK.search(s))


def stood(edit: Edit, history: Sequence[Commit]) -> Signal | None:
    """Tell what became of an edit from the commits of its file, oldest first; None while nobody can tell."""
    after = [commit for commit in history if commit.at >= edit.at]
    before = [commit for commit in history if commit.at < edit.at]
    new = edit.lines - (before[-1].lines if before else frozenset())
    if not new or not after:
        return None
    taken = next((commit for commit in after if _share(new, commit) >= STANDS), None)
    if taken is None:
        return None
    now = _share(new, after[-1])
    if now >= STANDS:
        return _outcome(edit, "edit_kept", 1, f"committed and still there: {taken.subject}")
    undone = next((commit for commit in after if commit.at > taken.at and _share(new, commit) <= GONE), None)
    soon = undone is not None and undone.at - taken.at <= WEEK
    if undone is not None and now <= GONE and (soon or undone.subject.lower().startswith("revert")):
        return _outcome(edit, "edit_reverted", -1, f"taken out again: {undone.subject}")
    return None


def _share(lines: frozenset[str], commit: Commit) -> float:
    return len(lines & commit.lines) / len(lines)


def _outcome(edit: Edit, kind: Literal["edit_kept", "edit_reverted"], polarity: Literal[1, -1], note: str) -> Signal:
    return Signal(
        turn_id=edit.turn_id, kind=kind, polarity=polarity, strength=0.8, source=edit.source, by="program", note=note
    )
