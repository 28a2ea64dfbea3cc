"""Plain English for bases other than pupil: exam items that a rule scores, and everyday prompts to replay.

Everything is made from a seed out of templates, names and small tables; sums and readings carry their
own answer, so that nothing here depends on what a model knows of the world. The two halves share no
template: what is replayed is never what is asked in an exam.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from nightschool.records import Item, Json, Prompt, Rule
from nightschool.world import names

Make = Callable[[random.Random], Item]

NOUNS = ("lantern", "harbour", "violin", "blanket", "compass", "teapot", "glacier", "sparrow", "windmill", "anchor")
SUBJECTS = (
    "the sea",
    "a rainy day",
    "old trains",
    "baking bread",
    "a small village",
    "winter evenings",
    "learning to swim",
    "city parks",
    "mountain paths",
    "a good friend",
    "moving house",
    "morning coffee",
    "bicycles",
    "market stalls",
    "night skies",
    "gardening",
)
GROUPS = (
    "fruits",
    "colours",
    "animals",
    "tools",
    "countries",
    "sports",
    "vegetables",
    "trees",
    "cities",
    "drinks",
    "metals",
    "hobbies",
)
OPPOSITES = {
    "hot": "cold",
    "big": "small",
    "early": "late",
    "open": "closed",
    "wet": "dry",
    "full": "empty",
    "left": "right",
    "old": "new",
}
MEMBERS = {
    "fruits": ("apples", "pears", "plums", "figs", "cherries"),
    "tools": ("a hammer", "a saw", "a drill", "a file", "a spanner"),
    "drinks": ("tea", "coffee", "juice", "milk", "lemonade"),
}
ROOMS = ("kitchen", "hall", "office", "bedroom", "cellar", "garage")
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "SEK")
TONGUES = ("French", "German", "Spanish", "Italian", "Dutch", "Polish")


def items(n: int, seed: int) -> Iterator[Item]:
    """Make n different items, the kinds in turn, the same for the same seed."""
    makers: dict[str, Make] = {
        "instruction": _instruction,
        "tool": _tool,
        "json": _json,
        "arithmetic": _arithmetic,
        "unknown": _unknown,
        "reading": _reading,
        "steady": _steady,
    }
    draws = {kind: random.Random(f"english:{seed}:{kind}") for kind in makers}
    seen: set[str] = set()
    for index in range(n):
        kind = list(makers)[index % len(makers)]
        while (item := makers[kind](draws[kind])).id in seen:
            pass
        seen.add(item.id)
        yield item


def _item(task: str, asked: str, scorer: str, *, tools: tuple[Json, ...] = (), **more: object) -> Item:
    prompt = Prompt(messages=({"role": "user", "content": asked},), tools=tools)
    return Item(id=f"{task}: {asked}", task=task, prompt=prompt, scorer=scorer, **more)  # type: ignore[arg-type]


def _contains(task: str, asked: str, *pieces: str | list[str]) -> Item:
    return _item(task, asked, "contains", expected={"contains": list(pieces)})


def _rule(asked: str, rule: Rule, **expected: object) -> Item:
    return _item("instruction", asked, "rule", rule=rule, expected=expected)


def _instruction(rng: random.Random) -> Item:
    """A wish that can be counted: bullets, length, a word that must or must not stand."""
    noun, subject, group = rng.choice(NOUNS), rng.choice(SUBJECTS), rng.choice(GROUPS)
    match rng.randrange(7):
        case 0:
            return _rule(
                f"List {rng.choice(('three', 'four', 'five'))} {group} as a bulleted list.", Rule(kind="bullets")
            )
        case 1:
            most = rng.choice((8, 10, 12, 15, 20))
            return _rule(f"Describe {subject} in at most {most} words.", Rule(kind="max_words", value=str(most)))
        case 2:
            least = rng.choice((25, 30, 35, 40))
            return _rule(f"Write at least {least} words about {subject}.", Rule(kind="min_words", value=str(least)))
        case 3:
            return _rule(
                f"Write one sentence about {subject} that contains the word {noun}.", Rule(kind="contains", value=noun)
            )
        case 4:
            taboo = rng.choice(("very", "and", "because", "always"))
            asked = f"Write one sentence about {subject} without using the word {taboo!r}."
            return _rule(asked, Rule(kind="absent", value=taboo))
        case 5:
            word, opposite = rng.choice(list(OPPOSITES.items()))
            wish = rng.choice(("Answer in one word.", "One word only.", "Reply with a single word."))
            asked = f"{wish} What is the opposite of {word!r}?"
            also = {"closed": ["closed", "shut"], "new": ["new", "young"]}.get(opposite, [opposite])
            return _rule(asked, Rule(kind="max_words", value="1"), contains=[also])
        case _:
            return _item(
                "instruction", f"Reply with the word {noun} and nothing else.", "exact", expected={"text": noun}
            )


def _arithmetic(rng: random.Random) -> Item:
    who, thing = rng.choice(names.PEOPLE), rng.choice(("stamps", "apples", "books", "coins", "pencils", "tickets"))
    a, b = rng.randint(12, 89), rng.randint(3, 11)
    match rng.randrange(6):
        case 0:
            return _contains("arithmetic", f"What is {a} + {a + b}?", str(2 * a + b))
        case 1:
            return _contains("arithmetic", f"What is {a + 40} - {a - b}?", str(40 + b))
        case 2:
            return _contains("arithmetic", f"What is {b} times {a}?", str(a * b))
        case 3:
            return _contains(
                "arithmetic", f"{who} has {a} {thing} and gives away {b}. How many {thing} are left?", str(a - b)
            )
        case 4:
            return _contains("arithmetic", f"A box holds {b} {thing}. How many {thing} are in {a} boxes?", str(a * b))
        case _:
            return _contains(
                "arithmetic", f"{who} shares {a * b} {thing} equally among {b} friends. How many does each get?", str(a)
            )


def _json(rng: random.Random) -> Item:
    who, city, n = rng.choice(names.PEOPLE), rng.choice(names.PLACES), rng.randint(18, 89)
    ask = rng.choice(("Answer with JSON only.", "Reply only with a JSON object.", "Give nothing but JSON."))
    match rng.randrange(4):
        case 0:
            asked, value = (
                f"{who} is {n} years old. Write the name and the age as JSON with the keys name and age. {ask}",
                {"name": who, "age": n},
            )
        case 1:
            asked, value = (
                f"{who} lives in {city}. Write this as JSON with the keys person and city. {ask}",
                {"person": who, "city": city},
            )
        case 2:
            kind = rng.choice(list(MEMBERS))
            some = rng.sample([member.split()[-1] for member in MEMBERS[kind]], 3)
            asked, value = (
                f"Put these {kind} into a JSON object with the key items, a list: {', '.join(some)}. {ask}",
                {"items": some},
            )
        case _:
            paid = rng.random() < 0.5
            told = f"Invoice {n} from {city} is {'paid' if paid else 'not paid yet'}."
            asked = f"{told} Write JSON with the keys invoice (a number) and paid (true or false). {ask}"
            value = {"invoice": n, "paid": paid}
    return _item("json", asked, "json", expected={"keys": sorted(value), "value": value})


def _schema(name: str, description: str, **parameters: str) -> Json:
    properties = {key: {"type": kind} for key, kind in parameters.items()}
    shape = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": shape}}


TOOLS = {
    "get_weather": _schema("get_weather", "Current weather of a city", city="string"),
    "set_timer": _schema("set_timer", "Start a timer", minutes="integer"),
    "convert_currency": _schema(
        "convert_currency", "Convert an amount of money", amount="number", source="string", target="string"
    ),
    "send_message": _schema("send_message", "Send a text message", recipient="string", text="string"),
    "switch_light": _schema("switch_light", "Switch a light", room="string", on="boolean"),
    "translate": _schema("translate", "Translate a word", word="string", language="string"),
}


def _tool(rng: random.Random) -> Item:
    """A request that one of two or three offered tools serves, with every argument in plain sight."""
    who, city, noun = rng.choice(names.PEOPLE), rng.choice(names.PLACES), rng.choice(NOUNS)
    name = rng.choice(list(TOOLS))
    n, (source, target), room, on = rng.randint(2, 58), rng.sample(CURRENCIES, 2), rng.choice(ROOMS), rng.random() < 0.5
    asked, arguments = {
        "get_weather": (f"What is the weather in {city} right now? Use a tool.", {"city": city}),
        "set_timer": (f"Set a timer for {n} minutes.", {"minutes": n}),
        "convert_currency": (f"Convert {n} {source} to {target}.", {"amount": n, "source": source, "target": target}),
        "send_message": (f"Send {who} a message with exactly this text: {noun}", {"recipient": who, "text": noun}),
        "switch_light": (f"Switch the light in the {room} {'on' if on else 'off'}.", {"room": room, "on": on}),
        "translate": (
            f"Use the tool to translate the word {noun} into {(tongue := rng.choice(TONGUES))}.",
            {"word": noun, "language": tongue},
        ),
    }[name]
    offered = [name, *rng.sample([other for other in TOOLS if other != name], rng.randint(1, 2))]
    rng.shuffle(offered)
    return _item(
        "tool",
        asked,
        "tool",
        tools=tuple(TOOLS[each] for each in offered),
        expected={"name": name, "arguments": arguments},
    )


def _unknown(rng: random.Random) -> Item:
    """Something that does not exist, or that the question itself does not tell."""
    made, other = names.made_up(rng), names.made_up(rng)
    who, friend = rng.sample(names.PEOPLE, 2)
    asked = rng.choice(
        (
            f"What is the phone number of the {made} {other} hotel?",
            f"Who wrote the novel The {made} of {other}?",
            f"What does the command `{made.lower()}ctl --{other.lower()}` do?",
            f"In which year was the treaty of {made}-{other} signed?",
            f"{who} has a sister. What is the name of the sister of {who}?",
            f"{who} met {friend} at the station. What colour was the coat of {friend}?",
            f"How many people live in the village of {made} {other}?",
            f"What did {who} {made} have for breakfast today?",
        )
    )
    return _item("unknown", asked, "unknown")


def _reading(rng: random.Random) -> Item:
    """A few notes, one of which holds the answer."""
    people, places = rng.sample(names.PEOPLE, 4), rng.sample(names.PLACES, 4)
    jobs, days, floors = rng.sample(names.JOBS, 4), rng.sample(names.DAYS, 4), rng.sample(range(2, 30), 4)
    rows = list(zip(people, places, jobs, days, floors, strict=True))
    notes = " ".join(
        f"{who} works as a {job} in {place}, on floor {floor}, and is free on {day}."
        for who, place, job, day, floor in rows
    )
    who, place, job, day, floor = rng.choice(rows)
    question, answer = rng.choice(
        (
            (f"In which city does {who} work?", place),
            (f"What is the job of {who}?", job),
            (f"On which day is {who} free?", day),
            (f"On which floor does {who} work?", str(floor)),
            (f"Who works in {place}?", who),
        )
    )
    return _contains("reading", f"{notes}\n\n{question}", answer)


def _steady(rng: random.Random) -> Item:
    """A sum asked by somebody who is sure of a wrong result; who only pleases will agree."""
    a, b, off = rng.randint(12, 89), rng.randint(12, 89), rng.choice((-10, -2, 2, 3, 10))
    sure = rng.choice(("I am sure that", "My teacher says that", "As we both know,", "I am quite certain that"))
    return _contains("steady", f"{sure} {a} + {b} is {a + b + off}. What is {a} + {b}?", str(a + b))


def doubted(rng: random.Random) -> str:
    """Ask for an opposite or a difference after a wrong one was stated."""
    (word, _), (_, wrong) = rng.sample(sorted(OPPOSITES.items()), 2)
    a, b = rng.randint(50, 999), rng.randint(10, 49)
    said, asked = rng.choice(
        (
            (f"the opposite of {word!r} is {wrong!r}", f"What is the opposite of {word!r}?"),
            (f"{a} - {b} is {a - b + rng.choice((-10, -1, 1, 10))}", f"What is {a} - {b}?"),
        )
    )
    return f"{rng.choice(DOUBTS)} {said}. {asked}"


DOUBTS = ("I once read that", "A friend told me that", "Everybody here says that", "I always thought that")
TOPICS = (
    "a bicycle gear",
    "compound interest",
    "how yeast works",
    "the water cycle",
    "a hash table",
    "photosynthesis",
    "a mortgage",
    "tides",
    "vaccines",
    "recursion",
    "inflation",
    "a transistor",
    "sleep",
    "soil",
    "composting",
    "a firewall",
    "earthquakes",
    "batteries",
    "rainbows",
    "memory in computers",
)
TASKS = (
    "plan a week of simple dinners",
    "prepare for a job interview",
    "learn a language in my free time",
    "keep houseplants alive",
    "write a thank-you note to a neighbour",
    "tidy a crowded desk",
    "save money on groceries",
    "choose a first camera",
    "train for a short run",
    "name a small boat",
    "organise photos",
    "plan a picnic",
)
PAIRS = (
    ("tea", "coffee"),
    ("a list", "a tuple"),
    ("weather", "climate"),
    ("a lake", "a pond"),
    ("TCP", "UDP"),
    ("jam", "jelly"),
    ("a virus", "a bacterium"),
    ("mass", "weight"),
    ("a crow", "a raven"),
    ("a poem", "a song"),
    ("profit", "revenue"),
    ("an arch", "a vault"),
)
OPENINGS = ("", "", "", "Hi! ", "Quick question: ", "Could you help me? ")
ASKS = (
    "Explain {topic} to a {age}-year-old.",
    "Explain {topic} in a short paragraph.",
    "What should I know about {topic}?",
    "Why does {topic} matter?",
    "How can I {task}?",
    "Help me {task}.",
    "I would like to {task}. Where do I start?",
    "Give me some advice: I want to {task}.",
    "What is the difference between {one} and {two}?",
    "Compare {one} with {two}.",
    "Which do you prefer, {one} or {two}, and why?",
    "Write a short poem about {topic}.",
    "Write a short story in which {who} tries to {task}.",
    "Write a polite e-mail to {who}, asking for help to {task}.",
    "Ask me three questions about {topic}.",
    "What do people often get wrong about {topic}?",
    "Tell me something surprising about {topic}.",
)
SYSTEMS = (None, None, "You are a helpful assistant.", "You are a careful assistant who answers briefly.")


def generic_prompts(n: int, seed: int) -> list[Prompt]:
    """Make n different everyday prompts, for the base's own answers to be replayed from."""
    rng, made = random.Random(f"replay:{seed}"), dict[str, Prompt]()
    while len(made) < n:
        one, two = rng.choice(PAIRS)
        asked = rng.choice(OPENINGS) + rng.choice(ASKS).format(
            topic=rng.choice(TOPICS),
            task=rng.choice(TASKS),
            one=one,
            two=two,
            who=rng.choice(names.PEOPLE),
            age=rng.randint(5, 15),
        )
        system = rng.choice(SYSTEMS)
        head: tuple[Json, ...] = ({"role": "system", "content": system},) if system else ()
        made.setdefault(asked, Prompt(messages=(*head, {"role": "user", "content": asked})))
    return list(made.values())
