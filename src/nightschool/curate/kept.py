"""The wordings by which people say that a text or a change was used, and that it was left as it was. No logic."""

from __future__ import annotations

import re

from nightschool.curate.verdicts.praise import GOOD, table

_OUT = (
    r"sent|posted|printed|published|forwarded|submitted|merged|shipped|deployed|committed|pushed|handed (?:it )?in"
    r"|mailed|uploaded|used|pasted|signed|framed|filed|released|squashed|approved|laminated|recorded"
)

_VERBATIM = (
    r"(?:letter (?:for|by) letter|word for word|verbatim|to the letter|as you (?:gave|wrote|left|had|put|made) (?:it"
    r"|them"
    r"|that)"
    r"|the way you (?:left|wrote|put|gave|had|made)(?: it| them)?|(?:with )?exactly your \w+|exactly as you \w+"
    r"|(?:didn'?t|did not|haven'?t) (?:alter|change|touch|edit)(?:ed)? (?:a|one|any)(?:thing)?"
    r"|(?:had|has|have|with) nothing to (?:add|change|remark)|nobody (?:has )?(?:touched|changed) it|just like that"
    r"|wörtlich|eins zu eins|mot pour mot|(?:in )?(?:those|the|your) exact (?:words|wording)|unaltered|uncut|unedited"
    r"|palabra por palabra|parola per parola)"
)

USED = table(
    (1.0,
        rf"(?<!not )(?<!isn't )\b{_VERBATIM}(?=\W|$)(?!.*\?)|\bhas your [\w ]{{2,20}} in it\b|\bapproved and in\b"
        rf"|\b(?:{_OUT}|ran|carved|cast|painted|set|hung|read)\b[^.?!\n]{{0,30}}\b(?:as is|as it is|unchanged"
        rf"|untouched|1:1)\b"
        r"|\bon (?:every|all|each of) (?:our |my |the )?\w+ now\b"
        r"|\b(?:been |is |are |running )(?:live|in use|in production|on all \w+) (?:for|since)\b"
    ),
    (0.7,
        r"\b(?:is|are|'s|went|gone|goes|made it|stuck|hangs?|now|straight|set) (?:now )?(?:in|into|on|onto|to"
        r"|up on) (?:the|our|my"
        r"|\d+) (?:programme|menu|wall|journal|site|website|minutes|book|newsletter|paper|box|door|list|poster"
        r"|catalogue"
        r"|release|press|printers?|program|jars|labels|door|fridge|slides?|thesis|chorus)\b"
    ),
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
        rf"|submitted)\b(?! (?:that|the) question)(?<!used(?= to))(?=\s*(?:$|[.,;!]|it\b|this\b|that\b|them\b|your\b"
        rf"|the\b|as\b|to\b"
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
    rf"(?i)\b(?:{_VERBATIM}|as (?:is|it (?:is|was|stands)|they (?:are|were))"
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
