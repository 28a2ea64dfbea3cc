"""How a person's words stand to the request and to the answer: against them, once more, or taking them up.

Pure, and without any word of praise or complaint: "ten, they're decapods" after "eight legs" corrects, "chilled
it, and they kept their shape" after "chill the dough" accepts. Words that only go on say nothing here.
"""

from __future__ import annotations

import re

from nightschool.curate.verdicts.reasked import GOES_ON
from nightschool.curate.wording import content, digits

_NUMBER = r"(?:\b[A-Z])?\d+(?:[.,:]\d+)?"
HARMLESS_NOT = re.compile(
    r"(?i)\b(?:no (?:problem|worries|issues?|errors?|more|longer|complaints?|need|changes?|edits?|comments?|doubt"
    r"|idea why|trouble|rush|hurry|\w+ (?:needed|required|necessary))|not (?:bad|a (?:single|\w+ (?:since|left))|one"
    r"|only|even|to mention)|without|couldn'?t (?:be|have|ask|remember|think)|can'?t (?:fault|complain|believe|thank)"
    r"|didn'?t (?:have to|need to|change|touch|alter|edit)|did not (?:have to|need to|change|touch)|don'?t (?:change"
    r"|touch) (?:a|it|anything)|never before|like never|why not|wouldn'?t change|nothing to|nobody (?:touched|noticed)"
    r"|since then no)\b"
)
_NOT = re.compile(
    r"(?i)\b(?:not|never|no|none|nothing|nope|nah|kein\w*|nicht|pas|jamais|nunca|não|non|niet|geen)\b|n[’']t\b"
    r"|\b(?:do|does|did|is|was|were|are|wo|ca|could|would|should|has|have|had|ai)nt\b"
)
FAULT = re.compile(
    r"(?i)\b(?:but|though|tho|however|except|still|worse|wrong|broken?|breaks|crash\w*|fail\w*|errors?|throws|missing"
    r"|lost|gone missing|blurry|ugly|unreadable|illegible|crooked|misaligned|garbled|cut off|clipped|empty|blank|stuck"
    r"|slower|useless|half|sadly|unfortunately|instead|aber|leider|mais|pero|ma|(?:sounds?|looks?|reads?"
    r"|feels?) (?:like"
    r"|as if)|too \w+|(?:same|another) (?:error|problem|issue|thing)|in vain|(?:is|are|was|were|'s|'re|got|get"
    r"|gets) (?:all |now |just |exactly )?(?:swapped|reversed|inverted|mirrored"
    r"|duplicated|doubled|mixed up|jumbled|scrambled|transposed|upside down|back to front|backwards)|(?:deserves?"
    r"|could be) better"
    r"|in the (?:bin|trash)|down the (?:drain|sink)|needs? (?:work|to|a)|is off)\b"
)
"""What takes a taken advice back again."""

_CLASSED = re.compile(
    r"(?i)^\W*(?:(?:er|um|hm+|but|ähm|äh|no|well)\W+)?(?P<what>(?!i\b|my\b|our\b|we\b|it\b|that\b|this\b|he\b"
    r"|she\b|they\b"
    r"|what\b|who\b|where\b|how\b|the (?:rest|other|first|second)\b)[\w'’-]+(?: [\w'’-]+)?) (?:is|was|are|were|ist|war"
    r"|est|es) (?:an? |the |by |from |in |ein |eine )?(?P<class>[\w'’-]+)"
)
_TONGUE = re.compile(
    r"(?i)^\W*(?:but |aber )?(?:das|that|this|it|dit|c)['’ ]?(?:is|s|ist|est) (?:english|german|danish"
    r"|dutch|french"
    r"|spanish|italian|swedish|norwegian|englisch|deutsch|dänisch|niederländisch|französisch|spanisch|duits|engels)\W*$"
)
_WORTH = re.compile(
    r"(?i)^(?:good|fine|great|nice|ok|okay|perfect|lovely|right|correct|better|best|fun\w*|clear|enough|done"
    r"|very|so|too"
    r"|really|also|now|not|just|more|on|at|for|why|how|what|where|there|here|cheap\w*|interesting|my|our|cool"
    r"|cute|close\w*)$"
)
_PAST = {
    "took": "take", "went": "go", "ran": "run", "bought": "buy", "held": "hold", "made": "make", "gave": "give",
    "sent": "send", "wrote": "write", "ground": "grind", "reground": "regrind", "wound": "wind", "bent": "bend",
    "hung": "hang", "kept": "keep", "left": "leave", "fed": "feed", "froze": "freeze", "chose": "choose", "put": "put",
    "cut": "cut", "set": "set", "built": "build", "slid": "slide", "tore": "tear", "drew": "draw", "told": "tell",
    "shook": "shake", "stuck": "stick", "swept": "sweep", "found": "find", "drove": "drive", "dug": "dig",
    "lit": "light",
}  # fmt: skip
_MEASURING = re.compile(
    r"(?i)\b(?:my|the|his|her|our|another|other) (?:other )?(?:watch|phone|app|scales?|clock|gps|thermometer|bot"
    r"|gpt|chatgpt|alexa|siri|google"
    r"|meter|tracker|car|oven) (?:shows?|says?|said|reads?|told|thinks?)\b"
)
"""What something else makes of it: a comparison, and no verdict yet."""
_TRIED = {
    "tried", "used", "took", "did", "applied", "followed", "ordered", "bought", "got", "installed", "had", "put",
    "went",
}  # fmt: skip


def denies(said: str) -> bool:
    """Tell whether the words negate anything, set phrases of content aside."""
    return bool(_NOT.search(HARMLESS_NOT.sub(" ", said)))


def weight(said: str, asked: str, answer: str) -> float:
    """Weigh what in the words contradicts the answer or holds the request against it."""
    found = _contradicts(said, asked, answer) + _insists(said, asked, answer) + _classed(said, asked, answer)
    found += 1.0 if _left_out(said, asked, answer) else 0.0
    return found + (0.0 if "?" in said else _differs(said, asked, answer))


def takes_up(said: str, asked: str, answer: str) -> bool:
    """Tell whether the words take up what the answer proposed: named with joy or thanks, or done."""
    if denies(said) or FAULT.search(said):
        return False
    first = re.split(r"[?]", said)[0]
    if "?" in said and re.match(r"(?i)\W*(?:did|had|got)\b", first) and not re.search(r"[.!;]\s", first):
        # "did the config change?" asks.
        return False
    return _cheers(said, asked, answer) or _names_it(first, asked, answer) or _did_so(first, asked, answer)


def _cheers(said: str, asked: str, answer: str) -> bool:
    """Whether a proposal is called out with a yes: "Crumb! Yes!"."""
    now = content(re.sub(r"(?i)\b(?:yes+|ja|oui|sí|sì|sim|yay|wow|oh|ha(?:ha)*)\b", " ", said))
    cheers = re.search(r"(?i)\b(?:yes+|ja|oui|sí|sì|sim|yay|wow)\b", said) and "!" in said and "?" not in said
    return bool(cheers and now and now <= content(answer) - content(asked))


def _names_it(said: str, asked: str, answer: str) -> bool:
    """Whether a proposal is named first, then thanked for, used, or called what was sought."""
    found = re.match(
        r"(?i)\W*(?:(?:ha(?:ha)*|ah+|oh+|yes+|ok|ja|oui|sí|well)\W+)*(?P<what>[^.,;!?\n=]{2,40}?)(?:"
        r"[!.,]+\s*(?:of course\b|thank|thanks|cheers|ta\b|danke|merci|gracias|voilà|eso\b|yes\b|ja\b|exactly|genau"
        r"|(?:that'?s|c'est|es ist|das ist|it'?s) (?:it\b|the |le |la |das |what )|(?:printing|using|taking|ordering"
        r"|registering|painting|sending|posting|going with|booking|stealing|trying) (?:it|that|this|them|one)\b)"
        r"| (?:it is|it was|to the rescue|made it (?:into|onto|on)|won|was the (?:one|word|trick|culprit|answer))\b"
        r"|, (?:i |we |they |everyone )?(?:love|loves|adore)s? (?:it|that|this|them)\b|, (?:the )?\w+ (?:is"
        r"|are) (?:ordered|booked|bought|printed"
        r"|on (?:its|the|their) way|painted|signed)\b)",
        said,
    )
    named = content(found["what"]) if found else set()
    return bool(named) and named <= content(answer) and bool(named - content(asked) or named & content(answer))


def confirms_cause(said: str, asked: str, answer: str) -> bool:
    """Tell whether what the answer suspected is told to have been it: "yes, it was the fuse"."""
    found = re.match(
        r"(?i)\W*(?:(?:yes+|yep|yeah|yup|indeed|ha|ah|oh|ja|oui|sí|sì|sim)\W+)*(?:and )?(?:it|that"
        r"|this)? ?(?:really |indeed |actually |only )?"
        r"(?:was|were|had been|war|es war|era|c'était|est|lag an)(?: at| on| in)? (?:just |only )?(?:the |my |our "
        r"|a |an |el |la |der |die |das |le )?"
        r"(?P<what>[\w'’-]+(?: [\w'’-]+)?)",
        said,
    )
    if found is None or "?" in said[: found.end() + 1] or denies(said) or FAULT.search(said):
        return False
    if re.match(r"(?i)\W*that ", said) and found["what"][0].isupper():
        # "that was Maj" tells who, and blames or frees nobody.
        return False
    number = re.match(r"\d[\d.,:]*", said[found.start("what") :])
    if number and number[0].rstrip(".,:") not in re.findall(r"\d[\d.,:]*\d|\d", answer):
        return False
    named = content(found["what"])
    opens = found["what"].split()[0].lower()
    return bool(named & (content(answer) - content(asked))) and opens not in ("not", "wrong", "too", "bad", "worse")


def _did_so(said: str, asked: str, answer: str) -> bool:
    """Whether the person did what was advised and tells what came of it: "chilled it, and they kept their shape"."""
    found = re.match(
        r"(?i)\W*(?:(?:ok|yes|thanks|so|and|well|right)\W+)*(?:(?:i|we|just|finally|then|i've|we've) )*"
        r"(?P<verb>[a-z]+)\b(?P<rest>[^\n]*)",
        said,
    )
    if found is None:
        return False
    verb, rest = found["verb"].lower(), found["rest"]
    advised = {word for word in re.findall(r"[^\W\d_]+", answer.lower()) if len(word) > 2}
    base = _PAST.get(verb, verb[:-2] if verb.endswith("ed") else "")
    base = base[:-1] if len(base) > 3 and base[-1] == base[-2] else base
    did = bool(base) and any(word.startswith(base[:6]) and len(word) <= len(base) + 4 for word in advised)
    used = verb in _TRIED and bool(content(rest) & content(answer) - content(asked))
    tells = re.search(
        r"(?i)[,.;:]\s*(?:and )?\S+|\band (?:it|they|now|she|he|the|no)\b|\b(?:since|today|yesterday|this morning"
        r"|last night)\b",
        rest,
    )
    asks = re.search(r"(?i)^\W*(?:it|that|them|this)?\W*(?:now|next|how|what|where|when|can|could)\b", rest)
    return (did or used) and bool(tells) and not asks


def _classed(said: str, asked: str, answer: str) -> float:
    """What the answer brought in, called something that it did not say: "Tosca is Puccini" after "Aida and Tosca"."""
    if re.search(r"[?,]|\bbtw\b|\bby the way\b", said) or len(said.split()) > 8:
        return 0.0
    if _TONGUE.search(said):
        return 1.0
    found = _CLASSED.search(said)
    if found is None or _WORTH.match(found["class"]) or _WORTH.match(found["what"].split()[-1]):
        return 0.0
    named, given, wished = content(found["what"]), content(answer), content(asked)
    fresh = content(found["class"]) - given
    if not (
        found["class"][:1].isupper()
        or re.search(r"(?i) (?:an?|the|by|from|in|ein|eine) $", said[: found.start("class")])
    ):
        # "Tosca is Puccini", "parmesan is a cheese"; "the sign is up" only tells how things stand.
        return 0.0
    return 1.0 if named and named <= given - wished and fresh else 0.0


def _contradicts(said: str, asked: str, answer: str) -> float:
    """Another number put against one of the answer's: "its 5000. 8000 is gunicorn"."""
    if _names_another(said, answer):
        return 1.0
    numbers = set(re.findall(_NUMBER, said))
    given = set(re.findall(_NUMBER, answer))
    if _MEASURING.search(said) or _as_good_as(numbers, given):
        return 0.0
    states = re.search(
        r"(?i)\b(?:i (?:get|got|make it|make|come out at|end up (?:at|with)|count|have)|comes? to|it'?s|its|it is"
        r"|that'?s|is|are|makes|says?|shows?|reads?"
        r"|läuft|ist|est|es|são"
        r"|sono)\s+(?:actually |rather |really "
        r"|the |about |around |roughly |only |exactly |more like |um )?[€$£]?(?-i:[A-Z])?\d",
        said,
    )
    if states and re.match(r"(?i)(?:is|are|says?|shows?|reads?|makes)\b", states[0]):
        # "the limit is 1,500" of a count tells of something else; "the port is 5000" of a port does not.
        of = re.search(r"([^\W\d_][\w'’-]*)\s+$", said[: states.start()])
        known = (
            content(asked)
            | content(answer)
            | {"answer", "correct", "right", "real", "actual", "number", "result", "sum", "total"}
        )
        if of and content(of[1]) and not content(of[1]) & known and not re.search(r"(?i)\bnot?\b|n't|actually", said):
            return 0.0
    if states and numbers - given and given and re.match(r"(?i)i (?:get|got|make|come|count|end)\b", states[0]):
        return 1.0
    equated = re.search(rf"({_NUMBER})(?: [^\W\d]+)? (?:is|are|=|makes) (?:about |only )?({_NUMBER})", said)
    if equated and equated[1] in digits(asked) and equated[2] not in given and given:
        return 1.0
    if states and numbers - given and numbers & given:
        return 0.6
    if states and numbers - given and given and len(said.split()) <= 6:
        return 1.0
    if states and numbers - given and numbers & set(re.findall(r"\d+", digits(asked))):
        return 1.0
    return 0.3 if states and numbers - given else 0.0


def _as_good_as(numbers: set[str], given: set[str]) -> bool:
    """Whether two numbers differ by no more than rounding does: 8.1 and 8.05."""

    def values(texts: set[str]) -> list[float]:
        return [float(text.replace(",", ".")) for text in texts if re.fullmatch(r"\d+(?:[.,]\d+)?", text)]

    told, known = values(numbers - given), values(given)
    rounded = any("." in text or "," in text for text in numbers | given)
    return rounded and bool(told and known) and all(any(abs(a - b) <= 0.01 * b for b in known) for a in told)


def _names_another(said: str, answer: str) -> bool:
    """Whether something is called the right one that the answer does not hold: "1932 actually"."""
    found = re.search(
        r"(?i)^\W*(?:the )?([\w().'-]+)(?: [a-z]+)?,? actually\b(?! (?:make|can|could|i|it|that|we|no|yes|let))"
        r"|([\w().-]+) is what (?:i|we) (?:actually |really )?(?:needed|wanted|meant|asked for|was after|need|want)\b",
        said,
    )
    word = (found[1] or found[2]).lower().strip("().'") if found else ""
    plain = {"that", "this", "it", "which", "yes", "no", "ok", "okay", "exactly", "well", "oh", "and", "i", "hm", "so"}
    return bool(word) and word not in plain and word not in answer.lower()


def _differs(said: str, asked: str, answer: str) -> float:
    """A number, a count or a kind put in place of the answer's, or a name of the request that the answer lacks."""
    if GOES_ON.search(said) or len(said.split()) > 16:
        return 0.0
    opens = re.match(
        rf"\W*(?:(?:no|nope|nah|er|um|hm|nein|non)\W+)?({_NUMBER})[ ]?(?:%|€|[A-Za-z°]{{1,3}}\b)?"
        r"(?=\s*(?:[.,;:!](?!\d)|$)|\s+(?:here|not|nicht|pas|i (?:said|corrected|meant|asked)|please)\b)",
        digits(said),
    )
    given = set(re.findall(_NUMBER, digits(answer)))
    if (opens and given and opens[1] not in given) or _other_unit(digits(said), digits(answer)):
        return 1.0
    shows = re.match(
        r"(?i)\W*(?:(?:but|hm|er|well)\W+)?(?:that|this|it|these|those|you)(?:['’]?(?:s|re)| is| are| was| were)\b"
        r"|\W*\w+ of (?:those|them|these)\b|\W*das (?:ist|sind|war)\b|\W*c'est\b",
        said,
    )
    if shows and (_counted(said, asked) or _other_kind(said, asked) or _named_twice(said, asked)):
        return 1.0
    bare = re.fullmatch(
        rf"\W*(?:this|that|these|those)(?:['’]?s| is| are) (?:only |still )?({_NUMBER})\W*", digits(said)
    )
    wished = set(re.findall(_NUMBER, re.sub(r"(?i)\bone\b", "1", digits(asked))))
    if bare and wished and bare[1] not in wished:
        return 1.0
    if _restates(said, asked, answer):
        return 1.0
    return 1.0 if _missing_name(said, asked, answer) or _another_name(said, asked, answer) else 0.0


def _restates(said: str, asked: str, answer: str) -> bool:
    """Whether the words open with a part of the request that the answer does not hold: "tuesday. not ..."."""
    opening = re.match(r"\W*([^.,;:!?\n]{2,40})[.,;!]\s+\S", said)
    if opening is None or len(opening[1].split()) > 4:
        return False
    words = content(opening[1])
    if len(words) == 1 and not re.search(rf"(?i)\b{re.escape(opening[1].strip().split()[-1])}\b", asked):
        # "rescued." after "how do I rescue it" tells the end.
        return False
    return bool(words) and words <= content(asked) and not words & content(answer)


def _left_out(said: str, asked: str, answer: str) -> bool:
    """Whether a thing of the request that the answer lacks is asked for, or one that it holds comes "again"."""
    wanted = re.fullmatch(
        r"(?i)\W*(?:and|but) (?:what about |where(?:['’]s| is) )?(?:the |my |our )(\w+)\W*\?\W*", said
    )
    if wanted and content(wanted[1]) and content(wanted[1]) <= content(asked) - content(answer):
        return True
    sought = re.fullmatch(r"(?i)\W*(?:and |but |so )?where(?:['’]s| is| are) (?:the |my |our )?(\w+)(?: \w+)?\W*", said)
    if sought and content(sought[1]) and content(sought[1]) <= content(asked) - content(answer):
        return True
    again = re.match(r"(?i)\W*([\w-]+) again\b(?!.*\?)", said)
    return bool(again and content(again[1]) and content(again[1]) <= content(answer) - content(asked))


def _another_name(said: str, asked: str, answer: str) -> bool:
    """Whether a name alone is put against the answer's, where the question was who or what it is called."""
    if not re.match(
        r"(?i)\W*(?:who|wer|qui|quién|chi|wie (?:heißt|heisst)|(?:what(?:['’]s| is| was) )?(?:the )?(?:capital|name"
        r"|author|composer|painter"
        r"|president|inventor|currency|director|singer|hauptstadt|autor|capitale|capital) (?:of|von|de|di)"
        r"|what(?:['’]s| is) the (?:capital|name))\b",
        asked,
    ):
        return False
    named = re.match(r"\W*(?:[Nn]o,? )?([A-ZÄÖÜÉ][\w-]+(?: [A-ZÄÖÜ][\w-]+)*)(?=[,.!]|\W*$)", said)
    known = re.compile(
        r"(?i)(?:thanks?|thank|danke|merci|gracias|great|perfect|ok|okay|yes|oh|ah|wow|cool|nice|really|super|hm+)\b"
    )
    return bool(named and not known.match(named[1]) and not content(named[1]) & (content(answer) | content(asked)))


_UNITS = (
    r"(seconds?|minutes?|hours?|days?|weeks?|months?|years?|mm|cm|met(?:er|re)s?|km|miles?|grams?|kg|g|ml|lit(?:er"
    r"|re)s?|drops?|cups?|spoons?"
    r"|teaspoons?|tablespoons?|percent|degrees?|kb|mb|gb|tb|euros?|dollars?|pounds?)"
)


def _other_unit(said: str, answer: str) -> bool:
    """Whether a number of the answer is said again with another unit: "16 hours" after "16 minutes"."""

    def measured(text: str) -> dict[str, str]:
        return {number: unit.rstrip("s") for number, unit in re.findall(rf"({_NUMBER}) ?{_UNITS}\b", text.lower())}

    given = measured(answer)
    return any(number in given and given[number] != unit for number, unit in measured(said).items())


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")


def _counted(said: str, asked: str) -> bool:
    """Whether a thing of the request is counted otherwise: "that's four lines" of "one line"."""

    def counts(text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        pattern = rf"\b({_NUMBER}|one|{'|'.join(_ORDINALS)})[ -]([a-z]{{3,}})"
        for number, noun in re.findall(pattern, digits(text.lower())):
            found.setdefault(noun.rstrip("s"), set()).add(number.replace("one", "1"))
        return found

    wished = counts(asked)
    return any(noun in wished and not numbers & wished[noun] for noun, numbers in counts(said).items())


def _other_kind(said: str, asked: str) -> bool:
    """Whether the answer is told to be by, in or for something else than the request: "this is by name"."""
    for link, word in re.findall(
        r"\b(by|in|for|from|about|at|under|without) (?:the |a |an )?([a-z]{3,})", said.lower()
    ):
        wished = re.findall(rf"\b{link} (?:the |a |an )?([a-z]{{3,}})", asked.lower())
        if len(said.split()) <= 7 and wished and word not in asked.lower():
            return True
    return False


def _named_twice(said: str, asked: str) -> bool:
    """Whether the answer is called one thing and what was asked for another: "that's for weekdays, sundays it's 9"."""
    halves = re.split(r"[.,;:]\s+", said.strip(" .!"), maxsplit=1)
    if len(halves) < 2 or re.search(r"(?i)\b(?:good|great|right|fine|perfect|one|it|what|why|how|all|ok)\b", halves[0]):
        return False
    stems = {word[:5] for word in content(asked) if len(word) > 2}
    second = {word[:5] for word in content(halves[1])}
    copula = re.search(r"(?i)\b(?:is|are|it'?s|ist|sind|est|es|means?)\b", halves[1])
    return bool(copula and (stems & second) - {word[:5] for word in content(halves[0])})


def _missing_name(said: str, asked: str, answer: str) -> bool:
    """Whether the words say again a name of the request that the answer does not hold: "his name is Kwame"."""
    if len(said.split()) > 8:
        return False
    names = {name.lower() for name in re.findall(r"(?<=[\w,] )[A-ZÄÖÜ][\w-]+", asked)}
    says = re.search(r"(?i)\b(?:name|called|it|that|this|he|she|they)(?:['’]?s| is| was)? ([\w-]+)\W*$", said)
    return bool(says) and says is not None and says[1].lower() in names and says[1].lower() not in answer.lower()


def _insists(said: str, asked: str, answer: str) -> float:
    """A word of the request shouted, or a few of its words put against what was done instead."""
    shouted = {word.lower() for word in re.findall(r"\b[A-Z]{4,}\b", said)} if not said.isupper() else set()
    if re.search(r"\b(?:WHERE|WHAT|WHICH|WHEN|WHO|HOW|WHY)\b", said) and content(said) & content(asked):
        return 1.0
    called = re.match(r"\W*([\w-]+)!!", said)
    if called and called[1].lower() in asked.lower() and called[1].lower() not in answer.lower():
        return 1.0
    if "!" in said and len(said.split()) <= 3:
        shouted |= {word.lower() for word in re.findall(r"\b[A-Z]{2,}\b", said)}
    found = 0.7 if shouted & set(re.findall(r"\w+", asked.lower())) else 0.6 if shouted and "!!" in said else 0.0
    if (
        len(said.split()) <= 8
        and re.search(r"(?i)\b(?:not|nicht|kein\w*|pas)\b", said)
        and content(said) & content(asked)
    ):
        found += 0.5
    return found if said.rstrip().endswith("?") else found + _breaks(said, asked, answer)


def _breaks(said: str, asked: str, answer: str) -> float:
    """A thing of the answer set against a wish of the request: "ricotta isn't vegan", "parmesan is dairy"."""
    words, wished, given = content(said), content(asked), content(answer)
    named, wish = words & (given - wished), words & (wished - given)
    if re.search(r"(?i)\b(?:in|on|at) (?:this|my|our|mine)\b", said):
        return 0.0
    if not named or not wish or len(words) > 8:
        return 0.0
    without = r"(?i)\b(?:no|not|without|kein\w*|ohne|sans|sin)\s+"
    unwanted = any(re.search(without + re.escape(word), asked) for word in wish)
    return 1.0 if denies(said) or unwanted else 0.0
