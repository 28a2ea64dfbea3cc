"""The wordings by which people say that an answer was wrong, as data: pattern, weight. No logic.

A weight of 1 or more is a verdict of its own; smaller ones only count together.
"""

from __future__ import annotations

from nightschool.curate.verdicts.praise import Table, table

_IT = r"(?:it|that|this|these|those|they|which|there|thats|its)"
_ASKED = (
    r"(?:ask(?:ed)?(?: you)?(?: for)?|want(?:ed)?|meant|said|need(?:ed)?|request(?:ed)?|order(?:ed)?|told you|wrote"
    r"|specified|had in mind|was (?:asking|looking|after|hoping)(?: for)?)"
)

_IN_EARNEST = r"(?:literally|explicitly|specifically|clearly|expressly|already|deliberately|twice)"

WRONG: Table = table(
    (1.0,
        rf"\bi {_IN_EARNEST} (?!read|tried|have|had|did|know)\w+(?:ed|id|ote|old)\b|\bwho (?:said|asked|mentioned"
        rf"|told you)"
        r" (?:anything |something |to |for |about )|^\W*(?:well,? |oh,? )?so much for\b|\bif anything\b[^.?!]{0,20}"
        r"\b(?:\w+er|more|less|worse)\b|\bwhere(?:'s| is| are| did) [^.!]{2,30}\bi (?:asked|wanted|ordered|told|said"
        r"|gave)"
        r"|\byour own (?:\w+ )?(?:says?|shows?|states?|gives?)\b|\b(?:was|is) (?:the|my) (?:request|question|brief"
        r"|order|whole point)\b|^\W*upside down\W*$"
        r"|^\W*(?:useless|hopeless|pointless|rubbish|nonsense)\b"
    ),
    (1.0,
        r"^\W*(?:but )?(?:that'?s|this is|those are|that was) (?:today|yesterday|tomorrow|last \w+|next \w+|(?:19"
        r"|20)\d\d)"
        r"(?:['’]s)?\b|\b(?:have|did|do) you even\b"
    ),
    (1.0,
        r"^\W*you'?re (?:quoting|using|reading|mixing|confusing|describing|showing|looking at|thinking of|answering"
        r"|counting|translating|talking about|citing)\b(?!.*\?)|\b(?:should|ought to|was supposed to|were supposed to)"
        r" have (?:been|stayed|gone|become|read)\b(?!.*\?)|^\W*(?:oh dear|oh no|ouch|yikes)\W+(?:that|it|this|you) \w+"
        r"|^\W*(?:it|that|this) (?:just |only |even |actually )?(?:grew|shrank|got (?:\w+er|worse|more))\b"
    ),
    (1.0,
        r"^\W*(?:well |hm |er )?(?:that|this|it|which|\d+ \w+|my (?:\w+s|audience|team|class|family)) would (?:only "
        r"|just"
        r" |never |rather )?(?!love|like|adore|appreciate|be (?:so |very |really |a |an |just )?(?:great|good|fine"
        r"|perfect"
        r"|lovely|nice|ok|okay|helpful|useful|amazing|awesome|cool|enough|treat|dream|relief|hit|big help)|work|help"
        r"|do\b"
        r"|suit|fit|make (?:sense|a (?:good|great|nice))|mean|have|explain|say|save|need|agree|know|enjoy)\w+(?!.*\?)"
    ),
    (1.0,
        r"\b(?:stopped (?:running|working|existing|selling|operating|printing|going)|(?:closed|shut)(?: down)? (?:in"
        r"|last"
        r"|since|years|two|three|\d|for good)|went (?:bust|bankrupt|out of business)|(?:was|were|been|got)"
        r" (?:discontinued|demolished|torn down|abolished))\b(?!.*\?)|^\W*(?:the |my |our )[\w-]+(?: [\w-]+)? (?:only"
        r"|doesn'?t even) (?:has|have|goes?|runs?|takes?|holds?|opens?|covers?|allows?|accepts?)\b(?!.*\?)"
    ),
    (1.0,
        r"\bi (?:only )?count (?:only )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|none|zero)\b"
        r"|,? so (?:no|nope)\W*$"
        r"|\b(?:has|have)n'?t been (?:since|that|one|in|for)\b|^\W*(?:no,? )?i mean[t]? (?!it\b|that'?s|well)"
    ),
    (1.0,
        r"\b(?:steht|stand|gibt es|gibt's) (?:da|dort|so|hier|das) (?:gar )?nicht\b|\b(?:vouvoie|tutoie|sieze"
        r"|duze)(?:-(?:le|la|les))?\b"
    ),
    (1.0,
        r"\bstill (?:happens?|occurs?|there|open|appears?|shows?|comes?|pops?|does|has|have|says?|reads?"
        r"|stands?|leaks?|hurts?"
        r"|flickers?|beeps?|loops?|times? out|on \d)\b(?! (?:to|that) )"
    ),
    (1.0, r"^\W*(?:should|must|has to|needs to|ought to) (?:be|read|say|have been|come|go|end|start)\b(?![^.!]*\?)"),
    (1.0,
        r"^\W*you (?:\w+ed|took|put|gave|wrote|left|made|set|did|read|cut|sent|spelt|chose|forgot|began|said"
        r"|kept|ran|built"
        r"|drew) (?!(?:me|my|it|us|a (?:good|great)) ?(?:day|hours|time|job|well|right|perfectly|too kind)?\W*$)"
        r"(?![^.]*\b(?:right|perfect\w*|great|good|well|saved|thank)\b)"
    ),
    (0.7, r"(?:^|[.,;!]\s*)(?:please |so )?(?:fix|correct|mend|change|redo) (?:that|this|it)(?: please| now)?\W*$"),
    (0.7,
        r"\b(?:forbids?|forbidden|not allowed|isn'?t allowed|aren'?t allowed|prohibit\w*|banned|against (?:our"
        r"|the|my|house)"
        r"|violates?)\b"
    ),
    (0.5, r"^\W*no [\w-]+(?: [\w-]+)?,? (?:please|pls|here)\b"),
    (0.7, r"[,;] you (?:used|took|counted|read|wrote|meant|put|gave|did|said|sorted|assumed|picked)\b"),
    (1.0,
        r"\bsince (?:your|that|the last|you) (?:change|edit|fix|update|commit|deploy|made|did|changed|touched)\w*"
        r"|\b(?:bug|error|problem|issue|crash|warning|noise|leak)(?:'s| is|s are| came) back\b"
    ),
    (1.0,
        r"\b(?:line|row|page|step|paragraph|bar|verse|cell|item|point|number) \d+ (?:has|is|says|contains|throws"
        r"|fails|should|doesn'?t|still)\b|\b(?:has|have|contains|there(?:'s| is| are)) (?:an? |two |three |several "
        r"|\d )?(?:\w+ )?(?:errors?|bugs?|typos?|mistakes?)\b(?! (?:message|handling|page|log))"
    ),
    (1.0,
        r"\b(?:gives?|gave|got|get|says|said|returns?|shows?|prints?|printed|made|used|put|took|picked|wrote|chose"
        r"|booked|turned) (?:me )?[\w.'-]+(?: \w+)? instead of\b"
    ),
    (1.0,
        r"\b(?:hated|disliked) (?:it|that|this|the|your)\b|\b(?:didn'?t|did not|doesn'?t|don'?t) like (?:it|this|that"
        r"|your|the (?:text|tone|draft|version|result|answer|layout|look|sound))\b|\b(?:client|boss|teacher|editor"
        r"|customer|wife|husband|she|he|they|team|reviewer|guests?) (?:was|were|is|are) (?:furious|confused|upset"
        r"|angry|not (?:happy|amused|impressed)|unhappy|annoyed)|\bnobody (?:liked|understood|laughed|got it)\b"
    ),
    (1.0,
        r"^\W*(?:nederlands,? graag|deutsch,? bitte|english,? please|español,? por favor|français,? (?:s'il|svp"
        r"|stp).*|italiano,? per favore|português,? por favor)\W*$"
    ),
    (1.0,
        r"\byou (?:didn'?t|did not|never|still haven'?t|haven'?t) (?:say|said|tell|told|show|write|mention|explain"
        r"|convert|answer\w*|finish\w*|send|sent|give|gave|given)\b"
    ),
    (1.0,
        r"^\W*(?:much |even |way )?(?:shorter|longer|louder|quieter|simpler|bigger|smaller|slower|faster|warmer"
        r"|darker|lighter|clearer|politer|less \w+|more \w+)!+"
    ),
    (1.0,
        r"\b(?:i|we) (?:see|notice|hear|feel) no (?:difference|change|effect|improvement)\b|\bnothing (?:changed"
        r"|happens|happened|works|is different)\b|\b(?:no|zero) (?:change|difference|effect|improvement|luck)\W*$"
        r"|\b(?:exactly |still )?the same as before\b|\bmade no difference\b"
    ),
    (1.0,
        r"\b(?:this|that|it)(?:'s| is) [\w' ]{1,30}(?:,| but|, but) (?:i|we) (?:need|want|asked|said|meant|wanted"
        r"|needed)\b|\b(?:i|we) (?:need|want|wanted|needed) (?:a |an |the |it |them )?[\w -]{1,30},? not (?:a |an "
        r"|the |just )?\w+"
    ),
    (1.0,
        r"^\W*(?:no,? )?(?:the )?(?:other way (?:a)?round|exact opposite|opposite|reverse order|backwards)\b|\b(?:way"
        r"|far|miles|completely|totally|a bit) off\b|\b(?:nowhere near|not even close|not close)\b"
    ),
    (1.0,
        r"\b(?:pretty|quite|fairly|very|100%|absolutely) (?:sure|certain) (?:it|that|he|she|they|the|this|you)\b"
        r"|\bi (?:think|believe|thought) (?:you (?:mean|mixed|forgot|missed|got)|that'?s wrong|it'?s actually)"
    ),
    (1.0,
        r"\byou (?:just |have |'ve )?(?:double[- ]?|mis|over|under)(?:count|read|calculat|us|spel|heard|quot|plac"
        r"|translat|estimat|interpret|underst)\w*"
    ),
    (1.0,
        r"\bhow (?:is|are|was|would|could|can) (?:that|this|it|those|they) (?:supposed|meant|going|even|possibly)\b"
        r"|\b(?:be|are you) (?:serious|kidding|joking)\b|(?:\?!|!\?)(?![^?]*\b(?:how|what|which|who|when|where)\b)"
        r"|\b(?:that|this) (?:makes|made) no sense\b"
        r"|\bno sense\b"
    ),
    (1.0,
        r"\b(?:what happened to|what (?:have|did) you (?:do|done) (?:to|with)|where (?:is|are|did|has|have|'s)) (?:my"
        r"|our|all (?:my|the))\b[^.!\n]{0,40}(?:\?|$)|\b(?:it'?s|its|they'?re|that'?s|is"
        r"|was) (?:all )?in the [\w ]{1,30} i (?:gave|sent|showed|pasted|shared|attached)\b"
    ),
    (1.0,
        r"\b(?:i(?:'m| am)? (?:get|getting|got|see|seeing|hit)|(?:it|that|this|which|script|command|page|build|app"
        r"|now) (?:now |just |still |only )?(?:says|gives|throws|fails|crashes|shows|prints|returns|errors)|throws"
        r"|gives me|errors out|fails|crashes)\b[^.?!\n]{0,60}\b(?:\w*error\w*|\w*exception\b|denied|nan\b|undefined"
        r"|null\b|404|500|traceback|failed|not found|nothing|garbage|blank|empty|on (?:line|my machine|startup"
        r"|start))"
    ),
    (0.7,
        r"\b(?:no (?:one|body|human|child|kid|customer|client|reader)|nobody|a \w+ (?:year[- ]old|kid|child)) would\b"
        r"|\bwould be (?:inedible|impossible|illegal|terrible|awful|absurd|rude|too)\b|\bi (?:gave|sent|showed"
        r"|told) you\b"
    ),
    (1.0,
        r"\b(?:hatte|habe) ich (?:doch )?(?:gesagt|geschrieben|gebeten|gefragt)\b|\beso no es\b|\bno es lo que\b"
        r"|\bnon è quello\b|\bc'est trop\b"
    ),
    (1.0,
        r"\byou'?re (?:no|not) (?:help|helpful|any help|listening|useful|getting it|reading)\b"
        r"|\bno help (?:at all)?\W*$|\bnot helping\b"
    ),
    (1.0,
        rf"\b(?:{_IT}|you|answer|code|numbers?|dates?|results?|sum|total|names?|link|formula|layout|page|build|text"
        rf"|tone)"
        r"(?:'s|'re| is| are| was| were| looks| sounds| seems) (?:all |completely |totally |just |plain |still |also "
        r"|simply |obviously |clearly |actually |so |way |quite |a bit |now )*(?:wrong|incorrect|false|broken|outdated"
        r"|deprecated|nonsense|useless|rubbish|garbage|made up|worse|backwards|upside down|the wrong way|off by"
        r"|inaccurate|not (?:right|correct|true|quite right|it\b))"
        r"|\b(?!who|what|something|nothing|anything)\w+(?: is| are| was| were) (?:still |just |completely |clearly "
        r"|all )*"
        r"(?:wrong|incorrect|inaccurate|backwards|upside down|missing|misspelled|mistranslated)\b"
    ),
    (1.0,
        r"\b(?:the )?wrong (?:file|one|way|direction|language|order|person|name|format|tone|number|city|version"
        r"|branch|folder|date|unit|units|column|line|place|colou?r|size|answer|table|year|month|day|time|zone|key"
        r"|sign|side|model|function|class|repo|directory|word|sense|currency|account|country|address|recipient|page"
        r"|chapter|song|team|dose|tense|gender|level|audience|question|end|half|part)\b"
    ),
    (1.0,
        rf"\b(?:that'?s|thats|this is|it'?s|its|that is|was)? ?not (?:at all )?(?:what|how|the (?:one|way|thing|\w+)"
        rf"|where|who|which)(?: that)? (?:i|we|she|he) (?:actually |really |just |had )?{_ASKED}\b"
    ),
    (1.0, rf"\b(?:is|was|are)n'?t (?:what|how|the (?:one|way|thing)|where) (?:i|we) (?:actually |really )?{_ASKED}\b"),
    (1.0,
        r"(?:^|[.,;!?]\s*|\b(?:but|no|and|as|like|again|uh|um|lol)\s+)(?:i|we) (?:clearly |specifically |explicitly "
        r"|just |only |already |did |literally |definitely |twice )*(?:said|asked|told you|specified|wrote|requested"
        r"|mentioned|wanted|needed)(?=\W*$| )(?! (?:that you|thank|thanks|hi\b|hello|it\b|one\b|that one|this|them))"
    ),
    (1.0,
        r"\b(?:i|we) (?:never|didn'?t|did not) (?:once )?(?:said?|say|ask(?:ed)?|want(?:ed)?|mention(?:ed)?"
        r"|request(?:ed)?|told|tell|give|gave|need)\b(?! (?:to change|to touch|to edit|anything else))"
    ),
    (1.0,
        r"\byou (?:completely |totally |just |also |still |even |accidentally |simply |somehow |again "
        r"|only )*(?:forgot|forget|missed|skipped|ignored|left (?:out|off)|omitted|dropped|misread|misunderstood"
        r"|misspel\w+|mistranslated|swapped|duplicated|invented|made (?:that|it|this|up)|hallucinated|confused"
        r"|mixed (?:up|them|the)|broke|messed|overlooked|lost|cut off|repeated|mangled|got (?:the|it|that"
        r"|my) \w+ (?:wrong|backwards|mixed)|answered (?:a|another|the wrong|something)|keep \w+ing|kept \w+ing)\b"
    ),
    (1.0,
        r"\byou (?:changed|removed|deleted|added|edited|renamed|touched|replaced|moved|used|put|wrote|gave me|said"
        r"|assumed|translated|counted|converted|started|stopped|picked|booked|turned|made"
        r"|set)\b[^.?!\n]{0,60}(?:\b(?:but|instead|not|wrong|never|without asking|isn'?t|aren'?t|only|should|again"
        r"|though)\b)"
    ),
    (1.0,
        r"\byou (?:didn'?t|did not|haven'?t|have not|weren'?t|don'?t|aren'?t|can'?t be)(?! (?:have"
        r"|need) to)(?! know)(?! mind) (?:even |actually |really )?(?:answer\w*|read\w*|listen\w*|follow\w*"
        r"|include\w*|add\w*|change\w*|do\w*|use\w*|check\w*|look\w*|run|fix\w*|convert\w*|translate\w*|keep|kept"
        r"|give\w*|count\w*|mention\w*|consider\w*|serious|do(?:ne)?|finish\w*|paying)"
    ),
    (1.0,
        rf"\b(?:{_IT}|code|script|app|page|build|test|tests|function|button|command|query|link|formula|site|server"
        rf"|menu|chart|image|video|file|one|regex|example)?\s*(?:still |just |really |actually )?(?:does|did|do|is"
        rf"|was|wo|ca|could|would)(?:n'?t|nt| not) (?:actually |even |really |quite )?(?:work|compil|build\b|run\b"
        rf"|running|load|start|help|match|fit|open|parse|render|exist|apply|print|show|fix|solve|appear|respond"
        rf"|connect|install|sync|save|pass\b|collapse|add up|make (?:any )?sense|do (?:anything|that|what|it|the)"
        rf"|right|correct|true|working|updated?|rhyme|scan\b|count|round|scroll|close|center|accept|answer)"
    ),
    (1.0,
        r"\bstill (?:not|no |fails?|failing|broken|crash\w*|the same|same|doesn'?t|don'?t|isn'?t|aren'?t|won'?t"
        r"|can'?t|getting|get |gives?|wrong|returns?|throws?|hangs?|missing|there\b|dense|too |looks? the same"
        r"|has the|have the|in (?:english|german|french|spanish|metric|imperial|km|miles))"
    ),
    (1.0,
        r"\b(?:there(?:'s| is| are)|theres) no (?:such )?[`'\"\w.()-]+(?: \w+)? (?:(?:in|on|for)(?! (?:this|my|our"
        r"|mine)\b)|function|method|command"
        r"|option|flag|setting|button|menu|page|file|chapter|train|bus|flight|street|shop)\b|\bno such \w+"
        r"|\b(?:doesn'?t|does not|don'?t) exist\b|\bnever existed\b"
    ),
    (1.0,
        r"^(?!.*\?\s*$).{0,40}\b(?:way|far|much|a bit|still|bit|is|are|sounds|reads|looks|it'?s|its"
        r"|that'?s) too (?:long|short|formal|informal|angry|complicated|complex|technical|wordy|verbose|vague|generic"
        r"|cheesy|salesy|harsh|soft|big|small|wide|narrow|fast|slow|loud|dark|bright|many|much|casual|stiff|cold"
        r"|sweet|salty|dry|simple|basic|cute|pushy|high|low|early|late|polite|flowery)\b(?! for (?:me|him|her|us|them"
        r"|my|our))"
    ),
    (1.0,
        r"^\W*too (?:long|short|formal|informal|angry|complicated|complex|technical|wordy|verbose|vague|generic"
        r"|cheesy|salesy|harsh|soft|big|small|casual|stiff|cold|simple|basic|pushy|flowery|much|many"
        r"|polite)\b(?! for (?:me|him|her|us|them|my|our))"
    ),
    (1.0,
        r"\b(?:read|look|check|count|try|think|calculate|do|listen)(?: at)?(?: it| my \w+| the \w+| that"
        r"| this)? (?:again|properly|carefully|once more|more carefully|closely)\b(?!\?)"
    ),
    (1.0,
        r"\b(?:now|and now|great,? now|lovely,? now)\b[^.?!\n]{0,30}\b(?:is|are|it'?s|everything'?s|got|gets|has"
        r"|throws|gives|shows|i get)\b[^.?!\n]{0,20}\b(?:broken|broke|an? (?:new )?error|worse|crash\w*|fail\w*|wrong"
        r"|gone missing|empty|blank|twice|slower|missing)"
    ),
    (1.0,
        r"\b(?:put|change|set|bring|give|move|turn|switch) (?:it|that|them|the \w+|my \w+|production"
        r"|this) back\b(?! (?:up|together|in))"
    ),
    (1.0,
        r"\b(?:please |just )?(?:don'?t|do not|stop|quit|never) (?:ever )?(?:touch\w*|add\w*|us(?:e|ing)|mak(?:e"
        r"|ing) (?:up|things)|invent\w*|guess\w*|assum\w*|jump\w*|chang\w*|call(?:ing)? me|repeat\w*|apologi[sz]\w*"
        r"|lectur\w*|hallucinat\w*|rewrit\w*|ignor\w*|skip\w*|put(?:ting)? \w+ in|explain\w*|wrap\w*"
        r"|summari[sz]\w*)\b"
    ),
    (1.0,
        r"\b(?:it|that|this) (?:was|is|'s) (?:(?:a|an|the|for|from|in|to|my|our) )?[\w-]+,? not (?:a |an |the |for "
        r"|from |in |to |my |our )?[\w-]+|\b(?:it|that|this)'s (?:(?:a|an|the|for|from|in|to) )?[\w-]+,? not (?:a "
        r"|an |the )?[\w-]+"
    ),
    (1.0,
        r"\byou (?:just |have |'ve )?(?:deleted|removed|overwrote|dropped|broke|wiped|lost|erased|killed|destroyed"
        r"|ruined) (?:my|our|everything|half)\b"
    ),
    (1.0,
        r"\b(?:viel|immer noch|noch immer|etwas|ein bisschen|deutlich) zu \w+\b|\b(?:beaucoup |encore |toujours "
        r"|bien )trop \w+|^\W*trop (?:long|court|formel|familier)|\bdemasiado (?:largo|corto|formal|informal)"
        r"|\btroppo (?:lungo|corto|formale)|\bveel te \w+"
    ),
    (1.0,
        r"^\W*not (?:like (?:that|this)|this (?:one|way)|that (?:one|way)|quite(?= right|[.,!])|so\b(?= \w+[.,!])"
        r"|it\b)"
    ),
    (1.0, r"^\W*not (?:the|my|about|how|what|why|where|in|for) \w+"),
    (0.7, r", not (?:a |an |the |in |as |on )?[\w-]+(?=\s*[.:;(!]|$)"),
    (0.4,
        r"\b(?:my|our) \w+ (?:uses?|requires?|wants?|needs?|expects?|insists?)\b|\b(?:we|i) (?:always|never|only) \w+"
        r"|\blike everywhere else\b|\bas (?:always|usual|agreed|before)\b"
    ),
    (1.0,
        r"^\W*(?:en español|auf deutsch|en français|in italiano|em português|in het nederlands|på (?:svenska|norsk"
        r"|dansk)|po polsku|по-русски|用中文|日本語で)\b[\w\s,'!.]{0,24}$"
    ),
    (1.0,
        r"\b(?:that'?s|thats|this is|those are|that is) (?:the |an? )?(?:(?:very |really )?(?:old|beta|legacy|ancient"
        r"|previous)\b|from (?:years|ages|version|v\d|\d{4}))|\b(?:removed|renamed|deprecated|dropped|replaced"
        r"|gone) (?:in|since|as of|with) (?:v|version |\w+ )?\d|\b(?:no longer|not any ?more) (?:exists?|works?"
        r"|supported|available|valid|the case)"
    ),
    (1.0,
        r"\bstill (?:an? |the |that |this |my )?(?:\w*error|\w*exception|problem|bug|issue)\b|\b(?:same|another"
        r"|different) (?:error|problem|issue|bug|crash|mistake|result|output)\b"
    ),
    (1.0,
        r"^\W*(?:wrong|incorrect|false|not true|nonsense|rubbish|that'?s a lie)\b(?! (?:it (?:is|was)|paste|chat"
        r"|window|number|tab"
        r"|thread|button))"
    ),
    (0.5, r"^\W*(?:lol|uh|um|er|erm|wait|hm+|hey|well|seriously|come on|c'?mon|ugh|argh|huh|oi|what)\b[ ,.!?]"),
    (1.0,
        r"\b(?:isn'?t|isnt|aren'?t|arent|wasn'?t|wasnt|ain'?t|aint|is not|are not) (?:a |an |the "
        r"|in )?[\w.€$%/-]+[,.;]?\s+(?:it'?s|its|it is|they'?re|that'?s|thats|but|rather)\b"
    ),
    (0.5, r"(?:^|[.,;!]\s*)not (?:a |an |the |in |as |on |with |just )?[\w-]+(?: [\w-]+)?\s*[.!]*$"),
    (0.4, r"[,.;] (?:so |please |then )*(?:use|make|put|write|take|give|keep|say|go with|stick to|change|drop"
        r"|redo) \w+"),
    (0.5, r"\b(?:instead|rather than|minus instead|not the other way)\b"),
    (0.6,
        rf"^\W*(?:{_IT}|\w+)\s+(?:should|must|has to|have to|needs to|need to|ought to|was supposed to"
        rf"|were supposed to) (?:have been|have|be|say|read|go|use|start|end|match|move|return|come|stay|mean)\b"
    ),
    (0.5,
        r"\bsupposed to\b|\b(?<!as )(?:it|that|this) should(?: have)? (?:be|been|say|read|use)\b|\bhas to be\b"
        r"|\bmust have\b"
    ),
    (0.6,
        r"(?<!none )(?<!nothing )(?<!no )\b(?:lost|ruined|destroyed|messed up|wiped|overwrote|mangled|garbled|broke"
        r"|breaks|crashes|crashed)\b"),
    (0.6,
        r"\b(?:dangerous|ridiculous|hopeless|pathetic|terrible (?:answer|advice|idea)|useless|unusable|no good"
        r"|not good|not ok(?:ay)?|not acceptable|unacceptable|not helpful|unhelpful|god no|(?<!^)no way|absolutely not"
        r"|hate (?:it|this|that))\b"
    ),
    (0.6,
        r"\b(?:also matches|matches too|too (?:much|many)|twice now|that only|only (?:the|a) \w+, not|nearly (?:told"
        r"|sent|bought|paid)|almost (?:sent|told|paid))\b"
    ),
    (0.4, r"[?!]{2,}|\b(?:again|already|properly|once more)\b\W*$"),
    (1.0,
        r"\b(?:das|es|ist|war|sind|stimmt|passt|geht|funktioniert|klappt|hilft)(?: \w+){0,3} (?:nicht|falsch"
        r"|leider nicht|gar nicht|so nicht)\b|\b(?:falsch|stimmt nicht|stimmt so nicht|nicht richtig|quatsch"
        r"|unsinn)\b|\bich (?:hatte|habe|hab) (?:doch |dir )?(?:\w+ ){0,3}(?:gesagt|gebeten|geschrieben|gemeint"
        r"|gefragt)\b|\bich (?:wollte|meinte|sagte)\b|\bdu hast (?:\w+ ){0,4}(?:vergessen|übersehen|verwechselt"
        r"|gelöscht|ignoriert|falsch)\b"
    ),
    (1.0,
        r"\bj'?(?:ai|avais) (?:bien )?(?:dit|demandé|précisé|écrit|parlé)\b|\bj'ai dit\b|\bc'?(?:est|était) (?:faux"
        r"|pas (?:ça|bon|correct|juste|ce que)|incorrect)|\bce n'est pas\b|\b(?:ça|cela) ne (?:marche|fonctionne|va"
        r"|correspond|compile) (?:pas|toujours pas)|\b(?:ça|il|elle) (?:marche|fonctionne|compile) pas\b|\btu (?:as"
        r"|t'es) (?:oublié|trompé|confondu|inventé|ignoré|mal)\b|\bvous avez (?:oublié|confondu)\b"
    ),
    (1.0,
        r"\b(?:eso|esto|está|es|así) (?:no (?:es|está|era|funciona|sirve)|mal|incorrecto|falso|equivocado)\b"
        r"|\bno (?:es|era) (?:eso|así|lo que|correcto|cierto|verdad)|\bno (?:funciona|sirve|compila|va)\b"
        r"|\b(?:te )?(?:dije|pedí|he dicho|he pedido|había pedido)\b|\bte (?:has )?(?:olvid\w+|equivoc\w+|falta)\b"
    ),
    (1.0,
        r"\b(?:isso|está|é) (?:não (?:é|está|funciona)|errado|incorreto|falso)\b|\bnão (?:é|era) (?:isso|o que)"
        r"|\bnão funciona\b|\b(?:eu )?(?:disse|pedi)\b|\besquece(?:u|ste)\b|\b(?:è|e'|era) sbagliat\w|\bnon (?:è"
        r"|era) (?:quello|così|vero|corretto|giusto)|\bnon funziona\b|\b(?:ho|avevo) (?:detto|chiesto|scritto)\b"
        r"|\bhai (?:dimenticato|sbagliato|confuso)\b|\b(?:klopt|werkt) niet\b|\bik (?:zei|vroeg|bedoelde)\b"
    ),
)  # fmt: skip

REFUSED: Table = table(
    (1.0, r"^\W*(?:no+|nope|nein|non|wrong)\W*$"),
    (1.0, r"^\W*(?:no|nope|nah|nein|non|não)\W+(?:it'?s |its |only |just )?[€$£]?\d"),
    (1.0,
        r"^\W*(?:no|nope|nah|nein|nee|non|não)\W+(?:please )?(?:give|use|answer|write|make|put|say|tell|show"
        r"|call (?:me|the|your|my)"
        r"|reply|respond|list|start|read|speak|talk|translate|convert|count|look|in|as|with|without|only|on|by|to"
        r"|always)\b(?! (?:fact|pleasure|the way|the contrary|it\W*$|all\W*$|that\W*$))"
    ),
    (0.7,
        r"^\W*(?:no|nope|nah|nee|nein|non|não|wrong|incorrect|false|not quite|not really|not true|no no|nu-?uh|uh no"
        r"|er no|um no|hm no)\b(?!\W*(?:$|way|worries|problem|thanks|thank|need|go ahead|rush|hurry|idea|more|wait\b"
        r"|please|that'?s (?:fine|ok|all|it)))"
    ),
    (1.0,
        r"^\W*(?:(?:no|nope|nah|nee|nein|non|não)\W+){1,3}(?:it|its|it'?s|the|not|you|they|he|she|i (?:said|meant"
        r"|asked|want|need)|there|these|those|das|es|der|die|ich (?:meine|wollte|sagte|sieze|duze)|c'est|ce|es|el|la"
        r"|é|è)\b(?! (?:fine|ok|okay|good|all)\b)"
    ),
    (1.0, r"\bi (?:don'?t|do not|dont) (?:want|like) (?:it|this|that|any|a|an|the|those|these)\b"),
    (0.7, r"\b(?:we|i) (?:don'?t|do not|dont) (?:have|use|own|eat|drink|speak|work with) (?:any |a )?\w+"),
    (1.0,
        r"^\W*not (?!sure|yet|now|really|today|bad|only|much|necessarily|exactly sure|at all|that i|everything"
        r"|everyone|long)[\w-]+[.,;!]+\s*\w+"
    ),
    (1.0, r"^\W*(?:nope|no|nah|still|again)\W+(?:exactly |just )?(?:the )?same\b"),
)  # fmt: skip
"""Refusals that are plain answers where the assistant had asked."""

ASKED_AGAIN: Table = table(
    (1.0,
        r"^\W*(?:(?:ok|but|and|yes)\W+)?(?:how|what|when|where|which|who)(?:'s| is| are)?(?: \w+){1,6} (?:exactly"
        r"|though|tho)\W*$"
        r"|^\W*(?:yes|ok|okay|right|sure|fine),? but (?:the|what|which|how|when|where|who|is|are|does"
        r"|do)\b[^.!]{0,50}\?\W*$"
    ),
    (1.0,
        r"\bi'?m (?:still |just |only )?asking (?:for|about|if|whether|how|when|what|which|where|who)\b"
        r"|^\W*(?:also|und|ok|gut|ja|aber) (?:wie|wann|wo|was|welche\w*|wieviel|wer)\b[^?]{0,40}\b(?:jetzt|nun"
        r"|denn|genau)\W*$"
    ),
    (1.0,
        r"\bstill (?:waiting (?:for|on)|need|want|don'?t (?:have|know|see|get)|looking for|haven'?t (?:got|seen"
        r"|heard))\b|^\W*(?:(?:ok|okay|sure|yes|right|fine|great|lovely)\W+)*(?:is|are|can|do|does|should"
        r"|will) .{3,60}\bor not\W*$"
    ),
    (1.0, r"\b(?:or not|yes\s?/\s?no|ja oder nein|oder nicht|ou pas|o no)\W*\?+\W*$"),
    (1.0,
        r"\b(?:my|the) question (?:is|was|still)\b|\b(?:yes or no|a yes or a no|oui ou non|ja oder nein|sí o no)\W*$"
        r"|\bthat'?s not (?:an|my|the) (?:answer|question)\b|\bnot (?:an|my) (?:answer|question)\b|\b(?:didn'?t"
        r"|doesn'?t|not) (?:really |actually )?answer(?:ed|s|ing)? (?:me|my|the|it|what)\b"
    ),
    (1.0,
        r"\bin (?:normal|plain|simple|simpler|human|everyday) (?:words|english|terms|language)\b|\bi know (?:that"
        r"|what|where|how|all (?:that|this)|it)\b.{0,60}\b(?:but|my question|i'?d like|i want|i need|i asked|tell me"
        r"|which|how do|what i)"
    ),
    (1.0,
        r"\b(?:what|which|how \w+|where|when|who) (?:\w+ ){0,4}(?:was|is|were|are|did) (?:it|that|they|he"
        r"|she)? ?again\b|^\W*again[,:]\s|\bi'?ll (?:ask|say|repeat|rephrase) (?:it |that |this )?(?:again|once more"
        r"|differently)|\b(?:asking|ask|repeat(?:ing)?) (?:you )?(?:again|myself|for the (?:second|third))"
        r"|\b(?:let me|to) rephrase\b|\bput differently\b|\bonce again[,:]"
    ),
    (1.0,
        r"\b(?:can|could|would) you (?:actually|just|please just|simply|finally) (?:run|do|show|give|answer|tell"
        r"|write|list|name|send|make)\b|(?:^|[.,;!?:] )(?:no,? |ok,? |please )?just (?:the(?! (?:right|thing|job|ticket"
        r"|one|way|opposite|kind|sort|same)\b)|give me|answer|tell me|name"
        r"|list) (?:the )?\w+(?: \w+)?,? ?(?:please|pls)?\W*$|\b(?:ich wollte|ich hätte gern|die frage war"
        r"|meine frage)\b|\bma question\b|\bmi pregunta\b|\bla mia domanda\b"
    ),
)  # fmt: skip
