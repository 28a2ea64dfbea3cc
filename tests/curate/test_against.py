"""What words say without praise or complaint: set against the request, asked once more, or taking the answer up."""

import pytest

from nightschool.curate.verdicts import verdict


def polarity(asked, answer, words) -> int:
    reading = verdict.read(words, asked=asked, answer=answer)
    return reading.polarity if reading else 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("how many legs does a lobster have", "Lobsters have eight legs.", "ten, they're decapods"),
        ("sum it up in one line", "1) rent\n2) heat\n3) keys", "that's three lines"),
        ("list the lakes by depth", "1. Arno 2. Vel", "this is by name"),
        ("draft the minutes, Kwame chaired", "Minutes. Chair: Kwabena.", "his name is Kwame"),
        ("who sang it first", "It was Tom Waits.", "Nina Simone, long before"),
        ("one sentence, and keep the joke", "The meeting is on Friday.", "and the joke?"),
        ("give me the recipe in cups", "300 g flour", "that would feed my whole street"),
        ("which bus goes to the lake", "Bus 12 goes there.", "the 12 stopped running in spring"),
    ],
)
def test_what_stands_against_the_answer_corrects_it(asked, answer, words):
    assert polarity(asked, answer, words) == -1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("how do you cook quinoa", "Quinoa is rich in protein.", "interesting, but how do i cook it"),
        ("who pays for the fence, me or the landlord", "Fences cause disputes.", "me or him?"),
        ("translate just the title", "It is about a family.", "the title, translated, please"),
        ("shorten the url", "Shorteners map addresses.", "can you shorten mine please"),
    ],
)
def test_who_asks_once_more_did_not_get_it(asked, answer, words):
    assert polarity(asked, answer, words) == -1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("why do my cookies spread", "Chill the dough for an hour.", "chilled it, and they kept their shape"),
        ("the tap drips", "Regrind the seat.", "reground the seat, bone dry since"),
        ("which tool shows disk use", "ncdu.", "ncdu! thank you"),
        ("the pdf prints blank", "Print as image.", "print as image it was"),
        ("why are there duplicates", "Use EXISTS instead.", "EXISTS sorted it"),
        ("a script for my photos", "...", "freed 40 GB with it"),
    ],
)
def test_an_advice_that_was_taken_up_was_right(asked, answer, words):
    assert polarity(asked, answer, words) == 1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("make a logo and a favicon", "Both done.", "used the logo, favicon is blurry at 16px"),
        ("answer both mails", "Done.", "sent the first one. second sounds like we hate them"),
        ("name three wines", "A Riesling and a Retsina.", "we loved the Riesling, the Retsina went down the sink"),
        ("tabs or spaces", "Both are fine.", "he'd say you're wrong :D"),
        ("how tall is the church tower", "61 m.", "how old is the church tower?"),
        ("what's the score", "2:1.", "no way! who scored"),
        ("book the train", "At 9:12 or at 10:12.", "and the one after that?"),
        ("rate my poem", "The second stanza is the strongest.", "I wrote that one on a train"),
    ],
)
def test_a_part_rejected_and_a_talk_that_goes_on_are_no_outcome(asked, answer, words):
    assert polarity(asked, answer, words) == 0


@pytest.mark.parametrize(
    "words",
    [
        "last month's layout is in again, subscribers complained",
        "had to add four of them back, they are loaded at run time",
        "read my own version at the party after all",
        "back on 20, the native modules won't build",
        "ripped the animations out, people got seasick",
    ],
)
def test_old_things_put_back_are_an_edit_taken_back(words):
    reading = verdict.read(words, asked="change it", answer="Done.", edited=True)
    assert reading and (reading.kind, reading.polarity) == ("edit_reverted", -1)


@pytest.mark.parametrize(
    "words",
    [
        "the mason has carved it, just like that",
        "it went to the journal the way you left it",
        "printed on the van as is",
        "in the programme now, letter for letter",
    ],
)
def test_a_text_used_as_it_was_given_was_kept(words):
    reading = verdict.read(words, asked="one line", answer="She kept the door open.")
    assert reading and (reading.kind, reading.polarity) == ("edit_kept", 1)


@pytest.mark.parametrize(
    "words",
    [
        "fine, I'll get a human to do it",
        "I don't have the nerves for this any more",
        "dropping the animation",
        "ok then I won't bother",
        "I'll watch a video instead",
    ],
)
def test_who_goes_another_way_has_given_up(words):
    reading = verdict.read(words, asked="do it", answer="That depends on many things.")
    assert reading and (reading.kind, reading.polarity) == ("abandoned", -1)
