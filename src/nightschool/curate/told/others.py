"""Signs that a message, or a part of it, is not the person speaking of themselves: games, other voices, made-up data.

Pure. Each of them only ever silences.
"""

from __future__ import annotations

import re

from nightschool.curate.told.lifewords import ANIMALS, TRADES

_PLAY = re.compile(
    r"\bI'?(?:ll| will) (?:be|play) (?:the|an?|your)\b|\b(?:acting|improv|speaking|conversation"
    r"|interview) (?:exercise|practi[cs]e"
    r"|game|prompt)\b|"
    r"^(?:(?:ok(?:ay)?|please|now|hey|pls|you)[, ]+)*(?:be|play|act|channel|become) (?:as )?(?:a|an|the|my|like) \w+"
    r"|\b(?:mock|practice|practise|rehearse|fake|simulated?) (?:\w+ )?(?:oral|exam|interview|trial|viva|call|debate"
    r"|negotiation|pitch|conversation|dialogue|date|audition|exam|hearing|argument)\b"
    r"|\b(?:drill|role-?play|devil'?s advocate|text adventure|improv|d ?& ?d|dnd|rpg|larp|campaign|quest|scene)\b"
    r"(?=[^.?!]*(?:\bI\b|\bI'|\byou\b|:|!|\bme\b))"
    r"|\bI'?(?:m| am|'ll be|ll be| play| will be) (?:a|an|the|your|[A-Z])[^.?!]*[,;.] (?:and )?(?:you|u)(?:'re| are"
    r"|r)? \w+"
    r"|^(?:ok,? )?(?:you|u)(?:'re| are| play)? (?:a|an|the|my|our)?\b[^.?!]{2,40}[,;.] (?:and )?I(?:'m| am| play"
    r"|'ll be)\b"
    r"|\b(?:spiel|spielen wir|du bist (?:jetzt )?(?:ein|der|die|mein))\b|\b(?:eres|haz de|hagamos como|tu es (?:un"
    r"|une|le|la|mon)"
    r"|toi,? tu \w+|tú (?:eres|haces|vendes)|fais (?:comme|semblant)|fai finta|sei un[ao]?|facciamo che)\b"
    r"|\b(?:invented|made[- ]up|fictional|imaginary) (?:guy|man|woman"
    r"|person|character|name|life)\b|\bin character\b|\bas (?:if|though) (?:I|you) (?:were|was)\b"
    r"|\bchoose your own adventure\b|\bI'?ll be (?-i:[A-Z]\w+)[.,;!]"
    r"|^(?:(?:please|now|hey|ok)[, ]+)*(?:chat|talk|speak|answer|reply|respond|text)(?: to me| with me)? as (?:my|if"
    r"|(?:an?"
    r"|the) (?!(?:\w+ )?(?:list|table|bullets?|sentence|paragraph|json|number|summary|csv|rule|default)\b))"
    r"|\blet'?s improvise\b|\bfor the (?:murder mystery|escape room|costume party|carnival|school play|musical|panto\w*"
    r"|fancy dress)[\w ]*,? I'?m\b|\blet'?s (?:do|start|begin|run|try|practi[cs]e|continue|go on with) (?:the|a|an"
    r"|my|our|this|that) (?:\w+ )?"
    r"(?:interview|audition|negotiation|viva|debate|game|scene|dialogue|call|role)\b"
    r"|\bin (?:our|this|the) (?:story|game|scene|play|campaign)\b|^\W*(?:quest|game|scene|story)(?: \w+)?:"
    r"|\b(?:story|game|fiction|adventure|rp|creative) mode\b|\bin (?:the )?first person\b"
    r"|\bfrom the (?:perspective|point of view|viewpoint|pov) of\b"
    r"|\b(?:speak|talk|narrate|respond|answer|reply|write)\b[^.:?!]{0,30} as (?:an?|the) [^.:?!]{3,40}:",
    re.IGNORECASE,
)
_VOICES = re.compile(
    r"^\s*\[[^\]\n]{1,30}\]|^\s*<[^>\n]{1,30}>|^\s*\W?\d{1,2}[:.]\d\d\W+\w+\W*[:>-]"
    r"|^\s*[\w .'-]{2,30}\W{1,2}\(?\d{1,2}[:.]\d\d(?: ?[ap]m)?\)?\s*[-–:>]|^\s*(?:from|von|de|to|subject|betreff|fwd"
    r"|re):"
    r"|-{3,} ?(?:forwarded|original)|^\s*[A-Z]\w+ (?:wrote|writes|schrieb|a écrit|escribió)\b[^\n]*:",
    re.IGNORECASE | re.MULTILINE,
)
_PAGE = re.compile(
    r"^\W*(?:(?:here(?:'s| is) )?(?:the|my) )?(?:opening|first|last|closing|next) (?:paragraph|lines?|sentence|verse"
    r"|page|scene)\b"
    r"|^\W*(?:draft|prologue|excerpt|blurb|abstract|e\.g\.|example)\b[^.!?\n]{0,30}[:.]"
    r"|\b(?:friend|colleague|boss|mum|mom|dad|sister|brother|client|customer|neighbou?r|landlord|teacher|pupil"
    r"|student|stranger|guy"
    r"|someone|her|his|their)(?:'s)? (?:message|mail|e-?mail|text|letter|note|bio|post|reply|review|profile|cv"
    r"|story)\b[^:\n]*:"
    r"|\b(?:sentence|phrase|wording|paragraph)\b[^.!?\n]{0,30}(?:\?|:)"
    r"|^\W*(?:please |can you |pls )?(?:swap|replace|rewrite|reword|rephrase|turn|convert|correct|proof-?read|translate"
    r"|edit|polish|complete|continue|finish|expand|make (?:this|it|that))\b[^\n]{0,80}(?::| [-–—])\s"
    r"|\b(?:opens|starts|begins|ends|closes|goes) with:|\b(?:test|testing|try out|check) (?:your|the|this) (?:memory"
    r"|recall)\b"
    r"|\b(?:complete|finish|continue) (?:the|this|my) (?:sentence|phrase|line|text|story)\b"
    r"|\b(?:logs?|file|output|config|wiki|readme|page|ticket|footer|header|banner|error|bot|label|sign|comment"
    r"|[\w-]+\.(?:json|md|ya?ml|toml|txt|csv))\b(?: \w+)?(?: has| says| reads| shows| contains| lists| states| posted"
    r"| printed| goes)?\b[^:.!?\n]{0,12}:\s",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\bI (?:\w+ )?(?:think|guess|believe|reckon|suspect|fear|feel like) (?:that )?(?:I|I'm|I've|my|we|we're|it"
    r"|it's)\b|\b(?:probably"
    r"|possibly|not sure (?:if|whether)|no idea (?:if|whether)|could be)\b"
    r"|^\W*(?:were|had|should) (?:I|we|my|our)\b|\b(?:in theory|theoretically|on paper|provided (?:I|we|that))\b"
    r"|\b(?:invite|invitation|form|letter|contract|docs?|document|page|note|poster|app|site|website|records?|register"
    r"|certificate|passport|cv|profile|template|article|system|screen|maps?|ticket|schedule|calendar) (?:\w+ly )?"
    r"(?:states?|reads?|claims?|shows?|says?|lists?|thinks|believes|has (?:me|us) (?:down )?as)\b"
    r"|\b(?:tells?|telling|informs?|convinced?) (?:me|us) (?:that )?(?:I|we|I'm|I've|we're|my|our)\b"
    r"|\b(?:believes?|assum\w+|guess\w*|decided?|suspects?|pretends?|states?|impl(?:y|ies)|suggests?|shows?|lists?"
    r"|has it|have it|convinced|certain|adamant|sure|true|untrue|false|wrong|a lie|a myth) (?:that )?(?:I|I'm|I am"
    r"|I've|we|we're|my|our)\b"
    r"|\b(?:in|from|on|per|by) your (?:\w+ )?(?:summary|notes?|answers?|reply|replies|memory|list|version|profile|logs?"
    r"|opinion|draft|text|records?|files?)\b"
    r"|\byou (?:\w+ ){0,2}(?:claim|call|wrote|think|thought|assum|decid|seem to|insist|invent|made up)\w*\b",
    re.IGNORECASE,
)
_MADE_UP = re.compile(
    r"\b(?:seed(?:s|ed)?|sample|example|placeholder|dummy|fixtures?|personas?|demo (?:data|user|account|customer"
    r"|record|page)|for (?:a|the|my) demo|"
    r"(?:checking|testing) (?:the|my|this|if) (?:\w+ )?(?:encoding|mic\w*|keyboard|parser|connection|layout|font"
    r"|output|speech|dictation)|"
    r"mock(?:ed|up)?|payload|expect\(|assert"
    r"|regex|wireframe|test(?:ing)? (?:your \w+|sentences?|strings?|texts?|inputs?|phrases?|messages?|lines?|entry"
    r"|entries|prompts?|values?|names?"
    r"|card|user|data|case|account|customer|person|row)|lorem|fake|stub|insert into|values \("
    r"|testdaten|beispiel\w*|datos de prueba|ejemplo|exemple|esempio)\b|[{}<>]|\w\(\w*\)|=>|==|::|\('",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"\b(?:translate|proof-?read|correct (?:this|my|the|these)|grammar|grammatical|rewrite|rephrase|paraphrase|tighten"
    r"|punch (?:this|it) up|polish|shorten|summari[sz]e|one-line summary|tl;?dr|improve (?:this|my|the)|edit (?:this"
    r"|my|the)"
    r"|lyrics?|poem|limerick|haiku|story|novel|chapter|song|script|screenplay|dialogue|monologue|character|protagonist"
    r"|narrator|joke|pun|riddle|quiz|crossword|clue|caption|slogan|headline|bio|profile text|ad says|advert"
    r"|template goes"
    r"|cover letter|job ad|flyer says|sign says|label says|essay|speech for|toast for|transcript|subtitle|homework"
    r"|exercise"
    r"|word problem|quote|quotes|letter goes|says here|übersetze?|korrigiere?|traduce|traduis|corrige|traduci"
    r"|correggi|traduz)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:word (?:at|on|in|around|from|is)|rumou?rs?|gossip|swears?|insists?|claims?|claimed|reckons?|behauptet"
    r"|angeblich"
    r"|anscheinend|erzählt|meint|sagt|dicen|dice|según|il paraît|paraît que|on dit|dicono|pare che|dizem|allegedly"
    r"|apparently|supposedly|according to|told (?:me|us)|says?|said|wrote|writes|thinks|unverified|someone|somebody"
    r"|heard|they say|people say|diz que)\b",
    re.IGNORECASE,
)
_ABSURD = re.compile(
    rf"\b(?:{ANIMALS}) is (?:basically |actually |really )?(?:my|the|an?) (?![\w ]*shepherd)(?:\w+ )?(?:{TRADES}"
    r"|boss|ceo)\b|"
    rf"\b(?:{ANIMALS}) (?:works? (?!as\b|with\b)|lectures?|teaches|votes?|invoices?|codes?|earns?|commutes?|drives"
    rf"|cooks"
    r"|designs?|manages?)\b|\b(?:brain cells?|between meals|its absence|held together (?:by|with)|two left feet"
    r"|under a rock)\b|"
    r"\b(?:enjoy|love|like|prefer) [\w ]+ (?:more than|to) (?:this|that|your|these|another) \w+|"
    r"\b(?:my|our) (?:imaginary|inner|virtual|fictional|invented|alleged) \w+|"
    r"\b(?:infinite|endless|unlimited|eternal) (?:patience|time|money|energy|budget|wisdom)\b"
    r"|\b(?:ph\.?d|degree|masters?|diploma|black belt|certificate|doctorate) in (?!(?:nurs|engineer|account|market"
    r"|teach"
    r"|model|brew|farm|bank|garden|cook|build|programm|comput|print|weld|danc|act|sing|writ|bak|publish|tailor|plumb"
    r"|min|paint|counsell|plann|process|illustrat|driv)ing)\w+ing\b|"
    r"\bhow (?:many|old) (?:are|is) (?:we|they|he|she|it)\b|\beach (?:has|have|of (?:us|them))\b|\btwice as \w+|"
    r"\b(?:[3-9]\d\d|\d{4,}) years old\b|\b\d+ ?(?:%|percent) (?!of (?:my|the|our))\w+|\blevel \d+\b"
    r"|\b(?:CEO|emperor|royal|rightful|decree|dragon|wizard|unicorn|zombie|vampire|alien|sourdough starter|pure spite"
    r"|spite|golden retriever in|on (?:the moon|mars|jupiter|venus|saturn)|clay tablets|unionis?z?ed|immortal"
    r"|millionaire|billionaire|superhero|time travell?er"
    r"|secret agent|ninja|telepath\w+|houseplant)\b"
    r"|\b(?:million|billion|thousand) (?:times|years|of them)\b|\b(?:rather die|literally dead|dying inside"
    r"|sold my soul)\b"
    r"|\b(?:and|on|of|with|by|in|from|is|are|plus|speaks?|eats?|breathes?) (?:pure |sheer |mostly |utter )?(?:regrets?"
    r"|sarcasm|despair|chaos|panic|procrastination|shame|guilt|tears|misery|self-pity|bad decisions|nothingness"
    r"|existential \w+|memes|vibes|disappointment|profanity|silence and \w+)\b"
    r"|\b(?:allergic|intolerant|addicted|married) to (?:the |my |all |any )?(?:(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)days?|mornings?|meetings?|work|people|humans|small talk|nonsense|e-?mails?|calls?|paperwork|forms?|effort"
    r"|deadlines?|bosses|exams?|homework|chores|mirrors|feelings|excel|spreadsheets?|jira|code|legacy \w+|(?:bad"
    r"|stupid|ugly|silly|long|your|their|other) \w+|\w+(?:ness|ism|ment|cracy|ship)|(?!sting|ming|ling)\w+ing)\b",
    re.IGNORECASE,
)
_MOCKING = re.compile(
    r"\blive (?:in|at|on) (?:the (?:office|airport|gym|shower|bath|supermarket|fridge|(?-i:[AM]\d+)|[\w ]+ queue))\b|"
    r"\b(?:live|run|survive|exist|function)s? (?:on|off) (?!the\b|an?\b|my\b|our\b|linux|windows|\d|(?-i:[A-Z]))\w+"
    r"|\b(?:live in|married to) (?:my (?!own|parents|mother|father|gran|grand|flat|house|van|car|home|wife|husband"
    r"|partner)|excel|fear|hope"
    r"|denial|pyjamas|sweatpants)|\bwork for (?:peanuts|free|nothing)\b|\b(?:practically|virtually|basically"
    r"|pretty much|technically) (?:an?"
    r"|the)\b"
    r"|\b(?:living the dream|dream come true|career highlight|my (?:absolute )?favou?rite (?:thing|part|hobby)"
    r"|how thoughtful"
    r"|how lovely|lucky me|exactly (?:how|what) i|just what i|what a joy|what a treat|such joy|can'?t wait to"
    r"|wonderful\.|wow\b|clearly i'?m|obviously i'?m|of course i|(?:is|are|am|'s|'m) of course|because i(?:'m"
    r"| am) (?:a|an|the|such)|claro,|ja klar"
    r"|na super|na toll|bien sûr|ma certo|my whole life|i(?: do| just| really| absolutely| simply|'m just)+ (?:love"
    r"|adore"
    r"|enjoy|live for)|love (?:it|that|how) (?:when|for me)|made my day|thrilled|truly blessed|best day)\b",
    re.IGNORECASE,
)

_FAR_OFF = re.compile(
    r"^(?:(?:my|our|the|an?|this|that|some|one of (?:my|our|the)) )(?:[\w-]+ ){0,2}?(?:neighbou?r|boss|colleagues?"
    r"|co-?workers?|friends?|mate|buddy|landlord|landlady|tenant|teacher|dentist|trainer|client|customer|student|pupil"
    r"|trainee|intern|manager|plumber|builder|guy|man|woman|lady|bloke|girl next door|person|people|cousin|uncle|aunt"
    r"|niece|nephew|ex|acquaintance|visitor|candidate|patient|stranger|vendor|supplier|author|maintainer|owner)\b"
    r"(?!.*\b(?:me|us|myself)\b)|\b(?:whose|who|which|that) (?:\w+ )?(?:I|we) \w+ (?:\w+ )?(?:is|are|has|uses|lives"
    r"|works|runs|wants|likes|plays)\b",
    re.IGNORECASE,
)
"""A clause about somebody who is not so near that their life is the person's own."""

_AT_HAND = re.compile(
    r"\b(?:in|on|for|with|of|into|from|through) (?:this|that|these|those|the following) (?!(?:house|flat|home|town|city"
    r"|village|country|area|street|project|repo\w*|codebase|team|company|firm|family|household|mono-?repo|workspace"
    r"|package"
    r"|org|office|school|year|month|week|summer|winter|spring|autumn|term|shop|kitchen|club|lab|practice|squad)\b)\w+"
    r"|\b(?:at|from|reading|with) your (?:code|answers?|repl(?:y|ies)|lists?|scripts?|jokes?|puns?)\b"
    r"|\b(?:versions|commits|lines|pixels|bytes|steps) (?:behind|ahead|long|off)\b",
    re.IGNORECASE,
)
"""Of the thing that is worked at, not of a life."""


def plays(text: str) -> bool:
    """Whether a game, a scene or an exercise begins in a message."""
    return _PLAY.search(text) is not None


def speaks(text: str) -> bool:
    """Whether a message carries somebody else's lines, or those of a text."""
    return _VOICES.search(text) is not None or _PAGE.search(text) is not None


def unfit(text: str) -> bool:
    """Whether a sentence is about texts, made-up data or nothing serious, so that an `I` in it is not the person."""
    return any(sign.search(text) for sign in (_MADE_UP, _TEXTS, _ABSURD, _MOCKING))


def mocks(text: str) -> bool:
    """Whether a message jests or means its opposite."""
    return bool(_MOCKING.search(text) or _ABSURD.search(text))


def at_hand(text: str) -> bool:
    """Whether a clause is of the thing that is worked at: `in this container`, `on these rows`."""
    return _AT_HAND.search(text) is not None


def far(text: str) -> bool:
    """Whether a clause is about somebody further off: a boss, a client, `the man whose site I host`."""
    return _FAR_OFF.search(text) is not None


def hearsay(text: str) -> bool:
    """Whether a clause passes on what others say, or what the person only believes."""
    return _HEARSAY.search(text) is not None or _DOUBT.search(text) is not None
