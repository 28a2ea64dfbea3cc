"""Why a lesson is where it is, put together from what the store holds of it."""

from __future__ import annotations

import sqlite3

from nightschool.records import Json, Lesson, to_json
from nightschool.store import conversations, lessons
from nightschool.store import judges as judging


def of(db: sqlite3.Connection, lesson: Lesson) -> Json:
    """Gather a lesson's history, the redacted words it rests on, signals and verdicts on its turns, and its rows."""
    from nightschool.redact import clean

    found = conversations.get(db, lesson.conversation_id)
    messages = clean(found).conversation.messages if found else ()
    words = {message.id: message for message in messages}
    said = [
        {"id": source, "author": words[source].author, "text": words[source].text}
        for source in lesson.source
        if source in words
    ]
    cited = set(lesson.source)
    opinions = [kept for kept in judging.opinions(db, controls=False) if kept.turn_id in cited]
    rows = {entry.hash[:12]: lessons.rows_teaching(db, entry.hash, lesson.id) for entry in lessons.datasets(db)}
    past = lessons.history(db, lesson.id)
    seen = [signal for signal in lessons.signals(db, lesson.conversation_id) if signal.turn_id in cited]
    return {
        "lesson": to_json(lesson),
        "history": [{"since": since, "state": one.state, "reason": one.reason} for since, one in past],
        "words": said,
        "signals": [to_json(signal) for signal in seen],
        "opinions": [
            {"judge": kept.opinion.judge, "scores": to_json(kept.opinion.scores), "reason": kept.opinion.reason}
            for kept in opinions
        ],
        "rows": {name: count for name, count in rows.items() if count},
    }
