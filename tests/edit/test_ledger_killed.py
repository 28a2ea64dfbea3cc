"""`kill -9` at every write of the ledger: what is mounted is proven, and writing again ends where it would have."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from types import SimpleNamespace

import pytest

from nightschool.config import Home
from nightschool.edit import editor as editors
from nightschool.edit import measure as measuring
from nightschool.edit.editor import Editor
from nightschool.edit.proof import Proof
from nightschool.records import Fact
from nightschool.store import edits, facts
from nightschool.store.database import open_database
from tests.edit.grounds import columns, ground

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
MODEL = SimpleNamespace(fingerprint="f" * 64, precision="float32")
SENTENCES = ("My sister Ana lives in Lisbon.", "My dog is called Rex.")


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """Columns that are drawn, and proofs that pass."""
    sound = Proof(right=3, asked=3, kept=3, negatives=3)
    monkeypatch.setattr(
        measuring, "measure", lambda model, ground, told, **_: [columns(len(words.sentence)) for words in told]
    )
    monkeypatch.setattr(editors, "prove", lambda model, phrasings, **_: [sound for _ in phrasings])


def write(home: Home, dying_at: int = 0) -> None:
    """Tell and write the facts, dying by signal 9 right before the given write."""
    left = dying_at

    def count(what: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    replace = os.replace

    def replacing(source, target):
        count(target)
        replace(source, target)

    with closing(open_database(home.database)) as db, pytest.MonkeyPatch.context() as patch:
        if dying_at:
            db.set_trace_callback(lambda statement: count(statement) if statement == "COMMIT" else None)
            patch.setattr(os, "replace", replacing)
        told = [
            facts.add(db, Fact(id=f"f-{n}", kind="fact", sentence=one, known_from=float(n + 1)))
            for n, one in enumerate(SENTENCES)
        ]
        editor = Editor(db, home, MODEL, ground=ground(MODEL))
        editor.write(told)
        editor.adapter()


def ends(home: Home, dying_at: int) -> int:
    """Write in a process of its own and return the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            write(home, dying_at)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] & 0x7F


def mounted(home: Home) -> tuple[list[str], bytes]:
    with closing(open_database(home.database)) as db:
        editor = Editor(db, home, MODEL, ground=ground(MODEL))
        rows = edits.mounted(db, editor.ground.id)
        assert all(any(proof.passed for proof in edits.proofs(db, row.fact_id)) for row in rows)
        folder = editor.adapter()
        return [row.fact_id for row in rows], (folder / "adapter_model.safetensors").read_bytes() if folder else b""


@pytest.mark.parametrize("error", [MemoryError("no memory is left for a value"), FloatingPointError("no number")])
def test_where_a_value_cannot_be_found_the_fact_is_safe_in_memory(error, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(measuring, "measure", broken)
    home = Home(tmp_path / "home").create()
    write(home)
    assert mounted(home) == ([], b"")
    with closing(open_database(home.database)) as db:
        assert [fact.sentence for fact in facts.live(db)] == list(SENTENCES)
        assert edits.reason(db, "f-0", ground(MODEL).id) == str(error)


def test_a_kill_at_any_write_leaves_what_is_proven_and_writing_goes_on(tmp_path):
    whole = Home(tmp_path / "whole").create()
    write(whole)
    names, weights = mounted(whole)
    assert names == ["f-0", "f-1"] and weights
    writes = 0
    while True:
        home = Home(tmp_path / f"killed-{writes + 1}").create()
        if ends(home, writes + 1) == 0:
            break
        writes += 1
        left, _ = mounted(home)
        assert set(left) <= set(names)
        write(home)
        assert mounted(home) == (names, weights)
    assert writes >= 8
