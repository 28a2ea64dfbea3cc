"""What people tell by the way is heard by its grammar, and what only sounds like it is not."""

from __future__ import annotations

import datetime

import pytest

from nightschool.curate import extract
from nightschool.curate.told import whiles
from nightschool.records import Fact
from tests.curate.talk import conversation


def facts(*said: str) -> tuple[Fact, ...]:
    return extract.facts(conversation("c", *[line for text in said for line in (text, "All right.")]))


def wishes(said: str) -> list[str]:
    found = extract.lessons(conversation("c", said, "Noted."), ())
    return [x.text for x in found if x.reason == "stated as a rule"]


LASTING = {
    "I was diagnosed with epilepsy in 2019": "epilepsy",
    "both my sons are dyslexic": "dyslexic",
    "in our house nobody eats mushrooms": "mushrooms",
    "I do most of my drawing in Krita": "Krita",
    "tickets live in Linear": "Linear",
    "walnuts send me to hospital, so a nut-free torte please": "send me to hospital",
    "I'm half Maltese": "Maltese",
    "home is a barge in Leeds": "barge",
    "learning Finnish, A2ish": "Finnish",
    "I've got a bad knee": "bad knee",
    "we bill in francs, net": "francs",
    "As a night porter I eat lunch at midnight": "night porter",
    "I take beta blockers, is liquorice safe?": "beta blockers",
    "I'm a Narvik resident, so mind the dark season": "Narvik",
    "from the 2nd on I'm with Marlow, same trade": "Marlow",
    "I get terribly seasick, train ideas?": "seasick",
    "I keep all my recipes in Paprika": "Paprika",
    "I'm in my third year of vet school": "third year",
    "I run a small cheese shop in Ghent, what VAT rate applies?": "cheese shop",
    "we keep quail behind the shed": "quail",
    "I repair pipe organs for a living btw": "pipe organs",
    "im dyslexic so short paragraphs": "dyslexic",
    "ok so I'm a school librarian and the catalogue export is broken": "school librarian",
    "I've got rheumatoid arthritis": "arthritis",
    "as I'm allergic to lupin, check the flour": "lupin",
    "since my daughter Ottilie is afraid of dogs, which park?": "Ottilie",
    "a birthday rhyme for our son Casimir, he turns 7": "Casimir",
    "my wife works nights at the hospital": "works nights",
    "our cat only eats tinned tuna": "tuna",
    "my brother-in-law's a roofer": "roofer",
    "I don't eat pork": "pork",
    "we haven't got an oven, only two rings": "oven",
    "never learned to drive, so trains only": "drive",
    "celery gives me hives": "celery",
    "tuesdays I'm at the archive": "archive",
    "I use a screen reader, so no ascii art": "screen reader",
    "type 1 diabetic here, is this cake a bad idea?": "diabetic",
    "third-year carpentry student here": "student",
    "I've been a vegetarian for twenty years": "vegetarian",
    "switched from Lightroom to Darktable": "Darktable",
    "our bank is with Holm now": "Holm",
    "what tyres fit my 2011 Toyota Yaris": "Yaris",
    "in this repo we indent with two spaces": "two spaces",
    "our api talks to MariaDB 11": "MariaDB",
    "we never deploy on fridays": "fridays",
    "every merge request in our team needs two approvals": "two approvals",
    "Meine Tochter Wiebke verträgt keine Nüsse": "Nüsse",
    "Ich arbeite als Hebamme": "Hebamme",
    "mi hijo es celíaco": "celíaco",
    "soy bombero en Vigo": "bombero",
    "je joue du hautbois": "hautbois",
    "suono il violoncello": "violoncello",
    "quick background: paediatric nurse in Lyon": "paediatric nurse",
    "single dad of three, dinner ideas please": "dad of three",
    "Oslo's home these days": "Oslo",
    "prod runs on Hetzner": "Hetzner",
}


@pytest.mark.parametrize("said", LASTING)
def test_what_lasts_is_told_in_whatever_way(said: str) -> None:
    found = facts(said)
    assert any(LASTING[said] in fact.sentence for fact in found), found
    assert all(fact.sentence in said and fact.valid_to is None for fact in found)


PASSING = [
    "I'm on crutches until the end of March",
    "my sister is staying with us for two weeks",
    "on call till Monday, keep it brief",
    "I'm 30 weeks pregnant so no liver",
    "the grant report is due 4 May",
    "signed up for the Rhine swim on 12 July",
    "our parrot Otis is 14",
    "the wiki is read-only until Monday",
    "the objection has to reach the council by June 8",
    "mammogram on Friday so no coffee date",
    "no cheese and no wine for me before Easter",
    "looking for a cello bow, max 400 euro",
    "no hot water until the boiler is fixed, our landlord says Friday",
]


@pytest.mark.parametrize("said", PASSING[:-1])
def test_what_holds_for_a_while_ends(said: str) -> None:
    found = facts(said)
    assert found and all(fact.valid_to is not None for fact in found)


def test_the_end_is_the_one_that_was_named() -> None:
    told = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC).timestamp()  # a Monday

    def end(words: str) -> str:
        moment = whiles.end(words, told)
        assert moment is not None
        return datetime.datetime.fromtimestamp(moment, datetime.UTC).date().isoformat()

    assert end("in plaster till the 9th of June") == "2026-06-10"
    assert end("on call until the 14th") == "2026-03-15"
    assert end("away for two weeks") == "2026-03-16"
    assert end("no car until Friday") == "2026-03-07"
    assert whiles.end("until the audit is through", told) is None


INNOCENT = [
    "everything runs fine locally",
    "the novel opens with: home is a houseboat and mother is a thief",
    "my imaginary dog is 4",
    "I retired from arguing with printers",
    "I got diagnosed with a broken build again",
    "I use excel on this sheet and the sum is off",
    "I support Windows 7 in this installer",
    "I'm on Ubuntu in this container",
    "learning Python decorators, why does this fail",
    "We got married couples in the data, how do I split names?",
    "I'm doing a degree to radian conversion",
    "all my tests are in Jest, they time out",
    "I'm a member of the admin group but get access denied",
    "we sold the house plants online",
    "when I'm retired I want bees",
    "Chat as my aunt. I still live in Rome",
    "I'll be Watson. I live at 221B and I'm a doctor",
    "let's test the memory. I am a pilot",
    "In theory I have three kids in that sum",
    "Turn into past tense - I work as a cook and I live in Bonn",
    "Complete the sentence I am allergic to moss in five ways",
    "my blood type is what, did I say?",
    "I enjoy root canals more than this form",
    "my CV template reads: I am a motivated nurse",
    "the invite states it's at 7 and I'm vegetarian",
    "for the murder mystery I'm Lady Ash and I own a manor",
    "I'm checking the encoding: I live in Graz",
    "my dog works in accounting",
    "Were I a shepherd, I'd keep forty sheep",
    "they keep telling me I'm a natural nurse",
    "it's a myth that I keep bees",
    "in your notes I work for the harbour",
    "Sharpen please: I am a baker in Kent and I drive a Fiat",
    "Test sentence for the tagger: my dog is called Bo and I live in Kyiv",
    "Tell it in first person: I live alone in a lighthouse",
    "let's do the job interview. I've been a roofer for ten years",
    "the file reads: I keep two cats",
    "I'm allergic to deadlines",
    "my cat is my boss",
    "I have a PhD in oversleeping",
    "I'm neither a nurse nor a vet",
    "I'm an ex-smoker",
    "I rowed until my back gave out",
    "half my class is vegetarian",
    "the florist whose shop I run ads for is on Windows XP",
    "I have a sauna, says my brochure",
    "as a student I worked nights",
    "as a nurse, would you wear gloves?",
    "I use the wrong type here",
    "I run the script and it dies",
    "I have a question about loops",
    "I have a meeting at three",
    "we have a bug in the parser",
    "I get this error every time",
    "my code is always failing",
    "my laptop is slow today",
    "my son is sick",
    "I'm at the station",
    "I'm sure it works",
    "I'm not a plumber",
    "I like the second version",
    "I love it",
    "I hate this bug",
    "I'd like a haiku",
    "I drive the motor with a PWM signal",
    "I play the sound when it is clicked",
    "I keep getting a timeout",
    "I eat lunch now",
    "we moved the button to the left",
    "switched to the other tab",
    "the build is red until line 40 compiles",
    "bake it until golden",
    "the museum is open until six",
    "the app crashes on Android 14",
    "our server is down",
    "in this repo rename foo to bar",
    "if I had a goat, where would it sleep?",
    "suppose we live in Oslo. I earn 90k and we have two kids. What is the tax?",
    "my neighbour's daughter is a vet",
    "my flatmate's boyfriend is vegan, what do I cook?",
    "my boss lives in Rome",
    "my barber swears I'm diabetic",
    "word is we're moving to Lisbon",
    "as a child I had two rabbits",
    "I used to live in Porto",
    "we had a dog once",
    'translate: "I work as a diver and I keep bees"',
    'is this correct: "My wife have two cats"',
    "You're a pirate, I'm Captain Mog. I live on a ship.",
    "mock interview: I'm a baker from Ghent, you ask the questions",
    "be the waiter, I'm a tourist and I eat no meat",
    "fill the form with a sample user: I'm a nurse, born 1980",
    "seed one row: ('Ida', 'Oslo', 'vegan')",
    "I'm 600 years old and live in a tree",
    "I'm a houseplant, water me",
    "oh I just love filling in forms",
    "wow, a third login. exactly what I needed, I'm thrilled",
    "[Bo] I live in Lagos now\n[Cy] I'm vegan",
    "Bo 09:12 - I moved to Lagos and I work as a cook",
    "I'll be the customer: I have two kids and I need a van",
    "acting exercise. My name is Olga. I have four brothers.",
    "Here's my friend's message: I moved to Cork and I work at the port now",
    "I think I'm allergic to cats",
    "I'm married to my job",
    "I live on coffee",
    "I have 3 brothers and each has 2 sisters, how many are we",
    "we don't have time",
    "my phone is ringing",
    "my emails are always going to spam",
    "our flat is not sold until the bank is ready",
    "is my wife German?",
    "Where does my wife Ada live?",
    "Remind me what my sister Ana likes.",
    "does my wife need a visa?",
    "are we a GmbH?",
    "Wäre ich Vegetarier, was gäbe es dann?",
    "Mein Nachbar arbeitet als Koch",
    "tengo una pregunta",
    "j'ai un problème avec le script",
    "sono stanco oggi",
]


@pytest.mark.parametrize("said", INNOCENT)
def test_work_at_hand_moments_and_other_voices_tell_nothing(said: str) -> None:
    assert not [fact for fact in facts(said) if fact.valid_to is None]


def test_a_game_hides_what_follows_until_it_is_left() -> None:
    talk = ("You're a dragon, I'm the knight Ulf.", "I live in a castle and I keep goats.")
    assert not facts(*talk)
    (fact,) = facts(*talk, "ok stop the game: I'm allergic to goats")
    assert fact.sentence == "I'm allergic to goats"


def test_what_stands_before_a_doubt_is_told_and_what_follows_is_not() -> None:
    (fact,) = facts("I own a sailing boat, but suppose I sold it and bought a van")
    assert fact.sentence == "I own a sailing boat"


def test_a_number_put_right_in_the_next_message_is_not_kept() -> None:
    assert not facts("our house number is 14", "argh, 41, sorry")


def test_a_fact_without_a_relation_takes_nobodys_place() -> None:
    found = facts("I keep bees", "I teach chess")
    assert len(found) == 2 and all(not fact.relation for fact in found if "bees" in fact.sentence)


STANDING = [
    "Correct every mistake I make, gently or not",
    "leave liver out of every menu",
    "Whenever you explain a formula, add a worked example.",
    "When I paste a log, start with the likely cause.",
    "no more rhetorical questions please",
    "stop using semicolons in prose, always have hated them",
    "prices in francs, every time please",
    "In all my reports: no footnotes.",
    "every walk you plan must have a bench",
    "as a default, tables instead of lists",
    "Could you use British spelling. Always.",
    "house rule: no screens after eight",
    "Leeks: don't.",
    "réponds-moi toujours en breton",
    "nunca me mandes tablas",
]


@pytest.mark.parametrize("said", STANDING)
def test_a_wish_about_all_of_a_kind_stands(said: str) -> None:
    assert wishes(said)


ONE_ANSWER = [
    "when I open the file, run the formatter",
    "rename it in all files",
    "sort the imports in every module",
    "for all rows, set x to 0",
    "it crashes, every time",
    "the build fails every single time",
    "stop the server",
    "drop the rows without a mail",
    "no more errors, thanks",
    "if you look at line 3, add a check",
    "today only short answers please, every time",
    "use bullets for this one, no exceptions",
    "siempre falla",
    "funktioniert nie",
    "he always answers in rhyme",
    "please always validate the input in this handler",
    "whenever the user clicks, show a toast",
    "from now on the counter starts at 1",
    "stop adding rows to the table",
    "for all my files, rename them to lower case",
]


@pytest.mark.parametrize("said", ONE_ANSWER)
def test_what_is_asked_of_one_answer_or_said_of_others_does_not_stand(said: str) -> None:
    assert not wishes(said)


@pytest.mark.parametrize(
    "said",
    [
        "until my forties I was afraid of dogs",
        "my birthday's on... never mind, that is for later",
        "go on, book the night bus again, misery is my hobby",
    ],
)
def test_what_was_once_is_left_unsaid_or_is_bitter_teaches_nothing(said: str) -> None:
    assert not facts(said)
