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

_PLEASED = (
    r"(?:so |very |really |absolutely |quite )?(?:happy|pleased|delighted|thrilled|chuffed|content|impressed|relieved"
    r"|over the moon|grateful|touched|proud|satisfied|in stitches|begeistert|zufrieden|ravie?s?|content[oa]s?)"
)
_OTHERS = (
    r"(?:she|he|they|we|everyone|everybody|people|guests|kids|(?:the|my|our|his|her|whole|entire|a) [\w'’ -]{2,24}?"
    r"|teacher|boss|client|customs|doctor|vet|reviewer|maintainer|team|family|crowd|room|mum|mom|dad|linter|validator)"
)
_AT_ONCE = (
    r"(?:sofort|auf anhieb|at once|instantly|immediately|straight (?:away|off)|right away|on the spot"
    r"|(?:at|on) the first (?:try|go|attempt)|first (?:try|time|go)|in (?:one|two|three|a few|\d+) (?:seconds?|minutes?"
    r"|clicks?)|du premier coup|a la primera|al primo colpo)"
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
        r"|the go[- ]ahead)|hit send|(?:everyone|everybody|they|people|guests) (?:danced|cried|had seconds))\b"
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
        rf"\b{_OTHERS} (?:\w+ )?(?:(?:is|are|was|were|seems?|seemed) (?:all )?{_PLEASED}|laughed|loved"
        rf"|loves(?! (?!it\b|this\b|that\b|them\b|your|the\b|both\b|how\b)\w)|liked"
        rf"|likes(?! (?!it\b|this\b|that\b|them\b|your|the\b|both\b|how\b)\w)"
        r"|enjoyed|adored|clapped|applauded|cheered|devoured|approved|accept(?:s|ed)|confirmed|ate|asked for (?:more"
        r"|the recipe|seconds)|had a (?:blast|ball|(?:great|lovely|good) time)|says? (?:it'?s )?(?:valid|ok|fine|good"
        r"|clean))\b(?! (?:at|when|because|about|nothing|that (?:i|we|he|she|it|they))\b)"
    ),
    (1.0,
        r"^\W*(?!(?:who|what|which|how|where|why|nobody|nothing|no|i|we|you|he|she|someone|if|when|can"
        r"|could|and|so)\b)(?:[\w.'-]+ ){1,4}"
        r"(?:sorted|fixed|solved|cured|cleared|nailed|cracked|did) (?:it|that|everything|the (?:trick|problem|job))\b"
        r"(?!.*\?)"
    ),
    (1.0,
        r"(?<!only )\b(?:found|caught|matched|freed|saved|shaved|gained|recovered|cleared|renamed|converted|imported)"
        r" (?:me |us |it |all |over |about |exactly |almost |off )*\d[\d.,]*(?! (?:errors?|problems?|wrong|mistakes?))"
    ),
    (0.7, rf"\b[a-z]+(?:ed|t|te|ang|ung|ew|ut|ot|id|an|ame)\b[^.?!\n]{{0,24}}\b{_AT_ONCE}\b"),
    (1.0,
        r"\b(?:peace|quiet|silence|calm|dry|done|sleep) at last\b|\bfull speed\b|\bto the rescue\b"
        r"|\b(?:dry|quiet|silent|calm|fine|stable|smooth|good|live|clean|happy|regular) (?:ever )?since\b"
        r"|\b(?:not an?|plus (?:une?|de)|keine?) (?:\w+ )?(?:peep|trace|sound|drop|squeak|spot|flicker|stain|spur|ton"
        r"|goutte)\b"
        r"|\b(?:took (?:it|that) (?:\w+ )?well|went down (?:\w+ )?well|made (?:it|me) (?:click|see|understand)"
        r"|it (?:finally )?clicked)\b"
        r"|^\W*(?:perfectly|totally|absolutely|more than) (?:adequate|fine|good|enough|acceptable|usable|sufficient"
        r"|ok)\W*$"
        r"|^\W*(?:it )?(?!miss|skip|drop|break|los|delet|remov|ignor|fail|need|want|has\b|is\b|was\b|this\b|does\b"
        r"|us\b|ask)[a-z]+s"
        r" (?:every|all|each|any) (?:\w+ ){0,2}\w+\W*(?:$|[,.])|\ball (?:in|there|present|accounted for)\W*$"
        r"|\b(?:läuft|fährt|geht|dreht) (?:sie|er|es|alles)? ?\w*(?:leise|rund|ruhig|glatt|perfekt|einwandfrei"
        r"|geschmiert)\b"
        r"|\b(?:saved (?:me|us|my|our) \w+|worked (?:wonders|miracles|a charm)|does it for me|who would have thought)\b"
        r"|\b(?:like (?:butter|a dream|a baby|clockwork|silk|new))\b"
    ),
    (1.0,
        r"\b(?:came together|held|sits?|rose|fits?|turned out|went|goes|hangs?|flows?|runs?|glides?|sleeps?|slept"
        r"|grows?|opens?|closes?) (?:up )?(?:so |really |very )?(?:nicely|beautifully|perfectly|smoothly|wonderfully"
        r"|evenly"
        r"|right through|like a \w+)\b"
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
        r"|^\W*(?!what|who|how|when|why|where|which|nothing|nobody)(?:the )?[\w-]+ did it\b(?!.*\?)"
        r"|^\W*(?:it |they |lid |screw )?(?:(?:popped|slid|came|peeled|fell|went|slipped) (?:right|straight|easily"
        r"|cleanly) (?:off|out|in|on|away)|(?:budged|loosened|let go|gave way|came loose))\b"
        r"|\bthat'?s (?:what|how) (?:it'?s|they'?re|he'?s|she'?s) called\b|\bthat'?s (?:what|the one) i (?:have|had|got"
        r"|thought)(?: too| as well)?\W*$|\b(?:explain|explained|put|said|do|did|know) (?:it |this |that )?(?:far "
        r"|much |way )?"
        r"better than (?:my|the|any|our) \w+|\b(?:ach|ah|oh|ja) (?:stimmt|richtig|klar|oui|vero)\b"
        r"|\b(?:had|asked for|went back for|wanted) (?:seconds|thirds|more of it)\b"
        r"|^\W*[\w.-]+(?: [\w.-]+)? is happy(?: now)?\W*$"
    ),
    (0.6,
        r"^(?!\W*(?:no|nah|yes|sure|please|ja|nein|non|oui|si|ok|okay|maybe"
        r"|later)\b)(?!.*\?)\W*\w+(?:[\s',]+[\w'’%€$/]+){1,14}[.,!;:-]+ "
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
    (1.0, rf"^\W*\w[\w'-]* is (?:{GOOD})[.! ]*$|\b(?:is|was) what (?:i|we) (?:want|wanted|need|needed)\b"),
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
