"""Exams made up for tests: a few hundred items and the arms' answers to them, as plain records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nightschool.exam import scorers
from nightschool.exam.gate import Policy
from nightschool.records import Arm, Exam, Item, Prompt, Score, Version

KINDS = ("arithmetic", "json", "reading", "tool", "unknown", "world")
VERSIONS = {
    name: Version(id=name, base="b-1", adapter=f"versions/{name}/adapter", adapter_hash=f"hash of {name}")
    for name in ("v-0001", "v-0002")
}
POLICY = Policy(base="b-1", versions=VERSIONS)

Answers = Callable[[Item, int], float]
"""The score of an arm on an item and its place within its task."""


def item(name: str, task: str, **more: object) -> Item:
    made = Item(id=name, task=task, prompt=Prompt(messages=({"role": "user", "content": name},)), scorer="contains")
    return replace(made, **more)  # type: ignore[arg-type]


def items(*, personal: int = 40, battery: int = 330, lessons: int = 4) -> list[Item]:
    """Personal items in conversations of four, a battery of six kinds, two probes a lesson, two canaries."""
    return [
        *(item(f"own-{i}", "personal", conversation_id=f"c-{i // 4}") for i in range(personal)),
        *(item(f"battery-{i}", KINDS[i % len(KINDS)]) for i in range(battery)),
        *(item(f"probe-{i}", "old-lessons", lesson_id=f"l-{i // 2}") for i in range(2 * lessons)),
        *(item(f"canary-{i}", "canary", canary=True) for i in range(2)),
    ]


@dataclass(kw_only=True)
class Sitting:
    """Which arms answer which items how; unnamed arms answer as the base does."""

    asked: Sequence[Item] = field(default_factory=items)
    answers: Mapping[str, Answers] = field(default_factory=dict)
    champion: str = "base"
    challenger: str | None = "v-0002"
    earlier: tuple[str, ...] = ()

    def exam(self, **changes: object) -> Exam:
        versions = dict.fromkeys(
            ("base", self.champion, *self.earlier, *([self.challenger] if self.challenger else []))
        )
        arms = tuple(Arm(version=version, told=told) for version in versions for told in (False, True))
        made = Exam(
            id="e-1",
            run="r-1",
            arms=arms,
            items=tuple(self.asked),
            scores=tuple(score for arm in arms for score in self._scores(arm)),
            results=(),
            scorer_hash=scorers.HASH,
            base="b-1",
            challenger=self.challenger,
            champion=self.champion,
            fingerprints={version: f"hash of {version}" for version in versions if version != "base"},
            leaked=(),
        )
        return replace(made, **changes)  # type: ignore[arg-type]

    def _scores(self, arm: Arm) -> list[Score]:
        places: dict[str, int] = {}
        scores = []
        for asked in self.asked:
            place = places[asked.task] = places.get(asked.task, -1) + 1
            answer = self.answers.get(arm.name) or self.answers.get(arm.version) or base
            scores.append(
                Score(item=asked.id, arm=arm.name, value=answer(asked, place), output=f"{arm.version} says so")
            )
        return scores


def base(asked: Item, place: int) -> float:
    """The base has all abilities and knows a quarter of what the person wants."""
    if asked.task == "personal":
        return float(place % 4 == 0)
    return 1.0


def better(asked: Item, place: int) -> float:
    """A challenger that learnt most of it and lost nothing."""
    return float(place % 8 != 1) if asked.task == "personal" else base(asked, place)


def losing(task: str, share: float, above: Answers = better) -> Answers:
    """Answer as `above`, but get wrong the first `share` of a task, or of the whole battery for `*`."""

    def answer(asked: Item, place: int) -> float:
        hit = asked.task == task or (task == "*" and asked.task in KINDS)
        size = 55 if hit and asked.task in KINDS else 40
        return 0.0 if hit and place < round(share * size) else above(asked, place)

    return answer
