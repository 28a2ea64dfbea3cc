"""What people report came of an answer, in word classes rather than phrases, as data. No logic.

A report has no word of praise or blame: a trouble that ended, a figure that agrees, another who was content, a text
that hangs where it should; an error that was printed, a rule that was broken, a thing that was put back.
"""

from __future__ import annotations

from nightschool.curate.verdicts.praise import Table, table

_UNIT = (
    r"(?:cent|penny|pence|euro|dollar|gram|minute|second|degree|millimet\w+|cm|inch|digit|decimal|letter|dot|day|hour"
    r"|comma|line)"
)
_MARK = r"(?:comma|syllable|word|letter|line|character|digit|pixel|stitch|note|full stop|punctuation mark|thing)"
_OTHERS = (
    r"(?:(?:the|my|our|his|her|their|a) (?:\w+ ){0,2}?(?:teacher|professor|prof|tutor|boss|client|customer|doctor|vet"
    r"|lawyer|solicitor|reviewer|maintainer|editor|publisher|team|family|board|council|committee|jury|landlord|bank"
    r"|embassy|consulate|office|school|class|guests|kids|children|daughter|son|wife|husband|mum|mom|dad|mother|father"
    r"|neighbours?|mechanic|garage|dentist|choir|crowd|audience|room|accountant|auditors?|section|examiner|coach|chef"
    r"|mother-in-law|in-laws|parents)|everyone|everybody|all of them|people|upstream|they)"
)
_PLACE = (
    r"(?:door|doors|wall|fridge|mugs?|shirts?|t-shirts|poster|site|website|page(?: \w+)?|homepage|menus?|board|window"
    r"|programme|program|newsletter|handout|slides?|label|labels|sign|letterbox|post|mail|paper|magazine|book|cards?"
    r"|calendar|readme|wiki|manual|sheet|rota|script|list|notebook|cover|invitation|thesis|report|deck|repo|release"
    r"|master|main|prod|production)"
)
_WEEKS = r"(?:days?|weeks?|months?|years?|ages|hours?|nights?|evenings?|times?)"
_AGENTS = r"(?:i|we|i've|we've|just|then|so|and|already|finally|have|had|did|a)"

CAME_WELL: Table = table(
    (1.0,
        rf"\b(?:agree[sd]?|match(?:e[sd])?|correct|right|same|exact|fits?"
        rf"|off)\b[^.?!]{{0,20}}\bto the (?:\w+ )?{_UNIT}\b"
        r"|\b(?:the )?(?:very |exact(?:ly)? )?same (?:figure|result|number|answer|value|total|sum|count|amount|date"
        r"|name)s?"
        r"\b(?! (?:as before|again|error))|\btold (?:me|us|him|her) the (?:very |exact )?same\b"
        r"|\b(?:all|they|both|totals?|numbers?|figures?|it) (?:all |now )?(?:agree|tally|match|add up)\b"
    ),
    (1.0,
        r"\b(?:(?:just|exactly|precisely) )?(?:as|like|what) you (?:said|thought|guessed|suspected|predicted|described"
        r"|told me|wrote)\b(?!.*\b(?:but|not|wrong)\b)|^[^?]{0,60}\byou (?:had|called|guessed|got|nailed) it\b"
        r"(?! (?:wrong|backwards|all|the))|\b(?:tenías|tenía|hattest|hatten sie|du hattest|avais|aviez|avevi|had je"
        r"|tinhas|tinha) (?:\w+ )?(?:razón|recht|raison|ragione|gelijk|razão)\b|\blag (?:\w+ )?(?:wirklich|tatsächlich"
        r"|echt) a[mn]\b"
    ),
    (1.0,
        r"\b(?:full|top) (?:marks|score|points)\b|\bunanimous\w*\b|\b(?:1[5-9]|20)/20\b|\b(?:9|10)/10\b"
        rf"|\b{_OTHERS} (?:\w+ )?(?:nodded|voted (?:for|yes|in)|said yes|agreed|took it|ticked|cried laughing|approved"
        r"|signed|accepted|laughed|clapped|applauded|wants? (?:to know|one too|the recipe|a copy)|asked (?:me )?(?:who"
        r"|where|for the recipe)|is (?:lecturing|singing|using)|didn'?t even (?:charge|ask)|asleep|slept|licked"
        r"|finished)\b"
        r"(?!.*\b(?:but|not)\b)|\ba voté (?:oui|pour)\b|\b(?:visa|permit|refund|grant|loan|offer|money|deposit)"
        r" (?:is |has |was |came )?(?:been )?(?:arrived|approved|granted|through|back|in)\b"
    ),
    (1.0,
        r"\b(?:glad|good thing|relieved|good that|lucky) (?:that )?you (?:asked|checked|said|caught|told|noticed"
        r"|stopped"
        r"|warned|waited|looked|spotted|mentioned)\b|\bbless you\b|\bno contest\b|\blight ?bulb\b|\bwell i never\b"
        r"|\byou could hear a pin drop\b|\bas if nothing had (?:ever )?happened\b|\bi call that\b"
        r"|\bhad (?:it|them|this|that) (?:framed|printed|engraved|embroidered|laminated|tattooed|carved|cast)\b"
        r"|\bnot (?:one|a single)(?: \w+)? (?:skipped|missed|lost|missing|failed|dropped|left out|broken|burnt)\b"
        r"|\bnow (?:that )?i can (?:remember|understand|picture|follow|explain|work with|use)\b"
        r"|^\W*[\w' -]{2,24}! that'?s (?:her|him|it|us|me|the one)\b|\b(?:is|are|'s) (?:ancient )?history\W*$"
        r"|\bfor the first time in (?:my|her|his|their|our) li(?:fe|ves)\b|\bcan'?t ask for (?:more|better)\b"
        r"|\bput your"
        r" finger (?:right )?on it\b|\b(?:as good as|like|como|wie|comme) (?:new|neu|nuev[oa]|neuf|neuve)\b"
        r"|^\W*sold\W*$"
        r"|\bevery (?:single )?hand went up\b|\b(?:renam|writ|nam|do|us|pack|cook|teach|pay|answer"
        r"|sort)ing [^.?!]{2,30} (?:that|this) way\b"
        r"|^[\s\W]*(?:👌|👍|🎉|❤️?|😍|💯|🙌|🥰)+(?!.*\b(?:but|though|not|except)\b)(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:ah+ |oh+ |ha(?:ha)* |wow |super |so,? )?(?:incredibile|increíble|incroyable|unglaublich|mooi|heerlijk"
        r"|sauvée?s?|salvad[oa]|salvat[oa]|gerettet|evviva|hallelujah|hurra+h?|hurray|eureka|nickel|formidable"
        r"|klasse|sensationell|geniale?|magnifique|toppie|prachtig|bellissim[oa]|fantástic[oa]|estupendo|wunderbar)\b"
        r"(?!.*\?)(?!.*\b(?:aber|mais|pero|ma|maar|but)\b)"
    ),
    (1.0,
        r"\b(?:odore|odeur|olor|tache|mancha|macchia|fleck|geruch|fehler|problem\w*|problème|error|bug|noise|smell"
        r"|stain"
        r"|ruido|bruit|rumore) (?:is |ist |est |è |ha |a |has )?(?:sparit[oa]|disparue?|desaparecid[oa]|desapareció|weg"
        r"|verschwunden|gone|vanished|scomparso)\b|\bkeine? einzige[rns]?\b|\bplus (?:un|une) seule?\b|\bni una sola\b"
        r"|\b(?:seither|seitdem|depuis|desde entonces|da allora) (?:ist |war )?(?:endlich )?(?:ruhe|nichts mehr|alles"
        r"|gut|plus|tout|ya no|nada|niente|tutto)\b"
    ),
    (1.0,
        rf"\b(?:first|best|quietest|longest|only) (?:\w+ ){{0,2}}(?:in|for|since) (?:\w+ )?{_WEEKS}\b"
        r"(?!.*\b(?:not|but|error|wrong|without)\b)(?!.*\?)|\b(?:at last|à la fin|por fin|endlich|enfin|finalmente)\W*$"
        r"(?<!stop at last)|\b(?:clean|clear|quiet|asleep|whole|dry|solved|sorted|empty|fixed|done|silent) (?:again"
        r"|at last"
        r"|now|finally|ever since|since)\b"
    ),
    (1.0,
        r"\b(?:glass|screen|sky|water|skin|drain|pipe|lens|picture|image|text|sound|path|road|directory|desk|inbox|log"
        r"|console|board|window|floor|pan|shirt|carpet)s? (?:is|are|'s|came out|looks?) (?:now |all |so |finally "
        r"|completely )?(?:clear|clean|sharp|spotless|empty|free|dry|like new|readable|straight)\b"
        r"|\b(?:rose|risen|baked|dried|healed|set|grew|cooked) (?:evenly|nicely|through|well|perfectly|beautifully)\b"
        r"|\bcame out clean\b|^\W*(?:and )?(?:she|he|they|baby|kid|dog)(?:'?s|'?re| is| are) (?:fast )?asleep\b"
    ),
    (1.0,
        r"\b(?:alle|alles|all|tous?|toutes?|todo|todas?|tutto|tutti) (?:\w+ )?(?:grün|durch|green|vert\w*|pass(?:es"
        r"|ed)?"
        r"|passing|ok|bien|correct\w*|richtig|verde|in ordnung|d'accord)\b(?! (?:but|aber|except))(?!.*\?)"
        r"|\b(?:all|every one) of (?:them|these|those|it) (?:\w+ )?(?:pass|work|agree|fit|run|open|print|match"
        r"|load)(?:ed|s)?\b"
        r"|\b(?:pipeline|build|suite|ci) (?:ist|is|est|läuft) (?:\w+ )?(?:durch|grün|green|passée?)\b"
    ),
    (1.0,
        r"\b(?:gone|done|finished|cleared|renamed|sorted|moved|converted|there) in (?:a|one|two|three|\d+|no) (?:second"
        r"|minute|sec|min|time|go|flash|blink)s?\b(?!.*\b(?:wrong|lost|gone too)\b)"
        r"|\b(?:cleaned|cleared|sorted|fixed|sped|opened|woke|tidied|smoothed) (?:it|them|that"
        r"|everything) (?:right )?up\b"
        r"|\bdid (?:it|that|the sum)(?: \w+)? (?:on paper|by hand|with pen)\b[^.]{0,40}\b(?:agrees?|match\w*|same"
        r"|too)\b"
    ),
    (1.0,
        r"\b(?:klingt|hört sich an) (?:ganz )?nach (?:mir|uns)\b|\b(?:das |den |die )?(?:nehm|nehme|übernehm|übernehme)"
        r" ich(?: so)?\W*$|\bje (?:la |le |les )?(?:prends|garde)\W*$|\b(?:me lo quedo|lo prendo|la prendo|neem ik"
        r"|dat neem ik)\b|\b(?:precies|exact|genau|exactement|justo|proprio) (?:de|den|die|das|le|la|el|il|lo) "
        r"(?:toon|ton|tono|stijl|stil|style|estilo|mot|wort|woord|palabra|parola)\b"
        r"|\b(?:genau|proprio|precies|exactement|exatamente|justo) (?:so|così|zo|comme ça|assim|así)\b"
    ),
    (1.0,
        r"\b(?:this|that|it|which) (?:is|will be|becomes) (?:my|our) \w+(?: \w+)? from now on\b|\blike this (?:one )?"
        r"from now on\b|\b(?:write|do|make|format|answer|phrase|keep) (?:all|every|any)\b[^.?!]{0,40}\blike this\b"
        r"|\b(?:to|at) the (?:very )?top of (?:my|our) list\b|\bi'?m (?:framing|printing|stealing|keeping|sending"
        r"|having"
        r"|taking|using) (?:this|that|it)(?! (?:back|away|off|out|over))\b|\bsaved? (?:the|my|our) (?:day|evening"
        r"|weekend|party|dinner|trip|exam"
        r"|job)\b"
    ),
)  # fmt: skip
"""What ended well."""

STANDS: Table = table(
    (1.0,
        rf"\bnot (?:an?|one|a single) (?:\w+ )?{_MARK} (?:\w+ )?(?:different|moved|changed|altered|touched|added|out of"
        rf" place)\b|\b(?:haven'?t|hasn'?t|didn'?t|did not|have not|without) (?:even )?(?:mov|alter|chang|touch"
        rf"|edit|cut"
        rf"|add)\w* (?:a|an|one|any)(?: single| one)? ?{_MARK}?\b|\b(?:pas une|ni una|nemmeno una"
        rf"|keine?) (?:virgule|coma"
        r"|virgola|komma|silbe|zeile|lettre|letra) (?:de |ge)?\w*|\b(?:telle?s? quelles?|tal cual|unverändert"
        r"|tale e quale"
        r"|wort ?wörtlich)\b|\bexactly (?:those|these|your|the same) (?:\w+ )?(?:words|lines|text|wording|sentences)\b"
    ),
    (1.0,
        r"\b(?:nobody|no ?one|none of us) (?:has |had |have )?(?:ever |even |to )*(?:fiddled|touched|touch|changed"
        r"|change"
        r"|altered|edited|modified)\b|\b(?:everyone|everybody|whole team|the team|we all|they all)(?: has|'s"
        r"| have)? (?:been )?"
        r"(?:us(?:es?|ing)|work(?:s|ing)) (?:it|with|in|from)\b"
        rf"|(?<!i've )(?<!we've )(?<!i have )\b(?:been|sitting|running|hanging|standing|in use|live|working"
        rf"|in there)\b[^.?!]{{0,50}}\b(?:for"
        rf"|since) (?:a |an "
        rf"|the |two |three |\w+ )?(?:{_WEEKS}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter"
        r"|easter|christmas|january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"(?!.*\b(?:error|wrong|broken|crash\w*|but|not|down|waiting)\b)(?!.*\?)"
    ),
    (1.0,
        rf"^(?!.*\b(?:wrong|missing|not|typo|but|old|broken|empty|should)\b)(?!.*\?)(?!\W*(?:what|who|where|which|when"
        rf"|how)\b)(?!.*[,;:] (?:please )?(?:put|add|set|write|stick|place) )[^.]{{0,40}}\b(?:it|that|this"
        rf"|they|one"
        rf"|elle|il|he|she|is|are|went|'s|'re) (?:is |are |'s |going |now |already |up |straight |hanging |printed "
        rf"|stuck "
        rf"|out |has gone )*(?:on|in|into|onto|up on|to) (?:the|my|our|every|all|each"
        rf"|\w+['’]s) (?:\w+ ){{0,2}}{_PLACE}\b"
        rf"(?! (?:issue|problem|says|shows|is|are|has|does)\b)"
        r"|\b(?:collée?|affichée?|imprimée?|envoyée?|postée?|accrochée?|publiée?|colgad[oa]|impres[oa]|pegad[oa]"
        r"|enviad[oa]|publicad[oa]|appes[oa]|stampat[oa]|inviat[oa]|aufgehängt|ausgehängt|abgeschickt|gedruckt"
        r"|verschickt)\b(?!.*\?)(?!.*\b(?:aber|mais|pero|ma|falsch|faux|nicht|pas encore)\b)"
    ),
    (1.0,
        r"\b(?:went|goes|sent|gone) out (?:untouched|unchanged|as is|as it (?:is|was|stands)|in (?:v?\d|version"
        r"|release))"
        r"|\b(?:took it over|went in|went through|used it|printed it) without (?:touching|changing|editing)\b"
        r"|\b(?:is|are) out (?:on|in|with)\b[^.?!]{0,30}"
        r"\b(?:that|your|this) (?:line|change|text|fix|patch)\b|\bon the (?:back |front )?cover\b|\b(?:it'?s|is"
        r"|that'?s) in (?:release|version|v)? ?\d[\d.]*\b|\b(?:upstream|they|the maintainers?"
        r"|the paper|the"
        r" editor|the printer|the magazine) (?:took|ran|printed|merged|accepted|published|used) (?:it|them|that|this)\b"
        r"|\b(?:recorded|sang|performed|read|printed|carved|engraved|sent|posted|used) (?:it|them"
        r"|that)\b[^.?!]{0,30}\bwith"
        r" (?:those|these|your|the) (?:\w+ )?(?:lines|words|text|sentences|chords)\b"
    ),
)  # fmt: skip
"""What was made is used as it was made."""

TAKEN_BACK: Table = table(
    (1.0,
        r"^\W*in the (?:bin|trash)\b|\bchecked out the old\b|\b(?:je|on) (?:les|l'|la|le) ?(?:ai|a"
        r"|avons) (?:tou[st]e?s? )?(?:retiré|enlevé|supprimé"
        r"|effacé|remis)\w*|\b(?:crossed|struck|took|threw|kicked|ripped|cut|pulled|wiped|painted) (?:yours"
        r"|your \w+)(?: \w+)? ?(?:out|off"
        r"|away|over|down|back)\b|\byours (?:is |was |went |got )?(?:gone|out|off|in the bin|deleted)\b"
        r"|\btore (?:it|that|them|yours|the \w+) up\b|\b(?:put|pasted|copied|wrote|laid|hung) (?:my|our|the) (?:old|own"
        r"|original|previous) [\w ]{2,24} over (?:it|yours|that|them)\b|\bover yours\b"
    ),
    (1.0,
        r"\b(?:restored|reinstated|recovered|revived|reopened|went back to|gone back to|returned to|back to|back on"
        r"|back at)"
        r" (?!me\b|you\b|work\b|school\b)(?:the )?(?:\w+['’]s|last \w+['’]s)(?=\W|$)(?! (?:answer|point|question))"
        r"|\b(?:did|ran|had to do) an? (?:\w+ )?(?:rollback|roll-back|reset|revert|restore|checkout)\b"
        r"|\b(?:reset --hard|rollback to|rolled back to)\b|^\W*undone\b"
    ),
    (1.0,
        r"\b(?:the|my|our) (?:old|previous|original|earlier|former|first|own) [\w ]{2,24}(?:is|are|'s|goes|went|stays?)"
        r" (?:back|in|up|on|there|out)(?: in| up| on| there)?(?: again)?(?=\W|$)"
        r"|\bit'?s (?:at|on|off|back)\b[^.?!]{0,16}\b(?:again|as before|like before)\b"
    ),
    (1.0,
        r"^\W*(?:so |and |well |no |sorry )*(?:i |we |i've |we've |i had |just |then |have )*(?:flipped|set|turned"
        r"|switched"
        r"|changed|put|moved|brought|dragged|copied|wrote|written|typed|pasted|swapped|renamed|sorted|painted|drew)"
        r" (?!.*\bon again)[^.?!]{0,40}?\b(?:back(?=\W|$)(?! (?:pain|door|in the (?:oven|fridge|pan)))|to \w+ again)\b"
        r"|\band (?:brought|got|put|took|moved|copied|pulled|fetched|dragged|pasted) [^.?!]{0,30}\bback\b(?! (?:on"
        r"|together))"
        r"|\b(?:dragging|putting|moving|typing|setting|copying|changing|switching|sorting) (?:\w+ ){1,3}back\b"
    ),
    (1.0,
        r"\bback to (?:how|what|the way|where) (?:it|they|things|we) (?:was|were|had)\b|\bhow (?:it|they)(?:'d| had"
        r"| have)"
        r" been\b|\b(?:the one|that) from before\b|\b(?:the way|as|like|how) (?:it|they) (?:was|were) before\b"
        r"|\b(?:throw|take|pull|kick|rip|toss|get) (?:that|the|this|your|it) (?:commit|change|edit|patch"
        r"|version) (?:away|out|off)\b"
    ),
    (1.0,
        r"\b(?:rm['’]?d|git rm|uninstalled|unmerged|unpublished|untagged|reverted|undid|unwound)\b"
        r"|\b(?:hab|habe|haben) [^.?!]{0,40}\b(?:zurückgestellt|zurückgesetzt|zurückgenommen|rausgeworfen"
        r"|wieder gelöscht"
        r"|wieder entfernt|wieder geändert|wieder reingenommen|rückgängig gemacht)\b|\bwieder (?:wie (?:vorher|früher"
        r"|zuvor)|beim alten|raus|drin)\b|\b(?:j'ai|on a|nous avons) (?:remis|rétabli|retiré|enlevé|remplacé|repris)\b"
        r"|\b(?:he|hemos|lo he|la he) (?:vuelto a (?:poner|dejar)|quitado|recuperado)\b|\bho (?:rimesso|tolto|ripreso"
        r"|eliminato)\b|\b(?:teruggezet|teruggedraaid|weer weggehaald)\b"
    ),
)  # fmt: skip
"""What was made was taken back or replaced."""

LET_GO: Table = table(
    (1.0,
        r"\b(?:i|we) (?:quit|surrender|resign|concede)(?=\W*$|[.,;!])|\b(?:i'?m|we'?re) (?:out|done|off|through|beaten)"
        r"(?=\W*$|[.,;!]) ?(?!.*\b(?:thanks?|thank|great|perfect|works?)\b)"
        r"|\bnot worth (?:it|the (?:effort|trouble|time|bother|hassle)|my time)\b|\b(?:has|have) eaten (?:my|the"
        r"|half)\b"
        r"|\ban? (?:hour|evening|day|afternoon|morning) of this\b|\bend of [\w ]{2,16} for (?:tonight|today)\b"
    ),
    (1.0,
        r"^\W*(?:(?:eh|meh|ok|okay|right|ugh|omg|no|nah|well|honestly|oh)\W+)*(?:leave|skip|cancel|drop|scrap"
        r"|forget|stop)"
        r" (?:it|that|this|the \w+(?: \w+)?)[.,;!](?!.*\b(?:fine|good|great|perfect|lovely)\b)"
        r"|\b(?:deleting|closing|cancelling|dropping|abandoning|shelving) (?:the|this|my) (?:\w+ )?(?:project"
        r"|branch|app"
        r"|chat|plan|idea|file|game|repo)\b|\bclose the (?:branch|ticket|chat|tab|pr)\b|\bwinging it\b"
        r"|\bstopped it\b[^?]{0,30}\b(?:not worth|don'?t need|no need|no point)\b|\b(?:don'?t"
        r"|do not) need it any ?more\b"
    ),
    (1.0,
        r"\b(?:i|we)(?:'ll|'d| will| would| can) (?:just |better |rather |simply |then "
        r"|better just )*(?:save (?:this|it|that)"
        r" for|leave (?:it|the \w+|this)(?: \w+)? (?:to|for|a mystery|as a mystery|unsolved|unanswered)"
        r"|keep \w+ing\b[^.?!]"
        r"{0,24}\b(?:myself|by hand|manually)|live (?:with|without)|make do|sign my name|go (?:and )?(?:ask"
        r"|see) (?:a|an|the"
        r"|my)|try (?:somewhere|someone|another))\b|\b(?:i|we)(?:'ll|'d) (?:just|better|rather) (?:phone|ring|call"
        r"|ask|text"
        r"|write|email|visit|hire|pay|buy|draw|sketch|count|google|look)\b(?! (?:it|you) (?:up )?(?:first|later))"
    ),
    (1.0,
        r"\b(?:the|my|our) (?:accountant|lawyer|plumber|electrician|tutor|teacher|garage|mechanic|doctor|vet|bank"
        r"|agency"
        r"|professional|handyman|shop) (?:can|will|may|shall) (?:have|do|deal|sort|handle|fix|take|see|tell)\b"
        r"|\b(?:dann|da) (?:frag\w*|mach\w*|ruf\w*|such\w*|nehm\w*|geh\w*) ich (?:halt|eben|lieber|doch|wohl)\b"
        r"|\b(?:je vais|je m'en vais|on va) (?:plutôt )?(?:demander|appeler|voir ailleurs|laisser)\b|^\W*meh\b[^?]*$"
    ),
    (1.0,
        r"^\W*(?:please |just |ok |no )*(?:kill|abort|cancel|stop|end) (?:it|this|that)\b(?!.*\?)(?!.*\b(?:start"
        r"|restart|again|rerun"
        r"|first|then)\b)|\b(?:typing|writing|drawing|doing|counting|sorting|translating|copying) (?:it|them|this"
        r"|that) (?:out |up )?"
        r"(?:myself|by hand|over the weekend|manually|on paper|the old way)\b"
        r"|^(?!.*\b(?:thanks|thank you|thx|cheers|danke|merci|gracias)\b)(?!.*\?)[^\n]{3,}[.,;!] ?(?:good)?bye\W*$"
    ),
)  # fmt: skip
"""The task was given up."""

WENT_AGAINST: Table = table(
    (1.0,
        r"\b(?:nobody|no ?one|who|did (?:anyone|i)|i never|i didn'?t) (?:ever |even )?(?:asked?|wanted?|order(?:ed)?"
        r"|mention(?:ed)?) (?:you )?(?:for|to|about)?\b|\bexact opposite\b|^\W*(?:it |this "
        r"|that )?(?:now )?(?:(?:matches|prints|shows|gives|returns|lists|counts|finds|sorts|covers|copies|converts"
        r"|changes|moves|catches|reads) (?:me )?only|only (?:matches|prints|shows|gives|returns|lists|counts|finds"
        r"|sorts|covers|copies|converts|changes"
        r"|moves|catches|reads))\b|\b(?:one|two|three|four|five|\d+) [\w ]{2,16}too (?:many|few|much|little|long"
        r"|short)\b|\b(?:doesn'?t|does not|won'?t|didn'?t"
        r"|isn'?t|can'?t) even\b|\bi (?:was|am|'m) (?:asking|talking) about\b|\bwhat i(?:'m| am| was) after is\b"
        r"|\bwhat did i (?:just )?say\b"
        r"|\bonly (?:touch|change|do|fix|edit|move|answer) (?:what|the"
        r"|that)\b"
        r"|(?:^|[.!;,] )only the [\w' ]{2,24},? please\b|\b(?:don'?t|do not) make (?:stuff|things|it) up\b"
        r"|\bwhat on earth\b|\bwas the one thing\b|\bjust what (?:i|we) (?:wanted|tried|meant) to (?:get rid|avoid"
        r"|lose)"
    ),
    (1.0,
        r"^\W*(?:it |this |that |which |now |still |only |just )*(?:gives?|gave|returns?|returned|prints?|shows?"
        r"|got|get"
        r"|getting|i get|yields?) (?:me )?(?:only )?(?:0|zero|nothing|null|none|nan|#\w+|blank|garbage"
        r"|an? (?:\w+ )?error"
        r"|an? (?:\w+ )?exception)\b|^\W*(?:zero|no|0) (?:rows|results|hits|output|records|lines)\b"
        r"|^\W*(?:unresolved|undefined|unknown|unexpected|invalid|illegal|deprecated|syntax error|type error"
        r"|compile error"
        r"|error[,:]|exception|segfault|traceback|missing|unsupported|unrecogni[sz]ed|not defined) ?(?:reference|symbol"
        r"|variable|method|function|name|token|identifier|option|command|column|lifetime|import|\w+)?\b"
        r"|^\W*[A-Z]{1,3}\d{3,5}\b[,:]"
    ),
    (1.0,
        r"\b(?:strikes? it (?:through|out)|deprecated|obsolete|outdated|out of date|no longer (?:valid|true|exists"
        r"|needed"
        r"|works|the case)|not since|long gone)\b(?! (?:warning|code) (?:is|are) gone)"
        r"|\bgilt (?:schon )?(?:\w+ ){0,3}nicht"
        r" mehr\b|\bn'est plus\b|\bya no (?:es|está|existe|vale)\b|\bsiempre ha(?:n)? sido\b"
    ),
    (1.0,
        r"(?:^|[.,;!] |\band )you(?:'ve|'d| have)? (?:just )?(?:took|taken|printed|multiplied|divided|added|left"
        r"|used|wrote"
        r"|put|translated|sorted|counted|mixed|swapped|cut|dropped|forgot|got (?:the|it)|made|turned|gave|sent)\b"
        r"(?![^.?!]*\b(?:right|well|great|perfect\w*|good|day|happy|smile|laugh|best|proud|saved|brilliant\w*"
        r"|better)\b)"
        r"(?!.*\?\W*$)"
    ),
    (1.0,
        r"\b(?:would|could|might)(?:'ve| have) (?:cost|ruined|killed|missed|lost|been (?:an hour|late|out"
        r"|embarrass\w*|fun"
        r"|expensive|a disaster)|sent|paid|told|bought|gone wrong|poisoned|burnt|broken)\b"
        r"|\bi(?:'d| would) have (?:nothing|no|lost|missed|sent|paid|been)\b|\b(?:i|we) (?:can'?t|cannot|won'?t"
        r"|couldn'?t)"
        r" (?:give|send|show|hand|post|serve|print|publish|use|put|say|read|submit) (?:that|this|it|those|these)"
        r"(?: \w+)? (?:to|in|on|at|like|with)\b|\byou can(?:not|'?t) (?:do|say|use|put|write|add|compare|kill"
        r"|divide|mix) "
        r"(?:that|this|it|null|\w+) (?:with|to|for|like|in)?\b(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:lovely|genius|brilliant|wonderful|great|bravo|well done|charming|fantastic|marvellous|how \w+)[,.!] "
        r"[^?]*\b(?:lost|without|not|don'?t|instead|isn'?t|wasn'?t|never|no|wrong|missing|empty|gone|cut"
        r"|cropp\w+)\b[^?]*$"
        r"|\bhow (?:generous|thoughtful|charming|helpful|useful|kind|considerate)\W"
    ),
    (1.0,
        r"^(?!\W*so\b)(?!.*\b(?:then|right)\W*$)[^?]*?\b(?:needs|is needed|are needed|is required|is missing"
        r"|are missing|must be|has to be|have to be"
        r"|must have been"
        r"|has to (?:fit|say|be|start|end|go|stay|match)|belongs (?:in|on|to|before|after)|goes (?:first|last"
        r"|before|after))"
        r"\b(?![^.?!]*\?)(?<!i must be)(?! (?:his|her|their|my|the|an?|some|because|that|nice|great|good|fun|it|so"
        r"|the reason|why|careful|done by|there by|to (?:see|know|approve|check|sign|read|decide|agree|hear|talk"
        r"|look|come"
        r"|leave|think|be asked|eat|sleep|work)))"
        r"|\bfaux amis?\b|\bil faut\b|\bhay que\b|\bbisogna\b|\bes muss\b|\bmuss (?:\w+ ){1,3}(?:heißen|sein|stehen)\b"
        r"|\bsteht (?:doch|ja|so) \w+\b|\blà c'est\b|\bpiège\b"
    ),
    (1.0,
        r"\b(?:other|wrong) way (?:about|around|round)\b|\bis where it was\b|\bhas wandered off\b|\bi(?:'m"
        r"| am) not (?:the|an?"
        r") \w+[.!,]|\bbut i(?:'m| am) (?:not|the)\b|\bthat was the \w+[,.]|\bisn'?t a rhyme\b|\b(?:that|this"
        r"|it) (?:flattens"
        r"|kills|splits|swallows|doubles|ignores|hides|overwrites|breaks|drops|deletes|strips|eats|truncates|skips"
        r"|matches"
        r"|rounds|merges|cuts) (?:it|every|all|each|the|at|my|off|any|both|only|too)\b(?!.*\?)"
        r"(?!.*\b(?:perfect|great|thanks|love)\b)"
    ),
)  # fmt: skip
"""What an answer did against the request, or that it is not so."""
