"""The wordings by which people say that an answer was right, as data: pattern, weight. No logic.

A weight of 1 or more is a verdict of its own; smaller ones only count together.
"""

from __future__ import annotations

import re

Table = tuple[tuple[re.Pattern[str], float], ...]


def table(*rows: tuple[float, str]) -> Table:
    """Compile rows of weight and pattern."""
    return tuple((re.compile(pattern, re.I | re.M), weight) for weight, pattern in rows)


GOOD = (
    r"perfect|brilliant|excellent|fantastic|awesome|amazing|great|lovely|superb|wonderful|beautiful(?:ly)?|ideal"
    r"|spot on|flawless"
    r"|gorgeous|marvellous|terrific|outstanding|stunning|delicious|hilarious|top notch"
)
_RUNS = (
    r"runs?|ran|loads?|compiles?|builds?|built|starts?|connects?|syncs?|prints?|boots?|opens?|pass(?:es)?|installs?"
    r"|renders?|fits?|scrolls?"
    r"|uploads?|downloads?|plays?|pairs?|charges?|logs? in|exports?|imports?|deploys?|validates?|responds?|displays?"
    r"|resumes?"
)
_THING = (
    r"(?:error|bug|issue|problem|stain|noise|warning|leak|smell|crash|lag|delay|flicker|message|spot|rash|pain|blur"
    r"|gap)s?"
)

_OH = r"(?:oh|ooh|wow|ah|ha(?:ha)*|lol|yes+|yep|yeah|yay|ok|okay|omg|phew|man|damn|well|and|so|😂|🤣)"

WORKED = table(
    (1.0,
        r"\b(?:is|are|was|were|got) saved\b|\bcame out (?:completely|entirely|clean|spotless|in one go)\b"
        r"|\bgives? (?:me )?"
        r"(?:exactly )?(?:the )?same (?:as|result|answer|number|figure)\b|^\W*all (?:ok|there|correct|green)\b"
        r"|\bkein(?:e|en)? \w+ mehr\b(?!.*\?)|\b\w+(?:ed|en) (?:it|them|that) and (?:it|they|now) (?!(?:still|is"
        r"|are|was)\b)\w+"
        r"(?: \w+){0,2} (?:beautifully|perfectly|nicely|properly|fine|well|better|at once|right away)\b"
    ),
    (1.0,
        r"\bno \w+(?: \w+)? since\b|^\W*(?:ah |oh |yes |ok )?found (?:it|them|\d+)\b(?!.*\b(?:but|wrong|not"
        r"|myself)\b)"
    ),
    (1.0,
        r"\b(?:was|it was|is) (?:indeed |exactly |actually )?the (?:missing (?:piece|part|bit|link)|culprit"
        r"|cause|reason|key|trick"
        r"|problem indeed)\b"
    ),
    (0.7, r"\bfinally (?!(?:gave|gives?|done with|had to|stop|time|a|the|i'm|someone)\b)\w+\W*$"),
    (1.0, r"\byou were (?:so |absolutely |totally |quite )?right\b(?! (?:about me|handed))"),
    (1.0,
        r"\b(?:good as new|(?:runs?|works?|drives?|looks?|feels?|drains?) like new)\b|\b(?:phew|hooray"
        r"|woo ?hoo+|hurray)\b"
    ),
    (1.0,
        r"\b(?:added|took|used|moved|replaced|applied|installed|set|switched|swapped|changed|enabled|turned"
        r"|soaked|baked"
        r"|cleaned|tightened|pinned|bumped|reset) [^.?!\n]{0,40}[,.;:] ?(?:and )?(?:now )?(?:it'?s |was |am "
        r"|is )?(?:[\d.,]+ ?"
        r"(?:ms|s|sec\w*|min\w*|fps|%|x|times) (?:now|instead|flat|faster|less)|down to|there in|in and out"
        r"|back up|smooth\w*"
        r"|fast|quiet|clean|dry|sorted|done in)\b"
    ),
    (1.0, r"\bfinally (?:i |we )?(?:get|got|understand|understood|see|grasp) (?:it|that|this|how|why|what)\b"),
    (1.0,
        r"(?:^|[.,;!]\s*|\b(?:it|and|that|this|script|code|app|build|one|now) )(?:runs|works|compiles|builds|boots"
        r"|plays|prints|fits) (?:on|in|with|for|under|across) (?:the |my |our |both |all |every )?\w+"
    ),
    (1.0,
        r"(?:^|[.,;!]\s*|\b(?:now|got|with|and|at) )(?:0|zero|no) (?:warnings?|errors?|failures?|failed|complaints?"
        r"|issues|conflicts?)(?: now| left| any ?more| reported)?(?=\W*(?:$|,|thanks|thank))"
    ),
    (1.0,
        r"\bclear(?:s|ed) (?:it|that|things|everything) up\b|\b(?:it|that) (?:really|actually|indeed) (?:does|did|is"
        r"|was|works?)\b|\bsure enough\b|\byou(?:'re| are|r) (?:absolutely |totally |quite |completely "
        r"|so )?right\b(?! (?:about me|handed))"
    ),
    (1.0,
        r"\b(?:came|comes|turned) out (?:of the \w+ )?(?:just |exactly |perfectly )?(?:right|perfect|good|nicely)\b"
        r"|\b(?:fits?|fitted|matched|matches) (?:perfectly|like a glove|to the (?:last|millimet\w+|inch)|exactly)\b"
    ),
    (1.0,
        r"\b(?:signed off|(?:full|top) marks|got (?:a yes|an a\b|a reply|a refund|my money back|approved|accepted"
        r"|the go[- ]ahead)|hit send|(?:we|kids|the kids|guests|everyone|everybody|people|they|family|she|he|mum|mom"
        r"|dad|client|boss|team) (?:all |really |absolutely )?(?:loved|liked|enjoyed|devoured|danced|laughed|cheered"
        r"|cried|clapped|had seconds|asked for seconds|was thrilled|were thrilled))\b(?! (?:at me|nothing))"
    ),
    (1.0, r"\bno more \w+(?: (?:since|now|so far|at all|any ?more|after|today|this)\b|\W*$|, )"),
    (1.0,
        r"\b(?:is|are|it'?s|been|all) (?:finally |completely |so |nice and )?(?:silent|quiet|smooth|stable|clean|back"
        r"|dry|straight|online|warm|cool|level|steady|reachable|readable) (?:again|now|since|at last)\b"
        r"|\bgreen across the board\b|\ball green\b"
    ),
    (1.0,
        r"\b(?:without (?:a|any|one|a single) (?:hitch|glitch|problems?|issues?|trouble|complaints?|errors?)"
        r"|flawlessly|like clockwork|problem[- ]free|rock solid|in production since)\b"
    ),
    (1.0,
        r"\b(?:double[- ]?checked|verified|checks out|add(?:s|ed) up|matches (?:the|my|our|what)|(?:the )?same (?:as"
        r"|result|number|answer|figure) (?:in|as|i|on|by)\b|\d+ it is\b)"
    ),
    (1.0,
        r"\bbest (?:\w+ ){1,2}(?:i'?ve|i have|ever|yet|so far|i (?:know|read|heard|got))\b|\b(?:turned|came|worked"
        r"|panned) out (?:really |so |absolutely |just )?(?:amazing|fantastic|brilliant|awesome|delicious|gorgeous"
        r"|excellent|superb|stunning)"
    ),
    (1.0,
        r"\b(?:it|that|this|which|they|both|everything|all of (?:it|them)|solution|fix|trick|one|recipe|version|code"
        r"|script)\s+(?:\w+\s)?(?:works?|worked)\b"
    ),
    (1.0, r"(?:^|[.,;!]\s*|\b(?:and|now|yep|yes|yeah|finally|thanks|ok)\s+)(?:works|worked)\b"),
    (1.0, r"\b(?:is|are|'s|been|up and) (?:working|running)(?: (?:now|again|fine|great|perfectly|smoothly))"),
    (1.0,
        r"\b(?:that|this|it) (?:has |totally |completely |really |actually |finally )*(?:fixed|solved|sorted|cured"
        r"|helped|resolved|nailed)(?: (?:it|everything|the \w+|my \w+|all of it|that))?(?=\W*$|[.,;!]| now| for"
        r"| again| thanks| right| immediately)"
    ),
    (1.0,
        r"\b(?:did the (?:trick|job)|that (?:was|did) it\b|that'?s (?:it|the one|the ticket)[.! ]*$|(?:problem"
        r"|mystery|case) (?:is )?(?:solved|sorted|closed))"
    ),
    (1.0,
        r"\b(?:is|are|'s|got|it|that|all|now|issue|problem)\s+(?:now |all |finally |completely )?(?:fixed|solved"
        r"|resolved|sorted|cured|healed)\b"
    ),
    (1.0,
        rf"\b{_THING} (?:is |are |has |have |was )?(?:now |all |finally |completely )?(?:gone|disappeared|vanished"
        rf"|fixed|away)\b"
    ),
    (1.0, rf"\bno (?:more )?(?:{_THING}|complaints)(?: (?:any ?more|now|since|so far|at all|left|today))"),
    (1.0,
        rf"\b(?:{_RUNS})\s+(?:just )?(?:fine|now|again|through|cleanly|perfectly|smoothly|like a charm"
        rf"|without (?:any |an? )?(?:errors?|issues?|problems?|hitch)|first (?:try|time)|straight away|instantly)\b"
    ),
    (1.0,
        r"\b(?:pipeline|build|ci|tests?|suite|checks?|everything|all|lights?|jobs?)\b[^.?!\n]{0,20}\b(?:(?:is|are"
        r"|went|goes|turned|all|back to) (?:all )?(?:green|passing)|pass(?:ed|es)?)\b"
    ),
    (1.0,
        r"\b(?:validator|linter|checker|compiler|customs|teacher|professor|doctor|vet|boss|client|reviewer"
        r"|maintainer)\s+(?:\w+\s)?(?:says? (?:it'?s )?(?:valid|ok|fine|good|clean)|(?:is|was|were) (?:happy"
        r"|delighted|impressed)|loved|liked|approved|accepted|confirmed)"
    ),
    (1.0,
        r"\b(?:whole|entire|everyone|everybody|audience|guests|kids|team|class|family|crowd"
        r"|room)\b[^.?!\n]{0,20}\b(?:laughed|loved|liked|clapped|applauded|cheered|was happy|were happy|impressed"
        r"|enjoyed|ate|asked for (?:more|the recipe))"
    ),
    (1.0,
        r"\b(?:you were right|you'?re right about|turned out (?:just |exactly )?(?:as|like) you|as you (?:said"
        r"|predicted)|yep,? (?:it|that) was (?:the|indeed|it)|good (?:catch|call|spot|find)\b|well spotted)"
    ),
    (1.0,
        r"\b(?:saved me|you saved|lifesaver|life saver|made my day|(?:got|passed|landed|won|aced) (?:the|my"
        r"|an?) (?:job|exam|interview|test|offer|grade|order|contract|visa|deal))"
    ),
    (1.0,
        r"\b(?:first|best|clearest|simplest|only) (?:explanation|answer|version|one|draft"
        r"|thing)\b[^.?!\n]{0,30}\b(?:made sense|i understood|understand|clicked|works|worked|yet|so far|ever)"
    ),
    (1.0,
        r"\b(?:now i (?:get|understand|see) (?:it|how|why)|finally (?:get|got|understand|understood|clicked|clear"
        r"|makes sense|works?|working)|that clicked|makes (?:perfect |total |complete |so much )sense(?: now)?"
        r"|makes sense now)"
    ),
    (1.0,
        r"\b(?:came|turned|worked) out (?:just |really |so |absolutely )?(?:great|perfect|right|well|fine"
        r"|beautifully?|lovely|nice(?:ly)?|delicious|good|exactly)"
    ),
    (1.0,
        r"\b(?:never before|like never|better than (?:ever|before|i (?:hoped|expected|could)|the original|mine)"
        r"|best (?:\w+ )?(?:ever|i'?ve (?:had|made|seen)))\b"
    ),
    (1.0,
        r"\b(?:hat|haben) (?:\w+ ){0,2}(?:geklappt|funktioniert|geholfen|gepasst)\b|\b(?:klappt|funktioniert|läuft"
        r"|geht|tut)(?: (?:jetzt|wieder|nun|super|prima|einwandfrei|perfekt|alles|endlich))+|\b(?:problem|fehler"
        r"|fleck)\w* (?:ist )?(?:gelöst|behoben|weg)\b|\bjetzt (?:klappt|geht|funktioniert|läuft|passt)\b"
    ),
    (1.0,
        r"\b(?:ça|cela|tout) (?:marche|fonctionne|a marché|a fonctionné|roule)\b|\bproblème (?:est )?(?:résolu"
        r"|réglé)\b|\bc'est (?:réglé|résolu)\b"
    ),
    (1.0,
        r"\b(?:ya|ahora|todo) (?:me )?(?:funciona|va|anda|sirve|entra|carga|abre|conecta|compila|arranca|sale"
        r"|imprime)\b|\b(?:ha funcionado|funcionó|resuelto|solucionado"
        r"|quedó (?:perfecto|genial|muy bien|bien))\b"
    ),
    (1.0,
        r"\b(?:funcionou|deu certo|resolvido|era isso|agora (?:funciona|vai))\b|\b(?:ora|adesso) funziona\b"
        r"|\bha funzionato\b|\brisolto\b|\bhet werkt\b|\bwerkt (?:nu|weer|perfect)\b|\bis gelukt\b"
    ),
)  # fmt: skip

PRAISED = table(
    (1.0,
        r"\b(?:was|is|were) (?:just |exactly |precisely )?what (?:i|we) (?:was |were )?(?:looking for|after|needed"
        r"|wanted|meant)\b"
        r"|\b(?:i'?m|we'?re|i'?ll be|we'?ll be) (?:so |totally |definitely )?(?:taking|using|having|stealing"
        r"|keeping) (?:it|that|this"
        r"|these|them|the \w+)(?: one)?\b(?! (?:back|to|out|off|down))|\b(?:i|we) (?:really |rather "
        r"|quite )?like (?:that|it|this)\W*$"
    ),
    (1.0,
        r"^\W*(?:ah|oh|ooh|very)?\W*(?:handy|clever|neat|blitzblank|tadellos)\b(?!\W+(?:how|what|but))|\b(?:good"
        r"|nice|great|sharp) (?:eye|catch|spot)\b"
        r"|^\W*(?!what|who|how|when|why|where|which)(?:the )?[\w-]+ did it\b(?!.*\?)"
        r"|^\W*(?:popped|slid|came|peeled|fell|went|slipped) (?:right|straight|easily"
        r"|cleanly) (?:off|out|in|on|away)\b"
        r"|\b(?:had|asked for|went back for|wanted) (?:seconds|thirds|more of it)\b"
        r"|^\W*[\w.-]+(?: [\w.-]+)? is happy(?: now)?\W*$"
    ),
    (0.6,
        r"^(?!\W*(?:no|nah|yes|sure|please|ja|nein|non|oui|si|ok|okay|maybe"
        r"|later)\b)(?!.*\?)\W*\w+(?:[\s',]+[\w'’]+){1,14}[.,!;:-]+ "
        r"?(?:thank you|thanks|cheers|thx|danke|merci|gracias|grazie)\W*$"
    ),
    (1.0, rf"(?:^|[.,;!]\s+)(?:absolutely |just |simply |really |truly )?(?:{GOOD})\W*$"),
    (1.0, rf"^\W*(?:{_OH}\W+){{0,3}}(?:i |we )?(?:love|adore) (?:it|this|that|them|these)\b"),
    (1.0,
        r"\b(?:i'?m|we'?re|i'?ll|we'?ll|we|i|let'?s) (?:go|going|went|stick|sticking|stay|staying) with (?:that"
        r"|it|this|these"
        r"|those|the (?:first|second|third|last|one)|number|option|yours?)\b"
    ),
    (1.0,
        r"\b(?:was|were|is) (?:a|the|such a) (?:(?:huge|big|real|total) )?(?:hit|success|winner|highlight|blast"
        r"|keeper|treat)\b"
        r"|\bworked a treat\b"
    ),
    (0.4,
        r"\b(?:thanks (?:a (?:lot|million|bunch)|so much)|thank you (?:so|very) much|many thanks|mil gracias"
        r"|muchas gracias"
        r"|vielen dank|merci beaucoup|mille grazie|muito obrigad[oa])\b"
    ),
    (1.0,
        r"\bthat(?:'s| is| was)? (?:exactly |just |precisely )?(?:the|what) ?(?:\w+ )?(?:i|we) (?:was|were|am"
        r"|'m)? ?(?:after|looking for|hoping for|wanted|needed|meant|had in mind)\b"
    ),
    (1.0,
        r"(?:^|[.,!]\s*|\b(?:was|is|been|that'?s) )(?:very|really|super|so|most|extremely|incredibly) (?:helpful"
        r"|useful|clear|handy|well (?:put|done|explained|written))\b"
    ),
    (1.0,
        r"\bgenau das (?:meinte|wollte|war)\b|\bdas (?:war'?s|hat geholfen|hilft(?: mir)?(?: sehr)?)\b|\b(?:sehr"
        r"|super) hilfreich\b|\btrès (?:utile|clair)\b|\bmuy útil\b|\bmolto utile\b"
    ),
    (1.0,
        rf"\b(?:it|that|this|these|those|they|which|answer|version|one|text|draft|list|table|layout|tone|wording"
        rf"|number (?:\d|one|two|three)|option (?:\d|[a-c]))\s*(?:is|'s|are|was|were|look(?:s|ed)?|reads?|fits?"
        rf"|tastes?|tasted)\s+(?:so |really |absolutely |just |pretty |very |quite |simply |actually |truly "
        rf"|already )?(?:{GOOD}|exactly (?:right|it|what|how|that|this|like|as|the (?:thing|one|tone|style|way))"
        rf"|exactly\W*$|correct|right[.!, ]|(?:much|way|so much|far) better|just right"
        rf"|what i (?:wanted|needed|meant|was (?:looking|hoping) for)|very (?:good|nice|helpful|useful|clear)"
        rf"|really (?:good|nice|helpful|useful|clear))"
    ),
    (1.0, rf"^\W*\w[\w'-]* is (?:{GOOD})[.! ]*$"),
    (0.6, r"^\W*(?:number|option|no\.|nr\.?|#) ?\d\b(?=\s*(?:[,.!]|$|please|it is))(?![^?]*\?)"),
    (1.0,
        rf"^\W*(?:(?:ok|yes|oh|ah|wow|yep)\W+)?(?:looks?|reads?|fits?|tastes?|feels?) (?:so |really |absolutely "
        rf"|just |very |pretty )?(?:{GOOD}|good|right|nice|correct|clean|much better)\b"
    ),
    (1.0, r"\bthats? (?:perfect|great|brilliant|exactly (?:it|right|what))"),
    (1.0, r"\b(?:exactly|just|precisely) (?:what|how|the (?:\w+ )?(?:way|thing|tone|style|one)) (?:i|we|she|he)\b"),
    (1.0,
        r"^\W*(?:(?:yes|yep|yeah|ah|oh|ha)\W+)*(?:exactly|precisely|spot on|bang on|nailed it|dead (?:right|on)|bingo"
        r"|correct|well done|good job|great job|nice (?:one|job|work)|great (?:work|job|answer)|good (?:work|answer)"
        r"|bravo|legend|genius|chef'?s kiss|you'?re (?:a |an )?(?:star|legend|genius|lifesaver|angel|the best|amazing"
        r"|awesome|brilliant)|you rock|much better|way better|so much better|love (?:it|this|that))\b(?!\s+(?:what"
        r"|how|why|where|when|which)\b)"
    ),
    (1.0, rf"^\W*(?:(?:oh|wow|ah|yes|yep|yay|haha|ok|okay|that'?s)\W+){{0,2}}(?:{GOOD})\W*$"),
    (1.0,
        rf"^\W*(?:(?:oh|wow|ah|yes|yep|yay|haha|ok|okay)\W+){{0,2}}(?:{GOOD})\W{{1,3}}(?:thanks?|thank you|cheers|ta"
        rf"|thx|danke|merci|gracias|that'?s (?:it|the)|just what|exactly)\b"
    ),
    (1.0,
        r"\b(?:i |we |she |he |they |my \w+ |boss )(?:really |absolutely |just |do )?(?:love[sd]?|adore[sd]?) (?:it"
        r"|this|that|the|your|how)\b|\bi (?:really )?like (?:it|this|that one|the way|how (?:it|you))\b"
    ),
    (1.0,
        r"\b(?:on the dot|couldn'?t (?:be|have been|ask for) (?:better|more)|can'?t fault|hit the (?:nail|spot)"
        r"|ticks? (?:all|every)|very well (?:put|done|said|explained)|beautifully (?:put|done|explained))"
    ),
    (1.0,
        r"\bthis is (?:the (?:style|way|format|tone|level)|how) (?:i|we) (?:want|like|need)\b|\b(?:keep doing"
        r"|more of this|from now on like this|always (?:do|write|answer) (?:it )?like (?:this|that))\b"
    ),
    (1.0,
        r"^\W*(?:(?:good|great|perfect|nice|ok|yes)[,.!]?\s+)?(?:i'?ll (?:take|use|go with)|taking|going with|using"
        r"|picking|choosing) (?:it(?! (?:to|back|up|from|in|on)\b)|that|this|that one|the \w+(?: one)?|number \w+"
        r"|option \w+)\b"
    ),
    (0.6, r"^\W*(?:nice|cool|sweet|neat|good|great|excellent|perfect|brilliant|lovely)\W*$"),
    (1.0, r"^[\s\w]{0,12}(?:👍|🎉|❤️|💯|😍|👏|🙌|🥳|👌|💪|🔥|⭐)+[\s\w!.]{0,24}$"),
    (1.0,
        r"^\W*(?:(?:ja|danke|ah|oh)\W+)*(?:perfekt|super|prima|klasse|spitze|toll|genau(?: so| das| richtig)?"
        r"|wunderbar|großartig|sehr gut|top|passt(?: so| genau| perfekt)?|stimmt(?: genau)?|gefällt mir(?: (?:sehr"
        r"|gut))*)\W*(?:$|danke|vielen dank|herzlichen dank)|\bgenau (?:so|das|was)(?: wollte ich"
        r"| hab\w* ich (?:gesucht|gebraucht|gemeint)| brauch\w* ich| habe ich gesucht"
        r"| was ich)|\bsieht (?:super|gut|toll|prima) aus\b"
    ),
    (1.0,
        r"^\W*(?:(?:oui|ah|merci)\W+)*(?:parfait|impeccable|nickel|génial|super|excellent|exactement|top|bravo"
        r"|c'est (?:parfait|exactement ça|tout à fait ça))\W*(?:$|merci)|\bexactement ce (?:que|qu'il)\b"
        r"|\bc'est (?:parfait"
        r"|génial|exactement ça|nickel)"
    ),
    (1.0,
        r"^\W*(?:(?:sí|si|gracias|ah)\W+)*(?:perfecto|genial|estupendo|excelente|exacto|muy bien|fantástico|buenísimo"
        r"|me encanta)\W*(?:$|(?:muchas |mil |muchísimas )?gracias)|\b(?:justo"
        r"|exactamente) lo que (?:\w+ )?(?:buscaba|quería|necesitaba)|\bme encanta\b"
    ),
    (1.0,
        r"^\W*(?:(?:sim|obrigad[oa]|sì|grazie)\W+)*(?:perfeito|ótimo|excelente|exato|perfetto(?: così)?|ottimo|esatto"
        r"|bellissimo|adorei|benissimo|precies|geweldig|perfect|top)\W*(?:$|(?:muito |mille )?obrigad|(?:mille "
        r"|tante )?grazie|bedankt|dank)|\b(?:era|é) (?:mesmo |exatamente )?(?:isso|o que eu)|\bproprio quello che"
    ),
)  # fmt: skip

_OUT = (
    r"sent|posted|printed|published|forwarded|submitted|merged|shipped|deployed|committed|pushed|handed (?:it )?in"
    r"|mailed|uploaded|used|pasted|signed|framed|filed|released|squashed|approved|laminated|recorded"
)

USED = table(
    (1.0,
        r"\b(?:passed|cleared|survived|got through) (?:the )?(?:code )?(?:review|qa|inspection|customs|moderation)\b"
    ),
    (1.0,
        r"\b(?:it'?s|that'?s|is|now|landed) (?:on|in) (?:main|master|trunk|prod|production|the release)\b"
        r"|\bwent out with\b"
    ),
    (1.0,
        r"\b(?:keeping|saving|stealing|framing|bookmarking|pinning) (?:it|that|this)(?: one)?\b"
        r"|\bi'?ll remember (?:it|that|this)\b"
    ),
    (1.0,
        r"\b(?:is|are|it'?s|they'?re|went|goes|been) (?:now |already )?(?:online|live|in print|on air"
        r"|on the (?:site|wall|page"
        r"|menu|poster|fridge|website))\b(?! (?:chat|help|support|music|band|show))"
    ),
    (1.0,
        r"^\W*(?:i |we |just |already )*(?:copied|pasted|dropped|typed|played|performed|recited|read|painted|hung"
        r"|planted|sewed|knitted|wore|cooked|followed) (?:it|this|that|them|your \w+|the \w+) (?:1:1 |straight "
        r"|right )?(?:in|into|to|at|on"
        r"|over|straight|out|for|exactly|aloud|word)\b"
    ),
    (1.0, r"\b(?:it'?s|they'?re|it is) (?:now )?(?:on|up on|live on) (?:the|our|my) \w+(?: \w+)? now\b"),
    (1.0,
        r"[,.;]\s*(?:and )?(?:already )?(?:merged|shipped|posted|sent|published|deployed|approved|submitted"
        r"|printed)\W*$"
    ),
    (1.0,
        rf"^\W*(?:(?:{GOOD}|ok|okay|thanks|thx|good|nice|cool|done|and|😂|haha)\W+){{0,2}}(?:i |we |just |already "
        rf"|have |'ve |i'?ve ){{0,3}}(?:{_OUT}|booked|ordered|registered|installed|baked|cooked|built|ate|framed"
        rf"|submitted)\b(?! (?:that|the) question)(?=\s*(?:$|[.,;!]|it\b|this\b|that\b|them\b|your\b|the\b|as\b|to\b"
        rf"|all\b|both\b|tonight|today|yesterday|this morning|last night))"
    ),
    (1.0,
        r"\b(?:pr|mr|patch|pull request|merge request|branch|change|commit)\b[^.?!\n]{0,40}\b(?:got |was |is "
        r"|been |were )?(?:merged|approved|accepted|released|live)\b"
    ),
    (1.0,
        r"\b(?:approved|merged|signed off|accepted|squashed)(?: (?:it|this|that))? (?:w/o|without|as is|with no"
        r"|unchanged|to (?:main|master|trunk))\b|\b(?:lgtm|looks good to me)\b"
    ),
    (1.0,
        r"^\W*(?:(?:great|good|perfect|ok|okay|nice|yes)\W+)*(?:ship|merge|commit|push|publish|send|release|print"
        r"|post) (?:it|this|that|them|everything)(?: now| off| please| then| as is)?\W*$"
    ),
    (1.0,
        r"\b(?:in it goes|goes (?:straight )?in(?:to)? (?:my|our|the)|put (?:that|it|this) in (?:my|our"
        r"|the) \w+ (?:exactly|as is|like this|word)|it'?s (?:live|in production|up|hanging|on the wall"
        r"|on the fridge))\b"
    ),
    (1.0,
        r"\b(?:envoy[ée]|abgeschickt|verschickt|gesendet|gedruckt|eingereicht|hängt|enviado|mandado|inviato"
        r"|verstuurd)\b(?=\s*(?:$|[.,;!]))"
    ),
    (1.0,
        r"\b(?:all|every one of the|both) \d* ?\w* ?(?:renamed|converted|moved|copied|imported|sorted|fixed|updated"
        r"|translated)\b"
    ),
)  # fmt: skip

KEPT = re.compile(
    r"(?i)\b(?:as (?:is|it (?:is|was|stands)|they (?:are|were)|you (?:wrote|had|left|made) (?:it|them))"
    r"|unchanged|1:1|(?:just|exactly) like (?:that|this)"
    r"|(?:with )?(?:zero|no) (?:remarks|comments|edits|changes)"
    r"|unaltered|unedited|untouched|verbatim|word for word|one to one"
    r"|without (?:a |any |one |single )*(?:changes?|edits?|touching|comments?|change|alteration)|w/o comments"
    r"|exactly (?:as|like) (?:it|this|that|you|is)"
    r"|(?:didn'?t|did not|no need to|nothing to|not a) (?:have to |need to |even )?(?:change|touch|edit|alter|fix"
    r"|single|comma|letter|thing)|(?:left|keeping|kept|keep) (?:your|that|it|this|the) \w*"
    r"|genau so|unverändert|tel quel|sans (?:rien )?(?:changer|modifier)|sin (?:cambios|cambiar|tocar)|tal cual"
    r"|sem mudar|così com'è)\b"
)
"""What makes an accepted text or change one that was kept as it was."""
