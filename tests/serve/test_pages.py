"""The pages over HTTP: what each shows, what each form does, how it is undone, and who is kept out."""

from __future__ import annotations

import json
import re
import threading
import time

import pytest
from starlette.testclient import TestClient

from nightschool.config import Config, DeliverConfig, Home, write_config
from nightschool.errors import UserError
from nightschool.models.delivery import record
from nightschool.models.delivery.record import Delivery
from nightschool.night.lock import only_one
from nightschool.night.pacing import Standing
from nightschool.records import to_json
from nightschool.serve import pages
from nightschool.serve.app import app
from nightschool.store import conversations, facts, lessons, nights, versions
from nightschool.store.database import open_database
from tests.serve import furnished
from tests.serve.echo import Echo, until

HTML = {"accept": "text/html"}
SHOWN = ("/", "/nights", "/facts", "/lessons", "/versions", "/questions", "/chat")


class Talker(Echo):
    """An engine whose answers grow word by word."""

    async def say(self, model, messages, person):
        if "break" in messages[-1]["content"]:
            raise RuntimeError("the card fell out")
        for word in (f"{model}: ", "you said ", messages[-1]["content"]):
            yield word


@pytest.fixture
def full(home):
    return furnished.furnish(home)


@pytest.fixture
def engine():
    return Talker()


@pytest.fixture
def client(home, engine):
    made = app(home, Config(), engine, pages=pages.routes)
    with TestClient(made, base_url="http://localhost", headers=HTML) as made:
        yield made


def token(client, path="/facts"):
    return re.search(r'name="token" value="([0-9a-f]+)"', client.get(path).text)[1]


def do(client, path, code=200, **fields):
    answer = client.post(path, data={"token": token(client), **fields})
    assert answer.status_code == code, answer.text
    return answer


def undo(client, answer):
    """Press the button that stands in the note of what was done."""
    note = re.search(r'<div class="note".*?</div>', answer.text, re.DOTALL)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', note))
    return client.post(re.search(r'action="([^"]+)"', note)[1], data=fields)


def twin(client, path):
    answer = client.get(f"{path if path != '/' else '/index'}.json")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("path", [*SHOWN, "/doctor"])
def test_every_page_opens_in_an_empty_home_with_a_twin_in_json(client, path):
    assert client.get(path).status_code == 200
    assert isinstance(twin(client, path), dict)


def test_every_page_opens_in_a_full_home(client, full):
    with open_database(client.app.state.serving.home.database) as db:
        fact = facts.live(db)[0].id
    several = (f"/nights/{full['run']}", f"/facts/{fact}", "/lessons/l-1", "/versions/v-0002", "/versions/base",
               f"/conversations/{full['conversation']}")  # fmt: skip
    for path in (*SHOWN, *several):
        assert client.get(path).status_code == 200, path
        twin(client, path)


def test_what_is_not_there_is_a_page_that_says_so(client):
    for path in ("/nights/r-1", "/facts/f-1", "/lessons/l-1", "/versions/v-0009", "/conversations/c", "/chat/x"):
        assert client.get(path).status_code == 404, path
        assert client.get(f"{path}.json").status_code == 404, path


def test_no_page_asks_anywhere_else_nor_runs_what_it_was_told(client, full):
    for path in (*SHOWN, "/versions/v-0002?only=all", f"/conversations/{full['conversation']}"):
        text = client.get(path).text
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text), path
        assert "<script>Bran" not in text
        assert " style=" not in text.replace("xmlns:style=", "")
        assert not re.search(r"\son\w+=", text), path


def test_every_page_forbids_what_it_does_not_need(client):
    headers = client.get("/facts").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_secret_stands_on_no_page(client, full):
    for path in (f"/conversations/{full['conversation']}", "/facts", "/nights"):
        assert furnished.SECRET not in client.get(path).text
        assert furnished.SECRET not in client.get(f"{path}.json").text


def test_another_host_another_site_and_a_form_without_its_token_are_refused(client, full):
    good = token(client)
    assert client.get("/facts", headers={"host": "evil.example"}).status_code == 400
    foreign = client.post(
        "/facts/add", data={"sentence": "x", "token": good}, headers={"origin": "http://evil.example"}
    )
    assert foreign.status_code == 403
    for wrong in ({}, {"token": ""}, {"token": "0" * 64}, {"token": "é" * 64}):
        assert client.post("/facts/add", data={"sentence": "Planted.", **wrong}).status_code == 403
    assert "Planted." not in client.get("/facts.json").text


def test_the_report_offers_to_roll_back_and_to_take_that_back(client, full, home):
    assert "Bring v-0001 back" in client.get("/").text
    answer = do(client, "/versions/rollback")
    assert "v-0001 answers now" in answer.text
    with open_database(home.database) as db:
        assert versions.pointer(db, "champion") == "v-0001"
        assert undo(client, answer).status_code == 200
        assert versions.pointer(db, "champion") == "v-0002"
    do(client, "/versions/base/promote")
    assert twin(client, "/versions")["versions"][-1]["pointers"] == ["champion"]


def test_what_the_gate_has_not_let_through_is_not_promoted_here_either(client, full, home):
    with open_database(home.database) as db:
        versions.set_state(db, "v-0001", "refused")
    answer = do(client, "/versions/v-0001/promote", code=400)
    assert "refused by the gate" in answer.text


def test_a_version_shows_its_exam_and_what_it_answers_differently(client, full):
    data = twin(client, "/versions/v-0002")
    assert [row["question"] for row in data["answers"]] == ["How far is it from Lorn to Tarn?"]
    assert data["answers"][0]["answers"]["v-0002"] == {"text": "It is 12 miles.", "value": 1.0}
    assert len(client.get("/versions/v-0002.json?only=all").json()["answers"]) == 2
    assert '<svg class="plot"' in client.get("/versions/v-0002").text


def test_a_fact_is_found_by_the_beginning_of_a_word_and_by_nothing_foreign(client, full):
    found = client.get("/facts.json", params={"q": "peanu"}).json()
    assert [fact["sentence"] for fact in found["facts"]] == ["I am allergic to peanuts."]
    for odd in ('"', "a AND", "NEAR(", "*", "'; DROP TABLE facts; --", "\x00", "é" * 300):
        assert client.get("/facts.json", params={"q": odd}).status_code == 200


def test_a_fact_is_told_changed_and_given_back(client, full, home):
    answer = do(client, "/facts/add", sentence="I live in Bergen.")
    assert "Remembered: I live in Bergen." in answer.text
    fact = client.get("/facts.json", params={"q": "Bergen"}).json()["facts"][0]
    assert fact["held"] == "context"
    answer = do(client, f"/facts/{fact['id']}/revise", sentence="I live in Oslo now.", since="now")
    assert "I live in Oslo now." in client.get("/facts.json").text
    assert "I live in Bergen." not in client.get("/facts.json").text
    assert undo(client, answer).status_code == 200
    assert "I live in Bergen." in client.get("/facts.json").text
    assert do(client, "/facts/add", code=400, sentence=" ").status_code == 400


def test_what_is_typed_on_the_page_is_read_like_what_is_typed_in_a_terminal(client, full):
    do(client, "/facts/add", sentence="My brother Ole lives in Oslo.")
    do(client, "/facts/add", sentence="My brother Ole lives in Bergen.")
    held = client.get("/facts.json", params={"q": "brother"}).json()["facts"]
    assert [(fact["object"], fact["relation"]) for fact in held] == [("Bergen", "home")]
    do(client, f"/facts/{held[0]['id']}/revise", sentence="My brother Ole lives in Tromsø.", since="now")
    held = client.get("/facts.json", params={"q": "brother"}).json()["facts"]
    assert [(fact["object"], fact["relation"]) for fact in held] == [("Tromsø", "home")]


def test_forgetting_needs_its_box_and_leaves_nothing(client, full, home):
    fact = client.get("/facts.json", params={"q": "Petrel"}).json()["facts"][0]["id"]
    do(client, f"/facts/{fact}/forget", code=400)
    answer = do(client, f"/facts/{fact}/forget", sure="yes")
    assert "Forgotten" in answer.text
    assert "Petrel" not in client.get("/facts.json").text
    assert "Petrel" not in client.get("/").text
    assert client.get(f"/facts/{fact}").status_code == 404


def test_what_may_not_stay_after_forgetting_is_withdrawn_where_it_was_delivered(client, full, home):
    record.note(home.deliveries, Delivery(
        place="merged", version="v-0009", name="nightschool-v-0009", adapter="none of ours", state="delivered",
    ))  # fmt: skip
    fact = client.get("/facts.json", params={"q": "Petrel"}).json()["facts"][0]["id"]
    assert "merged: nightschool-v-0009 withdrawn" in do(client, f"/facts/{fact}/forget", sure="yes").text
    assert [each.state for each in record.read(home.deliveries)] == ["withdrawn"]


def test_who_answers_from_now_on_is_brought_to_where_it_is_delivered(client, full, home, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@" >> "$(dirname "$0")/called"\n')
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    assert "on its way" not in do(client, "/versions/rollback").text
    write_config(home.config_file, Config(deliver=DeliverConfig(to="ollama")))
    assert "on its way" in do(client, "/versions/rollback").text
    called = until(lambda: (tmp_path / "called").is_file() and (tmp_path / "called").read_text())
    assert called.split() == ["-m", "nightschool", "--home", str(home.path), "deliver"]


def test_a_fact_leads_to_the_words_it_rests_on(client, full):
    fact = client.get("/facts.json", params={"q": "peanuts"}).json()["facts"][0]["id"]
    page = client.get(f"/facts/{fact}").text
    link = re.search(r'href="(/conversations/[^"]+)"', page)[1]
    path, _, anchor = link.partition("#")
    assert f'id="{anchor}"' in client.get(path).text


def test_a_wish_in_the_weights_of_who_answers_is_said_to_be_there(client, full, home):
    with open_database(home.database) as db:
        db.execute("INSERT INTO datasets VALUES (?, 'r', 'b', 1, '{}', 0)", ("d" * 16,))
        db.execute("INSERT INTO dataset_rows VALUES (?, 'e-1', 'sft', 'tonight', 'l-0', 'c', '[]')", ("d" * 16,))
    found = client.get("/facts.json", params={"q": "miles"}).json()["facts"][0]
    assert found["held"] == "both"
    do(client, "/versions/base/promote")
    assert client.get("/facts.json", params={"q": "miles"}).json()["facts"][0]["held"] == "context"


def test_the_inbox_shows_first_what_waits_for_a_word(client, full):
    data = twin(client, "/lessons")
    assert (data["state"], data["counts"]["kept"]) == ("asked", 1)
    assert data["lessons"][0]["why"].startswith("You corrected it once")


def test_a_lesson_is_kept_revised_dropped_and_each_is_taken_back(client, full, home):
    def state():
        with open_database(home.database) as db:
            lesson = lessons.get(db, "l-1")
            return lesson.state, lesson.text

    first = state()
    answer = do(client, "/lessons/l-1/keep", **{"from": "asked"})
    assert state()[0] == "kept"
    assert "Call me Captain" in client.get("/facts.json").text
    assert undo(client, answer).status_code == 200
    assert state() == first
    answer = do(client, "/lessons/l-1/revise", text="Call me Skipper when you answer.")
    assert state() == ("kept", "Call me Skipper when you answer.")
    undo(client, answer)
    do(client, "/lessons/l-1/drop")
    assert state()[0] == "dropped"
    assert "You dropped it" in client.get("/lessons/l-1").text


def test_the_nights_page_compares_with_ones_own_normal(client, full):
    data = twin(client, "/nights")
    assert len(data["nights"]) == 21
    assert {line["headline"] for line in data["nights"]} == {"promoted", "kept", "nothing", "stopped"}
    own = next(trend for trend in data["trends"] if trend["name"] == "What you taught")
    assert own["values"][-1] == pytest.approx(0.93)
    assert own["verdict"] in ("above your usual", "still learning your normal", "as usual")
    page = client.get("/nights").text
    assert page.count("<rect class=") >= 21


def test_weeks_count_corrections_reasks_and_first_answers(client, full):
    weeks = twin(client, "/nights")["weeks"]
    assert sum(week["turns"] for week in weeks) == sum(2 + n % 3 for n in range(12))
    assert sum(week["corrections"] for week in weeks) == 12
    assert sum(week["reasks"] for week in weeks) == 4
    assert sum(week["accepted"] for week in weeks) == 20
    assert sum(week["judged"] for week in weeks) == 36


def test_a_running_night_is_seen_paused_and_let_go_on(client, home):
    with open_database(home.database) as db:
        nights.begin(db, run="r-20261122-010000-cccc", started=time.time(), champion="base")
    folder = home.runs / "r-20261122-010000-cccc"
    folder.mkdir()
    standing = Standing(stage="Training", done=30, total=120, note="dpo 30/120", finished=("Reading: 3 turns, 1.0 s",))
    (folder / "progress.json").write_text(json.dumps(to_json(standing)))
    assert twin(client, "/progress")["progress"] is None, "nobody holds the lock"
    begun, over = threading.Event(), threading.Event()

    def hold():
        with only_one(home.lock):
            begun.set()
            over.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait()
    try:
        shown = twin(client, "/progress")["progress"]
        assert (shown["stage"], shown["share"], shown["run"]) == ("Training", 0.25, "r-20261122-010000-cccc")
        assert "A night is running" in client.get("/nights").text
        answer = do(client, "/night/pause")
        assert home.pause.exists()
        assert "A night is paused" in client.get("/").text
        undo(client, answer)
        assert not home.pause.exists()
        assert "running already" in do(client, "/night/begin", code=400).text
    finally:
        over.set()
        thread.join()


def test_a_talk_shows_what_memory_told_and_is_kept_in_the_history(client, full, home):
    answer = do(client, "/chat", left="champion+memory", right="", question="What am I allergic to?")
    where = str(answer.url).partition("?")[0].partition("#")[0]
    data = finished(client, where)
    side = data["turns"][0]["sides"][0]
    assert side["text"] == "champion+memory: you said What am I allergic to?"
    assert "I am allergic to peanuts." in side["told"]
    do(client, "/chat", talk=data["id"], question="And now?")
    assert len(finished(client, where)["turns"]) == 2

    def newest():
        with open_database(home.database) as db:
            found = conversations.all_conversations(db)[-1]
        return [message.text for message in found.messages]

    said = until(lambda: newest() if len(newest()) == 4 and "And now?" in newest() else None)
    assert said[:2] == ["What am I allergic to?", side["text"]]


def test_two_versions_answer_side_by_side_and_nothing_of_it_is_kept(client, full, home):
    answer = do(client, "/chat", left="champion+memory", right="base", question="Who are you?")
    data = finished(client, str(answer.url).partition("#")[0])
    assert [side["model"] for side in data["turns"][0]["sides"]] == ["champion+memory", "base"]
    assert data["turns"][0]["sides"][1]["told"] == []
    assert data["kept"] is False


def test_a_model_that_breaks_is_said_on_the_page(client, home):
    answer = do(client, "/chat", left="base", right="", question="break please")
    data = finished(client, str(answer.url).partition("#")[0])
    assert "the card fell out" in data["turns"][0]["sides"][0]["problem"]


def test_an_answer_that_cannot_be_kept_stands_and_says_so(client, home, monkeypatch):
    def full(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr("nightschool.serve.pages.chat.talks.exchange", full)
    answer = do(client, "/chat", left="base", right="", question="Who are you?")
    data = finished(client, str(answer.url).partition("#")[0])
    side = data["turns"][0]["sides"][0]
    assert not data["running"] and side["text"]
    assert "This was not kept: No space left on device" in side["problem"]


def test_a_talk_goes_on_when_memory_could_not_be_asked_once(client, full, monkeypatch):
    begun = do(client, "/chat", left="champion+memory", right="", question="What am I allergic to?")
    data = finished(client, str(begun.url).partition("#")[0])
    with monkeypatch.context() as broken:
        broken.setattr(
            "nightschool.serve.pages.chat.turn.tell", lambda *_, **__: (_ for _ in ()).throw(UserError("Away"))
        )
        assert "Away" in do(client, "/chat", code=400, talk=data["id"], question="And now?").text
    do(client, "/chat", talk=data["id"], question="And now?")
    assert len(finished(client, str(begun.url).partition("#")[0])["turns"]) == 2


def finished(client, where):
    path = re.sub(r"^http://[^/]+", "", where).partition("?")[0]
    deadline = time.monotonic() + 20
    while (data := twin(client, path))["running"] and time.monotonic() < deadline:
        time.sleep(0.02)
    return data


@pytest.mark.parametrize(
    "fields", [{"question": ""}, {"question": "x" * 9000}, {"question": "Hi", "left": "gpt-9"}, {"question": "Hi"}]
)
def test_what_cannot_be_asked_is_said(client, fields):
    assert "Not possible" in do(client, "/chat", code=400, **fields).text


def test_each_person_sees_their_own_pages_and_needs_their_key(client, full, home):
    people = client.app.state.serving.people
    ada, owner = people.add("ada"), people.add("owner")
    assert client.get("/facts").status_code == 401
    assert client.get("/facts.json").status_code == 401
    assert "Petrel" not in client.get("/facts").text
    assert client.post("/sign-in", data={"key": "wrong"}).status_code == 401
    client.post("/sign-in", data={"key": owner})
    assert "Petrel" in client.get("/facts").text
    mine = token(client)
    client.post("/sign-out")
    client.post("/sign-in", data={"key": ada})
    assert "Petrel" not in client.get("/facts").text
    stolen = client.post("/facts/add", data={"sentence": "Planted.", "token": mine})
    assert stolen.status_code == 403, "a token is one person's"
    do(client, "/facts/add", sentence="I am Ada.")
    with open_database(home.database) as db:
        assert "I am Ada." not in [fact.sentence for fact in facts.live(db)]
    with open_database(Home(home.path / "profiles" / "ada").database) as db:
        assert [fact.sentence for fact in facts.live(db)] == ["I am Ada."]


def test_a_form_that_is_too_long_is_refused(client):
    assert client.post("/facts/add", data={"sentence": "x" * (2 << 20), "token": "y"}).status_code == 403


def test_vendored_files_are_what_their_list_says():
    import hashlib
    from pathlib import Path

    folder = Path(pages.__file__).parent.parent / "static" / "vendor"
    rows = [line.split("|") for line in (folder / "VENDORED.md").read_text().splitlines()[2:]]
    listed = {row[1].strip(): row[6].strip() for row in rows}
    files = {file.name for file in folder.iterdir()} - {"VENDORED.md", "htmx.LICENSE"}
    assert files == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_files_are_kept_by_browsers_and_named_by_their_content(client):
    link = re.search(r'href="(/static/pages.css\?\w+)"', client.get("/facts").text)[1]
    assert "immutable" in client.get(link).headers["cache-control"]
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/visit.py").status_code == 404
