"""The model in this process: every version of every person on one base."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, closing

import pytest
from starlette.testclient import TestClient

from nightschool import models
from nightschool.bench.batches import adapter
from nightschool.config import Config, Home
from nightschool.models.batcher import Batcher
from nightschool.models.generation import Sampling
from nightschool.records import Fact, Prompt
from nightschool.serve import choices, local, names, refusals
from nightschool.serve.app import app
from nightschool.serve.ask import Ask, Busy, Done, UnknownModel
from nightschool.serve.local import Local
from nightschool.serve.people import OWNER, Person
from nightschool.store import facts, versions
from nightschool.store.database import open_database
from tests import tiny
from tests.serve.echo import WEATHER
from tests.serve.test_api import chunks


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return models.load(str(tiny.make(tmp_path_factory.mktemp("base") / "base", "llama", seed=3)), "cpu")


@pytest.fixture
def engine(model):
    made = Local(Batcher(model))
    yield made
    asyncio.run(made.close())


@pytest.fixture
def person(home):
    return Person(name=OWNER, home=home)


def trained(home, model, seed):
    """A version of this base with an adapter of its own."""
    with closing(open_database(home.database)) as db:
        made = versions.create(db, base=model.fingerprint)
        folder = adapter(model, home.versions / made.id / "adapter", seed=seed, size=0.3)
        versions.trained(db, made.id, models.adapter_hash(folder))
        return made.id, folder


def promoted(home, version):
    with closing(open_database(home.database)) as db:
        versions.promote(db, version)


def say(engine, person, name, *said):
    roles = ("user", "assistant") * len(said)
    messages = tuple({"role": role, "content": text} for role, text in zip(roles, said, strict=False))
    ask = Ask(model=name, prompt=Prompt(messages=messages), sampling=Sampling(max_tokens=10))

    async def last():
        async with aclosing(engine.answer(ask, person)) as events:
            return [event async for event in events][-1]

    done = asyncio.run(last())
    assert isinstance(done, Done)
    return done


def test_each_name_is_answered_by_its_own_version(engine, model, home, person):
    (first, one), (second, two) = trained(home, model, 1), trained(home, model, 2)
    promoted(home, first)
    asked = Prompt(messages=({"role": "user", "content": "Hello there"},))
    wanted = [model.answer([asked], adapter=own, max_tokens=10)[0].raw for own in (None, one, two, one)]
    said = [say(engine, person, name, "Hello there") for name in ("base", first, second, "champion")]
    assert [done.finished.answer.raw for done in said] == wanted and len(set(wanted)) == 3
    assert [done.version for done in said] == ["base", first, second, first]
    listed = {one.id: one.version for one in asyncio.run(engine.offered(person))}
    assert listed["champion+memory"] == listed["champion"] == first and {second, "base", f"{second}+memory"} <= set(
        listed
    )


def test_a_conversation_stays_with_the_version_that_it_began_with(engine, model, home, person):
    before = say(engine, person, "champion", "Hello there")
    new, folder = trained(home, model, 1)
    promoted(home, new)
    more = ("Hello there", before.finished.answer.text, "And now?")
    assert say(engine, person, "champion", *more).version == "base"
    fresh = say(engine, person, "champion", "Hello there")
    asked = Prompt(messages=({"role": "user", "content": "Hello there"},))
    assert fresh.version == new and fresh.finished.usage.cached == 0
    assert fresh.finished.answer.raw == model.answer([asked], adapter=folder, max_tokens=10)[0].raw


def test_a_version_that_was_blocked_hands_its_conversations_to_the_champion(engine, model, home, person):
    old, _ = trained(home, model, 1)
    promoted(home, old)
    before = say(engine, person, "champion", "Hello there")
    with closing(open_database(home.database)) as db:
        versions.set_state(db, old, "blocked")
    more = ("Hello there", before.finished.answer.text, "And now?")
    assert before.version == old and say(engine, person, "champion", *more).version == "base"
    with pytest.raises(UnknownModel, match="blocked"):
        say(engine, person, old, "Hello there")


def test_memory_is_told_where_the_name_wants_it(engine, home, person):
    with closing(open_database(home.database)) as db:
        facts.add(db, Fact(id="f1", kind="fact", sentence="I live in Oslo."))
    plain, told = say(engine, person, "base", "Where is Oslo?"), say(engine, person, "base+memory", "Where is Oslo?")
    assert plain.memory == () and told.memory == ("f1",)
    assert told.finished.usage.prompt > plain.finished.usage.prompt


def test_people_on_one_base_are_told_their_own_and_answered_by_their_own(engine, model, home, tmp_path):
    people = [Person(name=name, home=Home(tmp_path / name).create()) for name in ("anna", "bert")]
    for number, each in enumerate(people):
        with closing(open_database(each.home.database)) as db:
            unit = ("miles", "kilometres")[number]
            facts.add(db, Fact(id=each.name, kind="preference", sentence=f"I always want distances in {unit}."))
        promoted(each.home, trained(each.home, model, number + 1)[0])
    asked = Ask(
        model="champion+memory",
        prompt=Prompt(messages=({"role": "user", "content": "How far is it?"},)),
        sampling=Sampling(max_tokens=10),
    )

    async def one(who):
        async with aclosing(engine.answer(asked, who)) as events:
            return [event async for event in events][-1]

    async def both():
        return await asyncio.gather(*(one(who) for who in people * 3))

    said = asyncio.run(both())
    assert [done.memory for done in said] == [("anna",), ("bert",)] * 3
    assert (
        len({done.finished.answer.raw for done in said[::2]}) == 1 == len({d.finished.answer.raw for d in said[1::2]})
    )
    assert said[0].finished.answer.raw != said[1].finished.answer.raw


def test_a_queue_that_nobody_would_wait_for_says_come_back_later(engine, person, monkeypatch):
    monkeypatch.setattr(local, "MOST_WAITING", 0)
    with pytest.raises(Busy) as told:
        say(engine, person, "base", "Hello there")
    answer = refusals.response(refusals.refusal(told.value), "openai")
    assert answer.status_code == 503 and answer.headers["retry-after"]


def test_embeddings_and_token_counts_come_from_the_same_model(engine):
    asked = Ask(model="base", prompt=Prompt(messages=({"role": "user", "content": "Hello"},)))
    assert asyncio.run(engine.count(asked)) > 3
    found = asyncio.run(engine.embed(["a", "b and c"]))
    alone = [asyncio.run(engine.embed([text])).tokens for text in ("a", "b and c")]
    assert len(found.vectors) == 2 and found.tokens == sum(alone) and alone[0] < alone[1]


def test_choices_of_one_seed_differ_and_are_the_same_when_asked_again(engine, person):
    ask = Ask(
        model="base",
        prompt=Prompt(messages=({"role": "user", "content": "Hello there"},)),
        sampling=Sampling(max_tokens=12, temperature=1.0, seed=7),
        choices=4,
    )

    async def said():
        async with aclosing(choices.answered(lambda one: engine.answer(one, person), ask)) as told:
            done = [event async for event in told][-1]
        return [each.answer.raw for each in (done.finished, *done.others)]

    first, again = asyncio.run(said()), asyncio.run(said())
    assert first == again and len(set(first)) == 4


def test_a_tool_that_must_be_called_is_called_and_one_that_cannot_be_is_refused_before_a_stream_begins(model, home):
    body = {"model": "base", "messages": [{"role": "user", "content": "Hello"}], "tools": [WEATHER], "stream": True}
    server = app(home, Config(), Local(Batcher(model)), pages=lambda serving: [])
    with TestClient(server, base_url="http://localhost") as client:
        told = client.post("/v1/chat/completions", json=body | {"tool_choice": {"name": "king"}})
        assert told.status_code == 400 and "'king' must be called" in told.json()["error"]["message"]
        said = chunks(client.post("/v1/chat/completions", json=body | {"tool_choice": "required"}))
        deltas = [chunk["choices"][0]["delta"] for chunk in said]
        calls = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
        assert calls[0]["function"]["name"] == "weather" and "place" in json.loads(calls[1]["function"]["arguments"])
        assert said[-1]["choices"][0]["finish_reason"] == "tool_calls"


@pytest.mark.parametrize("name", ["gpt-5", "champion+memories", "v-", "v-01x", ""])
def test_other_names_are_unknown(name):
    with pytest.raises(UnknownModel):
        names.parse(name)


def test_names_are_taken_with_ollamas_ending():
    assert names.parse("champion+memory:latest") == names.Named(version=None, memory=True)
    assert names.parse("v-0012") == names.Named(version="v-0012", memory=False)
