"""Take secrets and contact data out of what is learnt from: mask, look again, drop what is unsure."""

from nightschool.redact.conversation import Cleaned, clean
from nightschool.redact.found import Found
from nightschool.redact.scan import Redacted, redact
from nightschool.redact.second import is_clean

__all__ = ["Cleaned", "Found", "Redacted", "clean", "is_clean", "redact"]
