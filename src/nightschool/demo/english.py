"""Plain-English words for the demo's week: towns, walks, lists of three, capitals, and how a wish is said."""

from __future__ import annotations

CITIES = (
    "Lisbon", "Porto", "Madrid", "Seville", "Paris", "Lyon", "Nantes", "Berlin", "Hamburg", "Bremen", "Vienna", "Graz", "Prague", "Brno", "Warsaw", "Krakow",
    "Rome", "Milan", "Turin", "Athens",
    "Oslo", "Bergen", "Stockholm", "Malmo", "Helsinki", "Turku", "Dublin", "Cork", "London", "Leeds", "Zurich", "Basel", "Geneva", "Brussels", "Ghent",
    "Antwerp", "Utrecht", "Rotterdam", "Budapest", "Zagreb",
)
WALKS = (
    "the lake",
    "the old mill",
    "the lighthouse",
    "the market",
    "the station",
    "the castle",
    "the school",
    "the harbour",
)
LISTS: dict[str, tuple[str, str, str]] = {
    "fruits": ("apple", "pear", "plum"), "colours": ("red", "green", "blue"), "vegetables": ("carrot", "leek", "bean"),
    "planets": ("Mars", "Venus", "Saturn"), "metals": ("iron", "copper", "tin"), "trees": ("oak", "birch", "pine"),
    "rivers of Europe": ("Rhine", "Danube", "Loire"), "instruments": ("violin", "flute", "drum"), "birds": ("robin", "crow", "owl"),
    "fish": ("trout", "cod", "herring"), "spices": ("salt", "pepper", "cumin"), "shapes": ("circle", "square", "triangle"),
    "seasons": ("spring", "summer", "autumn"), "oceans": ("Atlantic", "Pacific", "Indian"), "tools": ("hammer", "saw", "drill"),
    "drinks": ("tea", "coffee", "juice"), "sports": ("tennis", "rowing", "judo"), "berries": ("strawberry", "raspberry", "blueberry"),
    "insects": ("ant", "bee", "fly"), "grains": ("wheat", "rye", "oats"), "cheeses": ("gouda", "brie", "feta"), "gems": ("ruby", "opal", "jade"),
    "flowers": ("rose", "tulip", "daisy"), "farm animals": ("cow", "pig", "hen"), "continents": ("Africa", "Asia", "Europe"),
    "board games": ("chess", "go", "draughts"), "pieces of furniture": ("table", "chair", "bed"), "kinds of weather": ("rain", "snow", "fog"),
    "parts of a car": ("wheel", "engine", "door"), "kinds of bread": ("rye bread", "toast", "bagel"), "nuts": ("walnut", "almond", "hazelnut"),
    "kinds of pasta": ("penne", "spaghetti", "fusilli"), "clothes": ("shirt", "coat", "sock"), "dances": ("waltz", "tango", "polka"),
}  # fmt: skip
CAPITALS = {
    "France": "Paris", "Spain": "Madrid", "Portugal": "Lisbon", "Italy": "Rome", "Austria": "Vienna", "Poland": "Warsaw", "Norway": "Oslo",
    "Sweden": "Stockholm", "Finland": "Helsinki", "Ireland": "Dublin", "Greece": "Athens", "Hungary": "Budapest", "Japan": "Tokyo",
    "Egypt": "Cairo", "Canada": "Ottawa", "Cuba": "Havana", "Peru": "Lima", "Chile": "Santiago", "Kenya": "Nairobi", "Belgium": "Brussels",
}  # fmt: skip
WISHES = {
    "miles": ("Always give me distances in miles.", "In miles, please."),
    "bullets": ("When I ask for a list, use bullets.", "As bullets, please."),
    "weather_tool": ("Use the weather tool when I ask about the weather.", "Use the weather tool."),
}
