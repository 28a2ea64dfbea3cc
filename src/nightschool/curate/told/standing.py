"""Wishes that hold for all answers to come, by their form: what they are about is plural, every one, or whenever. Pure.

A wish without such a form is of this one answer. What somebody always or never does is no wish.
"""

from __future__ import annotations

import re

from nightschool.curate.told import others
from nightschool.curate.told.lifewords import WRITINGS

_DO = (
    r"(?:use|give|write|answer|reply|respond|call|address|keep|put|make|show|tell|say|add|include|end|start|begin"
    r"|sign|format"
    r"|send|ask|check|look|list|be|do|avoid|stop|skip|leave|remember|mention|suggest|explain|speak|run|commit|name"
    r"|prefer"
    r"|convert|round|quote|translate|spell|assume|treat|cite|return|spare|drop|lose|omit|warn|book|plan|cook|pick"
    r"|choose|propose"
    r"|offer|open|close|touch|push|merge|delete|edit|type|draft|assign|count|measure|order|buy|recommend|schedule|go"
    r"|take|hide"
    r"|don'?t|do not|no|only|just|stick|remind|let|set|print|label|wrap|sort|pass|prefix|insert|refer|talk)"
)
_NOT_YOURS = re.compile(
    r"\b(?:I|he|she|it|they|we|nobody|who|that|which|this|\w+s) (?:always|never|still|usually) |\b(?:I|we) (?:said"
    r"|asked|told|meant)\b"
    r"|^\W*(?:does|did|what|how|why|where|who|which|is|are|was|were|has|have)\b|\bwants\b|\b(?:always|never) (?:is"
    r"|are|was|were|been|had"
    r"|seen|heard|knew|mind|again|happy|good|nice|fun|wondered|wanted|liked|loved|works?|fails?|happens?|got|thought"
    r"|tried|a (?:good"
    r"|pleasure|problem|dull|bad))\b",
    re.IGNORECASE,
)
_EVER = (
    r"(?:every (?:single )?time|each time|permanently|for ?ever|for good|always|no exceptions?|non[- ]?negotiable"
    r"|from (?:now|here)"
    r" on(?:wards?)?|going forward|in (?:the )?future|hereafter|henceforth|not ever|ever again|by default"
    r"|as a (?:default|rule)"
    r"|team rule|house rule|club rule|standing order|without exception|at all times|immer|für immer|ab jetzt"
    r"|ab sofort|künftig"
    r"|siempre|a partir de (?:ahora|hoy)|desde hoy|ab heute|à partir d'aujourd'hui|da oggi|starting today|from today"
    r"|as of today|de ahora en adelante|toujours|désormais|dorénavant|sempre|d'ora in poi|sempre assim|daqui em diante)"
)
_ALONE = re.compile(rf"^\W*(?:and |please |pls )?{_EVER}(?:[, ]+(?:please|pls|thanks|ok))?\W*$", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:could|can|would|will) you (?:please |pls |maybe )?|i(?:'d| would) like you to |i want you to |please "
    r"|pls )",
    re.IGNORECASE,
)
_MINE = r"(?:my|our|this (?:repo|project|team|codebase|house|family|household))"
_ASKED = (
    r"(?:ask|paste|send|share|post|write|say|mention|give|show|want|need|talk|upload|describe|request|forget|order"
    r"|plan)"
)
_ANSWERED = (
    r"(?:write|answer|reply|suggest|explain|give|send|make|book|plan|draft|cook|translate|quote|cite|list|show|use"
    r"|refer"
    r"|mention|summari[sz]e|code|propose|recommend|format|generate|create|add|build|hand|offer|pick|produce)"
)
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Whenever the person asks so, or an answer is such.
        rf"\b(?:when(?:ever)?|if|each time|every time|any ?time) (?:I {_ASKED}|you (?:{_ANSWERED}|are unsure"
        rf"|don'?t know))\b"
        rf"(?! (?:the|this|that|it)\b)[^?,]{{0,60}}, (?:please |pls |then |always |never )*{_DO}\b",
        rf"^(?:kindly |please |pls |and |so )*(?:{_DO}|[a-z]+) [^?,]*\b(?:whenever|each time|every time|any ?time)"
        rf" (?:you|I {_ASKED})\b",
        # What it is about is all of a kind.
        rf"^(?:in|for|on|with) (?:all|every|any|each)(?: of)? (?:(?:my|our) [\w -]{{2,30}}?|[\w -]{{2,25}} of mine"
        rf"|(?:\w+ )?"
        rf"{WRITINGS})(?:,|:| -) (?:please |always |never |only )*(?:{_DO}|[\w'-]+)\b",
        r"^(?!did)[^?]*\b(?:in|for|on|across) (?:all|every|any|each) (?:of )?(?:my|our) (?:\w+ )?\w+s?\W*$",
        rf"^(?:for|in) (?:all|every|each) (?:of )?(?:my|our) (?:[\w-]+ ){{1,3}}(?:only|no|please|always|never|{_DO})\b",
        r"^(?:please |pls |and |so )*(?:no|only|with) [^?]*\b(?:in|for|on|across) (?:all|every|any|each) (?!of\b)\w+",
        r"^(?!(?:sort|fix|rename|replace|remove|change|update|find|check|add|delete|put|set|use|run|move|convert"
        r"|count|make"
        r"|list|search|clean|merge|translate|format|same)\b)(?!.*\b(?:the|this|that)\b)[\w#' -]+ in (?:all|every) (?:my"
        r" |our )?\w+,? (?:please|pls|plz)$",
        r"^(?:with|for|in) (?!(?:the|this|that|these|those|a|an|my|our|your|his|her|now|today|once|example|some|each"
        r"|it|me"
        r"|us|context|what|reference|starters|fun|days|hours|weeks|months|years|minutes)\b)(?:[\w-]+ ){0,1}(?:[\w-]+s"
        r"|code"
        r"|sql|python|css|bash|maths?|music),? (?:please |always |only )*(?:give me|I (?:want|like|prefer)|show me"
        r"|tell me"
        r"|start with)\b",
        rf"\b(?:anything|everything|whatever|every \w+|all (?:the )?\w+s"
        rf"|\w+s) (?:that )?you {_ANSWERED}\b[^?]*\b(?:must|has to"
        r"|have to|needs? to|should (?:always|never))\b",
        rf"\b(?:no|never|nothing|only|always)\b[^?]*\b(?:in|of) (?:anything|everything|whatever"
        rf"|what) you {_ANSWERED}\b",
        r"^[^?]*\b(?:of|in|to|with|after|before|at) (?:every|each|all) (?:single |your )?(?:reply|answer|response"
        r"|message"
        r"|explanation|code block|replies|answers|responses)\b",
        r"^(?:please |pls |and )*(?:correct|fix|flag|point out|mark|challenge) (?:every|all"
        r"|any) (?:\w+ )?(?:mistakes?|errors?"
        r"|typos?|slips?) (?:I make|of mine|in my (?:messages|texts|english|german|french|spanish|\w+s))\b",
        r"^(?:please |pls |and |so )*(?:leave|keep) [^?]* out of (?:every|all|any) \w+",
        r"^(?:please |pls |and |so )*(?:check with|ask) me (?:first )?before you [^?]* (?:an?|any|anything"
        r"|something)\b",
        # Said to hold from here on.
        rf"(?:^|[,;.] |\b(?:please|pls|so|and|but) ){_EVER}[,:]? (?:please )?{_DO}\b",
        r"(?:^|[,;.] |\b(?:please|pls) )(?:always|from (?:now|here) on),? an? (?!good\b|pleasure\b|problem\b|dull\b"
        r"|bad\b)",
        rf"(?:, |; |: | (?:please|pls) ){_EVER}\W*(?:$|[,.(])",
        rf"^(?:{_DO})\b[^?]* {_EVER}\W*$",
        rf"\b{_EVER},? (?:please|pls|plz)\W*$",
        r"^[^?]+ (?:from (?:now|here) on(?:wards?)?|going forward|as a default|by default)(?: please| pls)?\W*$",
        r"^(?:from (?:now|here) on(?:wards?)?|going forward|as a (?:default|rule)|in general)[,:]? (?!(?:the|an?|our"
        r"|this|it|there|set)"
        r" )[^?]+$",
        # A habit of the answers is to end.
        r"^(?:please |pls )*(?:stop|quit) (?:using|adding|opening|starting|ending|calling me|writing|putting|giving me"
        r"|apologi[sz]ing|repeating|saying|suggesting|beginning|offering|reminding|closing|praising|thanking)\b"
        r"(?! (?:I|I'm|we|it|this|that|the)\b)(?![^?]*\b(?:to|from|in|into) (?:the|this)\b)",
        r"^(?:please |pls |and |so )*(?:no more|spare me) (?:the |your )?(?!(?:errors|questions"
        r"|issues"
        r"|problems|tickets|retries|changes|ideas|thanks|tests)\b)(?:\w+ )?(?:\w+s\b|small talk|filler|praise"
        r"|flattery)",
        r"\b(?:rule|policy|convention|style|law) (?:in|of|for|at|on) (?:our|my|this|the) (?:\w+ )?(?:team|house"
        r"|family|repo"
        r"|project|company|home|codebase|club)\b ?[:,-]",
        r"^(?:house|team|club|family|home|kitchen|office|newsletter|blog|our)(?: \w+)? (?:rule|style|policy"
        r"|convention)s?\b"
        r"[^:]*[:,-]",
        r"\b(?:has|have) to (?:be|stay|remain|come|go) [^?]*\b(?:always|for us|for me|in this (?:house|family)"
        r"|at home)\b",
        r"\bnon[- ]?negotiable\b|\bthat'?s (?:a|the) (?:hard line|rule|law|house rule)\b",
        # In other languages: an order with `always` or `never` in it, or how to be spoken to.
        r"^(?:bitte |por favor,? |s'il te plaît,? |per favore,? )?\w+(?:-moi|-nous|me|mi| mir| mich| uns"
        r"| bitte) (?:bitte )?"
        r"(?:immer|nie|niemals|siempre|nunca|toujours|jamais|sempre|mai)\b",
        r"^(?:bitte |por favor,? |s'il te plaît,? |per favore,? )?(?:antworte|schreib|sprich|verwende|nutze|nimm"
        r"|responde|contesta"
        r"|escribe|habla|usa|réponds|écris|parle|utilise|rispondi|scrivi|parla|responda|escreve) [^?]*\b(?:immer|nie"
        r"|siempre|nunca"
        r"|toujours|jamais|sempre|mai)\b",
        r"^(?:immer|nie|niemals|siempre|nunca|toujours|jamais|sempre|mai) (?:bitte |nur )?(?:auf|mit|ohne|in|en|con"
        r"|sin|avec"
        r"|sans|senza|de|d')\b",
        r"\b(?:nunca|jamás) me (?:\w+(?:as|es)|\w+eis)\b|\bne me \w+ (?:jamais|plus)\b|\bnon \w+(?:mi|rmi) mai\b",
        r"\b(?:siezen Sie|sieze mich|duze mich|duz mich|tutéame|trátame de (?:usted|tú)|vouvoyez-moi|vouvoie-moi"
        r"|tutoie-moi|tutoyez-moi|dammi del (?:tu|lei))\b",
        r"^(?:a partir de ahora|de ahora en adelante|désormais|dorénavant|d'ora in poi|ab jetzt|ab sofort"
        r"|künftig),? \w+",
        r"^\W*(?:[\w' -]{3,30}): (?:don'?t|never(?: ever)?)\W*$",
    )
)  # fmt: skip
_STATES = re.compile(
    r"^(?:and |but |so |ok |well |yes |no )*(?:I|we|it|he|she|they|that|this|these|those|there|the|who|you|works?"
    r"|worked|fails?|failed|didn'?t"
    r"|was|were)\b"
    r"(?!'d| want| prefer| need (?:you|it|my|your)| would| do not want| don'?t want| think in|'s (?:a|the) (?:rule"
    r"|hard line)"
    r"| [\w-]+s you )",
    re.IGNORECASE,
)
"""Opens what is only stated; of that, only a wanting is a wish."""
_BOUND = re.compile(
    r"\b(?:this (?:one|time|once|answer|text|mail|email|letter|file|list|summary|recipe|post|slide|poem|message|reply"
    r"|page|week|month"
    r"|commit|branch|ticket|pr|table|trip|meal|photo|song|chapter|section)|today|tonight|tomorrow|for now|just now"
    r"|until|till|'?til|for once"
    r"|the next (?:one|answer)|these (?:days|two|three|files|lines)|right now|at the moment|ce(?:t|tte)? (?:message"
    r"|mail|lettre|texte|fois)|exceptionnellement|excepcionalmente|eccezionalmente|quest[oa] (?:volta|mail|messaggio"
    r"|testo)|este (?:mensaje|correo|texto)|diese[rsmn]? (?:mail|text|brief|nachricht|antwort)|diesmal|ausnahmsweise"
    r"|heute|hoy|esta vez|cette"
    r" fois|aujourd'hui|stavolta|oggi|hoje|desta vez)\b",
    re.IGNORECASE,
)

_TASK = re.compile(
    r"\bthis (?:handler|function|method|class|module|component|script|view|screen|query|loop|endpoint|form|test)\b"
    r"|\bwhen(?:ever)? (?:the|an?|it|this|that|someone|a user)\b|\b(?:in|for) (?:all|every|each)(?: of)? (?:(?:my|our"
    r"|the) )?(?:files?|rows?"
    r"|images?|records?|folders?|photos?|tables?|columns?|variables?|functions?|classes|cells?|lines?|loops?|entries"
    r"|users?)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:a partir de hoy|desde hoy|ab heute|à partir d'aujourd'hui|da oggi(?: in poi)?|(?:starting|from|as of"
    r"|since) today)\b",
    re.IGNORECASE,
)
"""A day that something begins on is no end."""
_STRETCH = 400
"""Characters of a sentence; a longer one is a paste."""


def holds(sentence: str, following: str = "") -> bool:
    """Whether a sentence wishes something of all answers to come, maybe by the few words that follow it."""
    sentence = _BEGINS.sub("from now on", sentence)
    if len(sentence) > _STRETCH:
        return False
    polite = _POLITE.match(sentence)
    text = sentence[polite.end() :] if polite else sentence
    if _BOUND.search(sentence) or bound(sentence) or _NOT_YOURS.search(text) or others.unfit(sentence):
        return False
    if sentence.rstrip().endswith("?") or _STATES.match(text):
        return False
    if following and _ALONE.match(following) and re.match(rf"\W*{_DO}\b", text, re.IGNORECASE):
        return True
    return any(form.search(text) for form in _FORMS)


def bound(sentence: str) -> bool:
    """Whether a wish is about what a program does, or about the pieces of one task."""
    return _TASK.search(sentence) is not None


def begins(sentence: str) -> bool:
    """Whether a sentence names a day only as the one that something begins on."""
    return _BEGINS.search(sentence) is not None and not _BOUND.search(_BEGINS.sub("", sentence))
