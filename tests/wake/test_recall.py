"""What memory adds to a prompt: where it stands, what stays out, and that it can be told why."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from nightschool.cli.main import Session, cli
from nightschool.config import Home, MemoryConfig
from nightschool.errors import UserError
from nightschool.intake.message import message
from nightschool.memory import notes
from nightschool.records import Fact, Part, Prompt
from nightschool.store import conversations, facts, graduation, said
from nightschool.store.conversations import View
from nightschool.store.database import open_database
from nightschool.wake import recall

CONFIG = MemoryConfig()


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "nightschool.db")
    yield database
    database.close()


def asked(text, *before) -> Prompt:
    return Prompt(messages=(*before, {"role": "user", "content": text}))


def remember(db, number, sentence, **more) -> Fact:
    return facts.add(
        db, Fact(id=f"f-{number}", sentence=sentence, known_from=float(number), **{"kind": "fact", **more})
    )


def said_once(db, *texts, name="old", project=None, agent=None):
    built = []
    for index, text in enumerate(texts):
        role, author = (("user", "person"), ("assistant", "assistant"))[index % 2]
        built.append(
            message(conversation=name, parent=built[-1] if built else None, role=role, author=author,
                    parts=[Part(kind="text", text=text)], created=1e9 + index)
        )  # fmt: skip
    view = View(conversation_id=name, program="nightschool", session_id=name, messages=tuple(built),
                leaf=built[-1].id, latest=1e9, project=project, agent=agent)  # fmt: skip
    conversations.add(db, view)
    said.catch_up(db)


def test_the_stable_block_stands_first_and_the_notes_before_the_last_question(db):
    remember(db, 1, "I live in Oslo.")
    said_once(db, "The boiler is a Vaillant from 2009.", "Good to know.")
    history = ({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."})
    told = recall.tell(db, asked("How old is the boiler?", *history), CONFIG, roomy=True)
    system, first, second, last = told.prompt.messages
    assert system == {"role": "system", "content": "The person told you:\n- I live in Oslo."}
    assert (first, second) == history
    notes_part, question = last["content"].split("\n\n")
    assert question == "How old is the boiler?" and notes_part.startswith(notes.HEADING)
    assert "2001-09-09, the person said: The boiler is a Vaillant from 2009." in notes_part


def test_the_question_is_the_persons_and_no_context_that_an_agent_puts_behind_it(db):
    said_once(db, "The boiler is a Vaillant from 2009.", "Good to know.")
    behind = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nnone\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>"
    question = {"role": "user", "content": "[Fri 2026-11-20 08:32 UTC] How old is the boiler?"}
    assert "Vaillant" in recall.tell(db, asked(behind, question), CONFIG, roomy=True).retrieved


def test_everything_before_the_last_question_is_the_same_whatever_is_asked(db):
    for number in range(5):
        remember(db, number, f"My thing number {number} is red.")
    said_once(db, "The boiler is a Vaillant.", "Ok.", "The car is a Volvo.", "Ok.")
    fronts = {
        json.dumps(recall.tell(db, asked(text), CONFIG, roomy=True).prompt.messages[:-1])
        for text in ("Which boiler?", "Which car?", "What is thing number 3?")
    }
    assert len(fronts) == 1


def test_withheld_told_and_graduated_are_three_contexts(db):
    remember(db, 1, "I live in Oslo.")
    question = asked("Where do I live?")
    told = recall.tell(db, question, CONFIG)
    for run in ("r-1", "r-2"):
        graduation.tried(db, "f-1", run=run, passed=True)
    held = recall.tell(db, question, CONFIG)
    assert "Oslo" in told.always and told.left_out == ()
    assert held.prompt == question and [left.id for left in held.left_out] == ["f-1"]
    facts.clear(db)
    withheld = recall.tell(db, question, CONFIG)
    assert withheld.prompt == question and withheld.left_out == ()


def test_what_belongs_to_another_project_stays_out_of_facts_and_notes(db):
    remember(db, 1, "Deploys run on Friday.", scope="project:atlas")
    said_once(db, "Deploys need two reviews.", "Fine.", project="atlas")
    here = recall.tell(db, asked("When do deploys run?"), CONFIG, project="atlas", roomy=True)
    there = recall.tell(db, asked("When do deploys run?"), CONFIG, project="borealis", roomy=True)
    assert "Friday" in here.always and "two reviews" in here.retrieved
    assert there.always == there.retrieved == "" and there.left_out[0].why == "belongs to project atlas"


@pytest.mark.parametrize(
    ("apart", "here", "heard"),
    [
        ("", {}, {"nothing", "atlas", "coder", "both"}),
        ("projects", {}, {"nothing", "coder"}),
        ("projects", {"project": "atlas"}, {"nothing", "coder", "atlas", "both"}),
        ("projects", {"project": "borealis"}, {"nothing", "coder"}),
        ("agents", {}, {"nothing", "atlas"}),
        ("agents", {"agent": "coder"}, {"nothing", "atlas", "coder", "both"}),
        ("agents", {"agent": "cook"}, {"nothing", "atlas"}),
        ("agents, projects", {"agent": "cook", "project": "atlas"}, {"nothing", "atlas", "both"}),
        ("agents, projects", {"agent": "coder"}, {"nothing", "coder"}),
    ],
)
def test_what_was_said_where_things_are_kept_apart_is_recalled_there_alone(db, apart, here, heard):
    places = {"nothing": {}, "atlas": {"project": "atlas"}, "coder": {"agent": "coder"},
              "both": {"project": "atlas", "agent": "coder"}}  # fmt: skip
    for name, place in places.items():
        said_once(db, f"The boiler of {name} leaks.", "Hm.", name=name, **place)
    got = recall.tell(db, asked("Which boiler leaks?"), CONFIG, roomy=True, apart=apart, **here).retrieved
    assert {name for name in places if f"of {name} leaks" in got} == heard


def test_the_setting_that_keeps_projects_apart_holds_for_every_way_of_asking(tmp_path, monkeypatch):
    home = Home(tmp_path / "home").create()
    home.config_file.write_text('[curate]\napart = "projects"\n', encoding="utf-8")
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(home.path))
    with closing(open_database(home.database)) as store:
        said_once(store, "The boiler of the shop leaks.", "Hm.", project="shop")
    for arguments, there in ((["--project", "shop"], True), ([], False), (["--project", "home"], False)):
        result = CliRunner().invoke(cli, ["memory", "search", "boiler", *arguments, "--json"], obj=Session(None))
        assert ("leaks" in result.stdout) is there


def test_many_facts_leave_the_stable_block_to_wishes_and_come_beside_the_question(db):
    for number in range(40):
        remember(db, number, f"My friend number {number} keeps a fern.")
    remember(db, 90, "My dentist is Dr Ahlers.")
    remember(db, 91, "Answer in one sentence.", kind="preference")
    told = recall.tell(db, asked("Who is my dentist?"), CONFIG, roomy=True)
    assert told.always == "The person told you:\n- Answer in one sentence."
    assert "the person told you: My dentist is Dr Ahlers." in told.retrieved
    small = recall.tell(db, asked("Who is my dentist?"), CONFIG, roomy=False)
    assert "Ahlers" in small.always and small.retrieved == ""


def test_a_mere_thanks_and_a_question_about_nothing_known_bring_nothing_up(db):
    said_once(db, "The boiler is a Vaillant.", "Ok, thanks.")
    for text in ("thanks", "Thank you!", "What is the capital of Peru?"):
        assert recall.tell(db, asked(text), CONFIG, roomy=True).retrieved == ""


def test_the_conversation_that_goes_on_is_not_recalled_into_itself(db):
    said_once(db, "The boiler is a Vaillant.", "Ok.", name="now")
    assert recall.tell(db, asked("Which boiler?"), CONFIG, roomy=True, without="now").retrieved == ""


def test_of_a_fact_that_shares_no_word_it_is_not_said_that_words_picked_it(db):
    for number, sentence in enumerate(["My car is red.", "The desk is oak.", "Ana plays the cello."], start=1):
        remember(db, number, sentence)
    told = recall.tell(db, asked("Cello?"), MemoryConfig(max_items=2))
    assert [(item.id, item.why) for item in told.items] == [
        ("f-2", ("newest of the rest",)),
        ("f-3", ("picked by the words of the question",)),
    ]


def test_what_the_prompt_holds_already_is_not_recalled_beside_it(db):
    said_once(db, "The boiler is a Vaillant.", "A good one.", name="now")
    said_once(db, "The boiler leaks when it is cold.", "Hm.", name="old")
    history = (
        {"role": "user", "content": "The boiler is a Vaillant."},
        {"role": "assistant", "content": "A good one."},
    )
    told = recall.tell(db, asked("Which boiler?", *history), CONFIG, roomy=True)
    assert "leaks when it is cold" in told.retrieved
    assert "Vaillant" not in told.retrieved and "A good one" not in told.retrieved


class Away:
    name = "away"

    def embed(self, texts, *, query=False):
        raise UserError("The embedder away gave nothing")


def test_an_embedder_that_is_away_leaves_recall_to_words(db):
    said_once(db, "The boiler is a Vaillant.", "Ok.")
    assert "Vaillant" in recall.tell(db, asked("Which boiler?"), CONFIG, roomy=True, embedder=Away()).retrieved


def test_an_open_contradiction_is_told_as_one(db):
    for number, place in ((1, "Rome"), (2, "Oslo")):
        facts.add(db, Fact(id=f"f-{number}", kind="fact", sentence=f"I live in {place}.", subject="user",
                           relation="home", object=place, source=(f"m-{number}",)))  # fmt: skip
    told = recall.tell(db, asked("Where do I live?"), CONFIG)
    assert "Not settled" in told.always and "Rome" in told.always and "Oslo" in told.always
    assert told.always.endswith(f"- {told.items[0].text}")


def test_the_budget_beside_the_question_holds(db):
    said_once(db, *[text for n in range(40) for text in (f"The boiler made noise number {n} again tonight.", "Hm.")])
    told = recall.tell(db, asked("What about the boiler noise?"), MemoryConfig(retrieved_tokens=150), roomy=True)
    assert 0 < len(told.retrieved) / 4 <= 150


def test_the_command_prints_what_would_be_sent_and_why(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))

    def run(*arguments):
        result = CliRunner().invoke(cli, [*arguments, "--json"], obj=Session(None))
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    run("memory", "add", "I live in Oslo.")
    run("memory", "add", "The server runs Debian.", "--project", "atlas")
    got = run("context", "Where do I live?")
    assert got["messages"][0]["content"] == got["always"] == "The person told you:\n- I live in Oslo."
    assert [(item["text"], item["place"]) for item in got["items"]] == [("I live in Oslo.", "always")]
    assert [left["why"] for left in got["left_out"]] == ["belongs to project atlas"]
