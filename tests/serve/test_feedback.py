"""Thumbs over the API."""

from __future__ import annotations

from nightschool.store import conversations
from tests.serve.echo import until


def test_a_thumb_that_is_left_out_takes_none_away(client, store):
    body = {"model": "champion", "messages": [{"role": "user", "content": "Hello there, my friend"}]}
    answer = client.post("/v1/chat/completions", json=body).json()["id"]
    until(lambda: conversations.all_conversations(store))
    assert client.post("/v1/feedback", json={"id": answer, "rating": "up"}).status_code == 200
    told = client.post("/v1/feedback", json={"id": answer})
    assert told.status_code == 400 and "rating must be" in told.json()["error"]["message"]
    assert [message.rating for message in conversations.all_conversations(store)[0].messages] == [0, 1]
