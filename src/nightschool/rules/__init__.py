"""Turn a person's preference sentence into a rule that can be checked, and check answers with it.

Pure. Two readings are loose on purpose: "short" is six words on one line, and "one word" or "only the answer" is a
bare value, so that a list of three or a number with its unit passes and a sentence does not.
"""

from nightschool.rules.answer import applies, follows, is_request, same_tool
from nightschool.rules.wish import parse, slot
from nightschool.rules.words import BARE, LONG, SHORT, TOPICS

__all__ = ["BARE", "LONG", "SHORT", "TOPICS", "applies", "follows", "is_request", "parse", "same_tool", "slot"]
