"""What holds in one project: its layout, what it is built with, its commands; from the person's words and passed tests.

Pure. Only a conversation that its log places in a project tells of one, and each fact is told again in that project
alone. What a tool printed tells nothing; that a command passed does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from nightschool.curate import speech
from nightschool.curate.verdicts import tool_results
from nightschool.records import Conversation, Fact, Message, Part, Signal
from nightschool.turns import turns

_HERE = (
    r"(?i:(?:this|the|our|my) (?:project|repo(?:sitory)?|codebase|app|service|package|site|backend|frontend|server"
    r"|client))"
)
_NAME = r"(?P<object>`[^`\n]+`|[A-Z][\w+#-]*(?: (?:and |with )?[A-Z0-9][\w.+#-]*\b){0,4}|[a-z][\w+#-]*(?: \d[\w.]*\b)?)"
_PATH = r"(?P<object>`[^`\n]+`|(?:[\w.-]+/)+(?:[\w*-][\w.*-]*\b)?|[\w-]+\.[a-z]{1,5}\b)"
_COMMAND = (
    r"(?P<object>`[^`\n]+`|(?:make|npm|pnpm|yarn|cargo|go|pytest|tox|nox|uv|poetry|gradle|mvn|just|bazel) [\w:./ -]+?)"
)
_END = r"(?=[.,;!]|$| (?:and|but|not|so|for|because|please|here|now)\b)"
_PARTS = (
    r"(?:tests?|docs?|documentation|sources?|source code|code|models|migrations|scripts|configs?|configuration|settings"
    r"|templates|assets|handlers|routes|components|fixtures|schemas?)"
)
_STAND = r"(?:is|are|live|lives|go|goes|belongs?|sits?|stands?) (?:all )?(?:in|under|at|into)"
_JOB = r"(?:tests?|build|linter|checks?|server|docs|deployment|release)s?"
_DO = r"(?:run (?:the )?(?:tests?|checks?|linter)|build|test|lint|format|deploy|start)"
_ARE_DONE = r"(?:is|are) (?:run|started|built|done)"
_IT = r"(?: (?:it|this|the \w+|everything))?"
_TELLINGS: tuple[tuple[str, str], ...] = (
    ("built with", rf"{_HERE} (?:is|was) (?:written|built|made|done|implemented) (?:in|with|on|using) {_NAME}{_END}"),
    ("built with", rf"{_HERE} (?:uses|runs on|targets|depends on) {_NAME}{_END}"),
    ("built with", rf"(?i:in) {_HERE},? we (?:use|are on|build with) {_NAME}{_END}"),
    ("place of", rf"(?i:(?:the |our |all |my )?(?P<part>{_PARTS})) {_STAND} {_PATH}"),
    ("command to", rf"(?i:(?:the |our )?(?P<part>{_JOB})) {_ARE_DONE} (?:with|by|using) {_COMMAND}{_END}"),
    ("command to", rf"(?i:(?:we |you )?(?P<part>{_DO}){_IT}) (?:with|by running|using) {_COMMAND}{_END}"),
)  # fmt: skip
"""Relation, and the sentence that tells it; `part` says of what."""
_PATTERNS = tuple((relation, re.compile(rf"\b{pattern}")) for relation, pattern in _TELLINGS)
_NOTHING = frozenset(
    {"the", "a", "it", "this", "that", "them", "one", "purpose", "hold", "time", "fire", "track", "top"}
)


def facts(conversation: Conversation, signals: Sequence[Signal]) -> list[Fact]:
    """List what a conversation tells of its project."""
    if not conversation.project:
        return []
    found: dict[str, Fact] = {}
    for made in (*_told(conversation), *_passed(conversation, signals)):
        found.setdefault(made.id, made)
    return list(found.values())


def reads(sentence: str) -> bool:
    """Whether a sentence tells of a project in a way that is read here, with a relation of its own."""
    found = (pattern.search(sentence) for _, pattern in _PATTERNS)
    return any(match is not None and match["object"].strip("`").lower() not in _NOTHING for match in found)


def _told(conversation: Conversation) -> Iterator[Fact]:
    for saying in speech.sayings(conversation):
        if not saying.meant or saying.passing:
            continue
        for relation, pattern in _PATTERNS:
            match = pattern.search(saying.text)
            if match is None or match["object"].strip("`").lower() in _NOTHING:
                continue
            part = re.sub(r"\W+", " ", (match.groupdict().get("part") or "").lower()).strip()
            value = match["object"].strip("` ")
            created = saying.created or conversation.started
            yield _fact(conversation, f"{relation} {part}".strip(), value, saying.text, saying.message_id, created)


def _passed(conversation: Conversation, signals: Sequence[Signal]) -> Iterator[Fact]:
    """The command of the last check that passed after a change; a longer one with files in it is that day's alone."""
    passed = {signal.turn_id: signal.source for signal in signals if signal.kind == "test_passed"}
    for turn in turns(conversation):
        cited = passed.get(turn.id, ())
        for message, call in _checks(turn.messages):
            command = " ".join(tool_results.command_of(call).split())
            if message.id in cited and _plain(command):
                sentence = f"In this project `{command}` checks the code."
                created = message.created or conversation.started
                yield _fact(conversation, f"checked by {command.split()[0]}", command, sentence, message.id, created)


def _checks(messages: Sequence[Message]) -> Iterator[tuple[Message, Part]]:
    for message in messages:
        for part in message.parts:
            if part.kind == "tool_call" and tool_results.is_check(part):
                yield message, part


def _plain(command: str) -> bool:
    """Whether a command is the project's own, and not one file's or a chain made up for one moment."""
    return len(command) <= 60 and not re.search(
        r"[;&|<>$\n]|::|\.py\b|\.ts\b|\.js\b|\.rs\b|\.go\b|/tmp|\s-k\s", command
    )


def _fact(
    conversation: Conversation, relation: str, value: str, sentence: str, message_id: str, created: float
) -> Fact:
    key = "\0".join((str(conversation.project), relation, value))
    return Fact(
        id=f"f-{hashlib.sha256(key.encode()).hexdigest()[:16]}",
        kind="fact",
        sentence=sentence,
        subject=f"project {conversation.project}",
        relation=relation,
        object=value,
        source=(message_id,),
        valid_from=created or None,
        known_from=created,
        scope=f"project:{conversation.project}",
    )
