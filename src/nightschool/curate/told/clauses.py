"""What the person says in earnest, clause by clause, so that one doubtful half does not silence the other.

Pure. A clause is a stretch of one sentence, verbatim. A guess or hearsay takes with it all that follows in its
sentence, and a scenario all that follows in its message; what is past, asked or quoted takes only itself.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nightschool.curate import speech
from nightschool.curate.speech import Saying
from nightschool.curate.told import others
from nightschool.records import Conversation, Message, Part
from nightschool.turns import kept_path

_BREAK = re.compile(
    r"\s*[;()]\s*|:\s+|\s*,\s+|\s+[-–—]+\s+|\s*\.{3}\s*|\s+(?:so|but|because|cuz|cos|bc|hence|therefore|although"
    r"|though|whereas)\s+"
    r"|\s+(?:and|&|y|und|et|e)\s+(?=(?:I|I'm|I've|we|we're|we've|my|our|ich|wir|mein\w*|je|j'|mon|ma|yo|mi|io|it's"
    r"|he's|she's)\b)"
    r"|\s+(?:since|as)\s+(?=(?:I|I'm|I've|im|we|we're|my|our|you)\b)",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:(?:btw|by the way|fyi|ok(?:ay)?|right|so|and|but|or|well|oh|ah|um+|uh+|er|hi|hey|hello|yes|yep|yeah|yup"
    r"|since(?! (?:19|20)\d\d| (?:the|last|next|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)"
    r"|because|as(?! an?\b| of\b)|cuz|cos|also|anyway|note|remember(?: this)?(?: for me)?|please remember"
    r"|please note|just so you know"
    r"|jsyk|for the record|for context|for what it's worth|fwiw|keep in mind(?: that)?|heads up|careful|sorry|actually"
    r"|seriously|honestly|no honestly|nowadays|these days|now|update|quick intro|intro|background|about me|ps|p\.s\."
    r"|that's because|given(?: that)?|seeing(?: as)?|too bad|unfortunately|sadly|luckily|tbh|til|thing is|the thing is"
    r"|weil|da|also|übrigens|ah|bueno|pues|como|comme|alors|allora|siccome)\b[,:;.!]*\s+)+",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?<=\s)(?:um+|uh+|er+m?),?\s+", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:is|are|am|do|does|did|can|could|should|shall|will|would|what(?!'s mine)|what's|whats|how|why|where|who|whose"
    r"|when (?:is|does|do|are|will|did)|which|any idea|ist|sind|kann|soll|was|wie|warum|wo|welche[rsn]?|qué|cómo|cuándo"
    r"|dónde|cuál|puedo|que(?:l|lle)s?|comment|pourquoi|où|est-ce|puis-je|come|perché|dove|quale|posso)\b",
    re.IGNORECASE,
)
_SCENARIO = re.compile(
    r"\b(?:suppos\w+|assum\w+|imagine|pretend|hypothetical\w*|thought experiment|what if|let'?s say|say (?:I|we|my)\b"
    r"|for the sake of|scenario|in (?:this|that|the) (?:case|exercise|problem|example|riddle|game|story)|if (?:I|we)\b"
    r"|one can dream|day-?dream\w*|angenommen|stell dir|imagina|supón\w*|imaginons|mettiamo|immagina)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"^[\s,;:()–—-]*(?:or so |at least )?(?:say(?:s|ing)?|said|claims?|insists?|swears?|apparently|allegedly|supposedly"
    r"|according to|if you (?:believe|ask)|they (?:say|claim|tell me)|I(?:'m| am) told|as if\b|not!*$|kidding|joking"
    r"|in my dreams|I wish|yeah,? right|said no ?one)\b",
    re.IGNORECASE,
)
"""What follows a clause and gives it to others, or takes it back."""
_SUPPOSES = re.compile(
    r"^\W*(?:ok(?:ay)?,? |so,? |now,? )?(?:suppos\w+|assum(?:e|ing)|imagine|pretend|hypothetical\w*"
    r"|thought experiment|let'?s say"
    r"|say (?:I|we|my)\b|in (?:this|the following) scenario|angenommen|stell dir vor|imagina|imaginons|immagina)\b",
    re.IGNORECASE,
)
_EARNEST = re.compile(
    r"\b(?:(?:ok |no |but |and )?(?:seriously|honestly|in earnest|for real|joking aside|jokes aside|kidding aside"
    r"|all jokes aside|no joke|real talk|out of character|out of role|ooc|game off|game over|game paused|scene over"
    r"|(?:stop|pause|pausing|paus|end|break|leave|leaving|quit|interrupt\w*) (?:the |this |our )?(?:game|role-?play"
    r"|scene"
    r"|act|play|character|bit)(?: for a (?:sec|second|moment|minute))?|im ernst|ernsthaft|en serio|sérieusement"
    r"|sul serio|a sério))\b(?: though| now)?[,:;.! -]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A stretch of a sentence that the person means."""

    text: str
    """Verbatim, without the words that only open it."""
    saying: Saying
    start: int
    """Where it begins in its sentence."""
    after: str
    """What follows it in its sentence."""
    asked: bool
    """Whether its sentence ends in a question, so that only what stands before the question is told."""

    def through(self, length: int) -> str:
        """The sentence from here over so many characters."""
        return self.saying.text[self.start : self.start + length].strip(" ,;:-–—")


def earnest(conversation: Conversation) -> tuple[Saying, ...]:
    """List the person's sentences, those after the end of a game or a joke included."""
    said: list[Saying] = []
    playing = False
    for message in kept_path(conversation):
        if message.role != "user" or message.author != "person":
            continue
        text = message.text.replace("’", "'")
        left = max(_EARNEST.finditer(text), key=lambda found: found.end(), default=None)
        begins = others.plays(text) or bool(speech.ROLE_PLAY.search(text))
        if left and (playing or begins or speech.jokes(text[: left.start()])):
            said += speech.of_message(_rest(message, left.end()))
        elif not playing and not begins and not others.speaks(text):
            said += speech.of_message(message)
        playing = playing or begins
    return tuple(said)


def outside_scenarios(sayings: tuple[Saying, ...]) -> tuple[Saying, ...]:
    """Leave out what follows in a message whose sentence opens a scenario: `Suppose we move. We have two kids.`"""
    left: list[Saying] = []
    supposed = ""
    for saying in sayings:
        if saying.message_id == supposed:
            continue
        left.append(saying)
        if _SUPPOSES.match(saying.text):
            supposed = saying.message_id
    return tuple(left)


def _rest(message: Message, start: int) -> Message:
    return dataclasses.replace(message, parts=(Part(kind="text", text=message.text[start:]),))


def clauses(sayings: tuple[Saying, ...]) -> Iterator[Clause]:
    """Cut sentences into the clauses that are told in the person's own name and hold now."""
    scenario = ""
    for saying in sayings:
        if scenario == saying.message_id:
            continue
        asked = saying.text.rstrip(" )!").endswith("?")
        for start, end in _spans(saying.text):
            piece = saying.text[start:end]
            if _SCENARIO.search(piece):
                scenario = saying.message_id
                break
            if "\0" in piece:
                continue
            if speech.guesses(piece) or others.hearsay(piece):
                break
            opened = _OPENER.match(piece)
            start += opened.end() if opened else 0
            piece = saying.text[start:end]
            if asked and (_ASKS.match(piece) or end >= len(saying.text.rstrip(" ?!)."))):
                break
            if _ASKS.match(piece):
                continue
            if _TAKEN_BACK.match(saying.text[end:]):
                continue
            if speech.past(piece) or not re.search(r"\w", piece):
                continue
            yield Clause(text=piece, saying=saying, start=start, after=saying.text[end:], asked=asked)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(text):
        end = len(text.rstrip(" .!?)"))
        if end > start:
            yield start, end


def plain(text: str) -> str:
    """Without the sounds of speaking."""
    return _SPOKEN.sub("", text)
