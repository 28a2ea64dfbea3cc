"""What a person says that an answer's work does wrong, as data and by what it names; no verdict word is needed.

Pure. "This deletes every line", "there is no such argument", "6 doesn't stop there" after "take the 6".
"""

from __future__ import annotations

import re

from nightschool.curate.verdicts.praise import Table, table
from nightschool.curate.wording import content

DOES_WRONG: Table = table(
    (1.0, r"\bi (?:pasted|sent|gave|attached|linked|quoted|showed|shared)(?: you)? (?:says?|shows?|has|states?"
        r"|gives?|lists?)\b|\bwir (?:siezen|duzen) uns\b"),
    (1.0, r"^\W*(?:[\w.]*[a-z])?(?:Error|Exception)\b ?:(?! (?:handling|page))"),
    (1.0, r"\b(\w+) means \1\b|\bbecause of (?:your|that|this) (?:\w+ )?(?:change|edit|fix|whitespace|answer|advice"
        r"|tip|version|commit)\w*"),
    (1.0, r"\bnow (?:nobody|no ?one|nothing|none of)\b(?! (?:is (?:missing|lost|wrong)|complains|fails|leaks|breaks))"),
    (1.0, r"^\W*no [\w-]+(?: [\w-]+)?, (?:and )?no [\w-]+(?! (?:any ?more|now|since|problem|issue|complaint))"),
    (1.0,
        r"^\W*(?:but )?(?:all|most|half|both|two|three|some|\d+) of (?:these|those|them|your \w+) (?:have|has|are"
        r"|contain|need|use|cost|were|do|don'?t"
        r"|aren'?t|is)\b(?!.*\?)(?!.*\b(?:great|good|perfect|lovely|fine|right|correct|nice|excellent|useful)\b)"
    ),
    (1.0, r"\b(?:that'?s|this is|it'?s|sounds like|way) overkill\b|\bmore than (?:i|we) (?:need|asked|wanted)\b"
        r"|\bis all (?:i|we) (?:need|want|wanted|asked)\b"),
    (1.0,
        r"^\W*(?:but |no,? )?(?:the |that )?[\w'-]+(?: [\w'-]+)? (?:was|were|got|has been|is) (?:cut|closed|dropped"
        r"|cancell?ed|retired|discontinued|renamed"
        r"|abolished|sold|demolished|scrapped|torn down|withdrawn) (?:in|last|since|years|ages|long|by|this"
        r"|a while)\b(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:but |hm |er |no,? )?(?:this|that|it|yours|your \w+) (?:also |now |still |just |even )?(?:deletes"
        r"|removes|matches"
        r"|prints|returns|selects|shows|counts|gives|changes|renames|includes|skips|drops|sends|opens|closes|moves"
        r"|turns|adds|sorts"
        r"|lists|overwrites|cuts) (?:me )?(?:every\w*|all|any\w*|only|nothing|everything|half|too (?:much|many)"
        r"|the (?:whole|wrong|other"
        r"|entire)|also|duplicates|both)\b(?!.*\?)(?!.*\b(?:perfect|great|thanks|love)\b)"
    ),
    (1.0, r"^\W*(?:but )?you (?:also |now )?(?:show|list|count|include|give|put|take|use|write|sort"
        r"|read) (?:me )?(?:also|even|all|the wrong|only)\b(?!.*\?)"),
    (1.0, r"\b(?:the )?other (?:way|direction)(?: (?:a)?round)?(?: please)?\W*$|\b(?:reads?|is|are"
        r"|looks?) upside down\b"),
    (1.0,
        r"\b(?:we|i|our \w+|this (?:repo|project|codebase|team)) (?:always )?(?:uses?|writes?|has|have|does?"
        r"|prefers?|follows?|sticks? to)\b"
        r"[^.?!]{2,60}[,;.] (?:please )?(?:look|see|check|have a look|compare|like|as in"
        r"|same as)(?: at)? (?:in )?(?:the|our|all the) "
        r"(?:other|rest|existing|others|neighbou?ring)\b"
    ),
)  # fmt: skip
_NO_SUCH = re.compile(
    r"(?i)\b(?:there(?:'s| is| are)n?(?:'t)? (?:no|not|any)(?: such)?|no such|es gibt (?:kein\w*|gar kein\w*)"
    r"|il n'y a pas de|no (?:hay|existe))"
    r" (?:thing as |an? )?(?P<what>[\w.()'-]+(?: [\w.()'-]+)?)"
)
_DENIED = re.compile(
    r"(?i)(?:^|[.,;!] )\W*(?:but |no,? )?(?:the |a |das |die |der |le "
    r"|la )?(?P<what>[\w.'-]+(?: [\w.'-]+)?) (?:does|do|is|are|has|have|can|will|was"
    r"|were|did)(?:n'?t| not| no)\b(?P<rest>[^.?!]*)"
)
_ENDED = re.compile(
    r"(?i)\b(?:any ?more|no longer|since|problem|issue|bad|wrong|complain|hurt|mind|need|worse"
    r"|matter|far|until|yet)\b"
)


_ECHO = re.compile(r"^\W*(?:\w+\W+)?([^\W\d_][\w-]{2,})\s*(?:\.\.\.+|…|\?!|!\?|\?\?+)\W*$")


_UNWANTED = re.compile(
    r"(?i)\b(?:no|without|nothing (?:in|with)|not|can'?t have|cannot have|can'?t eat|allergic to|avoid|never|hate"
    r"|free of|ohne|kein\w*|sans|sin|senza|zonder)"
    r" (?:any |more |the )?(?P<what>[a-zà-ÿ]{3,})"
)
_ABSENT = re.compile(r"(?i)\b(?:no|not|without|n't|isn'?t|free)\b")


def echoed(said: str, asked: str, answer: str) -> bool:
    """Tell whether a thing of the answer is only said back in disbelief: "almonds..."."""
    echo = _ECHO.match(said)
    return echo is not None and bool(content(echo[1]) & (content(answer) - content(asked)))


def forbidden(said: str, before: str) -> bool:
    """Tell whether something that the person ruled out earlier is found in the answer: "the first two are german"."""
    if "?" in said or len(said.split()) > 12:
        return False
    unwanted = {word for found in _UNWANTED.finditer(before) for word in content(found["what"])}
    names = re.search(r"(?i)\b(?:is|are|has|have|contains?|in (?:it|them|there)|with)\b", said)
    return names is not None and bool(unwanted & content(said)) and not _ABSENT.search(said)


def denied(said: str, asked: str, answer: str) -> bool:
    """Tell whether a thing that the answer brought in is said not to be, or not to do what it was named for."""
    if "?" in said:
        return False
    brought = content(answer) - content(asked)
    missing = _NO_SUCH.search(said)
    if missing and not re.search(r"(?i)\b(?:in|on|at) (?:this|my|our|mine)\b", said[missing.start() :]):
        # An identifier is a name of its own, though its words stand in the request.
        words = missing["what"].split()
        identified = any(re.search(r"[_.()]", word) and word.strip("().") in answer for word in words)
        if identified or content(missing["what"]) & brought:
            return True
    refused = _DENIED.search(said)
    if refused is None or _ENDED.search(refused["rest"]) or len(said.split()) > 24:
        return False
    named = content(refused["what"])
    return bool(named) and named <= content(answer) and bool(named & (brought | {w for w in named if w.isdigit()}))
