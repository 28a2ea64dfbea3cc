"""Ollama's own addresses."""

from __future__ import annotations

import json

import pytest

from nightschool.models.generation import Finished, Piece, Token, Usage
from nightschool.records import Answer
from nightschool.serve import ollama
from nightschool.serve.ask import Done


@pytest.mark.parametrize("name", ["nobody", "\ud83d"])
@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
def test_a_model_that_nothing_stands_behind_is_not_said_to_be_loaded(client, path, name):
    told = client.post(path, content=json.dumps({"model": name}))
    assert told.status_code == 404 and "There is no model" in told.json()["error"]


@pytest.mark.parametrize(("asked", "rivals"), [({}, None), ({"logprobs": True}, 0), ({"top_logprobs": 3}, None),
                                               ({"logprobs": True, "top_logprobs": 3}, 3)])  # fmt: skip
def test_chances_are_told_only_to_who_asks_for_them(asked, rivals):
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **asked}
    assert ollama.read_chat(body).sampling.logprobs == rivals


def test_each_token_comes_with_its_chance_and_those_of_its_rivals_streamed_and_whole():
    token = Token(text="Hi", logprob=-0.5, rivals=(("Hi", -0.5), ("Ho", -1.5)))
    writer = ollama.Writer(ollama.read_chat({"model": "m", "messages": [{"role": "user", "content": "x"}]}), "e")
    line = json.loads(writer.piece(Piece(text="Hi", tokens=(token,))))
    answer = Answer(text="Hi", raw="Hi")
    done = Done(finished=Finished(answer=answer, usage=Usage(prompt=1, completion=1)))
    for told in (line, writer.whole([Piece(text="Hi", tokens=(token,))], done)):
        assert [(one["token"], one["logprob"]) for one in told["logprobs"]] == [("Hi", -0.5)]
        assert [one["token"] for one in told["logprobs"][0]["top_logprobs"]] == ["Hi", "Ho"]
    assert "logprobs" not in json.loads(writer.piece(Piece(text="Hi")))
