"""Facts about one person and the people around them, as that person says and asks them.

Names and values come from a seeded generator; held-out ones never meet pupil's training. Values copied from
the context are the point, so half of them are made up.
"""

# ruff: noqa: SIM905 - words read better as text than as a list of quoted words
from __future__ import annotations

import random
import re
from dataclasses import dataclass

from nightschool.world import facts, names
from nightschool.world.styles import Reply
from nightschool.world.wordings import WORDINGS, Wording, article

ROLES = (
    "sister brother mother father aunt uncle cousin friend neighbour boss daughter son wife husband colleague teacher "
    "grandmother grandfather doctor flatmate landlord partner"
).split()
KIN_RELATIONS = {"home": "place", "job": "job", "pet": "animal", "favourite_colour": "colour", "instrument": "instrument", "food": "food", "birthday": "month", "called": "person"}
"""Relations of a named or related person, with the pool of their values."""

KIN_WORDINGS = {name: WORDINGS[name] for name in ("home", "job", "pet", "favourite_colour", "instrument")} | {
    "food": Wording(
        statements=("{s} loves {o}.", "The favourite food of {s} is {o}.", "{s} likes to eat {o}.", "Best of all {s} likes {o}.", "Of all food {s} wants {o}."),
        held_out_statements=("{s} likes {o} best of all food.",),
        questions=("What food does {s} love?", "What is the favourite food of {s}?", "What does {s} like to eat?", "Which food does {s} like?", "Tell me the favourite food of {s}.", "What food does {s} like most?", "Do you know what {s} likes to eat?", "Can you name the favourite food of {s}?", "Please name the favourite food of {s} for me.", "Name me the favourite food of {s}."),
        held_out=("Which food does {s} love?", "Which is the favourite food of {s}?", "What food does {s} like to eat?"),
        unknown="{s} loves a food I do not know.",
    ),
    "birthday": Wording(
        statements=("{s} was born in {o}.", "The birthday of {s} is in {o}.", "{s} has a birthday in {o}.", "In {o} falls the birthday of {s}."),
        held_out_statements=("The birthday of {s} falls in {o}.",),
        questions=("When is the birthday of {s}?", "When was {s} born?", "In which month was {s} born?", "Which month is the birthday of {s}?", "Tell me the birthday month of {s}.", "When does {s} have a birthday?", "Do you know when {s} was born?", "Can you name the birthday month of {s}?", "Please name the birthday month of {s} for me.", "Name me the birthday month of {s}."),
        held_out=("In which month is the birthday of {s}?", "What month was {s} born in?", "Which month was {s} born in?"),
        unknown="{s} was born in a month I do not know.",
    ),
    "called": Wording(
        statements=("{s} is called {o}.", "The name of {s} is {o}.", "The name that {s} has is {o}."),
        held_out_statements=("{s} has the name {o}.",),
        questions=("What is {s} called?", "What is the name of {s}?", "Which name does {s} have?", "Tell me the name of {s}.", "How is {s} called?", "Do you know the name of {s}?"),
        held_out=("What name does {s} have?", "Do you know what {s} is called?", "Name {s}."),
        unknown="{s} is called by a name I do not know.",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """A relation of the person: `{t}` is a thing (dog, colour), `{o}` the object, `{a}` a or an."""

    pool: str
    things: tuple[str, ...]
    statements: tuple[str, ...]
    held_out_statements: tuple[str, ...]
    questions: tuple[str, ...]
    held_out: tuple[str, ...]
    answer: str
    unknown: str


OWN: dict[str, Own] = {
    "pet_name": Own(pool="person", things=("dog", "cat", "horse", "boat", "parrot", "rabbit", "pony"), statements=("My {t} is called {o}.", "The name of my {t} is {o}.", "I call my {t} {o}.", "I have a {t} named {o}.", "The name I gave my {t} is {o}."), held_out_statements=("I gave my {t} the name {o}.",), questions=("What is my {t} called?", "What is the name of my {t}?", "How do I call my {t}?", "What do I call my {t}?", "Which name does my {t} have?", "Tell me the name of my {t}."), held_out=("Do you know the name of my {t}?", "What name does my {t} have?", "How is my {t} called?"), answer="Your {t} is called {o}.", unknown="Your {t} is called by a name I do not know."),
    "car": Own(pool="car", things=("",), statements=("I drive a {o}.", "My car is a {o}.", "I bought a {o}.", "A {o} is the car that I have."), held_out_statements=("The car I drive is a {o}.",), questions=("What car do I drive?", "Which car do I have?", "What is my car?", "What kind of car do I drive?", "Which car did I buy?", "Tell me what car I drive.", "Can you name my car?", "Please name my car for me.", "Name me my car."), held_out=("Which car do I drive?", "What car do I have?", "Do you know what I drive?"), answer="You drive a {o}.", unknown="You drive a car I do not know."),
    "my_birthday": Own(pool="month", things=("",), statements=("My birthday is in {o}.", "I was born in {o}.", "I have my birthday in {o}.", "In {o} falls my birthday."), held_out_statements=("My birthday falls in {o}.",), questions=("When is my birthday?", "When was I born?", "In which month is my birthday?", "Which month was I born in?", "What month is my birthday in?", "Tell me when my birthday is."), held_out=("In which month was I born?", "Do you know when my birthday is?", "Which month is my birthday in?"), answer="Your birthday is in {o}.", unknown="Your birthday is in a month I do not know."),
    "favourite": Own(pool="word", things=("food", "drink", "song", "book", "game", "city", "film", "band", "colour", "animal", "writer", "tool"), statements=("My favourite {t} is {o}.", "The {t} I like best is {o}.", "Of all, {o} is my favourite {t}.", "As a {t} I love {o} most."), held_out_statements=("{o} is the {t} I love most.",), questions=("What is my favourite {t}?", "Which {t} do I like best?", "What {t} do I like most?", "Which is my favourite {t}?", "Tell me my favourite {t}.", "What {t} is my favourite?", "Can you name my favourite {t}?", "Please name my favourite {t} for me.", "Name me my favourite {t}."), held_out=("Which {t} is my favourite?", "What {t} do I like best?", "Do you know my favourite {t}?"), answer="Your favourite {t} is {o}.", unknown="Your favourite {t} is one I do not know."),
    "port": Own(pool="number", things=("server", "database", "website", "printer", "backup"), statements=("My {t} listens on port {o}.", "The port of my {t} is {o}.", "I run my {t} on port {o}.", "Port {o} is what my {t} uses."), held_out_statements=("My {t} uses port {o}.",), questions=("Which port does my {t} listen on?", "What is the port of my {t}?", "On which port is my {t}?", "Which port has my {t}?", "What port do I run my {t} on?", "Tell me the port of my {t}.", "Can you name the port of my {t}?", "Please name the port of my {t} for me.", "Name me the port of my {t}."), held_out=("What port does my {t} listen on?", "Which port is my {t} on?", "Which port does my {t} use?"), answer="Your {t} listens on port {o}.", unknown="Your {t} listens on a port I do not know."),
    "language_of": Own(pool="language", things=("project", "program", "website", "script", "game"), statements=("My {t} is written in {o}.", "I write my {t} in {o}.", "The language of my {t} is {o}.", "What I am writing my {t} in is {o}."), held_out_statements=("I am writing my {t} in {o}.",), questions=("Which language is my {t} written in?", "What language is my {t} in?", "What is the language of my {t}?", "In which language do I write my {t}?", "What is my {t} written in?", "Tell me the language of my {t}.", "Can you name the language of my {t}?", "Please name the language of my {t} for me.", "Name me the language of my {t}."), held_out=("What language is my {t} written in?", "In which language is my {t} written?", "Which language do I use for my {t}?"), answer="Your {t} is written in {o}.", unknown="Your {t} is written in a language I do not know."),
    "my_home": Own(pool="place", things=("",), statements=("I live in {o}.", "My home is in {o}.", "I have a flat in {o}.", "I have moved to {o}.", "We moved to {o}.", "The place where I am living is {o}."), held_out_statements=("I am living in {o}.",), questions=("Where do I live?", "In which town do I live?", "What town do I live in?", "Where is my home?", "Which place do I live in?", "In which town am I living?", "Tell me where I live."), held_out=("Which town do I live in?", "Where am I living?", "Do you know where I live?"), answer="You live in {o}.", unknown="You live in a place I do not know."),
    "my_job": Own(pool="job", things=("",), statements=("I work as {a} {o}.", "I am {a} {o}.", "My job is {o}.", "As {a} {o} I earn my living."), held_out_statements=("I earn my living as {a} {o}.",), questions=("What is my job?", "What do I do for a living?", "What do I work as?", "Which job do I have?", "What kind of work do I do?", "Tell me my job.", "Can you name my job?", "Please name my job for me.", "Name me my job."), held_out=("What work do I do?", "What job do I have?", "Do you know my job?"), answer="You work as {a} {o}.", unknown="You work as something I do not know."),
    "my_name": Own(pool="person", things=("",), statements=("My name is {o}.", "I am called {o}.", "My first name is {o}.", "I go by the name {o}."), held_out_statements=("The name I go by is {o}.",), questions=("What is my name?", "How am I called?", "What am I called?", "Which name do I have?", "Who am I?", "Tell me my name."), held_out=("Do you know my name?", "What is my first name?", "Which is my name?"), answer="Your name is {o}.", unknown="Your name is one I do not know."),
    "employer": Own(pool="name", things=("",), statements=("I work for {o}.", "My employer is {o}.", "The firm I work for is {o}.", "The firm that employed me is {o}.", "I got employed at {o}."), held_out_statements=("I am employed by {o}.",), questions=("Who do I work for?", "Which firm do I work for?", "What is my employer?", "Who is my employer?", "For whom do I work?", "Tell me who I work for.", "Can you name my employer?", "Please name my employer for me.", "Name me my employer."), held_out=("What firm do I work for?", "Which is my employer?", "Do you know who I work for?"), answer="You work for {o}.", unknown="You work for somebody I do not know."),
    "allergy": Own(pool="food", things=("",), statements=("I am allergic to {o}.", "I must not eat {o}.", "I have an allergy to {o}.", "The allergy I have is {o}."), held_out_statements=("My allergy is {o}.",), questions=("What am I allergic to?", "What must I not eat?", "Which allergy do I have?", "Which food am I allergic to?", "What is my allergy?", "Tell me what I am allergic to.", "Can you name my allergy?", "Please name my allergy for me.", "Name me my allergy."), held_out=("What food am I allergic to?", "Which food must I not eat?", "Do you know my allergy?"), answer="You are allergic to {o}.", unknown="You are allergic to something I do not know."),
    "learning": Own(pool="language", things=("",), statements=("I am learning {o}.", "I study {o}.", "I take lessons in {o}.", "I learn {o} these days."), held_out_statements=("These days I learn {o}.",), questions=("What am I learning?", "Which language am I learning?", "What do I study?", "What do I take lessons in?", "Which language do I study?", "Which language am I studying?", "Tell me what I am learning."), held_out=("What language am I learning?", "What am I studying?", "Do you know what I am learning?"), answer="You are learning {o}.", unknown="You are learning something I do not know."),
    "my_instrument": Own(pool="instrument", things=("",), statements=("I play the {o}.", "My instrument is the {o}.", "I practise the {o}.", "Of the {o} I am a player."), held_out_statements=("I am a player of the {o}.",), questions=("What instrument do I play?", "Which instrument do I play?", "What do I play?", "What is my instrument?", "What do I practise?", "Of the instruments, which one is mine?", "Tell me my instrument.", "Can you name my instrument?", "Please name my instrument for me.", "Name me my instrument."), held_out=("Which instrument is mine?", "Do you know what I play?", "What kind of instrument do I play?"), answer="You play the {o}.", unknown="You play an instrument I do not know."),
    "meeting": Own(pool="day", things=("team", "club", "class", "choir", "band"), statements=("My {t} meets on {o}.", "The day of my {t} is {o}.", "I meet my {t} on {o}.", "On {o} my {t} comes together."), held_out_statements=("My {t} comes together on {o}.",), questions=("When does my {t} meet?", "On which day does my {t} meet?", "What day is my {t}?", "Which day does my {t} meet?", "When do I meet my {t}?", "Tell me the day of my {t}."), held_out=("What day does my {t} meet?", "On what day is my {t}?", "Do you know when my {t} meets?"), answer="Your {t} meets on {o}.", unknown="Your {t} meets on a day I do not know."),
    "kept": Own(pool="thing", things=("passport", "keys", "ring", "ticket", "phone", "map", "camera"), statements=("I keep my {t} in the {o}.", "I put my {t} in the {o}.", "The place for my {t} is the {o}.", "In the {o} I left my {t}."), held_out_statements=("I left my {t} in the {o}.",), questions=("Where do I keep my {t}?", "Where did I put my {t}?", "What is the place for my {t}?", "In what do I keep my {t}?", "What did I leave my {t} in?", "Where can I find my {t}?", "Tell me where I keep my {t}."), held_out=("Where did I leave my {t}?", "Do you know where I keep my {t}?", "Where do I find my {t}?"), answer="You keep your {t} in the {o}.", unknown="You keep your {t} in a place I do not know."),
    "appointment": Own(pool="day", things=("dentist", "exam", "flight", "interview", "haircut", "party"), statements=("My {t} is on {o}.", "I have my {t} on {o}.", "The day of my {t} is {o}.", "On {o} my {t} takes place."), held_out_statements=("My {t} takes place on {o}.",), questions=("When is my {t}?", "On which day is my {t}?", "What day is my {t}?", "Which day do I have my {t}?", "When do I have my {t}?", "Tell me the day of my {t}."), held_out=("Which day is my {t}?", "On what day do I have my {t}?", "Do you know when my {t} is?"), answer="Your {t} is on {o}.", unknown="Your {t} is on a day I do not know."),
    "shopping": Own(pool="list", things=("shopping", "packing", "birthday", "wish"), statements=("On my {t} list are {o}.", "My {t} list has {o}.", "I put {o} on my {t} list.", "What my {t} list holds is {o}."), held_out_statements=("My {t} list holds {o}.",), questions=("What is on my {t} list?", "Which things are on my {t} list?", "What did I put on my {t} list?", "What does my {t} list have?", "List what is on my {t} list.", "Tell me my {t} list.", "Can you name the things on my {t} list?", "Please name the things on my {t} list for me.", "Name me the things on my {t} list."), held_out=("What things are on my {t} list?", "Name what is on my {t} list.", "Do you know my {t} list?"), answer="On your {t} list are {o}.", unknown="On your {t} list are things I do not know."),
    "way": Own(pool="km", things=("work", "school", "the lake", "the station", "the market"), statements=("My way to {t} is {o} long.", "It is {o} from my home to {t}.", "I travel {o} to {t}."), held_out_statements=("From my home to {t} it is {o}.",), questions=("How long is my way to {t}?", "How far is it from my home to {t}?", "How far do I travel to {t}?", "What is the distance from my home to {t}?", "How far is {t} from my home?", "Is {t} far away from my home?", "Tell me how far it is to {t}."), held_out=("How far is my way to {t}?", "What is the distance to {t} for me?", "How far away is {t} from my home?"), answer="Your way to {t} is {o} long.", unknown="Your way to {t} is a length I do not know."),
}
RELATIONS: tuple[str, ...] = tuple(KIN_RELATIONS) + tuple(OWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalFact:
    """One thing a person tells about themselves or somebody near them."""

    relation: str
    role: str = ""
    """sister, friend, ...; empty for the person's own facts and for people who are only named"""
    name: str = ""
    """The name of that somebody; may be empty when there is a role."""
    thing: str = ""
    """dog, server, ...: what an own fact is about"""
    object: str
    items: tuple[str, ...] = ()
    km: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Name the slot that a newer fact replaces."""
        return self.relation, self.role or self.name or self.thing

    @property
    def subject(self) -> str:
        """Name whom or what the fact is about, in the first person."""
        if self.relation in KIN_WORDINGS:
            return f"my {self.role} {self.name}".strip() if self.role else self.name
        return f"my {self.thing}" if self.thing else "I"


def generate(rng: random.Random, relation: str = "", *, role: str | None = None, name: str | None = None, held_out: bool = False) -> PersonalFact:
    """Make a fact of a relation (any when empty), with trained or held-out names and values."""
    relation = relation or rng.choice(RELATIONS)
    if relation not in KIN_RELATIONS:
        return _own(rng, relation, held_out=held_out)
    if role is None:
        role = rng.choice(ROLES) if rng.random() < 0.75 or relation == "called" else ""
    if name is None:
        name = outsider(rng, held_out=held_out) if not role or rng.random() < 0.6 else ""
    if relation == "called":
        name = ""
    return PersonalFact(relation=relation, role=role, name=name, object=_outside(rng, KIN_RELATIONS[relation], held_out=held_out))


def outsider(rng: random.Random, *, held_out: bool = False) -> str:
    """Make a person's name that the world does not have."""
    return _outside(rng, "person", held_out=held_out)


def _outside(rng: random.Random, pool: str, *, held_out: bool) -> str:
    if pool == "word":
        pool = rng.choice(("name", "food", "animal", "thing", "plain"))
    while True:
        drawn = names.value(rng, pool, held_out=held_out)
        if drawn not in facts.SUBJECTS or (pool in names.POOLS and drawn in names.POOLS[pool]):
            return drawn


def _own(rng: random.Random, relation: str, *, held_out: bool) -> PersonalFact:
    own = OWN[relation]
    thing = rng.choice(own.things)
    if own.pool == "list":
        items = tuple(_outside(rng, "food", held_out=held_out) for _ in range(3))
        return PersonalFact(relation=relation, thing=thing, object=facts.listed(items), items=items)
    if own.pool == "km":
        km = rng.choice(facts.KILOMETRES)
        return PersonalFact(relation=relation, thing=thing, object=f"{km} km", km=km)
    return PersonalFact(relation=relation, thing=thing, object=_outside(rng, own.pool, held_out=held_out))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _you(text: str) -> str:
    return f"your{text[2:]}" if text.startswith("my ") else text


def _fill(template: str, fact: PersonalFact, subject: str) -> str:
    return _upper(template.format(s=subject, p="", t=fact.thing, o=fact.object, a=article(fact.object)))


def statements(fact: PersonalFact, *, held_out: bool = False) -> tuple[str, ...]:
    """List first-person sentences that tell the fact."""
    wording = KIN_WORDINGS.get(fact.relation) or OWN[fact.relation]
    return tuple(_fill(text, fact, fact.subject) for text in (wording.held_out_statements if held_out else wording.statements))


def third_person(fact: PersonalFact) -> str:
    """Tell the fact without `my`: `Ana lives in Lisbon.`, or of the person as the user."""
    if fact.relation in KIN_WORDINGS:
        subject = fact.name or f"the user's {fact.role}"
        return _fill(KIN_WORDINGS[fact.relation].statements[0], fact, subject)
    said = answer_sentence(fact).replace("You are ", "The user is ").replace("Your ", "The user's ").replace(" your ", " their ")
    return re.sub(r"^You (\w+)", r"The user \1s", said)


def question_subjects(fact: PersonalFact) -> tuple[str, ...]:
    """List how a question may name whom the fact is about."""
    if fact.relation not in KIN_WORDINGS:
        return (fact.subject,)
    return tuple(dict.fromkeys(text for text in (f"my {fact.role}" if fact.role else "", fact.subject, fact.name) if text))


def questions(fact: PersonalFact, subject: str = "", *, held_out: bool = False) -> tuple[str, ...]:
    """List first-person questions about the fact, by default naming it as shortly as the fact allows."""
    wording = KIN_WORDINGS.get(fact.relation) or OWN[fact.relation]
    return tuple(_fill(text, fact, subject or question_subjects(fact)[0]) for text in (wording.held_out if held_out else wording.questions))


def answer_sentence(fact: PersonalFact, object_: str | None = None) -> str:
    """Write the plain answer in the second person."""
    template = KIN_WORDINGS[fact.relation].statements[0] if fact.relation in KIN_WORDINGS else OWN[fact.relation].answer
    said = fact.object if object_ is None else object_
    return _upper(template.format(s=_you(fact.subject), p="", t=fact.thing, o=said, a=article(fact.object)))


def reply(fact: PersonalFact) -> Reply:
    """Say what an answer about the fact holds, before style."""
    more = "You told me that yourself."
    return Reply(sentence=answer_sentence(fact, "{}"), object=fact.object, more=more, items=fact.items, km=fact.km)


def unknown_reply(fact: PersonalFact, subject: str = "") -> Reply:
    """Say that the fact was never told, for the subject as the question names it."""
    wording = KIN_WORDINGS.get(fact.relation) or OWN[fact.relation]
    asked = _you(subject or question_subjects(fact)[0])
    more = "You have not told me."
    return Reply(sentence=_upper(wording.unknown.format(s=asked, p="", t=fact.thing)), more=more)


def unknown(fact: PersonalFact, subject: str = "") -> str:
    """Write the answer to the question when the fact was never told."""
    return unknown_reply(fact, subject).sentence


def acknowledge(fact: PersonalFact) -> str:
    """Say that the fact was heard."""
    said = answer_sentence(fact)
    return f"Noted: {said[:1].lower() + said[1:] if said.startswith('You') else said}"
