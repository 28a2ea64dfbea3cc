"""More ways in which a clause tells of the person: roles that stand before what they are about, studies, tools, places.

Patterns in order, no logic. Each wants a subject of the person's own, or opens with what they are.
"""

from __future__ import annotations

from nightschool.curate.told.lifeways import rule
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


MORE = (
    # What somebody is, put before what they say: `As a night nurse I eat at four`. Of the past or of others, nothing.
    rule(rf"(?:being|speaking as|as) (?!.*\b(?:you|your|was|were|had|did|used|worked|lived|would|could)\b)"
          rf"(?=an? (?:[\w-]+ ){{0,3}}(?:{TRADES}|{CONDITION}|(?:mum|mom|dad|parent|mother|father|grandmother"
          rf"|grandfather|widower?|immigrant|expat))\b[^?]*\b(?:I|I'm|my|me|we|our)\b)"),
    rule(rf"(?:I|we)(?:'ve| have)? (?:just |recently )?(?:started|began|begun|start) (?:work(?:ing)? |out )?(?=as an? "
          rf"(?:[\w-]+ ){{0,3}}{TRADES}\b)"),
    rule(rf"{_SINCE}(?: on(?:wards)?)?,? (?:I'?m|I am|I've been|I|we) (?=(?:work(?:ing)?|teach(?:ing)?|employed) "
          rf"(?:at|for|in|with|as)\b|(?:at|with) (?-i:[A-Z]))"),
    rule(rf"{_AM}(?=an? (?:(?:proud|born|lifelong|new|long-time) )*(?-i:[A-ZÀ-Ý])[\w-]+ (?:resident|native|local"
          rf"|citizen)\b)"),
    rule(rf"(?:{_AM})?(?=in (?:my|our) (?:\d\w+|first|second|third|fourth|fifth|final|last) (?:year|semester"
          rf"|term) (?:of|as|at"
          rf"|in)\b)"),
    rule(rf"{_AM}(?:doing|writing|working on|finishing|studying for|starting|halfway through) (?=(?:an?|my"
          rf"|our) (?:[\w-]+ )?"
          rf"{STUDIES}\b(?! (?:to|summary|chapter|list|file|review)\b))"),
    rule(rf"{_I}(?=(?:run|manage|head|lead) (?:an?|the|our) (?:\w+ )?(?:archive|library|museum|kitchen|lab|ward"
          rf"|unit|team"
          rf"|department|office|warehouse|orchestra|kindergarten|nursery|reception|desk|helpdesk|canteen|section)\b"
          rf" (?:at|in|of|for)\b)"),
    rule(r"I(?:'ve| have)? (?=(?:retired|got (?:married|divorced|engaged)|became (?:a|an) [\w ]+)\b(?: (?:in"
          r"|last year|this"
          r" year|from (?:the|my|a|work|teaching|nursing|(?-i:[A-Z]))|after|at \d|\w+ years ago)\b.*)?$)"),
    rule(r"(?:I|we) (?=got (?:married|divorced|engaged)(?:$| (?:in|last|this|on|two|\d|a)\b))"),
    # Bodies, and what they bear.
    rule(rf"{_I}(?=(?:take|am taking|have to take) {_DRUG}\b)"),
    rule(rf"{_AM}(?=(?:taking|on) {_DRUG}\b)"),
    rule(rf"{_I}(?:easily |badly |often |regularly )?(?=get (?:(?:really|very|so|terribly) )?(?:seasick|carsick"
          rf"|travel sick"
          rf"|migraines|hay ?fever|hives|vertigo|nosebleeds|heartburn|panic attacks|sunburn\w*|altitude sick\w*"
          rf"|claustrophobic)\b)"),
    rule(r"(?:I )(?=(?:can'?t|cannot|don'?t|can not) (?:do|manage|handle|take|cope with) (?:heights|stairs|steps"
          r"|crowds|lifts"
          r"|mornings|spicy|spice|heat|hot weather|caffeine|lactose|gluten|dairy|long walks|loud|flashing"
          r"|dust)\b)"),
    rule(r"(?=[a-z]+(?: \w+)? and (?:me|I) (?:are (?:not|no|no longer) friends|aren'?t friends|don'?t (?:mix"
          r"|get along|get on"
          r"|agree))$)"),
    rule(r"(?:my |the )?(?=(?:doc(?:tor)?|gp|dietitian|dietician|physio|cardiologist|neurologist|consultant"
          r"|allergist)(?:'s| has)?"
          r" (?:put me on|took me off|has me on|taken me off)\b[^?]*\b(?:for good|for life|permanently|for ever"
          r"|forever)$)"),
    rule(rf"{_AM}(?=(?:(?:severely|badly|very) )?(?:[a-z]+phobic|hypermobile|hypoglycaemic|hypoglycemic|menopausal"
          rf"|lactose"
          rf"|tone[- ]deaf)\b)"),
    rule(rf"(?:{_AM})?(?=in a wheelchair\b)"),
    rule(r"(?=(?!(?:this|that|it|which|he|she|they)\b)[\w ]{3,30} (?:sends? me to (?:hospital|bed|casualty)"
          r"|tastes? (?:like|of) \w+"
          r" to me|puts? me in hospital|(?:is|are) poison (?:to|for) me)\b)"),
    rule(rf"{_AM}(?=(?:half|part|a quarter) (?-i:[A-Z])\w+)"),
    rule(r"(?=home(?:'s| is) an? (?:\w+ )?(?:houseboat|flat|van|farm|cottage|studio|caravan|village|boat|bungalow"
          r"|cabin|barge)\b)"),
    rule(rf"{_AM}(?=an? (?:big|huge|lifelong|keen|die-hard|great|massive) (?:(?-i:[A-Z])[\w]+|{PASTIMES}) fan$)"),
    rule(rf"{_I}(?=(?:listen to|read) (?:(?:mostly|mainly|only|mainly) \w+|audiobooks|podcasts|classical"
          rf"|{PASTIMES})\b)"),
    rule(r"(?:I'?m |I am |we'?re |still )*learning (?=(?-i:[A-Z])\w+(?:$| (?:at|with|from|on|for|since|now|to)\b))"),
    rule(r"(?:I'?m |I am |we'?re |we are )(?:now )?living (?=(?:at|near|outside) (?-i:[A-Z]))"),
    rule(rf"(?:I was|I've been|I got|I am|I'm) (?=diagnosed with (?:{DISEASE}|(?-i:[A-Z])\w+))"),
    rule(r"(?:I|we)(?:'ve| have) (?=(?:worn|had|used|owned|kept|driven|lived|worked|played|sung|smoked|ridden"
          r"|grown) (?!it\b|this\b"
          r"|that\b|the\b|an? (?:problem|issue|error|question))[^?]* since (?:I was|childhood|school|birth|my \w+)\b)"),
    rule(rf"both (?:of )?(?:my|our) (?P<s>{HOUSEHOLD}|{ANIMALS}) (?:are|have) (?=(?:{CONDITION}|{DISEASE}|{TRADES}"
          rf"|on the spectrum|in (?:primary|secondary|uni\w*))\b)"),
    rule(r"(?:I|we)(?:'ve| have)? (?:just |recently )?(?=(?:moved|gone|went) back (?:in with|to) (?:my|our"
          r"|(?-i:[A-Z]))\w*)"),
    rule(r"(?:I|we)(?:'ve| have)? (?:just |recently )?(?=(?:become|became) (?:an? )?(?:grand\w+|father|mother|dad"
          r"|mum|mom|parents?"
          r"|aunt|uncle|citizens?)\b)"),
    rule(rf"{_I}(?=make (?:a|my|our) living (?:\w+ing|from|with|as|by)\b)"),
    rule(r"(?:we'?re|we are|I'?m|I am) (?=(?:an? )?(?:quakers?|muslims?|hindus?|jewish|catholics?|sikhs?|buddhists?"
          r"|jains?|mormons?"
          r"|adventists?|orthodox|protestants?|atheists?)\b)"),
    rule(rf"{_AM}(?=an? (?:night owl|early bird|early riser|light sleeper|introvert|extrovert)$)"),
    rule(rf"{_AM}(?=on an? (?:{BRANDS})\b)"),
    rule(rf"{_I}(?=do (?:most|all) of (?:my|our) \w+ing (?:in|on|with) (?-i:[A-Z]))"),
    rule(rf"{_I}(?=(?:sleep|walk|read|write|type) with (?:an? |my )?{AID}\b)"),
    rule(r"in (?:my|our) (?:house|family|household|home),? (?=(?:nobody|no one|everyone|everybody|we (?:all|never"
          r"|always)) (?:eats?"
          r"|drinks?|speaks?|smokes?|takes?|uses?|plays?|wears?|cooks?)\b)"),
    # What somebody likes, does and belongs to.
    rule(rf"{_AM}(?=(?:(?:very|really|big|so) )*into (?:(?:\w+ )?{PASTIMES})\b)"),
    rule(rf"{_I}(?=(?:love|like|enjoy|adore) {PASTIMES}\b(?! (?:mode|the|this|it|tab|view|file|of|log|through"
          rf"|api)\b))"),
    rule(rf"{_I}(?=(?:knit|crochet|sew|read|paint|draw|bake|garden|cycle|run|swim|hike|travel|fish) (?:a lot|loads"
          rf"|tons"
          rf"|for fun|to relax|most (?:days|evenings|nights)|all year)\b)"),
    rule(rf"{_AM}(?=(?:a |an )?(?:\w+ )?(?:member|volunteer|regular|trustee|supporter|season ticket holder"
          rf"|scout leader"
          rf"|choir member) (?:of|at|in|with|for) (?:the |a |my |our )?(?:[\w-]+ ){{0,3}}(?:club|society|choir|band"
          rf"|union|party"
          rf"|church|association|brigade|team|orchestra|board|council|co-?op|charity|(?-i:[A-Z])\w+))"),
    rule(rf"{_I}(?=support (?-i:[A-Z])[\w ]+$)"),
    rule(r"(?=(?:everyone|everybody|people|friends|my friends|most people|all my friends|colleagues"
          r"|they all) (?:just )?calls?"
          r" me (?-i:[A-Z])\w+$)"),
    rule(rf"{_I}(?=eat (?:anything|everything)$)"),
    rule(r"(?=(?-i:[A-Z])\w+(?:'s| is) (?:only )?my (?:first|second|third|fourth|native|mother|main"
          r"|other) (?:language|tongue)\b)"),
    # Tools and places of one's own.
    rule(rf"{_I}(?=use {SOFTWARE}\b(?: (?:for|with|on|at|as|everywhere|daily)\b|$))"),
    rule(rf"{_I}(?=(?:write|keep|do|store|track|manage|plan|note|log|save) (?:everything|all (?:of )?(?:my"
          rf"|our) (?!logs|tests|errors)\w+"
          rf"|(?:my|our) (?:\w+ )?(?:{WRITINGS}|passwords|photos|budget|calendar|tasks|todos|books|accounts|code"
          rf"|files))"
          rf" (?:in|with|on|via) (?-i:[A-Z])\w+)"),
    rule(r"(?=all (?:of )?(?:my|our) (?!tests|calls|logs|requests|errors|jobs|queries|builds)[\w -]{3,25}? (?:sits?"
          r"|lives?|is|are|goes?|stays?|run) (?:now )?(?:in|on|at"
          r"|with) (?-i:[A-Z])\w+)"),
    rule(rf"(?:{_AM})?(?=(?:running|using|on) (?-i:(?!React|Vue|Angular|Django"
          rf"|Rails)[A-Z])[\w.]+(?: [\w.]+)? on (?:an?|my"
          rf"|the) (?:\w+ )?(?:{BRANDS})\b)"),
    rule(r"(?:I|we)(?:'ve| have)? (?:went|gone|moved|switched|changed) over (?=to (?-i:[A-Z])\w+ for (?:my|our|all"
          r"|everything)\b)"),
    rule(r"(?=my (?:shifts?|hours|schedule|diet|address|number|email|name|pronouns) (?:has |have |is "
          r"|are )?changed for good$)"),
    rule(r"(?:cooking|shopping|we eat|I cook|I shop|meals) (?=for (?:two|three|four|five|six|seven|eight|\d)"
          r" (?:every|each|most) (?:night|day|evening|week)\b)"),
    rule(r"(?=(?:first|second) (?:alto|soprano|tenor|bass|violin|horn|trumpet|flute|clarinet) in (?:the |a |our |my )"
          r"?(?:[\w-]+ ){0,2}(?:choir|orchestra|band|quartet|(?-i:[A-Z])\w+))"),
    rule(rf"{_I}(?=(?:have|own|keep) {COUNT} (?:[\w-]+ )?(?:{ANIMALS})$)"),
    rule(r"(?=(?-i:[A-ZÀ-Ý])[\w-]+(?:,| and) (?:that's|is) (?:my|our) (?:\w+ )?(?:son|daughter|wife|husband|dog"
          r"|cat)\b)"),
    rule(r"(?=(?:we|I) (?:sold|got rid of|gave up) (?:the|my|our) (?:car|tv|telly|landline|flat|house|motorbike"
          r"|caravan|boat)(?! \w+s\b))"),
    rule(rf"(?=[\w' -]{{3,25}}: no(?:, | ?thanks?)?(?:never|not ever|not in anything)$)|(?=no {FOODS_OUT} for me$)"),
    rule(rf"{_I}(?=rely on (?:an? |my )?{AID}\b)"),
    rule(rf"(?:my|our) (?P<s>(?:[\w-]+ )?(?:{HOUSEHOLD})) (?=(?:goes by|is called|is known as) (?-i:[A-Z])\w+)"),
    rule(r"(?:(?:my|our) )?(?P<s>mum|mom|dad|mother|father|wife|husband|gran|grandma|son|daughter)(?:'s"
          r"| is) (?=in (?:an?"
          r" )?(?:wheelchair|care home|nursing home|the army|the navy)\b|non-binary\b|trans\b|partially \w+\b)"),
)  # fmt: skip
