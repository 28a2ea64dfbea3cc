"""Tool calls are read in each family's form; what is malformed stays text."""

import pytest

from nightschool.models import toolcalls

CALL = {"name": "weather", "arguments": {"place": "Oslo"}}
WRITTEN = {
    toolcalls.tagged: '<tool_call>\n{"name": "weather", "arguments": {"place": "Oslo"}}\n</tool_call>',
    toolcalls.tagged_xml: (
        "<tool_call>\n<function=weather>\n<parameter=place>\nOslo\n</parameter>\n</function>\n</tool_call>"
    ),
    toolcalls.listed: '[TOOL_CALLS] [{"name": "weather", "arguments": {"place": "Oslo"}}]',
    toolcalls.named: '[TOOL_CALLS]weather[ARGS]{"place": "Oslo"}',
    toolcalls.bare_json: '{"name": "weather", "parameters": {"place": "Oslo"}}',
}
EVERY = pytest.mark.parametrize("form", WRITTEN, ids=lambda form: form.__name__)


@EVERY
def test_a_call_is_read(form):
    assert form(WRITTEN[form]).calls == (CALL,)


@EVERY
@pytest.mark.parametrize("cut", [1, 2, 5, 12])
def test_a_call_that_was_cut_off_stays_text(form, cut):
    text = WRITTEN[form][:-cut]
    read = form(text)
    assert (read.text, read.calls) == (text, ())


@EVERY
def test_plain_text_and_other_json_are_no_calls(form):
    for text in (
        "",
        "It is rainy.",
        '{"place": "Oslo"}',
        '{"name": "Ada"}',
        "[1, 2]",
        '{"name": 3, "arguments": {}}',
        "null",
    ):
        assert form(text) == (text, ())


@pytest.mark.parametrize(
    "inside",
    ["{}", "[]", '"weather"', '{"name": "weather"}', '{"name": "", "arguments": {}}', '{"name": "w", "arguments": 3}'],
)
def test_a_malformed_call_stays_text(inside):
    for text in (f"<tool_call>{inside}</tool_call>", f"[TOOL_CALLS] [{inside}]", f"[TOOL_CALLS] {inside}"):
        assert toolcalls.tagged(text) == (text, ())
        assert toolcalls.listed(text) == (text, ())


def test_one_malformed_call_among_good_ones_leaves_all_text():
    text = f"{WRITTEN[toolcalls.tagged]}\n<tool_call>oops</tool_call>"
    assert toolcalls.tagged(text) == (text, ())


def test_several_calls_keep_their_order_and_the_words_before_them():
    second = WRITTEN[toolcalls.tagged].replace("Oslo", "Bergen")
    read = toolcalls.tagged(f"I will look.\n{WRITTEN[toolcalls.tagged]}\n{second}")
    assert [call["arguments"]["place"] for call in read.calls] == ["Oslo", "Bergen"]
    assert read.text.strip() == "I will look."


def test_arguments_that_come_as_json_text_are_read():
    assert toolcalls.tagged(
        '<tool_call>{"name": "weather", "arguments": "{\\"place\\": \\"Oslo\\"}"}</tool_call>'
    ).calls == (CALL,)


def test_bare_arguments_are_numbers_where_the_tool_says_so():
    tools = [
        {"function": {"name": "t", "parameters": {"properties": {"n": {"type": "integer"}, "s": {"type": "string"}}}}}
    ]
    call = {"name": "t", "arguments": {"n": "2", "s": "2", "other": "2"}}
    assert toolcalls.typed([call], tools)[0]["arguments"] == {"n": 2, "s": "2", "other": "2"}
    assert toolcalls.typed([call | {"arguments": {"n": "two"}}], tools)[0]["arguments"] == {"n": "two"}
