"""More ways in which a clause tells of the person: roles that stand before what they are about, studies, tools, places.

Patterns in order, no logic. Each wants a subject of the person's own, or opens with what they are.
"""

from __future__ import annotations

import re

from nightschool.curate.told.lifewords import (
    AID,
    ANIMALS,
    BRANDS,
    CONDITION,
    COUNT,
    DISEASE,
    FOODS_OUT,
    HOUSEHOLD,
    MONTH,
    PASTIMES,
    SOFTWARE,
    STUDIES,
    TRADES,
    WRITINGS,
)

_I = r"(?:I|we) (?:(?:also|still|just|mostly|usually|always|now|actually|really|only|mainly|currently) )*"
_AM = r"(?:I'?m|I am|we'?re|we are) (?!not\b|no\b|never\b)(?:(?:also|still|just|now|actually|currently|both) )*"
_SINCE = (
    rf"(?:since|as of|starting|from) (?:{MONTH}|the (?:\d\w+|first)|last \w+|(?:19|20)\d\d|next \w+)"
    r"(?: of \w+)?(?: \d{4})?"
)
_DRUG = (
    r"(?:(?:a |an |my )?(?:blood thinners?|beta blockers?|statins?|antidepressants?|antihistamines?|insulin"
    r"|thyroxine|steroids"
    r"|metformin|warfarin|lithium|methotrexate|ssris?|the pill)|[a-z]+(?:xaban|xate|statin|pril|sartan|formin"
    r"|prazole|olol"
    r"|oxine))"
)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"(?P<o>[^\n]*)$", re.IGNORECASE)


MORE = (
    # What somebody is, put before what they say: `As a night nurse I eat at four`. Of the past or of others, nothing.
    _rule(rf"(?:being|speaking as|as) (?!.*\b(?:you|your|was|were|had|did|used|worked|lived|would|could)\b)"
          rf"(?=an? (?:[\w-]+ ){{0,3}}(?:{TRADES}|{CONDITION}|(?:mum|mom|dad|parent|mother|father|grandmother"
          rf"|grandfather|widower?|immigrant|expat))\b[^?]*\b(?:I|I'm|my|me|we|our)\b)"),
    _rule(rf"(?:I|we)(?:'ve| have)? (?:just |recently )?(?:started|began|begun|start) (?:work(?:ing)? |out )?(?=as an? "
          rf"(?:[\w-]+ ){{0,3}}{TRADES}\b)"),
    _rule(rf"{_SINCE}(?: on(?:wards)?)?,? (?:I'?m|I am|I've been|I|we) (?=(?:work(?:ing)?|teach(?:ing)?|employed) "
          rf"(?:at|for|in|with|as)\b|(?:at|with) (?-i:[A-Z]))"),
    _rule(rf"{_AM}(?=an? (?:(?:proud|born|lifelong|new|long-time) )*(?-i:[A-ZÀ-Ý])[\w-]+ (?:resident|native|local"
          rf"|citizen)\b)"),
    _rule(rf"(?:{_AM})?(?=in (?:my|our) (?:\d\w+|first|second|third|fourth|fifth|final|last) (?:year|semester"
          rf"|term) (?:of|as|at"
          rf"|in)\b)"),
    _rule(rf"{_AM}(?:doing|writing|working on|finishing|studying for|starting|halfway through) (?=(?:an?|my"
          rf"|our) (?:[\w-]+ )?"
          rf"{STUDIES}\b(?! (?:to|summary|chapter|list|file|review)\b))"),
    _rule(rf"{_I}(?=(?:run|manage|head|lead) (?:an?|the|our) (?:\w+ )?(?:archive|library|museum|kitchen|lab|ward"
          rf"|unit|team"
          rf"|department|office|warehouse|orchestra|kindergarten|nursery|reception|desk|helpdesk|canteen|section)\b"
          rf" (?:at|in|of|for)\b)"),
    _rule(r"I(?:'ve| have)? (?=(?:retired|got (?:married|divorced|engaged)|became (?:a|an) [\w ]+)\b(?: (?:in"
          r"|last year|this"
          r" year|from (?:the|my|a|work|teaching|nursing|(?-i:[A-Z]))|after|at \d|\w+ years ago)\b.*)?$)"),
    _rule(r"(?:I|we) (?=got (?:married|divorced|engaged)(?:$| (?:in|last|this|on|two|\d|a)\b))"),
    # Bodies, and what they bear.
    _rule(rf"{_I}(?=(?:take|am taking|have to take) {_DRUG}\b)"),
    _rule(rf"{_AM}(?=(?:taking|on) {_DRUG}\b)"),
    _rule(rf"{_I}(?:easily |badly |often |regularly )?(?=get (?:(?:really|very|so|terribly) )?(?:seasick|carsick"
          rf"|travel sick"
          rf"|migraines|hay ?fever|hives|vertigo|nosebleeds|heartburn|panic attacks|sunburn\w*|altitude sick\w*"
          rf"|claustrophobic)\b)"),
    _rule(r"(?:I )(?=(?:can'?t|cannot|don'?t|can not) (?:do|manage|handle|take|cope with) (?:heights|stairs|steps"
          r"|crowds|lifts"
          r"|mornings|spicy|spice|heat|hot weather|caffeine|lactose|gluten|dairy|long walks|loud|flashing"
          r"|dust)\b)"),
    _rule(r"(?=[a-z]+(?: \w+)? and (?:me|I) (?:are (?:not|no|no longer) friends|aren'?t friends|don'?t (?:mix"
          r"|get along|get on"
          r"|agree))$)"),
    _rule(r"(?:my |the )?(?=(?:doc(?:tor)?|gp|dietitian|dietician|physio|cardiologist|neurologist|consultant"
          r"|allergist)(?:'s| has)?"
          r" (?:put me on|took me off|has me on|taken me off)\b[^?]*\b(?:for good|for life|permanently|for ever"
          r"|forever)$)"),
    _rule(rf"{_AM}(?=(?:(?:severely|badly|very) )?(?:[a-z]+phobic|hypermobile|hypoglycaemic|hypoglycemic|menopausal"
          rf"|lactose"
          rf"|tone[- ]deaf)\b)"),
    _rule(rf"(?:{_AM})?(?=in a wheelchair\b)"),
    _rule(r"(?=(?!(?:this|that|it|which|he|she|they)\b)[\w ]{3,30} (?:sends? me to (?:hospital|bed|casualty)"
          r"|tastes? (?:like|of) \w+"
          r" to me|puts? me in hospital|(?:is|are) poison (?:to|for) me)\b)"),
    _rule(rf"{_AM}(?=(?:half|part|a quarter) (?-i:[A-Z])\w+)"),
    _rule(r"(?=home(?:'s| is) an? (?:\w+ )?(?:houseboat|flat|van|farm|cottage|studio|caravan|village|boat|bungalow"
          r"|cabin|barge)\b)"),
    _rule(rf"{_AM}(?=an? (?:big|huge|lifelong|keen|die-hard|great|massive) (?:(?-i:[A-Z])[\w]+|{PASTIMES}) fan$)"),
    _rule(rf"{_I}(?=(?:listen to|read) (?:(?:mostly|mainly|only|mainly) \w+|audiobooks|podcasts|classical"
          rf"|{PASTIMES})\b)"),
    _rule(r"(?:I'?m |I am |we'?re |still )*learning (?=(?-i:[A-Z])\w+(?:$| (?:at|with|from|on|for|since|now|to)\b))"),
    _rule(r"(?:I'?m |I am |we'?re |we are )(?:now )?living (?=(?:at|near|outside) (?-i:[A-Z]))"),
    _rule(rf"(?:I was|I've been|I got|I am|I'm) (?=diagnosed with (?:{DISEASE}|(?-i:[A-Z])\w+))"),
    _rule(r"(?:I|we)(?:'ve| have) (?=(?:worn|had|used|owned|kept|driven|lived|worked|played|sung|smoked|ridden"
          r"|grown) (?!it\b|this\b"
          r"|that\b|the\b|an? (?:problem|issue|error|question))[^?]* since (?:I was|childhood|school|birth|my \w+)\b)"),
    _rule(rf"both (?:of )?(?:my|our) (?P<s>{HOUSEHOLD}|{ANIMALS}) (?:are|have) (?=(?:{CONDITION}|{DISEASE}|{TRADES}"
          rf"|on the spectrum|in (?:primary|secondary|uni\w*))\b)"),
    _rule(r"(?:I|we)(?:'ve| have)? (?:just |recently )?(?=(?:moved|gone|went) back (?:in with|to) (?:my|our"
          r"|(?-i:[A-Z]))\w*)"),
    _rule(r"(?:I|we)(?:'ve| have)? (?:just |recently )?(?=(?:become|became) (?:an? )?(?:grand\w+|father|mother|dad"
          r"|mum|mom|parents?"
          r"|aunt|uncle|citizens?)\b)"),
    _rule(rf"{_I}(?=make (?:a|my|our) living (?:\w+ing|from|with|as|by)\b)"),
    _rule(r"(?:we'?re|we are|I'?m|I am) (?=(?:an? )?(?:quakers?|muslims?|hindus?|jewish|catholics?|sikhs?|buddhists?"
          r"|jains?|mormons?"
          r"|adventists?|orthodox|protestants?|atheists?)\b)"),
    _rule(rf"{_AM}(?=an? (?:night owl|early bird|early riser|light sleeper|introvert|extrovert)$)"),
    _rule(rf"{_AM}(?=on an? (?:{BRANDS})\b)"),
    _rule(rf"{_I}(?=do (?:most|all) of (?:my|our) \w+ing (?:in|on|with) (?-i:[A-Z]))"),
    _rule(rf"{_I}(?=(?:sleep|walk|read|write|type) with (?:an? |my )?{AID}\b)"),
    _rule(r"in (?:my|our) (?:house|family|household|home),? (?=(?:nobody|no one|everyone|everybody|we (?:all|never"
          r"|always)) (?:eats?"
          r"|drinks?|speaks?|smokes?|takes?|uses?|plays?|wears?|cooks?)\b)"),
    # What somebody likes, does and belongs to.
    _rule(rf"{_AM}(?=(?:(?:very|really|big|so) )*into (?:(?:\w+ )?{PASTIMES})\b)"),
    _rule(rf"{_I}(?=(?:love|like|enjoy|adore) {PASTIMES}\b(?! (?:mode|the|this|it|tab|view|file|of|log|through"
          rf"|api)\b))"),
    _rule(rf"{_I}(?=(?:knit|crochet|sew|read|paint|draw|bake|garden|cycle|run|swim|hike|travel|fish) (?:a lot|loads"
          rf"|tons"
          rf"|for fun|to relax|most (?:days|evenings|nights)|all year)\b)"),
    _rule(rf"{_AM}(?=(?:a |an )?(?:\w+ )?(?:member|volunteer|regular|trustee|supporter|season ticket holder"
          rf"|scout leader"
          rf"|choir member) (?:of|at|in|with|for) (?:the |a |my |our )?(?:[\w-]+ ){{0,3}}(?:club|society|choir|band"
          rf"|union|party"
          rf"|church|association|brigade|team|orchestra|board|council|co-?op|charity|(?-i:[A-Z])\w+))"),
    _rule(rf"{_I}(?=support (?-i:[A-Z])[\w ]+$)"),
    _rule(r"(?=(?:everyone|everybody|people|friends|my friends|most people|all my friends|colleagues"
          r"|they all) (?:just )?calls?"
          r" me (?-i:[A-Z])\w+$)"),
    _rule(rf"{_I}(?=eat (?:anything|everything)$)"),
    _rule(r"(?=(?-i:[A-Z])\w+(?:'s| is) (?:only )?my (?:first|second|third|fourth|native|mother|main"
          r"|other) (?:language|tongue)\b)"),
    # Tools and places of one's own.
    _rule(rf"{_I}(?=use {SOFTWARE}\b(?: (?:for|with|on|at|as|everywhere|daily)\b|$))"),
    _rule(rf"{_I}(?=(?:write|keep|do|store|track|manage|plan|note|log|save) (?:everything|all (?:of )?(?:my"
          rf"|our) (?!logs|tests|errors)\w+"
          rf"|(?:my|our) (?:\w+ )?(?:{WRITINGS}|passwords|photos|budget|calendar|tasks|todos|books|accounts|code"
          rf"|files))"
          rf" (?:in|with|on|via) (?-i:[A-Z])\w+)"),
    _rule(r"(?=all (?:of )?(?:my|our) (?!tests|calls|logs|requests|errors|jobs|queries|builds)[\w -]{3,25}? (?:sits?"
          r"|lives?|is|are|goes?|stays?|run) (?:now )?(?:in|on|at"
          r"|with) (?-i:[A-Z])\w+)"),
    _rule(rf"(?:{_AM})?(?=(?:running|using|on) (?-i:(?!React|Vue|Angular|Django"
          rf"|Rails)[A-Z])[\w.]+(?: [\w.]+)? on (?:an?|my"
          rf"|the) (?:\w+ )?(?:{BRANDS})\b)"),
    _rule(r"(?:I|we)(?:'ve| have)? (?:went|gone|moved|switched|changed) over (?=to (?-i:[A-Z])\w+ for (?:my|our|all"
          r"|everything)\b)"),
    _rule(r"(?=my (?:shifts?|hours|schedule|diet|address|number|email|name|pronouns) (?:has |have |is "
          r"|are )?changed for good$)"),
    _rule(r"(?:cooking|shopping|we eat|I cook|I shop|meals) (?=for (?:two|three|four|five|six|seven|eight|\d)"
          r" (?:every|each|most) (?:night|day|evening|week)\b)"),
    _rule(r"(?=(?:first|second) (?:alto|soprano|tenor|bass|violin|horn|trumpet|flute|clarinet) in (?:the |a |our |my )"
          r"?(?:[\w-]+ ){0,2}(?:choir|orchestra|band|quartet|(?-i:[A-Z])\w+))"),
    _rule(rf"{_I}(?=(?:have|own|keep) {COUNT} (?:[\w-]+ )?(?:{ANIMALS})$)"),
    _rule(r"(?=(?-i:[A-ZÀ-Ý])[\w-]+(?:,| and) (?:that's|is) (?:my|our) (?:\w+ )?(?:son|daughter|wife|husband|dog"
          r"|cat)\b)"),
    _rule(r"(?=(?:we|I) (?:sold|got rid of|gave up) (?:the|my|our) (?:car|tv|telly|landline|flat|house|motorbike"
          r"|caravan|boat)(?! \w+s\b))"),
    _rule(rf"(?=[\w' -]{{3,25}}: no(?:, | ?thanks?)?(?:never|not ever|not in anything)$)|(?=no {FOODS_OUT} for me$)"),
    _rule(rf"{_I}(?=rely on (?:an? |my )?{AID}\b)"),
    _rule(rf"(?:my|our) (?P<s>(?:[\w-]+ )?(?:{HOUSEHOLD})) (?=(?:goes by|is called|is known as) (?-i:[A-Z])\w+)"),
    _rule(r"(?:(?:my|our) )?(?P<s>mum|mom|dad|mother|father|wife|husband|gran|grandma|son|daughter)(?:'s"
          r"| is) (?=in (?:an?"
          r" )?(?:wheelchair|care home|nursing home|the army|the navy)\b|non-binary\b|trans\b|partially \w+\b)"),
)  # fmt: skip
