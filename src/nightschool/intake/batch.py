"""What an importer hands over in one go: lines as they came, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nightschool.intake.lines import Skipped
from nightschool.store.conversations import View
from nightschool.store.originals import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Documents with the views that cite them; a view may cite documents of earlier batches too."""

    documents: tuple[Document, ...] = ()
    views: tuple[View, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One store of one program, opened."""

    program: str
    size: int
    """About how many batches will come."""
    batches: Iterator[Batch]
