"""How people tell facts about themselves and those near them, as patterns of sentences.

Pure. Each pattern gives a relation and an object; what no pattern knows is not a fact.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nightschool.curate.told import fronted

_I = r"\b(?:I|we)(?: now| still| also| currently)?"
_AM = r"\b(?:I'?m|I am|we'?re|we are)(?: now| also| still)?"
_HAVE = r"\b(?:I have|I'?ve(?: got)?|we have|we'?ve(?: got)?)(?: now| also)?"
_A = r"(?:an? |the )?"
_TRADE = (
    r"(?:[\w-]+ ){0,3}?[\w-]*(?:er|or|ist|ian|eer|ect|yst|nurse|chef|vet|judge|pilot|coach|clerk|cook"
    r"|guard|smith|wright|student"
    r"|mechanic|attendant|accountant|consultant|assistant|scientist|surgeon|captain|manager|developer)"
)
_NO_TRADE = (
    r"(?!(?:bit|little|lot|huge|big|morning|night|beginner|believer|winner|loser|stranger|customer|user"
    r"|lover|fan|number|better|player|member|owner|maker|speaker|reader)\b)"
)
_NEAR = (
    r"wife|husband|partner|girlfriend|boyfriend|spouse|fianc[ée]e?|son|daughter|child|baby|kids?|children"
    r"|sons|daughters|twins|mother"
    r"|mum|mom|father|dad|parents|sister|brother|siblings?|aunt|uncle|cousin|niece|nephew|grand(?:mother"
    r"|father|ma|pa|son|daughter)"
    r"|grandparents|flatmate|roommate"
)
_FAR = (
    r"(?:neighbou?r|boss|colleague|friend|landlord|teacher|doctor|client|customer|ex|character|avatar|file"
    r"|function|class)\b"
)
_PETS = (
    r"dog|puppy|cat|kitten|horse|pony|parrot|rabbit|hamster|goldfish|tortoise|turtle|guinea pig|donkey"
    r"|goat|ferret|budgie|hen|snake"
)
_THINGS = (
    r"car|bike|bicycle|motorbike|van|truck|boat|caravan|phone|laptop|computer|pc|box|machine|desktop"
    r"|tablet|camera|lens|printer|stove"
    r"|oven|hob|boiler|fridge|keyboard|monitor|router|nas|server|tv|guitar|piano|violin|flat|apartment"
    r"|house|garden|plot|kitchen"
    r"|bank|employer|company|firm|team|club|band|choir|class|school|insurance|gpu|editor|shell"
    r"|blood (?:group|type)|shoe size|job"
    r"|name|surname|first name|last name|birthday|anniversary|pronouns|time ?zone|address|native language"
    r"|mother tongue|allergy"
    r"|instrument|hobby|favou?rite \w+|home ?town|commute|wedding anniversary"
)
_WORKS = r"project|program|programme|website|site|script|game|app|application|tool|library|code|blog|bot|service"
_HOSTS = r"server|database|website|printer|backup|nas|router|proxy|app|service|blog|site|bot|camera"
APPOINTMENT = r"dentist|exam|flight|interview|haircut|appointment|party"
_WHEN = rf"(?:{APPOINTMENT}|birthday|anniversary|stand-?up|meeting day|name day)"
_END = r"(?P<o>[^,.;!?\n]+)"
_CAPITAL = r"^(?:an? |the )?[A-ZÀ-Ý]"
_PLACE = (
    r"^(?!(?:an?|my|the|this|that|these|those|your|our) )|\b(?:flat|house|apartment|studio|farm|cottage|dorm\w*"
    r"|village|town|city|suburbs?"
    r"|countryside|centre|center|north|south|east|west|UK|US|USA|Netherlands|mountains|Alps)\b|^the [A-Z]"
)
_PLAYED = (
    r"^(?:the )?(?:piano|violin|viola|flute|drums?|harp|guitar|bass|trumpet|trombone|tuba|cello|organ"
    r"|banjo|horn|lute|oboe"
    r"|clarinet|fiddle|sax\w*|keyboards?|ukulele|accordion|mandolin|recorder|chess|tennis|football|soccer"
    r"|rugby|hockey|golf"
    r"|basketball|volleyball|badminton|cricket|handball|squash|bridge|poker|darts)\b|^(?:for )?[A-Z]"
)
_CHOSEN = r"^[A-Z]|\b(?:for|as my|daily|at (?:home|work)|on my)\b"
_SWALLOWED = (
    r"^(?!(?:the|it|this|that|them|some|care|part|time|notes?|photos?|pictures?|breaks?|walks?|naps?"
    r"|showers?|trains?)\b)"
)
_BREED = rf"^an? (?!.*(?:scientist|{_TRADE})\b)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """One way of telling a relation; groups: `o` the object, `s` whom it is about."""

    relation: str
    pattern: re.Pattern[str]
    subject: str = "user"
    needs: re.Pattern[str] | None = None
    """What the object must look like, case and all, so that `I play the file` is no music."""


def _tell(relation: str, pattern: str, subject: str = "user", *, needs: str = "") -> Telling:
    return Telling(
        relation=relation,
        pattern=re.compile(pattern, re.IGNORECASE),
        subject=subject,
        needs=re.compile(needs) if needs else None,
    )


_AGE = r"(?:(?:older|younger|big|little|twin|elder) )?"
_MINE = rf"\b(?:my|our) (?P<s>{_AGE}(?:{_NEAR}|{_PETS})(?:'s name)?(?: [A-Z][\w'-]+)?)"
_KIN = rf"\b(?:my|our) (?P<s>{_AGE}(?:{_NEAR})(?: [A-Z][\w'-]+)?)"
_TELLINGS = (
    _tell("home", rf"{_I} live (?:in|near|on|at|over in|just outside) {_END}", needs=_PLACE),
    _tell("home", rf"{_AM} (?:living|based) in {_END}", needs=_PLACE),
    _tell("home", rf"(?:{_I}|{_HAVE})(?: just| have| recently)? moved (?:house )?to {_END}", needs=_CAPITAL),
    _tell("home", rf"\bmy home is in {_END}"),
    _tell("location", rf"\bI'?m in {_END}", needs=r"^(?:the )?[A-ZÀ-Ý].*\b(?:until|till|this|for)\b"),
    _tell(
        "origin",
        rf"(?:{_AM}|\bI come|\bI came) (?:originally )?from {_END}",
        needs=r"^(?!the \w+ (?:department|team|office|desk|company|shop|side)\b)",
    ),
    _tell("employer", rf"{_I} work (?:for|at) {_END}"),
    _tell("employer", rf"{_AM} employed (?:by|at) {_END}|\bthe (?:firm|company) I work for is (?P<o2>[^,.;!?\n]+)"),
    _tell("employer", rf"\bI (?:just )?(?:started|start) (?:work )?at {_END}"),
    _tell("job", rf"(?:{_I} work|\bI earn my living|\bI found work) as {_A}{_END}"),
    _tell(
        "job",
        rf"{_AM} (?:a|an|the) {_NO_TRADE}(?P<o>{_TRADE})(?=[,.;!\n]|$| (?:at|in|for|by|of|and|from|with|so"
        rf"|since)\b)",
    ),
    _tell("job", rf"{_I} teach {_END}"),
    _tell(
        "condition",
        rf"{_AM} (?P<o>(?:red[- /]green )?(?:colou?r[- ]?blind|deaf|blind|diabetic|dyslexic|left[- ]handed"
        rf"|asthmatic|autistic|epileptic|retired|unemployed|self-employed|freelance|married|divorced|widowed"
        rf"|single))\b",
    ),
    _tell(
        "diet",
        rf"{_AM} (?:a |an )?(?:strict |mostly )?(?P<o>vegetarian|vegan|pescatarian|c(?:o)?eliac"
        rf"|lactose[- ]intolerant|gluten[- ]free|teetotal)\b",
    ),
    _tell("allergy", rf"{_AM} (?:badly |very |severely )?allergic to {_END}|\bno (?P<o2>\w+), I'?m allergic"),
    _tell(
        "allergy",
        rf"{_HAVE} an? (?:bad |severe )?(?:allergy|intolerance) to {_END}|\bI (?:must not|can'?t|cannot"
        rf"|mustn'?t) (?:eat|have) (?P<o2>[^,.;!?\n]+)",
    ),
    _tell(
        "condition",
        rf"{_HAVE} (?P<o>(?:high blood pressure|asthma|diabetes|migraines?|arthritis|epilepsy|adhd|dyslexia"
        rf"|celiac|coeliac|hay ?fever|insomnia|tinnitus)\b[^,.;!?\n]*)",
    ),
    _tell("medication", rf"\bI take {_END} (?:every|each|daily|twice|once)\b", needs=_SWALLOWED),
    _tell("name", rf"\bI am called {_END}|\bI'?m called (?P<o2>[^,.;!?\n]+)|\bthe name I go by is (?P<o3>[^,.;!?\n]+)"),
    _tell(
        "birthday",
        rf"\bI was born (?:in|on) {_END}|\bI have my birthday (?:in|on) (?P<o2>[^,.;!?\n]+)"
        rf"|\bmy birthday falls (?:in|on) (?P<o3>[^,.;!?\n]+)",
    ),
    _tell(
        "learning",
        rf"{_AM} (?:learning|studying|taking lessons in) {_END}",
        needs=rf"{_PLAYED}|^(?!(?:the|how|to|an?|from|that|it|this|about)\b)",
    ),
    _tell("learning", rf"{_I} (?:study|learn|take lessons in) {_END}", needs=_CAPITAL),
    _tell(
        "plays",
        rf"{_I} (?:play|practi[sc]e) (?:the |for )?(?P<o>(?!with\b|around\b|games?\b)[^,.;!?\n]+)",
        needs=_PLAYED,
    ),
    _tell("speaks", rf"\bI speak (?:fluent |some |a little |no )?{_END}", needs=_CAPITAL),
    _tell("car", rf"{_I} drive an? {_END}|{_I} bought an? (?P<o2>[A-Z]\w+[^,.;!?\n]*)"),
    _tell(
        "uses",
        rf"{_AM} on (?P<o>(?:the )?(?:fish|zsh|bash|powershell|linux|fedora|ubuntu|debian|arch|nixos|mac\w*"
        rf"|windows|android|ios|iphone|freebsd)\b[^,.;!?\n]*)",
    ),
    _tell(
        "uses",
        rf"(?:\bI'?ve |\bI have |\bI |\bwe |\bwe'?ve )(?:just )?switched (?:\w+ \w+ )?to {_END}",
        needs=r"^(?!(?:the|another|a|next|this|that)\b)",
    ),
    _tell(
        "uses",
        rf"{_I} (?:mostly |only |mainly )?use (?P<o>(?!it\b|that\b|this\b|them\b|you\b|the (?:same"
        rf"|tool))[^,.;!?\n]+)",
        needs=_CHOSEN,
    ),
    _tell("wears", rf"\bI wear {_END}"),
    _tell("heating", rf"{_I} heat with {_END}"),
    _tell("commute", rf"{_I} commute {_END}"),
    _tell(
        "role",
        rf"{_AM} (?:the )?(?P<o>(?:treasurer|secretary|chair|president|captain|team lead|head|member|owner"
        rf"|founder) of {_END.replace('?P<o>', '?:')})",
    ),
    _tell("name", rf"{_HAVE} an? (?P<s>{_PETS}|boat) (?:named|called) {_END}"),
    _tell(
        "owns",
        rf"{_HAVE} (?P<o>(?![^,.;!?\n]*\b(?:named|called)\b)"
        rf"(?:an?|one|two|three|four|five|\d) (?:\w+ )?(?:{_NEAR}|{_PETS}|dogs|cats|sisters"
        rf"|brothers|horses|hens)s?\b[^,.;!?\n]*)",
    ),
    _tell(
        "owns",
        rf"\bwe don'?t (?:own|have) {_END}",
        needs=r"^(?:an?|any|kids|children|pets|[A-Z]\w*)\b(?! (?:idea|clue|chance|choice))",
    ),
    _tell(
        "name",
        rf"\bI call my (?P<s>{_PETS}|boat) {_END}|\bI gave my (?P<s2>\w+) the name (?P<o2>[^,.;!?\n]+)",
        "pet",
    ),
    _tell("name", rf"\bthe name of my (?P<s>(?!{_FAR})[\w ]+?) is {_END}"),
    _tell("name", rf"{_MINE}(?: is|'s) (?:called|named) {_END}"),
    _tell("name", rf"(?<!of )\bmy (?P<s>(?!{_FAR})\w+(?: \w+)?) is called {_END}"),
    _tell(
        "home",
        rf"{_MINE} (?:lives|live|is living|are living|has moved|moved|has a flat|has a house)"
        rf" (?:over )?(?:there )?(?:in|to|at|near|with) {_END}",
    ),
    _tell("job", rf"{_KIN} is an? {_NO_TRADE}(?P<o>{_TRADE})\b"),
    _tell("job", rf"{_KIN} (?:works|work|found work|(?:earns|makes) a living) as an? {_END}"),
    _tell("employer", rf"{_KIN} (?:works|work) (?:for|at) {_END}"),
    _tell(
        "owns",
        rf"{_MINE} (?:has|have|keeps|owns|got) (?P<o>(?!an? (?:flat|house|room|apartment)\b)"
        rf"(?:an?|two|three|dementia|diabetes|asthma"
        rf"|\d)\b[^,.;!?\n]*)",
    ),
    _tell("favourite colour", rf"{_MINE} (?:loves|likes|adores) the colou?r {_END}"),
    _tell(
        "likes", rf"{_MINE} (?!\w+ the colou?r|\w+ \w+ (?:more than|best of))(?:loves|love|likes|like|adores) {_END}"
    ),
    _tell("plays", rf"{_MINE} (?:plays|play|is learning|is playing|is learning to play) (?:the )?{_END}"),
    _tell("speaks", rf"{_KIN} (?:speaks|speak) {_END}"),
    _tell("birthday", rf"{_MINE}(?:'s birthday is| was born| has a birthday) (?:on |in )?{_END}"),
    _tell("breed", rf"\bmy (?P<s>{_PETS})(?: [A-Z]\w+)? is (?P<o>an? [^,.;!?\n]+)", needs=_BREED),
    _tell(
        "of",
        rf"\b(?:the )?(?P<r>[\w ]+?) of my (?P<s>(?:{_NEAR})(?: [A-Z]\w+)?) (?:is|falls in|are) (?:in |the "
        rf"|an? )?{_END}",
    ),
    _tell(
        "kept",
        rf"\bI (?:keep|put|left) my (?P<s>\w+) (?:in|on|under|behind) {_END}"
        rf"|\bthe place for my (?P<s2>\w+) is (?P<o2>[^,.;!?\n]+)",
    ),
    _tell(
        "list",
        r"\bon my (?P<s>\w+ list) (?:are|is) (?P<o>[^.;!?\n]+)|\bmy (?P<s2>\w+ list) (?:has"
        r"|holds) (?P<o2>[^.;!?\n]+)",
    ),
    _tell("list", r"\bI put (?P<o>[^.;!?\n]+) on my (?P<s>\w+ list)"),
    _tell(
        "way",
        r"\bmy way to (?P<s>[\w ]+?) is (?P<o>\d[^,.;!?\n]+)"
        r"|\bit is (?P<o2>\d+ \w+) from my home to (?P<s2>[\w ]+)"
        r"|\bfrom my home to (?P<s3>[\w ]+?) it is (?P<o3>\d[^,.;!?\n]+)"
        r"|\bI travel (?P<o4>\d+ \w+) to (?P<s4>[\w ]+)",
    ),
    _tell(
        "is",
        rf"(?<!of )\b(?:my|our) (?P<s>{_WHEN})(?: is|'s| are| takes place) (?:now )?(?:on |in |at )?{_END}"
        rf"|(?<!of )\b(?:my|our) (?P<s2>(?:new )?(?:{_THINGS}))(?: is|'s| are) (?:now )?(?:called |named )?"
        rf"(?P<o2>(?!(?:\w+ing|late|noisy|closed|asleep|gone|dead|dirty|on|in|at|for|not|too|very|so|really|broken"
        rf"|slow|down|full|empty|bad|good|fine|weird"
        rf"|just|still|getting|making|doing)\b)[^,.;!?\n]+)",
    ),
    _tell(
        "meets",
        rf"\b(?:my|our) (?P<s>(?:team|club|class|choir|band|orchestra|{APPOINTMENT})) (?:meets|meet"
        rf"|comes together|takes place|starts) (?:on |at )?{_END}"
        rf"|\bI meet my (?P<s2>\w+) on (?P<o2>[^,.;!?\n]+)",
    ),
    _tell("day", rf"\bI have my (?P<s>\w+) on {_END}|\bthe day of my (?P<s2>\w+) is (?P<o2>[^,.;!?\n]+)"),
    _tell(
        "written in",
        rf"\b(?:my|our) (?P<s>{_WORKS}) (?:is|are) (?:all |mostly )?written in {_END}"
        rf"|\b(?:I|we)(?: am|'m| are|'re)? (?:write|writing) (?:my|our) (?P<s2>{_WORKS}) in (?P<o2>[^,.;!?\n]+)"
        rf"|\bthe language of (?:my|our) (?P<s3>{_WORKS}) is (?P<o3>[^,.;!?\n]+)",
    ),
    _tell(
        "port",
        rf"\b(?:my|our) (?P<s>{_HOSTS}) (?:listens on|uses|runs on|is on|has) port (?P<o>\d+)"
        rf"|\bI run (?:my|our) (?P<s2>{_HOSTS}) on port (?P<o2>\d+)"
        rf"|\bthe port of (?:my|our) (?P<s3>{_HOSTS}) is (?P<o3>\d+)",
    ),
    _tell("plays", rf"{_AM} an? (?:good |keen )?player of (?:the )?{_END}", needs=_PLAYED),
    _tell("home", rf"{_HAVE} an? (?:flat|house|room|apartment) in {_END}", needs=_CAPITAL),
    _tell("employer", rf"(?:{_I}|{_AM}|{_HAVE}) (?:got|been|get) (?:employed|hired) (?:at|by) {_END}"),
    _tell("name", rf"\b(?:I|we) go by(?: the name(?: of)?)? {_END}", needs=_CAPITAL),
    _tell("allergy", rf"\b(?:the|an) allergy (?:that )?I have is {_END}"),
    _tell(
        "home",
        rf"\bich (?:wohne|lebe)(?: jetzt| seit \S+)? in {_END}|\bvivo en (?P<o2>[^,.;!?\n]+)|\bj'habite (?:à|en"
        rf"|au) (?P<o3>[^,.;!?\n]+)",
    ),
    _tell("name", rf"\bich hei(?:ß|ss)e {_END}|\bme llamo (?P<o2>[^,.;!?\n]+)|\bje m'appelle (?P<o3>[^,.;!?\n]+)"),
    _tell(
        "job",
        rf"\bich arbeite als {_END}|\btrabajo como (?P<o2>[^,.;!?\n]+)|\bje travaille comme (?P<o3>[^,.;!?\n]+)",
    ),
    _tell(
        "diet",
        r"\bich bin (?P<o>vegetarier(?:in)?|veganer(?:in)?)\b|\bsoy (?P<o2>vegetarian[oa]|vegan[oa]"
        r"|cel[ií]ac[oa])\b|\bje suis (?P<o3>végétarien(?:ne)?|végan(?:e)?)\b",
    ),
)
_NOTED = (
    _tell(
        "noted",
        r"^(?:please )?(?:remember|keep in mind|take note|note|just so you know|for the record)(?: this"
        r"| that)?[:,]? (?P<o>(?!to\b|me\b|when\b|how\b)[\w' ]+ (?:is|are|means|has|starts|comes) [^,.;!?\n]+)",
    ),
)
"""What the person asks to be kept, whatever it is."""
_NOTHING = re.compile(
    r"(?:what|which|where|when|who|how|not|no|never|nothing|it|that|this|is|are"
    r"|was)\b",
    re.IGNORECASE,
)
_LONGEST = 9
"""Words of an object; a longer one is a story."""
_TAIL = re.compile(
    r"\s+(?:and|but|so|because|since|which|who|that|when|while|though|where|if|as|btw|by the way|now|with|for)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one sentence tells."""

    subject: str
    relation: str
    object: str
    words: str
    """The clause that tells it, verbatim."""
    passing: bool = False
    """Whether it holds for a while only."""


_ONE_RELATION = {
    "favorite color": "favourite colour",
    "instrument": "plays",
    "pet": "owns",
    "trade": "job",
    "profession": "job",
    "home town": "home",
}
_ONE_NAME = {
    ("employer", "is"): ("user", "employer"),
    ("company", "is"): ("user", "employer"),
    ("firm", "is"): ("user", "employer"),
    ("job", "is"): ("user", "job"),
    ("car", "is"): ("user", "car"),
    ("name", "is"): ("user", "name"),
    ("first name", "is"): ("user", "name"),
    ("birthday", "is"): ("user", "birthday"),
    ("instrument", "is"): ("user", "plays"),
    ("allergy", "is"): ("user", "allergy"),
    ("address", "is"): ("user", "address"),
}
"""What is told in several ways is kept under one name, so that a newer value meets the older one."""


def is_far(whom: str) -> bool:
    """Tell whether somebody is not so near that their life is the person's own: a boss, a neighbour."""
    return re.match(_FAR, whom, re.IGNORECASE) is not None


def told(sentence: str) -> tuple[Told, ...]:
    """List what a sentence tells, in whatever order of words."""
    found = _plainly(sentence, _TELLINGS)
    if not found:
        whole = fronted.bare(sentence)
        found = tuple(dataclasses.replace(one, words=whole) for one in _plainly(fronted.plain(sentence), _TELLINGS))
    return found or _plainly(sentence, _NOTED)


def _plainly(sentence: str, tellings: Sequence[Telling]) -> tuple[Told, ...]:
    """List what a sentence tells, each relation once; nothing where its object is denied or unsaid."""
    found: dict[tuple[str, str], Told] = {}
    for telling in tellings:
        match = telling.pattern.search(sentence)
        if match is None:
            continue
        groups = {name: value for name, value in match.groupdict().items() if value}
        said = next((groups[name] for name in groups if name.startswith("o")), "").strip(" :-")
        if telling.needs is not None and not telling.needs.search(said):
            continue
        whom = next((groups[name] for name in groups if name.startswith("s")), telling.subject)
        thing = said if telling.relation == "list" else _TAIL.sub("", said)
        thing = re.sub(r"^(?:an?|the|my)\s+", "", thing, flags=re.IGNORECASE)
        if not re.search(r"\w", thing) or len(thing.split()) > _LONGEST or _NOTHING.match(thing):
            continue
        relation = groups.get("r", telling.relation)
        if not any(told.object == thing for told in found.values()):
            relation = _ONE_RELATION.get(relation, relation)
            whom, relation = _ONE_NAME.get((whom.lower(), relation), (whom, relation))
            found.setdefault(
                (whom, relation), Told(subject=whom, relation=relation, object=thing, words=_clause(sentence, match))
            )
    return tuple(found.values())


def _clause(sentence: str, match: re.Match[str]) -> str:
    """From where the telling begins to the next comma behind it, or to the sentence's end."""
    comma = re.search(r"[,;] ", sentence[match.end() :])
    return sentence[match.start() : match.end() + comma.start() if comma else len(sentence)].strip()
