"""How little a ground may be laid on in tests."""

from nightschool.edit.lay import GroundSettings

LIGHT = GroundSettings(chats=80, general=200, unanswered=200, facts=12, contexts=6, rank=640)
"""Enough for two or three facts."""
