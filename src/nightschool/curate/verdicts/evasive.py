"""Whether an answer passes by what it was asked, so that a question after it asks the same once more.

Pure. "Chickpeas are rich in protein" after "how long do I soak them" gives no time; whoever then asks on, asks again.
"""

from __future__ import annotations

import re

from nightschool.curate.wording import content

_HOW_MUCH = re.compile(
    r"(?i)\b(?:how (?:much|many|long|far|often|old|big|hot|full|soon|late|high|tall|deep|heavy|wide|warm|thick|early)"
    r"|(?:what|which) (?:time|temperature|year|date|day|size|number|age|price|ratio|percentage|dose|month"
    r"|page|line|paragraph|fuse)|when\b(?! do (?:i|you|we) (?:use|say|write)\b)|price of|cost|wie ?(?:viel\w*|lange"
    r"|oft|weit|hoch|groß|alt|warm|heiß)"
    r"|wann|um wie|bis wann|combien|(?:à )?quelle heure|quand|cuánt[oa]s?|cuándo|qué (?:día|hora|domingo)|quant[oiae]"
    r"|quando|hoeveel|wanneer|hoe lang|quanto)\b"
)
_AMOUNT = re.compile(
    r"(?i)\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|hundred"
    r"|thousand|half|quarter|dozen|once|twice|never|always|daily|weekly|monthly|every|noon|midnight|tonight"
    r"|tomorrow|today"
    r"|spring|summer|autumn|winter|easter|christmas|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march"
    r"|april|june|july|august|september|october|november|december|yesterday|morning|evening|first|second|third"
    r"|fourth|last"
    r"|ein|eine|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|montag|januar|februar|märz|mai|juni|juli|oktober|deux"
    r"|trois|quatre|cinq|dos|tres|cuatro|cinco|primer|due|tre|free|nothing|immediately|now|yes|no)\b"
)
_HOW_TO = re.compile(
    r"(?i)\b(?:how (?:do|can|should|to|does|would|could)|what (?:do|can|should|else|to|would)|which|where|why"
    r"|substitute"
    r"|instead of|show|give|need|draw|write|list|name|five|three|ten|\d+ \w+s|turn|make|is it|is my|am i|does|do i"
    r"|can i"
    r"|wie|was|welche\w*|wo|warum|heißt|comment|que|quoi|quel\w*|cómo|qué|dónde|come|quale|dove|hoe|wat|como)\b"
)
_GENERAL = re.compile(
    r"(?i)^\W*(?:the |a |an |der |die |das |le |la |les |l'|el |los |il |o |os |as |het |de |most |many |all |some "
    r"|any )?"
    r"(?P<what>(?!(?:you|it|that|this|there|here|yes|no|i|we|in|to|use|put|if"
    r"|try)\b)[\w'’-]+(?: [\w'’-]+){0,3}?) (?:is|are"
    r"|was|were|means?|refers?|lets?|became|become|come|comes|goes|can|may|might|must|offers?|var(?:y|ies)|depends?"
    r"|allows?"
    r"|pictures?|plays?|has|have|contains?|exists?|requires?|provides?|includes?|ist|sind|hat|haben|kennt|brauchen"
    r"|wurde"
    r"|est|sont|a|ont|es|son|tiene|è|sono|ha|é|tem|zijn|heeft|fades?|protects?|support|supports|belongs?|should"
    r"|need|vary)\b"
)
_KIND = re.compile(
    r"^(?:(?!(?:Yes|No|You|They|These|Those|Its|This|Thus|Always|It's|That's|Lies|Less)\b)[A-ZÄÖÜ][\w-]*(?:s|en|ry"
    r"|ing|ion|ty|Shell)"
    r"|(?:Healthy|Good|Modern|Most|Many|All|A good|A|An) [\w-]+(?: [\w-]+)?) (?:\w+ ){0,2}?(?:is|are|was|were"
    r"|means?|lets?|let you"
    r"|became|works?|can|may|store|stores|come|comes|goes|var(?:y|ies)|allows?|protects?|play|plays|eignen|gehören"
    r"|sind|has|have"
    r"|sont|son|originates?|arouses|help|helps|lightweight)\b"
)
"""What all things of a kind are like, said of no thing in particular."""
_WANTS_THING = re.compile(
    r"(?i)^(?!\W*(?:why|is|are|does|do|can|could|should|did|was|were|what(?:'s| is| are| does)|explain)\b)"
)
_HEDGES = re.compile(
    r"(?i)\b(?:depends? on|var(?:y|ies) (?:by|from|with|between)|every \w+ is different|many factors|it is important to"
    r"|there are many|in many (?:cases|games|countries)|under certain (?:conditions|circumstances)|please consult"
    r"|consult (?:a"
    r"|your|the)|generally speaking|in general|always check|comes? in many|peace of mind|kommt darauf an|ça dépend"
    r"|depende)\b"
)
_BROKEN_OFF = re.compile(
    r"(?i)\betc\b|\band so on\b|\bsame pattern\b|\b(?:the )?(?:other|remaining|rest of the) \w+ (?:follow"
    r"|are similar|likewise|accordingly)|\busw\b"
)
_ASKS = re.compile(
    r"(?i)\?\W*$|\b(?:what|which|how|when|where|who|why|do i|is it|are they|can i|could i|may i|might i|does it"
    r"|or not|wie"
    r"|was|wann|wo|welche\w*|warum|combien|quand|comment|quel\w*|où|cuánt\w+|cómo|cuál|dónde|come|quanto|quale|hoe"
    r"|wat|qual)\b"
)
_SAME_NEED = re.compile(
    r"(?i)\b(?:exactly|concretely|genau|konkret|in practice|in its place|instead|actually|in my case|mine|for me"
    r"|of the two"
    r"|right so|ok so|okay so|uh huh|so what|so how|so which|so when|the (?:full|whole|complete|rest)|all of them"
    r"|du coup|nun)\b"
)
_FRESH = re.compile(
    r"(?i)\b(?:another|next|else|different (?:thing|question|topic)|new question|by the way|btw|also|as well|too|cheers"
    r"|merci\.|thank you!|thanks!)\b"
    r"|^\W*(?:(?:and|so|ok)\W+)?(?:is|are|was|were|does|do|can|will|has|have) (?:that|this|these|those|they)\b"
    r"(?!.*\bor\b)"
)

_ELSEWHERE = re.compile(
    r"(?i)\b(?:(?:i|we)(?:'ll|'d better|'m going to| will| am going to)\b(?! (?:try|test|see|check|have a (?:go"
    r"|look)|give it"
    r"|let you|do (?:it|that) (?:later|tonight|tomorrow)|read|look at))|skip (?:it|this)|leave (?:it|this)"
    r"|drop (?:it|this)|moved on"
    r"|somewhere|somebody else|someone else|can have (?:it|the)|da igual|lo (?:escribo|hago|busco)|dann (?:frag"
    r"|mach|nehm|lass)\w*"
    r"|je vais|on va|lascio|faccio|bye|i'm off to|no point|stop there|instead|spar ich mir"
    r"|where this is (?:heading|going)|get my \w+(?: \w+)? to (?:do|look)|let it go|using \w+ (?:from now on"
    r"|for this))\b"
)


def evades(asked: str, answer: str) -> bool:
    """Tell whether an answer gives no amount that was asked for, only speaks in general, or breaks off."""
    if (
        "`" in answer
        or len(answer.split()) > 80
        or re.match(r"\W*[\"“„«]|\W*(?:dear|hi|hello|liebe|cher|hola)\b", answer, re.I)
    ):
        return False
    if _HOW_MUCH.search(asked) and not _AMOUNT.search(answer):
        return True
    if _HEDGES.search(answer) or _BROKEN_OFF.search(answer):
        return True
    general = _GENERAL.match(answer)
    if general is None or re.search(r"\d", answer):
        return False
    named = bool(content(general["what"]) & content(asked)) and _HOW_TO.search(asked) is not None
    return named or (_KIND.match(answer) is not None and _WANTS_THING.match(asked) is not None)


def goes_elsewhere(said: str, asked: str, answer: str, *, again: bool = False) -> bool:
    """Tell whether somebody whose question was evaded now turns to something or somebody else."""
    return "?" not in said and _ELSEWHERE.search(said) is not None and (again or evades(asked, answer))


def asks_on(said: str, asked: str, answer: str) -> bool:
    """Tell whether a question after an answer that evaded is the same need again."""
    if not evades(asked, answer):
        return False
    now = content(said)
    again = not {word for word in now - content(asked) if any(letter.isdigit() for letter in word)}
    if again and len(now & content(asked)) >= 0.5 * len(now) and len(now & content(asked)) >= 2:
        return True
    if not _ASKS.search(said) or _FRESH.search(said):
        return False
    return bool(now & content(asked)) or bool(_SAME_NEED.search(said)) or len(now) <= 2
