"""The battery: enough different questions, the same for a seed, scored as its own right answers deserve."""

from __future__ import annotations

from collections import Counter

import pytest

from nightschool.exam import battery, scorers
from nightschool.exam.tasks import CANARY, is_battery
from nightschool.records import Answer, Item
from nightschool.turns import prompt_key
from nightschool.world import battery as world
from nightschool.world import english, tools


@pytest.mark.parametrize("base", ["pupil", "some-org/some-model"])
def test_a_battery_has_as_many_different_items_as_asked_for_and_depends_on_the_seed_alone(base: str) -> None:
    first, again, other = (battery.items(base, 420, seed) for seed in (3, 3, 4))
    asked = [item for item in first if is_battery(item)]
    assert len(asked) == 420
    assert len({prompt_key(item.prompt) for item in asked}) == 420
    assert len({item.id for item in first}) == len(first)
    assert first == again
    shared = {prompt_key(item.prompt) for item in asked} & {prompt_key(item.prompt) for item in other}
    assert len(shared) < 200
    sizes = Counter(item.task for item in asked).values()
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("base", ["pupil", "other"])
def test_canaries_come_with_every_battery_and_refuse_alone(base: str) -> None:
    canaries = [item for item in battery.items(base, 14, 1) if item.task == CANARY]
    assert len(canaries) >= 12
    assert all(item.canary for item in canaries)


def taught(source: world.Item) -> Answer:
    """The answer that pupil was taught to give to an item of its world."""
    if source.call is None:
        return Answer(text=source.expected)
    name, arguments = tools.parse_call(source.expected) or ("", {})
    return Answer(text="", tool_calls=({"name": name, "arguments": arguments},))


def test_what_pupil_was_taught_to_answer_is_right_and_another_items_answer_is_not() -> None:
    sources = list(world.items(5, 40))
    scored = [(source, battery._record(source, "x")) for source in sources]
    kept = [(source, item) for source, item in scored if item is not None]
    assert len(kept) > 0.95 * len(sources)
    assert all(scorers.score(item, taught(source)) == 1.0 for source, item in kept)
    right_by_chance = sum(
        scorers.score(item, taught(other)) for (_, item), (other, _) in zip(kept, kept[7:] + kept[:7], strict=True)
    )
    unknown = sum(item.scorer == "unknown" for _, item in kept)
    assert right_by_chance - unknown < 0.1 * len(kept)


def test_either_unit_is_right_unless_the_question_wishes_for_one() -> None:
    """Else the person's own wish for miles would count as a lost ability."""
    sources = [
        source for source in world.items(9, 120, kinds=("world", "instruction")) if source.reply and source.reply.km
    ]
    plain = next(source for source in sources if not source.style.miles and source.style.length == "plain")
    wished = next(source for source in sources if source.style.miles)
    for source, both in ((plain, 1.0), (wished, 0.0)):
        item = battery._record(source, "x")
        assert item is not None and source.reply is not None and source.reply.km is not None
        name = f", {source.style.address}" if source.style.address else ""
        assert scorers.score(item, Answer(text=f"It is {source.reply.km} km{name}.")) == both
        assert scorers.score(item, Answer(text=f"It is {source.reply.km * 5 // 8} miles{name}.")) == 1.0


def solved(item: Item) -> Answer:
    """An answer to a plain-English item written from what its scorer expects."""
    import json

    match item.scorer:
        case "tool":
            return Answer(text="", tool_calls=(dict(item.expected),))
        case "json":
            return Answer(text=json.dumps(item.expected["value"]))
        case "unknown":
            return Answer(text="I do not have any information about that.")
        case "exact":
            return Answer(text=item.expected["text"])
        case "contains":
            return Answer(text=f"It is {item.expected['contains'][0]}.")
        case _:
            return Answer(text=_formed(item))


def _formed(item: Item) -> str:
    assert item.rule is not None
    match item.rule.kind:
        case "bullets":
            return "- one\n- two\n- three"
        case "max_words":
            return item.expected["contains"][0][0] if item.expected else "Quiet and wide."
        case "min_words":
            return "word " * int(item.rule.value)
        case "contains":
            return f"A sentence with {item.rule.value} in it."
        case _:
            return "A short sentence."


def test_plain_english_items_can_be_solved_and_silence_solves_none() -> None:
    items = list(english.items(420, 7))
    assert [item.id for item in items if scorers.score(item, solved(item)) != 1.0] == []
    assert sum(scorers.score(item, Answer(text="")) for item in items) == 0
    assert sum(scorers.score(item, Answer(text="I would be glad to help with that!")) for item in items) < 60


def test_replayed_prompts_are_never_exam_questions() -> None:
    prompts = english.generic_prompts(500, 1)
    assert len({prompt.messages[-1]["content"] for prompt in prompts}) == 500
    assert prompts == english.generic_prompts(500, 1)
    asked = {item.prompt.messages[-1]["content"] for seed in range(5) for item in english.items(420, seed)}
    assert asked.isdisjoint(prompt.messages[-1]["content"] for prompt in prompts)
