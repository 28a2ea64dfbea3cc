"""What a person says of themselves, as it is said to them and of them. Pure.

The third person is `the user` or a name: what `she` does is of too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_SECOND = {
    "i am": "you are", "i'm": "you're", "we are": "you are", "i was": "you were", "i": "you", "me": "you",
    "my": "your", "mine": "yours", "we": "you", "us": "you", "our": "your", "ours": "yours", "myself": "yourself",
}  # fmt: skip
_WHOLE = {"m": "am", "ve": "have", "re": "are"}
_THIRD = {"am": "is", "have": "has", "do": "does", "don't": "doesn't", "are": "is", "haven't": "hasn't"}
_AS_THEY_ARE = re.compile(
    r"(?i)\w+ed|can(?:not|'t)?|could|will|won't|would|shall|should|may|might|must|was|had|did|didn't|got|went|came|grew|"
    r"bought|made|met|took|began|knew|left|lost|sold|saw|became|wrote|spoke"
)
_DOES = re.compile(
    r"(?i)\bI (?P<how>(?:now|also|still|just|always|never|often|usually|really|currently|only) )?(?P<verb>[\w']+)"
)
_NAMED = re.compile(
    r"^(?:[Mm]y|[Oo]ur) (?:(?:older|younger|big|little|elder|twin|best) )?[a-z]+ (?=[A-Z][\w'-]* [a-z])"
)


def second_person(text: str) -> str:
    """Turn what a person says of themselves into what is said to them."""
    words = "|".join(re.escape(word) for word in sorted(_SECOND, key=len, reverse=True))
    turned = re.sub(rf"(?i)\b(?:{words})\b(?!')", lambda match: _SECOND[match[0].lower()], text)
    return turned[:1].upper() + turned[1:]


def third_person(text: str, who: str, their: str = "their") -> str:
    """Turn what a person says of themselves into what is said of them; `their` stands behind the first mention."""
    turned = _DOES.sub(lambda match: f"{who} {match['how'] or ''}{_does(match['verb'])}", text)
    first = re.search(r"(?i)\b(?:my|our)\b", turned)
    if first and who not in turned[: first.start()]:
        turned = f"{turned[: first.start()]}{who}'s{turned[first.end() :]}"
    for mine, theirs in (("my|our", their), ("mine|ours", f"{their}s"), ("me|us", "them")):
        turned = re.sub(rf"(?i)\b(?:{mine})\b", theirs, turned)
    return turned[:1].upper() + turned[1:]


def wordings(sentence: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a sentence as it is, then as others say the same of whoever says it, by name too."""
    found: dict[tuple[str, ...], str] = {}
    for said in _said(sentence, names):
        found.setdefault(tuple(re.findall(r"\w+", said.casefold())), said)
    return tuple(found.values())


def _said(sentence: str, names: Sequence[str]) -> Iterator[str]:
    yield sentence
    plain = " ".join(sentence.replace("’", "'").split())
    whole = re.sub(r"(?i)\b(I|we)'(m|ve|re)\b", lambda match: f"{match[1]} {_WHOLE[match[2].lower()]}", plain)
    short = re.sub(r"\bI am\b", "I'm", plain)
    for said in (plain, whole, short):
        yield said
        yield second_person(re.sub(r"(?i)\bI'(?=ve|d|ll)", "you'", said))
    named = _NAMED.sub("", plain)
    if named != plain:
        yield named
    for who in ("user", "the person", *names):
        for their in ("their", "his", "her"):
            said = third_person(whole, who, their)
            # What says nothing of the person has no third person.
            if said != whole:
                yield said


def _does(verb: str) -> str:
    if verb.lower() in _THIRD:
        return _THIRD[verb.lower()]
    if _AS_THEY_ARE.fullmatch(verb):
        return verb
    if re.search(r"(?:[sxzo]|ch|sh)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"
