"""Read a person's preference sentence as a rule.

A sentence that no kind of rule fits gives None: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nightschool.records import Rule
from nightschool.rules.words import BARE, LONG, NUMBERS, SHORT, TOOL_TOPICS, TOPICS, UNITS, UNWANTED, search

_NOT = r"(?:not|no|never|without|don't|dont|do not|stop|avoid|lose|drop|skip|instead of|rather than)"
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the my your our their his her its me you i we it is are be to of in on at for from with when if and or"
        " about any every all each some this that these those things thing questions question answers answer please"
        " comes up go what how will ask want need do does there several everything anything now next time once minute"
        " moment today",
    )
)
_SCOPE = (
    r"\b(?:when(?:ever)?|if|each time|every time) (?:i|you|we) (?:ask|want|need|talk|list|give|tell|write|mention|say)"
    r"(?: you| me)?(?: for| about| to)?(?P<topic>[^,.;!?]*?)"
    r"(?=[,.;!?]|$| (?:keep|use|be|give|answer|write|make|call|show|then|please|always|never|do|don't)\b)",
    r"\bwhen (?:the |a )?(?P<topic>[\w ]+?) comes? up\b",
    r"\b(?:for|to|in) (?P<topic>[\w ]+?) (?:questions|answers)\b",
    r"(?:^|, )(?P<topic>[\w ]+?) (?:questions )?(?:should )?go (?:to|in|through)\b",
    r"(?:^|[,;] |\buse .* )(?:for) (?P<topic>[\w ]+?)(?=[,.;!]|$| i prefer| please| use)",
    r"\b(?:check|do|look up|find|calculate|work out) (?P<topic>[\w ]+?) (?:up )?(?:with|using)\b",
    r"\blook (?P<topic>[\w ]+?) up\b",
    r"\bwants? (?P<topic>[\w ]+?) from the\b",
)


def parse(sentence: str) -> Rule | None:
    """Read a preference sentence as a rule, or return None where no kind of rule fits it."""
    text = " ".join(sentence.replace("’", "'").split()).strip()
    for read in (_address, _tool, _unit, _json, _bullets, _count, _length, _unwanted, _wanted):
        rule = read(text)
        if rule is not None:
            return rule
    return None


def slot(rule: Rule, sentence: str = "") -> str:
    """Name what a rule decides, so that two rules with one slot and different wishes contradict each other."""
    match rule.kind:
        case "bullets" | "no_bullets":
            return "list"
        case "max_words" | "min_words":
            return f"length:{' '.join(rule.topic)}"
        case "unit":
            return f"unit:{UNITS[rule.value][0] if rule.value in UNITS else 'system'}"
        case "tool":
            return f"tool:{' '.join(rule.topic) or rule.value}"
        case "contains" if _address(sentence):
            return "address"
        case "json":
            return f"format:{' '.join(rule.topic)}"
        case _:
            return f"word:{rule.value.lower()}"


def _topic(text: str, default: Iterable[str] = ()) -> tuple[str, ...]:
    """Words that a sentence limits itself to, widened by the table of topics."""
    for pattern in _SCOPE:
        found = search(pattern, text)
        words = [word for word in re.findall(r"[\w']+", found["topic"].lower()) if word not in _STOP] if found else []
        if words:
            return _widened(words)
    return tuple(default)


def _widened(words: list[str]) -> tuple[str, ...]:
    wide: list[str] = []
    for word in words:
        row = next((row for name, row in TOPICS.items() if word == name or word in row[:2]), None)
        wide += row or (word, word[:-1] if word.endswith("s") and len(word) > 3 else f"{word}s")
    return tuple(dict.fromkeys(wide))


def _address(text: str) -> Rule | None:
    named = r"(?P<name>(?:the )?['\"]?[\w'’.-]+(?: [A-Z][\w'’.-]*)*['\"]?)"
    found = re.search(
        r"(?i:\b(?:call me|address me as|address me by|to be called|refer to me as|greet me as)) " + named
        + r"(?=[,.;!]|$| (?i:from|please|when|and|not|instead|in|always|at|now|again|too|though|if|every|only))", text,
    )  # fmt: skip
    if found is None or search(rf"\b{_NOT}(?: ever)? (?:\w+ ){{0,2}}(?:call|address|refer|to be called)", text):
        return None
    name = found["name"].strip("'\".").rstrip(".")
    if name.lower() in _STOP | {"back", "later", "tomorrow", "crazy", "old", "tonight", "again", "names", "by"}:
        return None
    return Rule(kind="contains", value=name)


def _tool(text: str) -> Rule | None:
    """A habit of using a tool; the topic is the scope the sentence names, or what the tool is for."""
    if search(rf"\b{_NOT} (?:\w+ )?(?:use|using|call|check)\b.*\btool\b", text) or search(r"\?\s*$", text):
        return None
    verb = r"\b(?:use|using|call|with|through|to|from|check|run|ask|in)"
    name = r"(?P<name>(?!right\b|best\b|same\b)[\w-]+(?: [\w-]+)?)"
    named = search(rf"{verb} (?:the|your|my) {name} (?:tool|function|plugin|skill)\b", text)
    known = search(
        rf"{verb} (?:the|your|my|a) (?P<name>calculator|web ?search|search|calendar|browser|terminal|shell)\b", text
    )
    bare = search(rf"{verb} (?:the|your) tool\b", text)
    found = named or known
    if found is None and bare is None:
        return None
    name = found["name"].lower() if found else ""
    topic = _topic(text, TOPICS.get(TOOL_TOPICS.get(name, ""), ()))
    if not name:
        name = next((tool for tool, about in TOOL_TOPICS.items() if topic == TOPICS[about]), "")
    return Rule(kind="tool", value=name, topic=topic) if name and topic else None


def _unit(text: str) -> Rule | None:
    framed = r"\b(?:in|use|using|prefer|want|like|only|think|instead|need|please|always|not|give me|asked for)\b"
    if not search(framed, text):
        return None
    for system, other in (("metric", "imperial"), ("imperial", "metric")):
        if search(rf"(?<!not ){system}\b", text) and not search(rf"\b{_NOT} (?:the |use )?{system}\b", text):
            return Rule(kind="unit", value=system, instead=other)
    named = [
        (m.start(), name)
        for name, (_, word, _) in UNITS.items()
        for m in re.finditer(rf"(?<!\d)(?<!\d )\b(?:{word})(?!\w)", text, re.IGNORECASE)
    ]
    refused = {
        name
        for _, name in named
        if search(rf"\b{_NOT} (?:in |use |using |to |the |any )*(?:{UNITS[name][1]})(?!\w)", text)
    }
    wanted = [name for _, name in sorted(named) if name not in refused]
    if wanted:
        value = wanted[0]
    elif refused:
        value = _partner(next(iter(refused)))
    else:
        return None
    return Rule(kind="unit", value=value, instead=_partner(value), topic=TOPICS[UNITS[value][0]])


def _partner(unit: str) -> str:
    return next(other for other, (dimension, _, _) in UNITS.items() if dimension == UNITS[unit][0] and other != unit)


def _json(text: str) -> Rule | None:
    verb = r"(?:answer|reply|respond|output|return|give|format|want|send)"
    asked = rf"\b{verb}\b.*\bjson\b|\bjson only|\bonly json|\bjson, please"
    if not search(asked, text) or search(rf"\b{_NOT} (?:\w+ ){{0,3}}json\b", text):
        return None
    return Rule(kind="json", topic=_topic(text))


def _bullets(text: str) -> Rule | None:
    word = r"(?:bullet(?:ed|s)?(?:[- ]?(?:points?|lists?))?|own lines?|separate lines?|one (?:\w+ )?per line)"
    if not search(word, text):
        return None
    topic = _topic(text, TOPICS["list"])
    if search(rf"\b{_NOT} (?:\w+ ){{0,3}}{word}", text):
        return Rule(kind="no_bullets", topic=() if topic == TOPICS["list"] else topic)
    return Rule(kind="bullets", topic=topic)


def _count(text: str) -> Rule | None:
    """A number of words or sentences, as a limit or as a least length."""
    number = rf"(?P<n>\d+|{'|'.join(NUMBERS)}|a)"
    found = search(rf"\b{number}[- ](?P<unit>words?|sentences?|lines?)\b", text)
    if found is None:
        return _bare(text)
    n = NUMBERS.get(found["n"].lower()) or (1 if found["n"].lower() == "a" else int(found["n"]))
    plural = found["unit"].lower().rstrip("s")
    least = search(r"\b(?:at least|more than|no fewer than|not less than|minimum)\b", text[: found.end()])
    if search(r"\bmore than (?:one|a|1)\b", text):
        n, least = 2, found if not search(r"\b(?:no|not|never) (?:\w+ )?more than\b", text) else None
    most = search(
        r"\b(?:at most|under|below|max|maximum|(?:no|not|never) more than|up to|within|limit|less than"
        r"|fewer than|or less"
        r"|or fewer|keep)\b",
        text,
    )
    topic = _topic(text)
    if plural == "word":
        kind = "min_words" if least and not most else "max_words"
        return Rule(kind=kind, value=str(n), topic=topic)  # type: ignore[arg-type]
    if (least and not most) or (n == 2 and not most):
        return Rule(kind="min_words", value=f"{n} {plural}s", topic=topic)
    return Rule(kind="max_words", value=f"{n} {plural}s", topic=topic)


def _bare(text: str) -> Rule | None:
    whole = r"\b(?:whole|full|complete) sentences?\b"
    only = (
        r"\b(?:only|just) (?:give )?(?:me )?(?:with )?the answer\b|\bnothing but the answer\b"
        r"|\bthe answer itself\b|\bas few words\b"
    )
    if search(rf"\b(?:always|write|use|in|with) {whole}", text) and not search(_NOT, text):
        return Rule(kind="min_words", value="4", topic=_topic(text))
    return Rule(kind="max_words", value=BARE, topic=_topic(text)) if search(f"{only}|{whole}", text) else None


def _length(text: str) -> Rule | None:
    said = r"(?:answers?|repl(?:y|ies)|responses?|explanations?)"
    refused = rf"\b(?:{_NOT}|too|less|wrong) (?:\w+ ){{0,3}}"
    short = r"\b(?:short(?:er)?|brief(?:ly|er)?|concise(?:ly)?|terse(?:ly)?|to the point|less wordy|fewer words)\b"
    long = (
        r"\b(?:long(?:er)?|detailed|(?:in|more|with(?: more)?) details?|tell me (?:a (?:little|bit) )?more"
        r"|second sentence|add something|elaborate|thorough(?:ly)?|at length)\b"
    )
    framed = (
        r"\b(?:keep|be|write|give|like|prefer|wants?|need|make|answer|reply|only|please|always|add|tell|use|more)\b"
        rf"|\b{said}\b|^\W*\w+\W*$"
    )
    if not search(framed, text) or search(r"\b(?:how|as) (?:long|short)\b", text):
        return None
    if search(rf"{refused}{long}", text) or (search(short, text) and not search(rf"{refused}{short}", text)):
        return Rule(kind="max_words", value=SHORT, topic=_topic(text))
    if search(long, text) or search(rf"{refused}{short}", text):
        return Rule(kind="min_words", value=LONG, topic=_topic(text))
    return None


def _unwanted(text: str) -> Rule | None:
    for value, word in UNWANTED.items():
        if search(
            rf"\b{_NOT}(?: (?:use|using|any|the|with|put|add|include|ever|more|your|all|in)){{0,4}} (?:{word})\b", text
        ):
            return Rule(kind="absent", value=value, topic=_topic(text))
    never = r"\b(?:never|don't|do not|dont|stop) (?:ever )?"
    word = r"(?:['\"“‘](?P<word>[^'\"“”’]+)['\"”’]|(?P<bare>[\w-]+)(?=\s*(?:[.!]|$)))"
    say = r"(?:say|saying|write|writing|use|using|mention|mentioning) (?:the (?:word|phrase|words) )?"
    found = search(f"{never}(?:{say}|call me |calling me ){word}", text)
    if found is None:
        return None
    value = found["word"] or found["bare"]
    return Rule(kind="absent", value=value, topic=_topic(text)) if value.lower() not in _STOP else None


def _wanted(text: str) -> Rule | None:
    """A word that every answer carries."""
    answers = r"(?:your |the )?(?:answers?|repl(?:y|ies)|messages?|responses?|it|them)"
    frame = r"(?:end|finish|start|begin|close|open) (?:all |each |every |any )?(?:of )?"
    verb = rf"{frame}{answers}(?: always)? (?:with|by saying)"
    word = r"(?:['\"“‘](?P<quoted>[^'\"“”]+)['\"”’]|(?P<bare>[A-Z][\w-]*(?: [A-Z][\w-]*)*))"
    found = re.search(
        rf"(?i:\b(?:{verb}|always (?:say|include|mention|add|write)) (?:the (?:word|words|phrase) )?){word}", text
    )
    if found is None:
        return None
    return Rule(kind="contains", value=(found["quoted"] or found["bare"]).strip(), topic=_topic(text))
