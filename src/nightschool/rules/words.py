"""The words that rules are made of: units, topics, numbers, and what a person may want to be rid of."""

from __future__ import annotations

import re

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
_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {word: n for n, word in enumerate(_TEN, start=1)}
UNWANTED = {
    "emoji": r"emojis?|emoticons?|smileys?",
    "!": r"exclamation marks?|exclamation points?",
    "—": r"em[- ]?dash(?:es)?",
    ";": r"semicolons?",
    "table": r"tables?",
    "heading": r"headings?|headers?",
}


def search(pattern: str, text: str) -> re.Match[str] | None:
    """Search without regard to case."""
    return re.search(pattern, text, re.IGNORECASE)


def about(topic: tuple[str, ...], question: str) -> bool:
    """Tell whether a question has a word of a topic; a written sum counts as one."""
    if "sum" in topic and re.search(r"\d\s*[-+*/x×÷]\s*\d", question):
        return True
    words = set(re.findall(r"[\w']+", question.lower()))
    return any(word in words for word in topic)
