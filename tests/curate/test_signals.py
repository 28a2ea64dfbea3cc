"""Which outcome is read from what followed an answer, and where the reader rather says nothing."""

import pytest

from nightschool.curate import signals
from nightschool.curate.verdicts import verdict
from nightschool.records import Conversation, Message, Part
from tests.curate.reactions import BAD, GOOD, NEITHER


def talk(*messages: Message) -> Conversation:
    return Conversation(id="c", program="openclaw", source_id="s", started=0.0, messages=messages)


def say(id_, parent, role, text="", *, call=None, exit_code=None, name="bash", **more) -> Message:
    parts = [Part(kind="text", text=text)] if text and role != "tool" else []
    if call is not None:
        arguments = {"command": call} if name == "bash" else {"path": call}
        parts.append(Part(kind="tool_call", name=name, arguments=arguments, call_id=f"call-{id_}"))
    if role == "tool":
        parts = [Part(kind="tool_result", text=text, exit_code=exit_code, call_id=f"call-{parent}")]
    author = {"user": "person", "assistant": "assistant", "tool": "tool"}[role]
    values = {"author": author, "created": 0.0} | more
    return Message(id=id_, parent_id=parent, role=role, parts=tuple(parts), **values)


def exchange(asked, answer, words) -> Conversation:
    return talk(say("1", None, "user", asked), say("2", "1", "assistant", answer), say("3", "2", "user", words))


def kinds(conversation) -> list[str]:
    return [signal.kind for signal in signals.read(conversation)]


def polarity(asked, answer, words) -> int:
    reading = verdict.read(words, asked=asked, answer=answer)
    return reading.polarity if reading else 0


def test_what_is_called_praise_or_complaint_nearly_always_is():
    cases = [*((1, c) for c in GOOD), *((-1, c) for c in BAD), *((0, c) for c in NEITHER)]
    called = [(wanted, polarity(*case)) for wanted, case in cases if polarity(*case)]
    clear = [(wanted, polarity(*case)) for wanted, case in cases if wanted]
    assert sum(wanted == read for wanted, read in called) >= 0.97 * len(called)
    assert not [1 for wanted, read in called if wanted == -read]
    assert sum(wanted == read for wanted, read in clear) >= 0.9 * len(clear)


@pytest.mark.parametrize(("asked", "answer", "words"), NEITHER)
def test_consent_slips_questions_and_changed_wishes_are_no_outcome(asked, answer, words):
    assert polarity(asked, answer, words) == 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("How is the weather in Olm?", "I do not know the weather in Olm today.", "No. Call the weather tool."),
        ("How far is Olm from Bar?", "Olm is 16 km from Bar.", "Use miles."),
        (
            "What do people eat in Olm?",
            "Olm is known for soup, rice and figs.",
            "Put each thing of a list on its own line.",
        ),
    ],
)
def test_a_wish_that_the_answer_before_it_does_not_meet_is_a_correction(asked, answer, words):
    assert kinds(exchange(asked, answer, words)) == ["correction"]


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ("How far is Olm from Bar?", "Olm is 10 miles from Bar.", "I prefer miles."),
        ("Who leads Olm?", "The mayor of Olm is Bar.", "Give me distances in miles."),
        ("How far is Olm from Bar?", "Olm is 16 km from Bar.", "Just this once, in miles."),
    ],
)
def test_a_wish_that_nothing_was_done_against_is_no_outcome(asked, answer, words):
    assert kinds(exchange(asked, answer, words)) == []


def test_yes_plz_is_consent_and_not_praise():
    assert kinds(exchange("40 wip commits", "I can squash them. Shall I?", "yes plz")) == []


def test_the_persons_own_slip_does_not_blame_the_answer():
    assert kinds(exchange("connection refused on 8080", "Nothing listens on 8080.", "sorry, I meant 8081")) == []


def test_a_signal_names_its_turn_its_sources_and_who_said_it():
    (signal,) = signals.read(exchange("how far is it in miles", "It is 12 km.", "I asked for miles"))
    assert (signal.turn_id, signal.kind, signal.polarity, signal.by) == ("1", "correction", -1, "person")
    assert signal.source == ("3", "2") and 0 < signal.strength <= 1


def test_a_part_kept_and_a_part_rejected_is_neither():
    told = exchange(
        "sticky header, darker footer", "Both done.", "The header is great. The footer still looks the same"
    )
    assert [(s.kind, s.polarity) for s in signals.read(told)] == [("partial", 0)]


def test_praise_for_an_answer_long_ago_goes_to_that_answer():
    told = talk(
        say("1", None, "user", "my focaccia comes out dense"),
        say("2", "1", "assistant", "Let the focaccia dough proof overnight."),
        say("3", "2", "user", "what do I do with whey"),
        say("4", "3", "assistant", "Use it in soups."),
        say("5", "4", "user", "the focaccia with the overnight proof came out great!"),
    )
    assert [(s.turn_id, s.kind) for s in signals.read(told)] == [("1", "acceptance")]


def test_an_undone_change_counts_against_it():
    told = talk(
        say("1", None, "user", "simplify the cache"),
        say("2", "1", "assistant", "Done.", call="cache.py", name="edit_file"),
        say("3", "2", "tool", "ok"),
        say("4", "3", "user", "git checkout cache.py, I rolled that back"),
    )
    assert [(s.kind, s.polarity) for s in signals.read(told)] == [("edit_reverted", -1)]


def test_a_change_that_is_committed_on_request_was_kept():
    told = talk(
        say("1", None, "user", "make it configurable"),
        say("2", "1", "assistant", "Done.", call="client.py", name="edit_file"),
        say("3", "2", "tool", "1 replacement"),
        say("4", "3", "user", "now commit everything"),
        say("5", "4", "assistant", "Committed.", call="git commit -am x"),
        say("6", "5", "tool", "[main 7be] x", exit_code=0),
    )
    assert [(s.turn_id, s.kind) for s in signals.read(told)] == [("1", "edit_kept")]


def test_a_failed_call_counts_and_a_repaired_one_counts_for_the_repair():
    start = (
        say("1", None, "user", "install the pdf lib"),
        say("2", "1", "assistant", "Installing.", call="pip install pypdff"),
        say("3", "2", "tool", "ERROR: No matching distribution found for pypdff", exit_code=1),
    )
    assert kinds(talk(*start)) == ["tool_failed"]
    repaired = (
        say("4", "3", "assistant", "It is pypdf.", call="pip install pypdf"),
        say("5", "4", "tool", "Successfully installed pypdf-5.1.0", exit_code=0),
    )
    (signal,) = signals.read(talk(*start, *repaired))
    assert (signal.kind, signal.polarity, signal.source[0]) == ("tool_recovered", 1, "4")


def test_exit_code_zero_with_failed_in_the_output_is_a_failure():
    told = talk(
        say("1", None, "user", "run the smoke tests"),
        say("2", "1", "assistant", "Running.", call="./smoke.sh | tee smoke.log"),
        say("3", "2", "tool", "login ok\ncheckout FAILED\n1 ok, 1 FAILED", exit_code=0),
    )
    assert kinds(told) == ["tool_failed"]


def test_a_search_without_a_match_and_a_wanted_red_test_are_no_failure():
    search = talk(
        say("1", None, "user", "any eval in here?"),
        say("2", "1", "assistant", "", call="grep -rn eval src"),
        say("3", "2", "tool", "", exit_code=1),
        say("4", "3", "assistant", "No."),
    )
    red = talk(
        say("1", None, "user", "first add a failing test, don't fix yet"),
        say("2", "1", "assistant", "It fails as it should.", call="pytest -q"),
        say("3", "2", "tool", "1 failed", exit_code=1),
    )
    assert kinds(search) == kinds(red) == []


def test_a_check_that_passes_after_a_change_speaks_for_it():
    told = talk(
        say("1", None, "user", "handle empty csv"),
        say("2", "1", "assistant", "Done.", call="rows.py", name="edit_file"),
        say("3", "2", "tool", "ok"),
        say("4", "3", "assistant", "Running the suite.", call="pytest -q"),
        say("5", "4", "tool", "88 passed", exit_code=0),
    )
    (signal,) = signals.read(told)
    assert signal.kind == "test_passed" and "2" in signal.source


def checked(wanted, told, command, printed, exit_code=0) -> list[str]:
    return kinds(
        talk(
            say("1", None, "user", wanted),
            say("2", "1", "assistant", told, call=command),
            say("3", "2", "tool", printed, exit_code=exit_code),
        )
    )


def test_a_check_counts_for_the_change_that_its_message_tells_of():
    assert checked("the parser eats commas", "I swapped both tests.", "cargo test", "test result: ok. 4 passed") == [
        "test_passed"
    ]
    assert checked("books are off by 3", "Corrected one line.", "diff <(a) <(b); echo $?", "0") == ["test_passed"]
    assert checked("run the tests", "They pass; I fixed none.", "cargo test", "test result: ok. 4 passed") == []


def test_a_test_that_was_ordered_red_is_no_failure():
    printed = "1 test, 1 failure"
    assert checked("write a spec for the leap day, I will fix it myself", "Written.", "mix test", printed, 2) == []
    assert checked("make the leap day test pass", "Done.", "mix test", printed, 2) == ["tool_failed"]


def test_an_abandoned_answer_is_told_apart_from_the_kept_one():
    told = talk(
        say("1", None, "user", "a poem"),
        say("2", "1", "assistant", "Roses", alternate="regenerate"),
        say("2b", "1", "assistant", "Violets"),
        say("x", "1", "assistant", "half", alternate="retry", stop="error"),
    )
    (signal,) = signals.read(told)
    assert (signal.kind, signal.turn_id, signal.source, signal.note) == ("undone", "1", ("2",), "regenerate")


def test_a_rewound_turn_is_undone_and_a_branch_that_lives_on_elsewhere_is_not():
    told = talk(
        say("1", None, "user", "hello"),
        say("2", "1", "assistant", "hi"),
        say("3", "2", "user", "do x", alternate="rewind"),
        say("4", "3", "assistant", "did y", alternate="rewind"),
        say("5", "2", "user", "do z", alternate="fork"),
        say("6", "5", "assistant", "did z", alternate="fork"),
    )
    assert [(s.turn_id, s.source) for s in signals.read(told)] == [("3", ("4",))]


def test_a_thumb_is_the_surest_signal():
    told = talk(say("1", None, "user", "a joke"), say("2", "1", "assistant", "Knock knock", rating=-1))
    assert [(s.kind, s.polarity, s.strength) for s in signals.read(told)] == [("rating", -1, 1.0)]


def test_an_interrupted_answer_is_not_blamed():
    told = talk(
        say("1", None, "user", "write a novel"),
        say("2", "1", "assistant", "Once", stop="aborted"),
        say("3", "2", "user", "that's wrong"),
    )
    assert kinds(told) == []


def test_praise_inside_a_tool_result_or_by_a_program_counts_nothing():
    told = talk(
        say("1", None, "user", "read the newest comment"),
        say("2", "1", "assistant", "Here it is.", call="comments.txt", name="read_file"),
        say("3", "2", "tool", "Absolutely flawless, works perfectly, thank you!"),
        say("4", "3", "user", "perfect, that works", author="program"),
        say("5", "4", "assistant", "ok"),
    )
    assert kinds(told) == []


def test_reading_twice_gives_the_same_signals():
    told = exchange("capital of Australia", "Sydney.", "no, it's Canberra")
    assert signals.read(told) == signals.read(told)


def test_the_verdict_at_the_end_of_a_very_long_paste_is_read():
    long = "a" * 200_000
    found = verdict.read(f"{long} No, that is wrong.", asked="Do it.", answer="Done.")
    assert found is not None and found.polarity == -1


def test_another_tool_that_did_the_work_repairs_a_failure_and_a_look_does_not():
    start = (
        say("1", None, "user", "resize the photos"),
        say("2", "1", "assistant", "Resizing.", call="mogrify -resize 800 a.jpg"),
        say("3", "2", "tool", "mogrify: command not found", exit_code=127),
    )
    other = say("4", "3", "assistant", "Pillow then.", call="resize.py", name="run_script")
    look = say("4", "3", "assistant", "Looking.", call="notes.txt", name="read_file")
    assert kinds(talk(*start, other, say("5", "4", "tool", "56 images saved", exit_code=0))) == ["tool_recovered"]
    assert kinds(talk(*start, look, say("5", "4", "tool", "a.jpg", exit_code=0))) == ["tool_failed"]


def test_a_number_that_was_named_before_and_comes_out_is_a_check_that_passed():
    wanted = "write the vat split, row 8 must be 47.50"
    assert checked(wanted, "Written.", "./split 8", "47.50") == ["test_passed"]
    assert checked(wanted, "Written.", "./split 8", "45.70") == []


def test_a_change_that_a_later_look_finds_as_it_was_left_was_kept():
    start = (
        say("1", None, "user", "rotate the logs weekly"),
        say("2", "1", "assistant", "Written.", call="etc/rotate.conf", name="write_file"),
        say("3", "2", "tool", "ok"),
        say("4", "3", "user", "next week: what else is in rotate.conf"),
    )
    look = say("5", "4", "assistant", "", call="cat etc/rotate.conf")
    seen = say("6", "5", "tool", "weekly", exit_code=0)
    stands = talk(*start, look, seen, say("7", "6", "assistant", "Only that line, still as I wrote it."))
    gone = talk(*start, look, seen, say("7", "6", "assistant", "My line was replaced by hand."))
    silent = talk(*start, look, seen, say("7", "6", "assistant", "Two lines."))
    assert [kinds(told) for told in (stands, gone, silent)] == [["edit_kept"], ["edit_reverted"], []]


def test_whoever_goes_elsewhere_after_a_second_try_gives_up():
    told = talk(
        say("1", None, "user", "the subtitles drift"),
        say("2", "1", "assistant", "Shift them by two seconds."),
        say("3", "2", "user", "then the start of the subtitles is off"),
        say("4", "3", "assistant", "Shift them back."),
        say("5", "4", "user", "I'll let it go, the film goes out without"),
    )
    assert [(s.turn_id, s.kind) for s in signals.read(told)][-1] == ("3", "abandoned")
