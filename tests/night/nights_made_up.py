"""Nights as the store would hold them, for the tests of the report."""

from __future__ import annotations

import dataclasses

from nightschool.records import Json, Night, Stage

NOON = 1795176000.0
"""20 November 2026, 12:00 UTC."""
DAY = 86400.0
SKIPPED = [{"where": "s.jsonl:17", "why": "not JSON"}]
BETTER = "Without memory it is better beyond chance: +89 points (95 % interval +80 to +97, n = 59)"


def result(task: str, arm: str, value: float, n: int, half: float) -> Json:
    return {
        "task": task, "arm": arm, "value": value, "n": n,
        "low": max(0.0, value - half), "high": min(1.0, value + half),
    }  # fmt: skip


def examined() -> Json:
    values = {
        "personal": (0.04, 0.04, 0.93, 44),
        "old-lessons": (0.5, 0.5, 0.95, 20),
        "instructions": (0.97, 0.97, 0.96, 120),
        "tool-calls": (0.99, 0.99, 0.99, 100),
        "arithmetic": (0.9, 0.9, 0.84, 100),
    }
    results = []
    for task, (base, champion, challenger, n) in values.items():
        for told in ("", "+memory"):
            lift = 0.4 if told else 0.0
            for version, value in (("base", base), ("v-0001", champion), ("v-0003", challenger)):
                half = 0.9 * (max(value * (1 - value), 0.02) / n) ** 0.5 * 2
                results.append(result(task, version + told, min(1.0, value + lift), n, half))
    results.append(result("personal-margin", "base", 0.0, 12, 0.0) | {"value": -0.21, "low": -0.5, "high": 0.08})
    results.append(result("personal-margin", "v-0003", 0.0, 12, 0.0) | {"value": 0.62, "low": 0.31, "high": 0.93})
    return {
        "exam": "x-1",
        "results": results,
        "champion": "v-0001",
        "challenger": "v-0003",
        "skipped": {"no scorer": 9},
        "lessons": [{"lesson": "l-1", "n": 22, "champion": 0.0, "challenger": 21 / 22}],
        "old_lessons": [
            {"lesson": "l-1", "text": "Give me distances in miles.", "n": 2, "champion": 0.5, "challenger": 1.0},
            {"lesson": "l-2", "text": "Call me Captain when you answer.", "n": 2, "champion": 0.0, "challenger": 1.0},
        ],
        "changes": [
            {
                "question": "How far is it from Lorn to Vell?",
                "before": "It is 12 km from Lorn to Vell.",
                "before_by": "v-0001",
                "after": "It is 7.5 miles from Lorn to Vell.",
                "after_by": "v-0003",
                "better": True,
            },
            {
                "question": "List three things I can see in Tarn.",
                "before": "You can see the tower, the harbour and the old mill.",
                "before_by": "v-0001",
                "after": "- the tower\n- the harbour\n- the old mill",
                "after_by": "v-0003",
                "better": True,
            },
        ],
    }


def promoted() -> Night:
    """A night that learnt, was examined and was promoted."""
    stages: dict[str, Json] = {
        "collect": {
            "sources": [
                {"path": "/home/ada/.openclaw", "program": "openclaw", "skipped": SKIPPED}
            ],
            "new": {"conversations": 14, "turns": 61, "messages": 180},
            "history": {"conversations": 58, "turns": 240, "messages": 700},
        },
        "review": {
            "secrets": 1,
            "turns_dropped": 0,
            "signals": {"correction": 9, "acceptance": 31},
            "lessons": {"kept": 3, "dropped": 6, "asked": 1},
            "facts": {"live": 4, "new": 1},
            "left_out": {"said once": 1},
            "facts_learnt": [
                lesson("f-1", "fact", "My boat is called Petrel.", 1),
                lesson("f-2", "preference", "Give me distances in miles.", 3),
            ],
        },
        "compose": {
            "dataset": "d" * 16,
            "examples": {"sft": 90, "dpo": 60, "kto": 12},
            "origins": {"tonight": 114, "replay": 20, "base": 28},
            "held_out": 13,
            "left_out": {"duplicate": 8, "order from a tool": 2, "passing": 1},
            "taught": [
                lesson("l-1", "preference", "Give me distances in miles.", 3),
                lesson("l-2", "preference", "Call me Captain when you answer.", 2),
                lesson("l-3", "correction", "No, use the weather tool when I ask about the weather.", 1),
            ],
            "reason": "",
        },
        "train": {"version": "v-0003", "rows": {"sft": 90, "dpo": 60}, "tokens": 2210, "left_out": {"too long": 3}},
        "examine": examined(),
        "decide": {
            "outcome": "promote",
            "reasons": [
                BETTER,
                "Nothing else is worse than the margin of 6 points",
            ],
        },
        "publish": {"champion": "v-0003", "previous": "v-0001"},
        "report": {},
    }  # fmt: skip
    return Night(
        run="r-20261120-120000-ab12",
        started=NOON,
        state="done",
        stages=tuple(Stage(name=name, seconds=7.5, output=output) for name, output in stages.items()),
        champion_before="v-0001",
        champion_after="v-0003",
    )


def lesson(name: str, kind: str, text: str, days_ago: int) -> Json:
    return {
        "id": name, "kind": kind, "text": text, "conversation": f"c0ffee{name}", "created": NOON - DAY * days_ago
    }  # fmt: skip


def changed(night: Night, **outputs: Json) -> Night:
    """The same night with some stages' outputs put in another's place."""
    stages = tuple(dataclasses.replace(s, output=outputs.get(s.name, s.output)) for s in night.stages)
    return dataclasses.replace(night, stages=stages)


def kept(outcome: str = "keep", reason: str = "It is not better beyond chance: +1 point (−4 to +6, n = 59)") -> Night:
    """A night whose challenger was not promoted."""
    night = changed(promoted(), decide={"outcome": outcome, "reasons": [reason]}, publish={"champion": "v-0001"})
    return dataclasses.replace(night, champion_after="v-0001")


def nothing() -> Night:
    """A night without a challenger."""
    reason = "There is too little to learn from: 3 examples, and a night needs 12"
    night = changed(
        promoted(),
        train={"version": None, "reason": reason},
        examine={},
        decide={"outcome": "keep", "reasons": [reason]},
        publish={},
    )
    return dataclasses.replace(night, champion_after="v-0001")


def stopped() -> Night:
    """A night that was interrupted after it had composed."""
    night = promoted()
    return dataclasses.replace(
        night, state="stopped", champion_after="v-0001", stages=night.stages[:3], error="You pressed Ctrl-C"
    )
