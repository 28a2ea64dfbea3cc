"""Facts over time: supersession, search, and forgetting down to the bytes of the file."""

import dataclasses
import random
import time

import pytest

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import facts
from nightschool.store.database import open_database


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "nightschool.db")
    yield database
    database.close()


def fact(number: int, sentence: str, **more) -> Fact:
    values = {"kind": "fact", "known_from": float(number), "source": (f"m-{number}",)} | more
    return Fact(id=f"f-{number}", sentence=sentence, **values)


def sentences(found) -> list[str]:
    return [each.sentence for each in found]


def test_a_new_value_takes_the_place_of_the_old_one_and_the_history_stays(db):
    facts.add(db, fact(1, "I live in Rome.", subject="person", relation="home", object="Rome"))
    facts.add(db, fact(5, "I live in Oslo.", subject="person", relation="home", object="Oslo"))
    assert sentences(facts.live(db)) == ["I live in Oslo."]
    assert sentences(facts.live(db, at=3)) == ["I live in Rome."]
    old = facts.get(db, "f-1")
    assert (old.state, old.known_to, old.valid_to) == ("superseded", 5.0, 5.0)


def test_an_older_value_that_is_imported_late_does_not_win(db):
    facts.add(db, fact(5, "I live in Oslo.", subject="person", relation="home"))
    facts.add(db, fact(1, "I live in Rome.", subject="person", relation="home"))
    assert sentences(facts.live(db)) == ["I live in Oslo."]
    assert sentences(facts.live(db, at=3)) == ["I live in Rome."]


def test_a_second_allergy_does_not_end_the_first(db):
    facts.add(db, fact(1, "I am allergic to nuts.", subject="person", relation="allergic_to"))
    facts.add(db, fact(2, "I am allergic to kiwis.", subject="person", relation="allergic_to"))
    assert len(facts.live(db)) == 2


def test_adding_the_same_sentence_twice_adds_a_source_and_no_row(db):
    facts.add(db, fact(1, "I live in Oslo."))
    facts.add(db, fact(2, "i live in oslo"))
    assert [each.source for each in facts.live(db)] == [("m-1", "m-2")]


def test_what_was_cleared_comes_back_by_restore_but_not_by_the_next_nights_reading(db):
    told = fact(1, "I live in Oslo.")
    facts.add(db, told)
    assert facts.clear(db) == 1
    facts.add(db, told)
    facts.add(db, dataclasses.replace(told, id="f-other"))
    assert facts.live(db) == []
    assert facts.restore(db) == 1
    assert sentences(facts.live(db)) == ["I live in Oslo."]


def test_restoring_does_not_bring_back_a_value_that_has_changed_since(db):
    facts.add(db, fact(1, "I live in Rome.", subject="person", relation="home"))
    facts.clear(db)
    facts.add(db, fact(2, "I live in Oslo.", subject="person", relation="home"))
    facts.restore(db)
    assert sentences(facts.live(db)) == ["I live in Oslo."]


def test_a_value_that_a_later_one_ends_on_a_day_to_come_holds_until_then(db):
    home = {"subject": "user", "relation": "home"}
    soon = time.time() + 1e6
    facts.add(db, fact(1, "I live in Oslo.", **home))
    facts.add(db, fact(2, "I live in Bergen.", valid_from=soon, **home))
    (held,) = facts.live(db)
    assert (held.sentence, held.state, held.valid_to) == ("I live in Oslo.", "live", soon)
    # Nothing is told after `clear`, be it true for some days still; what has ended is not counted.
    facts.add(db, fact(3, "I was in Rome.", valid_to=5.0))
    assert facts.clear(db) == 2 and facts.live(db) == []
    assert facts.restore(db) == 2 and sentences(facts.live(db)) == ["I live in Oslo."]
    assert sentences(facts.live(db, soon + 1)) == ["I live in Bergen."]


def test_restoring_does_not_bring_back_a_sentence_that_was_told_again(db):
    facts.add(db, fact(1, "The boiler is from 2011."))
    facts.clear(db)
    facts.add(db, fact(2, "The boiler is from 2011.", source=()))
    assert facts.restore(db) == 0 and sentences(facts.live(db)) == ["The boiler is from 2011."]


def test_sentences_that_differ_in_a_symbol_or_a_mark_are_all_kept(db):
    told = ["I write C.", "I write C++.", "I write C#.", "🙂", "🎉", "...", "I love 🍕", "I love 🍣", "मेरा", "मेरी"]
    for number, sentence in enumerate([*told, "i write C++!"], start=1):
        facts.add(db, fact(number, sentence, source=()))
    assert sentences(facts.live(db)) == told


def test_search_finds_by_stem_and_ranks_the_best_first(db):
    facts.add(db, fact(1, "My dentist is Dr Ahlers."))
    facts.add(db, fact(2, "I prefer hiking in the mountains."))
    assert sentences(facts.search(db, "hike mountain dentists", 1)) == ["I prefer hiking in the mountains."]
    assert sentences(facts.search(db, "dentists")) == ["My dentist is Dr Ahlers."]


def test_an_expired_fact_is_neither_listed_nor_found(db):
    facts.add(db, fact(1, "I am in Lisbon this week.", valid_to=2.0))
    assert facts.live(db) == [] and facts.search(db, "Lisbon") == []


def test_adversarial_text_neither_breaks_search_nor_is_lost(db):
    rng = random.Random(3)
    signs = ['"', "'", "*", "NEAR(", ")", " OR ", ";--", "\0", "\u202e", "😀", "\ud800", "^", ":", "a", "ß", "-", "{}"]
    for number in range(100):
        text = "".join(rng.choices(signs, k=rng.randint(1, 12))) + f" word{number}"
        facts.add(db, fact(number, text))
        facts.search(db, text)
        assert any(f"word{number}" in found for found in sentences(facts.search(db, f"word{number}")))
    facts.search(db, "x" * 1_000_000)
    assert len(facts.live(db)) == 100


def test_forgetting_leaves_no_byte_of_the_sentence_in_the_file(db, tmp_path):
    for number in range(40):
        facts.add(db, fact(number, f"Filler sentence number {number}."))
    facts.add(db, fact(90, "My parrot Xanadu hates thunderstorms.", subject="parrotsubject", object="Xanadu"))
    facts.forget(db, "f-90")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    assert b"filler sentence number 7." in held
    for word in (b"parrot", b"xanadu", b"thunderstorm"):
        assert word not in held
    assert facts.search(db, "parrot Xanadu thunderstorms") == []
    assert sentences(facts.search(db, "number 7", 1)) == ["Filler sentence number 7."]
    assert facts.get(db, "f-90").state == "forgotten"


def test_a_later_import_does_not_bring_a_forgotten_sentence_back(db):
    facts.add(db, fact(1, "My parrot is called Xanadu."))
    facts.forget(db, "f-1")
    assert facts.add(db, fact(2, "my parrot is called  XANADU")).state == "forgotten"
    assert facts.live(db) == []
    assert facts.is_forgotten(db, "Hello! My parrot is called Xanadu. What does it eat?")
    assert not facts.is_forgotten(db, "My parrot is green.")


def test_typing_a_forgotten_sentence_in_again_is_allowed(db):
    facts.add(db, fact(1, "My parrot is called Xanadu."))
    facts.forget(db, "f-1")
    facts.add(db, fact(2, "My parrot is called Xanadu.", source=()))
    assert len(facts.live(db)) == 1 and not facts.is_forgotten(db, "My parrot is called Xanadu.")


def test_forgetting_what_is_not_there_is_a_sentence(db):
    with pytest.raises(UserError, match="f-9"):
        facts.forget(db, "f-9")


def test_search_still_matches_rows_after_the_file_was_compacted(db):
    for number in range(6):
        facts.add(db, fact(number, f"Thing called alpha{number}."))
    facts.forget(db, "f-2")
    assert [each.id for each in facts.search(db, "alpha5")] == ["f-5"]
