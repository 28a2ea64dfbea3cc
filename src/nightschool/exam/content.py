"""What an answer says, apart from its form: the pieces that a right answer in another form must keep.

Without it a model that only babbles in bullets would pass for one that lists the right things.
"""

from __future__ import annotations

import re

from nightschool.exam.scorers import KEPT_SHARE, holds, normal
from nightschool.records import Json, Rule

_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$", re.MULTILINE)
_INLINE = re.compile(r"((?:[\w'-]+, )+[\w'-]+,? (?:and|or) [\w'-]+)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w'-]+")
_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be in on at of to for from and or it its this that your you my i he she they we with"
        " as not no yes here there do does have has had by will can",
    )
)
_MOST = 8


def expected(answer: str, question: str, rule: Rule) -> Json:
    """List what an accepted answer held that neither the question nor the rule already says."""
    pieces = [piece for piece in pieces_of(answer) if not holds(question, piece) and not holds(rule.value, piece)]
    if not pieces:
        words = [word.strip(".,;:!?") for word in answer.split()]
        left = [word for word in words if normal(word) not in _LITTLE and not holds(question, word)]
        pieces = [word for word in left if not holds(rule.value, word)] if len(left) <= 3 else []
    return {"contains": pieces[:_MOST], "share": KEPT_SHARE} if pieces else {}


def pieces_of(answer: str) -> list[str]:
    """List the members of a list, the numbers and the names in an answer, each once."""
    listed = _BULLET.findall(answer)
    if len(listed) < 2:
        inline = _INLINE.search(answer)
        listed = re.split(r", (?:and |or )?| (?:and|or) ", inline[1]) if inline else []
    members = [member.strip(" .,;*`") for member in listed if len(member.split()) <= 4]
    plain = re.sub(r"^\s*\d+[.)]\s+", "", answer, flags=re.MULTILINE)
    found = [*members, *_NUMBER.findall(plain), *_NAME.findall(answer)]
    return list(dict.fromkeys(piece for piece in found if piece))
