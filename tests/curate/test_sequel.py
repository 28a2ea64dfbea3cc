"""What came of an answer, told in no word of praise: a trouble that ended, a use, a measure that fell."""

import pytest

from nightschool.curate.verdicts import sequel, verdict


def polarity(asked, answer, words) -> int:
    reading = verdict.read(words, asked=asked, answer=answer)
    return reading.polarity if reading else 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("the gutter drips onto the bench", "Seal the joint with butyl tape.", "taped it up, it no longer drips"),
        ("der Hahn tropft", "Die Dichtung wechseln.", "gewechselt, tropft nicht mehr"),
        ("la puerta chirría", "Unas gotas de aceite.", "ya no chirría"),
        ("the app asks me to log in all day", "Tick keep me signed in.", "no prompts any more"),
        ("word for a light rain", "Drizzle.", "drizzle is just right"),
        ("is it who or whom here", "Whom, it is the object.", "my tutor said the same this morning"),
        ("names for the boat", "1. Tern 2. Gannet", "the second one, already painted on"),
        ("a note for the team", "We start at nine.", "sent it round"),
        ("regex for plates", "[A-Z]{2}-\\d+", "matches all of them, even the old ones"),
        ("formula for the balance", "=B2-C2", "the totals agree with the ledger"),
        ("rules for the courtyard", "Quiet after ten.", "put up last week, not a single complaint"),
        ("the import takes 3 hours", "Load it in batches.", "20 minutes since this morning"),
        ("the rolls are hard", "Brush them with milk.", "tried again with the milk, soft and golden"),
        ("why does the heating cut out", "The thermostat battery may be low.", "yes, it was the battery"),
        ("paint for the shed", "Linseed or tar?", "good question, the wood is larch"),
        ("sketch for the card", "A fox in a scarf.", "😂❤️"),
        ("riddle for the children", "It has teeth and cannot bite.", "the children loved that riddle"),
        ("sign for the door", "Back at two.", "the sign is up"),
    ],
)
def test_an_end_of_the_trouble_or_a_use_accepts(asked, answer, words):
    assert polarity(asked, answer, words) == 1


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("the import takes 20 minutes", "Load it in batches.", "it took 3 hours last night"),
        ("is it snowing", "Yes, until noon.", "wonderful, just what I needed. are the buses running"),
        ("does the tap drip", "Is the washer old?", "no, it is new"),
        ("a bakery near me", "Auer, open till six.", "is it good"),
        ("how far is the lake", "7.04 km.", "my watch says 7.1"),
        ("how many words", "812 words.", "the limit is 900 so there is room"),
        ("a fact about moss", "It has no roots.", "no way!! another one"),
    ],
)
def test_a_comparison_a_worse_figure_and_joy_at_bad_news_praise_nothing(asked, answer, words):
    assert polarity(asked, answer, words) <= 0


def test_a_text_that_went_out_untouched_was_kept():
    for words in ("printed exactly as it is", "ist gedruckt, kein Komma geändert", "envoyé tel quel"):
        reading = verdict.read(words, asked="a text for the fair", answer="Come and see the goats.")
        assert reading and reading.kind == "edit_kept", words


def test_figures_of_different_kinds_are_not_compared():
    assert sequel.went_well("now 3 minutes", "the video is 2 gb, shrink it", "Lower the bitrate.") is False
