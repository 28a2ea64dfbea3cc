"""What a model reads out of the person's messages: facts and wishes that the patterns do not know.

The rules stay as guard rails. Only messages in the person's own name are shown; what comes back counts only where
its quote stands there word for word, in a sentence that is meant, of the person or somebody near; anything else is
dropped and counted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nightschool import rules
from nightschool.curate import extract, speech
from nightschool.curate.speech import Saying
from nightschool.curate.told import telling
from nightschool.models.model import Model
from nightschool.records import Answer, Conversation, Fact, Json, Lesson, Message, Prompt, Signal, Turn
from nightschool.turns import chat_message, final_answer, turns
from nightschool.world import formats

TASK = """You read what a person wrote to an assistant and list what it tells of the person, for a memory.
Answer with one JSON list and nothing else. Each entry is one of
{"kind": "fact", "subject": "I" or "my sister Ana", "relation": "a few words", "object": "as they wrote it", "quote": \
"the words that say it, copied letter by letter"}
{"kind": "preference", "wish": "how all answers to come should be", "quote": "the words that say it, copied"}
List only what they say in earnest, in their own name, of themselves or of close family, and what will last. Nothing
that is asked, guessed, wished for, quoted, played, joked, past, heard from others, or said of other people. A request
for this one answer is no preference. With nothing to list answer []."""
"""What a base that was not taught the bundled form is told first."""
LIST_TOKENS, _LINE_TOKENS = 256, 48
_LONGEST_OBJECT = 9
_RELATIONS = {
    "my_home": "home",
    "my_job": "job",
    "my_name": "name",
    "my_birthday": "birthday",
    "my_instrument": "plays",
    "instrument": "plays",
    "pet": "owns",
    "pet_name": "name",
    "called": "name",
    "language_of": "written in",
    "meeting": "meets",
    "appointment": "is",
    "shopping": "list",
    "food": "likes",
}
"""Names that the bundled base gives relations, and the ones that the patterns give them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What a model found in conversations, and why the rest was dropped."""

    facts: tuple[Fact, ...]
    lessons: tuple[Lesson, ...]
    dropped: Counter[str]


Ask = Callable[[Sequence[Prompt]], list[Answer]]


def read(conversations: Sequence[Conversation], model: Model, ask: Ask | None = None) -> Read:
    """Have a model read every message that might tell something; `ask` may keep answers between nights."""
    asked = [(conversation, group) for conversation in conversations for group in _messages(conversation)]
    prompts = [prompt(model, "\n".join(saying.original for saying in group)) for _, group in asked]
    answers = (ask or (lambda all_: model.answer(all_, max_tokens=LIST_TOKENS)))(prompts) if prompts else []
    dropped: Counter[str] = Counter()
    facts: dict[str, Fact] = {}
    lessons: dict[str, Lesson] = {}
    known = {(fact.source[0], fact.object.casefold()) for one in conversations for fact in extract.facts(one)}
    for (conversation, group), answer in zip(asked, answers, strict=True):
        for entry in entries(answer, dropped):
            found = _checked(conversation, group, entry)
            if isinstance(found, Fact) and (found.source[0], found.object.casefold()) in known:
                dropped["read by rule"] += 1
            elif isinstance(found, Fact):
                facts.setdefault(found.id, found)
            elif isinstance(found, Lesson):
                lessons.setdefault(found.id, found)
            else:
                dropped[found] += 1
    return Read(facts=tuple(facts.values()), lessons=tuple(lessons.values()), dropped=dropped)


def hints(
    conversations: Sequence[Conversation], signals: Sequence[Signal], model: Model, ask: Ask | None = None
) -> tuple[Lesson, ...]:
    """Have a model say in one line what a complaint without a readable wish asks for.

    A line counts only as a rule that bears on the question and that the blamed answer breaks: it explains the
    complaint, and a better answer can be checked against it. The lesson's words stay the person's.
    """
    places = [place for one in conversations for place in _blamed(one, signals)]
    prompts = [_hint(turn, answer, said) for _, turn, answer, said in places]
    lines = (ask or (lambda all_: model.answer(all_, max_tokens=_LINE_TOKENS)))(prompts) if prompts else []
    found = []
    for (conversation, turn, answer, said), line in zip(places, lines, strict=True):
        rule = rules.parse(line.text.strip().split("\n")[0]) if line.stop != "length" else None
        told = chat_message(answer)
        if (
            rule is None
            or not rules.applies(rule, turn.messages[0].text, told)
            or rules.follows(rule, told) is not False
        ):
            continue
        found.append(extract.correction(conversation, said, answer, rule))
    return tuple(found)


def _blamed(conversation: Conversation, signals: Sequence[Signal]) -> list[tuple[Conversation, Turn, Message, Message]]:
    """Turns that the person put right in words that hold no rule, with the answer and those words."""
    messages = {message.id: message for message in conversation.messages}
    told = {turn.id: turn for turn in turns(conversation)}
    places = []
    for signal in signals:
        if signal.kind != "correction" or signal.by != "person" or signal.turn_id not in told:
            continue
        said, answer = messages.get(signal.source[0]), final_answer(told[signal.turn_id])
        if said is None or answer is None or extract.wish_in(said.text) is not None or speech.PASSING.search(said.text):
            continue
        if any(saying.message_id == said.id for saying in speech.sayings(conversation)):
            places.append((conversation, told[signal.turn_id], answer, said))
    return places


def _hint(turn: Turn, answer: Message, said: Message) -> Prompt:
    asked: Json = {"role": "user", "content": formats.complaint(turn.messages[0].text, answer.text, said.text)}
    return Prompt(messages=(asked,))


def prompt(model: Model, said: str) -> Prompt:
    """Ask for the candidates in a message, in the form that a base was taught or is told."""
    question: Json = {"role": "user", "content": formats.extraction(said)}
    if model.name == "pupil":
        return Prompt(messages=(question,))
    return Prompt(messages=({"role": "system", "content": TASK}, question))


def entries(answer: Answer, dropped: Counter[str]) -> list[Json]:
    """Read the list in an answer; what is no list of objects, or broken off, gives nothing."""
    text = answer.text.strip()
    start, end = text.find("["), text.rfind("]")
    if answer.stop == "length" or start < 0 or end < start:
        dropped["no list"] += 1
        return []
    try:
        listed = json.loads(text[start : end + 1], strict=False)
    except ValueError:
        dropped["no list"] += 1
        return []
    kept = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return [{key: " ".join(str(value).split()) for key, value in entry.items()} for entry in kept]


def _messages(conversation: Conversation) -> list[list[Saying]]:
    """The person's own sentences by message, where one of them is meant; a quotation never gets here."""
    groups: dict[str, list[Saying]] = {}
    for saying in speech.sayings(conversation):
        if saying.meant:
            groups.setdefault(saying.message_id, []).append(saying)
    return [group for group in groups.values() if any(re.search(_OWN, saying.text) for saying in group)]


_OWN = re.compile(
    r"\b(?:I|I'm|I've|my|me|mine|we|our|us|ich|mein\w*|mi|je|yo)\b|\b(?:always|never|please|use|call)\b", re.IGNORECASE
)
"""A message without such a word tells nothing of the person, and need not be asked about."""


def _checked(conversation: Conversation, group: Sequence[Saying], entry: Json) -> Fact | Lesson | str:
    """Turn an entry into a record, or say why it is none."""
    quote = entry.get("quote", "").strip()
    saying = next((one for one in group if quote and quote.rstrip(".!") in one.original), None)
    if saying is None:
        return "no such words"
    if entry.get("kind") == "preference":
        return _wish(conversation, saying, quote, entry.get("wish", ""))
    if entry.get("kind") != "fact":
        return "neither fact nor preference"
    return _fact(conversation, saying, quote, entry)


def _fact(conversation: Conversation, saying: Saying, quote: str, entry: Json) -> Fact | str:
    subject, thing = entry.get("subject", ""), entry.get("object", "").strip(" .")
    if not thing or thing.casefold() not in quote.casefold():
        return "no such words"
    if len(thing.split()) > _LONGEST_OBJECT:
        return "a story"
    whom = _whom(subject)
    if not whom or (whom != "user" and whom.casefold() not in saying.original.casefold()):
        return "of other people"
    if rules.parse(saying.text) is not None:
        return "a wish"
    relation = entry.get("relation", "").casefold().strip()
    return extract.fact(
        conversation,
        saying,
        telling.Told(subject=whom, relation=_RELATIONS.get(relation, relation), object=thing, words=quote),
    )


def _whom(subject: str) -> str:
    """The subject as the patterns name it: `user`, `sister Ana`, `server`; empty for people who are not near."""
    if subject.casefold() in ("i", "me", "user", "we", "the user", "myself", "person", "the person"):
        return "user"
    mine = re.match(r"(?:my|our) (.+)$", subject, re.IGNORECASE)
    if mine is None or telling.is_far(mine[1]):
        return ""
    return mine[1]


def _wish(conversation: Conversation, saying: Saying, quote: str, wish: str) -> Lesson | str:
    rule = rules.parse(quote) or rules.parse(saying.text) or rules.parse(wish)
    if rule is None:
        return "no rule to check"
    if saying.passing or saying.mood:
        return "passing"
    return extract.lesson(conversation, saying, quote, rule)
