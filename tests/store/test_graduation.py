"""An item leaves the context after two nights of evidence, and comes back with the first failure."""

import pytest

from nightschool.store import graduation, versions
from nightschool.store.database import open_database


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "nightschool.db")
    for _ in range(2):
        versions.create(database, base="b", adapter_hash="x")
    versions.promote(database, "v-0001")
    yield database
    database.close()


def test_two_nights_in_a_row_are_needed(db):
    graduation.tried(db, "f-1", run="r-1", passed=True)
    graduation.tried(db, "f-1", run="r-1", passed=True)
    assert graduation.graduated(db) == frozenset()
    graduation.tried(db, "f-1", run="r-2", passed=True)
    assert graduation.graduated(db) == {"f-1"}


def test_one_failure_puts_it_back(db):
    for run, passed in (("r-1", True), ("r-2", True), ("r-3", False)):
        graduation.tried(db, "f-1", run=run, passed=passed)
    assert graduation.graduated(db) == frozenset()
    graduation.tried(db, "f-1", run="r-4", passed=True)
    assert graduation.graduated(db) == frozenset()


def test_what_an_adapter_learnt_counts_only_while_it_answers(db):
    graduation.tried(db, "f-1", run="r-1", passed=True, version="v-0001")
    graduation.tried(db, "f-1", run="r-2", passed=True, version="v-0002")
    assert graduation.graduated(db) == frozenset()
    versions.promote(db, "v-0002")
    assert graduation.graduated(db) == {"f-1"}
    versions.rollback(db)
    assert graduation.graduated(db) == frozenset()


def test_withdrawing_an_edit_tells_the_fact_again_at_once(db):
    for run in ("r-1", "r-2"):
        graduation.tried(db, "f-1", run=run, passed=True)
    graduation.withdraw(db, "f-1")
    assert graduation.graduated(db) == frozenset()


def test_a_champion_and_its_challenger_are_tried_in_the_same_nights(db):
    for run in ("r-1", "r-2"):
        graduation.tried(db, "f-1", run=run, passed=True, version="v-0001")
        graduation.tried(db, "f-1", run=run, passed=run == "r-1", version="v-0002")
    assert graduation.graduated(db) == {"f-1"}
    versions.promote(db, "v-0002")
    assert graduation.graduated(db) == frozenset()
