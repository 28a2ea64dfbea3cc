"""What a person's next words say of the answer before them: praise, complaint, both, or nothing.

Pure, and careful rather than complete: where the words are mixed, quoted, about something else or
only consent to an offer, it says nothing, and the outcome is left to the judges.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from nightschool.curate import (
    against,
    asides,
    complaints,
    evasive,
    faults,
    kept,
    leaving,
    outcomes_told,
    pieces,
    praise,
    reasked,
    reports,
    sequel,
    values,
    wording,
)
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
    r"|\b(?:is|are) (?:now )?(?:gone|fixed|sorted|solved|green)(?=\s*[,.;])|\byes!+(?=\W|$)|\b(?:matches"
    r"|match) (?:the|my|what|finance)|\bat least\b|\bpasst(?: so| gut| schon| genau)?(?=[.,;])|\b(?:est"
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
_OTHER_PART = re.compile(
    r"(?i)\W*(?:and )?(?:the )?(?:second|third|last|rest|remaining|half|other (?:one|half|two))\b(?! way)"
)
_GIVES_UP = re.compile(
    r"(?i)^\W*(?:(?:ok(?:ay)?|ah|ach|oh|well|ugh|meh|right|no|you know what)\W+)*(?:forget (?:about )?(?:it|this"
    r"|that)|never ?mind|nvm"
    r"|drop it|skip it|screw it|scrap (?:it|this|that)|leave it,|vergiss es|lass (?:es|mal|gut)|laisse tomber"
    r"|déjalo|olvídalo"
    r"|laat maar|lascia (?:stare|perdere))\b"
)
"""Words that give up before anything else is said: what is used then is something else."""
_FOUND_OUT = re.compile(
    r"(?i)\b(?:found|got it|figured|solved|fixed|works? (?:now|again)|worked|my (?:mistake|bad|fault|error)"
    r"|habe? es|trouvé|ya está)\b"
)
_WANTS_MORE = re.compile(
    r"(?i)\b(?:another(?: one)?|one more|more of (?:these|those|that|them)|(?:the )?next one)(?: please| pls)?\W*$"
)
_LETTER = re.compile(
    r"(?i)\b(?:write|draft|compose|text|reply|answer|message|mail|e-?mail|letter|note|invitation|écri\w*|rédige\w*"
    r"|schreib\w*|formulier\w*|scrivi|escribe"
    r"|redacta|schrijf|nachricht|brief)\b"
)
_GREETS = re.compile(
    r"(?i)^\W*(?:dear|hi|hey|hello|hallo|liebe[rs]?|sehr geehrte\w*|guten|salut|bonjour|coucou|cher|chère|madame"
    r"|monsieur|hola|querid[oa]|estimad[oa]|buen\w*"
    r"|ciao|caro|cara|gentile|beste|olá|moin|servus)\b"
)
_ASKED_WELL = re.compile(
    r"(?i)^\W*(?:(?:ah|oh|yes|ha|phew|uff|ouf|wow|god)\W+)*(?:(?:very |really )?(?:good|great|fair|smart"
    r"|excellent) (?:question|thinking"
    r"|point to (?:ask|check)|that you ask)"
    r"|(?:i'm )?(?:so )?(?:good|glad|nice|great|smart|good thing|lucky|relieved) (?:that )?you (?:ask|check|look"
    r"|notic|stopp)\w*|gute frage|gut,? dass du fragst|bonne question"
    r"|buena pregunta)\b"
)
_IRONIC = re.compile(
    rf"(?i)^\W*(?:oh |well |ah )?(?:{praise.GOOD})\W+(?:just (?:what|the thing) (?:i|we) (?:needed|wanted)"
    rf"|just (?:{praise.GOOD})|typical|of course)\b"
    r"[^?]*[.!,;] [^.!]*\b(?:are|is|do|does|what|when|where|how|any|can|which)\b"
)
"""Joy at bad news, and on to the next question."""
_SURPRISED = re.compile(
    r"(?i)^\W*(?:(?:no|wow|oh|really|huh|what|ha)\W+)*(?:no way|really|seriously|the \w+|\w+)(?:, \w+)?\W*(?:\?!"
    r"|!\?|!!|!)"
    r"[^?]*\b(?:what|which|who|how|and the|where|when)\b[^?]{0,40}\??\W*$"
)
"""Wonder at a fact, and on to the next question."""
_STATE_CHANGED = re.compile(
    r"(?i)\b(?:i|we)?(?:'ve| have)? ?(?:just |now |already )?(?:mended|restarted|rebooted|refilled|filled|reloaded"
    r"|replugged"
    r"|edited|pushed|saved|uploaded|topped up|fixed|raised|moved)\b[^?]{0,60}\b(?:again|once more)\b(?! (?:wrong"
    r"|fails))"
)
"""What was looked at is no longer the same; a second look is no complaint."""
_SUPPOSES = re.compile(
    r"(?i)^[^.]*\b(?:say|suppose|if|in case|how (?:do|can|would|could) (?:i|we)|want to|wanted to|could i|can i"
    r"|should i"
    r"|might|would)\b[^.]*\?\W*$"
)
"""Taking back is only thought of."""
_AS_WANTED = re.compile(
    r"(?i)^(?!.*\b(?:not|n't|but|except|never|on purpose)\b)[^.]*(?:\bas (?:it (?:should|has to|must|ought)"
    r"|expected|hoped|wanted|planned|ordered"
    r"|promised|intended|required|desired)(?: to)?(?: be)?\W*$|\bindeed\W*$|\bwie (?:gewünscht|erwartet"
    r"|es soll)\W*$|\bcomme (?:prévu|voulu)\W*$)"
)
"""What came is what was to come, be it nothing."""
_CHECK_SAYS = re.compile(
    r"(?i)^[^\n?]{0,40}\b(?:checker|validator|linter|compiler|parser|scanner|ci|tests?|suite"
    r"|w3c)\b[^\n?]{0,24}[:,] ?[\"“']?[^\n?]*"
    r"\b(?:valid|passed|passes|no (?:errors|issues|warnings|problems)|0 errors|success\w*|all ok"
    r"|clean)\b(?!.*\b(?:not|but|invalid)\b)"
)
_PRAISES = (
    praise.WORKED, praise.PRAISED, kept.USED, sequel.CAME_RIGHT, sequel.KEPT_SO, reports.CAME_WELL, reports.STANDS,
    outcomes_told.WENT_WELL,
)  # fmt: skip
_BLAMES = (complaints.WRONG, faults.DOES_WRONG, reports.WENT_AGAINST, outcomes_told.WENT_BADLY)
_PASTE_LINES = 8
_LONGEST = 4_000
"""Letters of a message that are read, half of them its first: a verdict stands at an end of what is longer."""


class Verdict(NamedTuple):
    """One reading of a person's words."""

    kind: SignalKind
    polarity: Literal[-1, 0, 1]
    strength: float


def read(
    words: str, *, asked: str, answer: str, edited: bool = False, earlier: str = "", shown: str = ""
) -> Verdict | None:
    """Read a verdict on an answer out of the person's next words, or nothing.

    `asked` is what the answer was to, `earlier` what else was asked before it; `edited` tells that the answer
    changed a file; `shown` is what its tools printed, whose numbers the person may repeat.
    """
    said, asked, answer = _own(words), _ends(asked, 2 * _LONGEST), _ends(answer, 2 * _LONGEST)
    if is_beside(said) or _PASTED.match(said):
        return None
    undone = _weigh(leaving.UNDONE + reports.TAKEN_BACK + outcomes_told.PUT_BACK, said)
    gave_up = _weigh(leaving.GAVE_UP + reports.LET_GO + outcomes_told.WALKED_OFF, said)
    leaves = _GIVES_UP.match(said) and not _FOUND_OUT.search(said)
    if (leaves or (gave_up and not _praised(said))) and "?" not in said:
        return Verdict("abandoned", -1, 0.9)
    if undone and not (kept.KEPT.search(said) or _ASKING.match(said) or _SUPPOSES.search(said)):
        return Verdict("edit_reverted", -1, 0.9)
    offered = is_offer(answer, asked)
    if answer.rstrip().endswith("?") and _ASKED_WELL.match(said):
        return Verdict("acceptance", 1, 0.7)
    if _IRONIC.match(said) or _SURPRISED.match(said) or _STATE_CHANGED.search(said):
        return None
    if offered and not _ACCUSES.search(said):
        # Whoever was asked answers; the trouble that is told then is not the answer's.
        return None
    if asides.AWAY.search(said) and not _praised(said):
        return None
    if not offered and (_AS_WANTED.search(said) or _CHECK_SAYS.search(words)) and "?" not in said:
        return Verdict("acceptance", 1, 0.8)
    good, bad = _praised(said), _complained(said, asked, f"{answer}\n{' '.join(re.findall(r'[0-9][0-9.,]*', shown))}")
    # "No drips any more" opens like a refusal.
    bad += 0.0 if offered or _weigh(sequel.CAME_RIGHT, said) else _weigh(complaints.REFUSED, said)
    bad += 1.0 if not good and not offered and faults.forbidden(said, f"{earlier}\n{asked}") else 0.0
    if (good or bad) and pieces.mixed(words if words.count("\n") < _PASTE_LINES else said):
        return Verdict("partial", 0, 0.5)
    mild = _mildly(said)
    parted = re.search(r"(?i)\b(?:first|one|1)\b[^?]*[,.;] (?:but |and )?(?:the )?(?:second|other|2)\b", said)
    if bad >= 0.5 and ((not good and mild) or parted):
        return Verdict("partial", 0, 0.4)
    if good and bad >= 0.7:
        mocking = re.match(
            rf"(?i)^\W*(?:oh |well |ah )?(?:{praise.GOOD})\W+(?:now|another|thanks for|just what)\b", said
        )
        return Verdict("correction", -1, 0.8) if mocking else Verdict("partial", 0, 0.5)
    if not (offered or good) and evasive.goes_elsewhere(said, asked, answer):
        return Verdict("abandoned", -1, 0.7)
    if not (offered or good) and evasive.asks_on(said, asked, answer):
        return Verdict("reask", -1, 0.7)
    if good and not offered:
        return _praise(said, about=f"{asked} {answer}", edited=edited)
    if (
        not bad
        and not offered
        and not against.denies(said)
        and (sequel.went_well(said, asked, answer) or against.confirms_cause(said, asked, answer))
    ):
        return Verdict("acceptance", 1, 0.8)
    if not bad and not offered and against.takes_up(said, asked, answer):
        return Verdict("acceptance", 1, 0.8)
    chosen = re.fullmatch(r"(?i)\W*(?:(?:ok|great|nice|yes|then)\W+)*(.{2,40}?) it is\W*", said)
    if chosen and not bad and wording.content(chosen[1]) and wording.content(chosen[1]) <= wording.content(answer):
        return Verdict("acceptance", 1, 0.8)
    if not bad and not offered and _CHOSE.match(said) and wording.content(said) & wording.content(answer):
        return Verdict("acceptance", 1, 0.7)
    if _WANTS_MORE.search(said) and bad < 2.0:
        # Who asks for one more of the kind has got what they wanted.
        return None
    if bad >= 1.0 and not _is_question(said, bad):
        return Verdict("correction", -1, min(1.0, 0.6 + 0.2 * bad))
    if not offered and not good and not mild and reasked.repeats(said, asked, answer):
        return Verdict("reask" if said.rstrip().endswith("?") else "correction", -1, 0.7)
    if pieces.mixed(said):
        return None
    if not offered and reasked.is_same(said, asked):
        return Verdict("reask", -1, 0.7)
    again = reasked.asks_again(said, asked, answer) or _weigh(complaints.ASKED_AGAIN, said)
    if again and not offered and not good and not mild:
        return Verdict("reask", -1, 0.7)
    return None


def _own(words: str) -> str:
    """The person's words without quotations, and of a long paste the first and the last lines only."""
    words = _ends(words, 2 * _LONGEST)
    said = _QUOTED.sub(" ", words).strip() or words
    lines = said.splitlines()
    return _ends("\n".join([*lines[:2], *lines[-2:]]) if len(lines) > _PASTE_LINES else said, _LONGEST)


def _ends(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest // 2]}\n{text[-longest // 2 :]}"


def is_offer(answer: str, asked: str = "") -> bool:
    """Tell whether an answer ends in a question or only proposes, so that a yes or no answers it."""
    if _LETTER.search(asked) and _GREETS.match(answer):
        # The question in a letter that was asked for is put to whoever gets it.
        return False
    # A draft or a quotation in the answer asks somebody else.
    answer = _QUOTED.sub(" ", _ends(answer, 2 * _LONGEST))
    lines = [line for line in answer.strip().splitlines() if line.strip()]
    if not lines:
        return False
    return lines[-1].rstrip(" \"'*_)»”").endswith(("?", "？")) or bool(_OFFER.search(answer.strip()))


def is_beside(said: str) -> bool:
    """Tell whether the words are a slip of the person's own, a changed wish, or another one's verdict."""
    if sequel.SECONDED.search(said):
        return False
    return any(pattern.search(said) for pattern in (asides.OWN_SLIP, asides.CHANGED_WISH, asides.OTHERS))


def _weigh(rows: praise.Table, said: str) -> float:
    return sum(weight for pattern, weight in rows if pattern.search(said))


def _strong(rows: praise.Table, said: str) -> bool:
    return any(weight >= 1.0 and pattern.search(said) for pattern, weight in rows)


def _praised(said: str) -> float:
    """The weight of praise that is neither negated nor asked for."""
    total = 0.0
    for table in _PRAISES:
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
    if faults.echoed(said, asked, answer):
        return 1.0
    found = sum(_weigh(table, said) for table in _BLAMES) + against.weight(said, asked, answer)
    found += values.weight(said, asked, answer)
    return found + (1.0 if faults.denied(said, asked, answer) else 0.0)


def _praise(said: str, *, about: str, edited: bool) -> Verdict | None:
    """Praise, unless something else in the words takes part of it back."""
    if _PART.search(said) or _takes_back(said, about):
        return Verdict("partial", 0, 0.4)
    weight = _praised(said)
    ended = sum(_weigh(table, said) for table in (sequel.CAME_RIGHT, sequel.KEPT_SO, reports.CAME_WELL, reports.STANDS))
    if (against.denies(said) and not ended) or weight < 0.6:
        return None
    if said.rstrip().endswith("?") and not (ended or _weigh(praise.WORKED, said) or _weigh(kept.USED, said)):
        return None
    if _weigh(sequel.KEPT_SO, said) or _weigh(reports.STANDS, said):
        return Verdict("edit_kept", 1, 0.95)
    if kept.KEPT.search(said) and (_weigh(kept.USED, said) or edited):
        return Verdict("edit_kept", 1, 0.95)
    if edited and _weigh(kept.USED, said):
        return Verdict("edit_kept", 1, 0.85)
    return Verdict("acceptance", 1, 0.9 if weight >= 1.0 else 0.6)


def _takes_back(said: str, about: str) -> bool:
    """Whether a later part of the words finds fault with a part of what an earlier one praised."""
    parts = [part for part in re.split(r"[.,;!?\n]+\s", said) if part.strip()]
    last = max((place for place, part in enumerate(parts) if _praised(part)), default=len(parts))
    rest = [part for part in parts[last + 1 :] if not _praised(part)]
    praised = wording.content(" ".join(parts[: last + 1]))
    return any(
        against.FAULT.search(part) or _OTHER_PART.match(part) or _turns_to(part, wording.content(about) - praised)
        for part in rest
    )


def _turns_to(part: str, others: set[str]) -> bool:
    """Whether a part of the words states something of another thing than the one that was praised."""
    told = re.match(
        r"(?i)\W*(?:and )?(?:the |my |our |that )?(?P<what>[\w'’-]+?)(?:['’]s| is| are| was| were| went| has| makes?"
        r"| \w+s)\b",
        part,
    )
    return bool(
        told and wording.content(told["what"]) & others and not re.search(r"(?i)\d|\b(?:now|since|again|no)\b", part)
    )


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
        r"(?i)\W*(?:and |so |ok )?(?!who (?:said|asked)\b|.*\bi (?:asked|wanted|ordered)\b)"
        r"(?:what|why|where|who|how|which|is|are|did|does|do|could|can)\b[^.,;!]*",
        said,
    ):
        return True
    return bad < 2.0 and _asks(said) and not any(_strong(table, said) for table in _BLAMES)
