"""Where a lesson shows: the turns whose question it bears on, and what was answered there.

Pure. Reads cleaned conversations. What is held out, a probe, or said under a passing wish is no place to learn from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from nightschool import rules
from nightschool.curate import extract
from nightschool.memory.context import HEADING
from nightschool.records import Conversation, Fact, Json, Lesson, Message, Prompt, Rule, Signal, Turn
from nightschool.turns import chat_message, final_answer, kept_path, prompt_before, turns

CLEAR = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One turn of a conversation with the conversation around it."""

    conversation: Conversation
    turn: Turn
    following: Turn | None

    @property
    def question(self) -> str:
        """What the person said."""
        return self.turn.messages[0].text


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """One recorded answer that breaks kept lessons, and what stood before it."""

    place: Place
    lessons: tuple[Lesson, ...]
    """The lessons that the answer breaks; the first one is the row's."""
    wanted: tuple[Lesson, ...]
    """All lessons that a better answer must follow."""
    prompt: Prompt
    """As recorded, without a memory block."""
    told: tuple[Fact, ...]
    """What the block of the recorded prompt told."""
    recorded: Json
    reference: Json | None
    """The answer that the person took after correcting this one."""
    source: tuple[str, ...]


def places(conversations: Sequence[Conversation], closed: Collection[str]) -> Iterator[Place]:
    """List every turn of the conversations that are open to training."""
    for conversation in conversations:
        if conversation.id in closed:
            continue
        said = turns(conversation)
        for index, turn in enumerate(said):
            yield Place(
                conversation=conversation, turn=turn, following=said[index + 1] if index + 1 < len(said) else None
            )


def instance(place: Place, kept: Sequence[Lesson], signals: Sequence[Signal]) -> Instance | None:
    """Read a turn as an instance of the lessons that its answer breaks, or None where it breaks none.

    A habit of using a tool is looked for first: where the call is missing, the words said instead teach nothing.
    """
    lessons = [lesson for lesson in kept if lesson.rule is not None and bears_on(lesson.rule, place)]
    for calling in (True, False):
        wanted = tuple(x for x in lessons if x.rule is not None and (x.rule.kind == "tool") == calling)
        answer = answer_of(place.turn, calling=calling)
        if not wanted or answer is None:
            continue
        recorded = chat_message(answer)
        if calling and used(place.turn, wanted):
            continue
        broken = tuple(lesson for lesson in wanted if lesson.rule and rules.follows(lesson.rule, recorded) is False)
        if broken:
            reference = _reference(place, wanted, signals, calling=calling)
            prompt = prompt_before(place.conversation, answer.id)
            cited = [place.turn.id, answer.id]
            if reference is not None:
                cited.append(reference.id)
            return Instance(
                place=place,
                lessons=broken,
                wanted=wanted,
                prompt=untold(prompt),
                told=told_by(prompt),
                recorded=recorded,
                reference=spoken(reference) if reference is not None else None,
                source=tuple(cited),
            )
    return None


def bears_on(rule: Rule, place: Place) -> bool:
    """Tell whether a rule bears on a turn: asked for, a tool on offer, and not asked otherwise in so many words."""
    answer = final_answer(place.turn)
    if not rules.applies(rule, place.question, chat_message(answer) if answer else None):
        return False
    if rule.kind == "tool" and not any(rules.same_tool(rule.value, name) for name in offered(place.conversation.tools)):
        return False
    asked = extract.wish_in(place.question)
    return asked is None or asked == rule or rules.slot(asked, place.question) != rules.slot(rule)


def offered(tools: Sequence[Json]) -> list[str]:
    """Name the tools of a client's list."""
    return [str(tool.get("function", tool).get("name", "")) for tool in tools]


def used(turn: Turn, wanted: Sequence[Lesson]) -> bool:
    """Tell whether a turn called the tools that lessons want anywhere on its way."""
    called = [part.name or "" for message in turn.messages for part in message.parts if part.kind == "tool_call"]
    return all(any(rules.same_tool(x.rule.value, name) for name in called) for x in wanted if x.rule is not None)


def answer_of(turn: Turn, *, calling: bool) -> Message | None:
    """The assistant's first message where a call is looked for, else its last."""
    if not calling:
        answer = final_answer(turn)
        return answer if answer is not None and answer.text.strip() and whole(answer) else None
    first = (message for message in turn.messages if message.role == "assistant" and message.author == "assistant")
    return next(first, None)


def whole(message: Message) -> bool:
    """Tell whether an answer came to its end."""
    return message.stop not in ("length", "error", "aborted")


def spoken(message: Message) -> Json:
    """A recorded answer as a loss target: without thinking, which the base does in its own way."""
    chat = chat_message(message)
    chat.pop("reasoning_content", None)
    return chat


def untold(prompt: Prompt) -> Prompt:
    """Take the memory block out of a recorded prompt's system message; an emptied message goes with it."""
    first = prompt.messages[0] if prompt.messages else {}
    if not block_lines(prompt):
        return prompt
    head, _, rest = str(first["content"]).partition(HEADING)
    behind = "\n".join(line for line in rest.lstrip("\n").split("\n") if not line.startswith("- ")).strip()
    kept = "\n\n".join(filter(None, [head.strip(), behind]))
    system = ({**first, "content": kept},) if kept else ()
    return Prompt(messages=(*system, *prompt.messages[1:]), tools=prompt.tools)


def told_by(prompt: Prompt) -> tuple[Fact, ...]:
    """What the memory block of a recorded prompt told, wishes about answers left out."""
    lines = [line for line in block_lines(prompt) if rules.parse(line) is None]
    return tuple(Fact(id="", kind="fact", sentence=line) for line in lines)


def opening(conversation: Conversation) -> Prompt:
    """What stands before the first word of a conversation."""
    path = kept_path(conversation)
    return prompt_before(conversation, path[0].id) if path else Prompt(messages=())


def block_lines(prompt: Prompt) -> tuple[str, ...]:
    """What the memory block of a recorded prompt told."""
    first = prompt.messages[0] if prompt.messages else {}
    _, found, rest = str(first.get("content") or "").partition(HEADING)
    if first.get("role") != "system" or not found:
        return ()
    return tuple(line[2:] for line in rest.split("\n") if line.startswith("- "))


def _reference(place: Place, wanted: Sequence[Lesson], signals: Sequence[Signal], *, calling: bool) -> Message | None:
    """The answer that followed the person's correction of this turn, where it is as wanted and nobody complained."""
    corrected = any(
        s.turn_id == place.turn.id and s.kind in ("correction", "reask") and s.polarity < 0 for s in signals
    )
    if place.following is None or not corrected:
        return None
    if any(s.turn_id == place.following.id and s.polarity < 0 and s.strength >= CLEAR for s in signals):
        return None
    answer = answer_of(place.following, calling=calling)
    if answer is None:
        return None
    message = chat_message(answer)
    return answer if all(rules.follows(x.rule, message) is not False for x in wanted if x.rule is not None) else None
