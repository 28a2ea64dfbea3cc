"""The plain records that rooms exchange.

Every record is frozen and holds only values, so that a room can be tested with records as input
and a stage can be resumed from what an earlier one wrote. `to_json` and `from_json` turn any of
them into plain JSON and back.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, Union

Json = dict[str, Any]

Role = Literal["system", "user", "assistant", "tool"]
Author = Literal["person", "assistant", "tool", "program"]
"""Who really wrote a message. `program` is whatever an agent writes in the user's or the
assistant's place: heartbeats, injected context, summaries, command echoes."""

PartKind = Literal["text", "thinking", "tool_call", "tool_result", "image"]
AlternateKind = Literal["undo", "rewind", "regenerate", "retry", "swipe", "edit", "fork"]
"""How a message was left behind. `fork` is no verdict: the person went on in another branch as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One piece of a message, stored once by the hash of its content."""

    kind: PartKind
    text: str = ""
    name: str | None = None
    """The tool's name, for a tool call or result."""
    arguments: Json | None = None
    call_id: str | None = None
    exit_code: int | None = None
    """The process's own exit code. The program's success flag is never read as an outcome."""
    is_error: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message of a conversation's tree."""

    id: str
    """Hash of the parent's id, the role and the parts: a prefix that two branches share is one node."""
    parent_id: str | None
    role: Role
    author: Author
    parts: tuple[Part, ...]
    created: float
    """Seconds since the epoch, UTC; 0 where the log has none."""
    source_id: str = ""
    """The program's own id of this message."""
    model: str | None = None
    alternate: AlternateKind | None = None
    """None on the path the person kept; otherwise how this message was left behind."""
    rating: int = 0
    """The person's thumbs: -1, 0 (none) or +1."""
    stop: str | None = None
    """Why the assistant stopped: `stop`, `length`, `tool`, `error` or `aborted`."""

    @property
    def text(self) -> str:
        """All text parts, joined by newlines."""
        return "\n".join(part.text for part in self.parts if part.kind == "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """A thread: one tree of messages, with the path that the person kept."""

    id: str
    program: str
    """`openclaw`, `hermes`, `openai`, `nightschool`."""
    source_id: str
    """The program's own id of the thread's first session."""
    started: float
    messages: tuple[Message, ...]
    """The whole tree, parents before children; those with `alternate is None` are the kept path."""
    system: str | None = None
    tools: tuple[Json, ...] = ()
    """Tool schemas in OpenAI form, where the log holds them."""
    project: str | None = None
    agent: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One input of the person with all that answered it, tool calls included."""

    id: str
    """The id of the person's message that opens it."""
    conversation_id: str
    index: int
    messages: tuple[Message, ...]
    """Kept path only: the person's message first, then assistant and tool messages."""
    alternates: tuple[tuple[Message, ...], ...] = ()
    """Abandoned answers to the same input, each a run of messages."""


SignalKind = Literal[
    "correction", "reask", "acceptance", "partial", "edit_kept", "edit_reverted",
    "test_passed", "tool_failed", "tool_recovered", "abandoned", "undone", "rating",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """Evidence of the outcome of one turn."""

    turn_id: str
    kind: SignalKind
    polarity: Literal[-1, 0, 1]
    strength: float
    """0 to 1: how surely the evidence speaks of this turn's answer."""
    source: tuple[str, ...]
    """Ids of the messages that it was read from."""
    by: Literal["person", "tool", "program"]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What one judge said of one answer."""

    judge: str
    """The judge's identity: endpoint, model and rubric together."""
    subject: str
    """Hash of what the judge was shown."""
    scores: Mapping[str, int] | None
    """Dimension -> 1 to 10; None where there is no verdict."""
    reason: str = ""
    problem: str = ""
    """Why there is no verdict, as a short code."""
    seconds: float = 0.0
    tokens: int = 0


VerdictOutcome = Literal["good", "bad", "unclear", "disagreement", "no verdict"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the sound judges together say of one turn."""

    turn_id: str
    conversation_id: str
    outcome: VerdictOutcome
    scores: Mapping[str, float] = field(default_factory=dict)
    """Dimension -> median."""
    spread: float = 0.0
    """Highest minus lowest overall score."""
    votes: int = 0


RuleKind = Literal["bullets", "no_bullets", "max_words", "min_words", "contains", "absent", "unit", "tool", "json"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What can be checked of an answer without a judge."""

    kind: RuleKind
    value: str = ""
    """The wanted word, unit, tool or number of words."""
    instead: str = ""
    """For `unit`: what it replaces."""
    topic: tuple[str, ...] = ()
    """Words of a question that bring the rule into play; empty means every question."""


LessonKind = Literal["fact", "preference", "correction", "skill"]
LessonState = Literal["proposed", "kept", "dropped", "asked", "superseded", "forgotten"]


DOUBTED = "complained of when followed"
"""Reason of a lesson that is not taught any more until it is said again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """What should change in the model's answers, with the words it rests on."""

    id: str
    kind: LessonKind
    text: str
    """The person's own sentence."""
    durable: bool
    source: tuple[str, ...]
    """Message ids, the first one being the person's."""
    conversation_id: str
    created: float
    state: LessonState = "proposed"
    reason: str = ""
    """Why it was kept, dropped or asked, as a short code such as `stated as a rule` or `passing`."""
    rule: Rule | None = None
    recurrence: int = 1
    scope: str = "everywhere"
    by: Literal["person", "model"] = "person"
    """Whose reading it is. What only the model read has a capped share of every dataset."""


QuestionKind = Literal["unanswered", "promised", "failed", "unverified", "contradiction"]
QuestionState = Literal["open", "settled", "closed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Something that history leaves open."""

    id: str
    kind: QuestionKind
    text: str
    """What the person asked, or the two sentences that cannot both be true."""
    conversation_id: str
    source: tuple[str, ...]
    """Message ids, the person's first; ids of facts where two of them contradict."""
    opened: float
    state: QuestionState = "open"
    note: str = ""
    """What settled it, or why it was closed."""
    tries: int = 0
    offered: bool = False
    """Whether what settled it was told to the person in a chat."""


ReflectionKind = Literal["revisit", "critique", "pattern"]
ReflectionState = Literal["noted", "proposed", "failed", "kept", "dropped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reflection:
    """One thought of the model about its own history, with what checked it. Never a training row."""

    id: str
    kind: ReflectionKind
    about: str
    """Id of the question, turn or lesson that it is about."""
    asked: str
    before: str
    """What was answered then."""
    after: str
    """What the model writes now; of a pattern, the sentence it comes down to."""
    checks: Mapping[str, bool]
    """Name of a check -> whether it passed."""
    source: tuple[str, ...]
    state: ReflectionState
    lesson_id: str | None = None
    """The candidate that it became."""
    tokens: int = 0
    seen: str = ""
    """Hash of who was asked and of what was shown; the same again is not asked again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """A turn set aside for ever to see whether a lesson still holds; no row is ever made from it."""

    lesson_id: str
    conversation_id: str
    turn_id: str


FactState = Literal["live", "superseded", "asked", "retracted", "forgotten"]
"""`asked` contradicts another one and nobody knows which is newer; `retracted` never was true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing memory holds of the person: a fact or a preference, in the person's own sentence."""

    id: str
    kind: Literal["fact", "preference"]
    sentence: str
    subject: str = ""
    relation: str = ""
    object: str = ""
    source: tuple[str, ...] = ()
    """Message ids; empty where the person typed it into `memory add`."""
    valid_from: float | None = None
    valid_to: float | None = None
    """Until when it is true in the world; None while it is."""
    known_from: float = 0.0
    known_to: float | None = None
    state: FactState = "live"
    scope: str = "everywhere"
    """`everywhere`, `project:NAME` or `agent:NAME`: where it is told."""
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """What a model is asked: chat messages in OpenAI form, the tools on offer."""

    messages: tuple[Json, ...]
    tools: tuple[Json, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a model said to one prompt."""

    text: str
    """Without tool-call markup and without thinking."""
    tool_calls: tuple[Json, ...] = ()
    """Each `{"name": ..., "arguments": {...}}`."""
    thinking: str = ""
    raw: str = ""
    """The decoded completion exactly as generated, without the end token."""
    tokens: int = 0
    stop: Literal["stop", "length"] = "stop"

    def message(self) -> Json:
        """This answer as a chat message in OpenAI form."""
        message: Json = {"role": "assistant", "content": self.text}
        if self.tool_calls:
            message["tool_calls"] = [{"type": "function", "function": dict(call)} for call in self.tool_calls]
        return message


Objective = Literal["sft", "dpo", "kto"]
Origin = Literal["tonight", "replay", "base", "own", "fact"]
"""`own` rests on what only the model read into a complaint, tonight or on an earlier night; `fact` teaches what an
edit holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One training row. The loss falls on `chosen` and `rejected` alone, never on the prompt."""

    id: str
    objective: Objective
    prompt: Prompt
    chosen: Json
    """An assistant message in OpenAI form; for KTO the completion, whatever its label."""
    rejected: Json | None = None
    label: bool | None = None
    """KTO only."""
    origin: Origin = "tonight"
    told: bool = False
    """Whether the prompt keeps the memory block."""
    lesson_id: str | None = None
    source: tuple[str, ...] = ()
    """Message ids, behind the fact's own where `origin` is `fact`; never empty unless it is `base`."""
    conversation_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """A frozen list of examples, named by its hash."""

    hash: str
    examples: tuple[Example, ...]
    held_out: tuple[str, ...] = ()
    """Ids of the conversations that no row may come from."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason -> count of what was considered and not taken."""


VersionState = Literal["challenger", "champion", "earlier", "refused", "kept", "blocked"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """Base plus at most one skill adapter: the unit that is examined, promoted and rolled back."""

    id: str
    """`base`, or `v-0001` and so on; never used twice."""
    base: str
    """Fingerprint of the base."""
    adapter: str | None = None
    """Folder of the PEFT adapter, relative to the home."""
    adapter_hash: str | None = None
    dataset: str | None = None
    """Hash of the dataset it was trained on."""
    run: str | None = None
    created: float = 0.0
    state: VersionState = "challenger"


ScorerKind = Literal["rule", "contains", "exact", "tool", "json", "margin", "unknown", "fact"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One question of an exam, with the way its answer is scored."""

    id: str
    task: str
    prompt: Prompt
    scorer: ScorerKind
    expected: Json = field(default_factory=dict)
    """What the scorer compares with; see `exam.scorers`."""
    rule: Rule | None = None
    lesson_id: str | None = None
    conversation_id: str | None = None
    """The cluster of the statistics."""
    canary: bool = False
    """A wrong answer here alone refuses the challenger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One version asked in one way."""

    version: str
    told: bool
    """With the memory block in the prompt, or without."""

    @property
    def name(self) -> str:
        """`v-0001`, or `v-0001+memory`."""
        return f"{self.version}+memory" if self.told else self.version


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How one arm did on one item."""

    item: str
    arm: str
    value: float
    """1 right, 0 wrong; for `margin` the difference of mean log-likelihoods in nats per token."""
    output: str = ""
    """Redacted."""
    secret: bool = False
    """Whether the answer held a secret that its prompt did not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """How one arm did on one task. Never shown without n and interval."""

    task: str
    arm: str
    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Exam:
    """One sitting: every task on every arm, item by item."""

    id: str
    run: str
    arms: tuple[Arm, ...]
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    results: tuple[Result, ...]
    scorer_hash: str
    base: str
    """Fingerprint of the base that answered."""
    challenger: str | None
    champion: str
    anchor: str = "base"
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """Version id -> hash of the adapter that was really mounted."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason -> count of turns for which no item could be made."""
    seconds: float = 0.0
    leaked: tuple[str, ...] | None = None
    """Ids of items from conversations that the challenger was trained on; None where nobody looked."""


Outcome = Literal["promote", "keep", "refuse"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A paired difference that the gate looked at."""

    name: str
    difference: float
    low: float
    high: float
    n: int
    p: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the gate says, and why."""

    outcome: Outcome
    reasons: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One finished stage of a night, kept so that the night can resume behind it."""

    name: str
    seconds: float
    output: Json
    """JSON that the following stages and the report read."""


NightState = Literal["running", "done", "stopped", "failed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Night:
    """One run, from collect to report."""

    run: str
    """`r-20261120-220000-ab12`."""
    started: float
    state: NightState
    stages: tuple[Stage, ...] = ()
    champion_before: str = "base"
    champion_after: str = "base"
    error: str = ""

    def output(self, stage: str) -> Json:
        """What a stage left, or an empty dict where it did not run."""
        return next((done.output for done in self.stages if done.name == stage), {})


R = TypeVar("R")


def to_json(value: object) -> Any:
    """Turn records, and containers of them, into plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[R], value: Any) -> R:
    """Build a record of `kind` from what `to_json` made; unknown keys are an error (TypeError)."""
    return typing.cast(R, _build(kind, value))


def json_lines(text: str) -> list[str]:
    """Split JSON Lines at their line ends alone: what else `splitlines` breaks at stands in people's words as it is."""
    return text.rstrip("\n").split("\n")


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    """Resolving annotations costs more than building the record."""
    return typing.get_type_hints(kind)


def _build(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = _hints(hint)
        unknown = set(value) - set(hints)
        if unknown:
            raise TypeError(f"{hint.__name__} has no field {sorted(unknown)[0]!r}")
        return hint(**{key: _build(hints[key], item) for key, item in value.items()})
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _build(next(option for option in arguments if option is not type(None)), value)
    if origin is tuple:
        return tuple(_build(arguments[0], item) for item in value)
    return value
