"""The second scan doubts on its own, and leaves an ordinary text in peace."""

import pytest

from nightschool.redact import is_clean, redact
from tests.redact.specimens import CLEAN, SECRETS, fill

# Public material whose randomness alone is reason to doubt: better a turn less than a key learnt.
DOUBTED = (
    "publishable",
    "ssh deploy",
    "PublicKey",
    "watch?v=",
    "sessionId",
    "applicationServerKey",
    "cache key for",
    "client-cert",
    "arn:",
    "nextPageToken",
    "clé publique",
)


@pytest.mark.parametrize("number", range(len(SECRETS)))
def test_nothing_is_left_to_doubt_after_the_first_scan(number):
    assert is_clean(redact(fill(SECRETS[number], seed=number)[0]).text)


def test_without_the_first_scan_most_drawn_secrets_are_doubted():
    drawn = [text for text in SECRETS if any(mark in text for mark in ("{a", "{h", "{b", "{u"))]
    doubted = [not is_clean(fill(text, seed=number)[0]) for number, text in enumerate(drawn)]
    assert sum(doubted) >= 0.6 * len(drawn)


@pytest.mark.parametrize("text", [each for each in CLEAN if not any(word in each for word in DOUBTED)])
def test_ordinary_text_is_not_doubted(text):
    assert is_clean(fill(text, seed=3)[0])


@pytest.mark.parametrize(
    "text",
    [
        "the vendor calls it a zorp: Q8fj2LxV0bTz7KpWm4Rd9NsYc3HgUe6A",
        "password of the old machine, as far as I remember, qx7-brunnen-9",
        "card 4539 1488 0343 6467",
        "pay to GB82 WEST 1234 5698 7654 32",
        "https://bob:hunter22@intranet/",
    ],
)
def test_what_looks_like_a_secret_is_doubted(text):
    assert not is_clean(text)


def test_contact_data_is_doubted_unless_it_may_stay():
    assert not is_clean("max@firma-huber.de")
    assert is_clean("max@firma-huber.de", keep_contact=True)
