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
from nightschool.curate import extract, speech, tool_results, verdict, wording
from nightschool.records import Conversation, Message, Part, Signal, Turn
from nightschool.turns import chat_message, final_answer, turns

_SHORT_REPLY = 3
_MEASURE = re.compile(r"(?i)\d ?(?:ms|s|sec\w*|min\w*|h|hours?|kb|mb|gb|%)\b")
"""A figure is told of what was advised, not of the small talk after it."""
_ONE_WISH = 14
"""Words that hold a wish and nothing beside it."""
_KEEPING = re.compile(
    r"(?i)(?<![\w-])(?:git (?:commit|push|merge)|gh pr (?:create|merge)|npm publish|twine upload|kubectl apply|(?:\./"
    r"|make |npm run |yarn |fly |vercel |netlify |cap )\w*deploy\w*|docker push|helm upgrade|terraform apply)\b"
)
_ASKS_TO_KEEP = re.compile(
    r"(?i)\b(?:commit|push|merge|deploy|ship|publish|release|send|submit|tag|open (?:a|the) (?:pr|pull request)"
    r"|go live|einchecken|committe)\b"
)
_REVERTING = re.compile(
    r"(?i)\bgit (?:revert|reset --hard|checkout (?:--|HEAD)|restore|stash drop)\b|\brollout undo\b|\bhelm rollback\b"
)
_REVERTED = re.compile(r"Revert \"([^\"\n]{3,})\"")
_WRITES = re.compile(
    r"(?i)(?:edit|write|replace|patch|create|update|insert|append|rename|move|delete|apply)_?\w*|str_replace\w*"
    r"|multi_?edit"
)
_WRITES_BY_SHELL = re.compile(
    r"(?i)\bsed -i|\btee\b|>>?\s*[\w./-]+|\bgit (?:commit|mv|rm|apply)\b|\bpatch\b|\bmv\b|\bperl -pi|\bkubectl (?:set"
    r"|apply|rollout)|\balembic|\bmigrate\b|--fix\b|--write\b"
)
_WANTS_CHANGE = re.compile(
    r"(?i)\b(?:fix|implement|add|handle|change|rename|replace|remove|refactor|make|switch|convert|write|create|update"
    r"|upgrade|migrate|port|extract|move|support|extend|improve|optimi[sz]e|build|compile|format|generate|repair"
    r"|patch|broken|red|fail\w*|flaky|doesn'?t|complain\w*|error\w*|undefined)\b"
)
_WANTS_NONE = re.compile(
    r"(?i)\b(?:prove|show|verify|check|confirm|make sure|demonstrate)\b[^.?!]{0,40}\b(?:none|no(?:ne|thing)?|gone"
    r"|not one|zero|not any\w*)\b"
)
"""A search that finds nothing is the proof that was asked for."""
_ASKS_WHETHER = re.compile(
    r"(?i)\W*(?:(?:can|could) you )?(?:please )?(?:check|see|find out|tell me|look) (?:if|whether)\b|\W*(?:is|are"
    r"|does|do|has|have|any)\b"
)
"""An empty 1 answers such a question with no."""
_ONLY_ASKS = re.compile(
    r"(?i)\W*(?:(?:please|just|can|could|you|now|ok|quickly|hey|then|and)\W+)*(?:re-?run|run|test|check|show|list"
    r"|see|how"
    r"|what|which|is|are|do|does|did|has|have|still|start|lint|build|compile)\b"
)
"""A request that only wants to know how a check ends; what passes then says nothing of an answer."""
_CLAIMS_CHANGE = re.compile(
    r"(?i)\b(?:fixed|corrected|changed|switched|swapped|replaced|added|removed|rewr(?:ote|itten)|renamed|moved|turned"
    r"|quoted|guarded|wrapped|updated|upgraded|pinned|bumped|set|dropped|deleted|split|merged|converted|copied|made"
    r"|implemented|extracted|inlined|escaped|reordered|repaired|patched|installed|geändert|ersetzt|ergänzt|korrigiert"
    r"|behoben|umgestellt|corrigé|remplacé|ajouté|modifié|cambiado|corregido|añadido|reemplazado|\w{3,}ized"
    r"|(?:it|they|this|that) \w+s? [^.]{0,40}\bnow|now (?:returns?|is|are|uses?|has|takes|goes|reads))\b"
)
_EXPECTS = re.compile(
    r"(?i)\b(?:must be|should be|has to be|have to be|should give|must give|must come to|exact value is"
    r"|expected(?: value)?(?: is|:)"
    r"|known (?:value|result|answer)(?: is|:))([^.?!\n]*(?:\.\d[^.?!\n]*)*)"
)
_LOOKS = re.compile(
    r"(?i)\W*(?:(?:please|just|can|could|you|now|hey)\W+)*(?:check|test|see|look|ping|is|are|does|do|has|have|any"
    r"|what|which"
    r"|how|count|find out)\b"
)
_WANTS_FAILURE = re.compile(
    r"(?i)\b(?:failing test|test (?:that|which) (?:fails|shows|reproduces)|(?:show|reproduce|prove"
    r"|demonstrate)s? the (?:bug|problem|issue|error|crash)|don'?t fix(?: it)?(?: yet)?|should fail|must fail"
    r"|expect(?:ed)? to fail|make it fail|red first|fails? as (?:it should|expected)|see (?:it|them|that) (?:fail|red)"
    r"|red,? please|(?:first|only|just)[^.]{0,30} (?:test|spec)s?\b|(?:as|like) (?:intended|ordered|wanted|asked"
    r"|planned"
    r"|you (?:wanted|asked)|agreed)|(?:test|spec) (?:that |which |to )?(?:expose|catche?|trigger|demonstrate|prove|show"
    r"|reproduce|fail)s?\b|(?:leave|don'?t touch|without touching) the (?:code|source|implementation|bug)"
    r"|i(?:'ll|'d like to| will| want to) fix (?:it|that|this) (?:myself|later|then)|it(?:'s| is) red\b|goes red"
    r"|reproduce)\b"
)


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
        asked=judged.messages[0].text,
        answer=answer.text,
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


def _unmet(said: str, judged: Turn, answer: Message) -> bool:
    """Whether the words are a wish, and the answer before them is not as it asks: `Use miles.` after `16 km`."""
    if "?" in said or len(said.split()) > _ONE_WISH or speech.PASSING.search(said) or verdict.is_beside(said):
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
    trivial = len(told[last].messages[0].text.split()) <= _SHORT_REPLY and last > 0
    if shared(told[last]) == 0 or trivial:
        best = max(range(index), key=lambda i: (shared(told[i]), i))
        if shared(told[best]) >= (1 if trivial and _MEASURE.search(told[index].messages[0].text) else 2):
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
        if _REVERTING.search(command) and re.search(r"(?i)\b(?:undo|revert|back|restore|reset)\b", words):
            yield _by_tool(earlier, "edit_reverted", -1, 0.9, (call.message, call.answer))
        elif _KEEPING.search(command) and _ASKS_TO_KEEP.search(words) and not _REVERTING.search(command):
            spoken = verdict.read(words, asked="", answer="")
            if spoken is None or spoken.polarity > 0:
                yield _by_tool(earlier, "edit_kept", 1, 0.8, (call.message, call.answer))
        else:
            yield from _seen_reverted(told[:index], call)


def _seen_reverted(earlier: tuple[Turn, ...], call: _Call) -> Iterator[Signal]:
    """A log that shows the revert of what an earlier turn did."""
    for match in _REVERTED.finditer(_result(call.answer).text):
        named = wording.content(match[1])
        for turn in reversed(earlier):
            answer = final_answer(turn)
            about = wording.content(f"{turn.messages[0].text} {answer.text if answer else ''}")
            if _edits(turn) and len(named & about) >= 2:
                yield _by_tool(turn, "edit_reverted", -1, 0.8, (call.message, call.answer))
                return


def _of_tools(turn: Turn, following: Turn | None) -> Iterator[Signal]:
    """Failures that stayed, failures that were repaired, and checks that passed."""
    calls = _calls(turn)
    wanted = turn.messages[0].text
    proves = _changes(turn) or _claims_change(turn, wanted)
    for place, call in enumerate(calls):
        if _WANTS_NONE.search(wanted) and tool_results.found_nothing(call.call, _result(call.answer)):
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
            _changes(turn) or _WANTS_CHANGE.search(wanted) or _claims_change(turn, wanted)
        ):
            # A check that runs before anything was changed says nothing of the answer.
            edits = [other.message for other in calls[:place] if writes(other.call)]
            yield _by_tool(turn, "test_passed", 1, 0.8, (call.message, call.answer, *edits))
        elif call.outcome == "failed" and not _meant_to_fail(wanted, call):
            repaired = any(o.outcome in ("done", "passed") and _same_purpose(call, o) for o in calls[place + 1 :])
            looked = (
                _result(call.answer).exit_code == 1
                and not _result(call.answer).text.strip()
                and _ASKS_WHETHER.match(wanted)
            )
            if not repaired and not looked and not _only_asked_to_run(turn, call, following):
                yield _by_tool(turn, "tool_failed", -1, 0.7, (call.message, call.answer))


def _as_expected(told: str, printed: str) -> bool:
    """Whether every number that was named as the one to come out did come out: `must be 47.50`."""
    wanted = [
        float(n)
        for found in _EXPECTS.finditer(told)
        for n in re.findall(r"(?<![\d%])\d+(?:\.\d+)?(?!\d|[.:]?\d|%| ?%)", found[1])
    ]
    came = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", printed)]
    return bool(wanted) and all(any(abs(one - other) <= 1e-6 * max(1.0, one) for other in came) for one in wanted)


def _claims_change(turn: Turn, wanted: str) -> bool:
    """Whether the answer tells of a change that was made, where more was wanted than to know how things stand."""
    told = "\n".join(message.text for message in turn.messages if message.role == "assistant")
    return _ONLY_ASKS.match(wanted) is None and _CLAIMS_CHANGE.search(told) is not None


def _meant_to_fail(wanted: str, call: _Call) -> bool:
    return bool(_WANTS_FAILURE.search(f"{wanted}\n{call.message.text}")) and tool_results.is_check(call.call)


def _only_asked_to_run(turn: Turn, call: _Call, following: Turn | None) -> bool:
    """Whether a check found faults that were there before: the call did its work, and told of them."""
    looks = _LOOKS.match(turn.messages[0].text) and not writes(call.call)
    if not (tool_results.is_check(call.call) or looks) or _changes(turn):
        return False
    asked_to_run = re.search(
        r"(?i)\b(?:run|check|show|list|see|how many|what|which|still|does|do|is|are)\b", turn.messages[0].text
    )
    answer = final_answer(turn)
    told = (
        answer is not None
        and answer.id != call.message.id
        and re.search(r"(?i)fail|error|red|broken|warn|\d", answer.text)
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
    return bool(_WRITES.match(call.name or "") or _WRITES_BY_SHELL.search(tool_results.command_of(call)))


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
