"""Measure the pages with 10,000 facts and 1,000 nights: `python -m tests.serve.paint` prints one JSON document.

Time to the first contentful paint in Chromium and time to the whole answer over HTTP, medians of five loads.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from nightschool.config import Config, Home
from nightschool.records import Fact
from nightschool.serve import pages
from nightschool.serve.app import app
from nightschool.store import facts
from nightschool.store.database import open_database, transaction
from tests.serve import furnished
from tests.serve.echo import Echo, served, until

PLACES = ("/", "/nights", "/facts", "/facts?q=boat", "/lessons", "/versions", "/versions/v-0002", "/chat")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LOADS = 5


def filled(folder: Path, count: int, past: int) -> Home:
    """A home of that size."""
    home = Home(folder / "home").create()
    furnished.furnish(home, past=past)
    with open_database(home.database) as db, transaction(db):
        for number in range(count):
            text = f"My boat number {number} lies in harbour {number % 97}."
            facts.add(db, Fact(id=f"f-x{number}", kind="fact", sentence=text, known_from=1.7e9 + number))
    return home


def measured(url: str) -> dict[str, dict[str, float]]:
    """Medians in milliseconds for each place."""
    from playwright.sync_api import sync_playwright

    browser = os.environ.get("NIGHTSCHOOL_BROWSER") or shutil.which("chromium")
    found: dict[str, dict[str, float]] = {}
    with sync_playwright() as library:
        page = library.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page()
        for _ in range(LOADS):
            page.goto("data:text/html,<p>One line")
            floor = until(lambda: page.evaluate(PAINT))
        found["one line, no server"] = {"first_paint_ms": round(floor, 1)}
        for place in PLACES:
            paints, answers = [], []
            for _ in range(LOADS):
                page.goto(url + place)
                paints.append(until(lambda: page.evaluate(PAINT)))
                began = time.perf_counter()
                urllib.request.urlopen(urllib.request.Request(url + place, headers={"accept": "text/html"})).read()
                answers.append(1000 * (time.perf_counter() - began))
            found[place] = {
                "first_paint_ms": round(statistics.median(paints), 1),
                "answer_ms": round(statistics.median(answers), 1),
            }
    return found


def main() -> None:
    """Measure and print."""
    count, past = (int(word) for word in (sys.argv[1:] or ["10000", "1000"]))
    with tempfile.TemporaryDirectory() as folder:
        home = filled(Path(folder), count, past)
        with served(app(home, Config(), Echo(), pages=pages.routes)) as url:
            print(json.dumps({"facts": count, "nights": past, "loads": LOADS, "pages": measured(url)}, indent=1))


if __name__ == "__main__":
    main()
