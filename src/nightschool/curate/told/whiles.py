"""What holds for a while only, and until when: stays, injuries, duties, dates and limits of one purchase. Pure."""

from __future__ import annotations

import dataclasses
import datetime
import re

from nightschool.curate import speech
from nightschool.curate.speech import DAY
from nightschool.curate.told import others
from nightschool.curate.told.clauses import Clause
from nightschool.curate.told.lifewords import ANIMALS, FEAST, HOUSEHOLD, MONTH, OWN_THINGS, WEEKDAY
from nightschool.curate.told.telling import Told

_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_DATE = (
    rf"(?:(?:the )?{_NTH}(?: of)? {MONTH}|(?:the )?{_NTH}|\d{{1,2}}\.? {MONTH}|{MONTH} {_NTH}|{MONTH} \d{{1,2}}"
    rf"|(?:(?:mid|early"
    rf"|late|the end of|end of|the start of|start of|the middle of)[ -])?{MONTH}|(?:next |this )?{WEEKDAY}"
    rf"|\d{{1,2}}[./]\d{{1,2}}"
    rf"\.?|{FEAST}|(?:the end of )?(?:next|the) (?:week|month|term|semester|season)|the weekend|spring|summer|autumn"
    rf"|winter"
    r"|tomorrow|further notice)"
)
_UNTIL = r"(?:until|till|'?til|through|thru|up to|bis(?: zum)?|hasta(?: el)?|jusqu'(?:à|au|en)|fino (?:a|al)|até)"
_END = re.compile(
    rf"\b{_UNTIL}\b (?:after )?{_DATE}\b|\b(?:until|till|'?til|bis|hasta|jusqu'à ce que|fino a)\b (?:after )?(?:(?:I"
    rf"|we|he|she|they|it|the|my|our)\b|legal\b|then\b|\w+'s\b"
    rf"|(?:\w+ ){{1,2}}?\w+(?:'s| is) (?:over|back|done|through|finished)|(?:mitte|ende|anfang) \w+)"
    rf"|\bfor (?:the )?(?:next |another |a |a few |few |a couple of |some |one |two |three |four |five |six |seven "
    rf"|eight"
    r" |ten |\d+ )+(?:more )?(?:days?|weeks?|months?)\b(?! (?:now|already))|(?<!from )(?<!since )\bthis (?:school "
    r"|academic )?(?:week"
    r"|month|term|semester|sprint|year)\b(?! on\b)"
    r"|\b(?:these (?:few )?weeks|these few days|(?:the next|the coming) (?:few )?(?:days|weeks))\b|\b(?:today"
    r"|tonight) (?:only|and tomorrow)\b"
    rf"|\bno(?:thing|body)? [^?]*\bbefore {_DATE}|\bin {MONTH} only\b|\b(?:from|between) \w+ (?:to|through"
    rf"|and) {_DATE}\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:each|every) (?:year|month|week|day|winter|summer)\b", re.IGNORECASE)
"""What comes round again does not end."""
_OWN = re.compile(r"\b(?:I|I'm|I've|im|my|me|we|we're|we've|our|us|mine|bin|ich|mein\w*|estoy|je|mi)\b", re.IGNORECASE)
_STATE = re.compile(
    r"^(?:(?:I'?m|we'?re|I am|we are|i've been|been) )?(?:\w+ )?(?:house-?sitting|dog-?sitting|staying|on (?:call"
    r"|leave|nights"
    r"|earlies|lates|holiday|vacation|sabbatical|\w+ leave|jury duty|crutches|antibiotics|a (?:diet|cleanse|fast"
    r"|detox|break"
    r"|business trip))|jury duty|at my \w+(?:'s)?|stuck at|holed up|visiting|keto|vegan|vegetarian|low[- ]carb"
    r"|sugar[- ]free|alcohol[- ]free|gluten[- ]free|in (?:rehab|hospital|quarantine|plaster"
    r"|isolation|a cast|a sling)|away|abroad"
    r"|off (?:work|sick|dairy|alcohol|sugar)|covering|minding|filling in|standing in|subbing|fasting|doing (?:dry"
    r"|whole|no)"
    r"|chemo\w*|radio ?therapy|physio|pregnant|breastfeeding|nursing|no (?:hot water|heating|internet|power|car|oven"
    r"|kitchen"
    r"|wi-?fi|lift|electricity|gas)|(?:left|right) \w+ (?:is )?in (?:plaster|a cast|a sling|a splint)|(?:I'?ve got"
    r"|I have|got"
    r"|with) an? (?:cast|sling|splint|boot|temp)|lent|ramadan|code freeze|feature freeze|freeze|typing (?:from|on|with)"
    r"|working from|camping|living out of|bin bis|estoy)\b",
    re.IGNORECASE,
)
_PREGNANT = re.compile(
    r"^(?:(?:I'?m|I am|my wife is|my partner is|still) )?(?:also |currently |still )?(?:(?:\d+|\w+) (?:weeks"
    r"|months) )?(?:pregnant"
    r"|expecting (?:a baby|twins|our|my)|breast-?feeding)\b|^I (?:just |recently )?(?:broke|sprained|tore|fractured"
    r"|dislocated|twisted)"
    r" my\b|^broke my\b|^(?:I'?m |I am )?recovering from (?:an?|my|knee|hip|surgery)",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"^(?:(?:I'?m|I am|(?:my|our) (?:[\w-]+ )?(?:{HOUSEHOLD}|{ANIMALS})(?:,? (?-i:[A-ZÀ-Ý])[\w'-]+,?)?(?: is|'s| just"
    rf"| has| is just)?(?= ))"
    r" (?:now |already |almost |nearly |just |only |turned |just turned )?)"
    r"(?:\d{1,2}(?!\d)|(?:four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]\w+)?))"
    r"(?:$|,| (?:and|now|years? old|yrs?|yo|y/o|this year|next \w+|with|so|but|in (?!\d))\b| \()",
    re.IGNORECASE,
)
"""An age, which holds for a year at most."""
_THING = re.compile(
    rf"^(?:(?:my|our|the) )?(?:[\w-]+ ){{0,2}}(?:{OWN_THINGS}|plotter|scanner|lift|elevator|hot water|water|power"
    rf"|vpn)\b[^?]*?"
    r"(?: is|'s| has no| are| stays| won't| can't| has)\b",
    re.IGNORECASE,
)
_RESTRICTS = re.compile(
    r"\b(?:nobody|no one|no|nothing|only|read[- ]only|don'?t touch|hands off|freeze|frozen|keine?|nada|solo)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(?:(?:the|our) )?(?:[\w-]+ ){0,2}(?:sandbox|staging|prod(?:uction)?|branch|main|trunk|repo|database|db|cluster"
    r"|api"
    r"|server|ci|environment|schema|registry|wiki|tracker|calendar) (?:is|are|stays?|remains?) (?:\w+ )?(?:read[- ]only"
    r"|frozen|locked|closed|off[- ]limits|offline|disabled|unavailable|paused)\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    rf"\b(?:(?:has|have|needs?) to (?:reach|arrive|get to|be with|go out to|land)\b|(?:has|have|needs?) to be (?:in"
    rf"|submitted|done|filed|sent|ready|handed in|paid|finished)|must be (?:in"
    rf"|submitted)"
    rf"|(?:is|are|'s) due|deadline (?:is|:|of)|closes?|expires?|runs? out)\b[^?]*?\b(?:by|on|at|in|is)? ?{_DATE}",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:signed (?:\w+ )?up (?:for|to)|put (?:my|our) names? down for|down for|got (?:a |my )?(?:place|slot|spot"
    r"|ticket)s? (?:in|for|at|on)|registered for|entered (?:the"
    r"|for)|booked|tickets? (?:is|are)|flights? (?:is|are)|(?:I'?m|we'?re|I am|we are) (?:flying|going|off|moving"
    r"|leaving"
    r"|travel\w+|running|racing|getting married|having surgery|performing|playing|hosting|doing|due|visiting"
    r"|presenting)"
    r"|(?:I|we) (?:fly|leave|move|travel|marry|get married|host|run|sit|take|have) |(?:my"
    r"|our) (?:\w+ )?(?:\w+ )?(?:exam|practical"
    r"|test|defen[cs]e|viva|interview|surgery|operation|wedding|due date|deadline|appointment|scan|flight|race"
    r"|recital|concert"
    r"|audition|graduation|trip|holiday|move|hearing|thesis|presentation|talk|party|driving test"
    r"|marathon)\b[^?]*?(?: is| are|'s)"
    r"|with my \w+|night of|^(?:colonoscopy|mri|biopsy|root canal|mammogram|endoscopy|surgery|blood test"
    r"|parents' evening|dentist|doctor'?s?|vet|physio|haircut|job interview|exam|flight|driving test)\b"
    r"|^(?:visiting|travelling to|trip to)\b|(?:the|our|my) (?:\w+ ){0,2}(?:reunion|wedding|party|concert|exam|trip"
    r"|fair|match|race"
    r"|recital|conference"
    r"|appointment|funeral|gig|launch|open day|agm|meeting|workshop|course|festival|tournament|performance) (?:is"
    r"|are|'s))\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b(?:(?:the )?{_NTH}(?: of)? {MONTH}|\d{{1,2}}\.? {MONTH}|{MONTH} {_NTH}|{MONTH} \d{{1,2}}\b|(?:on"
    rf"|by) (?:the )?{_NTH}|in"
    rf" {MONTH}\b|on (?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|month|{WEEKDAY})"
    rf"|\d{{1,2}}[./]\d{{1,2}}\b)",
    re.IGNORECASE,
)
_PURCHASE = re.compile(
    r"\b(?:max(?:imum)?|budget(?: for [\w ]+?)?|ceiling|limit|at most|no more than|up to|under|not over|below"
    r"|can (?:go|stretch) to"
    r"|can spend"
    r"|have|spend)\b(?: is| of| about| around|:)? ?(?:[€$£] ?)?\d[\d.,]*k?(?: ?(?:euros?|eur|usd|dollars|bucks|pounds"
    r"|quid|gbp"
    r"|chf|kr(?:oner|onor)?|sek|nok|dkk|€|\$|£))?\b|[€$£]?\d[\d.,]*(?: ?(?:€|euros?|quid))? (?:tops|max|maximum)\b",
    re.IGNORECASE,
)
_BUYING = re.compile(
    r"\b(?:budget|looking for|need|needs?|want|buying|buy|shopping for|after|searching|find me|get|getting|new|used"
    r"|second[- ]hand|gift"
    r"|present|person)\b",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"[€$£]|\b(?:euros?|eur|usd|dollars?|bucks|pounds|quid|gbp|chf|francs|kr|sek|nok|dkk)\b|\bmax \d|\d (?:tops|max)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"^(?:please |pls |can you |could you )?(?:remind|keep|wait|bake|cook|set|book|schedule|postpone|move|extend"
    r"|count|calculate"
    r"|list|show|give|tell|make|write|draft|send|add|put|find|plan|check|read|run|stay|hold|leave|simmer|mix|repeat"
    r"|stir)\b",
    re.IGNORECASE,
)
_FOR_A_TEXT = re.compile(
    r"\b(?:write|draft|design|make|create|announce)\b[^?]*\b(?:invitations?|posters?|banners?|e?-?mails?|flyers?"
    r"|posts?|ads?"
    r"|announcements?|notices?|signs?|captions?|press release)\b|\bput (?:that|it|this) (?:in|on) the\b",
    re.IGNORECASE,
)
"""What a text is to say is not told of the person."""
_WORDS = {"a": 1, "one": 1, "couple": 2, "two": 2, "few": 3, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
          "eight": 8, "ten": 10}  # fmt: skip
_LONGEST = 30


def ends(text: str) -> bool:
    """Whether words say that what they tell will end."""
    return _END.search(text) is not None and not _EVERY.search(text)


def told(clause: Clause, text: str) -> Told | None:
    """Read what holds for a while: the sentence from its clause on, with the wish that goes with it."""
    if clause.asked or _ORDERED.match(text) or others.mocks(text):
        return None
    whole = clause.saying.text
    if _FOR_A_TEXT.search(whole):
        return None
    if ends(text) and (
        _STATE.match(text)
        or _THING.match(text)
        or (_OWN.search(text) and not _ORDERED.match(whole))
        or (re.match(rf"\W*{_UNTIL}\b", text, re.IGNORECASE) and _RESTRICTS.search(whole))
        or re.match(rf"(?:(?:my|our) )?(?:{HOUSEHOLD})\b", text, re.IGNORECASE)
        or (re.match(r"(?:absolutely |please )?(?:no|nothing|nobody|only)\b", text, re.IGNORECASE) and not clause.asked)
        or _CLOSED.match(text)
        or (re.match(r"(?:\w+ ){0,2}freeze\b", text, re.IGNORECASE))
    ):
        return _made(clause, text)
    if _AGE.match(text):
        return dataclasses.replace(_made(clause, text), words=clause.text)
    if _PREGNANT.match(text) or (ends(whole) and _STATE.match(text)):
        return _made(clause, text)
    if _DEADLINE.search(text) and not _EVERY.search(text):
        return _made(clause, text)
    dated = _DATED.search(text)
    if (
        dated
        and (_DAY.search(dated["rest"]) or _DAY.search(text) or _DAY.search(clause.after[:20]))
        and not re.match(r"I have\b.*\bevery\b", text)
    ):
        return _made(clause, text)
    if _PURCHASE.search(text) and _CURRENCY.search(text) and _BUYING.search(whole):
        return _made(clause, text)
    return None


def _made(clause: Clause, text: str) -> Told:
    rest = clause.saying.text[clause.start :].strip()
    words = rest if len(rest.split()) <= _LONGEST else clause.text
    return Told(subject="user", relation="", object=" ".join(text.split()[:14]), words=words, passing=True)


def end(words: str, created: float) -> float | None:
    """When something ends, as its words say; None where they do not."""
    spell = re.search(
        r"\bfor (?:the next |another |a |the )?(\w+) (?:more )?(?:of )?(day|week|month)s?\b", words, re.IGNORECASE
    )
    if spell:
        count = _WORDS.get(spell[1].lower(), int(spell[1]) if spell[1].isdigit() else 1)
        return created + count * {"day": 1, "week": 7, "month": 31}[spell[2].lower()] * DAY
    now = datetime.datetime.fromtimestamp(created, datetime.UTC)
    dated = re.search(
        rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH})|({MONTH}) (\d{{1,2}})\b)", words, re.IGNORECASE
    )
    if dated:
        return _on(now, _month(dated[2] or dated[3]), int(dated[1] or dated[4]))
    of_month = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)\b", words)
    if of_month and re.search(rf"\b{_UNTIL}\b|\bby\b", words, re.IGNORECASE):
        day = int(of_month[1])
        return _on(now, now.month if day >= now.day else now.month % 12 + 1, day)
    month = re.search(
        rf"\b(?:until|till|'?til|through|in|by) (?:the )?(?:(?:mid|end|start|early|late"
        rf"|middle)[ -]?(?:of )?)?({MONTH})\b",
        words,
        re.IGNORECASE,
    )
    if month:
        return _on(now, _month(month[1]), 28)
    weekday = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?day\b", words, re.IGNORECASE)
    if weekday:
        ahead = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(weekday[1].lower()) - now.weekday()
        return created + (ahead % 7 or 7) * DAY + DAY
    if re.search(r"\b(?:pregnant|breast-?feeding|expecting)\b", words, re.IGNORECASE):
        return created + 180 * DAY
    return created + days * DAY if (days := speech.days(words)) else None


def _month(name: str) -> int:
    return ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec").index(
        name[:3].lower()
    ) + 1


def _on(now: datetime.datetime, month: int, day: int) -> float | None:
    """The end of the next such day."""
    for year in (now.year, now.year + 1):
        try:
            moment = datetime.datetime(year, month, day, tzinfo=datetime.UTC) + datetime.timedelta(days=1)
        except ValueError:
            return None
        if moment > now:
            return moment.timestamp()
    return None
