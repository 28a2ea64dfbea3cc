"""What clients insist on: a tool, so many choices, so many tokens, chances."""

from __future__ import annotations

import pytest

from nightschool.models.generation import Piece, Token
from nightschool.serve import anthropic, choices, heard, openai_chat, responses
from nightschool.serve.ask import Done
from tests.serve.echo import WEATHER
from tests.serve.test_api import HELLO, chunks, events

CLOCK = {"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}}}
BODY = {"model": "base", "messages": HELLO}


@pytest.mark.parametrize(
    ("choice", "offered", "calls"),
    [
        (None, ["weather", "clock"], None),
        ("auto", ["weather", "clock"], None),
        ("none", [], None),
        ("required", ["weather", "clock"], ("weather", "clock")),
        ({"type": "function", "function": {"name": "clock"}}, ["clock"], ("clock",)),
        ({"type": "function", "name": "clock"}, ["clock"], ("clock",)),
        ({"type": "function", "function": {"name": "king"}}, [], ("king",)),
    ],
)
def test_a_client_may_leave_tools_to_the_model_forbid_them_or_insist(choice, offered, calls):
    for read, body in (
        (openai_chat.read, BODY | {"tools": [WEATHER, CLOCK]}),
        (responses.read, {"model": "base", "input": "x", "tools": [one["function"] for one in (WEATHER, CLOCK)]}),
    ):
        ask = read(body | {"tool_choice": choice})
        assert ([tool["function"]["name"] for tool in ask.prompt.tools], ask.sampling.calls) == (offered, calls)


@pytest.mark.parametrize(
    ("choice", "offered", "calls"),
    [
        ({"type": "auto"}, 2, None),
        ({"type": "none"}, 0, None),
        ({"type": "any"}, 2, ("weather", "clock")),
        ({"type": "tool", "name": "clock"}, 1, ("clock",)),
    ],
)
def test_anthropics_clients_insist_in_words_of_their_own(choice, offered, calls):
    tools = [{"name": name, "input_schema": {"type": "object", "properties": {}}} for name in ("weather", "clock")]
    ask = anthropic.read(BODY | {"max_tokens": 9, "tools": tools, "tool_choice": choice})
    assert (len(ask.prompt.tools), ask.sampling.calls) == (offered, calls)


def test_each_choice_is_told_with_its_number_whole_and_streamed(client):
    told = client.post("/v1/chat/completions", json=BODY | {"n": 3}).json()
    assert [one["index"] for one in told["choices"]] == [0, 1, 2]
    assert {one["message"]["content"] for one in told["choices"]} == {"You said: Hello there"}
    assert told["usage"]["prompt_tokens"] == 10 and told["usage"]["completion_tokens"] == 3 * 4
    streamed = [
        c["choices"][0] for c in chunks(client.post("/v1/chat/completions", json=BODY | {"n": 3, "stream": True}))
    ]
    for number in range(3):
        mine = [one for one in streamed if one["index"] == number]
        assert mine[0]["delta"]["role"] == "assistant" and mine[-1]["finish_reason"] == "stop"
        assert "".join(one["delta"].get("content", "") for one in mine) == "You said: Hello there"


def test_calls_of_two_choices_have_ids_of_their_own(client):
    told = client.post("/v1/chat/completions", json=BODY | {"n": 2, "tools": [WEATHER]}).json()
    assert len({one["message"]["tool_calls"][0]["id"] for one in told["choices"]}) == 2


def test_more_choices_than_one_request_may_have_are_refused_in_a_sentence(client):
    for stream in (False, True):
        told = client.post("/v1/chat/completions", json=BODY | {"n": choices.MOST + 1, "stream": stream})
        assert told.status_code == 400 and told.json()["error"]["param"] == "n"
        assert told.json()["error"]["message"] == "n must be at most 16, and 17 choices were asked for"


def test_a_choice_that_breaks_off_ends_the_request_and_leaves_no_other_running(client, engine):
    body = BODY | {"n": 3, "messages": [{"role": "user", "content": "break"}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 500
    assert engine.running == 0


def test_of_several_choices_the_first_is_kept_as_what_was_said(client):
    for stream in (False, True):
        told = client.post("/v1/chat/completions", json=BODY | {"n": 2, "stream": stream})
        assert heard.answered("/v1/chat/completions", told.content).answer().text == "You said: Hello there"


@pytest.mark.parametrize("most", [0, -1])
@pytest.mark.parametrize(
    ("path", "key"),
    [("/v1/chat/completions", "max_tokens"), ("/v1/chat/completions", "max_completion_tokens"),
     ("/v1/responses", "max_output_tokens"), ("/v1/messages", "max_tokens")],
)  # fmt: skip
def test_an_answer_of_no_tokens_is_refused_and_not_answered_with_one(client, engine, path, key, most):
    told = client.post(path, json=BODY | {"input": "x", key: most})
    assert (told.status_code, engine.asked) == (400, [])
    assert told.json()["error"]["message"] == f"max_tokens must be at least 1, and {most} was asked for"


@pytest.mark.parametrize(
    ("asked", "rivals"),
    [({}, None), ({"include": [responses.CHANCES]}, 0), ({"include": [responses.CHANCES], "top_logprobs": 3}, 3),
     ({"top_logprobs": 2}, 2), ({"include": ["reasoning.encrypted_content"], "top_logprobs": None}, None)],
)  # fmt: skip
def test_responses_tell_chances_to_who_asks_for_them(asked, rivals):
    assert responses.read({"model": "base", "input": "x"} | asked).sampling.logprobs == rivals


def test_responses_tell_each_token_with_its_chance_and_those_of_its_rivals(client, engine):
    hi = Token(text="Hi", logprob=-0.5, rivals=(("Hi", -0.5), ("Ho", -1.5)))

    async def answer(ask, person):
        yield Piece(text="", tokens=(hi,))
        yield Piece(text="HiHi", tokens=(hi,))
        async for event in type(engine).answer(engine, ask, person):
            if isinstance(event, Done):
                yield event

    engine.answer = answer
    body = {"model": "base", "input": "x", "include": [responses.CHANCES], "top_logprobs": 2}
    told = events(client.post("/v1/responses", json=body | {"stream": True}))
    (delta,) = [data for name, data in told if name == "response.output_text.delta"]
    part = client.post("/v1/responses", json=body).json()["output"][0]["content"][0]
    for found in (delta["logprobs"], part["logprobs"], told[-1][1]["response"]["output"][0]["content"][0]["logprobs"]):
        assert [(one["token"], one["logprob"], one["bytes"]) for one in found] == [("Hi", -0.5, [72, 105])] * 2
        assert [one["token"] for one in found[0]["top_logprobs"]] == ["Hi", "Ho"]
