"""What the person says in their own name: sentence by sentence, without what is quoted, played, guessed or joked.

Pure. It errs on the side of silence: a sentence that might be somebody else's, or not meant, is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nightschool.records import Conversation, Message
from nightschool.turns import kept_path

DAY = 86_400.0
_LASTS = {"today": 1, "tonight": 1, "tomorrow": 2, "this week": 7, "weekend": 7, "next week": 14, "this month": 31}
ROLE_PLAY = re.compile(
    r"\b(?:role ?-?play(?:ing)?|pretend|act(?:ing)? as|imagine|let'?s play|in character|my character"
    r"|screenplay|backstory"
    r"|practi[cs]e interview|interview practice|mock interview|you are (?:now )?(?:a|an|my|the)\b"
    r"|you're (?:now )?(?:a|an|my)\b"
    r"|text adventure|(?:let'?s|let us) (?:write|tell|make(?: up)?|invent|continue) (?:a|an|the|our) (?:\w+ )?"
    r"(?:story|tale|novel|scene|play|song|poem)|play the (?:part|role)"
    r"|wir spielen|spiel(?:e)? mal|stell dir vor|jugamos|haz de"
    r"|joue le rôle|jouons)",
    re.IGNORECASE,
)
"""From such a message on, nothing that the person says in the conversation is taken as meant."""
_FOREIGN = re.compile(
    r"^\s*\[[^\]\n]{1,30}\]\s*:|</?(?:system|user|assistant|memory|instructions?)\b"
    r"|^(?:\S[^:\n]{0,20}):.*\n(?:\S[^:\n]{0,20}):"
    r"|```|\{\s*\"|\b(?:fixture|dummy|mock(?:ed)? |placeholder|sample data|test data|test user|lorem|seed(?:ed)? )\b"
    r"|\bfill (?:in |out )?the\b|\bparse this\b|\bassert\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Transcripts, pasted markup and made-up data: the whole message is somebody else's or nobody's."""
_PASTED = re.compile(
    r"\b(?:translate|proof-?read|correct|grammar|rewrite|rephrase|summar\w+|shorten|tl;?dr|answer (?:this"
    r"|the)|reply to|continue"
    r"|lyrics?|poem|story|novel|song|crossword|clue|interpret|grade|rate|quotes?|transcript|essay|draft"
    r"|caption|slogan|review|"
    r"explain this|what does this|exercise|traduis|übersetze?|traduce|corrige|korrigiere)\b[^.!?]{0,80}:",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|(?<!\w)'[^'\n]+'(?!\w)|‘[^’]*’|\bquote\b.*?\bunquote\b|^>.*$|`[^`\n]*`",
    re.IGNORECASE | re.MULTILINE,
)
_IRONY = re.compile(
    r"(?:^|\s)/s\b|\byeah,? right\b|\boh,? sure\b|\boh great\b|\bof course I\b|\bgreat, another\b"
    r"|\bjust what I needed\b|\bna toll\b"
    r"|\bjust kidding\b|\bjk\b|\bl(?:ol|mao)\b|\bhaha|\brelax\b|\bapril (?:1st|fools)|[😂🤣🙄😜]"
    r"|\bsuch a \w+ person\b|\bI (?:just |really )?(?:adore|love|enjoy) (?:it )?when\b|, obviously\b|\bbasically an?\b",
    re.IGNORECASE,
)
_GUESS = re.compile(
    r"\b(?:suppose|supposing|assume|assuming|hypothetical(?:ly)?|what if|let'?s say|say (?:I|we|my)\b"
    r"|wish(?:ed)?(?! lists?\b)|would|could"
    r"|might|maybe|perhaps|dream(?:t|ed)?|wenn ich|wäre|würde|hätte|angenommen|si (?:yo )?(?:fuera"
    r"|tuviera)|si j'(?:étais|avais))\b"
    r"|\bif (?:I|we|my|he|she|they|someone)\b(?! (?:ask|want|need|say|tell|write|mention|call))",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:apparently|allegedly|rumou?rs?|gossip|hearsay|they say|people say|heard|claims?|claimed"
    r"|reckons?|says|said|told me|thinks"
    r"|according to|supposedly|wrote|writes|sings?|sang|in the (?:song|film|movie|book|story|novel|play"
    r"|game|dream|series)|dicen|angeblich|anscheinend|il paraît)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:used to|formerly|back (?:then|at|in|when)|as a (?:kid|child|teenager|student)|years ago"
    r"|in my old|my old|our old|previous(?:ly)?"
    r"|my ex|when (?:I|we) (?:was|were|lived|worked|had|studied)|until (?:19|20)\d\d|till (?:19|20)\d\d"
    r"|früher|damals|antes)\b",
    re.IGNORECASE,
)
_OWN_HEADING = re.compile(
    r"\b(?:I|I'm|I've|me|my|we|our|fyi|btw|by the way|update|notes?|remember(?: this)?|intro|news|heads up"
    r"|so you know|record"
    r"|context|background|correction|thing|wish|rule|from now on|first(?:ly)?|second(?:ly)?|also|ps"
    r"|reminder|forms? asks?"
    r"|clarif\w+|answer|important|for all \w+ \w+|seriously)\b",
    re.IGNORECASE,
)
"""Openings before a colon after which the person still speaks in their own name."""
_GIVEN_HEADING = re.compile(
    r"\b(?:read|heard|saw|found|got|received|wrote|written|books?|film|song|somewhere|somebody|someone|jokes?|lies?"
    r"|untrue|not (?:so|true)|says?|said|told)\b",
    re.IGNORECASE,
)
"""Openings after which others speak, although the person is in them: `I read in a book: ...`."""
_DOUBTED = re.compile(
    r"\b(?:is|was|could|can) (?:this|that|it|the following) (?:really |be |also )?"
    r"(?:true|right|correct|so|real|possible)\b"
    r"|\btrue or (?:false|not)\b",
    re.IGNORECASE,
)
"""A question that doubts whatever stands around it."""
_FICTION = re.compile(
    r"\b(?:write|tell|make up|invent|compose|continue) (?:me |us )?(?:a|an|the|another|my) (?:\w+ )?"
    r"(?:story|tale|novel|scene|screenplay|poem|song|lyrics|sketch|fairy tale)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^\W*(?:is|are|am|do (?:I|you|we|they|the|my)|does|did|can|could|should|will"
    r"|what(?! (?:I|we|my|our)\b[^?]* is )|what's|whats|how"
    r"|why|where|who|whose|which|any idea)\b",
    re.IGNORECASE,
)
_LONGEST = 1500
"""A longer message is a paste more often than speech."""
PASSING = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:once|time|one|week|weekend|month|morning|evening|afternoon"
    r"|sprint|session|chat|mail|e-?mail"
    r"|summary|text|answer|message|question|letter|report|list|page|file|trip|meeting|party)|just (?:this"
    r"|now|for(?! this project\b))|for (?:this(?! (?:project|repo\w*|codebase|team|client|workspace)\b)|now|once"
    r"|the moment|the next|the time being|(?:\w+ )?(?:days?|weeks?|months?|while))|only (?:this|tonight"
    r"|today|in \w+)|right now|at the moment"
    r"|temporarily|currently|these (?:days|weeks)|until|till|next (?:days|week)|ausnahmsweise|heute"
    r"|diese woche|esta vez|hoy|cette fois"
    r"|aujourd'hui|in \w+ only)\b",
    re.IGNORECASE,
)
MOOD = re.compile(
    r"\b(?:tired(?! of)|exhausted|sleepy|sick(?! of)|ill|headache|hungover|stressed|in a (?:hurry|rush)"
    r"|bad day|slept|sad|angry|grumpy|drained"
    r"|head hurts|no energy|in a meeting|on the (?:bus|train|phone))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """One sentence of the person, verbatim, with what was seen around it."""

    text: str
    """With straight apostrophes, else verbatim."""
    original: str
    message_id: str
    created: float
    index: int
    """Which sentence of its message it is."""
    alone: bool
    """Whether its message asks nothing."""
    passing: bool
    """Whether it speaks of now only."""
    mood: bool
    """Whether its message tells a mood."""
    meant: bool
    """False where it is a question, a guess, hearsay, the past or a joke."""

    def verbatim(self, piece: str) -> str:
        """A piece of the text as the person typed it."""
        start = self.text.index(piece)
        return self.original[start : start + len(piece)]


def days(words: str) -> int:
    """For how many days something holds, as it says itself; 0 where it does not."""
    return next((count for word, count in _LASTS.items() if word in words.lower()), 0)


def sayings(conversation: Conversation) -> tuple[Saying, ...]:
    """List the person's own sentences on the kept path, before any role play begins."""
    said: list[Saying] = []
    for message in kept_path(conversation):
        if message.role != "user" or message.author != "person":
            continue
        if ROLE_PLAY.search(_QUOTED.sub(" ", message.text)):
            break
        said += _of(message)
    return tuple(said)


def of_message(message: Message) -> tuple[Saying, ...]:
    """List the sentences of one message, those that quote too; none where it is pasted, played or joked."""
    return tuple(_of(message, quoting=True))


def jokes(text: str) -> bool:
    """Tell whether words are not in earnest."""
    return _IRONY.search(text) is not None


def guesses(text: str) -> bool:
    """Tell whether words only suppose."""
    return _GUESS.search(text) is not None


def past(text: str) -> bool:
    """Tell whether words are of a time that is over."""
    return _PAST.search(text) is not None


def _of(message: Message, *, quoting: bool = False) -> list[Saying]:
    text = message.text.replace("’", "'")
    if len(text) > _LONGEST or any(kind.search(text) for kind in (_FOREIGN, _PASTED, _IRONY, _DOUBTED, _FICTION)):
        return []
    # A quotation is blanked, not cut, so that what stays is still verbatim and a short quoted word can be restored.
    if _under_a_heading(text):
        return []
    masked = _QUOTED.sub(lambda found: found[0] if _is_said(found[0], quoting) else "\0" * len(found[0]), text)
    asks = "?" in masked
    mood = bool(MOOD.search(masked))
    bounds = _sentences(masked)
    # `Use bullets. Only today, please.`: a sentence that says nothing but until when says it of its neighbours.
    only_now = any(_only_passing(masked[start:end]) for start, end in bounds)
    out = []
    for index, (start, end) in enumerate(bounds):
        while start < end and masked[start].isspace():
            start += 1
        sentence = masked[start:end].rstrip()
        if ("\0" in sentence and not quoting) or not re.search(r"\w", sentence):
            continue
        meant = not (
            sentence.endswith("?") or any(doubt.search(sentence) for doubt in (_ASKING, _GUESS, _HEARSAY, _PAST))
        )
        out.append(
            Saying(
                text=sentence,
                original=message.text[start : start + len(sentence)],
                message_id=message.id,
                created=message.created,
                index=index,
                alone=not asks,
                passing=only_now or bool(PASSING.search(sentence)),
                mood=mood,
                meant=meant,
            )
        )
    return out


def _is_said(quoted: str, quoting: bool) -> bool:
    """Whether what stands in marks is a name or, where sentences are read in pieces, a command."""
    return len(quoted.split()) <= 2 or (quoting and quoted.startswith("`"))


def _only_passing(sentence: str) -> bool:
    rest = re.sub(
        r"(?i)\b(?:please|only|just|but|ok|okay|for|that|is|it|though|and|thanks|and not longer)\b|\W",
        " ",
        PASSING.sub("", sentence),
    )
    return bool(PASSING.search(sentence)) and not rest.strip()


def _under_a_heading(text: str) -> bool:
    """Whether what is said of an I stands behind a colon that gives it to others: `subtitle this: I live ...`."""
    for found in re.finditer(r"(?:^|[.!?\n])([^:.!?\n]{1,80}):\s+(\S.*)", text):
        own = _OWN_HEADING.search(found[1]) and not _GIVEN_HEADING.search(found[1])
        if re.search(r"\b(?:I|I'm|I've|my|we|our)\b", found[2], re.IGNORECASE) and not own:
            return True
    return False


def _sentences(text: str) -> list[tuple[int, int]]:
    """Split at sentence ends and line breaks, not behind a title or inside a number."""
    bounds, start = [], 0
    for found in re.finditer(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<!\be\.g)[.!?]+(?=\s|$)|\n+", text):
        bounds.append((start, found.end()))
        start = found.end()
    return [*bounds, (start, len(text))] if start < len(text) else bounds
