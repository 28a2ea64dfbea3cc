"""Preferences about how to answer: how a person words them, what they do to an answer, and a rule that checks it.

A preference has a kind and, for a form of address, a value. Kinds touch topics: miles touch distances and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nightschool.world import facts

KINDS = ("short", "long", "bullets", "miles", "fahrenheit", "address", "weather_tool", "sum_tool")
TOPICS = {
    "short": "any",
    "long": "any",
    "address": "any",
    "bullets": "list",
    "miles": "distance",
    "fahrenheit": "temperature",
    "weather_tool": "weather",
    "sum_tool": "sum",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Preference:
    """One wish about answers."""

    kind: str
    value: str = ""
    """The form of address; empty for the other kinds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """All wishes that hold at a moment."""

    length: str = "plain"
    """plain, short or long"""
    bullets: bool = False
    miles: bool = False
    fahrenheit: bool = False
    address: str = ""
    weather_tool: bool = False
    sum_tool: bool = False


PLAIN = Style()
"""No wishes at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What an answer has to say, before style: a sentence with `{}` where the object stands."""

    sentence: str
    object: str = ""
    more: str = ""
    """The second sentence of a long answer."""
    items: tuple[str, ...] = ()
    km: int | None = None
    celsius: int | None = None

    @property
    def topic(self) -> str:
        """Name what the reply is about, for preferences that touch one topic only."""
        if self.items:
            return "list"
        if self.km is not None:
            return "distance"
        return "temperature" if self.celsius is not None else "plain"


INSTRUCTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "short": (
        (
            "Answer with one word.", "Give me only the answer.", "Keep your answers short.", "Be brief.",
            "Answer in as few words as you can.", "I like short answers.", "Short answers only.", "Just the answer, no sentence.",
            "I prefer short replies.", "Do not write whole sentences.", "The answer itself is all I want.", "The user wants short answers.",
        ),
        ("Keep it short.", "I want brief answers.", "Only give the answer itself."),
    ),
    "long": (
        (
            "Answer with two sentences.", "Give me long answers.", "Add a second sentence.", "Tell me a little more each time.",
            "I like long answers.", "Always add something to your answer.", "Be detailed.", "I prefer long replies.",
            "Write more than one sentence.", "Make your answers longer.", "The user wants long answers.",
        ),
        ("Give detailed answers.", "I want two sentences each time.", "Please write longer answers."),
    ),
    "bullets": (
        (
            "Use bullets for lists.", "Give lists as bullets.", "I like lists as bullet points.", "Write every list with bullets.",
            "Put each thing of a list on its own line.", "When you list things, use bullets.", "Lists go in bullets.",
            "Make a bullet list when there are several things.", "I prefer bullet points.", "Show me bullets, not sentences, for lists.", "The user wants lists as bullets.",
        ),
        ("Show lists as bullet points.", "Please use bullets when you list things.", "I want lists in bullets."),
    ),
    "miles": (
        (
            "Give me distances in miles.", "Use miles.", "I think in miles.", "Distances in miles, not in kilometres.",
            "Tell me how far things are in miles.", "I want every distance in miles.", "Always use miles for distances.",
            "I do not use kilometres, only miles.", "For distances I prefer miles.", "Instead of kilometres I want miles.", "The user wants distances in miles.",
        ),
        ("Please use miles for distances.", "I prefer distances in miles.", "Use miles instead of kilometres."),
    ),
    "fahrenheit": (
        (
            "Give me temperatures in Fahrenheit.", "Use Fahrenheit.", "I think in Fahrenheit.", "Temperatures in Fahrenheit, not in Celsius.",
            "I want every temperature in Fahrenheit.", "Always use Fahrenheit for temperatures.", "Tell me how warm it is in Fahrenheit.",
            "I do not use Celsius, only Fahrenheit.", "For temperatures I prefer Fahrenheit.", "Instead of Celsius I want Fahrenheit.", "The user wants temperatures in Fahrenheit.",
        ),
        ("Please use Fahrenheit for temperatures.", "I prefer temperatures in Fahrenheit.", "Use Fahrenheit instead of Celsius."),
    ),
    "address": (
        (
            "Call me {}.", "Address me as {}.", "I want to be called {}.", "Always call me {}.", "You may call me {}.",
            "I like to be called {}.", "End your answers with {}.", "When you answer, call me {}.", "I prefer to be called {}.", "You should call me {}.",
            "The user wants to be called {}.",
        ),
        ("Please call me {}.", "I want you to call me {}.", "You should address me as {}."),
    ),
    "weather_tool": (
        (
            "Use the weather tool when I ask about the weather.", "For the weather, use the weather tool.",
            "Always call the weather tool for weather questions.", "When I ask about the weather, call the weather tool.",
            "Look the weather up with the weather tool.", "I want you to use the weather tool for the weather.",
            "Weather questions go to the weather tool.", "Check the weather with the tool, do not say you do not know.",
            "The user wants the weather from the weather tool.",
        ),
        (
            "Please use the weather tool for weather questions.", "If I ask for the weather, use the weather tool.",
            "Call the weather tool when the weather comes up.",
        ),
    ),
    "sum_tool": (
        (
            "Use the calculator when I ask for a sum.", "For sums, use the calculator.", "Always call the calculator for sums.",
            "When I ask for a sum, call the calculator.", "Do sums with the calculator tool.", "Sums go to the calculator.",
            "I want you to use the calculator for sums.", "Check every sum with the calculator.",
            "The user wants sums from the calculator.",
        ),
        ("Please use the calculator for sums.", "If I ask for a sum, use the calculator.", "Call the calculator when a sum comes up."),
    ),
}
"""Standing instructions, (trained, held out); they fit a system prompt, a memory line and a turn alike."""

ASIDES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "short": (("One word, please.", "Short, please.", "Only the answer.", "Just the answer, please.", "Be brief.", "In one word.", "Answer briefly.", "A brief answer, please.", "One word will do.", "Give me just the answer.", "Brief, please.", "More briefly, please."), ("Briefly, please.", "Just one word, please.")),
    "long": (("A long answer, please.", "Two sentences, please.", "Tell me more.", "With more detail, please.", "A longer one, please.", "In two sentences.", "With details, please.", "Make it longer, please.", "I want more detail."), ("Give me a longer answer, please.", "More detail, please.")),
    "bullets": (("As bullets, please.", "In bullets, please.", "With bullets.", "As a bullet list, please.", "As bullet points.", "Give me bullets.", "I want bullets.", "Bullets for me, please.", "I asked for bullets."), ("Bullets, please.", "As a list with bullets, please.")),
    "miles": (("In miles, please.", "In miles.", "I want miles.", "In miles and not in km.", "I need it in miles.", "Give me miles.", "Say it in miles.", "Miles for me, please.", "I asked for miles."), ("Miles, please.", "Give it in miles, please.")),
    "fahrenheit": (("In Fahrenheit, please.", "In Fahrenheit.", "I want Fahrenheit.", "In Fahrenheit and not in Celsius.", "I need it in Fahrenheit.", "Give me Fahrenheit.", "Say it in Fahrenheit.", "Fahrenheit for me, please.", "I asked for Fahrenheit."), ("Fahrenheit, please.", "Give it in Fahrenheit, please.")),
    "address": (("Call me {}.", "And call me {}.", "Address me as {}."), ("Please call me {}.", "And do call me {}.")),
    "weather_tool": (("Use the weather tool.", "Use the tool.", "Call the weather tool.", "Look it up with the weather tool."), ("Please use the weather tool.", "Check with the weather tool.")),
    "sum_tool": (("Use the calculator.", "Use the tool.", "Call the calculator.", "Do it with the calculator."), ("Please use the calculator.", "Check with the calculator.")),
}
"""Wishes said beside a question or as a correction, (trained, held out)."""

ACKNOWLEDGED = {
    "short": "Noted: short answers.",
    "long": "Noted: long answers.",
    "bullets": "Noted: lists as bullets.",
    "miles": "Noted: distances in miles.",
    "fahrenheit": "Noted: temperatures in Fahrenheit.",
    "address": "Noted: I will call you {}.",
    "weather_tool": "Noted: the weather tool for the weather.",
    "sum_tool": "Noted: the calculator for sums.",
}


def instructions(preference: Preference, *, held_out: bool = False) -> tuple[str, ...]:
    """List how a person words a standing preference."""
    return tuple(text.format(preference.value) for text in INSTRUCTIONS[preference.kind][held_out])


def asides(preference: Preference, *, held_out: bool = False) -> tuple[str, ...]:
    """List how a person words a preference beside one question, or as a correction after `No, `."""
    return tuple(text.format(preference.value) for text in ASIDES[preference.kind][held_out])


def acknowledge(preference: Preference) -> str:
    """Say that a preference was heard."""
    return ACKNOWLEDGED[preference.kind].format(preference.value)


def touches(preference: Preference, topic: str) -> bool:
    """Tell whether a preference changes answers about a topic."""
    return TOPICS[preference.kind] in ("any", topic)


def prefer(style: Style, preference: Preference) -> Style:
    """Add a preference to a style; of short and long the later holds."""
    if preference.kind in ("short", "long"):
        return replace(style, length=preference.kind)
    if preference.kind == "address":
        return replace(style, address=preference.value)
    match preference.kind:
        case "bullets":
            return replace(style, bullets=True)
        case "miles":
            return replace(style, miles=True)
        case "fahrenheit":
            return replace(style, fahrenheit=True)
        case "weather_tool":
            return replace(style, weather_tool=True)
        case _:
            return replace(style, sum_tool=True)


def object_text(reply: Reply, style: Style) -> str:
    """Say the object in the wanted unit."""
    if reply.km is not None:
        return f"{facts.miles(reply.km)} miles" if style.miles else f"{reply.km} km"
    if reply.celsius is not None:
        return f"{facts.fahrenheit(reply.celsius)} F" if style.fahrenheit else f"{reply.celsius} C"
    return facts.listed(reply.items) if reply.items else reply.object


def phrase(reply: Reply, style: Style) -> str:
    """Write the answer exactly as pupil is taught to."""
    said = object_text(reply, style)
    if reply.items and style.bullets:
        lines = "\n".join(f"- {item}" for item in reply.items)
        return f"Here you are, {style.address}:\n{lines}" if style.address else lines
    text = reply.sentence.format(said)
    if style.length == "short":
        text = f"{said}." if said else text
    elif style.length == "long" and reply.more:
        text = f"{text} {reply.more}"
    return f"{text[:-1]}, {style.address}." if style.address else text


def keeps(preference: Preference, text: str) -> bool:
    """Check without a judge that an answer on a touched topic has the form a preference asks for."""
    match preference.kind:
        case "short":
            # The shortest whole sentence has four words; a bare list of three with a form of address has five.
            return len(text.split()) <= 3 or bool(re.fullmatch(r"\S+, \S+ and \S+?(, \S+)?\.", text))
        case "long":
            return len(re.findall(r"[.!?](?=\s|$)", text)) >= 2
        case "bullets":
            return len(re.findall(r"^- \S", text, flags=re.MULTILINE)) >= 2
        case "miles":
            return bool(re.search(r"\d miles?\b", text)) and not re.search(r"\d km\b", text)
        case "fahrenheit":
            return bool(re.search(r"\d F\b", text)) and not re.search(r"\d C\b", text)
        case "address":
            return f", {preference.value}" in text
        case "weather_tool":
            return "<tool_call>" in text and '"weather"' in text
        case _:
            return "<tool_call>" in text and '"calculator"' in text


def right(reply: Reply, style: Style, text: str) -> bool:
    """Check that an answer says the right thing in the right unit, whatever its form."""
    if reply.items:
        return all(item in text for item in reply.items)
    said = object_text(reply, style)
    return said in text if said else text.strip() == phrase(reply, style)


def follows(style: Style, reply: Reply, text: str) -> bool:
    """Check that an answer is right and keeps every preference of a style that touches it."""
    wished = [Preference(kind=kind) for kind in ("bullets", "miles", "fahrenheit") if touches(Preference(kind=kind), reply.topic)]
    wished = [wish for wish in wished if style == prefer(style, wish)]
    longer = style.length == "long" and bool(reply.more)
    shorter = style.length == "short" and reply.topic + reply.object != "plain"
    if (longer or shorter) and not (reply.items and style.bullets):
        wished.append(Preference(kind=style.length))
    if style.address:
        wished.append(Preference(kind="address", value=style.address))
    unasked = reply.items and not style.bullets and keeps(Preference(kind="bullets"), text)
    return right(reply, style, text) and not unasked and all(keeps(wish, text) for wish in wished)
