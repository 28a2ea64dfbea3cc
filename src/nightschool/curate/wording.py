"""The words of a text that carry its content, cut to their stems, and numbers written as digits."""

from __future__ import annotations

import re

_STOPWORDS_TEXT = """
a an the and or of to in on at for from by with is are was were be been am i me my you your we our it its this
that these those there what which who how why when where do does did can could would should will shall may please
pls just so then than as if not no yes ok okay have has had get got give make want need tell let like some any all
more most very too also now up out about into over thanks thank hi hey hello der die das ein eine und ich du wir
ist mir mich bitte den dem zu im mit für le la les un une de des du et je tu est que qui el los las una en y que
es por para me mi
und oder wann wo wie was wer hier da dort denn nun jetzt noch so auf von an bei ist sind der die das
though tho then well hm them they he she him her just only please wrote said what's i'm it's
quand où comment quoi cuándo dónde cómo qué
"""
STOPWORDS = frozenset(_STOPWORDS_TEXT.split())
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)


def content(text: str) -> set[str]:
    """The words of a text that carry its content, cut to their stems."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())
    return {stem(word) for word in words if word not in STOPWORDS and (len(word) > 1 or word.isdigit())}


def stem(word: str) -> str:
    """Cut the ending off a word."""
    if len(word) <= 4:
        return word[:-1] if len(word) == 4 and word.endswith("s") and word[-2] not in "siu" else word
    return re.sub(r"(?:ings?|ed|es|s|en|e|(?<=\w{5})er)$", "", word)


def digits(text: str) -> str:
    """Write the number words of a text as digits."""
    text = re.sub(rf"(?i)\b(?:{'|'.join(_TENS)})\b", lambda m: str(10 * _TENS.index(m.group().lower()) + 20), text)
    return re.sub(rf"(?i)\b(?:{'|'.join(_NUMBERS)})\b", lambda m: str(_NUMBERS.index(m.group().lower()) + 2), text)
