"""What is reported without praise or blame, what a question after a dodging answer means, what is both."""

import pytest

from nightschool.curate.verdicts import evasive, pieces, verdict


def polarity(asked: str, answer: str, words: str) -> int:
    reading = verdict.read(words, asked=asked, answer=answer)
    return reading.polarity if reading else 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("split the bill", "34.20 each.", "my sister got 34.20 too, agrees to the cent"),
        ("why is the soil sour", "Too many conifers near by.", "just as you said, the lab found 4.8"),
        ("a toast for Ines", "To Ines, who waters us all.", "the whole office voted for it"),
        ("delete the old folders", "Two are still in use, keep them?", "phew, good thing you checked. yes keep them"),
        ("un mot pour la porte", "« De retour à midi. »", "affichée telle quelle, merci"),
        ("sign for the gate", "Please latch me.", "it's on the garden gate door since Monday, nobody touched it"),
        ("four lines on tea", "Steam and rain...", "we sang it with those lines, not one syllable changed"),
    ],
)
def test_an_end_that_others_or_figures_bear_out_accepts(asked, answer, words):
    assert polarity(asked, answer, words) == 1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("retype the letter", "Done, and the logo is larger.", "nobody asked for a larger logo"),
        ("swift: last char of a string", "`s.last()`", "unresolved reference, it is a property"),
        ("pad the table", "`pad(1)`", "returns null"),
        ("alarm for the lamb, forty minutes", "Alarm set for 14 minutes.", "FORTY minutes"),
        ("when do the shops shut for the holiday", "On the last Sunday of May.", "it's June, the last Sunday of June"),
        ("shade the cells by team", "Shaded by date.", "that kills every colour I had"),
        ("shorter intro", "Once upon a time ...", "crossed yours out and kept my own"),
        ("rename the lists", "Renamed.", "flipped them back to the old names at noon"),
        ("which fuse is the radio", "Fuse boxes differ.", "skip it, the garage can deal with that"),
        ("how long do lentils soak", "Lentils are rich in iron.", "and the soaking, how long is that"),
        ("list every verb in the text", "1. go 2. see 3. etc.", "the full list please, every verb"),
    ],
)
def test_a_fault_a_return_a_farewell_or_the_same_need_again_is_against_it(asked, answer, words):
    assert polarity(asked, answer, words) == -1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("two gifts for Ada", "1) a kite 2) a drum", "the kite is lovely. the drum never, we live upstairs"),
        ("tidy both macros", "Tidied.", "sorting works fine, but the filter throws an error"),
        ("Brief und Betreff", "...", "Betreff passt. Der Brief ist viel zu steif"),
        ("slim the image", "90 MB now.", "size is fantastic. healthcheck dies now"),
    ],
)
def test_a_piece_kept_and_a_piece_rejected_is_neither(asked, answer, words):
    assert pieces.mixed(words) and polarity(asked, answer, words) == 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("add a button", "Added.", "say I want to revert that in June, which line is it?"),
        ("which shop sold most", "The one in Olm.", "no way, olm?! and which sold least"),
        ("check the links", "Two are dead.", "just fixed both, check the links again"),
        ("how many buses go", "Nine a day.", "oops, typed the wrong town"),
        ("how many pages has it", "It has 90 pages.", "and how many has the sequel"),
        ("sort by name", "Sorted.", "then one by date too"),
        ("how far is Olm", "9 km.", "how far is Bar"),
    ],
)
def test_a_thought_a_wonder_a_slip_or_the_next_need_says_nothing(asked, answer, words):
    assert polarity(asked, answer, words) == 0


def test_an_answer_evades_where_it_gives_no_amount_or_only_speaks_in_general():
    assert evasive.evades("how long does it keep", "Cheese is an old food.")
    assert evasive.evades("the command for open ports", "Ports are endpoints of a connection.")
    assert not evasive.evades("how long does it keep", "About three weeks.")
    assert not evasive.evades("how do I open it", "Press the lid and turn.")


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("a speech for Ada", "Ada, who never slept ...", "the whole table asked for a copy"),
        ("why is the tap slow", "The sieve is full of lime.", "the sieve came off easily and the water runs like new"),
        ("remove the stamps, none may stay", "Removed.", "none left, as it should be"),
        ("soup is too salty, rescue?", "Add cream.", "rescued. nobody noticed"),
    ],
)
def test_what_moved_who_was_pleased_and_what_came_as_wanted_accepts(asked, answer, words):
    assert polarity(asked, answer, words) == 1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("mail to the choir", "Dear members, ...", "reads like a press release"),
        ("sort the cards", "Sorted.", "went to the history and brought them all back"),
        ("type out the talk", "Still at 1 %.", "kill it please, typing it out myself"),
        ("which glue for slate", "Glues differ.", "the shop will tell me then, bye"),
    ],
)
def test_a_false_tone_a_return_and_a_farewell_are_against_it(asked, answer, words):
    assert polarity(asked, answer, words) == -1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("how many sharps has A major", "A major has four.", "these are the flats. A major has three"),
        ("250 F in celsius", "250 °F is 140 °C.", "they burnt. 250 is 121"),
        ("cron at half past six in the morning", "`30 18 * * *`", "18 would be evening"),
        ("total of the hours", "34 hours.", "i get 36:00 and so does my wife"),
        ("open the valve on pump 2", "Pump 2 is open.", "does the exact opposite"),
        ("a vegan starter", "Omelette.", "eggs are not vegan"),
        ("spanish for sail", "Toalla.", "toalla is towel"),
        ("regex for six digits", "`\\d{3}`", "matches only three"),
    ],
)
def test_a_value_equated_otherwise_or_another_thing_than_asked_corrects(asked, answer, words):
    assert polarity(asked, answer, words) == -1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("what does code 5 mean", "Access denied.", "so it needs admin rights then"),
        ("what's in my calendar", "Dentist at 3.", "the dentist called, it's at 4 now. change it"),
        ("how do I cite a page", "Author, title, date.", "there's no author on this page"),
        ("count the rows", "4,211.", "finance told me another figure, let me ask them first"),
        ("what is a stash", "It shelves changes.", "so if I git stash pop later they come back"),
        ("what do I wear", "A suit.", "mine is in the wash until thursday"),
        ("how do magnets work", "Aligned spins.", "my son asked for the same thing yesterday"),
        ("why do cats purr", "Contentment mostly.", "mine is purring right now, she's asleep on my lap"),
    ],
)
def test_what_follows_from_the_answer_or_is_news_of_the_person_says_nothing(asked, answer, words):
    assert polarity(asked, answer, words) == 0
