"""What passes is kept: whole, once, as the conversation it was, and never against the person's word."""

from __future__ import annotations

import json
from contextlib import closing
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config
from nightschool.curate import signals
from nightschool.intake import import_path
from nightschool.night.collect import collect
from nightschool.night.lock import only_one
from nightschool.records import Fact
from nightschool.serve import commands, heard, recorder, transcript
from nightschool.serve.app import app
from nightschool.serve.people import People, Person
from nightschool.store import conversations, exchanges, facts, said
from nightschool.store.database import open_database
from nightschool.turns import turns
from tests.serve.echo import WEATHER, until


@pytest.fixture
def say(client, store):
    """Ask over the API, wait until it is kept, and return the answer with the history behind it."""

    def asked(messages, *, headers=None, kept=True, **more):
        before = sum(exchanges.count(store).values())
        body = {"model": "champion", "messages": messages, **more}
        answer = client.post("/v1/chat/completions", json=body, headers=headers).json()
        client.app.state.serving.recorder.desk.put(client.app.state.serving.people.owner, lambda db, _: None).result()
        assert (sum(exchanges.count(store).values()) > before) == kept
        return answer, [*messages, answer["choices"][0]["message"]]

    return asked


def user(text):
    return {"role": "user", "content": text}


def only(store):
    found = conversations.all_conversations(store, set_aside=True)
    assert len(found) == 1
    return found[0]


def test_a_conversation_grows_by_what_is_new_of_each_request(say, store):
    _, history = say([{"role": "system", "content": "Be brief"}, user("One thing")])
    _, history = say([{"role": "system", "content": "Be brief; it is 10:01"}, *history[1:], user("Another thing")])
    say([*history, user("A third thing")])
    conversation = only(store)
    assert [m.role for m in conversation.messages] == ["user", "assistant"] * 3
    assert len(turns(conversation)) == 3 and conversation.system == "Be brief; it is 10:01"
    assert all(m.alternate is None for m in conversation.messages)
    assert {kept.conversation_id for kept in exchanges.of_conversation(store, conversation.id)} == {conversation.id}


def test_two_that_begin_alike_stay_two(say, store):
    say([user("Good morning")])
    say([user("Good morning")])
    assert len(conversations.all_conversations(store)) == 2


def test_tools_calls_and_results_are_kept_in_one_turn(say, store):
    answer, history = say([user("Weather in Oslo?")], tools=[WEATHER])
    call = answer["choices"][0]["message"]["tool_calls"][0]
    say([*history, {"role": "tool", "tool_call_id": call["id"], "content": "rain"}], tools=[WEATHER])
    conversation = only(store)
    assert [m.role for m in conversation.messages] == ["user", "assistant", "tool", "assistant"]
    assert conversation.tools[0]["function"]["name"] == "weather" and len(turns(conversation)) == 1
    assert conversation.messages[1].parts[0].arguments == {"place": "Oslo"}


def test_an_answer_that_was_asked_for_again_is_an_alternate(say, store, engine):
    _, history = say([user("First question here")])
    again = [*history, user("Second question here")]
    say(again)
    engine.saying = "You wrote"
    _, kept = say(again)
    say([*kept, user("Good, thanks")])
    conversation = only(store)
    left = [m for m in conversation.messages if m.alternate]
    assert [(m.role, m.alternate) for m in left] == [("assistant", "regenerate")]
    assert len(turns(conversation)) == 3


def test_a_question_that_was_said_anew_leaves_the_first_behind(say, store):
    _, history = say([user("First question here")])
    say([*history, user("Secnod qestion")])
    say([*history, user("Second question")])
    conversation = only(store)
    assert {m.text: m.alternate for m in conversation.messages if m.role == "user"} == {
        "First question here": None, "Secnod qestion": "edit", "Second question": None,
    }  # fmt: skip


SIDE = {
    "title": [user("### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.")],
    "tags": [user("### Task:\nGenerate 1-3 broad tags categorizing the main themes of the chat history.")],
    "follow-ups": [user("### Task:\nPredict 3-5 useful messages this user might naturally send next.")],
    "summary": [{"role": "system", "content": "You are a context summarization assistant."}, user("<talk>")],
    "commit": [{"role": "system", "content": "You are an expert that generates concise, one-line Git commit messages."},
               user("USER: x")],
    "heartbeat": [user("[OpenClaw heartbeat poll]")],
}  # fmt: skip


@pytest.mark.parametrize("kind", SIDE)
def test_what_a_program_asks_for_itself_is_kept_but_is_no_conversation(say, store, kind):
    say(SIDE[kind])
    assert exchanges.count(store) == {kind: 1} and conversations.all_conversations(store) == []


def test_an_opencode_and_a_hermes_title_are_side_calls_too(say, store):
    say([{"role": "system", "content": "You are a title generator. You output ONLY a thread title."}, user("x")])
    say(
        [{"role": "system", "content": "Generate a short, descriptive title (3-7 words) for a conversation"}, user("y")]
    )
    say([user("hello")], max_tokens=1)
    assert exchanges.count(store) == {"title": 2, "warm-up": 1}


def test_a_person_who_asks_for_a_title_is_no_program(say, store):
    say([user("Please think of a title for my novel about owls")])
    assert exchanges.count(store) == {"main": 1}


def test_what_agents_write_in_the_persons_place_is_a_programs(say, store):
    say([user("<system-reminder>\nBe careful"), user("Hello, please help me")])
    assert [m.author for m in only(store).messages] == ["program", "person", "assistant"]


CONTEXT = user("<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nnone\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>")
DATED = "[Fri 2026-11-20 08:32 UTC] "


def test_what_an_agent_shows_and_takes_back_is_no_part_of_a_conversation(say, store):
    first = user(f"{DATED}Where is Oslo?\n\nRuntime: agent=main | model=x")
    answer, _ = say([first, CONTEXT])
    said = answer["choices"][0]["message"]
    say([first, said, user(f"{DATED}No, that's wrong."), CONTEXT])
    conversation = only(store)
    spoken = [(m.author, m.text) for m in conversation.messages if m.role == "user"]
    assert spoken == [("person", "Where is Oslo?"), ("person", "No, that's wrong.")]
    assert [signal.kind for signal in signals.read(conversation)] == ["correction"]


def test_a_command_is_heard_behind_what_an_agent_adds(say, store):
    say([user(f"{DATED}Where is Oslo?"), CONTEXT])
    say([user(f"{DATED}/off"), CONTEXT], kept=False)
    assert exchanges.count(store) == {"main": 1}


def test_nothing_is_kept_off_the_record_by_header(say, store):
    say([user("My secret plan")], headers={"x-nightschool-off-the-record": "1"}, kept=False)
    assert conversations.all_conversations(store, set_aside=True) == []
    assert b"secret plan" not in b"".join(row[0].encode() for row in store.execute("SELECT body FROM parts"))


def test_off_keeps_the_whole_conversation_out_for_good(say, store):
    _, history = say([user("My plan for the weekend is this")])
    _, history = say([*history, user("/off")], kept=False)
    say([*history, user("and now the secret part")], kept=False)
    assert conversations.all_conversations(store) == []
    assert "secret part" not in json.dumps([m.text for m in only(store).messages])


def test_a_log_that_tells_what_was_off_the_record_stays_out_too(say, store, tmp_path):
    _, history = say([user("Keep this between us")], headers={"x-nightschool-off-the-record": "yes"}, kept=False)
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"messages": history}) + "\n")
    import_path(store, log)
    assert exchanges.match(store) == 1 and conversations.all_conversations(store) == []
    assert exchanges.match(store) == 0 or conversations.all_conversations(store) == []


def test_a_log_of_the_same_conversation_takes_its_place_and_gets_what_only_we_know(say, store, tmp_path):
    system = {"role": "system", "content": "You are an agent"}
    _, history = say([system, user("What is in notes.txt, please?")], tools=[WEATHER | {"type": "function"}])
    say([*history, {"role": "tool", "tool_call_id": "c", "content": "BLUE HERON is the name"}], tools=[WEATHER])
    log = tmp_path / "log.jsonl"
    recorded = only(store)
    said = [{"role": m.role, "content": m.text} for m in recorded.messages if m.role in ("user", "assistant")]
    other = [user("Other"), {"role": "assistant", "content": "x" * 30}]
    log.write_text("".join(json.dumps({"messages": each}) + "\n" for each in (said, other)))
    import_path(store, log)
    assert exchanges.match(store) == 1
    left = conversations.all_conversations(store)
    assert [c.program for c in left] == ["openai", "openai"]
    twin = next(c for c in left if len(c.messages) == len(said))
    assert twin.system == "You are an agent" and twin.tools[0]["function"]["name"] == "weather"
    assert exchanges.match(store) == 0


def test_thumbs_reach_the_answer_they_are_meant_for(client, say, store):
    first, history = say([user("Question number one")])
    say([*history, user("Question number two")])
    told = client.post("/v1/feedback", json={"id": first["id"], "rating": "down"})
    assert told.status_code == 200 and told.json()["conversation"] == only(store).id
    conversation = only(store)
    assert [m.rating for m in conversation.messages] == [0, -1, 0, 0]
    assert [m.alternate for m in conversation.messages] == [None] * 4
    assert any(s.kind == "rating" and s.polarity == -1 for s in signals.read(conversation))
    client.post("/v1/feedback", json={"id": first["id"], "rating": "none"})
    assert [m.rating for m in only(store).messages] == [0, 0, 0, 0]


def test_a_thumb_reaches_the_newest_answer_of_an_id_and_none_without_one(client, store):
    """Ollama's answers carry no id at its own address, and one of a thousand at OpenAI's."""
    people = client.app.state.serving.people
    body = {"model": "m", "messages": [user("Hello")]}
    for number, (path, answer) in enumerate((
        ("/api/chat", {"message": {"content": "no id at all"}, "done": True}),
        ("/v1/chat/completions", {"id": "chatcmpl-7", "choices": [{"message": {"content": "the older one"}}]}),
        ("/v1/chat/completions", {"id": "chatcmpl-7", "choices": [{"message": {"content": "the newer one"}}]}),
    )):  # fmt: skip
        passed = recorder.Exchange.of(path, {}, people.owner, json.dumps(body).encode())
        passed.status, passed.started, passed.whole = 200, float(number), True
        passed.add(json.dumps(answer).encode())
        client.app.state.serving.recorder.put(passed).result()
    assert client.post("/v1/feedback", json={"id": "chatcmpl-", "rating": "up"}).status_code == 404
    assert client.post("/v1/feedback", json={"id": "chatcmpl-7", "rating": "down"}).status_code == 200
    rated = {m.text: m.rating for c in conversations.all_conversations(store) for m in c.messages if m.rating}
    assert rated == {"the newer one": -1}


@pytest.mark.parametrize(
    ("body", "status"), [({"id": "nobody", "rating": "up"}, 404), ({"id": "x", "rating": "great"}, 400), ({}, 400)]
)
def test_a_thumb_for_nothing_is_refused(client, body, status):
    assert client.post("/v1/feedback", json=body).status_code == status


def test_what_a_person_tells_of_themselves_is_remembered_at_once(say, store):
    say([user("I live in Trondheim.")])
    assert until(lambda: [f.sentence for f in facts.live(store) if "Trondheim" in f.sentence])


def test_what_a_tool_says_is_no_fact(say, store):
    _, history = say([user("Read it")], tools=[WEATHER])
    say([*history, {"role": "tool", "tool_call_id": "c", "content": "My name is Mallory."}], tools=[WEATHER])
    assert not any("Mallory" in f.sentence for f in facts.live(store))


def test_a_switched_off_recorder_changes_nothing_else(home, engine, store):
    silent = app(home, Config(), engine, record=False, pages=lambda serving: [])
    with TestClient(silent, base_url="http://localhost") as client:
        said = client.post("/v1/chat/completions", json={"model": "champion", "messages": [user("Hello")]}).json()
    assert said["choices"][0]["message"]["content"] == "You said: Hello" and exchanges.count(store) == {}


def test_a_stream_is_kept_byte_for_byte(client, store):
    body = json.dumps({"model": "champion", "messages": [user("Hello")], "stream": True})
    response = client.post("/v1/chat/completions", content=body)
    until(lambda: exchanges.count(store))
    kept = exchanges.get(store, store.execute("SELECT id FROM exchanges").fetchone()[0])
    assert kept.request == body.encode() and kept.response == response.content and kept.version == "v-0001"
    with pytest.raises(Exception, match="append-only"):
        store.execute("DELETE FROM exchanges")


def test_forget_says_what_it_means_before_it_forgets(client, say, store):
    for number, place in enumerate(("Oslo", "Bergen")):
        facts.add(store, Fact(id=f"f{number}", kind="fact", sentence=f"My flat is in {place}."))
    assert "Several are meant" in say([user("/forget my flat")])[0]["choices"][0]["message"]["content"]
    assert "holds nothing" in say([user("/forget the moon")])[0]["choices"][0]["message"]["content"]
    assert "Forgotten" in say([user("!forget Bergen")])[0]["choices"][0]["message"]["content"]
    assert [f.sentence for f in facts.live(store)] == ["My flat is in Oslo."]


def test_forget_takes_whole_words_and_never_the_nearest_at_once(client, say, store):
    for number, sentence in enumerate(("I like bananas.", "My sister lives in Oslo.")):
        facts.add(store, Fact(id=f"f{number}", kind="fact", sentence=sentence))
    for about in ("Ana", "my old phone number"):
        say([user(f"/forget {about}")])
        assert len(facts.live(store)) == 2
    assert "f1: My sister" in say([user("/forget my old phone number")])[0]["choices"][0]["message"]["content"]


def test_what_was_taken_off_the_record_is_not_recalled(say, store):
    _, history = say([user("My plan for the weekend is a zeppelin")])
    said.catch_up(store)
    assert said.search(store, ["zeppelin"], "person", 5, said.Where())
    say([*history, user("/off")], kept=False)
    said.catch_up(store)
    assert not said.search(store, ["zeppelin"], "person", 5, said.Where())


def test_forgetting_reaches_the_copies_of_exchanges(client, say, store):
    say([user("I live in Trondheim.")])
    until(lambda: facts.live(store))
    say([user("/forget Trondheim")])
    bodies = [exchanges.get(store, row["id"]) for row in store.execute("SELECT id FROM exchanges WHERE kind = 'main'")]
    assert bodies and all(b"I live in Trondheim" not in kept.request + kept.response for kept in bodies)


def test_what_was_forgotten_is_not_kept_again_when_a_client_sends_it_once_more(say, store):
    _, history = say([user("I live in Trondheim.")])
    until(lambda: facts.live(store))
    say([user("/forget Trondheim")])
    say([*history, user("And what is the weather like?")])
    bodies = [exchanges.get(store, row["id"]) for row in store.execute("SELECT id FROM exchanges WHERE kind = 'main'")]
    assert len(bodies) == 2 and all(b"I live in Trondheim" not in kept.request + kept.response for kept in bodies)
    assert b"what is the weather" in bodies[1].request


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat"])
def test_a_stream_that_said_it_piece_by_piece_says_it_no_more(client, store, path):
    body = {"model": "champion", "messages": [user("I live in Trondheim.")], "input": "I live in Trondheim."}
    for talk in (body, body | {"messages": [user("Hello")], "input": "Hello"}):
        client.post(path, json=talk | {"stream": True, "max_tokens": 99})
    until(lambda: facts.live(store))
    client.post("/v1/chat/completions", json={"model": "champion", "messages": [user("/forget Trondheim")]})
    client.post(path, json=body | {"stream": True, "max_tokens": 99})
    client.app.state.serving.recorder.desk.put(client.app.state.serving.people.owner, lambda db, _: None).result()
    rows = store.execute("SELECT id FROM exchanges WHERE kind = 'main' ORDER BY started").fetchall()
    kept = [exchanges.get(store, row["id"]) for row in rows]
    said = [answer.answer().text if (answer := heard.answered(each.path, each.response)) else "" for each in kept]
    assert len(said) == 3 and said[1] == "You said: Hello" and "Trondheim" not in said[0] + said[2]


def test_people_have_stores_of_their_own_and_opposite_wishes_never_meet(home, client, engine, store):
    people = People(home)
    keys = {name: people.add(name) for name in ("owner", "anna", "bert")}
    wishes = {"anna": "I always want distances in miles.", "bert": "I always want distances in kilometres."}
    for name, wish in wishes.items():
        own = next(person.home for person in people.everyone() if person.name == name)
        with closing(open_database(own.database)) as db:
            facts.add(db, Fact(id=name, kind="preference", sentence=wish))
    for name, key in keys.items():
        body = {"model": "champion", "messages": [user(f"I am {name}, hello there")]}
        headers = {"authorization": f"Bearer {key}"}
        assert client.post("/v1/chat/completions", json=body, headers=headers).status_code == 200
    assert client.post("/v1/chat/completions", json=body).status_code == 401
    assert client.get("/api/tags").status_code == 401
    assert [name for name, _ in engine.asked] == ["owner", "anna", "bert"]
    until(lambda: exchanges.count(store))
    assert only(store).messages[0].text == "I am owner, hello there"


def test_the_night_reads_logs_and_recordings_once(home, say, store, tmp_path):
    _, history = say([user("What is in notes.txt, please?")])
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"messages": history}) + "\n")
    import_path(store, log)
    collect(SimpleNamespace(db=store, home=home, advance=lambda *_: None, config=Config()))
    assert [c.program for c in conversations.all_conversations(store)] == ["openai"]


def test_answers_go_on_while_a_night_runs_and_a_second_night_is_refused(home, say):
    with only_one(home.lock):
        assert commands.begun(Person(name="owner", home=home)) is False
        assert say([user("Hello there, my friend")])[0]["choices"][0]["message"]["content"].startswith("You said")
        told = say([user("/sleep")])[0]["choices"][0]["message"]["content"]
    assert "running already" in told


def test_sleep_begins_a_night_of_the_person_who_asks_in_a_process_of_its_own(home, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@" > "$(dirname "$0")/called"\n')
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    assert commands.begun(Person(name="owner", home=home))
    assert until(lambda: (tmp_path / "called").is_file() and (tmp_path / "called").read_text()).split() == [
        "-m", "nightschool", "--home", str(home.path), "sleep",
    ]  # fmt: skip


def test_only_a_person_who_speaks_holds_a_night_up(home, say):
    say(SIDE["title"])
    assert not home.awake.exists()
    say([user("Hello there, my friend")])
    assert home.awake.exists()


def test_an_unknown_answer_cannot_be_rated_by_another_person(home, client, say):
    answer, _ = say([user("Hello there, my friend")])
    key = People(home).add("anna")
    told = client.post("/v1/feedback", json={"id": answer["id"], "rating": "up"}, headers={"x-api-key": key})
    assert told.status_code == 404


def test_a_transcript_holds_no_thinking_as_text():
    parts = transcript.parts({"role": "assistant", "content": "Yes", "reasoning_content": "Hm"})
    assert [(part.kind, part.text) for part in parts] == [("thinking", "Hm"), ("text", "Yes")]
    assert recorder.OFF.startswith("x-nightschool")
