"""Every API's shape, as its clients insist on it."""

from __future__ import annotations

import json

import pytest

from nightschool.serve import answering
from tests.serve.echo import WEATHER

HELLO = [{"role": "user", "content": "Hello there"}]


def chunks(response):
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def events(response):
    found = []
    for block in response.text.strip().split("\n\n"):
        name, _, data = block.partition("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_chat_is_answered_whole(client):
    answer = client.post("/v1/chat/completions", json={"model": "champion", "messages": HELLO}).json()
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": "You said: Hello there"}
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["model"] == "champion" and answer["system_fingerprint"] == "v-0001"
    assert answer["usage"]["total_tokens"] == 14 and answer["usage"]["prompt_tokens_details"]["cached_tokens"] == 3


def test_a_stream_has_a_role_first_then_words_then_a_reason_and_done(client):
    body = {"model": "champion", "messages": HELLO, "stream": True, "stream_options": {"include_usage": True}}
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    said = chunks(response)
    assert said[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(c["choices"][0]["delta"].get("content", "") for c in said[:-1]) == "You said: Hello there"
    assert said[-2]["choices"][0]["finish_reason"] == "stop"
    assert said[-1]["choices"] == [] and said[-1]["usage"]["completion_tokens"] == 4
    assert {c["id"] for c in said} == {said[0]["id"]} and len(said) > 5


def test_a_stream_has_no_usage_where_it_is_not_asked_for(client):
    said = chunks(client.post("/v1/chat/completions", json={"model": "champion", "messages": HELLO, "stream": True}))
    assert not any("usage" in chunk for chunk in said)


def test_tool_calls_have_an_index_an_id_and_arguments_as_text(client):
    body = {"model": "champion", "messages": HELLO, "tools": [WEATHER], "stream": True}
    said = [c["choices"][0] for c in chunks(client.post("/v1/chat/completions", json=body))]
    calls = [choice["delta"]["tool_calls"][0] for choice in said if "tool_calls" in choice["delta"]]
    assert calls[0]["index"] == calls[1]["index"] == 0 and calls[0]["id"] and calls[0]["type"] == "function"
    assert calls[0]["function"] == {"name": "weather", "arguments": ""}
    assert json.loads(calls[1]["function"]["arguments"]) == {"place": "Oslo"}
    assert said[-1]["finish_reason"] == "tool_calls"
    whole = client.post("/v1/chat/completions", json=body | {"stream": False}).json()["choices"][0]
    assert whole["message"]["content"] is None and whole["finish_reason"] == "tool_calls"
    assert isinstance(whole["message"]["tool_calls"][0]["function"]["arguments"], str)


def test_thinking_goes_out_apart_from_the_answer(client):
    body = {"model": "champion", "messages": [{"role": "user", "content": "think"}], "stream": True}
    deltas = [c["choices"][0]["delta"] for c in chunks(client.post("/v1/chat/completions", json=body))]
    assert [d["reasoning_content"] for d in deltas if "reasoning_content" in d] == ["Let me see."]
    assert "<think>" not in json.dumps(deltas)


def test_all_that_clients_send_is_taken(client, engine):
    messages = [
        {"role": "system", "content": "One"},
        {"role": "developer", "content": [{"type": "text", "text": "Two"}]},
        {"role": "user", "content": "first"},
        {"role": "user", "content": [{"type": "text", "text": "second"},
                                     {"type": "image_url", "image_url": {"url": "x"}}]},
        {"role": "assistant", "content": None, "reasoning_content": "hm",
         "tool_calls": [{"id": "c1", "type": "function",
                         "function": {"name": "weather", "arguments": '{"place": "Oslo"}'}}]},
        {"role": "tool", "tool_call_id": "c1", "name": "weather", "content": [{"type": "text", "text": "rain"}]},
    ]  # fmt: skip
    more = {"store": False, "options": {"num_ctx": 1}, "reasoning_effort": "high", "metadata": {},
            "prompt_cache_key": "k", "parallel_tool_calls": True, "max_completion_tokens": 65536,
            "odd": [1]}  # fmt: skip
    body = {"model": "champion", "messages": messages} | more
    assert client.post("/v1/chat/completions", json=body).status_code == 200
    prompt = engine.asked[-1][1].prompt
    assert [m["role"] for m in prompt.messages] == ["system", "system", "user", "user", "assistant", "tool"]
    assert prompt.messages[3]["content"] == "second\n[image]"
    assert prompt.messages[4]["tool_calls"][0]["function"]["arguments"] == {"place": "Oslo"}
    assert prompt.messages[5] == {"role": "tool", "content": "rain", "name": "weather", "tool_call_id": "c1"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b"[1]", 400),
        (b"{}", 400),
        (b'{"model": "champion", "messages": []}', 400),
        (b'{"model": "champion", "messages": [{"role": "king", "content": "x"}]}', 400),
        (b'{"model": "champion", "messages": [{"role": "user", "content": "x"}], "temperature": "hot"}', 400),
        (b'{"model": "champion", "messages": [{"role": "user", "content": "x"}], "max_tokens": 1e999}', 400),
        (b'{"model": "gpt-5", "messages": [{"role": "user", "content": [{"type": []}]}]}', 404),
        (b'{"model": "gpt-5", "messages": [{"role": "user", "content": "x"}]}', 404),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(client, body, status):
    for path in ("/v1/chat/completions", "/v1/messages"):
        told = client.post(path, content=body)
        assert (
            told.status_code == status
            and told.json()["error"]["message"]
            and "\n" not in told.json()["error"]["message"]
        )


def test_a_limit_that_is_sent_as_nothing_leaves_the_older_one_standing(client, engine):
    body = {"model": "champion", "messages": [{"role": "user", "content": "x"}], "max_completion_tokens": None}
    client.post("/v1/chat/completions", json=body | {"max_tokens": 5})
    assert engine.asked[-1][1].sampling.max_tokens == 5


def test_a_prompt_that_is_too_long_is_told_so_that_agents_compact(client):
    for stream in (False, True):
        body = {"model": "champion", "messages": [{"role": "user", "content": "x" * 60_000}], "stream": stream}
        told = client.post("/v1/chat/completions", json=body)
        assert told.status_code == 400 and told.json()["error"]["code"] == "context_length_exceeded"
        assert "maximum context length is 4096 tokens" in told.json()["error"]["message"]


def test_an_answer_that_breaks_off_ends_with_an_error_and_not_as_if_it_were_whole(client):
    body = {"model": "champion", "messages": [{"role": "user", "content": "break"}], "stream": True}
    said = chunks(client.post("/v1/chat/completions", json=body))
    assert said[-1]["error"]["message"] and not any(c.get("choices", [{}])[0].get("finish_reason") for c in said[:-1])


def test_a_long_wait_is_filled_with_what_each_format_has_for_it(client, engine, monkeypatch):
    monkeypatch.setattr(answering, "KEEP_ALIVE", 0.02)
    monkeypatch.setattr(answering, "PATIENCE", 0.01)
    engine.pause = 0.15
    body = {"model": "champion", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    chat = client.post("/v1/chat/completions", json=body)
    assert ": keepalive" in chat.text
    assert "".join(c["choices"][0]["delta"].get("content", "") for c in chunks(chat)) == "You said: Hi"
    assert "event: ping" in client.post("/v1/messages", json=body | {"max_tokens": 9}).text
    lines = [json.loads(line) for line in client.post("/api/chat", json=body).text.splitlines()]
    assert lines[-1]["done"] is True


@pytest.mark.parametrize(
    "path", ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat", "/api/generate"]
)
@pytest.mark.parametrize("said", ["Hello", "/off"])
def test_whoever_asks_for_a_stream_gets_one_even_for_a_command(client, path, said):
    body = {"model": "champion", "stream": True, "max_tokens": 9, "input": said, "prompt": said,
            "messages": [{"role": "user", "content": said}]}  # fmt: skip
    answer = client.post(path, json=body)
    wanted = "application/x-ndjson" if path.startswith("/api/") else "text/event-stream"
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(wanted)
    assert len(answer.text.strip().splitlines()) > 1


def test_responses_end_with_the_whole_response(client):
    body = {"model": "champion", "input": [
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Be brief"}]},
        {"role": "user", "content": [{"type": "input_text", "text": "think"}]},
        {"type": "reasoning", "summary": []},
        {"type": "function_call", "name": "weather", "arguments": "{}", "call_id": "c9"},
        {"type": "function_call_output", "call_id": "c9", "output": "think rain"},
    ], "tools": [{"type": "web_search"}, {"type": "namespace", "name": "n"}], "stream": True}  # fmt: skip
    told = events(client.post("/v1/responses", json=body))
    names = [name for name, _ in told]
    assert names[:2] == ["response.created", "response.in_progress"] and names[-1] == "response.completed"
    assert [data["sequence_number"] for _, data in told] == list(range(len(told)))
    assert all(name == data["type"] for name, data in told)
    done = [data["item"] for name, data in told if name == "response.output_item.done"]
    assert [item["type"] for item in done] == ["reasoning", "message"]
    assert told[-1][1]["response"]["output"] == done and done[1]["content"][0]["text"] == "You said: think rain"
    assert told[-1][1]["response"]["usage"]["total_tokens"] > 0
    deltas = "".join(data["delta"] for name, data in told if name == "response.output_text.delta")
    assert deltas == "You said: think rain"


def test_responses_call_tools_in_their_own_flat_form(client):
    flat = {"type": "function", "name": "weather", "parameters": {"type": "object", "properties": {}}, "strict": False}
    body = {"model": "champion", "input": "Weather?", "tools": [flat]}
    answer = client.post("/v1/responses", json=body).json()
    assert answer["status"] == "completed" and answer["output"][0]["type"] == "function_call"
    assert json.loads(answer["output"][0]["arguments"]) == {"place": "Oslo"}


def test_anthropic_messages_stream_in_blocks(client, engine):
    body = {"model": "champion", "max_tokens": 32000, "stream": True, "thinking": {"type": "adaptive"},
            "system": [{"type": "text", "text": "Be brief", "cache_control": {"type": "ephemeral"}}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                         {"role": "assistant", "content": [
                             {"type": "tool_use", "id": "t1", "name": "weather", "input": {"place": "Oslo"}}]},
                         {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "rain"}]},
                         {"role": "system", "content": "think"}]}  # fmt: skip
    told = events(client.post("/v1/messages?beta=true", json=body))
    assert told[0][0] == "message_start" and told[-1][0] == "message_stop"
    kinds = [data["content_block"]["type"] for name, data in told if name == "content_block_start"]
    assert kinds == ["thinking", "text"]
    starts = sum(name == "content_block_start" for name, _ in told)
    assert starts == sum(name == "content_block_stop" for name, _ in told)
    assert told[-2][1]["delta"]["stop_reason"] == "end_turn"
    roles = [m["role"] for m in engine.asked[-1][1].prompt.messages]
    assert roles == ["system", "user", "assistant", "tool", "system"]


def test_anthropic_tools_are_called(client):
    tool = {"name": "weather", "description": "d", "input_schema": {"type": "object", "properties": {}}}
    body = {"model": "champion", "max_tokens": 9, "messages": HELLO, "tools": [tool]}
    answer = client.post("/v1/messages", json=body).json()
    assert answer["stop_reason"] == "tool_use" and answer["content"][0]["input"] == {"place": "Oslo"}
    assert client.post("/v1/messages/count_tokens", json=body).json() == {"input_tokens": 7}
    told = events(client.post("/v1/messages", json=body | {"stream": True}))
    partial = [d["delta"]["partial_json"] for n, d in told if n == "content_block_delta"]
    assert json.loads("".join(partial)) == {"place": "Oslo"}


def test_ollama_streams_lines_unless_told_otherwise(client):
    response = client.post("/api/chat", json={"model": "champion:latest", "messages": HELLO})
    assert response.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert "".join(line["message"]["content"] for line in lines) == "You said: Hello there"
    assert [line["done"] for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["done_reason"] == "stop" and lines[-1]["eval_count"] == 4
    whole = client.post("/api/chat", json={"model": "champion", "messages": HELLO, "stream": False}).json()
    assert whole["message"]["content"] == "You said: Hello there" and whole["done"] is True


def test_ollama_tool_calls_come_whole_with_arguments_as_an_object(client):
    body = {"model": "champion", "messages": HELLO, "tools": [WEATHER], "think": "medium", "truncate": False}
    lines = [json.loads(line) for line in client.post("/api/chat", json=body).text.splitlines()]
    assert lines[0]["message"]["tool_calls"][0]["function"]["arguments"] == {"place": "Oslo"}
    assert lines[-1]["done_reason"] == "stop"


def test_ollama_generates_lists_shows_and_loads(client):
    lines = client.post("/api/generate", json={"model": "champion", "prompt": "Hi", "system": "s"}).text.splitlines()
    assert "".join(json.loads(line)["response"] for line in lines) == "You said: Hi"
    assert client.post("/api/chat", json={"model": "champion", "messages": []}).json()["done_reason"] == "load"
    assert "champion+memory:latest" in [m["name"] for m in client.get("/api/tags").json()["models"]]
    assert client.get("/api/ps").json()["models"][0]["context_length"] == 4096
    for key in ("model", "name"):
        assert client.post("/api/embed", json={key: "champion", "input": "x"}).json()["model"] == "champion"
        assert (
            client.post("/api/show", json={key: "champion:latest"}).json()["model_info"]["llama.context_length"] == 4096
        )
    assert client.post("/api/show", json={"model": "nobody"}).json() == {"error": "There is no model 'nobody' here"}
    assert tuple(map(int, client.get("/api/version").json()["version"].split("."))) >= (0, 13, 4)
    assert '"success"' in client.post("/api/pull", json={"model": "champion"}).text
    assert (
        client.post("/api/embed", json={"model": "base", "input": ["a", "b"]}).json()["embeddings"] == [[0.6, 0.8]] * 2
    )
    assert client.post("/api/embeddings", json={"model": "base", "prompt": "a"}).json()["embedding"] == [0.6, 0.8]


def test_models_tell_their_context_and_what_stands_behind_them(client):
    listed = client.get("/v1/models").json()["data"]
    assert {"champion", "champion+memory", "base"} <= {one["id"] for one in listed}
    assert all(one["context_length"] == one["max_model_len"] == 4096 and one["version"] == "v-0001" for one in listed)
    assert client.get("/v1/models/champion%2Bmemory").json()["memory"] is True
    assert client.get("/v1/models/gpt-5").status_code == 404


def test_embeddings_come_as_numbers_or_packed(client):
    plain = client.post("/v1/embeddings", json={"model": "base", "input": "a"}).json()
    packed = client.post("/v1/embeddings", json={"model": "base", "input": ["a"], "encoding_format": "base64"}).json()
    assert plain["data"][0]["embedding"] == [0.6, 0.8] and isinstance(packed["data"][0]["embedding"], str)


def test_embeddings_tell_how_many_tokens_were_read(client):
    told = client.post("/v1/embeddings", json={"model": "base", "input": ["one two", "three"]}).json()
    assert told["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    told = client.post("/api/embed", json={"model": "base", "input": ["one two", "three"]}).json()
    assert told["prompt_eval_count"] == 3 and told["total_duration"] > 0


def test_an_address_that_is_none_is_told_in_the_shape_of_its_api(client):
    for method, path, status in (("GET", "/v1/completions", 404), ("POST", "/v1/completions", 404),
                                 ("GET", "/v1/chat/completions", 405)):  # fmt: skip
        told = client.request(method, path)
        assert told.status_code == status and told.json()["error"]["type"] and path in told.json()["error"]["message"]
    assert client.get("/v1/chat/completions").headers["allow"] == "POST"
    assert client.post("/v1/messages/batches").json()["type"] == "error"
    told = client.post("/api/push")
    assert told.status_code == 404 and told.json() == {"error": "There is no '/api/push' here"}


def test_whoever_looks_for_ollama_finds_it(client):
    assert client.get("/", headers={"accept": "*/*"}).text == "Ollama is running"
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/v1/models", headers={"host": host}).status_code == 400


def test_a_page_of_another_site_is_refused(client):
    body = {"model": "champion", "messages": HELLO}
    assert client.post("/v1/chat/completions", json=body, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/v1/chat/completions", json=body, headers={"origin": "http://localhost"}).status_code == 200
