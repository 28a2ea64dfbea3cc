"""The pages in a real browser, Debian's Chromium; what they do without one is in `test_pages`.

NIGHTSCHOOL_BROWSER names the browser where it is not found by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time

import pytest

from nightschool.config import Config
from nightschool.night.lock import only_one
from nightschool.night.pacing import Standing
from nightschool.records import to_json
from nightschool.serve import pages
from nightschool.serve.app import app
from nightschool.store import facts, lessons, nights, versions
from nightschool.store.database import open_database
from tests.serve import furnished
from tests.serve.echo import served
from tests.serve.test_pages import Talker

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = os.environ.get("NIGHTSCHOOL_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here; `apt-get install chromium`")

SHOWN = ("/", "/nights", "/facts", "/lessons", "/versions", "/questions", "/chat", "/doctor", "/versions/v-0002")
NAMELESS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, [role=img]')]
  .filter((it) => !(it.textContent.trim() || it.ariaLabel || it.labels?.length || it.querySelector('title')))
  .map((it) => it.outerHTML.slice(0, 120))"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as library:
        browser = library.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def full(home):
    return furnished.furnish(home)


@pytest.fixture
def address(home, full):
    with served(app(home, Config(), Talker(), pages=pages.routes)) as url:
        yield url


@pytest.fixture
def tab(chromium, address, request):
    """A page whose every complaint and foreign request fails the test."""
    context = chromium.new_context(**getattr(request, "param", {"viewport": {"width": 900, "height": 800}}))
    page = context.new_page()
    page.set_default_timeout(15_000)
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
    yield page
    context.close()
    assert wrong == []


def state(home, ask):
    with open_database(home.database) as db:
        return ask(db)


LOOKS = (
    {"viewport": {"width": 900, "height": 800}, "color_scheme": "light"},
    {"viewport": {"width": 900, "height": 800}, "color_scheme": "dark"},
    {"viewport": {"width": 360, "height": 700}, "color_scheme": "light"},
)


@pytest.mark.parametrize("tab", LOOKS, indirect=True, ids=["light", "dark", "narrow"])
def test_every_page_fits_names_everything_and_complains_of_nothing(tab, address, full):
    for path in (*SHOWN, f"/conversations/{full['conversation']}"):
        tab.goto(address + path)
        over = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{path} is {over} pixels too wide"
        assert tab.evaluate(NAMELESS) == [], path
        assert tab.locator("h1").count() == 1, path


def test_facts_are_found_while_typing_changed_and_given_back(tab, address, home):
    tab.goto(f"{address}/facts")
    tab.get_by_label("Search").press_sequentially("peanu")
    playwright.expect(tab.get_by_text("1 found")).to_be_visible()
    tab.get_by_role("link", name="I am allergic to peanuts.").click()
    tab.get_by_label("In other words").fill("I am allergic to walnuts.")
    tab.get_by_role("button", name="Change", exact=True).click()
    playwright.expect(tab.get_by_role("status")).to_contain_text("Changed: I am allergic to walnuts.")
    tab.get_by_role("button", name="Undo").click()
    playwright.expect(tab.get_by_role("link", name="I am allergic to peanuts.")).to_be_visible()
    assert "I am allergic to walnuts." not in state(home, lambda db: [fact.sentence for fact in facts.live(db)])


def test_a_fact_is_told_and_forgotten(tab, address, home):
    tab.goto(f"{address}/facts")
    tab.get_by_label("One sentence").fill("I keep bees.")
    tab.get_by_role("button", name="Remember").click()
    tab.get_by_role("link", name="I keep bees.").click()
    tab.get_by_role("button", name="Forget").click()  # the browser asks for the box first
    tab.get_by_label("Forget it for good").check()
    tab.get_by_role("button", name="Forget").click()
    playwright.expect(tab.get_by_role("status")).to_contain_text("Forgotten")
    assert tab.get_by_text("I keep bees.").count() == 0


def test_the_source_of_a_lesson_is_one_click_away(tab, address, full):
    tab.goto(f"{address}/lessons/l-1")
    tab.get_by_role("link", name="Said in").click()
    playwright.expect(tab.locator(f"[id='{full['message']}']")).to_be_in_viewport()


def test_lessons_are_kept_revised_dropped_and_each_is_taken_back(tab, address, home):
    tab.goto(f"{address}/lessons")
    tab.get_by_role("button", name="Keep").click()
    playwright.expect(tab.get_by_role("status")).to_contain_text("Kept: Call me Captain")
    tab.get_by_role("button", name="Undo").click()
    playwright.expect(tab.get_by_role("link", name="Call me Captain")).to_be_visible()
    tab.get_by_role("link", name="Call me Captain").click()
    tab.get_by_label("The lesson").fill("Call me Skipper when you answer.")
    tab.get_by_role("button", name="Keep it so").click()
    assert state(home, lambda db: lessons.get(db, "l-1").text) == "Call me Skipper when you answer."
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_role("button", name="Drop").first.click()
    assert state(home, lambda db: lessons.get(db, "l-1").state) == "dropped"


def test_one_click_rolls_back_and_one_undoes_that(tab, address, home):
    tab.goto(address)
    tab.get_by_role("button", name="Bring v-0001 back").click()
    playwright.expect(tab.get_by_role("status")).to_contain_text("v-0001 answers now")
    assert state(home, lambda db: versions.pointer(db, "champion")) == "v-0001"
    tab.get_by_role("button", name="Undo").click()
    playwright.expect(tab.get_by_role("status")).to_contain_text("v-0002 answers now")


def test_a_running_night_is_followed_paused_and_seen_to_its_end(tab, address, home):
    run = "r-20991122-010000-cccc"
    state(home, lambda db: nights.begin(db, run=run, started=time.time(), champion="v-0002"))
    folder = home.runs / run
    folder.mkdir()

    def at(**fields):
        (folder / "partial").write_text(json.dumps(to_json(Standing(**fields))))
        (folder / "partial").rename(folder / "progress.json")

    held, over = threading.Event(), threading.Event()

    def hold():
        with only_one(home.lock):
            held.set()
            over.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        at(stage="Training", done=30, total=120)
        tab.goto(f"{address}/nights")
        bar = tab.get_by_role("progressbar")
        assert bar.get_attribute("value") == "30"
        at(stage="Training", done=90, total=120)
        playwright.expect(bar).to_have_attribute("value", "90")
        at(stage="Examining", done=1, total=400, finished=("Training: version v-0003, 61.0 s",))
        playwright.expect(tab.get_by_text("Training: version v-0003")).to_be_visible()
        tab.get_by_role("button", name="Pause").click()
        playwright.expect(tab.get_by_role("heading", name="A night is paused")).to_be_visible()
        assert home.pause.exists()
        tab.locator("#tonight").get_by_role("button", name="Go on").click()
        playwright.expect(tab.get_by_role("heading", name="A night is running")).to_be_visible()
        assert not home.pause.exists()
    finally:
        over.set()
        thread.join()
    playwright.expect(tab.get_by_text("No night is running")).to_be_visible()


def test_two_versions_answer_side_by_side_with_what_memory_told(tab, address):
    tab.goto(f"{address}/chat")
    tab.get_by_label("Beside it").select_option("base")
    tab.get_by_label("Your question").fill("What am I allergic to?")
    tab.keyboard.press("Enter")
    playwright.expect(tab.get_by_text("base: you said What am I allergic to?")).to_be_visible()
    playwright.expect(tab.get_by_text("champion+memory: you said")).to_be_visible()
    tab.get_by_text("Memory told it").click()
    playwright.expect(tab.get_by_text("I am allergic to peanuts.")).to_be_visible()
    tab.get_by_label("Your question").fill("And now?")
    tab.get_by_role("button", name="Ask").click()
    playwright.expect(tab.get_by_text("base: you said And now?")).to_be_visible()


def test_the_keyboard_alone_reaches_the_content_and_every_place(tab, address):
    tab.goto(f"{address}/lessons")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    names = []
    for _ in range(8):
        tab.keyboard.press("Tab")
        names.append(tab.evaluate("document.activeElement.textContent"))
    assert names == [name for _, name in pages.paper.PLACES]
    tab.keyboard.press("Tab")
    for _ in range(6):
        tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Keep"
    tab.keyboard.press("Enter")
    playwright.expect(tab.get_by_role("status")).to_contain_text("Kept")


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_everything_works_without_a_script(tab, address, home):
    tab.goto(f"{address}/facts")
    tab.get_by_label("Search").fill("peanuts")
    tab.get_by_role("button", name="Search").click()
    playwright.expect(tab.get_by_text("1 found")).to_be_visible()
    tab.goto(f"{address}/lessons")
    tab.get_by_role("button", name="Keep").click()
    tab.get_by_role("button", name="Undo").click()
    assert state(home, lambda db: lessons.get(db, "l-1").state) == "asked"
    tab.goto(f"{address}/chat")
    tab.get_by_label("Your question").fill("Who are you?")
    tab.get_by_role("button", name="Ask").click()
    playwright.expect(tab.get_by_text("you said Who are you?")).to_be_visible()
