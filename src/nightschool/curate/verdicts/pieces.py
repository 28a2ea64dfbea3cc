"""Whether words keep one part of an answer and reject another: such words are for it and against it at once.

Pure. The words are read piece by piece, each for what it approves of and what it finds fault with.
"""

from __future__ import annotations

import re

from nightschool.curate.verdicts.against import HARMLESS_NOT, denies
from nightschool.curate.wording import content

_SPLIT = re.compile(
    r"(?<=[.!?;:])\s+|\n+|(?<!not)\s*[,–—-]*\s+(?=(?:but|though|tho|however|only that|aber|nur|mais|pero|mas|ma|però"
    r"|maar|allerdings|except|apart from|alleen|sauf|while|whereas|yet)\b)|,\s+(?=(?-i:[A-Z])|(?:on|in|for|with|the"
    r"|the (?:others?|rest|first|second|third|last)|only the"
    r"|just the|and the|der"
    r"|die|das|le|la|les|el|il)\s)",
    re.I,
)
_APPROVES = re.compile(
    r"(?i)\b(?:fine|good|great|ok|okay|right|correct(?:ly)?|perfect|lovely|nice|beautiful|superb|fantastic|brilliant"
    r"|excellent|useful|usable|works?|agrees?|match(?:es)?|stays?|keep(?:ing|er)?(?! (?:it|them|that) \w)|liked?"
    r"|love[sd]?|adores?|happy with"
    r"|pleased with|taking|ordering|done deal|stronger|better than|spot on|like a charm|does what it should|as i'd have"
    r"|on the list|good to go|going (?:on|in|into)|behaves|verified|says (?:so|it)? ?too|cleaned|disappeared|fixed"
    r"|solved|passes"
    r"|can (?:sign|use|live with|keep|take|send|have)|made me (?:laugh|smile|cry)|i'd have them|exactly (?:right"
    r"|what|as|how|it)"
    r"|prima|super|gut|passt|stimmt|nehm\w*|übernehm\w*|gefällt|se queda|me vale|me gusta\w*|parfaite?|bien|j'aime"
    r"|va bene|perfett[oa]|ottim[oa]|goed|mooi|touching|sweet|cute|funny|clear|sound|solid|impressive|runs|builds|yes"
    r"|wonderful|delicious|in there)\b|[✔✅👍😍❤]"
)
_REJECTS = re.compile(
    r"(?i)\b(?:wrong|invented|made up|silly|joke|ridiculous|nonsense|too \w+|dies|died|crash\w*|fails?|failed|broken"
    r"|broke|breaks|unhealthy|error\w*|missing|lost|has to go|must go|goes|leave (?:\w+ )?out|out|would \w+ (?:them"
    r"|it|me|us|him|her)|hates?|detests?"
    r"|refuses?|forbidden|vetoed"
    r"|never"
    r"|instead|should|must|needs?|have to|has to|ugly|boring|stiff|cheesy|awful|terrible|useless|clips|upside down|off"
    r"|reads? like|sounds? like|looks? like|still|only|cannot|throws|makes no|falsch|fehlt|zu \w+|trop|faux|mal|sobra"
    r"|overdoes?|cut|drop|skip|change|replace|different|spoils?|ruins?|gone|gives?|says|too|though|tho)\b|\?\?|⚠|❌"
    r"|^\s*[\"'“]"
)

_INTERROGATIVE = re.compile(
    r"(?i)\W*(?:now|next|and now|then)\b|\W*(?:(?:and|so|ok|but)\W+)?(?:what|which|who|where|when|why|how|can|could"
    r"|do|does|is|are|was|wie|was|wo|wer"
    r"|quel\w*|qué|come|hoe)\b(?! a\b)"
)


def mixed(said: str, about: str = "") -> bool:
    """Tell whether one piece of the words only approves and another one only rejects.

    What was asked and answered is `about`: a clause that opens with a word of it speaks of a part of its own.
    """
    parts = content(about)
    told = re.sub(
        r",\s+(?=(?:the |my |our )?([\w'’-]+))", lambda comma: "\n" if content(comma[1]) & parts else comma[0], said
    )
    pieces = [piece for piece in _SPLIT.split(told) if re.search(r"\w", piece)]
    if len(pieces) < 2:
        return False
    judged = [_judged(piece) for piece in pieces]
    return 1 in judged and -1 in judged


def _judged(piece: str) -> int:
    if (piece.rstrip().endswith("?") and "??" not in piece) or _INTERROGATIVE.match(piece):
        return 0
    bare = HARMLESS_NOT.sub(" ", piece)
    rejects = denies(piece) or _REJECTS.search(_APPROVES.sub(" ", bare)) is not None
    approves = _APPROVES.search(piece) is not None
    if approves and not rejects:
        return 1
    return -1 if rejects and not approves else 0
