"""Turn a person's preference sentence into a rule that can be checked, and check answers with it.

Pure. A sentence that no rule fits gives None: nothing is guessed. Two readings are loose on purpose. "Short" is six
words on one line, and "one word" or "only the answer" is a bare value: a list of three or a number with its unit
passes, a sentence does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from nightschool.records import Json, Rule

SHORT = "6"
BARE = "1"
LONG = "2 sentences"

UNITS: dict[str, tuple[str, str, str]] = {
    # name: dimension, how it is named in a sentence, how it stands behind a number
    "miles": ("distance", r"miles?", r"(?:miles?|mi)\b"),
    "km": ("distance", r"kilomet(?:er|re)s?|kms?", r"(?:kilomet(?:er|re)s?|kms?)\b"),
    "Fahrenheit": ("temperature", r"fahrenheit|°\s?F", r"(?:°\s?|degrees? )?(?:F|[Ff]ahrenheit)\b"),
    "Celsius": ("temperature", r"celsius|centigrade|°\s?C", r"(?:°\s?|degrees? )?(?:C|[Cc]elsius|[Cc]entigrade)\b"),
    "pounds": ("weight", r"pounds?|lbs?", r"(?:pounds?|lbs?)\b"),
    "kg": ("weight", r"kilograms?|kilos?|kgs?", r"(?:kilograms?|kilos?|kgs?)\b"),
    "feet": ("height", r"feet|foot|ft", r"(?:feet|foot|ft)\b"),
    "metres": ("height", r"met(?:er|re)s", r"(?:met(?:er|re)s?|m)\b"),
    "inches": ("length", r"inches|inch", r"inch(?:es)?\b"),
    "cm": ("length", r"centimet(?:er|re)s?|cms?", r"(?:centimet(?:er|re)s?|cms?)\b"),
    "ounces": ("amount", r"ounces?|oz", r"(?:ounces?|oz)\b"),
    "grams": ("amount", r"grams?|grammes?", r"(?:gram(?:me)?s?|g)\b"),
    "gallons": ("volume", r"gallons?", r"(?:gallons?|gal)\b"),
    "litres": ("volume", r"lit(?:er|re)s?", r"(?:lit(?:er|re)s?|l)\b"),
    "24 hours": ("clock", r"24[- ]?h(?:ours?|r)?\b(?: clock| time)?", r":\d\d\b(?!\s?[apAP]\.?[mM])"),
    "12 hours": ("clock", r"12[- ]?h(?:ours?|r)?\b(?: clock| time)?|am/pm|am and pm", r"(?::\d\d)?\s?[apAP]\.?[mM]\b"),
}
SYSTEMS = {
    "metric": ("km", "Celsius", "kg", "metres", "cm", "grams", "litres"),
    "imperial": ("miles", "Fahrenheit", "pounds", "feet", "inches", "ounces", "gallons"),
}
TOPICS: dict[str, tuple[str, ...]] = {
    "distance": ("far", "distance", "distances", "way", "kilometres", "miles", "km", "travel"),
    "temperature": ("temperature", "temperatures", "warm", "cold", "hot", "degrees", "fahrenheit", "celsius"),
    "weight": ("weigh", "weighs", "weight", "weights", "heavy"),
    "height": ("tall", "high", "height", "heights", "deep"),
    "length": ("wide", "length", "width"),
    "amount": ("recipe", "ingredients", "weigh"),
    "volume": ("litres", "gallons", "volume", "fuel"),
    "clock": ("time", "when", "clock", "o'clock"),
    "list": ("list", "lists", "listing", "bullets", "items"),
    "weather": ("weather", "rain", "raining", "sunny", "snow", "coat", "umbrella", "forecast"),
    "sum": ("sum", "sums", "plus", "minus", "times", "calculate", "arithmetic", "maths", "math"),
}
"""Words of a question that show what it is about; a scope that names one of them stands for all of its row."""
TOOL_TOPICS = {"calculator": "sum", "weather": "weather"}
NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)}
UNWANTED = {
    "emoji": r"emojis?|emoticons?|smileys?",
    "!": r"exclamation marks?|exclamation points?",
    "—": r"em[- ]?dash(?:es)?",
    ";": r"semicolons?",
    "table": r"tables?",
    "heading": r"headings?|headers?",
}
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+\S", re.MULTILINE)
_INLINE_LIST = re.compile(r"\w, (?:[\w'-]+ ){0,2}[\w'-]+,? (?:and|or) (?:[\w'-]+ ?){1,3}(?=[.,;!\n]|$)")
_NOT = r"(?:not|no|never|without|don't|dont|do not|stop|avoid|lose|drop|skip|instead of|rather than)"
_STOP = frozenset(
    "a an the my your our their his her its me you i we it is are be to of in on at for from with when if and or about "
    "any every all each some this that these those things thing questions question answers answer please comes up go "
    "what how will ask want need do does there several everything anything me now next time once minute moment today".split()
)
_SCOPE = (
    r"\b(?:when(?:ever)?|if|each time|every time) (?:i|you|we) (?:ask|want|need|talk|list|give|tell|write|mention|say)"
    r"(?: you| me)?(?: for| about| to)?(?P<topic>[^,.;!?]*?)(?=[,.;!?]|$| (?:keep|use|be|give|answer|write|make|call|show|then|please|always|never|do|don't)\b)",
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


def applies(rule: Rule, question: str, answer: Json | None = None) -> bool:
    """Tell whether a rule bears on a question, or on the answer that was given to it."""
    said = _said(answer) if answer is not None else ""
    if rule.kind == "unit" and any(_has_unit(unit, said) for unit in (*_units(rule.value), *_units(rule.instead))):
        return True
    if rule.kind in ("bullets", "no_bullets") and (not rule.topic or rule.topic == TOPICS["list"]):
        return bool(_asks_list(question) or (said and _is_list(said)))
    if rule.topic:
        return _about(rule.topic, question)
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


def same_tool(wanted: str, name: str) -> bool:
    """Tell whether a tool's name is the one a person means: `get_weather` is the weather tool."""
    words = re.split(r"[^a-z0-9]+", wanted.lower())
    return all(word in re.split(r"[^a-z0-9]+", name.lower()) for word in words)


def is_request(text: str) -> bool:
    """Tell whether a message asks for an answer, not merely tells something."""
    return "?" in text or bool(
        re.search(
            r"(?:^|[.!:,\n]\s*)(?:please |now |and |so |then |ok |okay |hey |hi )*(?:tell|name|list|give|show|explain|write|describe|"
            r"find|look|check|calculate|compute|add|translate|summari[sz]e|use|call|read|open|set|search|make|draft|run|"
            r"what|which|who|whom|whose|where|when|why|how|is|are|does|do|did|can|could|will|would|should)\b",
            text,
            re.IGNORECASE,
        )
    )


def _said(answer: Json | None) -> str:
    content = (answer or {}).get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)


def _topic(text: str, default: Iterable[str] = ()) -> tuple[str, ...]:
    """Words that a sentence limits itself to, widened by the table of topics."""
    for pattern in _SCOPE:
        found = _search(pattern, text)
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


def _about(topic: tuple[str, ...], question: str) -> bool:
    if "sum" in topic and re.search(r"\d\s*[-+*/x×÷]\s*\d", question):
        return True
    words = set(re.findall(r"[\w']+", question.lower()))
    return any(word in words for word in topic)


def _address(text: str) -> Rule | None:
    named = r"(?P<name>(?:the )?['\"]?[\w'’.-]+(?: [A-Z][\w'’.-]*)*['\"]?)"
    found = re.search(
        r"(?i:\b(?:call me|address me as|address me by|to be called|refer to me as|greet me as)) " + named
        + r"(?=[,.;!]|$| (?i:from|please|when|and|not|instead|in|always|at|now|again|too|though|if|every|only))", text,
    )  # fmt: skip
    if found is None or _search(rf"\b{_NOT}(?: ever)? (?:\w+ ){{0,2}}(?:call|address|refer|to be called)", text):
        return None
    name = found["name"].strip("'\".").rstrip(".")
    if name.lower() in _STOP | {"back", "later", "tomorrow", "crazy", "old", "tonight", "again", "names", "by"}:
        return None
    return Rule(kind="contains", value=name)


def _tool(text: str) -> Rule | None:
    """A habit of using a tool; the topic is the scope the sentence names, or what the tool is for."""
    if _search(rf"\b{_NOT} (?:\w+ )?(?:use|using|call|check)\b.*\btool\b", text) or _search(r"\?\s*$", text):
        return None
    verb = r"\b(?:use|using|call|with|through|to|from|check|run|ask|in)"
    named = _search(
        rf"{verb} (?:the|your|my) (?P<name>(?!right\b|best\b|same\b)[\w-]+(?: [\w-]+)?) (?:tool|function|plugin|skill)\b",
        text,
    )
    known = _search(
        rf"{verb} (?:the|your|my|a) (?P<name>calculator|web ?search|search|calendar|browser|terminal|shell)\b", text
    )
    bare = _search(rf"{verb} (?:the|your) tool\b", text)
    found = named or known
    if found is None and bare is None:
        return None
    name = found["name"].lower() if found else ""
    topic = _topic(text, TOPICS.get(TOOL_TOPICS.get(name, ""), ()))
    if not name:
        name = next((tool for tool, about in TOOL_TOPICS.items() if topic == TOPICS[about]), "")
    return Rule(kind="tool", value=name, topic=topic) if name and topic else None


def _unit(text: str) -> Rule | None:
    if not _search(r"\b(?:in|use|using|prefer|want|like|only|think|instead|need|please|always|not)\b", text):
        return None
    for system, other in (("metric", "imperial"), ("imperial", "metric")):
        if _search(rf"(?<!not ){system}\b", text) and not _search(rf"\b{_NOT} (?:the |use )?{system}\b", text):
            return Rule(kind="unit", value=system, instead=other)
    named = [
        (m.start(), name)
        for name, (_, word, _) in UNITS.items()
        for m in re.finditer(rf"(?<!\d)(?<!\d )\b(?:{word})(?!\w)", text, re.IGNORECASE)
    ]
    refused = {
        name
        for _, name in named
        if _search(rf"\b{_NOT} (?:in |use |using |to |the |any )*(?:{UNITS[name][1]})(?!\w)", text)
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
    if _search(
        r"\b(?:(?:answer|reply|respond|output|return|give|format|want|send)\b.*\b(?:as|in|only|with|valid)?\s*json|json only|only json|json, please)\b",
        text,
    ):
        return None if _search(rf"\b{_NOT} (?:\w+ ){{0,3}}json\b", text) else Rule(kind="json", topic=_topic(text))
    return None


def _bullets(text: str) -> Rule | None:
    word = r"(?:bullets?(?:[- ]?(?:points?|lists?))?|bulleted lists?|(?:its|their|a|one|own) own lines?|own line|separate lines?|one (?:item |thing )?per line)"
    if not _search(word, text):
        return None
    topic = _topic(text, TOPICS["list"])
    if _search(rf"\b{_NOT} (?:\w+ ){{0,3}}{word}", text):
        return Rule(kind="no_bullets", topic=() if topic == TOPICS["list"] else topic)
    return Rule(kind="bullets", topic=topic)


def _count(text: str) -> Rule | None:
    """A number of words or sentences, as a limit or as a least length."""
    number = rf"(?P<n>\d+|{'|'.join(NUMBERS)}|a)"
    found = _search(rf"\b{number}[- ](?P<unit>words?|sentences?|lines?)\b", text)
    if found is None:
        return _bare(text)
    n = NUMBERS.get(found["n"].lower()) or (1 if found["n"].lower() == "a" else int(found["n"]))
    plural = found["unit"].lower().rstrip("s")
    least = _search(r"\b(?:at least|more than|no fewer than|not less than|minimum)\b", text[: found.end()])
    if _search(r"\bmore than (?:one|a|1)\b", text):
        n, least = 2, found if not _search(r"\b(?:no|not|never) (?:\w+ )?more than\b", text) else None
    most = _search(
        r"\b(?:at most|under|below|max|maximum|no more than|not more than|never more than|up to|within|limit|less than|fewer than|or less|or fewer|keep)\b",
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
    if _search(
        r"\b(?:only|just) (?:give )?(?:me )?(?:with )?the answer\b|\bnothing but the answer\b|\bas few words\b|\b(?:whole|full|complete) sentences?\b",
        text,
    ):
        if _search(r"\b(?:always|write|use|in|with) (?:whole|full|complete) sentences?\b", text) and not _search(
            _NOT, text
        ):
            return Rule(kind="min_words", value="4", topic=_topic(text))
        return Rule(kind="max_words", value=BARE, topic=_topic(text))
    return None


def _length(text: str) -> Rule | None:
    said = r"(?:answers?|repl(?:y|ies)|responses?|explanations?)"
    refused = rf"\b(?:{_NOT}|too|less|wrong) (?:\w+ ){{0,3}}"
    short = r"\b(?:short(?:er)?|brief(?:ly|er)?|concise(?:ly)?|terse(?:ly)?|to the point|less wordy|fewer words)\b"
    long = r"\b(?:long(?:er)?|detailed|(?:in|more|with more) details?|tell me (?:a (?:little|bit) )?more|second sentence|add something|elaborate|thorough(?:ly)?|at length)\b"
    framed = rf"\b(?:keep|be|write|give|like|prefer|want|wants|need|make|answer|reply|only|please|always|add|tell|use|more)\b|\b{said}\b|^\W*\w+\W*$"
    if not _search(framed, text) or _search(r"\b(?:how|as) (?:long|short)\b", text):
        return None
    if _search(rf"{refused}{long}", text) or (_search(short, text) and not _search(rf"{refused}{short}", text)):
        return Rule(kind="max_words", value=SHORT, topic=_topic(text))
    if _search(long, text) or _search(rf"{refused}{short}", text):
        return Rule(kind="min_words", value=LONG, topic=_topic(text))
    return None


def _unwanted(text: str) -> Rule | None:
    for value, word in UNWANTED.items():
        if _search(
            rf"\b{_NOT}(?: (?:use|using|any|the|with|put|add|include|ever|more|your|all|in)){{0,4}} (?:{word})\b", text
        ):
            return Rule(kind="absent", value=value, topic=_topic(text))
    quoted = r"['\"“‘](?P<word>[^'\"“”’]+)['\"”’]"
    found = _search(
        rf"\b(?:never|don't|do not|dont|stop) (?:ever )?(?:say|saying|write|writing|use|using|mention|mentioning) (?:the (?:word|phrase|words) )?(?:{quoted}|(?P<bare>[\w-]+)(?=\s*(?:[.!]|$)))",
        text,
    )
    if found is None:
        found = _search(
            rf"\b(?:don't|do not|dont|never|stop) (?:call|calling) me {quoted.replace('word', 'word')}|\b(?:don't|do not|dont|never|stop) (?:call|calling) me (?P<bare>[A-Z][\w-]+)",
            text,
        )
    if found is None:
        return None
    value = found["word"] or found["bare"]
    return Rule(kind="absent", value=value, topic=_topic(text)) if value.lower() not in _STOP else None


def _wanted(text: str) -> Rule | None:
    """A word that every answer carries."""
    found = re.search(
        r"(?i:\b(?:end|finish|start|begin|close|open) (?:all |each |every |any )?(?:of )?(?:your |the )?(?:answers?|repl(?:y|ies)|messages?|responses?|it|them)(?: always)? (?:with|by saying)"
        r"|\balways (?:say|include|mention|add|write)) (?i:the (?:word|words|phrase) )?(?:['\"“‘](?P<quoted>[^'\"“”]+)['\"”’]|(?P<bare>[A-Z][\w-]*(?: [A-Z][\w-]*)*))",
        text,
    )  # fmt: skip
    if found is None:
        return None
    return Rule(kind="contains", value=(found["quoted"] or found["bare"]).strip(), topic=_topic(text))


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
    if _about(TOPICS["list"], question):
        return True
    many = rf"(?:\d+|{'|'.join(list(NUMBERS)[1:])}|some|several|a few|all|the)"
    return bool(
        _search(
            rf"\b(?:name|tell me|give me|what|which|recommend|suggest)\b(?: are| me)? {many} (?:\w+ )?\w+[^s\W]s\b(?! is\b)",
            question,
        )
    )


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
