"""What a person's next words say of the answer before them: praise, complaint, both, or nothing.

Pure, and careful rather than complete: where the words are mixed, quoted, about something else or
only consent to an offer, it says nothing, and the outcome is left to the judges.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from nightschool.curate import asides, complaints, leaving, praise
from nightschool.records import SignalKind

_QUOTED = re.compile(
    r"```.*?```|`[^`\n]*`|\"[^\"\n]{2,}\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|(?<!\w)'[^'\n]{3,}'(?!\w)|^>.*$",
    re.S | re.M,
)
_OFFER = re.compile(
    r"(?i)^(?:\W*)(?:shall i|should i|want me|do you want|would you like|i(?: can|'d (?:first|start|begin|propose"
    r"|then|go)| could| would (?:first|start|begin|propose)| propose)\b|soll ich|möchtest|willst du|veux-tu|voulez"
    r"|quieres)|\blet me know if\b"
)
_MILD = re.compile(
    r"(?i)\b(?:is|are|'s|looks?|sounds?|was|were|reads?) (?:now |at least |all |quite |really |very )*(?:great|good"
    r"|fine|ok|okay|nice|perfect|green|lovely|beautiful|useful|clear|solid|excellent|correct)\b(?! enough)"
    r"|^\W*(?:nice|good|great|useful|lovely|solid|decent|helpful|interesting|clever|neat|funny) (?!luck|morning"
    r"|evening|night|day|god|grief|now|but)\w+"
    r"|(?<=\w)[ :,]+(?:ok|okay|yes|fine|good|great|works?|passt|gut|bien|va|bene|stays?|✅|👍)(?=\s*(?:✅|👍|[,.:;]|$"
    r"|though|but|aber|mais|pero))"
    r"|\bgef(?:ä|ae|a)ll(?:t|en) (?:mir|uns)\b|\bme gustan?\b|\bj'aime\b|\bmi piac\w+\b"
    r"|\b(?:matches|match) (?:the|my|what|finance)|\bat least\b|\bpasst(?: so| gut| schon| genau)?(?=[.,;])|\b(?:est"
    r"|está|è|é) (?:bon|bien|bene|ok|parfaite?|perfecto|bom)\b|\b(?:is|are) (?:right|correct)(?=\s*[,.;]|\s+(?:but"
    r"|though|thanks))|(?<!to )\bkeep (?:it|that|this|the)\b|\bleave (?:it|that|this"
    r"|the \w+) (?:exactly|as|like)|✅|👍"
    r"|\b(?:first|second|other|rest|remaining|half|part|one|two|three)\b[^.,;\n]{0,30}\b(?:fine|good|ok|great|right"
    r"|works?|correct|perfect|lovely|beautiful)\b"
)
"""Approval of a part: beside a complaint it makes the words mixed."""
_CONSENT = re.compile(
    r"(?i)^\W*(?:(?:yes|yep|yeah|ya|sure|ok|okay|no|please|go ahead|do it|do that|sounds (?:good|great|fine|perfect)"
    r"|fine|alright|right|great idea|good idea|nice idea|of course|absolutely|definitely|by all means|why not|ja"
    r"|gerne|bitte|klar|nein|oui|si|sí|sì|vale|claro|perfecto|adelante|d'accord|bien sûr|va bene|certo|sim|pode"
    r"|perfect|great|lovely|brilliant|excellent|both|either|neither|the (?:first|second|last|latter"
    r"|former))\b[\s,.!]*){1,4}"
)
_PART = re.compile(
    r"(?i)\b(?:but|though|tho|however|except|apart from|other than|otherwise|aber|allerdings|nur|jedoch|mais|sauf"
    r"|pero|salvo|mas|ma|però|tranne|maar|alleen)\b"
)
_NEGATED = re.compile(
    r"(?i)(?:\b(?:not|no|never|hardly|barely|if|once|when|until|till|hope|hoping|should|would|could|will|might|may"
    r"|whether|why|how|make sure|unless|unsure|almost|nearly|supposed to|want|need|try to|trying to|kein|keine|nicht"
    r"|wenn|ob|pas|jamais|no|si|não|se|non)\b|n[’']t\b|\b(?:do|does|did|is|was|were|are|wo|ca|could|would|should|has"
    r"|have|had|ai)nt\b)[^.,;!?\n]{0,24}$"
)
_HARMLESS_NOT = re.compile(
    r"(?i)\b(?:no (?:problem|worries|issues?|errors?|more|longer|complaints?|need|changes?|edits?|comments?|doubt"
    r"|idea why|trouble|rush|hurry)|not (?:bad|a single|one|only|even|to mention)|without|couldn'?t (?:be|have|ask)"
    r"|can'?t (?:fault|complain|believe|thank)|didn'?t (?:have to|need to|change|touch|alter|edit)|did not (?:have to"
    r"|need to|change|touch)|don'?t (?:change"
    r"|touch) (?:a|it|anything)|never before|like never|why not|wouldn'?t change|nothing to|since then no)\b"
)
_NOT = re.compile(
    r"(?i)\b(?:not|never|no|none|nothing|nope|nah|kein\w*|nicht|pas|jamais|nunca|não|non|niet|geen)\b|n[’']t\b"
    r"|\b(?:do|does|did|is|was|were|are|wo|ca|could|would|should|has|have|had|ai)nt\b"
)
_ACCUSES = re.compile(
    r"(?i)\b(?:i|we) (?:already |just |clearly |never )?(?:said|asked|told|wrote|mentioned|specified|gave)\b"
    r"|\byou (?:forgot|missed|ignored|skipped|deleted|changed|removed|broke"
    r"|misread|keep|kept|already|didn['’]t|did not|said|made)\b|\bnot what i\b|\bthat['’]?s (?:wrong|not right"
    r"|incorrect)\b|\bj'ai dit\b|\bich (?:hatte|habe) \w* ?gesagt"
    r"|\bdije\b|\bho detto\b|\bdone with (?:this|you)\b"
)
"""What is a complaint even where the assistant had asked something."""
_CHOSE = re.compile(
    r"(?i)\W*(?:(?:ok|great|nice|thanks|yes)\W+)*(?:we|i|they|she|he|my \w+)(?:'ve| have)? (?:went|gone|settled"
    r"|decided|chose|picked|took|agreed) (?:with|on|for|the|number)?\b[^?]*$"
)
_ASKING = re.compile(
    r"(?i)\W*(?:(?:and|so|ok|btw|also)\W+)*(?:how|what|why|where|when|which|who|can i|could i|can you|could you"
    r"|is there|is it|wie|was|comment|cómo)\b"
)
_PASTED = re.compile(
    r"(?i)^\W*(?:(?:ok|sure|thanks|yes)\W+)?(?:here(?:'s| is| are| you go| it is)?|hier(?: ist)?|voici|aquí(?: está)?"
    r"|ecco)\b[^:\n.!?]{0,40}:"
)
_PASTE_LINES = 8
_STOPWORDS_TEXT = """
a an the and or of to in on at for from by with is are was were be been am i me my you your we our it its this
that these those there what which who how why when where do does did can could would should will shall may please
pls just so then than as if not no yes ok okay have has had get got give make want need tell let like some any all
more most very too also now up out about into over thanks thank hi hey hello der die das ein eine und ich du wir
ist mir mich bitte den dem zu im mit für le la les un une de des du et je tu est que qui el los las una en y que
es por para me mi
und oder wann wo wie was wer hier da dort denn nun jetzt noch so auf von an bei ist sind der die das
though tho then well hm just only please wrote said what's i'm it's quand où comment quoi cuándo dónde cómo qué
"""
_STOPWORDS = frozenset(_STOPWORDS_TEXT.split())
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_GOES_ON = re.compile(
    r"(?i)\b(?:also|another|next|other|second|third|else|more|new|now|and (?:what|how|the|for)|too|different|instead"
    r"|similar|same for|und|auch|aussi|también|now (?:do|the))\b"
)
_CHANGED_STATE = re.compile(
    r"(?i)\b(?:i|we)(?:'ve| have)? (?:just |now |already )?(?:edited|changed|updated|fixed|pushed|raised|added"
    r"|removed|installed|restarted|moved|uploaded|saved|mended)\b|\bmyself\b|\bonce more\b"
    r"|\bagain\b.{0,40}\b(?:wants?|try|tries|fun|please\?)"
)


class Verdict(NamedTuple):
    """One reading of a person's words."""

    kind: SignalKind
    polarity: Literal[-1, 0, 1]
    strength: float


def read(words: str, *, asked: str, answer: str, edited: bool = False) -> Verdict | None:
    """Read a verdict on an answer out of the person's next words, or nothing.

    `asked` is what the answer was to; `edited` tells that the answer changed a file.
    """
    said = _own(words)
    if is_beside(said) or _PASTED.match(said):
        return None
    undone, gave_up = _weigh(leaving.UNDONE, said), _weigh(leaving.GAVE_UP, said)
    if gave_up and not _praised(said) and "?" not in said:
        return Verdict("abandoned", -1, 0.9)
    if undone and not praise.KEPT.search(said) and not _ASKING.match(said):
        return Verdict("edit_reverted", -1, 0.9)
    offered = is_offer(answer)
    if offered and not _ACCUSES.search(said):
        # Whoever was asked answers; the trouble that is told then is not the answer's.
        return None
    if asides.AWAY.search(said) and not _praised(said):
        return None
    good, bad = _praised(said), _complained(said, asked, answer)
    bad += 0.0 if offered else _weigh(complaints.REFUSED, said)
    mild = _mildly(said)
    if bad >= 0.5 and not good and mild:
        return Verdict("partial", 0, 0.4)
    if good and bad >= 0.7:
        mocking = re.match(
            rf"(?i)^\W*(?:oh |well |ah )?(?:{praise.GOOD})\W+(?:now|another|thanks for|just what)\b", said
        )
        return Verdict("correction", -1, 0.8) if mocking else Verdict("partial", 0, 0.5)
    if good and not offered:
        return _praise(said, edited=edited)
    if not bad and not offered and _takes(said, asked, answer):
        return Verdict("acceptance", 1, 0.8)
    chosen = re.fullmatch(r"(?i)\W*(?:(?:ok|great|nice|yes|then)\W+)*(.{2,40}?) it is\W*", said)
    if chosen and not bad and content(chosen[1]) and content(chosen[1]) <= content(answer):
        return Verdict("acceptance", 1, 0.8)
    if not bad and not offered and _CHOSE.match(said) and content(said) & content(answer):
        return Verdict("acceptance", 1, 0.7)
    if bad >= 1.0 and not _is_question(said, bad):
        return Verdict("correction", -1, min(1.0, 0.6 + 0.2 * bad))
    if not offered and not good and not mild and _repeats(said, asked, answer):
        return Verdict("reask" if said.rstrip().endswith("?") else "correction", -1, 0.7)
    again = asks_again(said, asked) or _weigh(complaints.ASKED_AGAIN, said)
    if again and not offered and not good and not mild:
        return Verdict("reask", -1, 0.7)
    return None


def _own(words: str) -> str:
    """The person's words without quotations, and of a long paste the first and the last lines only."""
    said = _QUOTED.sub(" ", words).strip() or words
    lines = said.splitlines()
    return "\n".join([*lines[:2], *lines[-2:]]) if len(lines) > _PASTE_LINES else said


def is_offer(answer: str) -> bool:
    """Tell whether an answer ends in a question or only proposes, so that a yes or no answers it."""
    # A draft or a quotation in the answer asks somebody else.
    answer = _QUOTED.sub(" ", answer)
    lines = [line for line in answer.strip().splitlines() if line.strip()]
    if not lines:
        return False
    return lines[-1].rstrip(" \"'*_)»”").endswith(("?", "？")) or bool(_OFFER.search(answer.strip()))


def is_beside(said: str) -> bool:
    """Tell whether the words are a slip of the person's own, a changed wish, or another one's verdict."""
    return any(pattern.search(said) for pattern in (asides.OWN_SLIP, asides.CHANGED_WISH, asides.OTHERS))


def _weigh(rows: praise.Table, said: str) -> float:
    return sum(weight for pattern, weight in rows if pattern.search(said))


def _strong(rows: praise.Table, said: str) -> bool:
    return any(weight >= 1.0 and pattern.search(said) for pattern, weight in rows)


def _praised(said: str) -> float:
    """The weight of praise that is neither negated nor asked for."""
    total = 0.0
    for table in (praise.WORKED, praise.PRAISED, praise.USED):
        for pattern, weight in table:
            match = pattern.search(said)
            if (
                match
                and not _NEGATED.search(said[: match.start()])
                and not _asks(said[match.start() : match.end() + 40])
            ):
                total += weight
    return total


def _mildly(said: str) -> bool:
    """Whether a part of the answer is approved of."""
    return any(not _NEGATED.search(said[: match.start()]) for match in _MILD.finditer(said))


def _complained(said: str, asked: str, answer: str) -> float:
    weight = _weigh(complaints.WRONG, said) + _contradicts(said, asked, answer) + _insists(said, asked, answer)
    return weight + _classed(said, asked, answer)


_CLASSED = re.compile(
    r"(?i)^\W*(?:(?:er|um|hm+|but|ähm|äh|no|well)\W+)?(?P<what>(?!i\b|my\b|our\b|we\b|it\b|that\b|this\b|he\b"
    r"|she\b|they\b"
    r"|what\b|who\b|where\b|how\b|the (?:rest|other|first|second)\b)[\w'’-]+(?: [\w'’-]+)?) (?:is|was|are|were|ist|war"
    r"|est|es) (?:an? |the |by |from |in |ein |eine )?(?P<class>[\w'’-]+)"
)
_TONGUE = re.compile(
    r"(?i)^\W*(?:but |aber )?(?:das|that|this|it|dit|c)['’ ]?(?:is|s|ist|est) (?:english|german|danish"
    r"|dutch|french"
    r"|spanish|italian|swedish|norwegian|englisch|deutsch|dänisch|niederländisch|französisch|spanisch|duits|engels)\W*$"
)
_WORTH = re.compile(
    r"(?i)^(?:good|fine|great|nice|ok|okay|perfect|lovely|right|correct|better|best|fun\w*|clear|enough|done"
    r"|very|so|too"
    r"|really|also|now|not|just|more|on|at|for|why|how|what|where|there|here|cheap\w*|interesting|my|our|cool"
    r"|cute|close\w*)$"
)


def _classed(said: str, asked: str, answer: str) -> float:
    """What the answer brought in, called something that it did not say: "Tosca is Puccini" after "Aida and Tosca"."""
    if re.search(r"[?,]|\bbtw\b|\bby the way\b", said) or len(said.split()) > 8:
        return 0.0
    if _TONGUE.search(said):
        return 1.0
    found = _CLASSED.search(said)
    if found is None or _WORTH.match(found["class"]) or _MILD.search(said):
        return 0.0
    named, given, wished = content(found["what"]), content(answer), content(asked)
    fresh = content(found["class"]) - given
    return 1.0 if named and named <= given - wished and fresh else 0.0


def _contradicts(said: str, asked: str, answer: str) -> float:
    """Another number put against one of the answer's: "its 5000. 8000 is gunicorn"."""
    if _names_another(said, answer):
        return 1.0
    numbers = set(re.findall(r"\d+(?:[.,:]\d+)?", said))
    given = set(re.findall(r"\d+(?:[.,:]\d+)?", answer))
    states = re.search(
        r"(?i)\b(?:i (?:get|got|make it|make)|comes? to|it'?s|its|it is|that'?s|is|are|makes|says?|shows?|reads?"
        r"|läuft|ist|est|es|são"
        r"|sono)\s+(?:actually |rather |really "
        r"|the |about |around |roughly |only |exactly |more like )?[€$£]?\d",
        said,
    )
    if states and numbers - given and numbers & given:
        return 0.6
    if states and numbers - given and given and len(said.split()) <= 6:
        return 1.0
    if states and numbers - given and numbers & set(re.findall(r"\d+", _digits(asked))):
        return 1.0
    return 0.3 if states and numbers - given else 0.0


def _names_another(said: str, answer: str) -> bool:
    """Whether something is called the right one that the answer does not hold: "1932 actually"."""
    found = re.search(
        r"(?i)^\W*(?:the )?([\w().'-]+)(?: [a-z]+)?,? actually\b(?! (?:make|can|could|i|it|that|we|no|yes|let))"
        r"|([\w().-]+) is what (?:i|we) (?:actually |really )?(?:needed|wanted|meant|asked for|was after|need|want)\b",
        said,
    )
    word = (found[1] or found[2]).lower().strip("().'") if found else ""
    plain = {"that", "this", "it", "which", "yes", "no", "ok", "okay", "exactly", "well", "oh", "and", "i", "hm", "so"}
    return bool(word) and word not in plain and word not in answer.lower()


def _digits(text: str) -> str:
    text = re.sub(rf"(?i)\b(?:{'|'.join(_TENS)})\b", lambda m: str(10 * _TENS.index(m.group().lower()) + 20), text)
    return re.sub(rf"(?i)\b(?:{'|'.join(_NUMBERS)})\b", lambda m: str(_NUMBERS.index(m.group().lower()) + 2), text)


def _insists(said: str, asked: str, answer: str) -> float:
    """A word of the request shouted, or a few of its words put against what was done instead."""
    shouted = {word.lower() for word in re.findall(r"\b[A-Z]{4,}\b", said)} if not said.isupper() else set()
    if re.search(r"\b(?:WHERE|WHAT|WHICH|WHEN|WHO|HOW|WHY)\b", said) and content(said) & content(asked):
        return 1.0
    if "!" in said and len(said.split()) <= 3:
        shouted |= {word.lower() for word in re.findall(r"\b[A-Z]{2,}\b", said)}
    weight = 0.7 if shouted & set(re.findall(r"\w+", asked.lower())) else 0.6 if shouted and "!!" in said else 0.0
    if (
        len(said.split()) <= 8
        and re.search(r"(?i)\b(?:not|nicht|kein\w*|pas)\b", said)
        and content(said) & content(asked)
    ):
        weight += 0.5
    return weight if said.rstrip().endswith("?") else weight + _breaks(said, asked, answer)


def _breaks(said: str, asked: str, answer: str) -> float:
    """A thing of the answer set against a wish of the request: "ricotta isn't vegan", "parmesan is dairy"."""
    words, wished, given = content(said), content(asked), content(answer)
    named, wish = words & (given - wished), words & (wished - given)
    if not named or not wish or len(words) > 8:
        return 0.0
    without = r"(?i)\b(?:no|not|without|kein\w*|ohne|sans|sin)\s+"
    unwanted = any(re.search(without + re.escape(word), asked) for word in wish)
    return 1.0 if _NOT.search(_HARMLESS_NOT.sub(" ", said)) or unwanted else 0.0


def _praise(said: str, *, edited: bool) -> Verdict | None:
    """Praise, unless something else in the words takes part of it back."""
    rest = _HARMLESS_NOT.sub(" ", said)
    if _PART.search(said):
        return Verdict("partial", 0, 0.4)
    weight = _praised(said)
    if _NOT.search(rest) or weight < 0.6:
        return None
    if said.rstrip().endswith("?") and not _weigh(praise.WORKED, said) and not _weigh(praise.USED, said):
        return None
    if praise.KEPT.search(said) and (_weigh(praise.USED, said) or edited):
        return Verdict("edit_kept", 1, 0.95)
    if edited and _weigh(praise.USED, said):
        return Verdict("edit_kept", 1, 0.85)
    return Verdict("acceptance", 1, 0.9 if weight >= 1.0 else 0.6)


def _asks(said: str) -> bool:
    """Whether the words are a question, or ask for what they name to be done."""
    return bool(
        re.match(
            r"(?i)\W*(?:can|could|would|will|should|how|what|why|where|when|did|do|does|is|are|was|were|kannst|wie"
            r"|comment|cómo)\b[^.!\n]*\?",
            said,
        )
    )


def _is_question(said: str, bad: float) -> bool:
    """Whether it is a question without a clear complaint; "what is wrong with it" asks, "it is wrong?!" does not."""
    if re.fullmatch(
        r"(?i)\W*(?:and |so |ok )?(?:what|why|where|who|how|which|is|are|did|does|do|could|can)\b[^.,;!]*", said
    ):
        return True
    return bad < 2.0 and _asks(said) and not _strong(complaints.WRONG, said)


def _repeats(said: str, asked: str, answer: str) -> bool:
    """Whether a few words hold nothing but words of the request: whoever repeats it did not get it."""
    now = content(_digits(said))
    if not now or len(said.split()) > 7 or _GOES_ON.search(said):
        return False
    return now <= content(_digits(asked)) and not (now <= content(answer) and len(now) == 1 and "?" not in said)


def _takes(said: str, asked: str, answer: str) -> bool:
    """Whether a proposal is called out with a yes: "Crumb! Yes!"."""
    now = content(re.sub(r"(?i)\b(?:yes+|ja|oui|sí|sì|sim|yay|wow|oh|ha(?:ha)*)\b", " ", said))
    cheers = re.search(r"(?i)\b(?:yes+|ja|oui|sí|sì|sim|yay|wow)\b", said) and "!" in said and "?" not in said
    return bool(cheers and now and now <= content(answer) - content(asked))


def content(text: str) -> set[str]:
    """The words of a text that carry its content, cut to their stems."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())
    return {_stem(word) for word in words if word not in _STOPWORDS and (len(word) > 1 or word.isdigit())}


def _stem(word: str) -> str:
    return re.sub(r"(?:ings?|ed|es|s|en|er)$", "", word) if len(word) > 4 else word


def asks_again(said: str, asked: str) -> bool:
    """Tell whether the words ask for what was asked before, without a new name or number in them."""
    now, before = content(said), content(asked)
    shared = now & before
    if not shared or _CHANGED_STATE.search(said):
        return False
    if len(now) >= 2 and now == shared and "?" in said and not re.search(r"(?i)\b(?:also|another|next|else)\b", said):
        return True
    if _GOES_ON.search(said):
        return False
    if (
        re.search(r"(?i)\b(?:when|where|how|which|who|what|how (?:much|many|long|far))\W*$", said)
        and len(said.split()) > 2
    ):
        return True
    fresh = {_stem(w.lower()) for w in re.findall(r"\b\d[\w.,]*|(?<=[\w,] )[A-Z][\w-]+", said)} - before
    if fresh:
        return False
    if len(now) == 1 and re.search(r"(?i)\b(?:please|pls|plz|bitte|por favor|s'il (?:te|vous) pla[iî]t)\W*$", said):
        return True
    if re.match(
        r"(?i)\W*(?:(?:yes|yeah|ok|okay|sure|fine|right)\W+)*(?:but|so) (?:which|what|how|when|where|who|can|is|are"
        r"|do|does|did|should|will|would)\b",
        said,
    ):
        return True
    share = len(shared) / len(now)
    return (len(shared) >= 2 and share >= 0.6) or (len(shared) >= 3 and share >= 0.5)
