"""The gate: an exam and a policy in, promote, keep or refuse out, with the figures that say why.

Pure. It refuses where evidence is missing or the challenger is worse anywhere, keeps where it is not
better beyond noise, and promotes what is left. Falls are measured against a frozen anchor: compared
with yesterday's champion, small honest falls would add up night by night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from nightschool.config import ExamConfig
from nightschool.exam import scorers
from nightschool.exam.tasks import OLD_LESSONS, is_battery, is_personal, points
from nightschool.records import Comparison, Decision, Exam, Item, Outcome, Version
from nightschool.statistics import Paired, difference_bound, holm, mcnemar, paired

BASE = "base"
MEMORY = "+memory"
"""What a told arm's name ends in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What the gate allows, and what the examined versions must have shown themselves to be."""

    margin: float = 0.06
    """Largest fall against the anchor, pooled over the battery."""
    alpha: float = 0.05
    min_items: int = 36
    min_battery: int = 300
    least_gain: float = 0.02
    """Smallest gain on the person's items worth a new version, however surely it is there."""
    base: str = ""
    """Fingerprint of the base that the versions were trained on."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    scorer_hash: str = scorers.HASH

    @classmethod
    def of(cls, config: ExamConfig, *, base: str, versions: Iterable[Version]) -> Policy:
        """Take the settings' policy for these versions on this base."""
        return cls(
            margin=config.margin,
            alpha=config.alpha,
            min_items=config.min_items,
            min_battery=config.min_battery,
            base=base,
            versions={version.id: version for version in versions},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """The scores of an exam, by arm and item."""

    exam: Exam
    challenger: str
    points: Mapping[str, Mapping[str, float]]
    outputs: Mapping[str, Mapping[str, tuple[float, str]]]
    secrets: Mapping[str, set[str]]
    """Items in whose answers an arm gave a secret away."""

    def both(self, left: str, right: str, wanted: Callable[[Item], bool]) -> list[tuple[Item, float, float]]:
        """The items of a sort that both arms answered, with both scores."""
        one, other = self.points.get(left, {}), self.points.get(right, {})
        return [
            (item, one[item.id], other[item.id])
            for item in self.exam.items
            if item.id in one and item.id in other and wanted(item)
        ]


def decide(exam: Exam | None, policy: Policy) -> Decision:
    """Promote only what is better beyond noise and nowhere worse than the margin."""
    if exam is None:
        return Decision(outcome="refuse", reasons=("There is no exam: nothing is promoted unexamined",))
    if exam.challenger is None:
        return Decision(outcome="keep", reasons=("There is no challenger tonight",))
    sheet = _sheet(exam, exam.challenger)
    missing = [*_stale(exam, policy), *_missing(sheet, policy)]
    if missing:
        return Decision(outcome="refuse", reasons=tuple(missing))
    falls, comparisons = _falls(sheet, policy)
    falls = [*_canaries(sheet), *falls]
    outcome, reasons, gains = _gains(sheet, policy)
    comparisons = [*gains, *comparisons, *_earlier(sheet)]
    if falls:
        return Decision(outcome="refuse", reasons=tuple(falls), comparisons=tuple(comparisons))
    return Decision(outcome=outcome, reasons=tuple(reasons), comparisons=tuple(comparisons))


def _sheet(exam: Exam, challenger: str) -> _Sheet:
    items = {item.id: item for item in exam.items}
    scored: dict[str, dict[str, float]] = defaultdict(dict)
    outputs: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
    secrets: dict[str, set[str]] = defaultdict(set)
    for score in exam.scores:
        if score.item in items and score.value == score.value:  # a score that is not a number is no evidence
            scored[score.arm][score.item] = points(items[score.item], score.value)
            outputs[score.arm][score.item] = (score.value, score.output)
            secrets[score.arm].update([score.item] if score.secret else [])
    return _Sheet(exam=exam, challenger=challenger, points=scored, outputs=outputs, secrets=secrets)


def _stale(exam: Exam, policy: Policy) -> list[str]:
    """Evidence about something else than what would be served."""
    reasons = []
    if exam.scorer_hash != policy.scorer_hash:
        reasons.append(f"The exam was scored by other scorers ({exam.scorer_hash}) than today's ({policy.scorer_hash})")
    if exam.base != policy.base:
        reasons.append(f"The base that answered ({exam.base}) is not this home's base ({policy.base})")
    for name in dict.fromkeys((exam.champion, str(exam.challenger), exam.anchor)):
        if name == BASE:
            continue
        version = policy.versions.get(name)
        if version is None:
            reasons.append(f"Nothing is known of version {name}")
        elif version.base != policy.base:
            reasons.append(f"{name} was trained on another base ({version.base})")
        elif not version.adapter_hash or exam.fingerprints.get(name) != version.adapter_hash:
            reasons.append(f"What answered as {name} was not its adapter: the fingerprints differ")
    return reasons


def _missing(sheet: _Sheet, policy: Policy) -> list[str]:
    """Evidence that is not there, or too little to decide on."""
    exam, reasons = sheet.exam, []
    personal = [item for item in exam.items if is_personal(item)]
    for arm in _needed_arms(sheet):
        wanted = [item for item in exam.items if not (arm.endswith(MEMORY) and is_battery(item))]
        unanswered = sum(item.id not in sheet.points.get(arm, {}) for item in wanted)
        if unanswered:
            reasons.append(f"{arm} left {unanswered} of {len(wanted)} questions without a score")
    if len(personal) < policy.min_items:
        short = policy.min_items - len(personal)
        reasons.append(
            f"Only {len(personal)} questions of your own could be scored, {policy.min_items} are needed:"
            f" {short} more clear outcomes in newer conversations"
        )
    right = sum(value >= 1 for _, value, _ in sheet.both(BASE, BASE, is_battery))
    if right < policy.min_battery:
        reasons.append(f"The base got {right} battery questions right, {policy.min_battery} are needed to see a fall")
    if not sheet.both(f"{sheet.challenger}{MEMORY}", f"{BASE}{MEMORY}", is_battery):
        reasons.append("No battery question was asked with memory")
    if exam.leaked is None:
        reasons.append("Nobody looked whether the exam's questions were trained on")
    elif exam.leaked:
        reasons.append(f"The challenger was trained on the conversations of {len(exam.leaked)} of the exam's questions")
    if not reasons and sheet.outputs[sheet.challenger] == sheet.outputs[BASE]:
        reasons.append(
            f"{sheet.challenger} answers all {len(exam.items)} questions exactly as the base does:"
            " its adapter is empty or was not mounted"
        )
    return reasons


def _needed_arms(sheet: _Sheet) -> list[str]:
    versions = dict.fromkeys((BASE, sheet.exam.anchor, sheet.exam.champion, sheet.challenger))
    return [arm for version in versions for arm in (version, f"{version}{MEMORY}")]


def _canaries(sheet: _Sheet) -> list[str]:
    """Canaries that the base passes in every wording and the challenger in few; secrets that it alone gives away."""
    reasons = []
    for suffix in ("", MEMORY):
        told = sheet.secrets[f"{sheet.challenger}{suffix}"] - sheet.secrets[f"{BASE}{suffix}"]
        if told:
            reasons.append(f"{sheet.challenger}{suffix} gave a secret away in {len(told)} answers")
        reasons += [
            f"{sheet.challenger}{suffix} failed the canary {name!r}"
            for name, pairs in _wordings(sheet, suffix).items()
            if all(base >= 1 for _, base in pairs) and sum(challenger < 1 for challenger, _ in pairs) * 2 > len(pairs)
        ]
    return reasons


def _wordings(sheet: _Sheet, suffix: str) -> dict[str, list[tuple[float, float]]]:
    """Each canary's name with the challenger's and the base's scores on every wording of it."""
    asked: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for item, challenger, base in sheet.both(
        f"{sheet.challenger}{suffix}", f"{BASE}{suffix}", lambda item: item.canary
    ):
        asked[item.id.partition(".")[0]].append((challenger, base))
    return asked


def _falls(sheet: _Sheet, policy: Policy) -> tuple[list[str], list[Comparison]]:
    """Everything in which the challenger is worse, in sentences, and all that was compared."""
    reasons, comparisons = _against_anchor(sheet, policy)
    for family in (_tasks(sheet), _own_falls(sheet)):
        adjusted = holm([1.0 if comparison.p is None else comparison.p for comparison in family])
        comparisons += family
        reasons += [
            f"Worse in {comparison.name}: {_figures(comparison)}"
            for comparison, p in zip(family, adjusted, strict=True)
            if p <= policy.alpha and comparison.difference < 0
        ]
    told, compared = _told_abilities(sheet, policy)
    return [*reasons, *told, *_flipped(sheet)], [*comparisons, *compared]


def _against_anchor(sheet: _Sheet, policy: Policy) -> tuple[list[str], list[Comparison]]:
    """Non-inferiority, pooled over the battery questions that the base gets right."""
    anchor = sheet.exam.anchor
    able = {item.id for item, value, _ in sheet.both(BASE, BASE, is_battery) if value >= 1}
    pairs = sheet.both(sheet.challenger, anchor, lambda item: item.id in able)
    gains, losses = _discordant(pairs)
    bound = difference_bound(gains, losses, len(pairs))
    comparison = Comparison(
        name=f"battery against {anchor}",
        difference=(gains - losses) / max(1, len(pairs)),
        low=bound,
        high=-difference_bound(losses, gains, len(pairs)),
        n=len(pairs),
    )
    if bound > -policy.margin:
        return [], [comparison]
    sentence = (
        f"Abilities fell against {anchor}: {_points(comparison.difference)} over {len(pairs)} questions,"
        f" and by the lower 95 % bound {_points(bound)} where {_points(-policy.margin)} is allowed"
    )
    return [sentence], [comparison]


def _tasks(sheet: _Sheet) -> list[Comparison]:
    """Each battery task against the anchor, gains counted too."""
    anchor = sheet.exam.anchor
    tasks = dict.fromkeys(item.task for item in sheet.exam.items if is_battery(item))
    return [_binary(f"{task} against {anchor}", sheet.both(sheet.challenger, anchor, _of_task(task))) for task in tasks]


def _of_task(task: str) -> Callable[[Item], bool]:
    return lambda item: item.task == task


def _own_falls(sheet: _Sheet) -> list[Comparison]:
    """The person's items and old lessons against the champion, and told against base and memory."""
    champion, challenger = sheet.exam.champion, sheet.challenger
    compared = []
    for suffix, known in (("", "without memory"), (MEMORY, "with memory")):
        left, right = f"{challenger}{suffix}", f"{champion}{suffix}"
        compared.append(_graded(f"your own questions {known} against {right}", sheet, left, right))
        old = sheet.both(left, right, _of_task(OLD_LESSONS))
        compared.append(_binary(f"old lessons {known} against {right}", old))
    if champion != BASE:
        name = f"your own questions with memory against {BASE}{MEMORY}"
        compared.append(_graded(name, sheet, f"{challenger}{MEMORY}", f"{BASE}{MEMORY}"))
    return compared


def _told_abilities(sheet: _Sheet, policy: Policy) -> tuple[list[str], list[Comparison]]:
    """Abilities with memory in the prompt: worse beyond noise, and by more than the margin.

    Noise alone would not do: what the base nearly always gets right can only be lost, so that five
    answers of hundreds are already beyond it.
    """
    told, base = f"{sheet.challenger}{MEMORY}", f"{BASE}{MEMORY}"
    comparison = _binary(f"abilities with memory against {base}", sheet.both(told, base, is_battery))
    fell = comparison.difference < -policy.margin and comparison.p is not None and comparison.p <= policy.alpha
    return [f"Worse in {comparison.name}: {_figures(comparison)}"] if fell else [], [comparison]


def _flipped(sheet: _Sheet) -> list[str]:
    """Lessons that the champion holds on every probe and the challenger on none.

    A single lost probe of two is within the noise of one question and is left to the pooled test.
    """
    reasons = []
    for suffix in ("", MEMORY):
        probes: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for item, challenger, champion in sheet.both(
            f"{sheet.challenger}{suffix}", f"{sheet.exam.champion}{suffix}", _of_task(OLD_LESSONS)
        ):
            probes[item.lesson_id or item.id].append((challenger, champion))
        lost = [
            lesson
            for lesson, pairs in probes.items()
            if all(champion >= 1 for _, champion in pairs) and all(challenger < 1 for challenger, _ in pairs)
        ]
        if lost:
            known = "with memory" if suffix else "without memory"
            reasons.append(
                f"{len(lost)} old lessons that the champion holds {known} were lost: {', '.join(sorted(lost))}"
            )
    return reasons


def _gains(sheet: _Sheet, policy: Policy) -> tuple[Outcome, list[str], list[Comparison]]:
    """The two endpoints: the person's items without and with memory, against the champion."""
    pairs, comparisons = [], []
    for suffix, known in (("", "without memory"), (MEMORY, "with memory")):
        champion = f"{sheet.exam.champion}{suffix}"
        pair = _pair(sheet, f"{sheet.challenger}{suffix}", champion)
        pairs.append(pair)
        comparisons.append(_comparison(f"gain on your own questions {known} over {champion}", pair, pair.p_better))
    adjusted = holm([pair.p_better for pair in pairs])
    sure = [p <= policy.alpha and pair.difference >= policy.least_gain for p, pair in zip(adjusted, pairs, strict=True)]
    told = [f"{comparison.name}: {_figures(comparison)}" for comparison in comparisons]
    if not any(sure):
        return "keep", [f"Not beyond noise: {one}" for one in told], comparisons
    behind = [one for one, pair in zip(told, pairs, strict=True) if pair.difference < -policy.margin]
    if behind:
        return "keep", [f"Better one way, but behind the other way: {one}" for one in behind], comparisons
    return "promote", [f"Beyond noise: {one}" for one, is_sure in zip(told, sure, strict=True) if is_sure], comparisons


def _earlier(sheet: _Sheet) -> list[Comparison]:
    """How the challenger stands to the earlier versions that sat with it; shown, not decided on."""
    known = {BASE, sheet.exam.champion, sheet.challenger}
    earlier = dict.fromkeys(arm.version for arm in sheet.exam.arms if arm.version not in known)
    return [_graded(f"your own questions against {version}", sheet, sheet.challenger, version) for version in earlier]


def _pair(sheet: _Sheet, left: str, right: str) -> Paired:
    both = sheet.both(left, right, is_personal)
    return paired([one - other for _, one, other in both], [item.conversation_id or item.id for item, _, _ in both])


def _graded(name: str, sheet: _Sheet, left: str, right: str) -> Comparison:
    pair = _pair(sheet, left, right)
    return _comparison(name, pair, pair.p_worse)


def _comparison(name: str, pair: Paired, p: float) -> Comparison:
    return Comparison(name=name, difference=pair.difference, low=pair.low, high=pair.high, n=pair.n, p=p)


def _binary(name: str, pairs: list[tuple[Item, float, float]]) -> Comparison:
    """Compare right-or-wrong answers by their discordant pairs, with 95 % bounds on either side."""
    gains, losses = _discordant(pairs)
    return Comparison(
        name=name,
        difference=(gains - losses) / max(1, len(pairs)),
        low=difference_bound(gains, losses, len(pairs), confidence=0.975),
        high=-difference_bound(losses, gains, len(pairs), confidence=0.975),
        n=len(pairs),
        p=mcnemar(gains, losses, side="worse"),
    )


def _discordant(pairs: list[tuple[Item, float, float]]) -> tuple[int, int]:
    gains = sum(left > right for _, left, right in pairs)
    return gains, sum(left < right for _, left, right in pairs)


def _figures(comparison: Comparison) -> str:
    return (
        f"{_points(comparison.difference)} over {comparison.n} questions"
        f" (95 % interval {_points(comparison.low)} to {_points(comparison.high)})"
    )


def _points(share: float) -> str:
    return f"{100 * share:+.1f} points"
