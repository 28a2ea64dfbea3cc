"""What is shown while it comes joins to what was said, whatever the pieces are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightschool.models import toolcalls
from nightschool.models.dialect import Dialect
from nightschool.models.unfolding import Unfolding


def dialect(**more):
    return Dialect(tokenizer=None, controls=None, **more)


def shown(unfolding, text, cuts):
    thought, said, last = "", "", 0
    for cut in [*sorted(c % (len(text) + 1) for c in cuts), len(text)]:
        pieces = unfolding.feed(text[last:cut])
        thought, said, last = thought + pieces[0], said + pieces[1], cut
    rest = unfolding.end(ended=True)
    return thought + rest[0], said + rest[1]


CASES = [
    ("  Hello there. \n", {}, (), ("", "Hello there.")),
    ("<think>\nHm, so.\n</think>\n\nYes.", {}, (), ("Hm, so.", "Yes.")),
    ("Hm, so.\n</think>\n\nYes.", {"opening": "open"}, (), ("Hm, so.", "Yes.")),
    ("A < b and <thin air", {}, (), ("", "A < b and <thin air")),
    ('I look.\n<tool_call>{"name": "w", "arguments": {}}</tool_call>', {}, (), ("", "I look.")),
    ('{"name": "w", "parameters": {}}', {"form": toolcalls.bare_json}, (), ("", "")),
    ('[TOOL_CALLS][{"name": "w"}]', {"form": toolcalls.listed}, (), ("", "")),
    ("One. END two", {}, ("END",), ("", "One.")),
    ("Bye [eot]", {"closing": "[eot]"}, (), ("", "Bye")),
]


@pytest.mark.parametrize(("text", "speech", "stop", "wanted"), CASES)
@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, 60), max_size=12))
def test_pieces_join_to_what_was_said(text, speech, stop, wanted, cuts):
    assert shown(Unfolding(dialect(**speech), calls=True, stop=stop), text, cuts) == wanted


def test_without_tools_on_offer_nothing_is_held_back_as_a_call():
    unfolding = Unfolding(dialect(form=toolcalls.bare_json), calls=False)
    assert unfolding.feed('{"name": 1') == ("", '{"name": 1')
