"""Find lessons and facts in the person's own words, and nothing else.

Pure. Precision comes first: what might be quoted, played, guessed, joked or passing teaches nothing. Every lesson
and fact quotes the person's sentence verbatim and cites the message it stands in.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Sequence

from nightschool import rules
from nightschool.curate import projects, speech
from nightschool.curate.speech import Saying
from nightschool.curate.told import avowals, clauses, others, standing, telling, whiles
from nightschool.curate.told.lifewords import NO_TRADE
from nightschool.records import Conversation, Fact, Lesson, LessonKind, Message, Rule, Signal
from nightschool.turns import turns

OPEN_END = 14
"""Days that something passing is remembered where it does not say how long it holds."""
_IMPERATIVE = (
    r"use|give|write|answer|reply|respond|call|address|keep|put|make|show|tell|say|add|include|end|start"
    r"|begin|sign|format|send|ask"
    r"|check|look|list|be|do|avoid|stop|skip|leave|remember|mention|suggest|explain|speak|run|commit|name"
    r"|prefer|convert|round|quote"
    r"|translate|go|summari[sz]e|spell|assume|talk|treat|refer|cite|return|spare|drop|lose|think"
)
_STRONG = re.compile(
    r"\b(?:from now on|from here on|from this day|ever again|every time|each time|whenever"
    r"|in (?:the )?future|going forward"
    r"|permanently|as a rule|general thing|by default|ab jetzt|von jetzt an|dorénavant|a partir de ahora"
    r"|(?:in|for) all (?:my|our)|(?:in|for) (?:this|our) (?:project|repo(?:sitory)?|codebase|team)"
    r"|I prefer .* (?:over|to|instead|rather)|(?:team|house|our|my|general) rule|^(?:\w+ )?rule (?:in|at|for|of))\b"
    r"|(?:^|[,;:] |\band |\bplease |\bso |\bbut )(?:always|never) (?!is\b|are\b|was\b|were\b|on\b|in\b"
    r"|mind\b|the\b|an?\b|again\b|been\b"
    r"|had\b|seen\b|heard\b|knew\b)\w+"
    r"|\b(?:always|forever|for good|immer|siempre|toujours)\W*$|\b(?:immer|nie(?:mals)?|nunca|siempre"
    r"|jamais) (?:auf|in|con|en)\b",
    re.IGNORECASE,
)
"""Said of all answers to come; enough by itself."""
_STANDING = re.compile(
    r"\b(?:always|never|every|each|when(?:ever)? (?:I|you|we)|when \w+ \w+ comes up|if (?:I|you|we) (?:ask"
    r"|want|need)|for all|in all|all my"
    r"|generally|in general|any ?more)\b",
    re.IGNORECASE,
)
"""Said of many answers; enough with a rule that can be checked."""
_WISHING = re.compile(
    r"\b(?:I(?:'d| would)? (?:rather|prefer)|I (?:want|like|need|think in|do not use|don't use)|we (?:want"
    r"|prefer|use)|(?:call|address) me"
    r"|to be called|please|the user wants|I want you to|you (?:should|must|may|can)|no more|stop \w+ing"
    r"|instead of|rather than|all I (?:want|need|ask))\b"
    rf"|(?:^|[,;:] |\bfrom now on )\W*(?:(?:no|not|and|so|but|ok|okay|also|btw|please|just|always|never"
    rf"|don't|do not|dont)[,:.]?\s+)*(?:{_IMPERATIVE})\b"
    rf"|\b(?:never|always|don't|dont|do not|please|just|only|and|so|then)\s+(?:{_IMPERATIVE}|put|push|edit"
    rf"|touch|delete|book|plan|buy)\b"
    r"|\b(?:nie|immer|nunca|siempre|jamais|toujours)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:distances|temperatures|weights|heights|lists|answers|replies|responses|messages|sums|questions|dates"
    r"|prices|recipes|emojis?|comments|commits|plots|docs|mails|emails|explanations|things are)\b"
    r"|\b(?:call|address) me\b|\bto be called\b|\bthink in\b|\bthe user wants\b|\bI prefer\b(?! (?:the|this|that"
    r"|it)\b)|\bmetric\b"
    r"|\ball I (?:want|need|ask)\b",
    re.IGNORECASE,
)
_SCOPED = re.compile(
    r"\bquestions? (?:should )?(?:go|goes)\b|\bgo (?:to|in|through)\b|^for (?:the )?\w+, "
    r"|\bfor (?:the )?\w+ (?:questions|answers)\b"
    r"|\bwhen there are\b|\bfor (?:sums|the weather|lists)\b|\b(?:do|check|look) (?:\w+ )?\w+ (?:up )?with the \w+",
    re.IGNORECASE,
)
"""Says itself which questions it is about."""
_OF_ANSWERS = re.compile(r"\b(?:answers?|replies|reply|responses?|be called|call me)\b", re.IGNORECASE)
_BOUND_TO = re.compile(
    r"\b(?:until|till|'?til|before|once|unless|in case|whether"
    r"|when|as soon as|by the time"
    r"|half|some of|most of|none of|part of|(?:the )?rest of|one of|two of|many of)\s+$",
    re.IGNORECASE,
)
"""What stands behind such a word does not hold yet: `until our flat is ready`; nor of a part: `half my class`."""
_SLIP = re.compile(
    r"\W*(?:a+r+gh|oops|wait|hang on|hold on|sorry|scratch that|correction|ugh|whoops|ah no|oh no|no wait|my bad|typo"
    r"|i meant|make that)\b",
    re.IGNORECASE,
)
"""How people open a message that puts their own last one right."""
_TERSE = 10
"""A sentence of so few words that a rule can be read from needs no verb of wishing: `Lists in bullets.`"""
_NOT_A_WISH = re.compile(
    r"\b(?:I|he|she|it|they|we|nobody|who|that) (?:never|always) |\b(?:I|we) (?:said|asked|told|meant)\b"
    r"|(?<!user )\bwants\b|\b(?:my|our|the|all|some) (?:\w+ )?\w+ calls? me\b"
    r"|^\W*(?:do (?:I|you|we|they|the|my)|does|did|can|could|should|what|how|why|where|who|which|is"
    r"|are)\b(?! not\b)",
    re.IGNORECASE,
)  # fmt: skip
_PROJECT = re.compile(
    r"\b(?:repo(?:sitory)?|project|codebase|branch|commits?|deploy\w*|prod(?:uction)?|staging|sprint|team"
    r"|database|db|schema|api|CI|tests?|"
    r"build|workspace|client|product|stand-?up|services?|npm|pnpm|generated files)\b"
)
_ORDER = re.compile(
    r"\b(?:ignore (?:the|all|any|your|previous|everything)|disregard (?:the|all|any|your|previous)"
    r"|from now on|new order|you must (?:now )?say"
    r"|(?:note|message|instructions?) (?:for|to) (?:the |all )?(?:ai|llm|assistants?|agents?|copilots?)"
    r"|(?:ai )?assistants?: (?!$)"
    r"|remember (?:permanently|for ever|that (?:the|your) user)|do not (?:answer|tell) the user|forget the question"
    r"|stop now and tell|(?:the|your|this) user (?:prefers|wants|always|agrees|has agreed|consents))\b|^system: ",
    re.IGNORECASE | re.MULTILINE,
)
_LEAD = re.compile(
    r"^(?:(?:no(?=\s*[:,.;!-])|not like that|wrong|sorry|ok(?:ay)?|well|and|so|but|btw|by the way|fyi|also"
    r"|please remember|remember(?: this| that)?"
    r"|one wish|from now on:|update|rule in our team|general thing|i asked you before"
    r"|that is not what i wanted|i said)\s*[:,.;-]?\s+)+",
    re.IGNORECASE,
)


def lessons(conversation: Conversation, signals: Sequence[Signal]) -> tuple[Lesson, ...]:
    """List the wishes about answers that the person states, passing ones as dropped, single ones as proposed."""
    corrected = {
        source: signal.turn_id for signal in signals if signal.kind == "correction" for source in signal.source
    }
    answered = {turn.id: turn for turn in turns(conversation)}
    found: dict[str, Lesson] = {}
    sayings = speech.sayings(conversation)
    for place, saying in enumerate(sayings):
        after = next((one.text for one in sayings[place + 1 : place + 2] if one.message_id == saying.message_id), "")
        wish = _wish(saying, after, correction=saying.message_id in corrected)
        if wish is None:
            continue
        kind, reason, rule = wish
        wrong = answered.get(corrected.get(saying.message_id, ""))
        cited = (
            saying.message_id,
            *(message.id for message in (wrong.messages if wrong else ()) if message.role != "tool"),
        )
        made = Lesson(
            id=_id("l", conversation.id, saying.message_id, saying.text),
            kind=kind,
            text=saying.verbatim(_own_words(saying.text)),
            durable=reason != "passing",
            source=cited,
            conversation_id=conversation.id,
            created=saying.created or conversation.started,
            state="dropped" if reason == "passing" else "proposed",
            reason=reason,
            rule=rule,
            scope=_scope(conversation, saying.text),
        )
        found.setdefault(made.id, made)
    return tuple(found.values())


_UNSAID = re.compile(r"(?i)(?:on|in|at|to|of|for|with|by|the|an?|my|some)?\W*")
"""What is left of an object where the person broke off."""


def facts(conversation: Conversation) -> tuple[Fact, ...]:
    """List what the person tells of themselves and those near them; what holds for a while gets an end."""
    found: dict[str, Fact] = {}
    said = clauses.outside_scenarios(clauses.earnest(conversation))
    read: dict[tuple[str, int], list[str]] = {}
    for saying in said:
        if not saying.meant or others.mocks(saying.text) or others.hearsay(saying.text):
            continue
        for told in telling.told(saying.text):
            if told.words in saying.text and _BOUND_TO.search(saying.text[: saying.text.index(told.words)]):
                continue
            # What stands behind a word for texts or made-up data is their content.
            if others.unfit(saying.text[: max(saying.text.find(told.words), 0)]):
                continue
            if told.relation in ("uses", "is") and others.at_hand(told.words):
                continue
            if _UNSAID.fullmatch(told.object):
                continue
            if told.relation in ("job", "is", "breed") and re.search(NO_TRADE, told.words, re.IGNORECASE):
                continue
            made = fact(conversation, saying, told)
            found.setdefault(made.id, made)
            read.setdefault((saying.message_id, saying.index), []).append(told.words)
    for saying, told in avowals.told(said):
        if _UNSAID.fullmatch(told.object):
            continue
        # How answers should be is a wish, and becomes a lesson.
        if not told.passing and (rules.parse(told.words) is not None or _OF_ANSWERS.search(told.words)):
            continue
        if conversation.project and told.subject == "project" and projects.reads(saying.text):
            continue
        if not told.passing and _is_kept_as_wish(saying, told.words):
            continue
        if any(_within(told.words, words) for words in read.get((saying.message_id, saying.index), ())):
            continue
        made = fact(conversation, saying, told)
        found.setdefault(made.id, made)
    return _as_corrected(conversation, found.values())


def _is_kept_as_wish(saying: Saying, words: str) -> bool:
    """Whether a sentence, told whole, becomes a lesson already: it is not remembered twice."""
    wish = _wish(saying, "", correction=False) if "\0" not in saying.text else None
    return wish is not None and wish[1] == "stated as a rule" and 2 * len(words) > len(saying.text)


def _as_corrected(conversation: Conversation, found: Iterable[Fact]) -> tuple[Fact, ...]:
    """Leave out a number or date that the person puts right in their next message."""
    said = [one for one in conversation.messages if one.role == "user"]
    wrong = {
        one.id for one, after in itertools.pairwise(said) if _SLIP.match(after.text) and re.search(r"\d", after.text)
    }
    return tuple(fact for fact in found if not (set(fact.source) & wrong and re.search(r"\d", fact.object)))


def _within(one: str, other: str) -> bool:
    """Whether two clauses are the same stretch of words, or most of it."""
    left, right = set(re.findall(r"\w+", one.casefold())), set(re.findall(r"\w+", other.casefold()))
    return 2 * len(left & right) > min(len(left), len(right))


def fact(conversation: Conversation, saying: Saying, told: telling.Told) -> Fact:
    """Make a fact of what a sentence tells."""
    created = saying.created or conversation.started
    return Fact(
        id=_id("f", conversation.id, saying.message_id, f"{told.subject} {told.relation} {told.object}"),
        kind="fact",
        sentence=saying.verbatim(told.words) if told.words in saying.text else told.words,
        subject=told.subject,
        relation=told.relation,
        object=told.object,
        source=(saying.message_id,),
        valid_from=created or None,
        valid_to=_end(told.words, created) if _ends(told) else None,
        scope=_scope_of(conversation, told),
        known_from=created,
    )


def lesson(conversation: Conversation, saying: Saying, words: str, rule: Rule) -> Lesson:
    """Make a candidate of a wish that was read by other means than the patterns: said once, until it is said again."""
    return Lesson(
        id=_id("l", conversation.id, saying.message_id, saying.text),
        kind="preference",
        text=words,
        durable=True,
        source=(saying.message_id,),
        conversation_id=conversation.id,
        created=saying.created or conversation.started,
        reason="stated as a rule" if _STRONG.search(saying.text) else "said once",
        rule=rule,
        scope=_scope(conversation, saying.text),
    )


def orders(conversation: Conversation) -> tuple[str, ...]:
    """List the tool results that try to give orders or to tell of the person; they are only counted."""
    return tuple(
        message.id
        for message in conversation.messages
        if message.role == "tool" and any(_ORDER.search(part.text) for part in message.parts)
    )


def wish_in(text: str) -> Rule | None:
    """Read the rule that a message asks for its own answer, such as `... In kilometres, please.`"""
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        rule = rules.parse(_LEAD.sub("", sentence.strip()))
        if rule is not None:
            return rule
    return None


def _wish(saying: Saying, after: str, *, correction: bool) -> tuple[LessonKind, str, Rule | None] | None:
    """Judge one sentence: its kind, the reason code that goes with its state, and its rule."""
    text = _LEAD.sub("", saying.text).strip()
    if (not saying.passing or standing.begins(text)) and not saying.mood and _stands(saying, text, after):
        return "preference", "stated as a rule", rules.parse(text)
    # `if I ask` scopes a wish; any other guess, hearsay or question is none.
    if not saying.meant or _NOT_A_WISH.search(text) or others.speaks(text):
        return None
    rule = rules.parse(text)
    strong = bool(_STRONG.search(saying.text)) and not standing.bound(saying.text)
    wished = bool(_WISHING.search(text))
    kind: LessonKind = "correction" if correction else "preference"
    if rule is None:
        if not (wished and strong):
            return None
        return (kind, "passing", None) if saying.passing else ("preference", "stated as a rule", None)
    if not wished and len(text.split()) > _TERSE:
        return None
    lasting = strong or bool(_STANDING.search(saying.text))
    if saying.passing or (saying.mood and not lasting):
        return kind, "passing", rule
    if lasting or _GENERAL.search(text) or _SCOPED.search(text):
        return "preference", "stated as a rule", rule
    return (kind, "corrected once", rule) if correction else (kind, "said once", rule)


def _stands(saying: Saying, text: str, after: str) -> bool:
    """Whether a sentence wishes something of all answers to come by its form, politely asked ones included."""
    asked_for = re.match(r"(?i)(?:please |pls )?(?:could|can|would|will) you ", text) and not speech.guesses(text[10:])
    return bool(saying.meant or asked_for) and standing.holds(text, after)


def correction(conversation: Conversation, said: Message, wrong: Message, rule: Rule) -> Lesson:
    """Make a candidate of a complaint whose wish was read by other means than the patterns."""
    text = said.text.strip()
    return Lesson(
        id=_id("l", conversation.id, said.id, text),
        kind="correction",
        text=_own_words(text),
        durable=True,
        source=(said.id, wrong.id),
        conversation_id=conversation.id,
        created=said.created or conversation.started,
        reason="corrected once",
        rule=rule,
        scope=_scope(conversation, text),
    )


def _scope(conversation: Conversation, text: str) -> str:
    """Where a wish holds: in the conversation's project, where it speaks of one."""
    if not _PROJECT.search(text):
        return "everywhere"
    return f"project:{conversation.project}" if conversation.project else "project"


def _own_words(sentence: str) -> str:
    """Cut the lead-in: `No. Use miles.` is kept as `Use miles.`, still verbatim."""
    return _LEAD.sub("", sentence.strip()).strip() or sentence.strip()


def _ends(told: telling.Told) -> bool:
    """Whether a fact holds for a while only: said so, or an appointment."""
    if not told.relation:
        return told.passing
    return bool(speech.PASSING.search(told.words) or re.fullmatch(telling.APPOINTMENT, told.subject))


def _end(words: str, created: float) -> float:
    return whiles.end(words, created) or created + OPEN_END * speech.DAY


def _scope_of(conversation: Conversation, told: telling.Told) -> str:
    """Where a fact holds: in its project, where the log names one; else everywhere rather than nowhere."""
    return f"project:{conversation.project}" if told.subject == "project" and conversation.project else "everywhere"


def _id(prefix: str, *parts: str) -> str:
    return f"{prefix}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"
