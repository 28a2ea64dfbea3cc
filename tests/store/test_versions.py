"""Who answers is one pointer: it moves whole or not at all, and no id ever means another version."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from nightschool.errors import UserError
from nightschool.store import versions
from nightschool.store.database import open_database, transaction


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nightschool.db"


@pytest.fixture
def db(path):
    return open_database(path)


def pointers(db) -> tuple[str, str, str]:
    return tuple(versions.pointer(db, name) for name in ("champion", "previous", "challenger"))


def made(db, count: int = 1):
    return [versions.create(db, base="b", adapter_hash=f"h{index}", run=f"r-{index}") for index in range(count)]


def test_the_base_answers_before_any_version_was_promoted(db):
    assert pointers(db) == ("base", "base", "base")
    assert versions.get(db, "base").state == "champion"
    assert versions.list_versions(db) == []


def test_a_new_version_is_the_challenger_and_does_not_answer(db):
    version = made(db)[0]
    assert (version.id, version.state, version.adapter) == ("v-0001", "challenger", "versions/v-0001/adapter")
    assert pointers(db) == ("base", "base", "v-0001")


def test_promotion_moves_all_three_pointers(db):
    made(db, 2)
    versions.promote(db, "v-0001")
    assert pointers(db) == ("v-0001", "base", "v-0002")
    assert versions.promote(db, "v-0002").state == "champion"
    assert pointers(db) == ("v-0002", "v-0001", "base")
    assert versions.get(db, "v-0001").state == "earlier"


def test_promoting_the_champion_again_keeps_the_way_back(db):
    made(db, 2)
    versions.promote(db, "v-0001")
    versions.promote(db, "v-0002")
    versions.promote(db, "v-0002")
    assert pointers(db) == ("v-0002", "v-0001", "base")


def test_rollback_goes_back_and_a_second_one_undoes_it(db):
    made(db, 2)
    versions.promote(db, "v-0001")
    versions.promote(db, "v-0002")
    assert versions.rollback(db).id == "v-0001"
    assert pointers(db)[:2] == ("v-0001", "v-0002")
    assert versions.rollback(db).id == "v-0002"
    assert [version.state for version in versions.list_versions(db)] == ["earlier", "champion"]


def test_rollback_of_the_first_promotion_lets_the_base_answer(db):
    made(db)
    versions.promote(db, "v-0001")
    assert versions.rollback(db).id == "base"
    assert pointers(db)[:2] == ("base", "v-0001")


def test_there_is_nothing_to_roll_back_to_before_the_first_promotion(db):
    made(db)
    with pytest.raises(UserError, match="nothing to roll back to"):
        versions.rollback(db)


def test_the_base_can_be_promoted(db):
    made(db)
    versions.promote(db, "v-0001")
    versions.promote(db, "base")
    assert pointers(db)[:2] == ("base", "v-0001")
    assert versions.get(db, "v-0001").state == "earlier"


@pytest.mark.parametrize("name", ["v-0002", "v-1x", "", "champion", "v-99999999999999999999", "v-0000", "v-٣"])
def test_a_version_that_is_not_there_moves_nothing(db, name):
    made(db)
    with pytest.raises(UserError, match="There is no version"):
        versions.promote(db, name)
    assert pointers(db)[0] == "base"


def test_a_version_whose_training_did_not_end_is_not_promoted(db):
    version = versions.create(db, base="b", run="r")
    assert version.adapter is None
    with pytest.raises(UserError, match="training did not end"):
        versions.promote(db, version.id)
    assert versions.trained(db, version.id, "h").adapter == "versions/v-0001/adapter"
    assert versions.promote(db, version.id).state == "champion"


def test_a_refused_challenger_stops_being_the_challenger(db):
    made(db)
    assert versions.set_state(db, "v-0001", "refused").state == "refused"
    assert pointers(db) == ("base", "base", "base")


def test_a_blocked_version_is_not_promoted(db):
    made(db)
    versions.set_state(db, "v-0001", "blocked")
    with pytest.raises(UserError, match="blocked"):
        versions.promote(db, "v-0001")


def test_a_champion_that_is_blocked_stops_answering_at_once(db):
    made(db, 2)
    versions.promote(db, "v-0001")
    versions.promote(db, "v-0002")
    versions.set_state(db, "v-0002", "blocked")
    assert pointers(db)[0] == "v-0001"
    versions.set_state(db, "v-0001", "blocked")
    assert pointers(db)[:2] == ("base", "base")
    assert {version.state for version in versions.list_versions(db)} == {"blocked"}


def test_no_rollback_leads_to_a_blocked_version(db):
    made(db, 2)
    versions.promote(db, "v-0001")
    versions.promote(db, "v-0002")
    versions.set_state(db, "v-0001", "blocked")
    assert versions.rollback(db).id == "base"


def test_ids_are_never_given_twice_and_versions_never_deleted(db):
    made(db, 3)
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        db.execute("DELETE FROM versions")
    db.execute("DROP TRIGGER versions_are_kept")
    db.execute("DELETE FROM pointers")
    db.execute("DELETE FROM versions")
    assert made(db)[0].id == "v-0004"


def test_a_night_finds_the_version_that_it_made(db):
    made(db, 2)
    found = versions.of_run(db, "r-1")
    assert found is not None and found.id == "v-0002"
    assert versions.of_run(db, "r-9") is None


@pytest.mark.parametrize("statements", range(1, 9))
def test_a_promotion_that_is_killed_anywhere_leaves_the_old_champion_or_the_new_one(path, db, statements):
    made(db, 2)
    versions.promote(db, "v-0001")
    script = f"""
        import os, signal, sqlite3
        from pathlib import Path
        from nightschool.store import versions
        from nightschool.store.database import open_database
        db = open_database(Path({str(path)!r}))
        left = [{statements}]
        def count(statement):
            left[0] -= not statement.lstrip().startswith("SELECT")
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        db.set_trace_callback(count)
        versions.promote(db, "v-0002")
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=os.environ, check=False).returncode
    assert ended in (0, -signal.SIGKILL)
    after = open_database(path)
    if ended == 0:
        assert pointers(after) == ("v-0002", "v-0001", "base")
    else:
        assert pointers(after) == ("v-0001", "base", "v-0002")
        assert [version.state for version in versions.list_versions(after)] == ["champion", "challenger"]
    versions.promote(after, "v-0002")
    assert pointers(after) == ("v-0002", "v-0001", "base")


def test_a_promotion_inside_a_failed_transaction_moves_nothing(db):
    made(db)
    with pytest.raises(RuntimeError), transaction(db):
        versions.promote(db, "v-0001")
        raise RuntimeError
    assert pointers(db)[0] == "base"
