"""Better answers than the recorded ones, given by the base itself with the memory block in its prompt.

An answer counts only where it follows every wanted rule and still says what the recorded one said; else it is the
person's own accepted answer, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nightschool import rules
from nightschool.config import Config
from nightschool.curate.instances import Instance
from nightschool.curate.reconcile import as_fact
from nightschool.memory import context
from nightschool.models.model import Model
from nightschool.records import Answer, Fact, Json, Lesson, Prompt, Rule

WARM = 0.7
_MOST_TOKENS = 768
CONVERSIONS: dict[tuple[str, str], Callable[[float], float]] = {
    ("km", "miles"): lambda x: x * 0.621371,
    ("Celsius", "Fahrenheit"): lambda x: x * 9 / 5 + 32,
    ("kg", "pounds"): lambda x: x * 2.204623,
    ("metres", "feet"): lambda x: x * 3.28084,
    ("cm", "inches"): lambda x: x * 0.393701,
    ("grams", "ounces"): lambda x: x * 0.035274,
    ("litres", "gallons"): lambda x: x * 0.264172,
}
_BACK: dict[tuple[str, str], Callable[[float], float]] = {
    ("miles", "km"): lambda x: x / 0.621371,
    ("Fahrenheit", "Celsius"): lambda x: (x - 32) * 5 / 9,
    ("pounds", "kg"): lambda x: x / 2.204623,
    ("feet", "metres"): lambda x: x / 3.28084,
    ("inches", "cm"): lambda x: x / 0.393701,
    ("ounces", "grams"): lambda x: x / 0.035274,
    ("gallons", "litres"): lambda x: x / 0.264172,
}
_TOLERANCE = 0.06
"""People and models round: 10 miles for 9.94."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be in on at of to for from and or it its this that your you my i he she they we with"
        " by as yes no not here there do does have has about around approximately so then ok okay sure well also just",
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Better:
    """A verified better answer to an instance's prompt."""

    answer: Json
    facts: tuple[Fact, ...]
    """What the block told when it was given; empty for the person's own accepted answer."""


def ask(
    instances: Sequence[Instance],
    model: Model,
    facts: Sequence[Fact],
    config: Config,
    progress: Callable[[int, int], None] | None = None,
) -> list[Better | None]:
    """Look for a better answer to every instance: as memory would serve it, then told the wish alone, then warmer."""
    found: list[Better | None] = [None] * len(instances)
    for attempt in range(max(1, config.curate.tries)):
        waiting = [index for index, better in enumerate(found) if better is None]
        if not waiting:
            break
        blocks = [block(instances[index], facts, config, alone=attempt > 0) for index in waiting]
        prompts = [context.told(instances[index].prompt, told) for index, told in zip(waiting, blocks, strict=True)]
        answers = model.answer(
            prompts,
            max_tokens=_room(instances, config),
            temperature=WARM if attempt > 1 else 0.0,
            seed=config.train.seed + attempt,
        )
        for index, told, answer in zip(waiting, blocks, answers, strict=True):
            if verified(instances[index], answer):
                found[index] = Better(answer=answer.message(), facts=told)
        if progress is not None:
            progress(sum(better is not None for better in found), len(instances))
    return [better or _accepted(instance) for better, instance in zip(found, instances, strict=True)]


def _room(instances: Sequence[Instance], config: Config) -> int:
    """Tokens for an answer: twice what the longest recorded one took, at about three letters a token."""
    longest = max(len(str(instance.recorded.get("content") or "")) for instance in instances)
    return max(config.exam.max_answer_tokens, min(_MOST_TOKENS, longest * 2 // 3))


def block(instance: Instance, facts: Sequence[Fact], config: Config, *, alone: bool = False) -> tuple[Fact, ...]:
    """What memory would tell before this question; `alone` tells only the wishes that bear on it."""
    wishes = [as_fact(lesson) for lesson in instance.wanted]
    if alone:
        return tuple(wishes)
    told = {fact.sentence for fact in facts}
    everything = [*facts, *(wish for wish in wishes if wish.sentence not in told)]
    return tuple(context.choose(everything, instance.place.question, config.memory))


def verified(instance: Instance, answer: Answer) -> bool:
    """Check an answer by rule: whole, as wanted by every lesson, and with the content kept."""
    message = answer.message()
    if answer.stop == "length" or not follows_all(instance.wanted, instance.lessons, message):
        return False
    reference = instance.reference or instance.recorded
    broken = [lesson.rule for lesson in instance.lessons if lesson.rule is not None]
    wanted = [lesson.rule for lesson in instance.wanted if lesson.rule is not None]
    return keeps(broken, wanted, reference, message, _text_of(instance.prompt))


def follows_all(wanted: Iterable[Lesson], broken: Iterable[Lesson], message: Json) -> bool:
    """Every broken rule is followed now, and no other one broken instead."""
    mended = all(rules.follows(lesson.rule, message) is True for lesson in broken if lesson.rule)
    return mended and all(rules.follows(lesson.rule, message) is not False for lesson in wanted if lesson.rule)


def keeps(broken: Sequence[Rule], wanted: Sequence[Rule], reference: Json, better: Json, asked: str) -> bool:
    """Tell whether a better answer says what the reference said, only in another form.

    A shorter answer and a list may leave words out but bring none in; any other form keeps every name and number;
    a value in another unit is the converted one; a call's arguments come from what was asked.
    """
    if any(rule.kind == "tool" for rule in broken):
        return _grounded(better, asked)
    old, new = str(reference.get("content") or ""), str(better.get("content") or "")
    if any(rule.kind == "json" for rule in broken):
        return _names(old) | _numbers(old) <= _names(new) | _numbers(new) | _words(new)
    units = [rule for rule in wanted if rule.kind == "unit" and rules.follows(rule, better) is True]
    values = _same_values(old, new, units[0]) if units else _numbers(new) <= _numbers(old)
    extra = {word.lower() for rule in wanted for word in re.findall(r"\w+", f"{rule.value} {rule.instead}")}
    if any(rule.kind in ("max_words", "bullets") for rule in wanted if rules.follows(rule, better) is True):
        added = _words(new) - _words(old) - extra - _LITTLE - _numbers(new)
        listed = any(rule.kind == "bullets" for rule in broken)
        return values and not added and (not listed or len(new.strip().splitlines()) >= _items(old))
    return values and _names(old) <= _words(new) | extra and (bool(units) or _numbers(old) <= _numbers(new))


def leaks(answer: Json, prompt: Prompt, facts: Iterable[Fact]) -> bool:
    """Tell whether an answer holds a fact that stood in the block alone; without the block it would be invented."""
    known = _words(_text_of(prompt)) | _numbers(_text_of(prompt))
    content = "\n".join([str(answer.get("content") or ""), str(answer.get("tool_calls") or "")])
    said = (_words(content) | _numbers(content)) - known - _LITTLE
    for fact in facts:
        told = fact.object or fact.sentence
        if fact.kind == "fact" and said & (_words(told) | _numbers(told)):
            return True
    return False


def _accepted(instance: Instance) -> Better | None:
    """The answer that the person took, where it follows every rule."""
    if instance.reference is None or not follows_all(instance.wanted, instance.lessons, instance.reference):
        return None
    return Better(answer=instance.reference, facts=())


def _text_of(prompt: Prompt) -> str:
    return "\n".join(str(message.get("content") or "") for message in prompt.messages)


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d][\w'-]*", text)}


def _numbers(text: str) -> set[str]:
    return {number.lstrip("-") for number in _NUMBER.findall(re.sub(r"^\s*\d+[.)]\s", "", text, flags=re.MULTILINE))}


def _names(text: str) -> set[str]:
    """Capitalised words, those that only open a sentence left out, lower-cased."""
    return {word.lower() for word in re.findall(r"(?<=[\w,;:] )[A-Z][\w'-]*", text) if word.lower() not in _LITTLE}


def _items(text: str) -> int:
    """How many things an inline list names."""
    found = re.search(r"((?:[\w'-]+(?: [\w'-]+)?, )+[\w'-]+(?: [\w'-]+)?),? (?:and|or) \w", text)
    return found[1].count(",") + 2 if found else 2


def _same_values(old: str, new: str, rule: Rule) -> bool:
    """Every value of the reference stands in the better answer, converted where it had the other unit."""
    wanted = [float(number) for number in _NUMBER.findall(new)]
    convert = (CONVERSIONS | _BACK).get((rule.instead, rule.value))
    had_other = rules.follows(rule, {"content": old}) is False
    for number in _NUMBER.findall(old):
        value = float(number)
        choices = [value] + ([convert(value)] if convert is not None and had_other else [])
        if not any(abs(want - choice) <= max(1.0, abs(choice) * _TOLERANCE) for want in wanted for choice in choices):
            return False
    return bool(wanted)


def _grounded(better: Json, asked: str) -> bool:
    calls = better.get("tool_calls") or ()
    words = {word.lower() for word in re.findall(r"\w+", asked)}
    for call in calls:
        arguments = call.get("function", call).get("arguments") or {}
        given = re.findall(r"\w+", " ".join(str(value) for value in arguments.values()).lower())
        if given and not words & set(given):
            return False
    return bool(calls)
