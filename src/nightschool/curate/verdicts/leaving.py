"""The wordings by which people take an answer back or give a task up, as data: pattern, weight. No logic."""

from __future__ import annotations

from nightschool.curate.verdicts.praise import Table, table

_OLD = (
    r"(?:(?:my|our|the|their) (?:\w+ )?(?:old|original|own|previous|earlier|former)|last (?:week|month|year)['’]s"
    r"|yesterday['’]s|mine|ours|my (?:brother|sister|mother|wife|husband|colleague)['’]s"
    r"|my \w+(?= (?:version|text|draft|wording|layout)))"
)
_THING = (
    r"(?:version|text|draft|wording|layout|sign|sheet|page|code|snapshot|backup|file|one|style|setup|photos?|pictures?"
    r"|order|letter|speech|headline|title|sentence|theme|recipe|settings?|config)"
)

UNDONE: Table = table(
    (1.0,
        r"\b(?:hit|press(?:ed)?|used|click(?:ed)?(?: on)?) undo\b|\b(?:threw|tossed|chucked|binned) (?:the|your"
        r"|that|this|all) [\w ]{1,20}(?:away|out)\b"
        r"|\b(?:took|got|pulled|fetched|restored) (?:the|my|our) (?:old|previous|original) \w+(?: from"
        r"| out of)? (?:the |a |my )?(?:backup|git|archive|drawer"
        r"|trash|history)?|\b(?:j'ai|on a) (?:gardé|repris) (?:mon|ma|mes|notre|l'ancien\w*)\b|\b(?:hab|habe"
        r"|haben) (?:\w+ ){0,2}(?:mein\w*|unser\w*"
        r"|alten?) \w+ (?:behalten|genommen)\b"
    ),
    (1.0,
        r"\b(?:restored|recovered|reverted|reset|pulled|got) (?!you|me)[\w./-]+(?: \w+)? (?:from|to|with) (?:git"
        r"|(?:the |a |my |last )?(?:backup"
        r"|snapshot|head|history|trash|main|yesterday)\w*)\b|\b(?:alte[nrms]?|ursprüngliche[nrms]?"
        r"|vorherige[nrms]?) (?:text|version|fassung|stand"
        r"|entwurf|titel)\w* wieder\b|\b(?:wieder|back) (?:auf|zu|to) (?:den |the )?alte[nrm]?\b|\bback (?:on"
        r"|to) (?:my|our|the) (?:own|old|previous"
        r"|\d)\b"
    ),
    (1.0,
        rf"\b{_OLD} (?:{_THING} )?(?:is|are|'s|went|goes|stays?) (?:back\b|(?:in|on|up|there)(?: again\b|(?=\W*$"
        rf"|[.,;])))"
        rf"|\b(?:restored|reinstated|recovered|rehung|hung|used|read|sent|kept|took|printed|played|posted|went with"
        rf"|copied|put) (?:up )?{_OLD}(?: {_THING})?(?:\W*$|[.,;]|\b[^.?!]{{0,16}}\b(?:back|instead|after all"
        rf"|in the end|again"
        rf"|anyway|over it)\b| {_THING}\b)"
    ),
    (1.0,
        r"^\W*(?:sorry,? )?(?:i |we |i'?ve |we'?ve |just |had to |have to |then )*(?:add(?:ed)?|put|brought|bring"
        r"|switch(?:ed)?"
        r"|turn(?:ed)?|chang(?:ed|e)|hung|hang|split|mov(?:ed|e)|copied|copy|took|taken|take|pulled|ripped|threw"
        r"|swapped|unticked"
        r"|disabled) [^.,;?!\n]{0,30}\b(?:back|again|(?:off|out|in|up) again)\b(?![^.?!]{0,12}\bon again)"
        r"|^\W*(?:am |i'?m |we'?re )?back (?:on|to|at) (?!track|it|work|home|school|you|my old (?:job|school|place"
        r"|flat|firm|company))[\w.]+"
        rf"|\b(?:staying|sticking|going) with {_OLD}\b|\byours is (?:gone|out)\b|\bwanted? {_OLD} [\w-]+ back\b"
        r"|\b(?:ripped|took|pulled|threw|stripped|yanked|kicked) (?:the|your|that|all) \w+(?: \w+)? (?:back )?(?:out"
        r"|off|down)\b"
        r"|\bgit stash"
        r"|^\W*undo\b|\bundo,? please\b"
    ),
    (1.0,
        r"\bundo (?:that|this|it|all)\b|\b(?:want|need) (?:my|the|our) [\w ]{2,20} (?:back )?(?:as|the way|how"
        r"|like) (?:it|they) (?:was|were)\b"
    ),
    (1.0,
        r"\b(?:switched|changed|moved|set|flipped|turned) (?:it|them|that|everything|the [\w-]+|my [\w-]+) back to\b"
        r"|\b(?:took|taken|pulled) (?:the|my|our|your) [\w-]+ (?:down|out|off)(?: again)?\b"
    ),
    (1.0,
        r"\b(?:put|bring|get|change|switch) (?:the|my|our) (?:old|original|previous|earlier) [\w -]{1,20} back\b"
        r"|\brestor(?:e|ed|ing) (?:the|my|our|a) (?:old|original|previous|earlier|last|backup)\b"
        r"|\b(?:already )?undone(?: already"
        r"| again| it)\b|\bwieder (?:auf )?(?:die|den|das|der|meine[nmrs]?|mein|unsere?[nmrs]?) (?:alte[nmrs]?"
        r"|ursprüngliche[nmrs]?"
        r"|vorherige[nmrs]?)\b"
    ),
    (1.0,
        r"\b(?:had|have) to (?:restore|redo|undo|revert|rewrite|reinstall|start (?:over|again)|do it (?:again|over)"
        r"|change it back|put it back|fix it (?:myself|by hand)|roll)\b"
    ),
    (1.0,
        r"\b(?:didn'?t|did not|won'?t|not going to|decided not to|couldn'?t) (?:use|be using|send|keep|publish|post"
        r"|merge) (?:it|that|this|them|yours|any of (?:it|them))\b|\bnot using (?:it|that|this|them|yours)\b"
        r"|\bended up (?:not |writing|doing it|redoing|throwing|deleting|using (?:mine|my own|the old))"
    ),
    (1.0,
        r"\b(?:i|we) (?:took|pulled|ripped|threw|kicked|backed) (?:your|the|my|that|this"
        r"|it) ?(?:\w+ ){0,2}(?:back )?(?:out|down|off|away)\b"
    ),
    (1.0,
        r"\b(?:revert(?:ed|ing)?|roll(?:ed|ing)? (?:it |that |this |everything |all |it all |them "
        r"|all of it )?back|undid|undo(?:ne|ing)? (?:that"
        r"|this|it|the|your|everything|all)|had to (?:undo|revert|roll)|backed (?:it|that|this) out|ctrl[- +]?z"
        r"|cmd[- +]?z|git (?:checkout|restore|revert|reset|stash drop)\b)"
    ),
    (1.0,
        r"\b(?:binned|trashed|scrapped|tossed|chucked|ditched|discarded|deleted|erased|threw|thrown|thrown|removed"
        r"|ripped) (?:it|that|this|them|your|the whole|all of (?:it|that)|out|away|everything)\b"
    ),
    (1.0,
        r"\b(?:wrote|rewrote|did|made|drew|built|used|kept|started|writing) (?:it |one |that |them "
        r"|the \w+ )?(?:my own|all over|from scratch|myself|my old|the old|the original)\b"
    ),
    (1.0,
        r"\b(?:put|restored?|brought|went|gone|going|switched|changed|back|reset|set|returned"
        r"|reinstated)\b[^.?!\n]{0,30}\b(?:back|old|original|originals|previous|earlier|former|handwritten|before"
        r"|last) ?(?:to )?(?:my |the )?(?:text|version|one|wording|draft|file|sheet|state|code|page|title|setting"
        r"|settings|layout|originals?|way|config|model|again|it was|handwritten \w+)\b"
    ),
    (1.0,
        r"\b(?:reset|restored?) (?:all|everything|it|them|the \w+)\b[^.?!\n]{0,20}\b(?:original|before|old|previous"
        r"|backup|default)"
    ),
    (1.0, r"\b(?:took|taken|pulled|ripped) (?:it|that|them|your \w+) (?:back )?(?:out|down|off)(?: again)?\b"),
    (1.0,
        r"\b(?:rückgängig|zurückgesetzt|verworfen|wieder (?:gelöscht|entfernt|rausgenommen)|die alte (?:version"
        r"|fassung) (?:genommen|wieder))\b|\b(?:j'ai|on a) (?:remis|annulé|supprimé|jeté|restauré|effacé)\b|\b(?:he"
        r"|lo he) (?:deshecho|revertido|borrado|restaurado|vuelto)\b|\b(?:deshice|revertí|borré|desfiz|reverti"
        r"|apaguei)\b|\bho (?:annullato|ripristinato|cancellato|rimesso|buttato)\b"
    ),
)  # fmt: skip

GAVE_UP: Table = table(
    (1.0,
        r"\bi'?ll (?:just |rather )?\w+ (?:it|this|that|them)(?: \w+)? (?:myself|by hand|alone|on my own)\b"
        r"|\b(?:sending|taking|bringing) (?:it|this|that|the"
        r" \w+) back(?: to)?\b|[,.;] (?:let'?s )?stop here\W*$|\b(?:takes|taking|took) longer than (?:doing|writing"
        r"|asking)\b|\bich lass(?:e|'s)? (?:es|das)\b"
        r"|\bmejor (?:le |se lo |lo )?(?:pregunto|llamo|busco|hago|pido)\b|\bje (?:vais )?(?:plutôt )?(?:demander"
        r"|appeler|voir avec) (?:à |mon |ma )"
        r"|\b(?:i'?ll|we'?ll) (?:just )?(?:talk|go|manage|present|travel|do|live|work) without\b"
    ),
    (1.0,
        r"^\W*(?:ok(?:ay)?,? )?(?:scrap|bin|shelve|drop|ditch|park|abandon) (?:it|this|that)\b"
        r"|[,.;] (?:just )?(?:going|doing it|leaving|managing"
        r"|travelling|presenting) without(?: it| one| them)?\W*$|\bdon'?t think (?:i|we)(?:'ll| will"
        r"|'d) ever (?:get|understand|see|learn|manage)\b"
        r"|\b(?:da igual|tanto faz|fa niente|macht nichts),? (?:ya )?(?:lo|la|faço|faccio|ich mach|ich frag)\w*\b"
        r"|\b(?:i'?ll|i will) never get (?:it|this"
        r"|that) (?:from|with) you\b"
    ),
    (1.0,
        r"\b(?:don'?t|do not|haven'?t|have no|no|out of|lost|losing) (?:have |got )?(?:the |any |more )*(?:patience"
        r"|nerves?"
        r"|energy|strength|stomach) (?:for|left|any)|\b(?:dropping|scrapping|shelving|parking|postponing|abandoning"
        r"|binning"
        r"|cancelling) (?:it|this|that|the \w+)(?=\W*$|[.,;:!]| (?:then|now|for|until|and|altogether)\b)"
        r"|\bi'?m better off (?:with|without)\b"
        r"|\b(?:won'?t|not going to) bother\b|\b(?:leads?|leading|going) nowhere\b|\bi'?ll \w+ (?:a|an|the"
        r"|my) \w+(?: \w+)? instead\b"
    ),
    (1.0,
        r"\b(?:i'?ll|i will|we'?ll|i'?d rather) (?:just |rather |better )?(?:(?:ring|call|phone|ask|text) (?:them|him"
        r"|her|someone"
        r"|somebody)|(?:get|find|hire|pay) (?:a \w+|someone|somebody|one (?:online|elsewhere))|(?:buy|find|get) one\b)"
        r"(?!.*\b(?:first|what|which|whether|if|tomorrow|tonight|later|next \w+|on \w+day|this weekend)\b)"
    ),
    (1.0, r"^\W*(?:ok(?:ay)? )?(?:i'?m |we'?re )?(?:calling|hiring|getting|asking|phoning"
        r"|fetching) an? \w+(?: \w+)?\W*$"),
    (1.0,
        r"\b(?:je me débrouille|(?:ich )?komm\w* (?:schon )?(?:allein|klar)|mi arrangio|me las arreglo|mejor (?:voy"
        r"|lo hago"
        r"|llamo|busco)|dann (?:eben |halt )?(?:ohne|nicht)|sans toi|sin ti|senza di te|zonder jou)\b"
    ),
    (1.0,
        r"^\W*(?:ok(?:ay)? |ah |ach |oh |well )?(?:i'?m )?(?:dropping|leaving|skipping|abandoning|shelving) (?:it"
        r"|this|that)\b"
        r"|\bnever ?mind\b[,.; ]+(?:i'?m |i'?ll |we'?ll )?(?:calling|asking|call|ask|get|hire|buy|use|do)"
    ),
    (1.0,
        r"\btoo much (?:hassle|trouble|bother|work|faff)\b|\b(?:lo dejo|ich lass es|je laisse|lascio perdere)\b"
        r"|\bi'?ll (?:just "
        r"|rather )?(?:phone|ring|call|ask|email|text|visit|write to) (?!you)[\w' ]{2,24} (?:instead|myself)\b"
        r"|\bi'?ll (?:just "
        r"|rather )?stick (?:to|with) (?:my|the old|pen|paper|\w+ing|checkers|excel)\b"
    ),
    (1.0,
        r"\b(?:no|out of|lost|losing) (?:more )?(?:patience|time|energy) (?:for|with) (?:this|that|it|you)\b"
        r"|\blet'?s (?:just )?(?:drop|leave|bin|shelve|skip) (?:it|this|that)\b"
    ),
    (1.0,
        r"\b(?:figure|work|sort|find|puzzle) (?:it|this|that|them)? ?out (?:myself|on my own|alone|without you"
        r"|somehow|elsewhere)\b|\b(?:on my own|without you) then\b|\bwhatever,? (?:i'?ll|bye|thanks for nothing)\b"
        r"|\bthanks for nothing\b|\byou'?re no (?:help|use)\b|\blet'?s (?:just )?forget (?:about )?(?:it|this|that)\b"
    ),
    (1.0,
        r"^(?!.*\b(?:works?|worked|found|got it|solved|fixed|figured|my (?:mistake|bad|fault))\b)\W*(?:(?:ok|okay|oh"
        r"|well|ugh|meh|argh|right|fine|no|nah|ah|you know what|alright|jeez|whatever)\W+){0,3}(?:forget (?:it"
        r"|about it|this|that|the whole)|never ?mind|nvm|nevermind|drop it|leave it(?: (?:there|then|be"
        r"|at that))?\W*$|skip it|let'?s (?:drop|leave|forget|skip|scrap|not|stop (?:this|it)\b)|scratch that,? i'?ll"
        r"|don'?t bother"
        r"|whatever,? i'?ll|i'?ll pass)\b(?! (?:to|me|mine)\b)"
    ),
    (1.0,
        r"\b(?:i'?m |i am )?(?:giving|gave|give|given) up(?=\W*$|[.,;:!]| (?:on (?:it|this|that|you|the|trying|my"
        r"|your)|and|trying"
        r"|after|now|here|for|looking|then|with|at|today|tonight)\b)|\b(?:i'?m|i am"
        r"|we'?re) (?:done|through|out)(?: (?:here|with (?:this|you|it)|for (?:good|today)))?\W*$"
        r"|\bi'?ve had enough\b|\benough of this\b|\bthis is (?:pointless|hopeless|useless|a waste)"
        r"|\bwaste of (?:time|my time)\b|\b(?:isn'?t|is not|not|ain'?t) (?:going|getting|leading) (?:anywhere"
        r"|us anywhere)|\bgoing (?:round )?in circles\b|\bgetting nowhere\b"
    ),
    (1.0,
        r"\b(?:i'?ll|i will|gonna|going to|i'?d rather|i'?m|i'?ll just|better) (?:just |rather |then "
        r"|now )*(?:do(?:ing)? (?:it|this|that|them|the \w+) (?:by hand|myself|manually|on my own|the old way"
        r"|in excel|without)|ask(?:ing)? (?!you)(?:my |the |a |an |some)?[\w']+(?: \w+)?(?:$|[.,!]| instead| tomorrow"
        r"| tonight| then)|call(?:ing)? (?!you|it|the function)\w+|hir(?:e|ing)|pay(?:ing)? someone|commission\w*"
        r"|google it|look(?:ing)? it up|us(?:e|ing) (?:another|a different|something else|google|chatgpt|the other)"
        r"|figure it out myself|writ(?:e|ing) it myself|handle it myself|go(?:ing)? without|do(?:ing)? without"
        r"|return(?:ing)? (?:it|the)|buy(?:ing)? a)"
    ),
    (1.0,
        r"\b(?:closing|ending|leaving|quitting|stopping) (?:this|the) (?:chat|session|conversation|thread|window)\b"
        r"|\b(?:scrap|abandon|kill|cancel|shelve|bin|ditch) (?:the|this|that) (?:whole|entire|idea|project|thing|plan"
        r"|attempt|port|rewrite|migration)|\b(?:i killed it|don'?t bother (?:any ?more|with)|stop trying|please stop"
        r"|(?<!in )no time\. )"
    ),
    (1.0,
        r"\b(?:let'?s|can we) (?:do|talk about|try|move on to|switch to) something (?:else|different)\b"
        r"|\bnever going to (?:work|get)\b|\bwon'?t ever (?:work|click|get)\b|\bdon'?t think (?:this|it|that"
        r"|you)(?:'ll| will)? (?:ever|can|is going)\b"
    ),
    (1.0,
        r"\b(?:vergiss es|lass (?:es|gut sein|mal|gut)|ach lass|egal,? ich|schon gut,? ich|ich mach(?:'s| es"
        r"| das)? (?:selbst|selber|von hand)|ich (?:geb|gebe) auf|hat keinen (?:sinn|zweck)|bringt nichts)\b"
        r"|\b(?:laisse tomber|laissez tomber|tant pis|j'abandonne|oublie(?:z)?(?: ça)?\W*$"
        r"|je (?:vais )?(?:le )?(?:fais|faire) (?:moi-même|à la main))"
    ),
    (1.0,
        r"\b(?:déjalo|dejalo|olvídalo|olvidalo|no importa,? (?:ya )?(?:lo|llamo)|me rindo|ya (?:lo hago|llamo"
        r"|pregunto) yo|lo hago yo|da igual,? (?:ya )?lo)\b|\b(?:deixa (?:pra lá|estar|para lá)|esquece\W*$|desisto"
        r"|eu mesm[oa] faço|lascia (?:stare|perdere)|mi arrendo|faccio (?:io|da solo|da sola)|laat maar"
        r"|ik geef het op|zostaw)\b"
    ),
)  # fmt: skip
