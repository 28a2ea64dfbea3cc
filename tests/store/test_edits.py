"""The ledger of facts in weights: newest rows count, memory decides what is mounted, nothing is overwritten."""

import pytest

from nightschool.records import Fact
from nightschool.store import edits, facts
from nightschool.store.database import open_database


@pytest.fixture
def db(tmp_path):
    return open_database(tmp_path / "nightschool.db")


def told(db, name="f-1", relation="home", object_="Oslo", **given):
    fact = Fact(id=name, kind="fact", sentence=f"{name} {object_}.", subject="user", relation=relation,
                object=object_, **given)  # fmt: skip
    return facts.add(db, fact)


def row(db, name="f-1", state="written", ground="g", columns=b"k"):
    return edits.add(db, fact_id=name, ground=ground, columns=columns, loss=0.1, state=state)


def test_only_proven_rows_of_facts_that_hold_are_mounted(db):
    for name, state in (("f-1", "written"), ("f-2", "pending"), ("f-3", "graduated"), ("f-4", "retired")):
        told(db, name, relation=name)
        row(db, name, state)
    row(db, "f-unknown")
    assert [edit.fact_id for edit in edits.mounted(db, "g")] == ["f-1", "f-3"]
    assert edits.mounted(db, "another") == []


def test_what_memory_supersedes_leaves_the_weights_at_once_and_a_newer_measure_counts(db):
    told(db, "f-1", object_="Oslo", known_from=1.0)
    row(db, "f-1")
    told(db, "f-2", object_="Bergen", known_from=2.0)
    assert edits.mounted(db, "g") == []
    row(db, "f-2", columns=b"old")
    newest = row(db, "f-2", columns=b"new")
    assert [edit.columns for edit in edits.mounted(db, "g")] == [b"new"]
    row(db, "f-2", state="pending", columns=b"unproven")
    assert [edit.columns for edit in edits.mounted(db, "g")] == [b"new"]
    edits.take_out(db, "f-2", "g", "retired")
    edits.set_state(db, newest.number, "retired", "tired")
    assert edits.mounted(db, "g") == []


def test_states_and_proofs_are_kept_in_order(db):
    told(db)
    first = row(db, state="pending")
    edits.set_state(db, first.number, "written")
    edits.add_proof(db, first.number, "write", True, {"right": 3})
    edits.add_proof(db, first.number, "withheld", False, {"right": 1}, run="r-1")
    states = [each["state"] for each in db.execute("SELECT state FROM edit_states ORDER BY number")]
    assert states == ["pending", "written"]
    assert [(proof.kind, proof.passed, proof.run) for proof in edits.proofs(db, "f-1")] == [
        ("write", True, ""),
        ("withheld", False, "r-1"),
    ]


def test_erasing_leaves_a_state_and_nothing_else(db):
    told(db)
    row(db)
    edits.erase(db, ["f-1", "f-1"])
    left = edits.latest(db, "f-1", "g")
    assert (left.state, left.columns, left.loss) == ("forgotten", None, None)
    assert db.execute("SELECT count(*) FROM edit_states WHERE state = 'forgotten'").fetchone()[0] == 1


def test_an_unknown_state_is_refused(db):
    with pytest.raises(Exception, match="CHECK"):
        row(db, state="nonsense")
