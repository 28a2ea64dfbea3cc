"""What memory adds on the way to another server."""

from __future__ import annotations

import json

from tests.serve.test_relay import SAID, Upstream, fronted, post


def test_half_a_character_passes_with_memory_as_it_does_without(home):
    """Programs cut texts by their own units, in the middle of an emoji too."""
    upstream = Upstream(SAID)
    with fronted(home, upstream) as front:
        for name in ("m", "m+memory"):
            body = b'{"model": "%s", "messages": [{"role": "user", "content": "cut \\ud83d"}]}' % name.encode()
            assert post(front, body)[0] == 200
    assert [json.loads(sent)["messages"][-1]["content"] for *_, sent in upstream.got] == ["cut \ud83d"] * 2
