"""Whether a person asks once more for what they had asked: who repeats a request did not get it."""

from __future__ import annotations

import re

from nightschool.curate.wording import STOPWORDS, content, digits, stem

GOES_ON = re.compile(
    r"(?i)\b(?:also|another|next|other|second|third|else|more|new|now|and (?:what|how|the|for)|too|different|instead"
    r"|similar|same for|und|auch|aussi|también|now (?:do|the))\b"
)
"""What tells that the words go on from the answer."""
_CHANGED_STATE = re.compile(
    r"(?i)\b(?:i|we)(?:'ve| have)? (?:just |now |already )?(?:edited|changed|updated|fixed|pushed|raised|added"
    r"|removed|installed|restarted|moved|uploaded|saved|mended)\b|\bmyself\b|\bonce more\b"
    r"|\bagain\b.{0,40}\b(?:wants?|try|tries|fun|please\?)"
)
_ASKS = (
    r"(?:how (?:much|many|long|far|often|big)|how|what|when|where|which|who|why|wie ?viele?|wie|wann|wo|was|où|quand"
    r"|combien|cuánto|dónde)"
)
_WISHES = re.compile(
    r"(?i)\b(?:i'?d like|i would like|i want|i need|what i (?:want|need)|could i (?:get|have|see))(?:'d like)?\b"
)
_MORE = re.compile(r"(?i)\b(?:also|another|next|else|as well|too|now)\b")


# "The children loved that hint" says the request's words over, and asks nothing.
TELLS = re.compile(
    r"(?i)^\W*(?:the |my |our |his |her )?(?!can\b|could\b|what|who|how|why|where|when|which)[\w'’-]+"
    r" (?:really |all |even )?"
    r"(?:love|like|lov|lik|hate|enjoy|use|us|laugh|want|work|help|need)(?:ed|d)\b(?!.*\?)(?!.*\bplease\b)"
)
_FOR_ME = re.compile(
    r"(?i)^\W*(?:(?:ok|and|but|yes|thanks)\W+)*(?:can|could|would|will) you (?:please |just )?(?:do|switch|turn|set"
    r"|run|make|open|change|start|put|send"
    r"|add|fix) (?:it|that|this|them)(?: (?:on|off|up|in))? (?:for me|please|yourself)\b|\b(?:can|could) you (?:say"
    r"|put|explain|write) (?:it|that|this)"
    r" (?:so|in a way|for|like)\b[^.]{0,40}\b(?:understand\w*|gets?|follow\w*|means?|year[- ]old|child|kid|layman"
    r"|beginner)\b"
)
# "The expenses in a table, please" asks for a thing in a form, and nothing before it was of that form.
_AS_WISHED = re.compile(
    r"(?i)^\W*the [\w'-]+(?: [\w'-]+){0,3} (?:in|as|into) (?:an? "
    r"|the )?[\w'-]+(?: [\w'-]+)?,? please\W*$"
)
_INSTRUCTS = re.compile(
    r"(?i)^\W*(?:you can|you could|to \w+|go to|open|click|select|run|use|type|just)\b"
    r"|\byou (?:can|could) (?:run|do|use|turn|set|open|execute)\b"
)
_FRAGMENT = re.compile(r"(?i)^\W*(?:the |a |an |just the )[\w' -]{4,50}\.(?: [\w' -]{2,30}\.)? please\W*$")


def wants_it_done(said: str, answer: str) -> bool:
    """Tell whether who was told how asks to have it done, or told more simply."""
    simpler = _FOR_ME.search(said)
    if simpler is None:
        return bool(_FRAGMENT.match(said))
    return bool(_INSTRUCTS.search(answer)) or "explain" in simpler[0].lower() or "so " in simpler[0].lower()


def repeats(said: str, asked: str, answer: str) -> bool:
    """Tell whether a few words hold nothing but words of the request: whoever repeats it did not get it."""
    now = content(digits(said))
    if not now or len(said.split()) > 7 or GOES_ON.search(said):
        return False
    return now <= content(digits(asked)) and not (now <= content(answer) and len(now) == 1 and "?" not in said)


def is_same(said: str, asked: str) -> bool:
    """Tell whether the last sentence is the request once more, word by word."""
    last = re.split(r"(?<=[.!])\s+", said.strip())[-1]
    return (
        last != said and len(content(last)) >= 2 and content(last) == content(asked) and not _CHANGED_STATE.search(said)
    )


def asks_again(said: str, asked: str, answer: str = "") -> bool:
    """Tell whether the words ask for what was asked before, without a new name or number in them."""
    if _CHANGED_STATE.search(said) or _of_another(said, asked) or TELLS.match(said):
        return False
    if wants_it_done(said, answer) or _AS_WISHED.match(said):
        return True
    last = re.split(r"(?<=[.!])\s+", said.strip())[-1]
    opens = re.match(rf"(?i){_ASKS}\b", last)
    again = opens and content(last) <= content(asked) and (len(content(last)) > 1 or opens[0].lower() in asked.lower())
    if last != said and content(last) and again:
        return True
    return _same_question(said, asked, answer)


def _of_another(said: str, asked: str) -> bool:
    """Whether both ask how something is, and not how the same: "how old" after "how tall"."""
    measured = [set(re.findall(r"\bhow ([a-z]{3,})\b", text.lower())) - STOPWORDS for text in (said, asked)]
    same = measured[0] & measured[1] or measured[0] | measured[1] <= {"much", "many"}
    return all(measured) and not same


def _same_question(said: str, asked: str, answer: str) -> bool:
    now, before = content(said), content(asked)
    shared = now & before
    alternatives = re.fullmatch(r"(?i)\W*(?:so\W+)?(\w+) or (\w+)\W*\?\W*", said)
    if alternatives and re.search(rf"(?i)\b{alternatives[1]}\b", asked) and re.search(r"(?i)\bor\b", asked):
        return True
    if not shared:
        return False
    if len(now) >= 2 and now == shared and "?" in said and not _MORE.search(said):
        return True
    # "interesting, but how do I cook it": who asks again behind a but did not get it.
    behind = re.match(
        r"(?i)\W*(?:[\w'’]+\W+){0,3}(?P<but>but|so|mais|aber|pero|ma|maar)\W+(?P<gap>(?:[\w'’]+\W+){0,5}?)"
        rf"(?P<ask>{_ASKS}|can|is|are|do|does|did|should|will|would)\b",
        said,
    )
    if (
        behind
        and (not behind["gap"] or re.search(r"\d", " ".join(shared)))
        and not re.search(r"(?i)\b(?:what about|if)\b", said)
    ):
        return True
    if GOES_ON.search(said):
        return False
    if re.search(rf"(?i)\b{_ASKS}\W*$", said) and len(said.split()) > 2:
        return True
    fresh = {stem(w.lower()) for w in re.findall(r"\b\d[\w.,]*|(?<=[\w,] )[A-Z][\w-]+", said)} - before
    if fresh:
        return False
    if len(now) == 1 and re.search(r"(?i)\b(?:please|pls|plz|bitte|por favor|s'il (?:te|vous) pla[iî]t)\W*$", said):
        return True
    if len(now) >= 2 and now == shared and re.search(r"(?i)\b(?:please|pls|plz|bitte)\W*$", said):
        return True
    bidden = re.match(r"(?i)\W*(?:can|could|would|will) you (?:please |just )?(\w+)\b", said)
    if bidden and len(now) <= 3 and content(bidden[1]) & content(asked.split(" ")[0]):
        return True
    share = len(shared) / len(now)
    if (len(shared) >= 2 and share >= 0.6) or (len(shared) >= 3 and share >= 0.5):
        return True
    if (
        re.search(r"(?i)\b(?:where|wo|où|dónde|when|wann)\b", said)
        and len(now - before) <= 1
        and (re.search(r"(?i)\b(?:where|wo|où|dónde|when|wann)\b", asked))
    ):
        return True
    # What goes on takes up a word of the answer; what asks again has only the request's.
    asks = "?" in said or _WISHES.search(said)
    return len(shared) >= 2 and share >= 0.4 and bool(asks) and not now & (content(answer) - before)
