"""Champion and bare base take turns, by whole conversations, where the person wants to compare the two."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import replace

import openai
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from nightschool import models
from nightschool.bench.batches import adapter
from nightschool.cli.main import cli
from nightschool.config import Config, ServeConfig, write_config
from nightschool.intake import import_path
from nightschool.models.batcher import Batcher
from nightschool.records import Prompt, Signal
from nightschool.serve.app import app
from nightschool.serve.comparison import drawn
from nightschool.serve.local import Local
from nightschool.store import conversations, exchanges, lessons, versions
from nightschool.store.comparison import FEWEST, Rate, Side, differences, sides
from nightschool.store.weeks import weeks
from nightschool.turns import turns
from tests import tiny
from tests.night import nights_made_up
from tests.serve import furnished
from tests.serve.echo import served, until

TALKS = 12


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return models.load(str(tiny.make(tmp_path_factory.mktemp("base") / "base", "llama", seed=3)), "cpu")


@pytest.fixture
def promoted(home, model, store):
    """A champion that answers otherwise than the base."""
    made = versions.create(store, base=model.fingerprint)
    folder = adapter(model, home.versions / made.id / "adapter", seed=1, size=0.3)
    versions.trained(store, made.id, models.adapter_hash(folder))
    versions.promote(store, made.id)
    return made.id


@pytest.fixture
def named(home, store):
    """A champion that need not answer, because the engine has no model."""
    made = versions.create(store, base="b")
    versions.trained(store, made.id, "hash")
    versions.promote(store, made.id)


def opted(home, share):
    write_config(home.config_file, Config(serve=ServeConfig(base_share=share)))


@contextmanager
def server(home, model):
    """The whole server with a model in it, and OpenAI's package in front of it."""
    with (
        served(app(home, Config(), Local(Batcher(model)))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def user(text):
    return {"role": "user", "content": text}


def said(client, history, name="champion"):
    """Ask once more, and return the history with the answer behind it."""
    answer = client.chat.completions.create(model=name, messages=history, max_tokens=6, stream=False)
    return [*history, {"role": "assistant", "content": answer.choices[0].message.content}]


def talks(client, number):
    """Begin as many conversations."""
    return [said(client, [user(f"Question {index}")]) for index in range(number)]


def arms(store):
    """Every conversation with the arm of each of its exchanges."""
    rows = store.execute("SELECT conversation_id, arm, version FROM exchanges WHERE kind = 'main' ORDER BY started")
    found = {}
    for row in rows:
        found.setdefault(row["conversation_id"], []).append((row["arm"], row["version"]))
    return found


def test_who_opted_in_is_answered_by_champion_and_base_each_conversation_by_one(home, model, promoted, store):
    opted(home, 0.5)
    with server(home, model) as client:
        going = talks(client, TALKS)
    with server(home, model) as client:  # A server that began anew remembers nothing but what is stored.
        for history in going:
            said(client, [*said(client, [*history, user("And then?")]), user("And now?")])
        until(lambda: exchanges.count(store)["main"] == 3 * TALKS)
    found = list(arms(store).values())
    assert len(found) == TALKS and all(len(each) == 3 and len(set(each)) == 1 for each in found)
    assert {each[0] for each in found} == {("champion", promoted), ("base", "base")}
    for history, ((arm, _), *_) in zip(going, found, strict=True):
        own = home.versions / promoted / "adapter" if arm == "champion" else None
        alone = model.answer([Prompt(messages=(history[0],))], adapter=own, max_tokens=6)[0].text
        assert history[1]["content"] == alone


def test_nobody_is_compared_who_did_not_ask_for_it(home, model, promoted, store):
    with server(home, model) as client:
        talks(client, 4)
        until(lambda: exchanges.count(store).get("main") == 4)
    assert list(arms(store).values()) == [[("", promoted)]] * 4 and sides(store) == []


def test_the_weeks_and_what_is_shared_tell_both_apart_with_their_bounds(home, model, promoted, store):
    opted(home, 0.5)
    with server(home, model) as client:
        for history in talks(client, TALKS):
            said(client, [*history, user("No, that is wrong")])
        until(lambda: exchanges.count(store)["main"] == 2 * TALKS)
        for conversation in conversations.all_conversations(store):
            outcome(store, conversation, good=arms(store)[conversation.id][0][0] == "champion")
        base = str(client.base_url).removesuffix("/v1/")
        given = client._client.get(f"{base}/nights.json").json()
        told, gaps = given["compared"], given["differences"]
        page = client._client.get(f"{base}/nights", headers={"accept": "text/html"}).text
    whole = {side["arm"]: side for side in told if side["begins"] is None}
    assert whole["champion"]["conversations"] + whole["base"]["conversations"] == TALKS
    assert {side["arm"] for side in told if side["begins"] is not None} == {"champion", "base"}
    for arm, corrections, taken in (("champion", 0.0, 1.0), ("base", 50.0, 0.0)):
        side = whole[arm]
        assert (side["corrections"]["value"], side["accepted"]["value"]) == (corrections, taken)
        assert side["turns"] == side["corrections"]["n"] == 2 * side["conversations"] == 2 * side["accepted"]["n"]
        assert side["corrections"]["low"] <= corrections <= side["corrections"]["high"]
        assert side["corrections"]["low"] < side["corrections"]["high"] <= 100
    assert [gap["begins"] for gap in gaps] == [None, *{side["begins"] for side in told if side["begins"] is not None}]
    fewest = min(side["conversations"] for side in whole.values())
    assert gaps[0]["corrections"]["value"] == -50.0 and gaps[0]["accepted"]["value"] == 1.0
    assert gaps[0]["corrections"]["missing"] == ("" if fewest >= FEWEST else "too few")
    assert "−50.0" in page and "+100 points" in page
    assert "Champion and bare base" in page and f"n = {whole['base']['turns']}" in page
    furnished.put(store, replace(nights_made_up.kept(), started=time.time()))
    shared = CliRunner().invoke(cli, ["--home", str(home.path), "report", "--share"])
    assert json.loads(shared.stdout)["compared"] == json.loads(json.dumps(told))
    assert json.loads(shared.stdout)["differences"] == json.loads(json.dumps(gaps))
    assert "Question" not in shared.stdout and "wrong" not in shared.stdout


def rate(value, low=0.0, high=100.0, *, talks=20):
    return Rate(value=value, low=low, high=high, n=4 * talks, conversations=talks)


def side(arm, corrections, accepted=None, begins=None):
    """One arm; nothing is known of what was taken where it is not given."""
    taken = accepted or Rate(value=None, low=0.0, high=1.0, n=0, conversations=0)
    return Side(arm=arm, begins=begins, conversations=20, turns=80, corrections=corrections, reasks=corrections,
                accepted=taken)  # fmt: skip


def test_champion_and_base_stand_apart_by_their_difference_between_its_bounds():
    gap = differences([side("champion", rate(10.0, 5.0, 16.0)), side("base", rate(30.0, 22.0, 38.0))])[0].corrections
    assert (gap.value, gap.low, gap.high, gap.missing) == (-20.0, pytest.approx(-29.434), pytest.approx(-10.0), "")


def test_a_difference_is_given_without_bounds_where_an_arm_has_too_few_conversations():
    few = [side("champion", rate(10.0)), side("base", rate(30.0, talks=FEWEST - 1))]
    gap = differences(few)[0].corrections
    assert (gap.value, gap.low, gap.high, gap.missing) == (-20.0, None, None, "too few")


def test_a_difference_is_undefined_where_an_arm_has_no_such_turn():
    both, alone = differences([
        side("champion", rate(10.0), rate(0.5)), side("base", rate(30.0)), side("base", rate(30.0), begins=4.0),
    ])  # fmt: skip
    assert (both.accepted.value, both.accepted.missing) == (None, "undefined") and both.corrections.missing == ""
    assert (alone.begins, alone.corrections.value, alone.corrections.missing) == (4.0, None, "undefined")


def test_turns_of_one_conversation_are_no_evidence_of_their_own(say, home, named, store):
    """Five turns right in each of two talks must not bound a difference as ten talks would."""
    opted(home, 1.0)
    for number in range(2):
        history = [user(f"Question {number}")]
        for step in range(5):
            history = [*say(history), user(f"And then {step}?")]
    whole = sides(store)[0]
    assert (whole.corrections.n, whole.corrections.conversations) == (10, 2)


def outcome(store, conversation, *, good):
    """What came of the first turn of a conversation."""
    turn = turns(conversation)[0].id
    kind, polarity = ("acceptance", 1) if good else ("correction", -1)
    found = Signal(turn_id=turn, kind=kind, polarity=polarity, strength=0.9, source=(turn,), by="person")
    lessons.put_signals(store, conversation.id, [found])


@pytest.fixture
def say(client, home, store):
    """Ask over the API with no model behind it, and return the model that was named to the engine."""

    def asked(messages, model="champion", *, headers=None, **more):
        body = {"model": model, "messages": messages, **more}
        answer = client.post("/v1/chat/completions", json=body, headers=headers).json()
        serving = client.app.state.serving
        serving.recorder.desk.put(serving.people.owner, lambda db, _: None).result()
        assert answer["model"] == model
        return [*messages, answer["choices"][0]["message"]]

    return asked


def answering(engine):
    return engine.asked[-1][1].model


def test_memory_is_told_to_whoever_answers_and_the_name_stays_what_was_asked_for(say, home, engine, named):
    opted(home, 1.0)
    say([user("Hello there")], "champion+memory")
    assert answering(engine) == "base+memory"
    say([user("Hello there")], "champion+memory:latest")
    assert answering(engine) == "base+memory:latest"


@pytest.mark.parametrize("name", ["base", "v-0001", "v-0001+memory"])
def test_whoever_names_a_version_or_the_base_gets_it_outside_of_the_comparison(say, home, engine, named, store, name):
    opted(home, 1.0)
    say([user("Hello there")], name)
    assert answering(engine) == name and [arm for each in arms(store).values() for arm, _ in each] == [""]


def test_off_the_record_nothing_is_compared(say, home, engine, named):
    opted(home, 1.0)
    history = say([user("Hello there")], headers={"x-nightschool-off-the-record": "1"})
    assert answering(engine) == "champion"
    say([*history, user("And now on it")])
    assert answering(engine) == "champion"


def test_a_recorder_that_is_off_compares_nothing(home, engine, named):
    opted(home, 1.0)
    with TestClient(app(home, Config(), engine, record=False, pages=lambda s: []), base_url="http://localhost") as made:
        made.post("/v1/chat/completions", json={"model": "champion", "messages": [user("Hello there")]})
    assert answering(engine) == "champion"


def test_a_program_that_asks_for_itself_is_answered_by_the_champion(say, home, engine, named):
    opted(home, 1.0)
    say([user("### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.")])
    assert answering(engine) == "champion"


def test_until_something_was_promoted_there_is_nothing_to_compare(say, home, engine):
    opted(home, 1.0)
    say([user("Hello there")])
    assert answering(engine) == "champion"


def test_what_began_before_the_person_opted_in_stays_with_the_champion(say, home, engine, named, store):
    history = say([user("Hello there")])
    opted(home, 1.0)
    say([*history, user("Go on")])
    assert answering(engine) == "champion" and sides(store) == []
    say([user("Something else")])
    assert answering(engine) == "base"


def test_a_conversation_that_changed_hands_counts_for_nobody(say, home, named, store):
    opted(home, 1.0)
    history = say([user("Hello there")])
    assert [side.arm for side in sides(store)] == ["base", "base"]
    say([*history, user("Go on")], "v-0001")
    assert sides(store) == []


def test_settings_that_cannot_be_read_cost_nobody_an_answer(say, home, engine, named):
    home.config_file.write_text("[serve]\nbase_shore = 1\n")
    say([user("Hello there")])
    assert answering(engine) == "champion"


def test_an_agent_that_goes_on_before_anything_is_written_keeps_its_arm(client, home, engine, named, monkeypatch):
    opted(home, 1.0)
    monkeypatch.setattr(client.app.state.serving.recorder, "put", lambda exchange: None)
    asked = [user("Hello there")]
    for more in ([], [{"role": "assistant", "content": "Hi"}, user("Go on")]):
        asked += more
        client.post("/v1/chat/completions", json={"model": "champion", "messages": asked})
    assert [ask.model for _, ask in engine.asked] == ["base", "base"]


def test_the_same_words_are_drawn_alike_all_day_and_the_share_is_kept():
    assert drawn("k", 7, 0.5) == drawn("k", 7, 0.5)
    assert {drawn("k", day, 0.5) for day in range(20)} == {"base", "champion"}
    share = sum(drawn(f"k{number}", 7, 0.2) == "base" for number in range(5000)) / 5000
    assert share == pytest.approx(0.2, abs=0.02)


def test_what_a_log_tells_too_is_counted_once_and_for_the_arm_that_answered(say, home, named, store, tmp_path):
    opted(home, 1.0)
    history = say([user("What is in notes.txt, please?")])
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"messages": history}) + "\n")
    import_path(store, log)
    exchanges.match(store)
    twin = conversations.all_conversations(store)[0]
    assert twin.program == "openai"
    outcome(store, twin, good=False)
    assert sum(week.turns for week in weeks(store)) == 1
    assert [(side.arm, side.turns, side.corrections.value) for side in sides(store)] == [("base", 1, 100.0)] * 2
