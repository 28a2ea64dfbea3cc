"""What the report says of the judges: who was believed, what they said, and what the person might tell them."""

from __future__ import annotations

from nightschool.night.phrases import plural
from nightschool.records import Json


def lines(output: Json, *, asking: bool = True) -> tuple[str, ...]:
    """Say how the judges did, from what their stage left; nothing where there are none."""
    if not output:
        return ()
    sound, panel = len(output["sound"]), output["panel"]
    if sound:
        found = [f"{sound} of {plural(len(panel), 'judge')} had a vote. {_outcomes(output)}"]
    else:
        able = sum(one["sound"] for one in panel)
        found = [
            f"No judge was believed: {able} of {len(panel)} passed the test, and {output['needed']} are needed. "
            "Nothing was learnt from their scores"
        ]
    found += [f"{one['name']} had no vote: {'; '.join(one['reasons'])}" for one in panel if not one["sound"]]
    found += [_away(one) for one in panel if one.get("set_aside")]
    found += output["problems"]
    if output["noise"]:
        dropped = ", ".join(f"{count:,} {why}" for why, count in sorted(output["noise"].items()))
        found.append(f"Not shown to them: {dropped}")
    if asking and output.get("question"):
        text = output["question"]["text"]
        found.append(f"One question: was the answer to “{text}” good? `nightschool judges ask`")
    return tuple(found)


def _outcomes(output: Json) -> str:
    counts, bars = output["outcomes"], output["thresholds"]
    said = [
        f"{counts.get('good', 0):,} good ({bars['good']:g} or more)",
        f"{counts.get('bad', 0):,} bad ({bars['bad']:g} or less)",
        f"{counts.get('unclear', 0):,} between",
        f"{counts.get('disagreement', 0):,} more than {bars['spread']:g} apart",
        f"{counts.get('no verdict', 0):,} without enough votes",
    ]
    return f"Of {plural(sum(counts.values()), 'answer')} they called {', '.join(said)}"


def _away(one: Json) -> str:
    problem = next(iter(one["problems"]), "no answer")
    return f"{one['name']} was left alone after a while ({problem}); {plural(one['unasked'], 'question')} not asked"
