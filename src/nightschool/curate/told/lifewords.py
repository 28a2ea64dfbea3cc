"""Classes of words by which people tell of their lives, as data: kin, animals, trades, conditions, things. No logic."""

from __future__ import annotations

HOUSEHOLD = (
    r"wife|husband|hubby|partner|spouse|fianc[ée]e?|girlfriend|boyfriend|better half|sons?|daughters?|kids?"
    r"|child(?:ren)?"
    r"|boys?|girls?|baby|toddler|twins|triplets|(?:step|god)?(?:son|daughter|kid|child)s?|mother|mum|mom|mam|mummy"
    r"|father|dad|parents|gran(?:ny|dma|dmother|dpa|dad|dfather|dparents)?|nan|sister|brother|siblings?"
    r"|(?:ma|mum|mom|mother|father|dad|sister|brother|son|daughter)-in-law|grand(?:son|daughter|kid|child)(?:s|ren)?"
    r"|flatmate|roommate|housemate|youngest|eldest|oldest|middle child"
)
ANIMALS = (
    r"dogs?|pup(?:py|pies)?|cats?|kitten|kitty|rabbits?|bunny|hamsters?|guinea pigs?|tortoises?|turtles?|horses?|mare"
    r"|gelding|pony|ponies|parrots?|budgies?|canary|cockatiel|hens?|chickens|ducks|geese|bees|goats?|sheep|donkeys?"
    r"|alpacas?|ferrets?|gecko|snake|goldfish|koi|beagle|labrador|lab|poodle|whippet|spaniel|terrier|collie|greyhound"
    r"|dachshund|pug|husky|retriever|shepherd|tabby|maine coon"
)
COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|\d{1,2}|a couple of|several|no)"
TRADES = (
    r"(?:nurse|midwife|carer|vet|vet tech|paramedic|medic|doctor|gp|surgeon|dentist|pharmacist|radiographer"
    r"|physio(?:therapist)?|teacher|lecturer|tutor|professor|student|postdoc|phd student|apprentice|trainee|intern"
    r"|electrician|plumber|carpenter|joiner|welder|roofer|mason|bricklayer|scaffolder|painter|decorator|mechanic|fitter"
    r"|machinist|engineer|architect|surveyor|draughtsman|developer|dev|programmer|sysadmin|devops|data scientist"
    r"|analyst"
    r"|designer|illustrator|animator|photographer|journalist|editor|copywriter|writer|novelist|translator|interpreter"
    r"|librarian|archivist|baker|cook|chef|butcher|brewer|barista|waiter|waitress|bartender|sommelier|farmer|grower"
    r"|gardener|florist|beekeeper|forester|arborist|fisherman|shepherd|lawyer|solicitor|barrister|paralegal|notary"
    r"|judge|accountant|bookkeeper|auditor|actuary|economist|banker|cashier|clerk|receptionist|secretary|PA|manager"
    r"|consultant|recruiter|estate agent|realtor|salesman|salesperson|shopkeeper|seamstress|tailor|dressmaker"
    r"|upholsterer|potter|jeweller|goldsmith|blacksmith|luthier|hairdresser|barber|beautician|masseuse|driver|courier"
    r"|trucker|postman|postie|pilot|flight attendant|captain|sailor|skipper|firefighter|fireman|police officer|cop"
    r"|soldier|guard|caretaker|janitor|cleaner|housekeeper|nanny|childminder|au pair|coach|personal trainer|musician"
    r"|pianist|organist|singer|drummer|composer|conductor|actor|actress|dancer|priest|vicar|pastor|rabbi|imam|chaplain"
    r"|social worker|counsellor|therapist|psychologist|psychiatrist|biologist|chemist|physicist|geologist|hydrologist"
    r"|botanist|historian|archaeologist|linguist|mathematician|statistician|freelancer|contractor|self-employed"
    r"|porter|usher|ranger|butler|croupier|dispatcher|zookeeper|winemaker|cheesemaker|optician|optometrist|dietitian"
    r"|dietician|nutritionist|audiologist|radiologist|an(?:a)?esthetist|orthodontist|hygienist|p(?:a)?ediatrician"
    r"|anthropologist|sociologist|astronomer|meteorologist|curator|sculptor|ceramicist|glazier|tiler|plasterer"
    r"|locksmith|cobbler|undertaker|lifeguard|steward(?:ess)?|signwriter|choreographer|cellist|violinist|stonemason"
    r"|thatcher|farrier|storekeeper|technician|foreman|forewoman|head ?teacher|headmaster|researcher|scientist"
    r"|childcare worker|care worker|warehouse worker|bus conductor|tour guide|mountain guide|referee|paramedic"
    r"|homemaker|stay-at-home (?:mum|mom|dad)|pensioner|retiree|landlord|landlady)s?"
)
NO_TRADE = (
    r"\b(?:ex-\w+|genius|wizard|idiot|moron|king|queen|god|legend|hero|ninja|rockstar|expert|guru|napper|procrastinator"
    r"|overthinker|dreamer|loser|winner|disaster|mess|hoarder|monster|master|ruler|emperor|overlord|sucker|believer"
    r"|beginner|stranger|outsider|customer|bit|diva|brat|dictator|tyrant|demon|menace|drama queen|houseplant|robot"
    r"|vampire|ghost|unicorn|potato|level \d+|(?:terrible"
    r"|awful|lousy|bad|worst|slow|fast|poor|hopeless|clumsy|lazy|huge|big|total"
    r"|complete|utter|real|decent|nervous|picky|messy|natural|born) \w+)\b"
)
CONDITION = (
    r"(?:deaf|blind|colou?r[- ]?blind|hard of hearing|short-?sighted|near-?sighted|dyslexic|dyscalculic|dyspraxic"
    r"|autistic|asthmatic|(?:type [12] )?diabetic|epileptic|an?emic|c(?:o)?eliac|(?:lactose|gluten)[- ]intolerant"
    r"|gluten[- ]free|dairy[- ]free|left[- ]handed|right[- ]handed|a lefty|ambidextrous|vegans?|vegetarians?|veggie"
    r"|pescatarian|pescetarian|flexitarian|teetotal|lactose free|immunocompromised|wheelchair[- ]bound|paraplegic"
    r"|an? (?:wheelchair|screen[- ]?reader) user|retired|self-employed|freelance|unemployed|part[- ]time"
    r"|full[- ]time|widowed|divorced|married|an only child|bilingual|muslim|hindu|jain|buddhist|sikh"
    r"|allergic to [\w ,]+|intolerant to [\w ]+|afraid of [\w ]+|scared of [\w ]+|terrified of [\w ]+)"
)
DISEASE = (
    r"(?:(?:type [12] )?diabetes|asthma|migraines?|arthritis|epilepsy|adhd|add|dyslexia|dyspraxia|tinnitus"
    r"|hay ?fever|eczema|psoriasis|crohn'?s|colitis|ibs|endometriosis|pcos|parkinson'?s|ms|dementia|alzheimer'?s"
    r"|insomnia|narcolepsy|scoliosis|sciatica|gout|reflux|anxiety|ptsd|ocd|raynaud'?s|glaucoma|vertigo|hypothyroidism"
    r"|(?:high|low) blood pressure|(?:an? )?(?:heart|thyroid|kidney|liver|lung|skin|eye|back) (?:arrhythmia|murmur"
    r"|condition|disease|problem|failure)|(?:an? )?(?:pacemaker|insulin pump|hearing aids?|cochlear implant|stoma"
    r"|prosthe\w+|guide dog|service dog|stammer|stutter)|a bad (?:back|knee|hip|shoulder|heart)|[\w-]+phobia"
    r"|(?:an? )?[\w-]+ (?:allergy|intolerance)|(?:c(?:o)?eliac|lyme|meniere'?s) disease)"
)
AID = (
    r"(?:wheelchair|walker|rollator|cane|crutches|hearing aids?|cochlear implant|screen[- ]?reader|braille(?: display)?"
    r"|voice ?over|nvda|jaws|magnifier|magnification|insulin pump|cpap(?: machine)?|inhaler|prosthe\w+|guide dog"
    r"|dictation|voice input|switch control|eye tracker)"
)
FOODS_OUT = (
    r"(?:meat|pork|beef|fish|seafood|shellfish|dairy|milk|eggs?|gluten|wheat|nuts?|peanuts?|soy|sugar|alcohol|wine|beer"
    r"|coffee|caffeine|mushrooms?|onions?|garlic|coriander|cilantro|tomatoes|olives|cheese|lamb|chicken|salt"
    r"|spicy food)"
)
BRANDS = (
    r"(?:thinkpad|ideapad|macbook|imac|mac mini|surface|chromebook|iphone|ipad|pixel|galaxy|fairphone|oneplus|xiaomi"
    r"|redmi|nokia|motorola|kindle|kobo|remarkable|dell|hp|lenovo|asus|acer|msi|framework|ryzen|core i\d|thinkcentre"
    r"|optiplex|nuc|raspberry pi|synology|qnap|fritz!?box|canon|nikon|sony|fuji(?:film)?|pentax|leica|olympus|lumix"
    r"|gopro|toyota|honda|vw|volkswagen|golf|passat|polo|skoda|fabia|octavia|seat|ford|fiesta|focus|fiat|panda|renault"
    r"|clio|kangoo|peugeot|citro[eë]n|opel|corsa|volvo|bmw|audi|mercedes|kia|hyundai|nissan|leaf|mazda|subaru|tesla"
    r"|hilux|corolla|yaris|prius|civic|defender|land rover|vespa|yamaha|kawasaki|ducati|triumph|suzuki|roland|casio"
    r"|korg|fender|gibson|ibanez|boss|bosch|miele|siemens|neff|smeg|aga|brother|singer|bernina|janome|pfaff|juki"
    r"|prusa|ender|bambu|trek|giant|cube|specialized|brompton|canyon|cannondale|ortlieb|garmin|fitbit|weber|kenwood"
    r"|kitchenaid|thermomix|instant pot|delonghi|gaggia|rancilio|stihl|husqvarna|makita|epson|xerox|wacom|xbox"
    r"|playstation|ps\d|switch|steam deck|quest|beetle|transit|transporter|ducato|sprinter)"
)
OWN_THINGS = (
    r"car|van|truck|bike|e-?bike|bicycle|cargo bike|motorbike|scooter|boat|caravan|camper|phone|mobile|tablet|laptop"
    r"|computer|pc|desktop|machine|box|server|homelab|nas|router|gpu|monitor|keyboard|watch|camera|lens|e-?reader"
    r"|printer|3d printer|tv|console|oven|stove|hob|cooker|fridge|freezer|dishwasher|washing machine|boiler|heating"
    r"|sewing machine|mixer|grill|espresso machine|guitar|bass|piano|violin|viola|cello|flute|clarinet|sax|trumpet"
    r"|drums|accordion|harp|ukulele|flat|apartment|house|home|kitchen|bathroom|garden|yard|plot|allotment|balcony"
    r"|greenhouse|garage|cellar|attic|soil|bank|insurance|broadband|internet|employer|company|firm|school"
    r"|uni(?:versity)?|choir|band|orchestra|club|church|shop|bakery|caf[eé]|restaurant|farm|business|studio|editor"
    r"|shell"
    r"|terminal|browser|os|distro|excel|locale|time ?zone|pronouns|surname|(?:first |last |middle |full )?name"
    r"|blood (?:group|type)|(?:shoe|ring|hat|dress|shirt|glove|collar) size|height|native language|mother tongue"
    r"|first language|birthday|anniversary|name day|commute|bin day|payday|day off|skin|hair|eyesight|hearing|diet"
    r"|budget for groceries|licence|handwriting|hobby|job"
)
WRITINGS = (
    r"(?:letters?|e?-?mails?|notes|reports?|papers?|docs?|documents|slides|posts?|articles?|invoices?|commits?"
    r"|commit messages|texts?|essays?|recipes?|replies|answers|summaries|plans?|sheets?|spreadsheets?|drafts"
    r"|newsletters?|translations?|minutes|captions?|reviews?)"
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
HABIT = (
    rf"(?:(?:every|each) (?:other |second |single |odd |even )?(?:day|morning|evening|night|week|month|year|spring"
    rf"|summer|autumn|winter|weekend|{WEEKDAY})|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days|on weekdays"
    r"|(?:once|twice|\w+ times) (?:a|per) (?:day|week|month|year)|daily|weekly|before (?:lunch|breakfast|bed|work)"
    r"|after (?:lunch|work|dinner|school)|in the (?:mornings?|evenings?|afternoons?)|at night"
    r"|(?:in|on) (?:odd|even) weeks|at weekends)"
)
FEAST = r"(?:christmas|xmas|easter(?: sunday| monday)?|new year(?:'?s)?(?: eve)?|ramadan|lent|passover|hanukkah|eid)"
STUDIES = (
    r"(?:ph\.?d|doctorate|masters?|bachelors?|mba|thesis|dissertation|apprenticeship|degree|residency|internship"
    r"|traineeship"
    r"|evening course|novel|memoir|cookbook|textbook|symphony|opera)"
)
SOFTWARE = (
    r"(?:vim|neovim|nvim|emacs|nano|helix|vscode|vs code|zsh|bash|fish|tmux|git|obsidian|notion|logseq|anki|zotero"
    r"|latex|typst|excel|libreoffice|gimp|inkscape|blender|krita|figma|lightroom|darktable|scrivener|firefox|chrome"
    r"|safari|brave|thunderbird|outlook|gmail|signal|whatsapp|telegram|podman|docker|nix|homebrew|bitwarden|keepass\w*"
    r"|1password|syncthing|nextcloud|jellyfin|plex|home assistant)"
)
PASTIMES = (
    r"(?:hiking|swimming|reading|cooking|baking|gardening|cycling|running|climbing|dancing|painting|drawing|fishing"
    r"|sewing"
    r"|knitting|camping|sailing|rowing|skiing|surfing|singing|travel(?:l)?ing|bird-?watching|bouldering|kayaking"
    r"|foraging"
    r"|photography|pottery|woodworking|chess|yoga|theatre|opera|jazz|metal|techno|anime|sci-?fi|astronomy|genealogy"
    r"|board games|video games|birds|trains|old maps|history)"
)
