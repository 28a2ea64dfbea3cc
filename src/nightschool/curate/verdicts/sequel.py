"""What came of an answer, told without any verdict: a trouble that ended, a use, a measure that fell.

Pure. Words that deny or find fault are somebody else's to read; this only says what ended well.
"""

from __future__ import annotations

import re

from nightschool.curate.verdicts.against import FAULT
from nightschool.curate.verdicts.praise import Table, table
from nightschool.curate.wording import content

_TROUBLE = (
    r"(?:leak|drip|smell|stink|hurt|ach|squeak|rattl|crash|freez|flicker|wobbl|beep|itch|lag|hang|overheat|blink"
    r"|disconnect|drop|stall|cough|bark|cry|scratch|stick|stutter|buzz|hiss|hum|clog|fog|foam|sag|slip|burn|peel|curl"
    r"|limp|shed|bite|twitch|complain|nag|warn|prompt|ask|wak|jam|tropf|stink|riech|quietsch|klapper|ruckel|wackel|hink"
    r"|kratz|knarz|fui[rt]|grinc|coul|bloqu|huel|gote|gotea|chirr|ruid|perd|gocciol|puzz|cigol|lekt?|piep)"
)
_ENDED = (
    rf"(?:no longer {_TROUBLE}\w*|(?:does|do|did)(?:n'?t| not) {_TROUBLE}\w*(?: \w+)? (?:any ?more|now|since)"
    rf"|(?:hasn'?t|haven'?t|has not|have not) {_TROUBLE}\w* (?:since|once|again|all)|stopped {_TROUBLE}\w*ing"
    rf"|{_TROUBLE}\w* (?:nicht|nix) mehr|(?:ne )?{_TROUBLE}\w* plus\b|ya no {_TROUBLE}\w*|non {_TROUBLE}\w* più"
    rf"|{_TROUBLE}\w* niet meer)"
)
_AGREE = r"(?:agrees?|tall(?:y|ies)|match(?:es)?|reconciles?|balances?|adds? up|adding up)"
_AUTHORITY = (
    r"(?:teacher|professor|prof|tutor|supervisor|doctor|gp|vet|lawyer|accountant|dentist|pharmacist|nurse|mechanic"
    r"|electrician|plumber|(?:answer |data )?sheet|answer key|solution|label|leaflet|website|textbook|manual"
    r"|manufacturer|book|coach|solicitor|advisor|adviser|chemist|physio)"
)

_SECONDED = (
    rf"\b(?:my|our|her|his|the) {_AUTHORITY} (?:\w+ )?(?:said|says|told (?:me|us)|explained|explains|put|did"
    rf"|does|has"
    r"|had|confirmed|agreed)\b[^.?!]{0,30}\b(?:(?:exactly )?the (?:very )?same(?: thing| way)?|just that|so too"
    r"|as well"
    r"|exactly (?:that|this)|it too|likewise)\b(?!.*\?)"
)
SECONDED = re.compile(rf"(?i){_SECONDED}")
"""Somebody who knows told the same: that verdict is on the answer as well."""

CAME_RIGHT: Table = table(
    (1.0,
        r"\b(?:written|printed|sent|ordered|booked|posted|hung|saved|copied|painted|engraved|sewn|planted"
        r"|registered|signed|pasted|framed)\b[^.?!,]{0,24}"
        r"\balready\b(?!.*\?)|\b(?:is|that'?s|it'?s) (?:merged|deployed|released|engraved|signed|framed"
        r"|in use)\b(?! (?:conflict|wrong|but))(?!.*\?)"
        r"|\bbest (?:so far|yet|ever)\b|\byou nailed (?:it|that)\b"
    ),
    (1.0, r"\bnot (?:one|a single) (?:wrong|miss\w*|error|complaint|failure|problem|mistake|crash|drop|spot"
        r"|word changed)\b"),
    (1.0, r"^\W*(?:ah |oh |yes |and )*there(?: we go|,? (?:now )?(?:it|they)(?:'?s|'?re| is"
        r"| are) \w+)\b(?!.*\b(?:but|still|not|wrong|gone missing)\b)(?!.*\?)"),
    (1.0, r"\bthat'?s (?:also |exactly |just )?what (?:the|my|our) [\w ]{3,24} (?:has|says|said|gives|shows"
        r"|told)(?: too| as well)?\W*$"),
    (1.0,
        r"\b(?:badge|status|dashboard|monitor|light|led|board|run|workflow|action|job) (?:is|turned|went|shows"
        r"|stays) green\b|\b(?:passes|validates|renders"
        r"|works|opens|looks right) (?:in|on) (?:all|every|each|both) \w+"
    ),
    (1.0,
        r"^\W*(?:i |we |just |have |'ve )*(?:pinned|taped|hung|stuck|glued|nailed|copied|filed|put) (?:it|that|this"
        r"|them) (?:to|on|up|in|above|over|beside)"
        r" (?:the|my|our) (?!bin|trash|shelf|list of)\w+(?!.*\?)|^\W*(?:the |my |our )?(?:sign|poster|notice|banner"
        r"|post|page|ad|flyer|article|video|episode)"
        r" is (?:up|live|out|online)\b"
    ),
    (1.0, r"^\W*(?:submitted|sent|posted|published|merged|shipped|delivered|printed|booked|ordered|framed"
        r"|engraved)\W*$"),
    (1.0, r"^[\s😂🤣😅😄]*(?:❤️?|👍|🎉|😍|👏|🙌|💯|🥰|👌|💪|🔥)+[\s😂🤣!.❤️👍🎉😍👏🙌💯🥰👌💪🔥]*$"),
    (1.0, rf"\b{_ENDED}\b|\b\d[\d.,]* it (?:was|is)\b"),
    (1.0, r"\bno (?!good\b|idea\b|use\b|luck\b|difference\b|change\b|help\b|sense\b|longer\b)\w+(?: \w+)? any ?more\b"),
    (1.0,
        r"\bthat (?:did it|got (?:me|us|it) (?:in|there|out|going|through|sorted|started|unstuck|working)"
        r"|cleared (?:it|that|things)|was all it (?:took|needed)|brought it back|unstuck it|woke it)\b(?!\?)"
    ),
    (1.0,
        r"^\W*(?!(?:what|that|this|which|it|he|she|who|not)\b)[\w'’-]+ (?:is|was) (?:just|exactly"
        r"|precisely) (?:right|it"
        r"|the (?:word|one|thing|tone|name))(?=\W)|^\W*[\w'’-]+ (?:is|was) (?:just|exactly|precisely) right$"
    ),
    (1.0, _SECONDED),
    (1.0,
        r"^\W*(?:ok |great |yes |then )*(?:the )?(?:first|second|third|fourth|last|middle|latter|former|option \w"
        r"|number \w+"
        r"|nr\.? ?\d)(?: one)?\b[,.!: ]+(?:it is|it'?s (?:already|now)|already|ordered|booked|printed|bought"
        r"|going (?:on|in|with|to)"
        r"|on (?:the|its) \w+|in the \w+|registered|registering|painted|painting|sent|posted|taken)\b(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:i |we |just |already )*(?:sent|passed|handed|mailed|shared|showed|read) (?:it|that|them) (?:round"
        r"|around|on|off|over"
        r"|out)(?: to \w+(?: \w+)?)?\b(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:passes|works|holds|handles|covers|catches|matches|finds|renders|sorts|parses|prints|opens"
        r"|counts) (?:for |on "
        r"|with |in )?(?:all|every|both|each|everything|them all|(?:\d[\w.-]*(?:, | and |,)+)+)(?!\w* (?:and|but"
        r"|too)? ?(?:wrong|else))"
        r"(?!.*\b(?:not|but|except|too)\b)|[,;] (?:passes|works|holds|handles|covers|catches|matches) (?:them "
        r"|it )?(?:all|every|both)\b"
    ),
    (1.0,
        rf"\b(?:numbers?|totals?|sums?|figures?|balances?|books?|counts?|amounts?|accounts?|hours|it all|they"
        rf"|everything) (?:\w+ )?"
        rf"(?:now )?{_AGREE}(?=\W*$| with| to the| now| again|[.,;])(?! with (?:me|you))"
    ),
    (1.0,
        r"\b(?:has|had|have|without|came back with|got|there were|made) (?:no|zero|not a single"
        r"|not one) (?:complaints?|remarks?"
        r"|objections?|comments?|questions?|findings?|corrections?|errors?|warnings?|issues?)\b(?! (?:about|yet))"
        r"|\bno (?:questions"
        r"|complaints|objections|remarks) (?:for once|asked|so far|from)\b"
    ),
    (1.0, r"\b(?:you'?re|you were|it'?s|they'?re|we'?re|i'?m) (?:all )?(?:unlocked|unblocked|logged in|back in"
        r"|reconnected|restored) (?:now|again)\b"
        r"|\bit'?s all (?:unlocked|unblocked|clear|clean|quiet|dry|smooth|readable|there) (?:now|again)\b"
    ),
    (1.0,
        r"\b(?:is|are|'?s|läuft|geht|ist|sind) (?:\w+ )?(?:printing|running|working|charging|ringing|syncing"
        r"|loading|flowing|heating"
        r"|cooling|playing|growing|sleeping|eating|breathing|turning|closing|opening|connecting|starting"
        r"|wieder (?:da|ganz|heil|blank"
        r"|sauber|dicht|trocken|frei|schnell|warm|kalt|hell|klar|leise|weich|online|grün)) ?(?:again|fine|without"
        r"|like|happily|smoothly"
        r"|normally)?(?=\W*$|[.,;!)]| (?:and|now|since|with|for|on|in|at|as|all|too|today"
        r"|thanks)\b)(?<!running)(?<!working)(?!.*\b(?:but|not|again\?|still|aber|nicht)\b)"
    ),
    (1.0,
        r"\b(?:merged|landed|shipped|deployed|went (?:in|live|out|through)"
        r"|made it in)\b[^.?!]{0,12}\b(?:this morning|this afternoon"
        r"|today|yesterday|last night|on (?:mon|tues|wednes|thurs|fri)day|an hour ago|at (?:noon|lunch))\b"
    ),
    (1.0, r"\b(?:the|that|your|this) (?:\w+ )?(?:line|sentence|paragraph|title|version|wording|phrase|text|ending"
        r"|opening) stays\b(?! (?:out|away))"),
)  # fmt: skip
"""What only tells how it went, and went well."""

KEPT_SO: Table = table(
    (1.0,
        r"\b(?:is|it'?s|are|they'?re|stands) (?:now )?(?:in|on) (?:the|our|my) [\w-]+(?: [\w-]+)? (?:exactly "
        r"|just )?(?:like that|as is|word for word)\b"
        r"|\b(?:zo|so|così|ainsi|así) (?:verstuurd|verschickt|abgeschickt|gedruckt|inviato|envoyé|enviado|stampato)\b"
    ),
    (1.0,
        r"\b(?:sent|printed|posted|published|used|read|hung|mailed|submitted|put up|handed in|signed|framed"
        r"|recorded|uploaded|filed)"
        r"(?: it| that| them)? (?:exactly|just|precisely) (?:like|as) (?:that|this|it (?:is|was|stands)|you \w+)\b"
        r"|\b(?:gedruckt|verschickt|abgeschickt|aufgehängt|eingereicht|übernommen"
        r"|vorgelesen)[^.?!]{0,12}\b(?:kein(?:e|en)? \w+ (?:ge|ver)ändert"
        r"|nichts (?:ge|ver)ändert|unverändert|genau so|so wie (?:es|er|sie) (?:ist|war))\b|\bkein(?:e|en)? (?:wort"
        r"|komma|zeichen|zeile) "
        r"(?:ge|ver)ändert\b|\b(?:envoyé|imprimé|publié|affiché)e?s? (?:tel quel|telle quelle"
        r"|sans (?:rien )?(?:changer|toucher))\b"
        r"|\b(?:enviado|impreso|publicado|colgado) (?:tal cual|sin (?:cambiar|tocar) (?:nada|una coma))\b"
    ),
    (1.0,
        r"\b(?:pr|mr|patch|fix|commit|branch|change)\b[^.?!]{0,24}\b(?:went in|landed|is in|got in|made it in"
        r"|was pulled)\b(?! (?:conflict"
        r"|review|progress|draft))"
    ),
)  # fmt: skip

_GLAD = (
    r"(?:lovely|great|fine|perfect|soft|airy|crisp|good|quiet|smooth|clean|fast|quick|mild|tender|sharp|clear"
    r"|stable|bright|warm"
    r"|dry|fresh|straight|even|delicious|wonderful|juicy|golden|fluffy|spotless|silent|calm|tidy|neat)"
)
_SCALE = {
    "ms": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
    "day": 86400,
    "week": 604800, "kb": 1, "mb": 1000, "gb": 1000000, "tb": 1000000000,
}  # fmt: skip
_MEASURED = re.compile(
    r"(?i)(?<![\w.])(\d+(?:[.,]\d+)?) ?(ms|s|sec|seconds?|min|minutes?|h|hrs?|hours?|days?|weeks?|kb|mb|gb|tb)\b"
)


def went_well(said: str, asked: str, answer: str) -> bool:
    """Tell whether the words say what came of an answer, and that it was good."""
    if FAULT.search(said):
        return False
    return _fell(said, asked) or _with_it(said, asked, answer)


def _fell(said: str, asked: str) -> bool:
    """Whether a duration or a size of the request is now much smaller: 35 minutes after 6 hours."""
    before, now = _measures(asked), _measures(said)
    if not before or not now or "?" in said.split(".")[0]:
        return False
    told = re.search(
        r"(?i)\b(?:now|took|takes|down|since|only|just|with (?:the|your|that)|is|runs?|was|this morning|last night)\b",
        said,
    )
    same = [(a, b) for kind_a, a in before for kind_b, b in now if kind_a == kind_b]
    return bool(told and same) and all(b < 0.7 * a for a, b in same)


def _measures(text: str) -> list[tuple[str, float]]:
    found = []
    for number, unit in _MEASURED.findall(text):
        name = unit.lower()
        name = name if name in _SCALE else name.rstrip("s")
        kind = "size" if name.endswith("b") else "time"
        found.append((kind, float(number.replace(",", ".")) * _SCALE.get(name, 1)))
    return found


def _with_it(said: str, asked: str, answer: str) -> bool:
    """Whether what was advised is named with what it led to: "baked with the younger starter, lovely now"."""
    named = re.search(r"(?i)\b(?:with|after|thanks to|since) (?:the|your|that|a|an) (?P<what>\w+(?: \w+)?)", said)
    if named is None or "?" in said or not content(named["what"]) & (content(answer) - content(asked)):
        return False
    glad = re.search(rf"(?i)\b{_GLAD}\b", said)
    return bool(glad) and not re.search(
        r"(?i)\b(?:not|never|no|n't|hardly)\b[^,.]{0,16}$", said[: glad.start()] if glad else ""
    )
