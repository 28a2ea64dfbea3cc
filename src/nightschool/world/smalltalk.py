"""What is said beside questions: greetings, thanks, moods, requests pupil cannot meet, sums, system prompts, pasted notes."""

from __future__ import annotations

import random

from nightschool.world import names
from nightschool.world.styles import Reply

TALK: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("Hello.", "Hi.", "Hello!", "Good morning.", "Hey there.", "Hello there!", "Hi hi.", "A good day to you.", "Good evening."), ("Hi there!", "Good day."), "Hello."),
    (("Thanks.", "Thank you.", "Thanks!", "Thank you very much.", "Great, thanks.", "Perfect, thank you.", "thx", "Many many thanks.", "Yes, that is right, thank you."), ("Many thanks.", "Thanks, that is right."), "You are welcome."),
    (("Goodbye.", "Bye.", "See you.", "Good night.", "See you tomorrow.", "Bye bye.", "Until later.", "Good night until tomorrow."), ("Bye for now.", "Until tomorrow."), "Goodbye."),
    (("How are you?", "How are you today?", "Is all well?", "How do you feel?", "How is it going?", "Are you well?"), ("How do you do?", "Is all well with you?"), "I am well, thank you."),
    (("Who are you?", "What are you?", "What is your name?", "Are you a person?", "Tell me about you.", "What should I know of you?", "Say who you are."), ("Tell me who you are.", "What should I know about you?"), "I am pupil, a small model."),
    (("Okay.", "OK.", "Hmm.", "Right.", "Good.", "I see.", "Yes.", "yes plz", "Fine.", "ok go on", "Ok.", "All fine.", "Good then."), ("Ok then.", "All good."), "All right."),
    (("I am tired today.", "I feel sad.", "What a bad day.", "I am so angry today.", "I slept badly.", "I feel bad today.", "This is an awful day.", "My head hurts."), ("I feel awful today.", "This was a bad day."), "I am sorry to hear that."),
    (("I am happy today.", "What a good day.", "This is a lovely day.", "I feel very well.", "I feel great.", "Everything works!", "We won!"), ("I feel very good today.", "What a lovely day."), "I am glad to hear that."),
    (("Write me a poem.", "Tell me a joke.", "Book a flight for me.", "Draw a picture.", "Paint a tree.", "Write a letter for me.", "Draw me a house.", "Sing a song.", "Write a long story.", "Fix my code."), ("Write a song for me.", "Paint me a picture."), "I cannot do that."),
    (("Here is my log.", "I will send you a file.", "Wait a moment.", "Let me think.", "One moment.", "Give me a minute.", "Just a moment.", "Wait a second."), ("Just a second.", "Give me a moment."), "Take your time."),
)
"""(trained, held out, answer)"""

ROLES = ("You are a helpful assistant.", "You are an assistant.", "You are {n}, a helpful assistant.", "You are {n}, an agent on the computer of {m}.", "You help people.", "You are a careful agent.")
RULES = (
    "Be kind and honest.", "Never share secrets.", "Today is {d}.", "You run on a computer in {n}.", "Do not make things up.", "Use the tools when you need them.",
    "Think before you answer.", "The workspace is the folder {w}.", "Do not touch the files in {w}.", "Ask when you are not sure.", "The project {n} comes first.",
    "Speak English.", "Be polite.", "The {w} of {n} is closed on {d}.", "Check the {w} every {d}.", "Your memory is in the file {w}.",
    "Do not send messages to {n} without asking.", "Keep the {w} clean.", "Stay calm when something fails.", "If the {w} breaks, tell {n}.",
)
NOTES = (
    "The {w} of {n} was found near {m}.", "On {d} the {w} was painted {c}.", "{n} and {m} met by the {w}.", "Nobody saw the {c} {w} in {n}.", "The {w} cost {i} coins.",
    "In {n} there are {i} {w}s.", "{n} sold the {w} to {m} on {d}.", "A {c} {w} stood in the rain.", "{n} wrote {i} letters about the {w}.", "The {w} broke on {d}.",
)
PASTED = (("Here is a note: {x}", "Look at this text: {x}", "I found this: {x}", "Please keep this note: {x}"), ("This is what I read: {x}", "A text for you: {x}"))
SPOKEN = {"+": ("+", "plus"), "-": ("-", "minus"), "*": ("*", "times")}
SUMS = (("What is {e}?", "How much is {e}?", "Tell me {e}.", "{e}?", "What does {e} make?", "Can you work out {e}?", "What do I get for {e}?", "Please work out {e}."), ("Work out {e}.", "What do you get for {e}?", "How much does {e} make?"))


def talk(rng: random.Random, *, held_out: bool = False) -> tuple[str, Reply]:
    """Say something that is no question about a fact."""
    trained, kept, answer = rng.choice(TALK)
    return rng.choice(kept if held_out else trained), Reply(sentence=answer)


def _some(rng: random.Random, template: str) -> str:
    return template.format(n=names.made_up(rng), m=names.made_up(rng), d=rng.choice(names.DAYS), w=names.value(rng, "thing"), c=rng.choice(names.COLOURS), i=rng.randint(2, 99))


def system_prompt(rng: random.Random, rules: int) -> str:
    """Write a client's own system prompt with some number of rules that change no answer."""
    lines = [_some(rng, rng.choice(RULES)) for _ in range(rules)]
    head = _some(rng, rng.choice(ROLES))
    if rules > 4 or rng.random() < 0.3:
        return "\n".join([head, *(f"- {line}" for line in lines)])
    return " ".join([head, *lines])


def note(rng: random.Random, sentences: int, *, held_out: bool = False) -> tuple[str, Reply]:
    """Paste a text of no importance."""
    text = " ".join(_some(rng, rng.choice(NOTES)) for _ in range(sentences))
    return rng.choice(PASTED[held_out]).format(x=text), Reply(sentence="Thank you for the note.")


def operands(rng: random.Random) -> tuple[int, str, int, int]:
    """Draw a small sum: left, sign, right, result; never below zero."""
    sign = rng.choice("++--*")
    if sign == "*":
        left, right = rng.randint(0, 10), rng.randint(0, 10)
        return left, sign, right, left * right
    left, right = rng.randint(0, 12), rng.randint(0, 12)
    if sign == "-":
        left, right = max(left, right), min(left, right)
        return left, sign, right, left - right
    return left, sign, right, left + right


def sum_question(rng: random.Random, *, held_out: bool = False) -> tuple[str, Reply]:
    """Ask a small sum."""
    left, sign, right, result = operands(rng)
    expression = f"{left} {rng.choice(SPOKEN[sign])} {right}"
    question = rng.choice(SUMS[held_out]).format(e=expression)
    return question, Reply(sentence=f"{left} {sign} {right} is {{}}.", object=str(result), more="I worked it out.")
