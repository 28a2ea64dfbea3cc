"""The first scan: what it finds in many wordings, what it leaves alone, that it ends."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightschool.redact import redact
from nightschool.redact.scan import find
from tests.redact.specimens import CLEAN, SECRETS, fill


def overlaps(found, start, end):
    return found.start < end and start < found.end


@pytest.mark.parametrize("number", range(len(SECRETS)))
def test_a_secret_is_covered_from_end_to_end(number):
    text, spans = fill(SECRETS[number], seed=number)
    found = find(text)
    for start, end in spans:
        uncovered = [i for i in range(start, end) if not any(each.start <= i < each.end for each in found)]
        assert not uncovered, (text, found)
    assert all(any(overlaps(each, *span) for span in spans) for each in found), (text, found)


@pytest.mark.parametrize("number", range(len(CLEAN)))
def test_what_is_no_secret_stays_as_it_is(number):
    text, _ = fill(CLEAN[number], seed=number)
    assert redact(text).text == text


@pytest.mark.parametrize("number", range(len(SECRETS)))
def test_redacting_again_changes_nothing(number):
    text, _ = fill(SECRETS[number], seed=number)
    once = redact(text).text
    assert redact(once).text == once
    assert redact(once).found == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([fill(each, 1)[0] for each in SECRETS]),
            st.text(max_size=30),
            st.sampled_from(["password", " is ", "=", '"', ": ", "token ", "@", "://", "[secret:token]", "\n", "4"]),
        ),
        max_size=6,
    )
)
def test_any_mixture_of_texts_is_stable_after_one_redaction(pieces):
    text = "".join(pieces)
    result = redact(text)
    assert redact(result.text).text == result.text
    assert all(0 <= each.start < each.end <= len(text) for each in result.found)


def test_places_are_those_of_the_text_as_it_came():
    text = "mail max@firma-huber.de, my password is Sommer#2024!"
    found = redact(text).found
    assert [text[each.start : each.end] for each in found] == ["max@firma-huber.de", "Sommer#2024!"]
    assert redact(text).text == "mail [secret:email], my password is [secret:password]"


def test_contact_data_is_told_apart_and_may_stay():
    text = "write to max@firma-huber.de, the door code is 4711"
    assert [each.contact for each in redact(text).found] == [True, False]
    assert redact(text, keep_contact=True).text == "write to max@firma-huber.de, the door code is [secret:password]"


def test_a_checksum_decides_whether_digits_are_a_card_or_an_account():
    assert find("parcel 4539148803436468 and ref GB82WEST12345698765433") == []
    assert [each.kind for each in find("pay 4539148803436467 or GB82WEST12345698765432")] == ["credit_card", "iban"]


def test_the_same_secret_twice_is_masked_twice():
    text, _ = fill("TOKEN=«glpat-{a20}»", 5)
    assert redact(f"{text}\necho {text[6:]}").text == "TOKEN=[secret:token]\necho [secret:token]"


def test_hostile_text_takes_no_longer_than_its_length_warrants():
    pieces = (
        "a",
        "password ",
        "=",
        "1 ",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "word ",
        "@a.",
        "A1-",
        "key: ",
        "://:",
        "gate then ",
        "f('a",
        "aB1",
        "wifi key ",
        "code for a gate ",
        "| password |\n",
        "INSERT INTO a (b) VALUES (1),",
        "password for ",
        "https://hook.a/",
        "user a1@b.example ",
        "set pin to ",
        "a1 as ",
        "sign(",
        "host: a\n",
        '{"name": "sid", ',
        "from a1 to b1 password ",
    )
    hostile = [piece * (20_000 // len(piece)) for piece in pieces]
    for text in hostile:
        started = time.process_time()
        redact(text)
        assert time.process_time() - started < 3, text[:20]
