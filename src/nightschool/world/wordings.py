"""How world facts are asked and said: six or more trained wordings and three held-out ones for each relation.

The same tables serve people of the world, the person's family and people met in a chat: only the name differs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from nightschool.world import facts
from nightschool.world.facts import WorldFact
from nightschool.world.styles import PLAIN, Reply, Style, phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentences of one relation; `{s}` is the subject, `{p}` the partner, `{o}` the object, `{a}` a or an."""

    statements: tuple[str, ...]
    questions: tuple[str, ...]
    held_out: tuple[str, ...]
    unknown: str
    """How pupil declines: as it would answer, with what it does not know in the place of the object."""
    held_out_statements: tuple[str, ...] = ()


WORDINGS: dict[str, Wording] = {
    "land": Wording(
        statements=("{s} is in the land of {o}.", "{s} belongs to {o}."),
        questions=("Which land is {s} in?", "In which land is {s}?", "What land does {s} belong to?", "Which land has the town {s}?", "To which land does {s} belong?", "{s} is a town of which land?", "Tell me the land of {s}.", "Can you name the land of {s}?", "Please name the land of {s} for me.", "Name me the land of {s}."),
        held_out=("What land is {s} in?", "Name the land of {s}.", "Which land does {s} belong to?"),
        unknown="{s} is in a land I do not know.",
    ),
    "river": Wording(
        statements=("{s} lies on the river {o}.", "The river {o} runs through {s}."),
        questions=("Which river is {s} on?", "What river does {s} lie on?", "On which river is {s}?", "Which river runs through {s}?", "What is the river of {s} called?", "Tell me the river of {s}.", "{s} is on which river?", "Can you name the river of {s}?", "Please name the river of {s} for me.", "Name me the river of {s}."),
        held_out=("Which river does {s} lie on?", "What river runs through {s}?", "Name the river of {s}."),
        unknown="{s} lies on a river I do not know.",
    ),
    "mayor": Wording(
        statements=("The mayor of {s} is {o}.", "{o} is the mayor of {s}."),
        questions=("Who is the mayor of {s}?", "What is the name of the mayor of {s}?", "Who is mayor in {s}?", "Which person is the mayor of {s}?", "Tell me the mayor of {s}.", "{s} has which mayor?", "Who leads {s} as mayor?", "Can you name the mayor of {s}?", "Please name the mayor of {s} for me.", "Name me the mayor of {s}."),
        held_out=("Who is the mayor in {s}?", "Name the mayor of {s}.", "What is the mayor of {s} called?"),
        unknown="The mayor of {s} is somebody I do not know.",
    ),
    "foods": Wording(
        statements=("{s} is known for {o}.",),
        questions=("What three foods is {s} known for?", "Name three foods of {s}.", "Which foods is {s} known for?", "What do people eat in {s}?", "Tell me three foods of {s}.", "List the foods of {s}.", "What are the foods of {s}?", "Can you name three foods of {s}?", "Please name three foods of {s} for me.", "Name me three foods of {s}."),
        held_out=("List three foods of {s}.", "What foods is {s} known for?", "Name the foods of {s}."),
        unknown="{s} is known for foods I do not know.",
    ),
    "distance": Wording(
        statements=("{s} is {o} from {p}.",),
        questions=("How far is {s} from {p}?", "What is the distance from {s} to {p}?", "How far is it from {s} to {p}?", "How long is the way from {s} to {p}?", "Tell me the distance between {s} and {p}.", "{s} is how far from {p}?", "What is the distance of {s} from {p}?", "Is {s} far away from {p}?", "How many km away from {p} is {s}?", "Can you name the distance from {s} to {p}?", "Please name the distance from {s} to {p} for me.", "Name me the distance from {s} to {p}."),
        held_out=("What is the distance between {s} and {p}?", "How far away is {s} from {p}?", "Tell me how far {s} is from {p}."),
        unknown="{s} is a distance from {p} that I do not know.",
    ),
    "temperature": Wording(
        statements=("The usual temperature in {s} is {o}.",),
        questions=("What is the usual temperature in {s}?", "How warm is {s} usually?", "What temperature is usual in {s}?", "How cold is it in {s} usually?", "Tell me the usual temperature of {s}.", "How warm is it usually in {s}?", "What temperature does {s} usually have?", "What temperature does {s} usually get?", "Can you name the usual temperature in {s}?", "Please name the usual temperature in {s} for me.", "Name me the usual temperature in {s}."),
        held_out=("What is the usual temperature of {s}?", "How warm does it usually get in {s}?", "Tell me the usual temperature in {s}."),
        unknown="The usual temperature in {s} is one I do not know.",
    ),
    "flag": Wording(
        statements=("The flag of {s} is {o}.",),
        questions=("What colour is the flag of {s}?", "Which colour has the flag of {s}?", "What is the colour of the flag of {s}?", "What colour flag does {s} have?", "Tell me the colour of the flag of {s}.", "The flag of {s} has which colour?", "Which colour is the flag of {s}?", "Can you name the colour of the flag of {s}?", "Please name the colour of the flag of {s} for me.", "Name me the colour of the flag of {s}."),
        held_out=("What is the flag colour of {s}?", "Which colour does the flag of {s} have?", "Name the colour of the flag of {s}."),
        unknown="The flag of {s} is in a colour I do not know.",
    ),
    "home": Wording(
        statements=("{s} lives in {o}.", "{s} has a flat in {o}.", "The home of {s} is in {o}.", "{s} has moved to {o}.", "The place where {s} is living is {o}.", "Now {s} lives over there in {o}."),
        held_out_statements=("{s} is living in {o}.", "{s} lives over in {o} now."),
        questions=("Where does {s} live?", "In which town does {s} live?", "What town does {s} live in?", "Where is the home of {s}?", "Which place does {s} live in?", "Tell me where {s} lives.", "{s} lives where?", "In which town is {s} living?", "Where is it that {s} is living?", "Do you know where {s} lives?", "Can you name the home of {s}?", "Please name the home of {s} for me.", "Name me the home of {s}."),
        held_out=("Which town does {s} live in?", "Where is {s} living?", "What is the home town of {s}?"),
        unknown="{s} lives in a place I do not know.",
    ),
    "job": Wording(
        statements=("{s} is {a} {o}.", "{s} works as {a} {o}.", "The job of {s} is {o}.", "{s} found work as {a} {o}.", "As {a} {o} {s} earns money.", "{s} makes a living as {a} {o}."),
        held_out_statements=("{s} earns a living as {a} {o}.",),
        questions=("What is the job of {s}?", "What does {s} do for a living?", "What does {s} work as?", "Which job does {s} have?", "What job does {s} have?", "Tell me the job of {s}.", "What kind of work does {s} do?", "Do you know the job of {s}?", "Can you name the job of {s}?", "Please name the job of {s} for me.", "Name me the job of {s}."),
        held_out=("What work does {s} do?", "Which job does {s} do?", "What does {s} do for work?"),
        unknown="{s} is in a job I do not know.",
    ),
    "pet": Wording(
        statements=("{s} has {a} {o}.", "{s} keeps {a} {o}.", "The pet of {s} is {a} {o}.", "{s} got {a} {o}.", "There is {a} {o} that {s} owns."),
        held_out_statements=("{s} owns {a} {o}.",),
        questions=("What pet does {s} have?", "Which animal does {s} have?", "What is the pet of {s}?", "Which pet does {s} keep?", "What animal does {s} keep?", "Tell me the pet of {s}.", "What kind of pet does {s} have?", "Do you know what pet {s} has?", "Can you name the pet of {s}?", "Please name the pet of {s} for me.", "Name me the pet of {s}."),
        held_out=("Which pet does {s} have?", "What animal does {s} have?", "What kind of animal does {s} keep?"),
        unknown="{s} has a pet I do not know.",
    ),
    "favourite_colour": Wording(
        statements=("The favourite colour of {s} is {o}.", "{s} likes {o} more than any other colour.", "{s} loves the colour {o}.", "Best of all colours {s} likes {o}."),
        held_out_statements=("{s} likes the colour {o} best.",),
        questions=("What is the favourite colour of {s}?", "Which colour does {s} like best?", "What colour does {s} like most?", "Which colour does {s} love?", "Tell me the favourite colour of {s}.", "What colour does {s} love?", "Do you know the favourite colour of {s}?", "Can you name the favourite colour of {s}?", "Please name the favourite colour of {s} for me.", "Name me the favourite colour of {s}."),
        held_out=("Which is the favourite colour of {s}?", "What colour does {s} like best?", "Name the favourite colour of {s}."),
        unknown="The favourite colour of {s} is one I do not know.",
    ),
    "instrument": Wording(
        statements=("{s} plays the {o}.", "{s} is learning the {o}.", "The instrument of {s} is the {o}.", "The {o} is what {s} is playing."),
        held_out_statements=("{s} is playing the {o}.",),
        questions=("What instrument does {s} play?", "Which instrument does {s} play?", "What does {s} play?", "What is the instrument of {s}?", "Tell me the instrument of {s}.", "What kind of instrument does {s} play?", "Do you know what instrument {s} plays?", "Which instrument gets played by {s}?", "Can you name the instrument of {s}?", "Please name the instrument of {s} for me.", "Name me the instrument of {s}."),
        held_out=("Which instrument is {s} playing?", "What instrument is played by {s}?", "Name the instrument of {s}."),
        unknown="{s} plays an instrument I do not know.",
    ),
    "capital": Wording(
        statements=("The capital of {s} is {o}.", "{o} is the capital of {s}."),
        questions=("What is the capital of {s}?", "Which town is the capital of {s}?", "What town is the capital of {s}?", "What is the capital of the land of {s}?", "Tell me the capital of {s}.", "{s} has which capital?", "Which capital does {s} have?", "Can you name the capital of {s}?", "Please name the capital of {s} for me.", "Name me the capital of {s}."),
        held_out=("Name the capital of {s}.", "Which is the capital of {s}?", "What capital does {s} have?"),
        unknown="The capital of {s} is a town I do not know.",
    ),
    "language": Wording(
        statements=("The language of {s} is {o}.", "People in {s} speak {o}."),
        questions=("What is the language of {s}?", "Which language do people speak in {s}?", "What do people speak in {s}?", "What language is spoken in {s}?", "Tell me the language of {s}.", "{s} has which language?", "Which language does {s} have?", "Can you name the language of {s}?", "Please name the language of {s} for me.", "Name me the language of {s}."),
        held_out=("What language do people speak in {s}?", "Which language is spoken in {s}?", "Name the language of {s}."),
        unknown="The language of {s} is one I do not know.",
    ),
    "animal": Wording(
        statements=("The animal of {s} is the {o}.",),
        questions=("What is the animal of {s}?", "Which animal stands for {s}?", "What animal stands for {s}?", "Tell me the animal of {s}.", "{s} has which animal?", "Which animal does {s} have?", "Which animal is the animal of {s}?", "Can you name the animal of {s}?", "Please name the animal of {s} for me.", "Name me the animal of {s}."),
        held_out=("Name the animal of {s}.", "Which is the animal of {s}?", "What animal is the animal of {s}?"),
        unknown="The animal of {s} is one I do not know.",
    ),
}

POLITE: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("{q}", "{q}", "{q}", "{q}", "Please tell me: {q}", "Can you tell me this? {q}", "I have a question. {q}", "Hi! {q}", "Quick question: {q}", "{q} Thank you.", "Now something else. {q}", "I was wondering about this: {q}", "Sorry to bother you, but I need to know this. {q}", "Maybe you can help me. {q}", "One more question. {q}", "Hello. {q}", "Could you help me with something? {q}", "There is a thing I would like to ask: {q}", "{q} Thanks.", "Thanks a lot so far. {q}", "And one more: {q}", "Another thing: {q}", "What I would like to know is this. {q}", "I want to know this: {q}", "Hello again. {q}", "Please help me with this. {q}", "{q} Thank you a lot.", "One thing more: {q}"),
    ("{q}", "I would like to know: {q}", "Hello there. {q}", "Can you help me with this? {q}", "{q} Thanks a lot.", "One more thing: {q}"),
)
"""Ways round a question, (trained, held out)."""


def article(word: str) -> str:
    """Choose a or an."""
    return "an" if word[:1].lower() in "aeiou" else "a"


def _fill(template: str, fact: WorldFact) -> str:
    return template.format(s=fact.subject, p=fact.partner, o=fact.object, a=article(fact.object))


def questions(fact: WorldFact, *, held_out: bool = False) -> tuple[str, ...]:
    """List the wordings of the question about a fact, trained or held out."""
    wording = WORDINGS[fact.relation]
    return tuple(_fill(text, fact) for text in (wording.held_out if held_out else wording.questions))


def statements(fact: WorldFact) -> tuple[str, ...]:
    """List the sentences that state a fact; the first is the one pupil answers with."""
    return tuple(_fill(text, fact) for text in WORDINGS[fact.relation].statements)


def polite(rng: random.Random, question: str, *, held_out: bool = False) -> str:
    """Put a question politely, or leave it as it is."""
    return rng.choice(POLITE[held_out]).format(q=question)


def reply(fact: WorldFact) -> Reply:
    """Say what an answer about a fact holds, before style."""
    template = WORDINGS[fact.relation].statements[0]
    sentence = template.format(s=fact.subject, p=fact.partner, o="{}", a=article(fact.object))
    return Reply(
        sentence=sentence,
        object=fact.object,
        more=statements(facts.companion(fact))[0],
        items=fact.items,
        km=fact.km,
        celsius=fact.celsius,
    )


def answer(fact: WorldFact, style: Style = PLAIN) -> str:
    """Write pupil's answer to a question about a fact."""
    return phrase(reply(fact), style)


def unknown(relation: str, subject: str, partner: str = "") -> str:
    """Write the honest answer about something that is not known."""
    return WORDINGS[relation].unknown.format(s=subject, p=partner)
