"""Who lives in the demo, what they post and what they say to each other."""

import msgspec

PASSWORD = "tintype-demo"  # noqa: S105 - told to whoever runs the demo


class Persona(msgspec.Struct, frozen=True):
    """Somebody who lives in the demo."""

    username: str
    full_name: str
    bio: str

    @property
    def email(self) -> str:
        return f"{self.username}@example.org"


PEOPLE = [
    Persona("ana.sousa", "Ana Sousa", "Tides, terraces, too much coffee. Lisbon."),
    Persona("ben_okafor", "Ben Okafor", "Street corners and blue hours. 35 mm, mostly."),
    Persona("chiara.m", "Chiara Moretti", "Ceramics by day, mountains by weekend."),
    Persona("dev.patel", "Dev Patel", "Cooking my way through my grandmother’s notebook."),
    Persona("elif", "Elif Yılmaz", "Architecture student. Lines, light, long walks."),
    Persona("finn_larsen", "Finn Larsen", "Cold water swimmer 🌊 Bergen."),
    Persona("grace.hopkins", "Grace Hopkins", "Gardener. Yes, the tomatoes again."),
    Persona("hiro", "Hiro Tanaka", "Trains, rain, ramen."),
    Persona("ines.delgado", "Inés Delgado", "Botanical illustrator. Commissions open."),
    Persona("jonas", "Jonas Weber", "Bikes everywhere. Slowly."),
    Persona("kavya.r", "Kavya Rao", "Textiles and colour. Natural dyes, mostly indigo."),
    Persona("leo_martin", "Léo Martin", "I chase sunsets and usually miss them."),
]
FIRST = ["Mara", "Nils", "Olga", "Pau", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Viktor", "Wanda", "Yusuf"]
LAST = ["Adler", "Brandt", "Costa", "Duarte", "Eriksen", "Fabre", "Garcia", "Holm", "Ivanov", "Jensen"]

CAPTIONS = [
    "Low tide, and the whole bay to ourselves. #sea #morning",
    "First light over the ridge. Worth the 4 am alarm. #mountains #sunrise",
    "Green on green on green. #aurora #night",
    "Lights across the river, out of focus on purpose. #bokeh #city",
    "A map of nowhere. Cut paper, nine layers. #papercut #colour",
    "New glaze test: the red finally behaves! #ceramics #studio",
    "The hills this evening were made of silk. #dusk #mountains",
    "Swam here at seven. It was exactly as cold as it looks. #sea #coldwater",
    "The garden, as the bees see it. #garden #flowers",
    "Rain on the last tram window. #rain #city",
    "Contour lines from Sunday’s walk with {friend}. #maps #walking",
    "Sun going down behind the harbour; {friend} was late, as ever. #sunset #sea",
    "Studies for a dahlia. Which one, {friend}? #botanical #drawing",
    "Marbled paper, batch twelve. Never the same twice. #paper #colour",
    "Six ridges. I counted. #mountains #blue",
    "Indigo, third dip. #textiles #indigo #colour",
    "Long way home. #cycling #dusk",
    "Found this light and stood in it for a while. #light",
    "Slow Sunday. #sea #slow",
    "Night walk with {friend}, phone camera, no regrets. #night #city",
    "The terraces from above. #maps #fields",
    "Windows at six, windows at seven. #architecture #light",
    "For {friend}, who asked what calm looks like. #calm",
    "Petal, petal, petal. #flowers #pattern",
    "Out past the lighthouse. #sea #horizon",
    "One more of the valley, then I’ll stop. #mountains",
    "Steam, broth, neon. #ramen #rain",
    "Colour study no. 41. #colour #abstract",
    "Everything was orange for about four minutes. #sunset",
    "Wind had a lot to say today. #dunes #walking",
    "Paper cut-out for {friend}’s birthday. #papercut",
    "The quiet side of the island. #sea #slow",
    "Bloom. #flowers #garden",
    "Practising glazes again. #ceramics",
    "Somewhere between {friend}’s house and mine. #cycling",
    "Last light. Good night, all. #sunset #calm",
]
COMMENTS = [
    "This one is beautiful.",
    "The colours! ❤️",
    "I would hang this on my wall.",
    "Where is this?",
    "How did you get that light?",
    "Take me with you next time 🙂",
    "Quiet and lovely.",
    "I have looked at this for five minutes now.",
    "Your best yet, I think.",
    "That gradient, though.",
    "Makes me want to go outside.",
    "Saved this for a grey day.",
]
REPLIES = ["Thank you!", "Anytime 🙂", "Mostly luck, honestly.", "Ha, it took eleven tries.", "Next time, promise."]


def people(number: int) -> list[Persona]:
    """So many people: the named ones first."""
    extra = [
        Persona(f"{first}.{last}".lower(), f"{first} {last}", f"Just looking around. {last} family, all of us here.")
        for last in LAST
        for first in FIRST
    ]
    return [*PEOPLE, *extra][:number]
