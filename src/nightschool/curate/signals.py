"""Read the outcome of each turn from what followed it: words, tool results, abandoned branches, thumbs.

Pure, by rule alone. Words count only where a person wrote them; what a tool printed counts only as
the outcome of its own call. A signal belongs to the turn whose answer it speaks of, which may lie
turns before the words. `undone` speaks of the abandoned messages named in its sources, never of
the answer that was kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nightschool import rules
from nightschool.curate import extract, speech, wording
from nightschool.curate.verdicts import tool_results, verdict, wishes
from nightschool.records import Conversation, Message, Part, Signal, Turn
from nightschool.turns import chat_message, final_answer, turns

_ANSWERED = 6
"""Words that answer a question of the assistant rather than open a need of their own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    """One tool call with its result and what became of it."""

    message: Message
    call: Part
    answer: Message
    outcome: tool_results.Outcome


def read(conversation: Conversation) -> tuple[Signal, ...]:
    """Read every signal of a conversation, in the order of its turns."""
    told = turns(conversation)
    found = [*_abandoned_branches(conversation, told), *_ratings(conversation, told)]
    for index, turn in enumerate(told):
        found += _of_tools(turn, told[index + 1] if index + 1 < len(told) else None)
        if index:
            found += _of_words(told, index)
            found += _of_keeping(told, index)
    order = {turn.id: turn.index for turn in told}
    return tuple(dict.fromkeys(sorted(found, key=lambda signal: order.get(signal.turn_id, -1))))


def _of_words(told: tuple[Turn, ...], index: int) -> Iterator[Signal]:
    """What the person's words in one turn say of an earlier turn's answer."""
    words = told[index].messages[0]
    judged = told[_subject(told, index)]
    answer = final_answer(judged)
    if answer is None or answer.stop in ("aborted", "error") or not words.text.strip():
        return
    earlier = "\n".join(turn.messages[0].text[:400] for turn in told[max(0, judged.index - 3) : judged.index + 1])
    reading = verdict.read(
        words.text,
        asked=_asked(told, judged),
        answer=answer.text,
        again=_again(told, judged),
        edited=_edits(judged),
        earlier=earlier,
        shown=_printed(judged),
    )
    if reading and reading.kind in ("edit_kept", "edit_reverted") and not _edits(judged):
        # "already did git restore" answers an offer; it speaks of the change before it.
        judged = next((turn for turn in reversed(told[max(0, index - 3) : index]) if _edits(turn)), judged)
        answer = final_answer(judged) or answer
    if reading is None and judged.index == index - 1 and _unmet(words.text, judged, answer):
        reading = verdict.Verdict("correction", -1, 0.7)
    if reading:
        yield Signal(
            turn_id=judged.id,
            kind=reading.kind,
            polarity=reading.polarity,
            strength=round(reading.strength * (1.0 if judged.index == index - 1 else 0.8), 2),
            source=(words.id, answer.id),
            by="person",
        )


def _asked(told: tuple[Turn, ...], judged: Turn) -> str:
    """What an answer was to: where it followed a question of the assistant, what that question was about as well."""
    asked = judged.messages[0].text
    before = final_answer(told[judged.index - 1]) if judged.index else None
    if before is not None and len(asked.split()) <= _ANSWERED and verdict.is_offer(before.text):
        return f"{told[judged.index - 1].messages[0].text}\n{asked}"
    return asked


def _again(told: tuple[Turn, ...], judged: Turn) -> bool:
    """Whether an answer was a further try at one need, and not the answer to a question of the assistant."""
    if not judged.index:
        return False
    first, before = told[judged.index - 1], final_answer(told[judged.index - 1])
    words = judged.messages[0].text
    shared = wording.content(words) & wording.content(f"{first.messages[0].text} {before.text if before else ''}")
    return (
        before is not None and not verdict.is_offer(before.text) and (bool(shared) or len(words.split()) <= _ANSWERED)
    )


def _unmet(said: str, judged: Turn, answer: Message) -> bool:
    """Whether the words are a wish, and the answer before them is not as it asks: `Use miles.` after `16 km`."""
    if "?" in said or len(said.split()) > wishes.ONE_WISH or speech.PASSING.search(said) or verdict.is_beside(said):
        return False
    rule = extract.wish_in(said)
    if rule is None or not rules.applies(rule, judged.messages[0].text, chat_message(answer)):
        return False
    if rule.kind == "tool":
        return not _calls(judged)
    return rules.follows(rule, chat_message(answer)) is False and verdict.is_offer(answer.text) is False


def _subject(told: tuple[Turn, ...], index: int) -> int:
    """Which earlier turn words speak of: the one before, or one further back whose words they take up."""
    words = wording.content(told[index].messages[0].text)

    def shared(turn: Turn) -> int:
        answer = final_answer(turn)
        return len(words & wording.content(f"{turn.messages[0].text}\n{answer.text if answer else ''}"))

    last = index - 1
    trivial = len(told[last].messages[0].text.split()) <= wishes.SHORT_REPLY and last > 0
    if shared(told[last]) == 0 or trivial:
        best = max(range(index), key=lambda i: (shared(told[i]), i))
        if shared(told[best]) >= (1 if trivial and wishes.MEASURE.search(told[index].messages[0].text) else 2):
            return best
    return last


def _of_keeping(told: tuple[Turn, ...], index: int) -> Iterator[Signal]:
    """A change that the person has committed, sent or deployed, or that a command took back."""
    turn = told[index]
    words = turn.messages[0].text
    for call in _calls(turn):
        command = tool_results.command_of(call.call)
        earlier = next((t for t in reversed(told[:index]) if _edits(t)), None)
        if earlier is None or call.outcome == "failed":
            continue
        undoes = wishes.REVERTING.search(command) or any(
            made.call.name == call.call.name and tool_results.command_of(made.call) != command and writes(call.call)
            for made in _calls(earlier)
        )
        if undoes and wishes.WANTS_BACK.search(words):
            yield _by_tool(earlier, "edit_reverted", -1, 0.9, (call.message, call.answer))
        elif (
            wishes.KEEPING.search(command)
            and wishes.ASKS_TO_KEEP.search(words)
            and not wishes.REVERTING.search(command)
        ):
            spoken = verdict.read(words, asked="", answer="")
            if spoken is None or spoken.polarity > 0:
                yield _by_tool(earlier, "edit_kept", 1, 0.8, (call.message, call.answer))
        else:
            yield from _seen_reverted(told[:index], call)
            yield from _seen_standing(told[:index], turn, call)


def _seen_reverted(earlier: tuple[Turn, ...], call: _Call) -> Iterator[Signal]:
    """A log that shows the revert of what an earlier turn did."""
    if "git" not in tool_results.command_of(call.call):
        return
    for match in wishes.REVERTED.finditer(_result(call.answer).text):
        named = wording.content(match["what"])
        for turn in reversed(earlier):
            answer = final_answer(turn)
            about = wording.content(f"{turn.messages[0].text} {answer.text if answer else ''}")
            if _edits(turn) and len(named & about) >= 2:
                yield _by_tool(turn, "edit_reverted", -1, 0.8, (call.message, call.answer))
                return


def _seen_standing(earlier: tuple[Turn, ...], turn: Turn, look: _Call) -> Iterator[Signal]:
    """A later look at what an earlier turn changed, told to be as it was left, or to be gone."""
    answer = final_answer(turn)
    told = answer.text if answer else ""
    if not tool_results.only_looks(look.call) and not _is_comparison(look.call):
        return
    stands = wishes.STANDS.search(told) is not None and wishes.GONE.search(told) is None
    gone = wishes.GONE.search(told) is not None and re.search(r"(?i)\b(?:my|mine)\b", told) is not None
    if not stands and not gone:
        return
    seen = _files(look.call)
    for before in reversed(earlier):
        if any(writes(made.call) and made.outcome != "failed" and _files(made.call) & seen for made in _calls(before)):
            kind, polarity = ("edit_kept", 1) if stands else ("edit_reverted", -1)
            yield _by_tool(before, kind, polarity, 0.8, (look.message, look.answer))
            return


def _is_comparison(call: Part) -> bool:
    return re.search(r"\b(?:blame|cmp|diff|log|show|sysctl|get|-l)\b", tool_results.command_of(call)) is not None


def _files(call: Part) -> set[str]:
    """The names of files in a call, without their folders."""
    return set(re.findall(r"[\w-]+\.[a-z]\w{0,5}\b|(?<=/)[\w-]{4,}", tool_results.command_of(call)))


def _of_tools(turn: Turn, following: Turn | None) -> Iterator[Signal]:
    """Failures that stayed, failures that were repaired, and checks that passed."""
    calls = _calls(turn)
    wanted = turn.messages[0].text
    proves = _changes(turn) or _claims_change(turn, wanted)
    for place, call in enumerate(calls):
        if wishes.WANTS_NONE.search(wanted) and tool_results.found_nothing(call.call, _result(call.answer)):
            yield _by_tool(turn, "test_passed", 1, 0.8, (call.message, call.answer))
            continue
        if call.outcome == "done" and _as_expected(f"{wanted}\n{call.message.text}", _result(call.answer).text):
            yield _by_tool(turn, "test_passed", 1, 0.8, (call.message, call.answer))
            continue
        failed_before = [other for other in calls[:place] if other.outcome == "failed" and _same_purpose(other, call)]
        if call.outcome in ("done", "passed") and failed_before and not _meant_to_fail(wanted, failed_before[-1]):
            first = failed_before[0]
            yield _by_tool(turn, "tool_recovered", 1, 0.8, (call.message, call.answer, first.message, first.answer))
        elif (call.outcome == "passed" or (proves and tool_results.confirms(call.call, _result(call.answer)))) and (
            _changes(turn)
            or (wishes.WANTS_CHANGE.search(wanted) and not wishes.ONLY_ASKS.match(wanted))
            or _claims_change(turn, wanted)
        ):
            # A check that runs before anything was changed says nothing of the answer.
            edits = [other.message for other in calls[:place] if writes(other.call)]
            yield _by_tool(turn, "test_passed", 1, 0.8, (call.message, call.answer, *edits))
        elif call.outcome == "failed" and not _meant_to_fail(wanted, call):
            repaired = any(o.outcome in ("done", "passed") and _same_purpose(call, o) for o in calls[place + 1 :])
            looked = (
                _result(call.answer).exit_code == 1
                and not _result(call.answer).text.strip()
                and wishes.ASKS_WHETHER.match(wanted)
            )
            if not repaired and not looked and not _only_asked_to_run(turn, call, following):
                yield _by_tool(turn, "tool_failed", -1, 0.7, (call.message, call.answer))


def _as_expected(told: str, printed: str) -> bool:
    """Whether every number that was named as the one to come out did come out: `must be 47.50`."""
    wanted = [
        float(n)
        for found in wishes.EXPECTS.finditer(told)
        for n in re.findall(r"(?<![\d%])\d+(?:\.\d+)?(?!\d|[.:]?\d|%| ?%)", found[1])
    ]
    came = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", printed)]
    return bool(wanted) and all(any(abs(one - other) <= 1e-6 * max(1.0, one) for other in came) for one in wanted)


def _claims_change(turn: Turn, wanted: str) -> bool:
    """Whether the answer tells of a change that was made, where more was wanted than to know how things stand."""
    told = "\n".join(message.text for message in turn.messages if message.role == "assistant")
    return wishes.ONLY_ASKS.match(wanted) is None and wishes.CLAIMS_CHANGE.search(told) is not None


def _meant_to_fail(wanted: str, call: _Call) -> bool:
    return bool(wishes.WANTS_FAILURE.search(f"{wanted}\n{call.message.text}")) and tool_results.is_check(call.call)


def _only_asked_to_run(turn: Turn, call: _Call, following: Turn | None) -> bool:
    """Whether a check found faults that were there before: the call did its work, and told of them."""
    looks = wishes.LOOKS.match(turn.messages[0].text) and not writes(call.call)
    if not (tool_results.is_check(call.call) or looks) or _changes(turn):
        return False
    asked_to_run = re.search(
        r"(?i)\b(?:run|check|show|list|see|how many|what|which|still|does|do|is|are)\b", turn.messages[0].text
    )
    answer = final_answer(turn)
    told = (
        answer is not None
        and answer.id != call.message.id
        and re.search(
            r"(?i)fail|error|\bred\b|broken|warn|dead|down|missing|invalid|not (?:valid|running|reachable)|\d",
            answer.text,
        )
    )
    return bool(asked_to_run and told)


def _abandoned_branches(conversation: Conversation, told: tuple[Turn, ...]) -> Iterator[Signal]:
    """Answers that the person took back, threw again or swiped past; a retry after an error is none."""
    parents = {message.id: message for message in conversation.messages}
    openings = {
        message.id for message in conversation.messages if message.role == "user" and message.author == "person"
    }
    strength = {"undo": 0.8, "rewind": 0.8, "regenerate": 0.6, "swipe": 0.5, "retry": 0.4}
    branches: dict[str, list[Message]] = {}
    for message in conversation.messages:
        if message.alternate not in strength or message.role != "assistant" or message.stop in ("error", "aborted"):
            continue
        opening: str | None = message.parent_id
        while opening is not None and opening not in openings:
            opening = parents[opening].parent_id
        if opening is not None:
            branches.setdefault(f"{opening}\n{_branch_start(message, parents)}", []).append(message)
    for key, messages in branches.items():
        kind = messages[-1].alternate
        yield Signal(
            turn_id=key.split("\n")[0],
            kind="undone",
            polarity=-1,
            strength=strength[str(kind)],
            source=tuple(message.id for message in messages),
            by="person",
            note=str(kind),
        )


def _branch_start(message: Message, parents: dict[str, Message]) -> str:
    """The first message of the abandoned run that a message belongs to, within one turn."""
    while message.parent_id and parents[message.parent_id].role != "user" and parents[message.parent_id].alternate:
        message = parents[message.parent_id]
    return message.id


def _ratings(conversation: Conversation, told: tuple[Turn, ...]) -> Iterator[Signal]:
    home = {message.id: turn.id for turn in told for message in turn.messages}
    home |= {m.id: turn.id for turn in told for run in turn.alternates for m in run}
    for message in conversation.messages:
        if message.rating and message.id in home:
            yield Signal(
                turn_id=home[message.id],
                kind="rating",
                polarity=1 if message.rating > 0 else -1,
                strength=1.0 if message.alternate is None else 0.8,
                source=(message.id,),
                by="person",
            )


def _calls(turn: Turn) -> list[_Call]:
    """The tool calls of a turn that were answered, in order."""
    made: list[tuple[Message, Part]] = []
    calls = []
    for message in turn.messages:
        made += [(message, part) for part in message.parts if part.kind == "tool_call"]
        if message.role != "tool" or not made:
            continue
        result = _result(message)
        pair = next((p for p in made if p[1].call_id and p[1].call_id == result.call_id), made[0])
        made.remove(pair)
        outcome = tool_results.outcome(pair[1], result)
        calls.append(_Call(message=pair[0], call=pair[1], answer=message, outcome=outcome))
    return calls


def _result(message: Message) -> Part:
    return next(
        (part for part in message.parts if part.kind == "tool_result"), Part(kind="tool_result", text=message.text)
    )


def _printed(turn: Turn) -> str:
    return "\n".join(_result(call.answer).text[:2000] for call in _calls(turn))


def _edits(turn: Turn) -> bool:
    """Whether a turn changed a file or a system by a call that did not fail."""
    return any(call.outcome != "failed" and writes(call.call) for call in _calls(turn))


def _changes(turn: Turn) -> bool:
    return any(writes(call.call) for call in _calls(turn))


def writes(call: Part) -> bool:
    """Whether a call changes a file or a system."""
    return bool(wishes.WRITES.match(call.name or "") or wishes.WRITES_BY_SHELL.search(tool_results.command_of(call)))


def _same_purpose(failed: _Call, later: _Call) -> bool:
    """Whether a later call tries what an earlier one failed at: the same tool, and for a shell a common word."""
    if failed.call.name != later.call.name:
        # Another tool took its place, unless it only looks for the reason.
        return writes(later.call) or not tool_results.only_looks(later.call)
    if not any(key in (each.call.arguments or {}) for each in (failed, later) for key in tool_results.COMMANDS):
        # A tool of one purpose; its arguments may share no word.
        return True
    words = [
        {word[:5] for word in re.findall(r"[\w.-]{3,}", tool_results.command_of(each.call).lower())}
        for each in (failed, later)
    ]
    return bool(words[0] & words[1]) or not words[0]


def _by_tool(turn: Turn, kind: str, polarity: int, strength: float, messages: tuple[Message, ...]) -> Signal:
    return Signal(
        turn_id=turn.id,
        kind=kind,  # type: ignore[arg-type]
        polarity=polarity,  # type: ignore[arg-type]
        strength=strength,
        source=tuple(message.id for message in messages),
        by="tool",
    )
