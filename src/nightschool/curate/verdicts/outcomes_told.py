"""How people tell an outcome by what happened, who was content and what they chose, in word classes. Data, no logic.

Beside `reports`: there stand agreement and use, here things that moved, people who reacted, picks, and plain faults.
"""

from __future__ import annotations

from nightschool.curate.verdicts.praise import Table, table

_WELL = (
    r"(?:right|straight|clean(?:ly)?|easily|smoothly|nicely|perfectly|beautifully|at once|instantly|immediately"
    r"|fine|well"
    r"|in one (?:go|piece)|first (?:time|try|go)|like (?:a charm|butter|new|a dream|nothing)|properly|sofort"
    r"|einwandfrei)"
)
_MOVED = (
    r"(?:came|comes|popped|pops|slid|slides|slipped|went|goes|fell|peeled|lifts?|lifted|snapped|clicked|opens?|opened"
    r"|closes?|closed|shuts?|starts?|started|boots?|booted|rose|sticks?|stuck|holds?|held|blooms?|bloomed|sprouted"
    r"|healed"
    r"|dried|melted|cleared|returned|woke|lit|lights|fits?|purrs?|glides?|shines?|gleams?|spins?|hums?|runs?|ran"
    r"|prints?"
    r"|printed|loads?|loaded|plays?|played|sits?|closes?|turns?|dissolved|vanished|disappeared|stopped)"
)
_PERSON = (
    r"(?:she|he|they|everyone|everybody|people|guests|kids|(?:the|my|our|his|her|their|a|both|all)(?: \w+){1,3}?"
    r"|half the"
    r" \w+|mum|mom|dad|grandma|grandpa|granny|customers?|clients?|readers?|neighbours?)"
)
_REACTED = (
    r"(?:laughed|giggled|grinned|smiled|beamed|hugged me|hired|paid|replied|answered|apologi[sz]ed|refunded|agreed"
    r"|accepted"
    r"|approved|applauded|clapped|cheered|nodded|thanked|thanks|loved|loves|adored?s?|enjoyed|devoured|gobbled"
    r"|finished it"
    r"|understood|understands|got it|gets it|believed|bought it|signed|caved|gave in|was (?:impressed|thrilled"
    r"|delighted"
    r"|moved(?! to (?!tears)| from)|touched|speechless|convinced|amazed|in tears of)|were (?:impressed|thrilled"
    r"|delighted|moved(?! to (?!tears)| from)|touched"
    r"|speechless"
    r"|convinced|amazed)|teared up|said (?:yes|it was|it's|that was|wow)|asked for (?:more|another|a copy|copies"
    r"|seconds|"
    r"the recipe)"
    r"|wants? (?:it|one|more|seconds|another|a second|the next)|sang along|fell asleep|slept through|came back for"
    r"|begged)"
)
_GOT = (
    r"(?:job|part|role|grant|visa|place|offer|contract|loan|deposit|refund|discount|raise|upgrade|permit"
    r"|ticket|slot"
    r"|interview|scholarship|deal|extension|prize|certificate|licen[cs]e)"
)
_BAD_TONE = (
    r"(?:stiff|robotic|wooden|pompous|corporate|bland|cheesy|kitschy|kitsch|generic|clumsy|awkward"
    r"|cringe\w*"
    r"|patroni[sz]ing|preachy|sugary|soppy|smug|arrogant|rude|aggressive|whiny|salesy|childish|corny|stilted"
    r"|lifeless"
    r"|clinical|bureaucratic|churchy|dated|old-fashioned|hysterical|grovelling|hölzern|steif|kitschig|albern|raide"
    r"|froid"
    r"|pompeux|frío|cursi|freddo|rigido)"
)
_TEXT_LIKE = (
    r"(?:robot|lawyer|brochure|press release|summons|advert\w*|ad|textbook|obituary|ransom note|linkedin\w*"
    r"|politician|manual"
    r"|sermon|tax form|threat|sales pitch|greeting card|horoscope|toddler|machine|telegram|contract|eulogy|fairy tale"
    r"|catalogue|funeral|job ad|commercial|schoolbook|estate agent|translation)"
)

WENT_WELL: Table = table(
    (1.0,
        rf"^(?!.*\b(?:not|n't|no|never|but|still|wrong|error|too|only)\b)(?!.*\?)[^.?!]*\b{_MOVED} (?:up |off |out "
        rf"|on |in |back"
        rf" |down |through |away |open |shut |together )?{_WELL}(?=\W|$)"
        r"|\b(?:came|popped|slid|slipped|pulled) (?:right |straight |clean )?(?:off|out|loose|free|apart)(?=\W*$"
        r"|[.,;!])"
        r"(?<!fell out)|\b(?:is|are|'s) back(?: on| up| online| to normal| in business)?(?=\W*$|[.,;!] )(?! (?:to"
        r"|on) the old)"
    ),
    (1.0,
        rf"^(?!\W*(?:can|could|would|please|make|explain"
        rf"|so)\b)[^?]*?\b{_PERSON} (?:\w+ )?{_REACTED}\b(?! (?:at (?:me|it|us)|about|because|when|nothing"
        rf"|that (?:it|he|she|they) (?:is|was)"
        rf" (?:wrong|too)|(?:it )?too|it was (?:too|wrong)))(?!.*\b(?:but|except|though|wrong|until)\b)(?!.*\?)"
        rf"|\bgot (?:the|my|a|an|her|his|our) (?:\w+ )?{_GOT}\b(?! (?:wrong|back wrong))|\b(?:won|landed"
        rf"|bagged) (?:the|a|an|us|me)"
        r" \w+|\bfirst (?:prize|place)\b|\bsecond interview\b|\bnot an? (?:crumb|bite|scrap|slice|spoonful) left\b"
        r"|\bno (?:leftovers|crumbs|queries|questions asked)\b"
        r"|\b(?:standing ovation|goosebumps|happy tears|tears of (?:joy|laughter)|licked (?:the|his|her"
        r"|their) (?:plate|bowl)s?)\b"
    ),
    (1.0,
        r"\b(?:penny (?:has )?dropped|sure enough|lo and behold|so that'?s why|(?:ah|oh|aha|ha),? that'?s why (?:it"
        r"|they|he|she|my"
        r"|the)|finally"
        r" (?:someone|somebody|an answer|a straight)|never understood (?:it|this|that) (?:until|till|before)"
        r"|could (?:now )?explain"
        r" it (?:to|myself)|now it clicks|hats off|chapeau|chef'?s kiss|owe you(?: one| a)|could (?:kiss|hug) you"
        r"|on the money"
        r"|bang on"
        r"|couldn'?t have (?:put|said|done) it better|pure (?:gold|magic)|works wonders|sorcery|wizardry|you star"
        r"|you legend"
        r"|you beauty|aha!|eureka)\b(?!.*\?\W*$)"
    ),
    (1.0,
        r"\b(?:was|is|were) (?:indeed |really |actually )?(?:the )?(?:culprit|missing (?:bit|piece|link|part)"
        r"|whole problem)\b"
        r"|\b(?:checked|compared|verified|tested|cross-?checked|looked it up)\b[^.?!]{0,40}[,:;.] ?(?:and )?(?:it "
        r"|they |all |both )?"
        r"(?:is |are |it'?s |they'?re |you'?re )?(?:identical|the same|same|correct|right|true|fine|matches|match"
        r"|agrees?|holds?"
        r"|spot on|all good|yes|correct)\b|\b(?:docs?|manual|book|website|label|wikipedia|official \w+) (?:says?"
        r"|say|confirms?)"
        r" (?:so|the same|it too|that too|exactly that)\b"
    ),
    (1.0,
        r"^\W*(?!i used to\b)[\w' -]{2,30}[!.,:] (?:sold|done|perfect|obviously|taken|yes+|ha+|deal|decided|settled"
        r"|of course"
        r"|brilliant|love it"
        r"|easy choice|hands down|no doubt|bought|booked|ordered)\b(?!.*\?)(?!.*\bplease\b)"
        r"|^\W*(?:\w+ ){1,4}(?:wins|gets (?:it|my vote)|takes it"
        r"|has a (?:nice )?ring to it|made the cut|is a winner|won the vote|was the favourite)\b(?!.*\?)"
        r"|\byou had me at\b|\bmy (?:pick|vote|favourite) (?:is|goes to)\b(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:bookmarked|pinned|framed|noted down|laminated|taped up|saved for later use)\b(?!.*\?)|\b(?:goes"
        r"|gone|going"
        r"|copied|pasted|straight|went) (?:straight )?(?:into|in|onto|above|over) (?:my|our|the) (?:notes|cookbook"
        r"|recipe book|notebook"
        r"|template|toolbox|desk|bed|collection|playlist|bashrc|dotfiles|diary|album|journal|phrasebook|binder"
        r"|folder of \w+)\b"
        r"|\b(?:is|that'?s|as) (?:my|our) (?:new )?(?:template|standard|go-to|default|routine|favourite)(?: now)?\b"
        r"|\b(?:every|each) (?:week|day|morning|night|month|evening) since\b|\ba keeper\b"
    ),
    (1.0,
        r"\b(?:(?:went|dropped|fell|came|is|are) (?:down )?from|down from|instead of"
        r"|used to be) \d[\d.,]* ?\w* (?:to|down to) (?:under |about |just |below )?\d[\d.,]*|\b(?:now|only|just|is"
        r"|at) (?:at )?\d[\d.,]*"
        r" ?\w* (?:instead of|not|down from|rather than) \d|\bl(?:ief|äuft|aufen) (?:sauber |glatt |komplett "
        r"|alle )?durch\b|\ball \d+ \w+ (?:there|present|match|ok|fine|da|gleich)\b"
        r"|\b(?:rescued|revived|resurrected|mended|rescatad[oa]|repariert)\W*(?:$|[.,;!])|\bsaved (?:me "
        r"|us )?(?:about |over |around |nearly )?[€$£]?\d"
        r"|\b(?:twice|three times|ten times|\d+ ?x|\d+ times) (?:as fast|faster|quicker|as quick|smaller|cheaper)\b"
    ),
    (1.0,
        r"\b(?:hat|haben) (?:\w+ ){0,3}(?:gelacht|geschmeckt|gefallen|zugesagt|unterschrieben|bestanden|gewonnen"
        r"|gereicht|gestimmt"
        r"|bewilligt|genehmigt)\b(?!.*\bnicht\b)|\b(?:bestanden|genehmigt|zugesagt|angenommen|gewonnen)\W*$"
        r"|\b(?:ils|elle|il|tout le monde|mon \w+|ma \w+|mes \w+) (?:a|ont) (?:ri|adoré|aimé|accepté|dit oui|signé"
        r"|compris|répondu)\b"
        r"|\b(?:les|le|la|todos|mi \w+|mis \w+) (?:encantó|ha encantado|gustó|ha gustado|aceptaron|firmó|se rieron)\b"
        r"|\b(?:è piaciut\w+|hanno riso|ha accettato|hanno adorato|approvat[oa]|promoss[oa]|superat[oa])\b"
        r"|\baprobad[oa]\W*$"
    ),
)  # fmt: skip
"""What moved, pleased, was picked or put aside for good."""

WENT_BADLY: Table = table(
    (1.0,
        r"\b(?:looks?|sounds?|reads?|tastes?|tasted|feels?|smells?) (?:just |so |really |absolutely |pretty |quite "
        r"|simply )?(?:horrible|awful|terrible"
        r"|hideous|dreadful|ghastly|vile|inedible|unreadable|unusable|illegible|disgusting|gross|embarrassing"
        r"|insulting|offensive|ridiculous)\b(?!.*\?)"
        rf"|\b(?:sounds?|reads?|feels?|looks?|is|are|it'?s|that'?s|way|so|very|rather|a bit|a little|kind of"
        rf"|terribly|zu|trop"
        rf"|demasiado|troppo) (?:so |too |very |rather |a bit |terribly |horribly |un peu "
        rf"|un poco )*{_BAD_TONE}(?=\W|$)(?!.*\?)"
        rf"|\b(?:sounds?|reads?|feels?|looks?|written) like (?:an? |the |it was written by an? "
        rf"|some )?(?:\w+ )?{_TEXT_LIKE}\b"
        rf"(?!.*\b(?:perfect|love|great)\b)|\blike an? {_TEXT_LIKE}\W*$"
    ),
    (1.0,
        r"\b(?:the (?:whole )?(?:point|idea) (?:is|was)|i was (?:hoping for|expecting|after)|(?:you|it|that"
        r"|this) (?:was|were) supposed"
        r" to|wasn'?t (?:that|it|this) supposed|never heard of (?:it|that|him|her|such)|you made (?:that|it|this"
        r"|him|her) up"
        r"|(?:can'?t|cannot|couldn'?t|don'?t) (?:find|see) (?:any|such|that|a) (?:\w+ )?(?:function|method|option"
        r"|setting|menu|button|entry"
        r"|page|flag|file|field|tab|street|book|chapter|paper|quote|source)|no such (?:\w+)|is a (?:myth|legend"
        r"|hoax))\b(?!.*\?)"
    ),
    (1.0,
        r"\b(?:(?:it'?s|is|are|he'?s|she'?s|that'?s) (?:spelt|spelled|written|pronounced|called)|with (?:a|one|two"
        r"|double) [a-z]'?s?(?=\W|$)"
        r"|she/her|he/him|they/them|he'?s a she|she'?s a he|is a (?:he|she|man|woman|girl|boy)(?=\W|$))(?!.*\?)"
    ),
    (1.0,
        r"^\W*(?:but |no,? |um,? |er,? |hm,? )?(?:that|this|those|these|it)(?:'s|'re| is| are| was"
        r"| were)? (?:still |just |only |all )?"
        r"(?:for (?:the )?(?:adults?|kids|children|windows|linux|mac|python|version|the other|another|wrong|last"
        r"|men|women|students"
        r"|tourists)|from (?:the )?(?:old|last|another|wrong|previous|\d{4})|the (?:old|other|wrong|american|us"
        r"|british|uk|german|french"
        r"|beta|short|long|whole|full|summer|winter|previous|opposite|reverse|adult|child|wholesale|net|gross)\b"
        r"|last (?:year|month|week)"
        r"'?s|yesterday'?s|in (?:the )?(?:wrong|other|past|present|passive|active|plural|singular|first|second"
        r"|third))\b"
    ),
    (1.0,
        r"\b(?:poisonous|toxic|illegal|lethal|life-threatening|a fire hazard|dangerous advice|would (?:kill|poison"
        r"|burn|ruin|destroy"
        r"|break|wreck|blow|melt|explode|crack|scare|offend|insult|bankrupt|confuse))\b(?!.*\?)"
    ),
)  # fmt: skip
"""What grates, does not exist or is of another kind than was asked."""

PUT_BACK: Table = table(
    (1.0,
        r"\b(?:went|gone|going|switched|moved|returned|reverted|changed|turned) back to (?:the|my|our|plain|paper"
        r"|what|how|using)\b"
        r"|\b(?:stuck|staying|stayed|sticking|kept|keeping|went|going|left it) (?:with |at )?(?:my|our|mine|ours"
        r"|the) (?:old|own|original"
        r"|previous|first|earlier|former|mine)\b|\b(?:used|sent|read|printed|posted|kept|published|handed in|sang"
        r"|cooked|baked) (?:mine|ours"
        r"|my own|our own|the old one|the original|grandma'?s)\b(?!.*\?)"
    ),
    (1.0,
        r"\b(?:taken|took|takes|is|it'?s|was|went) (?:it |that |them )?(?:down|off|out|offline) again\b"
        r"|\b(?:switched|turned|flipped|swiped)"
        r" (?:it|that|them|the \w+) (?:back )?off(?: again)?\b[^?]*\b(?:again|because|it|the|too|kept|was|were)\b"
        r"|\b(?:had|have) to (?:take (?:it|that|them) (?:out|down|off|back)|put (?:it|everything|them|the \w+) back"
        r"|redo (?:it|everything"
        r"|them)|undo (?:it|that|everything)|change (?:it|them|everything) back|remove (?:it|that|them) again)\b"
        r"|\bfrom (?:the|a|my|our|last night'?s|yesterday'?s) (?:backup|snapshot|archive|recycle bin|trash|history"
        r"|time machine)\b"
        r"(?!.*\?)(?<!recover from a backup)"
    ),
)  # fmt: skip
"""What was in place before is in place again."""

WALKED_OFF: Table = table(
    (1.0,
        r"\b(?:another|some other) (?:time|day) then\b|\blife'?s too short(?=\W*$|[.,;!] ?(?!.*\b(?:what|how"
        r"|which)\b))(?! for)|\bso be it\b|\blet it be\b|\b(?:i'?ll"
        r"|we'?ll) (?:take my chances"
        r"|live with it|live without|wing it|improvise|cope|survive|muddle through|skip it|pass)\b|\bmoving on\W*$"
        r"|\bcalling it a (?:night"
        r"|day)\b|\b(?:you|this|it) (?:can'?t|cannot) do (?:this|it|that)(?:,? can you)?\W*$|\bi see you can'?t\b"
        r"|\btoo late (?:now|anyway)\b"
        r"|\b(?:train|bus|shop|deadline|meeting|exam) (?:has |is |just )?(?:left|leaves|closed|closes|passed"
        r"|started|gone)\b[^?]*$"
        r"|\bshutting (?:the|my) laptop\b|\buninstalling\b|\b(?:back to|going with|old school"
        r"|good old) (?:pen(?:cil)?|paper|pen and paper"
        r"|the whiteboard|a calculator|my fingers|post-its)\b"
    ),
    (1.0,
        r"\b(?:ordered|got|getting|ordering|having) (?:a |some )?(?:pizza|takeaway|take-out|pasta|toast) instead\b"
        r"|\b(?:asking|ringing|calling"
        r"|texting|phoning|paying|hiring) (?:reddit|a forum|stack ?overflow|my \w+|the \w+|someone|somebody"
        r"|a (?:plumber|lawyer|pro"
        r"|professional|translator|photographer|tutor|friend|colleague))(?: instead| now| then)?\W*$|\b(?:my|the"
        r"|our) \w+ (?:will|is going to"
        r"|can) (?:do|fix|write|draw|sort|handle|make) it(?: for me| then| instead| tomorrow)?\W*$"
        r"|\bgoogled? it\b(?!.*\?)"
        r"|\bdone with (?:this|that|it|you)\b|\bthis (?:isn'?t|is not) (?:working(?: out)?|going to happen"
        r"|happening)\W*$"
    ),
)  # fmt: skip
"""The person went another way."""
