"""The morning report as one HTML file that needs nothing else: no network, no script."""

from __future__ import annotations

import os
from pathlib import Path

from nightschool.errors import UserError
from nightschool.night import phrases, plot
from nightschool.night.report import Report
from nightschool.night.text import share

TEMPLATES = Path(__file__).parent / "templates"


def html(report: Report) -> str:
    """Set the report as a page."""
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    shown = {row.task for row in report.exam if row.moved}
    still = [row for row in report.exam if row.task not in shown]
    minutes, seconds = divmod(round(report.seconds), 60)
    return templates.get_template("report.html").render(
        report=report,
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        # The drawing is ours and escapes its own texts; everything else passes autoescape.
        drawing=plot.svg([row for row in report.exam if row.task in shown]) if shown else "",
        still=", ".join(dict.fromkeys(phrases.inside(row.label) for row in still)),
        still_drawing=plot.svg(still) if still else "",
        roles=plot.roles(report.exam),
        figure=plot.figure,
        share=share,
        took=f"{minutes} min {seconds} s" if minutes else f"{seconds} s",
    )


def body(report: Report) -> str:
    """Set the report as it stands inside a page that has a frame of its own."""
    return html(report).partition("<body>\n")[2].rpartition("</body>")[0]


def write(path: Path, page: str) -> None:
    """Write a page whole or not at all, readable by its owner alone; UserError where that cannot be."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        os.replace(partial, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}", hint="Name another file") from error
