"""Another value than the answer's, put plainly: another month, the request's own word shouted, a fact that denies it.

Pure. "it's October" after "the last Sunday of September", "LOCAL ONLY" after a push, "the Caro-Kann starts with c6".
"""

from __future__ import annotations

import re

from nightschool.curate.verdicts.reasked import GOES_ON, TELLS
from nightschool.curate.wording import content, digits, stem

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " twentieth last"
)
_CLASSES = tuple(
    frozenset(names.split())
    for names in (
        "january february march april may june july august september october november december januar februar"
        " märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre"
        " novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
        " diciembre",
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays"
        " fridays saturdays sundays montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi"
        " mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo",
        _ORDINALS + " primero segundo tercero último primer erste zweite dritte letzte premier deuxième dernier",
        "left right north south east west up down top bottom above below links rechts oben unten gauche droite",
        "red blue green yellow white black brown grey gray orange purple pink rot blau grün gelb weiß schwarz",
        "morning afternoon evening night noon midnight am pm",
        "minor major sharp flat",
        "german english french spanish italian dutch danish swedish norwegian portuguese polish",
        "he she they him her them his hers theirs",
    )
)
_HARMLESS = frozenset(
    ("may", "right", "first", "last", "second", "up", "down", "them", "they", "he", "she", "him", "her", "his", "top",
     "left")
)  # fmt: skip
"""Class members that are plain words of talk as often."""
_SHOUT = re.compile(r"\b[A-ZÄÖÜ]{3,}\b")
_STATES = re.compile(
    r"(?i)\b(?:it|its|it's|that's|is|are|was|were|not|es|ist|war|c'est|est|el|la|le|der|die|das|sind|è"
    r"|son)\W+(?:\w+\W+){0,2}$"
)
_FACT = re.compile(
    r"^\W*(?:(?:but|no|hm+|er|well|um|aber|mais|pero)\W+)?(?:the |a |an |that |this |those |der |die |das |le |la "
    r"|les |el )?"
    r"(?P<what>[\w'’.#+-]+(?: [\w'’.#+-]+)?) (?:only |always |just |also |never )?(?:is|are|means|starts|takes"
    r"|makes|gives|goes"
    r"|runs|stops|has|have|needs|reads|returns|comes|brings|lands|sits|counts|includes|covers|belongs|lives|does"
    r"|doesn'?t|isn'?t"
    r"|ist|heißt|kommt|est|es|significa|è|wants|expects|ends|begins|ignores|refers|sounds) (?P<rest>[^?]*)$",
    re.I,
)
_MINE = re.compile(r"(?i)\b(?:i|we|he|she|they)\b")
_OPINES = re.compile(r"(?i)\b(?:i (?:think|guess|suppose|believe)|maybe|perhaps|probably)\W*$|^\W*the others\b")
_PLEASANT = re.compile(
    r"(?i)\b(?:good|great|fine|nice|perfect|lovely|right|correct|ok|okay|works?|worked|better|best|love|like"
    r"|thanks?|sold|booked"
    r"|ordered|bought|happy|helpful|cool|fun|funny|delicious|clear|gone|now|done|again|already|finally|my|our|i|we"
    r"|me|us"
    r"|tempting|interesting|enough|easy|close|near|nearer|cheaper|too)\b|[!❤👍]"
)


def weight(said: str, asked: str, answer: str) -> float:
    """Weigh what in the words puts another value in the place of the answer's."""
    if said.rstrip().endswith("?") or len(said.split()) > 40:
        return 0.0
    found = _shouted(said, asked, answer) or _classed(said, asked, answer) or _restated(said, asked, answer)
    found = found or _is_other(said, asked) or _would_be(said, answer) or _lacks(said, asked, answer)
    return 1.0 if found else 0.6 if _denies_fact(said, asked, answer) else 0.0


def _shouted(said: str, asked: str, answer: str) -> bool:
    """Whether a word that was said before in small letters comes back in capitals."""
    if said.isupper() and len(said.split()) > 6:
        return False
    before = set(re.findall(r"[\w]+", f"{asked} {answer}"))
    return any(word.lower() in before and word not in before for word in _SHOUT.findall(said))


def _classed(said: str, asked: str, answer: str) -> bool:
    """Whether a month, weekday, rank or the like stands where the answer has another of its class."""
    words, given = _named(said), _named(answer)
    wished = _named(asked)
    for members in _CLASSES:
        mine = {word for word in words & members if word not in given}
        if not mine or not given & members:
            continue
        for word in mine:
            sure = word not in _HARMLESS
            if sure and word in wished and not GOES_ON.search(said):
                return True
            before = re.split(rf"(?i)\b{re.escape(word)}\b", said)[0]
            # "I want September" is a wish of its own.
            opens = not content(before) and len(said.split()) <= 12 and not _MINE.search(before)
            if sure and (opens or _STATES.search(before)) and not GOES_ON.search(said):
                return True
    return False


def _is_other(said: str, asked: str) -> bool:
    """Whether the answer is called one thing, and a word of the request set beside: "these are means. I need"."""
    found = re.match(
        r"(?i)\W*(?:but |no,? |um,? )?(?:that|this|those|these)(?:['’]?s|['’]re| is| are"
        r"| was)? (?P<what>[^.,;:!?]{2,40})[.,;:] (?P<rest>.+)",
        said,
    )
    if found is None or _PLEASANT.search(found["what"]) or GOES_ON.search(said):
        return False
    wished = content(asked)
    return bool(content(found["rest"]) & wished) and not content(found["what"]) & wished


def _lacks(said: str, asked: str, answer: str) -> bool:
    """Whether something is told not to be what was asked for, or what the whole answer is is told: "vela is candle"."""
    denied = re.search(
        r"(?i)\b(?:is|are|was|were|it's|that's) not (?:an? )?(\w+)\W*$|\b(?:isn'?t|aren'?t) (?:an? )?(\w+)\W*$", said
    )
    if denied and len(said.split()) <= 6 and content(denied[1] or denied[2]) & (content(asked) - content(answer)):
        return True
    fact = _FACT.match(said)
    short = fact is not None and len(said.split()) <= 6 and len(answer.split()) <= 3 and not _PLEASANT.search(said)
    return bool(short and fact and content(fact["what"]) and content(fact["what"]) <= content(answer) - content(asked))


def _would_be(said: str, answer: str) -> bool:
    """Whether a value of the answer is said to mean something else: "18 would be evening"."""
    found = re.match(
        r"(?i)\W*(?:the )?([\w.:'’-]+) (?:would|will) (?:be|mean|give)\b(?! (?:great|good|fine|nice|perfect|ok"
        r"|lovely))",
        said,
    )
    return found is not None and re.search(rf"(?i)(?<!\w){re.escape(found[1])}(?!\w)", answer) is not None


def _named(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def _restated(said: str, asked: str, answer: str) -> bool:
    """Whether most of the words are words of the request that the answer does not hold."""
    if GOES_ON.search(said) or TELLS.match(said) or _OPINES.search(said) or len(said.split()) > 20:
        return False
    now, wished, given = content(digits(said)), content(digits(asked)), content(digits(answer))
    if {word for word in now - wished if any(letter.isdigit() for letter in word)}:
        # "7 miles" after "5 miles" is the next task.
        return False
    left_out = now & wished - given
    return len(left_out) >= 2 and len(left_out) >= 0.5 * len(now)


def _denies_fact(said: str, asked: str, answer: str) -> bool:
    """Whether the words only state a fact of something that the answer brought in, with nothing pleasant in it."""
    found = _FACT.match(said)
    if found is None or len(said.split()) > 18 or _PLEASANT.search(said):
        return False
    named = {stem(word) for word in re.findall(r"[^\W_]+", found["what"].lower())} & content(answer)
    fresh = content(found["rest"]) - content(answer)
    return bool(named and named - content(asked) and fresh)
