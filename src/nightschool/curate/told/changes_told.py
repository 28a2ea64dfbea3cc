"""What a clause tells of a change that lasts: one tool, place or way left for another. Pure."""

from __future__ import annotations

import re

from nightschool.curate.told.clauses import Clause
from nightschool.curate.told.telling import Told

_MOVED = r"(?:switched|migrated|moved|changed|converted|upgraded|downgraded|transferred|ported)"
_RULES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:(?:I|we)(?:'?ve| have)? |(?:the|our|my) [\w-]+ (?:has |have )?)?(?:just |finally |all "
        rf"|recently )*{_MOVED} (?:over )?"
        r"(?:(?:all |everything|the whole|my|our|the"
        r"|from)\b[^?]*?)?\bfrom (?P<old>[^?]+?) (?:over )?to (?P<o>(?!a (?:new|different)"
        r" (?:file|line|page)|the (?:next|other|new) \w+$)[^?]+)$",
        rf"^(?:(?:I|we)(?:'?ve| have)? )?(?:just |finally |recently )*{_MOVED} (?:my|our|all my|all our"
        rf"|everything) ?[\w ]*? ?(?:over )?to"
        r" (?P<o>(?!the\b|it\b|another\b|a\b|this\b|that\b)[^?]+)$",
        r"^(?:ditched|swapped|dropped|replaced) (?P<old>(?:my |our )?(?-i:[A-Z])[\w ]*?) (?:for"
        r"|with) (?P<o>(?:an? )?[^?]+)$",
        r"^(?:(?:I|we)(?:'?ve| have)? |(?:the|our|my) [\w-]+ (?:has |have )?)(?:just |finally |recently )*(?:dropped"
        r"|ditched|replaced"
        r"|swapped|left) (?P<old>(?!the\b|it\b|this\b|that\b|a\b)[^?]+?) (?:for|with|by|in favou?r of) (?P<o>(?!now\b"
        r"|good\b|the\b"
        r"|it\b|a \w+$)[^?]+)$",
        r"^(?P<o>(?:the |my |our )?(?:[\w'-]+ ){1,4}?(?:is|are|'s|comes?|lives?|goes|runs?)(?: \w+){0,2} (?:with|from"
        r"|on|at|in|by|to)"
        r" (?-i:[A-Z])\w+[\w .-]* (?:now|these days|nowadays|since\b[^?]*))$",
        r"^(?P<o>(?:the |my |our )?(?:[\w-]+ ){0,2}(?:broadband|internet|email|mail|bank|bank account|phone|mobile"
        r"|electricity"
        r"|insurance|calendar|notes|backups?|photos|editor|shell|browser|payroll|accounting|hosting|domain|ci)(?:'s"
        r"| is| are| comes?"
        r"| lives?| runs?| goes?) (?:with|from|on|at|in|by|now) [^?]*\b(?:now|these days|nowadays|since\b[^?]*))$",
        r"^(?:I |we )?(?:just |only )*(?P<o>(?!get|got|see|need|want|think|know|have|had|understand|feel|try|can"
        r"|could|was|did|tried"
        r"|found|remember|leave|go|am|look|run|wait|it|that|this|what|where|why|how|so|works?\b)(?:i |we )[a-z]+ [^?]*"
        r"(?:again|now|these days) (?:since|from) [^?]+)$",
        r"^(?:I|we)(?:'?ve| have)? (?:gave up|given up|quit|stopped) (?P<o>(?:smoking|drinking|coffee|alcohol|meat"
        r"|sugar|dairy|gluten"
        r"|driving|keto|caffeine|eating \w+|facebook|social media)[^?]*)$",
        r"^(?:I|we) (?:just |only |mostly )*(?P<o>(?:eat|count|do|drink|use|cook|cycle|walk|take|ride|play|work|host"
        r"|row|swim|run"
        r"|train|avoid|teach|read|write)\b (?!lunch\b|dinner\b|breakfast\b|it\b|this\b|that\b|the\b)[^?]*\b(?:now"
        r"|nowadays|these days|any ?more))$",
    )
)
_FAULT = re.compile(
    r"\b(?:slide|page|step|branch|line|tab|screen|topic|question|chapter|section|file|folder|mind)\b", re.IGNORECASE
)
_SINCE = re.compile(
    r"^(?P<o>(?:I|we) (?:just |only |mostly )*(?:eat|count|do|drink|use|cook|cycle|walk|take|ride|play|work(?! on\b)"
    r"|host|row"
    r"|swim|run|train"
    r"|avoid|teach|coach|manage|keep)\b (?!it\b|this\b|that\b)[^?]*)$",
    re.IGNORECASE,
)


def told(clause: Clause, text: str) -> Told | None:
    """Read what has taken the place of something; the new one is what is told."""
    if clause.asked or _FAULT.search(text):
        return None
    for pattern in _RULES:
        match = pattern.match(text)
        if match is not None:
            return _made(match.groupdict().get("o") or text, clause)
    # `These days I ...`: the opening was cut from the clause, and says that it was not always so.
    before = clause.saying.text[: clause.start].rstrip(" ,").lower()
    if re.search(r"\b(?:these days|nowadays|now|since \w+(?: \w+)?)$", before) and _SINCE.match(text):
        return _made(text, clause)
    return None


def _made(thing: str, clause: Clause) -> Told:
    return Told(subject="user", relation="", object=" ".join(thing.strip(" ,.").split()[:14]), words=clause.text)
