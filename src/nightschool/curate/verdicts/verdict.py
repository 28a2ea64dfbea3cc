"""What a person's next words say of the answer before them: praise, complaint, both, or nothing.

Pure, and careful rather than complete: where the words are mixed, quoted, about something else or
only consent to an offer, it says nothing, and the outcome is left to the judges.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from nightschool.curate import faults, kept, wording
from nightschool.curate.verdicts import (
    against,
    asides,
    complaints,
    cues,
    evasive,
    leaving,
    outcomes_told,
    pieces,
    praise,
    reasked,
    relation,
    reports,
    sequel,
    values,
)
from nightschool.records import SignalKind

_PRAISES = (
    praise.WORKED, praise.PRAISED, kept.USED, sequel.CAME_RIGHT, sequel.KEPT_SO, reports.CAME_WELL, reports.STANDS,
    outcomes_told.WENT_WELL,
)  # fmt: skip
_BLAMES = (complaints.WRONG, faults.DOES_WRONG, reports.WENT_AGAINST, outcomes_told.WENT_BADLY)
_LEAVES = ("abandoned", "edit_reverted")
_PASTE_LINES = 8
_LONGEST = 4_000
"""Letters of a message that are read, half of them its first: a verdict stands at an end of what is longer."""


class Verdict(NamedTuple):
    """One reading of a person's words."""

    kind: SignalKind
    polarity: Literal[-1, 0, 1]
    strength: float


def read(
    words: str,
    *,
    asked: str,
    answer: str,
    edited: bool = False,
    earlier: str = "",
    shown: str = "",
    again: bool = False,
) -> Verdict | None:
    """Read a verdict on an answer out of the person's next words, or nothing.

    `asked` is what the answer was to, `earlier` what else was asked before it; `edited` tells that the answer
    changed a file; `shown` is what its tools printed, whose numbers the person may repeat;
    `again` that it was a further try at one need.
    """
    found = _read(words, asked=asked, answer=answer, edited=edited, earlier=earlier, shown=shown, again=again)
    if found is None or found.kind == "reask":
        return found
    sort: relation.Sort = "praise" if found.polarity > 0 else "leaving" if found.kind in _LEAVES else "blame"
    before = "\n".join(_ends(text, 2 * _LONGEST) for text in (asked, answer, earlier, shown))
    return None if relation.is_elsewhere(_own(words), before, sort) else found


def _read(
    words: str, *, asked: str, answer: str, edited: bool, earlier: str, shown: str, again: bool
) -> Verdict | None:
    said, asked, answer = _own(words), _ends(asked, 2 * _LONGEST), _ends(answer, 2 * _LONGEST)
    if is_beside(said) or cues.PASTED.match(said):
        return None
    undone = _weigh(leaving.UNDONE + reports.TAKEN_BACK + outcomes_told.PUT_BACK, said)
    gave_up = _weigh(leaving.GAVE_UP + reports.LET_GO + outcomes_told.WALKED_OFF, said)
    leaves = cues.GIVES_UP.match(said) and not cues.FOUND_OUT.search(said)
    if (leaves or (gave_up and not (_praised(said) or cues.FIRST.search(said)))) and "?" not in said:
        return Verdict("abandoned", -1, 0.9)
    if undone and not (kept.KEPT.search(said) or cues.ASKING.match(said) or cues.SUPPOSES.search(said)):
        return Verdict("edit_reverted", -1, 0.9)
    offered = is_offer(answer, asked)
    if answer.rstrip().endswith("?") and cues.ASKED_WELL.match(said):
        return Verdict("acceptance", 1, 0.7)
    if cues.IRONIC.match(said) or cues.SURPRISED.match(said) or cues.STATE_CHANGED.search(said):
        return None
    if offered and not cues.ACCUSES.search(said):
        # Whoever was asked answers; the trouble that is told then is not the answer's.
        return None
    if asides.AWAY.search(said) and not _praised(said):
        return None
    if not offered and (cues.AS_WANTED.search(said) or cues.CHECK_SAYS.search(words)) and "?" not in said:
        return Verdict("acceptance", 1, 0.8)
    good, bad = _praised(said), _complained(said, asked, f"{answer}\n{' '.join(re.findall(r'[0-9][0-9.,]*', shown))}")
    # "No drips any more" opens like a refusal.
    bad += 0.0 if offered or _weigh(sequel.CAME_RIGHT, said) else _weigh(complaints.REFUSED, said)
    bad += 1.0 if not good and not offered and faults.forbidden(said, f"{earlier}\n{asked}") else 0.0
    if (good or bad) and pieces.mixed(words if words.count("\n") < _PASTE_LINES else said, f"{asked} {answer} {shown}"):
        return Verdict("partial", 0, 0.5)
    mild = _mildly(said)
    parted = re.search(r"(?i)\b(?:first|one|1)\b[^?]*[,.;] (?:but |and )?(?:the )?(?:second|other|2)\b", said)
    if not (offered or good) and evasive.asks_on(said, asked, answer):
        return Verdict("reask", -1, 0.7)
    if bad >= 0.5 and ((not good and mild) or parted):
        return Verdict("partial", 0, 0.4)
    if good and bad >= 0.7:
        mocking = re.match(
            rf"(?i)^\W*(?:oh |well |ah )?(?:{praise.GOOD})\W+(?:now|another|thanks for|just what)\b", said
        )
        return Verdict("correction", -1, 0.8) if mocking else Verdict("partial", 0, 0.5)
    turned = not (offered or good or mild or cues.FIRST.search(said))
    if turned and evasive.goes_elsewhere(said, asked, answer, again=again):
        return Verdict("abandoned", -1, 0.7)
    if good and not offered:
        return _praise(said, about=f"{asked} {answer}", edited=edited)
    if (
        not bad
        and not offered
        and not against.denies(said)
        and (sequel.went_well(said, asked, answer) or against.confirms_cause(said, asked, answer))
    ):
        return Verdict("acceptance", 1, 0.8)
    if not bad and not offered and against.takes_up(said, asked, answer):
        return Verdict("acceptance", 1, 0.8)
    chosen = re.fullmatch(r"(?i)\W*(?:(?:ok|great|nice|yes|then)\W+)*(.{2,40}?) it is\W*", said)
    if chosen and not bad and wording.content(chosen[1]) and wording.content(chosen[1]) <= wording.content(answer):
        return Verdict("acceptance", 1, 0.8)
    if not bad and not offered and cues.CHOSE.match(said) and wording.content(said) & wording.content(answer):
        return Verdict("acceptance", 1, 0.7)
    if cues.WANTS_MORE.search(said) and bad < 2.0:
        # Who asks for one more of the kind has got what they wanted.
        return None
    if bad >= 1.0 and not _is_question(said, bad):
        return Verdict("correction", -1, min(1.0, 0.6 + 0.2 * bad))
    if not offered and not good and not mild and reasked.repeats(said, asked, answer):
        return Verdict("reask" if said.rstrip().endswith("?") else "correction", -1, 0.7)
    if pieces.mixed(said, f"{asked} {answer} {shown}"):
        return None if offered else Verdict("partial", 0, 0.4)
    if not offered and reasked.is_same(said, asked):
        return Verdict("reask", -1, 0.7)
    if edited and "?" in said and cues.CURRENT.search(said):
        return None
    repeated = reasked.asks_again(said, asked, answer) or _weigh(complaints.ASKED_AGAIN, said)
    if repeated and not offered and not good and not mild:
        return Verdict("reask", -1, 0.7)
    return None


def _own(words: str) -> str:
    """The person's words without quotations, and of a long paste the first and the last lines only."""
    words = _ends(words, 2 * _LONGEST)
    said = cues.QUOTED.sub(" ", words).strip() or words
    lines = said.splitlines()
    return _ends("\n".join([*lines[:2], *lines[-2:]]) if len(lines) > _PASTE_LINES else said, _LONGEST)


def _ends(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest // 2]}\n{text[-longest // 2 :]}"


def is_offer(answer: str, asked: str = "") -> bool:
    """Tell whether an answer ends in a question or only proposes, so that a yes or no answers it."""
    if cues.LETTER.search(asked) and cues.GREETS.match(answer):
        # The question in a letter that was asked for is put to whoever gets it.
        return False
    # A draft or a quotation in the answer asks somebody else.
    answer = cues.QUOTED.sub(" ", _ends(answer, 2 * _LONGEST))
    lines = [line for line in answer.strip().splitlines() if line.strip()]
    if not lines:
        return False
    return lines[-1].rstrip(" \"'*_)»”").endswith(("?", "？")) or bool(cues.OFFER.search(answer.strip()))


def is_beside(said: str) -> bool:
    """Tell whether the words are a slip of the person's own, a changed wish, or another one's verdict."""
    if sequel.SECONDED.search(said):
        return False
    return any(pattern.search(said) for pattern in (asides.OWN_SLIP, asides.CHANGED_WISH, asides.OTHERS))


def _weigh(rows: praise.Table, said: str) -> float:
    return sum(weight for pattern, weight in rows if pattern.search(said))


def _strong(rows: praise.Table, said: str) -> bool:
    return any(weight >= 1.0 and pattern.search(said) for pattern, weight in rows)


def _praised(said: str) -> float:
    """The weight of praise that is neither negated nor asked for."""
    total = 0.0
    for table in _PRAISES:
        for pattern, weight in table:
            match = pattern.search(said)
            if (
                match
                and not cues.NEGATED.search(said[: match.start()])
                and not _asks(said[match.start() : match.end() + 40])
                and not _in_question(said, match)
            ):
                total += weight
    return total


def _in_question(said: str, match: re.Match[str]) -> bool:
    """Whether the match stands in a sentence that opens as a question: "is that the same as in Java?"."""
    opening = max((said.rfind(mark, 0, match.start() + 1) for mark in ".!?\n"), default=-1) + 1
    sentence = re.match(r"[^.!?\n]*\??", said[opening:])
    return sentence is not None and sentence[0].endswith("?") and cues.ASKS_WHETHER.match(sentence[0]) is not None


def _mildly(said: str) -> bool:
    """Whether a part of the answer is approved of."""
    return any(not cues.NEGATED.search(said[: match.start()]) for match in cues.MILD.finditer(said))


def _complained(said: str, asked: str, answer: str) -> float:
    if faults.echoed(said, asked, answer):
        return 1.0
    found = sum(_weigh(table, said) for table in _BLAMES) + against.weight(said, asked, answer)
    found += values.weight(said, asked, answer)
    return found + (1.0 if faults.denied(said, asked, answer) else 0.0)


def _praise(said: str, *, about: str, edited: bool) -> Verdict | None:
    """Praise, unless something else in the words takes part of it back."""
    if cues.PART.search(said) or _takes_back(said, about):
        return Verdict("partial", 0, 0.4)
    weight = _praised(said)
    ended = sum(_weigh(table, said) for table in (sequel.CAME_RIGHT, sequel.KEPT_SO, reports.CAME_WELL, reports.STANDS))
    if against.denies(_untold(said) if ended else said) or weight < 0.6 or _of_others(said):
        return None
    if said.rstrip().endswith("?") and not (ended or _weigh(praise.WORKED, said) or _weigh(kept.USED, said)):
        return None
    if _weigh(sequel.KEPT_SO, said) or _weigh(reports.STANDS, said):
        return Verdict("edit_kept", 1, 0.95)
    if kept.KEPT.search(said) and (_weigh(kept.USED, said) or edited):
        return Verdict("edit_kept", 1, 0.95)
    if edited and _weigh(kept.USED, said):
        return Verdict("edit_kept", 1, 0.85)
    return Verdict("acceptance", 1, 0.9 if weight >= 1.0 else 0.6)


def _of_others(said: str) -> bool:
    """Whether what pleased was before the answer, or somebody's who knows nothing of it."""
    return cues.LONG_AGO.search(said) is not None or cues.STRANGER.match(said) is not None


def _untold(said: str) -> str:
    """The words without what tells an end, which may hold a no of its own: "not a comma changed"."""
    for table in (sequel.CAME_RIGHT, sequel.KEPT_SO, reports.CAME_WELL, reports.STANDS):
        for pattern, _ in table:
            said = pattern.sub(" ", said)
    return said


def _takes_back(said: str, about: str) -> bool:
    """Whether a later part of the words finds fault with a part of what an earlier one praised."""
    said = re.sub(r"[^.!?\n]*\?", " ", said)
    parts = [part for part in re.split(r"[.,;!?\n]+\s", said) if part.strip()]
    last = max((place for place, part in enumerate(parts) if _praised(part)), default=len(parts))
    rest = [part for part in parts[last + 1 :] if not _praised(part)]
    praised = wording.content(" ".join(parts[: last + 1]))
    return any(
        against.FAULT.search(part) or cues.OTHER_PART.match(part) or _turns_to(part, wording.content(about) - praised)
        for part in rest
    )


def _turns_to(part: str, others: set[str]) -> bool:
    """Whether a part of the words states something of another thing than the one that was praised."""
    told = re.match(
        r"(?i)\W*(?:and )?(?:the |my |our |that )?(?P<what>[\w'’-]+?)(?:['’]s| is| are| was| were| went| has| makes?"
        r"| \w+s)\b",
        part,
    )
    return bool(
        told and wording.content(told["what"]) & others and not re.search(r"(?i)\d|\b(?:now|since|again|no)\b", part)
    )


def _asks(said: str) -> bool:
    """Whether the words are a question, or ask for what they name to be done."""
    return bool(
        re.match(
            r"(?i)\W*(?:can|could|would|will|should|how|what|why|where|when|did|do|does|is|are|was|were|kannst|wie"
            r"|comment|cómo)\b[^.!\n]*\?",
            said,
        )
    )


def _is_question(said: str, bad: float) -> bool:
    """Whether it is a question without a clear complaint; "what is wrong with it" asks, "it is wrong?!" does not."""
    if re.fullmatch(
        r"(?i)\W*(?:and |so |ok )?(?!who (?:said|asked)\b|does the (?:exact )?opposite|.*"
        r"\bi (?:asked|wanted|ordered)\b)"
        r"(?:what|why|where|who|how|which|is|are|did|does|do|could|can)\b[^.,;!]*",
        said,
    ):
        return True
    return bad < 2.0 and _asks(said) and not any(_strong(table, said) for table in _BLAMES)
