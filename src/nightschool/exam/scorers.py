"""How an answer is scored without a judge: by a rule, by what it holds, by the call it makes.

Pure. Every scorer gives 0 or 1; `margin` compares two recorded answers and gives nats per token.
Scores of two sittings are comparable only where `HASH` is the same.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nightschool import rules
from nightschool.records import Answer, Item, Json

if TYPE_CHECKING:
    from nightschool.models.model import Likelihood


def _sources_hash() -> str:
    sources = [Path(__file__), *sorted(Path(rules.__file__).parent.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


HASH = _sources_hash()
"""Changes with this file and with the rules it calls."""

KEPT_SHARE = 0.6
"""Of the pieces that the accepted answer held: all of one or two, two of three, three of five."""

_KNOW = "know|find|have|recall|recogni[sz]e|see|tell|say|mention|contain|exist|provide|verify|confirm|access|determine"
_GIVEN = "sure|aware|familiar|certain|mentioned|given|listed|stated|told|said|available|included|heard|known|been"
_DECLINES = re.compile(
    rf"\b(?:do|does|did|could|can|would)(?: ?not|n't) (?:\w+ )?(?:{_KNOW})\b"
    rf"|\b(?:unable|not able) to (?:\w+ )?(?:{_KNOW})\b"
    rf"|\b(?:am|is|are|'m|was|were|have|has|had)(?: not|n't) (?:\w+ )?(?:{_GIVEN})\b"
    r"|\b(?:no|any) (?:\w+ )?(?:information|record|knowledge|mention|idea|details|data|such)\b"
    r"|\bnever (?:told|said|mentioned|heard)\b|\b(?:fictional|fictitious|made[- ]up|imaginary|unknown)\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def score(item: Item, answer: Answer) -> float:
    """Score one answer, 1 right and 0 wrong; `margin` items have no answer and are a ValueError."""
    match item.scorer:
        case "rule":
            right = _keeps_rule(item, answer)
        case "contains" | "fact":
            right = not answer.tool_calls and _holds(item, answer.text)
        case "exact":
            right = not answer.tool_calls and _bare(answer.text) == _bare(str(item.expected["text"]))
        case "tool":
            right = _calls(answer, item.expected)
        case "json":
            right = not answer.tool_calls and _json_matches(answer.text, item.expected)
        case "unknown":
            right = not answer.tool_calls and _declines(item, answer.text)
        case _:
            raise ValueError(f"{item.scorer!r} is not scored by an answer")
    return float(right)


def margin(accepted: Likelihood, rejected: Likelihood) -> float:
    """Say by how many nats per token the accepted answer is likelier; not a number where either is empty."""
    if not accepted.tokens or not rejected.tokens:
        return math.nan
    return accepted.mean - rejected.mean


def holds(text: str, piece: str) -> bool:
    """Tell whether a text holds a piece as whole words or as a whole number."""
    wanted = re.escape(normal(piece))
    return bool(wanted) and re.search(rf"(?<![\w.]){wanted}(?!\w|\.\d)", normal(text)) is not None


def normal(text: str) -> str:
    """Fold case, width, spacing, emphasis marks and thousands separators."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", plain)
    return " ".join(re.sub(r"[*_`]+", "", plain).split())


def _keeps_rule(item: Item, answer: Answer) -> bool:
    assert item.rule is not None
    if rules.follows(item.rule, answer.message()) is not True:
        return False
    return item.rule.kind == "tool" or (not answer.tool_calls and _holds(item, answer.text))


def _holds(item: Item, text: str) -> bool:
    """Check `contains` (each a piece or a list of equally good ones) and `absent`."""
    wanted: list[str | list[str]] = item.expected.get("contains", [])
    if "object" in item.expected:
        wanted = [*wanted, item.expected["object"]]
    if any(holds(text, piece) for piece in item.expected.get("absent", [])):
        return False
    found = sum(any(holds(text, piece) for piece in ([one] if isinstance(one, str) else one)) for one in wanted)
    return found >= math.ceil(float(item.expected.get("share", 1.0)) * len(wanted))


def _bare(text: str) -> str:
    return normal(text).strip(" .!?\"'")


def _calls(answer: Answer, expected: Json) -> bool:
    """One call and no other, of the same name, with equal arguments."""
    if len(answer.tool_calls) != 1:
        return False
    call = answer.tool_calls[0]
    return call.get("name") == expected["name"] and _same(call.get("arguments"), expected["arguments"])


def _same(left: object, right: object) -> bool:
    return _canonical(left) == _canonical(right)


def _canonical(value: object) -> str:
    """JSON with sorted keys; case and spacing of strings are folded, and `2.0` is `2`."""
    return json.dumps(_folded(value), sort_keys=True, default=str)


def _folded(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _folded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_folded(item) for item in value]
    if isinstance(value, str):
        return normal(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _json_matches(text: str, expected: Json) -> bool:
    """The whole answer is JSON, fenced or not; it has the keys, only them, and the values asked for."""
    fenced = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", text, re.DOTALL)
    try:
        read = json.loads(fenced[1] if fenced else text)
    except ValueError:
        return False
    if "keys" in expected and (not isinstance(read, dict) or sorted(read) != sorted(expected["keys"])):
        return False
    return "value" not in expected or _same(read, expected["value"])


def _declines(item: Item, text: str) -> bool:
    """Admit not knowing, and state neither a forbidden value nor a number that nobody gave."""
    if not _DECLINES.search(normal(text)):
        return False
    if any(holds(text, piece) for piece in item.expected.get("absent", [])):
        return False
    given = " ".join(str(message.get("content") or "") for message in item.prompt.messages)
    return all(_YEAR.fullmatch(number) or number in given for number in _numbers(text))


def _numbers(text: str) -> Sequence[str]:
    return re.findall(r"\d{3,}", text)
