"""Questions made from the person's own conversations, each with a way to score it without a judge.

Pure. Reads cleaned conversations. A turn whose outcome is clear becomes one item: scored by the rule
of a lesson, by the tool call or the fact of the accepted answer, else by which of two recorded answers
is likelier. What fits none of these is counted with its reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nightschool import rules
from nightschool.exam import content, scorers
from nightschool.exam.tasks import MARGIN, OLD_LESSONS, PERSONAL
from nightschool.records import Conversation, Fact, Item, Json, Lesson, Message, Probe, Prompt, Rule, Signal, Turn
from nightschool.turns import chat_message, final_answer, prompt_before, turns

_CLEAR = 0.5
"""Signals weaker than this do not say clearly how a turn went."""
_CORRECTING = ("correction", "reask")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    """One turn with what became of it: the answer the person turned down, and the one they took."""

    conversation: Conversation
    turn: Turn
    accepted: Turn | None
    accepted_answer: Message | None
    rejected_answer: Message | None

    @property
    def question(self) -> str:
        return self.turn.messages[0].text

    def before_first(self) -> Prompt | None:
        """What stood before the turn's first word of the assistant."""
        first = _first_answer(self.turn)
        return prompt_before(self.conversation, first.id) if first else None

    def before_final(self) -> Prompt | None:
        """What stood before the turn's last answer, its tool results included."""
        final = final_answer(self.turn)
        return prompt_before(self.conversation, final.id) if final else None


def personal(
    conversations: Iterable[Conversation],
    lessons: Iterable[Lesson],
    signals: Iterable[Signal],
    held_out: frozenset[str],
    facts: Sequence[Fact] = (),
) -> tuple[tuple[Item, ...], dict[str, int]]:
    """Make one item per distinct question with a clear outcome in the held-out conversations.

    Returns them with the number of turns that gave none, by reason.
    """
    kept = [lesson for lesson in lessons if lesson.state == "kept" and lesson.rule is not None]
    outcomes: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        outcomes[signal.turn_id].append(signal)
    made: dict[tuple[str, str], Item] = {}
    skipped: Counter[str] = Counter()
    for conversation in conversations:
        if conversation.id not in held_out:
            continue
        for case in _cases(conversation, outcomes, skipped):
            item = _item(case, kept, facts)
            if item is None:
                skipped["no way to score it without a judge"] += 1
                continue
            key = (scorers.normal(case.question), item.scorer)
            skipped.update(["asked before"] if key in made else [])
            made.setdefault(key, item)
    return tuple(made.values()), dict(skipped)


def old_lessons(
    probes: Iterable[Probe], lessons: Iterable[Lesson], conversations: Iterable[Conversation]
) -> tuple[Item, ...]:
    """Make an item of each stored probe whose lesson still stands and can be checked by its rule."""
    standing = {lesson.id: lesson for lesson in lessons if lesson.state == "kept" and lesson.rule is not None}
    known = {conversation.id: conversation for conversation in conversations}
    made = []
    for probe in probes:
        lesson, conversation = standing.get(probe.lesson_id), known.get(probe.conversation_id)
        item = _probe(probe, lesson, conversation) if lesson and conversation else None
        if item is not None:
            made.append(item)
    return tuple(made)


def _cases(
    conversation: Conversation, outcomes: Mapping[str, Sequence[Signal]], skipped: Counter[str]
) -> Iterable[_Case]:
    """The turns of a conversation with a clear outcome; a turn that only puts another right is part of that one."""
    said = turns(conversation)
    answering = False
    for index, turn in enumerate(said):
        verdict = _verdict(outcomes.get(turn.id, ()))
        corrected = verdict is not None and verdict.polarity < 0 and verdict.kind in _CORRECTING
        part_of_another, answering = answering, corrected
        if part_of_another:
            continue
        if verdict is None:
            skipped["no clear outcome"] += 1
        elif final_answer(turn) is None:
            skipped["never answered"] += 1
        else:
            yield _case(conversation, said, index, verdict, outcomes)


def _verdict(signals: Sequence[Signal]) -> Signal | None:
    """The clearest signal of a turn's outcome; of two equally clear ones the bad one."""
    clear = [signal for signal in signals if signal.polarity and signal.strength >= _CLEAR]
    return max(clear, key=lambda signal: (signal.strength, -signal.polarity), default=None)


def _case(
    conversation: Conversation,
    said: Sequence[Turn],
    index: int,
    verdict: Signal,
    outcomes: Mapping[str, Sequence[Signal]],
) -> _Case:
    turn = said[index]
    if verdict.polarity < 0:
        accepted = _put_right(said, index, outcomes) if verdict.kind in _CORRECTING else None
        rejected = final_answer(turn)
    else:
        accepted, rejected = turn, _left_behind(turn)
    return _Case(
        conversation=conversation,
        turn=turn,
        accepted=accepted,
        accepted_answer=final_answer(accepted) if accepted else None,
        rejected_answer=rejected,
    )


def _put_right(said: Sequence[Turn], index: int, outcomes: Mapping[str, Sequence[Signal]]) -> Turn | None:
    """The turn after a correction, or after several, whose answer nobody complained about."""
    for turn in said[index + 1 :]:
        verdict = _verdict(outcomes.get(turn.id, ()))
        if verdict is None or verdict.polarity > 0:
            return turn if final_answer(turn) is not None else None
        if verdict.kind not in _CORRECTING:
            return None
    return None


def _left_behind(turn: Turn) -> Message | None:
    """An answer to the same input that the person undid, regenerated or swiped away."""
    for run in turn.alternates:
        answers = [message for message in run if message.role == "assistant" and message.alternate != "fork"]
        if answers and answers[-1].text:
            return answers[-1]
    return None


def _item(case: _Case, lessons: Sequence[Lesson], facts: Sequence[Fact]) -> Item | None:
    for lesson in lessons:
        assert lesson.rule is not None
        if _touches(case, lesson.rule):
            item = _tool_item(case) if lesson.rule.kind == "tool" else None
            return _finished(item or _rule_item(case, lesson.rule), case, lesson)
    return _finished(_tool_item(case) or _fact_item(case, facts) or _margin_item(case), case, None)


def _finished(item: Item | None, case: _Case, lesson: Lesson | None) -> Item | None:
    if item is None:
        return None
    return Item(
        id=f"own-{case.turn.id}",
        task=item.task,
        prompt=item.prompt,
        scorer=item.scorer,
        expected=item.expected,
        rule=item.rule,
        lesson_id=lesson.id if lesson else None,
        conversation_id=case.conversation.id,
    )


def _touches(case: _Case, rule: Rule) -> bool:
    """Whether the recorded answers show that a rule is what this turn was about, or what its answer kept."""
    accepted = _whole(case.accepted) if case.accepted else None
    rejected = chat_message(case.rejected_answer) if case.rejected_answer else None
    if not rules.applies(rule, case.question, accepted or rejected):
        return False
    if accepted is not None and rules.follows(rule, accepted) is not True:
        return False
    return rejected is None or rules.follows(rule, rejected) is not True


def _whole(turn: Turn) -> Json:
    """A turn's answer as one message: its last words and every tool call on the way."""
    final = final_answer(turn)
    spoken = chat_message(final) if final else {"role": "assistant", "content": ""}
    calls = [call for message in _answers(turn) for call in chat_message(message).get("tool_calls", [])]
    return {**spoken, "tool_calls": calls} if calls else spoken


def _rule_item(case: _Case, rule: Rule) -> Item | None:
    prompt = case.before_first() if rule.kind == "tool" else case.before_final()
    if prompt is None:
        return None
    expected: Json = {}
    if case.accepted_answer is not None and rule.kind != "tool":
        expected = content.expected(case.accepted_answer.text, case.question, rule)
    return Item(id="", task=PERSONAL, prompt=prompt, scorer="rule", expected=expected, rule=rule)


def _tool_item(case: _Case) -> Item | None:
    """The call that opened the accepted answer, where its tool was on offer."""
    first, prompt = _first_answer(case.accepted) if case.accepted else None, case.before_first()
    calls = chat_message(first).get("tool_calls", []) if first else []
    if prompt is None or len(calls) != 1:
        return None
    called = calls[0]["function"]
    if called["name"] not in {tool.get("function", tool).get("name") for tool in prompt.tools}:
        return None
    expected = {"name": called["name"], "arguments": called["arguments"]}
    return Item(id="", task=PERSONAL, prompt=prompt, scorer="tool", expected=expected)


def _fact_item(case: _Case, facts: Sequence[Fact]) -> Item | None:
    """A known fact's object that the accepted answer holds and the question does not."""
    prompt = case.before_final()
    if case.accepted_answer is None or prompt is None:
        return None
    asked = set(scorers.normal(case.question).split())
    for fact in facts:
        recalled = fact.object and scorers.holds(case.accepted_answer.text, fact.object)
        related = len(asked & set(scorers.normal(fact.sentence).split())) > 1
        if recalled and related and not scorers.holds(case.question, fact.object):
            return Item(id="", task=PERSONAL, prompt=prompt, scorer="fact", expected={"object": fact.object})
    return None


def _margin_item(case: _Case) -> Item | None:
    prompt = case.before_final()
    accepted, rejected = case.accepted_answer, case.rejected_answer
    if prompt is None or accepted is None or rejected is None:
        return None
    if not accepted.text or not rejected.text or scorers.normal(accepted.text) == scorers.normal(rejected.text):
        return None
    expected = {
        "accepted": {"role": "assistant", "content": accepted.text},
        "rejected": {"role": "assistant", "content": rejected.text},
    }
    return Item(id="", task=MARGIN, prompt=prompt, scorer="margin", expected=expected)


def _probe(probe: Probe, lesson: Lesson, conversation: Conversation) -> Item | None:
    """Ask a probe's turn again; what its answer must hold is read off the first answer that kept the rule."""
    assert lesson.rule is not None
    said = turns(conversation)
    index = next((place for place, turn in enumerate(said) if turn.id == probe.turn_id), None)
    if index is None or final_answer(said[index]) is None:
        return None
    kept = next((turn for turn in said[index : index + 2] if rules.follows(lesson.rule, _whole(turn)) is True), None)
    case = _Case(
        conversation=conversation,
        turn=said[index],
        accepted=kept,
        accepted_answer=final_answer(kept) if kept else None,
        rejected_answer=None,
    )
    item = (_tool_item(case) if lesson.rule.kind == "tool" else None) or _rule_item(case, lesson.rule)
    if item is None:
        return None
    return Item(
        id=f"old-{lesson.id}-{probe.turn_id}",
        task=OLD_LESSONS,
        prompt=item.prompt,
        scorer=item.scorer,
        expected=item.expected,
        rule=item.rule,
        lesson_id=lesson.id,
        conversation_id=conversation.id,
    )


def _answers(turn: Turn) -> list[Message]:
    return [message for message in turn.messages if message.role == "assistant" and message.author == "assistant"]


def _first_answer(turn: Turn) -> Message | None:
    return next(iter(_answers(turn)), None)
