"""What a clause tells of the person or those near, by its grammar: who it is about, and a verb of lives.

Pure. Broader than the ways of `telling`, which know a relation: what is read here has none, keeps its clause as its
words and takes nobody's place. A wrong fact is worse than a missed one: every rule wants a subject of the person's own
and a verb or noun of its table, and whatever speaks of the moment, of a fault or of the work at hand is left out.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from nightschool.curate import speech
from nightschool.curate.speech import Saying
from nightschool.curate.told import changes_told, clauses, others, projects_told, tongues, whiles
from nightschool.curate.told.clauses import Clause
from nightschool.curate.told.lifemore import MORE
from nightschool.curate.told.lifeways import CLEAR, KINDRED, LASTING, MODEL, NAMED, POCKET
from nightschool.curate.told.lifewords import AID, CONDITION, DISEASE, FOODS_OUT, NO_TRADE, TRADES
from nightschool.curate.told.telling import Told

_FAULT = re.compile(
    r"\b(?:errors?|exceptions?|crash\w*|bugs?|warnings?|traceback|stack ?trace|line \d+|output|segfault|timeout"
    r"|undefined"
    r"|null|this (?:line|code|function|file|query|script|page|image|photo|picture|recipe|question|text|sentence|one"
    r"|error)"
    r"|meant|mean|typo|wrong (?:one|file|window)|question|problem|issue|idea|feeling|hunch)\b",
    re.IGNORECASE,
)
_NOW_ONLY = re.compile(
    r"\b(?:(?<!from )(?<!since )today(?!'s kids)|tonight|tomorrow|yesterday|last (?:night|week|month)|right now|this"
    r" (?:morning|afternoon|evening|weekend|time|once|one|week|month|summer|winter|spring|autumn|term|semester|sprint)"
    r"|at the moment|for now|for the moment|currently|temporarily|just now|in a (?:sec|minute|bit)|next (?:week|month)"
    r"|later|soon|anymore\?)\b",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"\b(?:medic(?:al)?|emergency|allergy|clinic|dog|travel|patient|health|intake|gym|school|my)\b[^:.!?]*"
    r"\b(?:card|tag|forms?|profile|bracelet|id|record|file|questionnaire|sheet|notes?|history|details"
    r"|intro)\b[^:.!?]{0,20}:\s",
    re.IGNORECASE,
)
"""A heading after which each item of a list is of the person."""
_INTRO = re.compile(
    r"\W*(?:(?:hi|hello|hey)\W+)?(?:quick |some |short |a bit of |for )?(?:intro|background|context|about me"
    r"|me)\s*[:,-]",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"(?:{CONDITION}|{DISEASE}|(?:[\w-]+ ){{0,3}}{TRADES}(?: (?:at|in|for|from|of) [\w -]+)?|bad (?:back|knees?|hip"
    rf"|eyes)|(?:wear|wears|on|take|takes|use|uses|have|has) (?:an? )?[\w -]+|no (?:penicillin"
    rf"|[\w]+cillin"
    rf"|aspirin|ibuprofen|latex|{FOODS_OUT})|blood (?:group|type) [\w+ -]+|[\w-]+ (?:jab|vaccine|vaccination) done"
    rf"|insulin"
    rf" pump|{AID})$",
    re.IGNORECASE,
)


_KEEP = re.compile(
    r"^(?:please |pls |ok,? )?(?:remember|note|keep|store|save|memori[sz]e|merk dir|recuerda|retiens|ricorda)"
    r"(?: (?:this|that|it|bitte|mal))?(?: (?:for me|somewhere|down|for later|for next time|please|in mind"
    r"|handy))*\s*:\s*"
    r"(?P<o>(?!to\b|how\b|when\b)[^?\n]+\b(?:is|are|has|have|means|at|=|stands?|starts?|comes?|lives?|ist|sind|es|est"
    r"|è)\b[^?\n]+)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:, |: | \()([^,.;:!?()\n]+)\)?(?=[,.;:!)]|$)")
_REQUESTS = re.compile(
    r"^(?:what|which|how|why|where|who|can|could|should|would|is|are|do|does|did|please|pls|and|so|but|or|because|if"
    r"|when|give"
    r"|make|use|show|tell|write|list|find|keep|put|add|skip|help|plan|suggest|I|we|my|our|he|she|they|the|that|this|any"
    r"|need|which)\b|\b(?:please|pls|plz)\b|\?",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:neither|ex-\w+|(?:a|the) former|would-be|(?:is|are|to|on|in) (?:what|which|when|where|who)$"
    r"|no longer (?:an?|the))\b"
    r"|^(?:I|we) (?!(?:\w+ ){0,3}(?:need|feed|breed|speed)\b)(?:\w+ed|sang|ran|drove|swam|taught|rode|wrote|went"
    r"|kept|had)\b"
    r"[^?]*\b(?:until|till)\b[^?]*\b(?:went|gave|broke|left|died|moved|got|was|were|had|came|sold|quit|closed"
    r"|retired)\b"
    r"|^(?:un)?til\b[^?]*\b(?:I|we) (?:was|were|had|did|could|used|never)\b"
    r"|\b(?:is|are|was|on|in|at|to|the|a|my|'s) ?(?:\.{2,}|…)"
    r"|^(?:pain|suffering|misery|chaos|drama|failure|losing|waiting|crying|panic|regret|pressure|disaster) is my\b",
    re.IGNORECASE,
)
"""What the person is not, was, leaves unsaid or says in bitterness."""
_AILS = re.compile(rf"\b{DISEASE}", re.IGNORECASE)
_LIKENED = re.compile(r"\blike (?:an?|the) ", re.IGNORECASE)
_ASKS_OF = re.compile(r"\b(?:does|do|did|is|are|was|were|has|have|of|by|that|about|where|what|when)\s*$", re.IGNORECASE)
_RECALLS = re.compile(
    r"\b(?:tell me|remind me|name (?:me )?the|do you (?:know|remember)|what do you know|I forgot|can you say|please say"
    r"|I'd like to know)\b",
    re.IGNORECASE,
)
"""`Where does my wife Ada live?` asks what is remembered, and tells nothing."""
_PIECE = 9
_STRETCH = 240
"""Characters of a clause; a longer one is a paste."""
_LONGEST = 14


def told(sayings: Sequence[Saying]) -> Iterator[tuple[Saying, Told]]:
    """List what sentences of the person tell that no known way of telling reads."""
    for saying in sayings:
        if saying.meant and (kept := _KEEP.match(saying.text)) and not others.unfit(saying.text):
            yield saying, _made("user", kept["o"], kept["o"], passing=whiles.ends(kept["o"]))
    seen: set[tuple[str, int]] = set()
    read: set[tuple[str, int]] = set()
    tagged = {saying.message_id for saying in sayings if _TAGGED.search(saying.text) or _INTRO.match(saying.text)}
    for clause in clauses.clauses(tuple(sayings)):
        if others.unfit(clause.saying.text) or (clause.saying.message_id, clause.saying.index) in seen:
            continue
        for one in _of(clause, tagged):
            read.add((clause.saying.message_id, clause.saying.index))
            if one.passing:
                seen.add((clause.saying.message_id, clause.saying.index))
            yield clause.saying, _rounded(one, clause)

    for saying in sayings:
        if (saying.message_id, saying.index) not in read and _is_of_now(saying.text):
            yield from ((saying, one) for one in _mentioned(saying.text))


def _is_of_now(sentence: str) -> bool:
    return not (others.unfit(sentence) or others.hearsay(sentence) or speech.guesses(sentence) or speech.past(sentence))


def _asks_of(sentence: str, place: int) -> bool:
    """Whether a sentence asks of the person who is named in it."""
    asked, before = sentence.rstrip().endswith("?"), sentence[:place]
    open_end = re.search(r"\b(?:where|what|who|when)\?\W*$", sentence, re.IGNORECASE)
    return bool(open_end or (asked and _ASKS_OF.search(before)) or _RECALLS.search(before))


def _mentioned(sentence: str) -> Iterator[Told]:
    """What a sentence of whatever kind says by the way: a name beside its kin, the make of a thing of one's own."""
    for pattern in (NAMED, MODEL, POCKET):
        match = pattern.search(sentence)
        if pattern is NAMED and match and _asks_of(sentence, match.start()):
            continue
        if match and (pattern is not MODEL or CLEAR.search(match["o"])):
            yield _made("user", match["o"], match[0])
            return


def _of(clause: Clause, tagged: set[str]) -> Iterator[Told]:
    text = clauses.plain(clause.text).rstrip(" .!")
    if len(text) > _STRETCH or _FAULT.search(text) or _OTHERWISE.search(text) or others.far(text):
        return
    held = whiles.told(clause, text)
    if held is not None:
        yield held
        return
    if others.mocks(text) or others.at_hand(text):
        return
    for found in (projects_told.told(clause, text), changes_told.told(clause, text), *tongues.told(text)):
        if found is not None:
            yield found
            return
    if whiles.ends(text) or _NOW_ONLY.search(text):
        return
    if clause.saying.message_id in tagged and _ITEM.match(text):
        yield _made("user", text, text)
        return
    found = _first(text)
    if found is not None:
        yield found


def _rounded(one: Told, clause: Clause) -> Told:
    """Take with a telling the short pieces behind commas that go on with it: `I don't drive, never got the licence`."""
    words = one.words if one.words in clause.saying.text else clause.text
    if one.passing or not clause.saying.text[clause.start :].startswith(words):
        return dataclasses.replace(one, words=words)
    more = words
    for found in _GOES_ON.finditer(clause.saying.text, clause.start + len(words)):
        if (
            found.start() != clause.start + len(more)
            or _REQUESTS.search(found[1].removeprefix("and "))
            or len(found[1].split()) > _PIECE
        ):
            break
        more += found[0]
    return dataclasses.replace(one, words=more.rstrip(" .!,"))


def _first(text: str) -> Told | None:
    for pattern in (*LASTING, *KINDRED, *MORE):
        match = pattern.match(text)
        if (
            match is None
            or _LIKENED.search(text)
            or (re.search(NO_TRADE, text, re.IGNORECASE) and not _AILS.search(text))
        ):
            continue
        groups = match.groupdict()
        subject = groups.get("s") or groups.get("s2") or groups.get("s3") or "user"
        return _made(subject.strip(" ,"), groups.get("o") or text, text)
    return None


def _made(subject: str, object_: str, words: str, *, passing: bool = False) -> Told:
    thing = " ".join(object_.strip(" ,.;:!'").split()[:_LONGEST])
    return Told(subject=subject, relation="", object=thing, words=words.strip(), passing=passing)
