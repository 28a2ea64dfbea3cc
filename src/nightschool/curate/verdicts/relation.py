"""Whether words have to do with the answer before them at all, or open a matter of their own.

Pure. A verdict takes up a word of the request or of the answer, points at it (it, that, yours), or is a bare few words.
What does neither, and asks, orders or tells of the person, is the next thing, however it sounds: "make the script work
on linux" after a recipe praises nothing.
"""

from __future__ import annotations

import re
from typing import Literal

from nightschool.curate.wording import content

_POINTS = re.compile(
    r"(?i)\b(?:it|its|it's|that|that's|thats|this|these|those|they|they're|them|you|your|yours|you're|u|ur|she|he|her"
    r"|him|his|which|ones?|both|all|everything|nothing|none|same|first|second|third|last|there|mine|ours|everyone"
    r"|everybody|nobody|worked|works(?=\W*$|[.,!;]| (?:now|fine|again|great|like)\b))\b"
    r"|^\W*(?:no|nope|nah|wrong|yes|yep|yeah|thanks?|perfect|great)\b"
    r"|^\W*(?:\w{3,}s|did|got|came|went|gave|made) (?:an?|the|me|us|only|no|on|with|in|for|like|as|so|too|every)\b"
    r"|\bline \d|\bi (?:get|got|make|count|come)(?: \w+)? \d|^\W*[\w.]*(?:error|exception)\b"
)
"""What points back, be it by a subject that is left out: "throws an error"."""
_ENGLISH = re.compile(r"(?i)\b(?:i|i'm|we|my|our|the|an?|is|are|to|of|for|and|with|from|has|have|was)\b")
_FEW = 3
"""Words of content below which a message is too bare to have a matter of its own."""
_ASKS = re.compile(
    r"(?i)\?\W*$|^\W*(?:(?:and|so|ok|hey|hi|btw|now|then)\W+)*(?:how|what|where|when|which|who|why|can you|could"
    r" you|would you|do (?:i|you|we)|does (?:the|a|my)|did (?:the|my|a|i))\b"
)
_ORDERS = re.compile(
    r"(?i)^\W*(?:(?:please|pls|ok|now|then|next|hey|hi|could you|can you)\W+)*(?:write|draft|make|explain|translate"
    r"|summari[sz]e|put|set|rename|add|read|seed|get|transcribe|rewrite|insert|list|show|find|give|tell|create|build"
    r"|compare|convert|compute|count|check|change|clean|collect|compose|delete|describe|design|drop|edit|export|fetch"
    r"|fill|fix|format|generate|help|import|install|keep|merge|move|name|open|order|pick|plan|plot|prepare|print"
    r"|proofread|remind|remove|replace|reply|run|save|send|shorten|sort|split|start|suggest|teach|test|turn|update"
    r"|use|wrap)\b(?! (?:it|that|this|them)\b)"
)
_OF_ONESELF = re.compile(
    r"(?i)\b(?:i|we)(?:'m|'re|'ve| am| are| have| used to| live| work| need| want| never| always| only)\b"
    r"|\b(?:my|our) [\w'-]+(?: [\w'-]+)?(?:'s| is| are| has| have| lives| works| comes)\b|^\W*used to\b|\bi'?ve got\b"
    r"|\bsince (?:january|february|march|april|may|june|july|august|september|october|november|december|\d{4})\b"
)

Sort = Literal["praise", "blame", "leaving"]


def is_elsewhere(said: str, before: str, sort: Sort) -> bool:
    """Tell whether words that sound like praise, blame or leaving speak of something else than what stands before."""
    words = content(said)
    known = content(before)
    if min(len(words), len(known)) < _FEW or words & known or _POINTS.search(said) or not _ENGLISH.search(said):
        return False
    orders = _ORDERS.match(said) and not re.search(r"(?i)\b(?:back|old)\b", said)
    if sort == "blame" or _ASKS.search(said) or orders:
        return True
    return sort == "praise" and _OF_ONESELF.search(said) is not None
