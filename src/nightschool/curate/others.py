"""Signs that a message, or a part of it, is not the person speaking of themselves: games, other voices, made-up data.

Pure. Each of them only ever silences.
"""

from __future__ import annotations

import re

_PLAY = re.compile(
    r"\bI'?(?:ll| will) (?:be|play) (?:the|an?|your)\b|\b(?:acting|improv|speaking|conversation"
    r"|interview) (?:exercise|practi[cs]e"
    r"|game|prompt)\b|"
    r"^(?:(?:ok(?:ay)?|please|now|hey|pls|you)[, ]+)*(?:be|play|act|channel|become) (?:as )?(?:a|an|the|my|like) \w+"
    r"|\b(?:mock|practice|practise|rehearse|fake|simulated?) (?:\w+ )?(?:oral|exam|interview|trial|viva|call|debate"
    r"|negotiation|pitch|conversation|dialogue|date|audition|exam|hearing|argument)\b"
    r"|\b(?:drill|role-?play|devil'?s advocate|text adventure|improv|d ?& ?d|dnd|rpg|larp|campaign|quest|scene)\b"
    r"(?=[^.?!]*(?:\bI\b|\bI'|\byou\b|:|!|\bme\b))"
    r"|\bI'?(?:m| am|'ll be|ll be| play| will be) (?:a|an|the|your|[A-Z])[^.?!]*[,;.] (?:and )?(?:you|u)(?:'re| are"
    r"|r)? \w+"
    r"|^(?:ok,? )?(?:you|u)(?:'re| are| play)? (?:a|an|the|my|our)?\b[^.?!]{2,40}[,;.] (?:and )?I(?:'m| am| play"
    r"|'ll be)\b"
    r"|\b(?:spiel|spielen wir|du bist (?:jetzt )?(?:ein|der|die|mein))\b|\b(?:eres|haz de|hagamos como|tu es (?:un"
    r"|une|le|la|mon)"
    r"|toi,? tu \w+|tú (?:eres|haces|vendes)|fais (?:comme|semblant)|fai finta|sei un[ao]?|facciamo che)\b"
    r"|\b(?:invented|made[- ]up|fictional|imaginary) (?:guy|man|woman"
    r"|person|character|name|life)\b|\bin character\b|\bas (?:if|though) (?:I|you) (?:were|was)\b",
    re.IGNORECASE,
)
_VOICES = re.compile(
    r"^\s*\[[^\]\n]{1,30}\]|^\s*<[^>\n]{1,30}>|^\s*\W?\d{1,2}[:.]\d\d\W+\w+\W*[:>-]"
    r"|^\s*[\w .'-]{2,30}\W{1,2}\(?\d{1,2}[:.]\d\d(?: ?[ap]m)?\)?\s*[-–:>]|^\s*(?:from|von|de|to|subject|betreff|fwd"
    r"|re):"
    r"|-{3,} ?(?:forwarded|original)|^\s*[A-Z]\w+ (?:wrote|writes|schrieb|a écrit|escribió)\b[^\n]*:",
    re.IGNORECASE | re.MULTILINE,
)
_PAGE = re.compile(
    r"^\W*(?:(?:here(?:'s| is) )?(?:the|my) )?(?:opening|first|last|closing|next) (?:paragraph|lines?|sentence|verse"
    r"|page|scene)\b"
    r"|^\W*(?:draft|prologue|excerpt|blurb|abstract|e\.g\.|example)\b[^.!?\n]{0,30}[:.]"
    r"|\b(?:friend|colleague|boss|mum|mom|dad|sister|brother|client|customer|neighbou?r|landlord|teacher|pupil"
    r"|student|stranger|guy"
    r"|someone|her|his|their)(?:'s)? (?:message|mail|e-?mail|text|letter|note|bio|post|reply|review|profile|cv"
    r"|story)\b[^:\n]*:",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\bI (?:\w+ )?(?:think|guess|believe|reckon|suspect|fear|feel like) (?:that )?(?:I|I'm|I've|my|we|we're|it"
    r"|it's)\b|\b(?:probably"
    r"|possibly|not sure (?:if|whether)|no idea (?:if|whether)|could be)\b",
    re.IGNORECASE,
)
_MADE_UP = re.compile(
    r"\b(?:seed(?:s|ed)?|sample|example|placeholder|dummy|fixtures?|persona|demo|mock(?:ed|up)?|payload|expect\(|assert"
    r"|regex|wireframe|test (?:card|user|data|case|account|customer|person|row)|lorem|fake|stub|insert into|values \("
    r"|testdaten|beispiel\w*|datos de prueba|ejemplo|exemple|esempio)\b|[{}<>]|\w\(\w*\)|=>|==|::|\('",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"\b(?:translate|proof-?read|correct (?:this|my|the|these)|grammar|grammatical|rewrite|rephrase|paraphrase|tighten"
    r"|punch (?:this|it) up|polish|shorten|summari[sz]e|one-line summary|tl;?dr|improve (?:this|my|the)|edit (?:this"
    r"|my|the)"
    r"|lyrics?|poem|limerick|haiku|story|novel|chapter|song|script|screenplay|dialogue|monologue|character|protagonist"
    r"|narrator|joke|pun|riddle|quiz|crossword|clue|caption|slogan|headline|bio|profile text|ad says|advert"
    r"|template goes"
    r"|cover letter|job ad|flyer says|sign says|label says|essay|speech for|toast for|transcript|subtitle|homework"
    r"|exercise"
    r"|word problem|quote|quotes|letter goes|says here|übersetze?|korrigiere?|traduce|traduis|corrige|traduci"
    r"|correggi|traduz)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:word (?:at|on|in|around|from|is)|rumou?rs?|gossip|swears?|insists?|claims?|claimed|reckons?|behauptet"
    r"|angeblich"
    r"|anscheinend|erzählt|meint|sagt|dicen|dice|según|il paraît|paraît que|on dit|dicono|pare che|dizem|allegedly"
    r"|apparently|supposedly|according to|told (?:me|us)|says?|said|wrote|writes|thinks|unverified|someone|somebody"
    r"|heard|they say|people say|diz que)\b",
    re.IGNORECASE,
)
_ABSURD = re.compile(
    r"\bhow (?:many|old) (?:are|is) (?:we|they|he|she|it)\b|\beach (?:has|have|of (?:us|them))\b|\btwice as \w+|"
    r"\b(?:[3-9]\d\d|\d{4,}) years old\b|\b\d+ ?(?:%|percent) (?!of (?:my|the|our))\w+|\blevel \d+\b"
    r"|\b(?:CEO|emperor|royal|rightful|decree|dragon|wizard|unicorn|zombie|vampire|alien|sourdough starter|pure spite"
    r"|spite|golden retriever in|on the moon|clay tablets|unionis?z?ed|immortal|telepath\w+|houseplant)\b"
    r"|\b(?:million|billion|thousand) (?:times|years|of them)\b|\b(?:rather die|literally dead|dying inside"
    r"|sold my soul)\b",
    re.IGNORECASE,
)
_MOCKING = re.compile(
    r"\b(?:live|run|survive|exist|function)s? (?:on|off) (?!the\b|an?\b|my\b|our\b|linux|windows|\d|(?-i:[A-Z]))\w+"
    r"|\b(?:live in|married to) (?:my (?!own|parents|mother|father|gran|grand|flat|house|van|car|home|wife|husband"
    r"|partner)|excel|fear|hope"
    r"|denial|pyjamas|sweatpants)|\bwork for (?:peanuts|free|nothing)\b|\b(?:practically|virtually|basically"
    r"|pretty much|technically) (?:an?"
    r"|the)\b"
    r"|\b(?:living the dream|dream come true|career highlight|my (?:absolute )?favou?rite (?:thing|part|hobby)"
    r"|how thoughtful"
    r"|how lovely|lucky me|exactly (?:how|what) i|just what i|what a joy|what a treat|such joy|can'?t wait to"
    r"|wonderful\.|wow\b|clearly i'?m|obviously i'?m|of course i|because i(?:'m| am) (?:a|an|the|such)|claro,|ja klar"
    r"|na super|na toll|bien sûr|ma certo|my whole life|i(?: do| just| really| absolutely| simply|'m just)+ (?:love"
    r"|adore"
    r"|enjoy|live for)|love (?:it|that|how) (?:when|for me)|made my day|thrilled|truly blessed|best day)\b",
    re.IGNORECASE,
)


def plays(text: str) -> bool:
    """Whether a game, a scene or an exercise begins in a message."""
    return _PLAY.search(text) is not None


def speaks(text: str) -> bool:
    """Whether a message carries somebody else's lines, or those of a text."""
    return _VOICES.search(text) is not None or _PAGE.search(text) is not None


def unfit(text: str) -> bool:
    """Whether a sentence is about texts, made-up data or nothing serious, so that an `I` in it is not the person."""
    return any(sign.search(text) for sign in (_MADE_UP, _TEXTS, _ABSURD, _MOCKING))


def mocks(text: str) -> bool:
    """Whether a message jests or means its opposite."""
    return bool(_MOCKING.search(text) or _ABSURD.search(text))


def hearsay(text: str) -> bool:
    """Whether a clause passes on what others say, or what the person only believes."""
    return _HEARSAY.search(text) is not None or _DOUBT.search(text) is not None
