"""What a person changes by hand: corrected, changed, ended, settled, undone; and what was believed when."""

import pytest

from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.store import facts, revision
from nightschool.store.database import open_database

HOME = {"subject": "user", "relation": "home"}


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "nightschool.db")
    yield database
    database.close()


def tell(db, number, place, *, known=None, **more) -> Fact:
    known = float(number) if known is None else known
    fact = Fact(id=f"f-{number}", kind="fact", sentence=f"I live in {place}.", object=place, known_from=known,
                source=(f"m-{number}",), **HOME, **more)  # fmt: skip
    return facts.add(db, fact)


def held(some) -> list[str]:
    return [fact.object for fact in some]


def test_a_corrected_sentence_was_never_true_and_a_changed_one_was_until_then(db):
    tell(db, 1, "Rome")
    meaning = ("user", "home", "Bern")
    corrected = revision.revise(db, "f-1", "I live in Bern.", known=5.0, meaning=meaning)
    assert held(facts.live(db)) == ["Bern"] and held(facts.live(db, at=2)) == ["Bern"]
    assert facts.get(db, "f-1").state == "retracted"
    revision.revise(db, corrected.id, "I live in Oslo.", since=7.0, known=8.0, meaning=("user", "home", "Oslo"))
    assert held(facts.live(db)) == ["Oslo"] and held(facts.live(db, at=6)) == ["Bern"]


def test_what_was_believed_then_is_not_what_is_known_now(db):
    tell(db, 1, "Rome")
    tell(db, 4, "Oslo")
    revision.revise(db, "f-4", "I live in Bern.", known=9.0, meaning=("user", "home", "Bern"))
    assert held(revision.believed(db, at=5, known=3)) == ["Rome"]
    assert held(revision.believed(db, at=5, known=6)) == ["Oslo"]
    assert held(revision.believed(db, at=5, known=10)) == ["Bern"]


def test_an_ended_fact_is_not_told_and_may_begin_again(db):
    tell(db, 1, "Rome")
    revision.end(db, "f-1", 5.0, known=6.0)
    assert facts.live(db) == [] and held(facts.live(db, at=4)) == ["Rome"]
    tell(db, 9, "Rome")
    assert held(facts.live(db)) == ["Rome"] and facts.live(db, at=7) == []


def test_undoing_a_move_brings_the_old_place_back_and_keeps_the_new_one_in_the_history(db):
    tell(db, 1, "Rome")
    tell(db, 2, "Oslo")
    revision.undo(db, "f-2")
    assert held(facts.live(db)) == ["Rome"]
    assert {fact.id: fact.state for fact in facts.history(db)} == {"f-1": "live", "f-2": "retracted"}


def test_undoing_twice_takes_back_two_changes_and_then_says_so(db):
    tell(db, 1, "Rome")
    revision.end(db, "f-1", 5.0)
    revision.undo(db, "f-1")
    assert held(facts.live(db)) == ["Rome"]
    revision.undo(db, "f-1")
    assert facts.live(db) == []
    with pytest.raises(UserError, match="f-1"):
        revision.undo(db, "f-1")


def test_values_of_one_thing_from_logs_without_times_are_asked_about(db):
    tell(db, 1, "Rome", known=0.0)
    assert tell(db, 2, "Oslo", known=0.0).state == "asked"
    assert held(facts.live(db)) == ["Rome"]
    ((new, old),) = facts.asked(db)
    assert (new.object, old.object) == ("Oslo", "Rome")


@pytest.mark.parametrize(("choice", "left"), [("new", ["Oslo"]), ("old", ["Rome"]), ("both", ["Rome", "Oslo"])])
def test_the_person_settles_which_holds(db, choice, left):
    tell(db, 1, "Rome", known=0.0)
    tell(db, 2, "Oslo", known=0.0)
    revision.settle(db, "f-2", choice)
    assert sorted(held(facts.live(db))) == sorted(left) and facts.asked(db) == []


def test_what_is_told_of_the_past_ends_nothing(db):
    tell(db, 5, "Oslo")
    tell(db, 6, "Rome", valid_from=1.0, valid_to=3.0)
    assert held(facts.live(db)) == ["Oslo"] and held(facts.live(db, at=2)) == ["Rome"]


def test_logs_in_any_order_give_the_same_history(db):
    for number in (5, 1, 3):
        tell(db, number, f"Place{number}")
    assert [held(facts.live(db, at=at)) for at in (2, 4, 6)] == [["Place1"], ["Place3"], ["Place5"]]
    assert held(facts.live(db)) == ["Place5"]


def test_a_value_of_one_project_does_not_end_that_of_another(db):
    tell(db, 1, "Rome", scope="project:a")
    tell(db, 2, "Oslo", scope="project:b")
    assert held(facts.live(db)) == ["Rome", "Oslo"]
