"""Check answers and questions against a rule, by form alone."""

from __future__ import annotations

import json
import re

from nightschool.records import Json, Rule
from nightschool.rules.words import NUMBERS, SHORT, SYSTEMS, TOPICS, UNITS, about, search

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+\S", re.MULTILINE)
_INLINE_LIST = re.compile(r"\w, (?:[\w'-]+ ){0,2}[\w'-]+,? (?:and|or) (?:[\w'-]+ ?){1,3}(?=[.,;!\n]|$)")


def applies(rule: Rule, question: str, answer: Json | None = None) -> bool:
    """Tell whether a rule bears on a question, or on the answer that was given to it."""
    said = _said(answer) if answer is not None else ""
    if rule.kind == "unit" and any(_has_unit(unit, said) for unit in (*_units(rule.value), *_units(rule.instead))):
        return True
    if rule.kind in ("bullets", "no_bullets") and (not rule.topic or rule.topic == TOPICS["list"]):
        return bool(_asks_list(question) or (said and _is_list(said)))
    if rule.topic:
        return about(rule.topic, question)
    return rule.kind not in ("tool", "unit") and is_request(question)


def follows(rule: Rule, answer: Json) -> bool | None:
    """Check an assistant message against a rule; None where the rule does not bear on it."""
    if rule.kind == "tool":
        names = [str(call.get("function", call).get("name", "")) for call in answer.get("tool_calls") or ()]
        return any(same_tool(rule.value, name) for name in names)
    said = _said(answer).strip()
    if not said:
        return None
    match rule.kind:
        case "bullets":
            return len(_BULLET.findall(said)) >= 2 if _is_list(said) else None
        case "no_bullets":
            return not _BULLET.search(said)
        case "unit":
            return _follows_unit(rule, said)
        case "json":
            return _is_json(said)
        case "contains":
            return _has_word(rule.value, said)
        case "absent":
            return not _has_unwanted(rule.value, said)
        case _:
            return _follows_length(rule, said)


def same_tool(wanted: str, name: str) -> bool:
    """Tell whether a tool's name is the one a person means: `get_weather` is the weather tool."""
    words = re.split(r"[^a-z0-9]+", wanted.lower())
    return all(word in re.split(r"[^a-z0-9]+", name.lower()) for word in words)


def is_request(text: str) -> bool:
    """Tell whether a message asks for an answer, not merely tells something."""
    return "?" in text or bool(
        re.search(
            r"(?:^|[.!:,\n]\s*)(?:please |now |and |so |then |ok |okay |hey |hi )*(?:tell|name|list|give|show|explain|"
            r"write|describe|find|look|check|calculate|compute|add|translate|summari[sz]e|use|call|read|open|set"
            r"|search|make|draft|"
            r"run|what|which|who|whom|whose|where|when|why|how|is|are|does|do|did|can|could|will|would|should)\b",
            text,
            re.IGNORECASE,
        )
    )


def _said(answer: Json | None) -> str:
    content = (answer or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _units(name: str) -> tuple[str, ...]:
    return SYSTEMS.get(name, (name,) if name in UNITS else ())


def _has_unit(unit: str, said: str) -> bool:
    return bool(re.search(rf"\d\s?{UNITS[unit][2]}", said))


def _follows_unit(rule: Rule, said: str) -> bool | None:
    if any(_has_unit(unit, said) for unit in _units(rule.instead)):
        return False
    return True if any(_has_unit(unit, said) for unit in _units(rule.value)) else None


def _follows_length(rule: Rule, said: str) -> bool:
    number, _, unit = rule.value.partition(" ")
    limit = int(number)
    if unit.startswith("sentence"):
        length = len(re.findall(r"[.!?](?=\s|$)", said)) or 1
    elif unit.startswith("line"):
        length = len([line for line in said.splitlines() if line.strip()])
    else:
        length = len(said.split())
    if rule.kind == "min_words":
        return length >= limit
    if not unit and limit <= int(SHORT):
        bare = limit > 1 or all(len(piece.split()) <= 2 for piece in re.split(r"[,;]| and ", said))
        return "\n" not in said and length <= int(SHORT if limit == 1 else limit) if bare else False
    return length <= limit


def _asks_list(question: str) -> bool:
    if about(TOPICS["list"], question):
        return True
    many = rf"(?:\d+|{'|'.join(list(NUMBERS)[1:])}|some|several|a few|all|the)"
    asks = r"(?:name|tell me|give me|what|which|recommend|suggest)\b(?: are| me)?"
    return bool(search(rf"\b{asks} {many} (?:\w+ )?\w+[^s\W]s\b(?! is\b)", question))


def _is_list(said: str) -> bool:
    return len(_BULLET.findall(said)) >= 2 or bool(_INLINE_LIST.search(said))


def _is_json(said: str) -> bool:
    fenced = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", said, re.DOTALL)
    try:
        json.loads(fenced[1] if fenced else said)
    except ValueError:
        return False
    return True


def _has_word(word: str, said: str) -> bool:
    flags = 0 if any(letter.isupper() for letter in word) else re.IGNORECASE
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said, flags))


def _has_unwanted(value: str, said: str) -> bool:
    match value:
        case "emoji":
            return bool(_EMOJI.search(said))
        case "table":
            return bool(re.search(r"^\s*\|.*\|\s*$", said, re.MULTILINE))
        case "heading":
            return bool(re.search(r"^#{1,6} \S", said, re.MULTILINE))
        case "!" | "—" | ";":
            return value in said
        case _:
            return bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", said, re.IGNORECASE))
