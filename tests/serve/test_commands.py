"""What a person says to the server itself: it is answered here, in words, whatever else stands behind."""

from __future__ import annotations

import json

import pytest

from nightschool.records import Fact
from nightschool.serve.commands import Command, read
from nightschool.store import facts
from tests.serve.test_relay import SAID, Upstream, fronted, post


def user(text):
    return {"role": "user", "content": text}


@pytest.mark.parametrize("text", ["/forget", "!forget", " /FORGET  "])
def test_forget_with_nothing_behind_it_asks_what_is_meant_and_is_no_turn(client, engine, text):
    assert read([user(text)]) == Command(name="forget")
    answer = client.post("/v1/chat/completions", json={"model": "champion", "messages": [user(text)]}).json()
    assert "Say what is to be forgotten" in answer["choices"][0]["message"]["content"] and engine.asked == []


def test_one_message_is_not_called_messages(client, store):
    facts.add(store, Fact(id="f1", kind="fact", sentence="My flat is in Bergen."))
    told = client.post("/v1/chat/completions", json={"model": "champion", "messages": [user("/forget Bergen")]}).json()
    said = told["choices"][0]["message"]["content"]
    assert "0 messages" in said and " 1 messages" not in said and " 1 files" not in said


@pytest.mark.parametrize("text", ["/off", "!off  ", " /sleep \n", "/off\t \n"])
def test_what_stands_around_a_command_does_not_matter(text):
    """Else `/off ` would be kept, and answered by the model."""
    assert read([user(text)]) == Command(name="sleep" if "sleep" in text else "off")


@pytest.mark.parametrize("body", [{"prompt": "!off"}, {"prompt": "/forget"}])
def test_a_command_to_generate_never_reaches_the_server_behind(home, body):
    upstream = Upstream(SAID)
    with fronted(home, upstream) as front:
        sent = json.dumps({"model": "m", "stream": False, **body}).encode()
        said = json.loads(post(front, sent, "/api/generate")[2])
    assert upstream.got == [] and said["done"] is True and said["response"]
