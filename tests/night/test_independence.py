"""Told and known: counted per kind from an exam, and wishes that need no telling leave the context."""

from nightschool.config import MemoryConfig
from nightschool.curate.reconcile import as_fact
from nightschool.night import independence, phrases
from nightschool.records import Arm, Exam, Item, Lesson, Prompt, Score
from nightschool.store import facts, graduation, versions
from nightschool.store.database import open_database
from nightschool.wake import recall

WISH = Lesson(
    id="l-1", kind="preference", text="Use miles.", durable=True, source=("m-1",), conversation_id="c", created=1.0,
    state="kept",
)  # fmt: skip


def exam(run: str, champion: str, untold: float) -> Exam:
    """Twelve held-out questions about one wish: kept when told, and untold as stated."""
    prompt = Prompt(messages=({"role": "user", "content": "How far is it?"},))
    items = tuple(
        Item(id=f"i-{n}", task="personal", prompt=prompt, scorer="rule", lesson_id="l-1", conversation_id=f"c-{n}")
        for n in range(12)
    )
    arms = (Arm(version=champion, told=True), Arm(version=champion, told=False), Arm(version="base", told=False))
    values = (1.0, untold, 0.0)
    scores = tuple(
        Score(item=item.id, arm=arm.name, value=value)
        for item in items
        for arm, value in zip(arms, values, strict=True)
    )
    return Exam(
        id=f"x-{run}", run=run, arms=arms, items=items, scores=scores, results=(), scorer_hash="h", base="b",
        challenger=None, champion=champion,
    )  # fmt: skip


def test_what_the_weights_give_untold_is_counted_per_kind_beside_the_tokens_sent():
    got = independence.measure(exam("r-1", "v-0001", 0.5), [WISH], {f"i-{n}": 30 for n in range(12)})
    row = got["v-0001"]["preferences"]
    assert (row["independence"], row["n"], row["tokens_per_turn"]) == (0.5, 12, 30.0)
    assert got["v-0001"]["facts"]["n"] == 0 and got["v-0001"]["facts"]["independence"] is None
    (line,) = phrases.known(got, "v-0001")
    assert line.startswith("Preferences: 50% of what telling gives is there untold") and "n = 12" in line


def test_a_wish_followed_untold_on_two_nights_leaves_the_context_and_returns_when_it_fails(tmp_path):
    db = open_database(tmp_path / "nightschool.db")
    versions.create(db, base="b", adapter_hash="x")
    versions.promote(db, "v-0001")
    fact = facts.add(db, as_fact(WISH))
    prompt = Prompt(messages=({"role": "user", "content": "How far is it?"},))

    def told() -> tuple[bool, list[str]]:
        got = recall.tell(db, prompt, MemoryConfig())
        return "Use miles." in got.always, [left.why for left in got.left_out]

    for run in ("r-1", "r-2"):
        assert told() == (True, [])
        independence.try_wishes(db, exam(run, "v-0001", 1.0), [WISH], run)
    assert graduation.graduated(db) == {fact.id}
    assert told() == (False, ["graduated: the weights hold it"])
    independence.try_wishes(db, exam("r-3", "v-0001", 0.5), [WISH], "r-3")
    assert told() == (True, [])
    db.close()
