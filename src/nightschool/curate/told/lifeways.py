"""The ways in which a clause tells of the person or those near, as patterns in order. No logic."""

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
    HABIT,
    HOUSEHOLD,
    OWN_THINGS,
    TRADES,
    WEEKDAY,
    WRITINGS,
)  # fmt: skip

_SOME = (
    r"(?:(?:both|all|also|still|just|only|mostly|usually|always|normally|generally|mainly|now|actually|really"
    r"|myself) )*"
)
_I = rf"(?:I|we) {_SOME}"
_AM = rf"(?:I'?m|I am|we'?re|we are) (?!not\b|no\b|never\b){_SOME}"
_HAVE = rf"(?:I|we)(?:'?ve| {_SOME}have|(?= got))(?: got)? {_SOME}"
_MY = r"(?:my|our)"
_SIDE = r"(?:(?:\w+est|older|younger|elder|big|little|late-diagnosed|twin|eldest|teenage|new|own|\d+[- ]year[- ]old) )*"
_NAME = r"[A-ZÀ-ÝŁŚŻ][\w'’-]+(?: (?:and|&) [A-ZÀ-ÝŁŚŻ][\w'’-]+)?"
_KIN = rf"{_MY} (?P<s>{_SIDE}(?:{HOUSEHOLD}|{ANIMALS})(?:,? (?-i:{_NAME}),?)?)"
_SOON = r"(?! (?:tomorrow|today|tonight|next|coming)\b)"
_NOT_OWN = (
    r"(?!(?:it|this|that|these|those|them|you|him|her|me|us|to|into|tired|up|down|out|over|the (?:same|wrong|code|file"
    r"|tests?|script|query|build|app|command|server)|an? (?:error|exception|issue|question|point|ticket|look|bit|lot"
    r"|few"
    r"|try|call)|your|his|their)\b)"
)
_POSSESSED = (
    r"car|van|truck|pick-?up|bike|e-?bike|motorbike|scooter|boat|caravan|camper|licence|license|tv|piano|guitar|violin"
    r"|cello|harp|flute|accordion|flat|apartment|house|cottage|garden|yard|greenhouse|allotment|balcony|garage|cellar"
    r"|pool|sauna|washing machine|telly|farm|shop|stall|studio|workshop|oven|microwave|dishwasher|freezer|dryer"
    r"|air fryer|wood stove|wood burner"
    r"|heat pump|solar panels|3d printer|sewing machine|telescope|smart speakers?|pets?|animals"
)
_LIVING = (
    r"live (?:alone|abroad|(?:in|on|near|at|above|off|with|by|out in|just outside|outside) (?:(?:the |a |an |my "
    r"|our )?(?-i:[A-Z]|\d)|(?:the"
    r"|an?|my|our|his|her) (?:[\w-]+ ){0,2}(?:flat|house|apartment|studio|bedsit|farm|cottage|dorm\w*|village|town"
    r"|city|suburbs?|boat|barge"
    r"|countr(?:y|yside)|cent(?:re|er)|north|south|east|west|coast|island|mountains?|valley|family|wife|husband"
    r"|partner|kids|parents|mother"
    r"|mum|mom|father|dad|sister|brother|flatmates?|roommates?|gran\w*|caravan|van|floor|bakery|shop|pub|street"
    r"|commune|co-?op)\b|rural|shared))"
    r"|work (?:as|at|for|from home|nights|shifts|night shifts|part|full|remote(?:ly)?|weekends|mostly|in (?!progress"
    r"|the"
    r" (?:file|branch|editor|terminal|console)))"
    r"|(?:(?:own|rent|ride|drive|knit|crochet|brew|breed|raise|grow|collect|hunt|study|sew|weave|bake(?! at\b| it\b"
    r"| for \d)|row|sublet|foster"
    r"|rear|farm|climb|cycle) (?!the\b)|(?:coach|lead|chair|manage|commute|teach|sing|swim|volunteer|homeschool"
    r"|home-school"
    r"|garden|umpire|referee|host|captain|tutor|mentor|babysit|busk|surf|ski|sail|fence) )"
    + _NOT_OWN
    + r"|(?:stammer|stutter|lip-?read|swim|fast|dance|climb|run) (?=(?:\w+ ){0,3}(?:"
    + HABIT
    + r"))|(?:stammer|stutter|lip-?read)\b|let (?:out )?(?:the (?:\w+ )?(?:flat|room|house|floor|apartment|cottage)|a"
    r"|an|my"
    r"|our)\b"
    r"|play (?:in (?:an?|the) |for |left|bass\b|(?:the )?(?:piano|violin|viola|cello|guitar|flute|drums|harp|organ"
    r"|oboe|horn"
    r"|tabla|sitar|trombone|trumpet|sax\w*|clarinet|bassoon|ukulele|banjo|chess|tennis|football|rugby|hockey|golf"
    r"|basketball|volleyball|badminton|cricket|handball|squash|bridge|go|padel)\b)"
    rf"|use (?:an? |my )?{AID}|read (?:you |this |everything |it all )?(?:on|with|through|via) (?:an? |my )?{AID}"
    r"|run (?:an?|my|our|the) (?:\w+ ){0,3}(?:shop|bakery|caf[eé]|restaurant|business|company|studio|practice|clinic"
    r"|farm"
    r"|blog|podcast|club|group|workshop|school|choir|gallery|stall|b ?& ?b|hostel|hotel|campsite|charity|market"
    r"|newsletter"
    r"|bookshop|bar|pub|kennel|nursery|salon|garage|agency|shelter)\b"
    r"|keep (?:\w+ )?(?:bees|chickens|hens|ducks|goats|sheep|quail|rabbits|pigs|horses|kosher|halal|sabbath|shabbat"
    r"|the books for)\b"
    r"|(?:eat|drink|cook) (?:no|only|halal|kosher|vegan|vegetarian|plant|low|gluten|everything|what I|on (?:gas"
    r"|induction)"
    r"|with (?:gas|induction)|mostly|decaf|oat|meat|fish)\b"
    r"|smoke(?= (?:a|\d|like)|$)|wear (?:glasses|contacts|contact lenses|size|EU|UK|US|an?|hearing|orthop\w+|\d|hijab"
    r"|\w+ size)"
    r"|speak (?:fluent |some |a little |only |no )?(?:english|german|french|spanish|italian|portuguese|dutch|polish"
    r"|russian"
    r"|turkish|arabic|hindi|urdu|mandarin|cantonese|japanese|korean|swedish|danish|norwegian|finnish|greek|czech"
    r"|hungarian"
    r"|romanian|ukrainian|welsh|irish|basque|catalan|swahili|\w+ and \w+)\b"
    r"|(?:code|write|program|develop|work) (?:mostly |mainly |only )?in (?-i:[A-Z])\w*|write (?:crime |children's "
    r"|short )?"
    r"(?:novels|stories|poetry|books|songs)"
    r"|heat with|come from|get paid (?:on|every|at|weekly|monthly)|pay (?:rent|tax\w*) (?:on|in)|look after (?:my|our"
    r"|an?)"
    r"|care for (?:my|our)|do (?:the )?(?:(?:payroll|books|accounts|bookkeeping) for|night shifts|shifts|nights|yoga"
    r"|pilates|judo"
    r"|karate|crossfit|triathlons?|karate|bouldering)\b|shoot (?:mostly |only )?(?:film|digital|raw|medium format)"
    r"|go (?:to (?:church|mosque|synagogue|temple|the gym)|by)\b|share (?:an?|the|my|our) (?:\w+ )?(?:flat|house"
    r"|office|room"
    r"|kitchen|car|garden|custody)|belong to|follow (?:a|the) (?:\w+ )?diet|celebrate|observe|have (?:shared|joint"
    r"|full) custody"
)
_NEVER = (
    r"(?:don'?t|do not|never|can'?t|cannot|can not|mustn'?t|no longer|won't ever) (?:really |even |actually |ever )?"
    rf"(?:(?:eat|drink|smoke|digest|tolerate) (?!it\b|this\b|that\b|you\b)|(?:drive|cook|fly|swim|smoke|drink|ski|cycle"
    rf"|dance|work|eat)(?=$| (?:at all|any ?more|on|after|before|anything))"
    rf"|(?:have|own|keep) (?:an? |any |the |even an? )?(?:\w+ )?(?:{HOUSEHOLD}|{ANIMALS}|{_POSSESSED}|smartphone)\b"
    rf"|(?:have|do|touch|take|buy) (?:any )?{FOODS_OUT}\b|speak (?-i:[A-Z])|read (?-i:[A-Z])\w+|wear (?!it|this|that"
    rf"|them)"
    r"|use (?:an? )?(?:car|smartphone|social media|facebook|whatsapp|(?-i:[A-Z]\w+)$)|hear|see (?:well|colou?rs?|red"
    r"|blue"
    r"|far)|manage (?:stairs|steps)|climb (?:stairs|steps)|(?:do|take) (?:mornings|phone calls|calls before"
    r"|meetings (?:on"
    r"|before))|watch (?:tv|sports|horror)|celebrate|believe in|kneel|lift|sit (?:for|still)|stand for|walk (?:far"
    r"|more)"
    r"|smell|eat)\b"
)
_LIKING = (
    r"(?:hate|dislike|detest|loathe|can'?t stand|cannot stand|can'?t bear|don'?t like|do not like|don'?t care for"
    r"|prefer"
    r"|can'?t abide|am not (?:a fan of|keen on)) (?!it\b|this\b|that\b|the\b|these\b|those\b|you\b|your\b|when\b"
    r"|how\b|him\b"
    r"|her\b|them\b|to (?:say|bother|ask|be that|admit|interrupt)\b|my (?:code|boss|job|life)\b|option\b|version\b"
    r"|number\b)"
    r"|(?:like|love|enjoy) (?!it\b|this\b|that\b|the\b|these\b|those\b|you\b|your\b|when\b|how\b|him\b|her\b|them\b"
    r"|to see\b"
    r"|what\b|where\b|option\b|version\b|number\b|a good\b|another\b|when\b|\w+ing\b|where\b|both\b|all\b|number\b|#)"
)
_PREDICATE = (
    rf"(?:(?:is|are|'s|'re) (?!not\b|no\b|never\b)(?:{_SOME})(?:an? |the )?(?:{CONDITION}"
    rf"|(?:[\w-]+ ){{0,2}}{TRADES}\b|(?:called|named) \w|born\b"
    rf"|(?:in|at) (?:year|grade|kindergarten|primary|secondary|nursery|uni|university|college) ?\w*|with (?:me|us"
    rf"|their)\b"
    rf"|(?-i:[A-Z])\w+(?:$| and\b)|non-?verbal|fussy|picky|teething|at home|home-?schooled|from (?-i:[A-Z])|studying"
    rf"|learning|based)"
    rf"|(?:has|have|'s got|'ve got|got) (?:{_SOME})(?:{DISEASE}|{COUNT} (?:\w+ )?(?:{ANIMALS}|{HOUSEHOLD})"
    r"|only one|a (?:\w+ )?(?:phobia|condition))"
    r"|(?:lives?|works?|studies|study|plays?|speaks?|teaches|teach|uses?|attends?|hates?|dislikes?|loves?|likes?"
    r"|prefers?"
    r"|goes to|go to|stands at|sleeps?|eats?|drinks?|wears?|takes?|only (?:eats?|drinks?|speaks?|sleeps?)"
    r"|never (?:eats?"
    r"|drinks?)|bites?|snores?|stammers?|stutters?|barks?|was born|were born|started (?:school|uni)|starts (?:school"
    r"|uni)"
    r"|turns \d+|(?:can'?t|cannot|doesn'?t|don'?t|mustn'?t|can not|won't) (?:eat|drink|have|stand|manage|walk|hear"
    r"|see|read"
    r"|speak|tolerate|digest|like|climb|swim|drive|do|sleep|bear|wear|use)) (?!it\b|this\b|that\b|you\b|me to\b"
    r"|to know\b"
    r"|to see if\b|to hear\b|care of\b|part\b))"
)
_IS = (
    r"(?:(?:is|are)(?: all| always| only)?|'s|has|have|runs?|uses?|takes?|faces?|reads?|speaks?|gets?|comes? with"
    r"|only \w+s?)"
)
_MOMENT = (
    r"\b(?:broken|slow|down|stuck|crash\w*|fail\w*|late|leaking|too|very|so|really|not working|weird|empty|full|dirty"
    r"|wet"
    r"|missing|wrong|done|ready|finished|tired|hungry|sick|ill|angry|sad|upset|asleep|away|out|back|here|there|coming"
    r"|going"
    r"|getting|making|doing|trying|asking|looking|waiting|acting|being|on fire|on strike|dead|dying|killing|a mess"
    r"|a joke"
    r"|a nightmare|a disaster|annoying|terrible|awful|great|fine|nice|good|bad|ok|okay|cold|hot|loud|noisy|about to)\b"
)


def rule(pattern: str) -> re.Pattern[str]:
    """Compile the words that open a telling; what follows them is its object."""
    return re.compile(pattern + r"(?P<o>[^\n]*)$", re.IGNORECASE)


LASTING = (
    rule(rf"{_AM}(?:an? )?(?:(?:very|badly|severely|red[- /]green|mostly|strictly?|completely|partially|legally|also"
          rf"|a strict|profoundly|born) )*(?={CONDITION}\b(?! (?:to|by) (?:this|the) (?:error|idea)))"),
    rule(rf"{_AM}(?:an? |the |one of the )?(?=(?:[\w'-]+ ){{0,4}}{TRADES}\b(?! (?:of (?:this|the) (?:file|bug"
          rf"|error))))"),
    rule(rf"{_AM}(?:originally |born and raised |actually )*(?:from|in"
          rf"|based in) (?=(?:the )?(?-i:[A-ZÀ-Ý])\w+)(?!.*\b(?:for a"
          r" meeting|line|step|chapter|section)\b)"),
    rule(rf"{_AM}with (?=(?-i:[A-Z])[\w &]+(?: since| now)\b)"),
    rule(rf"(?:{_AM})?(?:been )?(?:teaching myself|learning to (?:play|speak|read|sail|drive|swim)|training as an?"
          rf"|learning"
          r" (?=(?-i:[A-Z]))|studying (?=(?-i:[A-Z]|\w+ (?:at|in)\b))|raising (?:an?|two|three|my|our)|living (?:in"
          r"|with|on)"
          r"|renting|working (?:as|for (?!hours|days|ages|weeks|nothing|free)|nights|shifts|part|full)|retraining as"
          r"|homeschooling)(?= )"),
    rule(rf"(?:{_AM})?(?:always |only |never )?on (?=(?:(?:the )?(?:fish|zsh|bash|powershell|linux|fedora|ubuntu"
          rf"|debian|arch"
          r"|nixos|mac\w*|windows|android|ios|iphone|freebsd|pop!?_?os|mint)\b|[\w -]+ for life|\w+(?:xaban|xate"
          r"|statin|pril|sartan|formin|zole|pam|oxine|prazole|olol)\b|warfarin|insulin|blood thinners|antidepressants"
          r"|the pill))"),
    rule(rf"(?:{_AM}|we are )(?:an? )?(?=(?:family|household) of |(?:two|three|four|five|six|seven|eight"
          rf"|\d) (?:at home|at the"
          r" table|in the house|people at home|in the family|of us))|(?:there(?:'s| are| is) )?(?=(?:two|three|four"
          r"|five|six|\d)"
          r" of us (?:in|at|here|living|under)\b)|there(?:'s| are| is) (?=(?:two|three|four|five|six|\d) of us)"),
    rule(rf"{_HAVE}(?=(?:(?!an?\b|the\b|no\b)[\w-]+ )?{DISEASE}\b(?!s))"),
    rule(rf"{_HAVE}(?={COUNT} (?:[\w'-]+ ){{0,3}}(?:{HOUSEHOLD}|{ANIMALS}|{_POSSESSED})\b(?:$|[ ,]+(?:in|with|from"
          rf"|named"
          rf"|called|that|who|which|on|and|at|whatsoever|now|aged|both|all|she|he|they|they're|she's|he's)\b"
          rf"|\?)){_SOON}"),
    rule(rf"{_HAVE}(?=(?:solar panels|underfloor heating|gas heating|chickens|bees|hens|ducks|goats|sheep|horses"
          rf"|cats|dogs|kids|children|twins|grandchildren)\b)"),
    rule(rf"{_HAVE}(?=(?:an?|the) (?:[\w'-]+ ){{0,2}}(?:{BRANDS})\b)"),
    rule(rf"{_I}(?=(?:{_LIVING}))"),
    rule(rf"{_I}(?=[a-z]+ (?:[^?]*)\b(?:for a living|by trade|professionally|as a (?:job|hobby))\b)"),
    rule(rf"{_I}(?!(?:get|see|have|need|want|think|keep|try|find|hear|forget|say|said|ask|mean|guess|hope|feel|know"
          rf"|was|were"
          rf"|went|had|did|can|will|could|would|should|must|may|might|paste|send|update|check|notice|click|push|lose"
          rf"|miss|take|make|wake)\b)"
          rf"(?=[a-z]+ (?:[^?]*\b)?(?:{HABIT})\b)"),
    rule(rf"{_I}(?={_NEVER})"),
    rule(rf"(?:I )?(?=(?:can'?t|cannot|mustn'?t) (?:have|eat|drink|do|tolerate) (?:any )?{FOODS_OUT}\b)"),
    rule(r"(?:I )?(?=(?:can'?t|cannot|mustn'?t) (?:have|eat|drink) (?!it\b|this\b|that\b|the\b)[\w ]+ (?:i |they "
          r"|it )?(?:swell|get ill"
          r"|get sick|allerg|makes? me|gives? me|puff|break out|react))"),
    rule(rf"{_I}(?=(?:haven'?t got|have not got|haven'?t any|hasn'?t got) (?:an? |any )?(?:\w+ )?(?:{HOUSEHOLD}"
          rf"|{ANIMALS}|{_POSSESSED})\b)"),
    rule(r"(?:I |we )?(?=(?:haven'?t|have not) (?:touched|eaten|drunk|smoked|had|driven|owned) (?!it\b|this\b|that\b"
          r"|time\b|the chance\b)"
          r"[^?]*\b(?:since (?:19|20)\d\d|in (?:\w+ )?years|for (?:\w+ )?years|in (?:\w+ )?decades))"),
    rule(r"I'?m (?=(?-i:(?!(?:OK|Okay|Sorry|Fine|Good|Done|Back|Not|So|Very|Just|In|At|On|From|Really|Also|Going"
          r"|Trying|Using|Sure|Happy"
          r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*\b)[A-ZÀ-Ý][a-zà-ÿ]+(?: [A-ZÀ-Ý][\w'-]+)?)(?:$| again\b| here\b| now\b))"),
    rule(r"(?:living |been )?(?=in (?-i:[A-ZÀ-Ý])\w+(?: (?-i:[A-ZÀ-Ý])\w+)? (?:since (?:19|20)\d\d|(?:for )?\w+ years)"
          r"|\w+ years (?:already |now )?in (?-i:[A-ZÀ-Ý]))"),
    rule(rf"{_I}(?=(?:translate|repair|fix|build|sell|restore|design|install|deliver|import|bind|tune|carve|shear"
          rf"|groom|audit|transcribe"
          r"|proofread|illustrate|mend|weld|forge|cater|clean|inspect|manufacture) (?!(?:bugs|errors|mistakes|tests"
          r"|things|files|it|them|issues)\b)"
          r"(?:[a-z]+ )?[a-z]+(?<!s)s(?:$|,| (?:in|at|for|from|to)\b))"),
    rule(r"(?=(?!(?:this|that|it|which|here|there)\b)[\w #+.-]{2,30} is what (?:I|we) (?:use|run|drive|play|ride"
          r"|write|speak|cook|eat|drink|keep|grow|teach)\b)"),
    rule(rf"got (?=an? (?:[\w'-]+ ){{0,2}}(?:{BRANDS})\b)"),
    rule(r"it'?s (?=(?-i:[A-ZÀ-Ý])[\w' -]+ (?:that |where )?(?:I|we) (?:live|work|study|teach|drive|use|play"
          r"|ride)\b)"),
    rule(rf"{_I}(?=(?:{_LIKING}))"),
    rule(rf"{_I}(?=avoid {FOODS_OUT}\b)"),
    rule(r"(?:I|we)(?:'?ve| have) (?=(?:lived|worked|played|taught|sung|coached|run|farmed|danced|studied"
          r"|learned) [^?]*\b(?:for (?:[\w-]+ )?(?:years"
          r"|decades)|since (?:19|20)\d\d)\b)"),
    rule(rf"{_HAVE}(?=an? (?:\w+ )?(?:degree|diploma|doctorate|phd|licen[cs]e|certificate) in (?!nap|procrast|sarcas"
          rf"|online)\w+)"),
    rule(r"(?=(?:can'?t stand|cannot stand|hate|detest|loathe) (?!it\b|this\b|that\b|the\b|to\b|when\b|you\b|these\b"
          r"|those\b)\w)"),
    rule(r"(?=(?:\w+ly )?allergic to \w+)"),
    rule(rf"{_AM}(?=paid (?:on|every|at|weekly|monthly|by)\b)"),
    rule(r"(?:my|our) (?:[\w-]+ ){1,2}(?=(?:rehearses|meets|trains|plays|practi[cs]es|opens|closes) (?:on )?(?:mon"
          r"|tues|wednes|thurs|fri|satur|sun)days)"),
    rule(rf"{_I}(?=run (?-i:[A-Z])\w+(?: \w+)?(?:$| on (?:my|all|the|every|everything)| at home| everywhere))"),
    rule(rf"(?=no (?:\w+ )?(?:{_POSSESSED}|kids|children|gas) (?:here|at home|of (?:my|our) own)$)"),
    rule(rf"(?:{_AM})?(?:an? )?(?=(?:single |new |proud |stay-at-home |working )*(?:mum|mom|dad|parent|father|mother"
          rf"|grandmother"
          r"|grandfather) of (?:two|three|four|five|six|\d|twins|triplets)\b)"),
    rule(r"(?=(?-i:[A-Z])\w+ (?:is not|isn'?t|is only) my (?:first|native|second|third) language\b)"),
    rule(rf"{_I}(?=need (?:large print|captions|subtitles|step-free|wheelchair access|reading glasses"
          rf"|a walking stick|a hearing"
          r" loop|high contrast)\b)"),
    rule(r"(?:I'?ve |I have |I )?never (?=(?:got|had|learn(?:ed|t)(?: to)?|passed|owned|eaten|smoked|drunk) (?:my"
          r"|an?|to"
          r" (?:drive|swim|ride|cycle)|(?:driv\w+|swim\w*)|any|meat|alcohol)\b)"),
    rule(r"(?:(?:I|we)(?:'?ve| have) )?(?:always )?been (?!there|here|trying|waiting|stuck|asking|getting|having"
          r"|seeing|told"
          r"|thinking"
          r"|wondering|looking|meaning)(?=[^?]*\b(?:for (?:[\w-]+ )?(?:years|decades|ages)|since (?:19|20)\d\d"
          r"|all my life"
          r"|since (?:birth|childhood|school|i was))\b)"),
    rule(rf"{_AM}(?=(?:treasurer|secretary|chair\w*|president|captain|head|leader|organi[sz]er|godfather|godmother"
          rf"|owner"
          r"|founder|co-founder|deputy|class rep|union rep|trustee|member) (?:of|at|for|in)\b)"),
)  # fmt: skip
KINDRED = (
    rule(rf"(?:{_KIN}|(?P<s3>(?:wife|husband|hubby|partner|son|daughter|mum|mom|dad|gran(?:ny|dma|dad|dpa)?|sister"
          rf"|brother|girlfriend"
          rf"|boyfriend|[a-z]+-in-law|youngest|eldest|oldest)(?: (?-i:{_NAME}))?)|the (?P<s2>twins|kids|dog|cat|horse"
          rf"|pony|puppy))(?:,? (?:he|she|they))? ?(?={_PREDICATE})"),
    rule(rf"(?:{_KIN}|(?:wife|husband|mum|mom|dad|son|daughter|sister|brother))(?:'s)? (?:birthday|name"
          rf"|name day)(?: is|'s) (?=\w)"),
    rule(rf"(?={_MY} (?:[\w-]+ ){{0,2}}(?:{HOUSEHOLD}|{ANIMALS}),? (?:is |are |'s )?(?:called|named) (?-i:{_NAME}))"),
    rule(rf"(?:{_MY}|(?=(?:work|home|office|school) (?:laptop|pc|computer|machine|phone)))"
          rf" ?(?P<s>(?:[\w'-]+ ){{0,2}}(?:{OWN_THINGS}))(?: [\w-]+)?(?: {_IS}|'s) (?!{_MOMENT})(?!(?:an? )?(?:\w+ )?"
          rf"(?:\w+ing|for sale|on the|in the|at \d|broken|not|never|no longer|still|just|already|getting|doing|making"
          rf"|giving|killing|saying|telling"
          rf"|about)\b)"),
    rule(rf"(?P<s>{WRITINGS}(?: (?:to|for) [\w ]{{2,25}}?)?) (?=(?:are )?(?:always|never|only) (?:go|get|come|have"
          rf"|use|end|start|carry|in|with"
          rf"|\w+ed)\b)"),
    rule(rf"{_MY} (?P<s>(?:\w+ )?{WRITINGS}) (?:are|is|go|goes|have|has|get|gets|use|need) (?:out )?(?!(?:always"
          rf"|never|all|only|in) (?:\w+ing|late|wrong|too|lost|seen|read"
          rf"|opened|pdf)\b)(?=(?:always|in"
          rf"|no|never"
          r"|only|all|with|to)\b)"),
    rule(rf"(?=(?!(?:what|which|this|that|it|he|she)\b)(?:[\w#+.'-]+ ){{1,3}}is my (?:new |main |daily "
          rf"|only )?(?:{OWN_THINGS})"
          r"(?: now| these days| since\b.*|$))"),
    rule(r"(?=(?!(?:what|this|that|it)\b)(?:home(?:'?s| is) (?-i:[A-Z])\w+|(?-i:[A-Z])[\w' -]+?(?: is|'s) home)\b)"),
    rule(rf"(?=(?:my |our |the )?(?:[\w'-]+ )?(?:training|practi[cs]e|rehearsals?|lessons?|class(?:es)?|choir|band"
          rf"|yoga|judo"
          rf"|bin day|market day|games? night|swimming|club night|church|therapy|dialysis|football|piano|book club)"
          rf"(?: is| are|'s) (?:always |every |on (?=\w+days\b))*{WEEKDAY})"),
    rule(r"(?=(?:mon|tues|wednes|thurs|fri|satur|sun)days(?:(?:,| and| &|,? or) (?:mon|tues|wednes|thurs|fri|satur"
          r"|sun)days)*"
          r"(?: are| is)? (?:I'?m|I am|I|we'?re|we|are my|are for|is|my|the kids)\b)"),
    rule(r"(?=(?!(?:this|that|it|which|he|she|they|you|we|I|your|the)\b)[\w' ]{2,40}? (?:makes?|gives?"
          r"|triggers?) (?:me|my)"
          r" (?:\w+ ){0,3}(?:swell|itch|sick|ill|sneeze|migraines?|headaches?|hives|rash|nauseous|wheeze|dizzy"
          r"|heartburn|bloated"
          r"|cramps|puffy|burn|nightmares)\b)"),
    rule(r"(?=(?!(?:this|that|it|which|he|she|they|you|we|I|your|the|these|those|nothing|please|can"
          r"|will)\b)[\w ]{3,40}? (?<!not )(?:help|helps|work"
          r" best for|works best for|suit|suits|confuse|confuses|scare|scares) me\b)"),
    rule(r"(?=no (?!worr|problem|change|idea|rush|need|time|luck|way|question|pressure|more|one|thanks|offen"
          r"|surprise)[\w -]{2,25}?(?: for (?:me|us|(?:our|my|the) kids|(?:our|my) \w+)| in anything| ever| at all"
          r"| whatsoever| in (?:my|our|this) (?:house|home|flat"
          r"|family|household|kitchen|food|coffee|tea|diet))\b)"),
    rule(r"(?=[\w' -]{3,30} (?:is|are) (?:a (?:hard |big |firm |definite )?(?:no|no-?go|never)\b|(?:off[ -]limits"
          r"|out|taboo|not an option) for (?:me|us)\b))"),
    rule(rf"(?={FOODS_OUT}(?: stays?| is| are) (?:out|off the menu)\b)"),
    rule(r"(?=(?:we'?re|I'?m|i am) (?:not|never) (?:drinkers|meat eaters|religious)\b)"),
    rule(rf"(?=(?:rent|salary|wages?|electricity|gas|mortgage|pension|child benefit|the paper|phone bill"
          rf"|pay)(?: leaves| comes"
          rf"| goes out| arrives| lands| is due| gets paid|'s due| is paid)[^?]*\b(?:on the \d+|{HABIT}))"),
    rule(r"(?=(?:shoe|ring|hat|dress|shirt|glove|collar|bra|trouser) size (?:is )?\w*\d+)"),
    rule(rf"(?=(?:[\w-]+ ){{0,3}}(?:{TRADES}|{CONDITION}|(?:type [12] )?diabetic|dyslexic|vegan|vegetarian)(?: (?:in"
          rf"|at|from) [\w ]+)? here$)"),
    rule(rf"(?=(?:(?:\w+)[- ](?:year|yr)|retired|trainee|junior|senior|freelance|self-employed|part-time|lead"
          rf"|head) (?:[\w-]+ ){{0,2}}"
          rf"{TRADES}(?:$| (?:at|in|for|from|with|,)))"),
    rule(rf"(?=(?:[\w-]+ ){{0,1}}{TRADES} (?:at (?:an?|the)|in (?-i:[A-Z])\w+|by trade|by training"
          rf"|for (?:\w+ )?years)\b)"),
    rule(rf"(?=(?:on )?(?:[a-z]+(?:xate|statin|pril|oxine|formin|azole|ide)|insulin|warfarin|apixaban"
          rf"|[a-z]+) (?:{HABIT}|for"
          r" life)$)(?=on |[a-z]+(?:xate|statin|pril|oxine|formin|azole|ide)\b|insulin|warfarin|apixaban)"),
)  # fmt: skip
NAMED = re.compile(
    rf"\b(?i:{_MY}) (?P<s>(?i:{_SIDE})(?i:{HOUSEHOLD}|{ANIMALS}),? (?!(?:I|If|Is|In|It|And|But|So|The|My)\b|(?:Mon"
    rf"|Tue|Wed|Thu"
    rf"|Fri|Sat|Sun"
    rf"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\b)(?P<o>{_NAME}))"
)
MODEL = re.compile(
    rf"\b{_MY} (?P<o>(?:(?:old|new|trusty|\d{{4}}|'?\d\d) )*(?:{BRANDS})(?: [\w-]+){{0,3}}?)(?=$|[ ,]*(?:\b(?:need"
    rf"|needs|is|has"
    rf"|run|runs|estate|with|and|or|to|in|on|for|when|which|that|keeps|can|will|won't|charger|from)\b|[,.?!]))",
    re.IGNORECASE,
)
CLEAR = re.compile(
    r"\b(?:19|20)\d\d\b|\b\w*\d\w*\b|thinkpad|macbook|iphone|ipad|fairphone|kindle|pentax|leica|skoda|toyota|volkswagen"
    r"|peugeot|renault|hyundai|volvo|vespa|brompton|kitchenaid|thermomix|hilux|land rover|prusa|bernina|janome",
    re.IGNORECASE,
)
POCKET = re.compile(rf"^(?P<o>(?:{BRANDS}) [\w -]*\d[\w -]*?) (?:here|in my \w+|on my \w+|at home)\b", re.IGNORECASE)
