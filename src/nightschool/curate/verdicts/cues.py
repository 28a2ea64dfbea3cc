"""How words open, turn, offer, consent or wonder, as patterns for the reader of verdicts. No logic."""

from __future__ import annotations

import re

from nightschool.curate.verdicts import praise

QUOTED = re.compile(
    r"```.*?```|`[^`\n]*`|\"[^\"\n]{2,}\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|(?<!\w)'(?:[^'\n]"
    r"|(?<=\w)'(?=\w)){3,}'(?!\w)|^>.*$",
    re.S | re.M,
)
OFFER = re.compile(
    r"(?i)^(?:\W*)(?:shall i|should i|want me|do you want|would you like|i(?: can|'d (?:first|start|begin|propose"
    r"|then|go)| could| would (?:first|start|begin|propose)| propose)\b|soll ich|möchtest|willst du|veux-tu|voulez"
    r"|quieres)|\blet me know if\b"
)
MILD = re.compile(
    r"(?i)\b(?:is|are|'s|looks?|sounds?|was|were|reads?) (?:now |at least |all |quite |really |very )*(?:great|good"
    r"|fine|ok|okay|nice|perfect|green|lovely|beautiful|useful|clear|solid|excellent|correct)\b(?! enough)"
    r"|^\W*(?:nice|good|great|useful|lovely|solid|decent|helpful|interesting|clever|neat|funny) (?!luck|morning"
    r"|evening|night|day|god|grief|now|but)\w+"
    r"|(?<=\w)[ :,]+(?:ok|okay|yes|fine|good|great|works?|passt|gut|bien|va|bene|stays?|✅|👍)(?=\s*(?:✅|👍|[,.:;]|$"
    r"|though|but|aber|mais|pero))"
    r"|\bgef(?:ä|ae|a)ll(?:t|en) (?:mir|uns)\b|\bme gustan?\b|\bj'aime\b|\bmi piac\w+\b"
    r"|\b(?:is|are) (?:now )?(?:gone|fixed|sorted|solved|green)(?=\s*[,.;])|\byes!+(?=\W|$)|\b(?:matches"
    r"|match) (?:the|my|what|finance)|\bat least\b|\bpasst(?: so| gut| schon| genau)?(?=[.,;])|\b(?:est"
    r"|está|è|é) (?:bon|bien|bene|ok|parfaite?|perfecto|bom)\b|\b(?:is|are) (?:right|correct)(?=\s*[,.;]|\s+(?:but"
    r"|though|thanks))|(?<!to )\bkeep (?:it|that|this|the)\b|\bleave (?:it|that|this"
    r"|the \w+) (?:exactly|as|like)|✅|👍"
    r"|\b(?:first|second|other|rest|remaining|half|part|one|two|three)\b[^.,;\n]{0,30}\b(?:fine|good|ok|great|right"
    r"|works?|correct|perfect|lovely|beautiful)\b"
)
"""Approval of a part: beside a complaint it makes the words mixed."""
PART = re.compile(
    r"(?i)\b(?:but|though|tho|however|except|apart from|other than|otherwise|aber|allerdings|nur|jedoch|mais|sauf"
    r"|pero|salvo|mas|ma|però|tranne|maar|alleen)\b"
)
NEGATED = re.compile(
    r"(?i)(?:\b(?:not|no|never|hardly|barely|if|once|when|until|till|hope|hoping|should|would|could|will|might|may"
    r"|whether|why|how|make sure|unless|unsure|almost|nearly|supposed to|want|need|try to|trying to|kein|keine|nicht"
    r"|wenn|ob|pas|jamais|no|si|não|se|non)\b|n[’']t\b|\b(?:do|does|did|is|was|were|are|wo|ca|could|would|should|has"
    r"|have|had|ai)nt\b)[^.,;!?\n]{0,24}$"
)
ACCUSES = re.compile(
    r"(?i)\b(?:i|we) (?:already |just |clearly |never )?(?:said|asked|told|wrote|mentioned|specified|gave)\b"
    r"|\byou (?:forgot|missed|ignored|skipped|deleted|changed|removed|broke"
    r"|misread|keep|kept|already|didn['’]t|did not|said|made)\b|\bnot what i\b|\bthat['’]?s (?:wrong|not right"
    r"|incorrect)\b|\bj'ai dit\b|\bich (?:hatte|habe) \w* ?gesagt"
    r"|\bdije\b|\bho detto\b|\bdone with (?:this|you)\b"
)
"""What is a complaint even where the assistant had asked something."""
CHOSE = re.compile(
    r"(?i)\W*(?:(?:ok|great|nice|thanks|yes)\W+)*(?:we|i|they|she|he|my \w+)(?:'ve| have)? (?:went|gone|settled"
    r"|decided|chose|picked|took|agreed) (?:with|on|for|the|number)?\b[^?]*$"
)
ASKING = re.compile(
    r"(?i)\W*(?:(?:and|so|ok|btw|also)\W+)*(?:how|what|why|where|when|which|who|can i|could i|can you|could you"
    r"|is there|is it|wie|was|comment|cómo)\b"
)
LONG_AGO = re.compile(
    r"(?i)\b(?:years?|months|decades) ago\b|\bback (?:then|in (?:19|20)\d\d)\b|\bas a (?:kid"
    r"|child)\b"
)
"""What was good before anything was answered."""
STRANGER = re.compile(r"(?i)^\W*(?:someone|somebody|the neighbours?['’]?s?|another \w+|other people)\b(?!.*\byour?\b)")
"""Whoever is told of, and admired, has seen no answer."""
CURRENT = re.compile(r"(?i)\b(?:now|at the moment|currently|right now|today|these days|by now|so far|as of)\b")
"""How things stand after a change is asked anew."""
ASKS_WHETHER = re.compile(
    r"(?i)\W*(?:(?:and|so|ok|oh|but|hm+|btw)\W+)*(?:is|are|was|were|do|does|did|has|have|can|could|would|will|should"
    r"|how|what|where|when|which|who|why|isn'?t|aren'?t|doesn'?t)\b"
)
PASTED = re.compile(
    r"(?i)^\W*(?:(?:ok|sure|thanks|yes)\W+)?(?:here(?:'s| is| are| you go| it is)?|hier(?: ist)?|voici|aquí(?: está)?"
    r"|ecco)\b[^:\n.!?]{0,40}:"
)
OTHER_PART = re.compile(
    r"(?i)\W*(?:and )?(?:the )?(?:second|third|last|rest|remaining|half|other (?:one|half|two))\b(?! way)"
)
GIVES_UP = re.compile(
    r"(?i)^\W*(?:(?:ok(?:ay)?|ah|ach|oh|well|ugh|meh|right|no|you know what)\W+)*(?:forget (?:about )?(?:it|this"
    r"|that)|never ?mind|nvm"
    r"|drop it|skip it|screw it|scrap (?:it|this|that)|leave it,|vergiss es|lass (?:es|mal|gut)|laisse tomber"
    r"|déjalo|olvídalo"
    r"|laat maar|lascia(?:mo)? (?:stare|perdere))\b"
)
"""Words that give up before anything else is said: what is used then is something else."""
FIRST = re.compile(r"(?i)\b(?:first|before (?:i|we)\b[^.]*)\W*$")
"""Whoever asks somebody else first has not turned away."""
FOUND_OUT = re.compile(
    r"(?i)\b(?:found|got it|figured|solved|fixed|works? (?:now|again)|worked|my (?:mistake|bad|fault|error)"
    r"|habe? es|trouvé|ya está)\b"
)
WANTS_MORE = re.compile(
    r"(?i)\b(?:another(?: one)?|one more|more of (?:these|those|that|them)|(?:the )?next one)(?: please| pls)?\W*$"
)
LETTER = re.compile(
    r"(?i)\b(?:write|draft|compose|text|reply|answer|message|mail|e-?mail|letter|note|invitation|écri\w*|rédige\w*"
    r"|schreib\w*|formulier\w*|scrivi|escribe"
    r"|redacta|schrijf|nachricht|brief)\b"
)
GREETS = re.compile(
    r"(?i)^\W*(?:dear|hi|hey|hello|hallo|liebe[rs]?|sehr geehrte\w*|guten|salut|bonjour|coucou|cher|chère|madame"
    r"|monsieur|hola|querid[oa]|estimad[oa]|buen\w*"
    r"|ciao|caro|cara|gentile|beste|olá|moin|servus)\b"
)
ASKED_WELL = re.compile(
    r"(?i)^\W*(?:(?:ah|oh|yes|ha|phew|uff|ouf|wow|god)\W+)*(?:(?:very |really )?(?:good|great|fair|smart"
    r"|excellent) (?:question|thinking"
    r"|point to (?:ask|check)|that you ask)"
    r"|(?:i'm )?(?:so )?(?:good|glad|nice|great|smart|good thing|lucky|relieved) (?:that )?you (?:ask|check|look"
    r"|notic|stopp)\w*|gute frage|gut,? dass du fragst|bonne question"
    r"|buena pregunta)\b"
)
IRONIC = re.compile(
    rf"(?i)^\W*(?:oh |well |ah )?(?:{praise.GOOD})\W+(?:just (?:what|the thing) (?:i|we) (?:needed|wanted)"
    rf"|just (?:{praise.GOOD})|typical|of course)\b"
    r"[^?]*[.!,;] [^.!]*\b(?:are|is|do|does|what|when|where|how|any|can|which)\b"
)
"""Joy at bad news, and on to the next question."""
SURPRISED = re.compile(
    r"(?i)^\W*(?:(?:no|wow|oh|really|huh|what|ha)\W+)*(?:no way|really|seriously|the \w+|\w+)(?:, \w+)?\W*(?:\?!"
    r"|!\?|!!|!)"
    r"[^?]*\b(?:what|which|who|how|and the|where|when)\b[^?]{0,40}\??\W*$"
)
"""Wonder at a fact, and on to the next question."""
STATE_CHANGED = re.compile(
    r"(?i)\b(?:i|we)?(?:'ve| have)? ?(?:just |now |already )?(?:mended|repaired|corrected|patched|cleaned|replaced"
    r"|removed|added|installed|updated|changed|renamed|deleted"
    r"|restarted|rebooted|refilled|filled|reloaded"
    r"|replugged"
    r"|edited|pushed|saved|uploaded|topped up|fixed|raised|moved)\b[^?]{0,60}\b(?:again|once more)\b(?! (?:wrong"
    r"|fails))"
)
"""What was looked at is no longer the same; a second look is no complaint."""
SUPPOSES = re.compile(
    r"(?i)^\W*so (?:if|when)\b|\bif (?:i|we|you)\b[^.]*$|^[^.]*\b(?:say|suppose|if|in case|how (?:do|can|would"
    r"|could) (?:i|we)|want to|wanted to|could i|can i"
    r"|should i"
    r"|might|would)\b[^.]*\?\W*$"
)
"""Taking back is only thought of."""
AS_WANTED = re.compile(
    r"(?i)^(?!.*\b(?:not|n't|but|except|never|on purpose)\b)[^.]*(?:\bas (?:it (?:should|has to|must|ought)"
    r"|expected|hoped|wanted|planned|ordered"
    r"|promised|intended|required|desired)(?: to)?(?: be)?\W*$|\bindeed\W*$|\bwie (?:gewünscht|erwartet"
    r"|es soll)\W*$|\bcomme (?:prévu|voulu)\W*$)"
)
"""What came is what was to come, be it nothing."""
CHECK_SAYS = re.compile(
    r"(?i)^[^\n?]{0,40}\b(?:checker|validator|linter|compiler|parser|scanner|ci|tests?|suite"
    r"|w3c)\b[^\n?]{0,24}[:,] ?[\"“']?[^\n?]*"
    r"\b(?:valid|passed|passes|no (?:errors|issues|warnings|problems)|0 errors|success\w*|all ok"
    r"|clean)\b(?!.*\b(?:not|but|invalid)\b)"
)
