"""Sentences that put what matters first, in plain order: `On Friday my club meets` as `my club meets on Friday`.

Pure. One way of telling then serves many ways of saying it; what is not fronted stays as it is.
"""

from __future__ import annotations

import re

_WHO = r"(?:I|we|my|our)\b"
_FEW = r"(?:(?!\b(?:my|our|I|we|if|when|what)\b)[^,.;:!?\n]){1,40}?"
_BEST = r"(?:like|love|prefer|enjoy|liked|loved) (?:the )?(?:best|most)|(?:like|love|prefer) (?:best|most) of all"
_MOVES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"^(?:now|today|currently|nowadays|these days|at present),? (" + _WHO + r".+)$", r"\1"),
        (
            rf"^(in|on|at|under) ({_FEW}) (falls|is|lies|takes place|begins|starts|meets) ((?:my|our|the) .+)$",
            r"\4 \3 \1 \2",
        ),
        (rf"^of all,? ({_FEW}) is ((?:my|our) favou?rite \w+)$", r"\2 is \1"),
        (
            r"^((?:my|our) .+?) (?:likes|loves) (.+?) (?:best of all|more than any other) (\w+?)s?$",
            r"the favourite \3 of \1 is \2",
        ),
        (rf"^(?:best )?of all (\w+?)s?,? ({_WHO}.+?) (?:wants?|likes?|loves?) (.+)$", r"the favourite \1 of \2 is \3"),
        (rf"^(in|on|at|under|of) ({_FEW}),? ({_WHO}.+)$", r"\3 \1 \2"),
        (rf"^(?:the |an? )?({_FEW}) is (?:where|the place where) ({_WHO}.+)$", r"\2 in \1"),
        (rf"^({_FEW}) is what ({_WHO}.+)$", r"\2 \1"),
        (rf"^the place (?:where|in which) ({_WHO}.+(?:living|live|lives|stay|staying)) is (.+)$", r"\1 in \2"),
        (rf"^what ({_WHO}.+?) is (.+)$", r"\1 \2"),
        (r"^there (?:is|are) (.+?) (?:that|which) ((?:my|our) .+?) (?:owns?|has|have|keeps?)$", r"\2 has \1"),
        (r"^the name (?:that |which )?((?:my|our) .+?) (?:has|goes by|bears) is (.+)$", r"\1 is called \2"),
        (r"^the name (?:that |which )?(?:I|we) (?:gave|give) ((?:my|our) .+?) is (.+)$", r"\1 is called \2"),
        (r"^(?:I|we) (?:gave|give) ((?:my|our) .+?) the name (.+)$", r"\1 is called \2"),
        (r"^((?:my|our) .+?) (?:has|bears) the name (.+)$", r"\1 is called \2"),
        (rf"^(?:the |an? )?({_FEW}) is the (\w+) (?:that |which )?(?:I|we) (?:{_BEST})$", r"my favourite \2 is \1"),
        (rf"^the (\w+) (?:that |which )?(?:I|we) (?:{_BEST}) is (.+)$", r"my favourite \1 is \2"),
        (rf"^as an? (\w+),? (?:I|we) (?:like|love|prefer) ({_FEW}) (?:best|most)$", r"my favourite \1 is \2"),
        (rf"^({_FEW}) is the (\w+) (?:that |which )?(?:I|we) (?:have|own|drive|use|keep|play)$", r"my \2 is \1"),
        (r"^the (\w+) (?:that |which )?(?:I|we) (?:have|own|drive|use|keep|play) is (.+)$", r"my \1 is \2"),
        (r"^the (?:firm|company) (?:that |which )?(?:employed|employs|hired) me is (.+)$", r"I work for \1"),
        (rf"^as an? ([\w ]+?),? ({_WHO}.*?) (?:earns?|makes?) (?:(?:my|a|our|their|his|her) )?(?:living|money)$",
         r"\2 works as a \1"),
        (rf"^({_WHO}.*?) (?:earns?|makes?) (?:(?:my|a|our|their|his|her) )?(?:living|money) as (an?) (.+)$",
         r"\1 works as \2 \3"),
    )
)  # fmt: skip


_OPENING = re.compile(
    r"^(?:(?:by the way|btw|fyi|just so you know|for the record|please note|note|remember(?: this| that)?|update|news"
    r"|heads up|also|and|so|well|oh|ok(?:ay)?|hi|hello|hey)\s*[:,;-]\s*|(?:and|so|well|oh|ok(?:ay)?|hi|hello|hey)\s+)+",
    re.IGNORECASE,
)


def bare(sentence: str) -> str:
    """Cut the words that only open a sentence."""
    return _OPENING.sub("", sentence.strip())


def plain(sentence: str) -> str:
    """Put a sentence into plain order, or return it as it is."""
    told = bare(sentence).rstrip(".!").strip()
    for pattern, order in _MOVES:
        if pattern.match(told):
            return re.sub(r"\b(I|we) works\b", r"\1 work", pattern.sub(order, told))
    return sentence
