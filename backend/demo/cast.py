"""The people of the demo: where they live, what they speak and what they do. Invented, and the same every time."""

from dataclasses import dataclass

ORGANISATIONS = [
    ("ateliers-unis", "Ateliers Unis", "BE", "Europe/Brussels"),
    ("la-passerelle", "La Passerelle", "FR", "Europe/Paris"),
    ("gemeinsam-frei", "Gemeinsam Frei eG", "DE", "Europe/Berlin"),
]
PROGRAMMES = {
    "ateliers-unis": "Samen op weg / En chemin ensemble",
    "la-passerelle": "Premiers pas",
    "gemeinsam-frei": "Gut begleitet",
}


@dataclass(frozen=True)
class Town:
    """Where demo members live: the town, its clock, the organisation they join, and the languages spoken there."""

    city: str
    country: str
    timezone: str
    organisation: str
    languages: tuple[str, ...]
    names: str


TOWNS = [
    Town("Brussels", "BE", "Europe/Brussels", "ateliers-unis", ("fr", "nl"), "fr"),
    Town("Ghent", "BE", "Europe/Brussels", "ateliers-unis", ("nl",), "nl"),
    Town("Liège", "BE", "Europe/Brussels", "ateliers-unis", ("fr",), "fr"),
    Town("Rotterdam", "NL", "Europe/Amsterdam", "ateliers-unis", ("nl",), "nl"),
    Town("Utrecht", "NL", "Europe/Amsterdam", "ateliers-unis", ("nl",), "nl"),
    Town("Lille", "FR", "Europe/Paris", "la-passerelle", ("fr",), "fr"),
    Town("Lyon", "FR", "Europe/Paris", "la-passerelle", ("fr",), "fr"),
    Town("Nantes", "FR", "Europe/Paris", "la-passerelle", ("fr",), "fr"),
    Town("Barcelona", "ES", "Europe/Madrid", "la-passerelle", ("es", "ca"), "es"),
    Town("Lisbon", "PT", "Europe/Lisbon", "la-passerelle", ("pt",), "pt"),
    Town("Turin", "IT", "Europe/Rome", "la-passerelle", ("it",), "it"),
    Town("Berlin", "DE", "Europe/Berlin", "gemeinsam-frei", ("de",), "de"),
    Town("Leipzig", "DE", "Europe/Berlin", "gemeinsam-frei", ("de",), "de"),
    Town("Cologne", "DE", "Europe/Berlin", "gemeinsam-frei", ("de",), "de"),
    Town("Vienna", "AT", "Europe/Vienna", "gemeinsam-frei", ("de",), "de"),
]

FIRST = {
    "fr": "Amandine Bastien Camille Driss Élodie Fatou Gaëlle Hugo Inès Jules Karim Léa Maud Nour Océane Pauline Quentin "
    "Romane Samir Thomas Valentine Youssef",
    "nl": "Anouk Bram Chloé Daan Emma Femke Gijs Hanne Imke Joris Katrien Lotte Maarten Noor Oumar Pieter Quinten Rosa "
    "Sanne Thijs Veerle Wout",
    "de": "Anke Benedikt Charlotte Dieter Emine Friederike Greta Henrik Ida Jonas Katja Lukas Mareike Nils Ottilie Paul "
    "Rabea Sönke Thea Ulrike Vincent Zeynep",
    "es": "Aitana Bruno Carmen Dídac Elena Gonzalo Jordi Laia Marta Nuria Oriol Pilar",
    "pt": "Afonso Beatriz Catarina Duarte Filipa Inácio Joana Luísa Margarida Tomás",
    "it": "Alessia Bianca Chiara Davide Elisa Fabio Giulia Lorenzo Matteo Valentina",
}
LAST = {
    "fr": "Benali Carlier Dumont Fontaine Garnier Haddad Lambert Lefèvre Marchal Ndiaye Petit Renard Simon Traoré Vasseur",
    "nl": "Aerts Bakker Claes De Wit El Amrani Hermans Jacobs Kaya Maes Peeters Smit Thijs Van Dam Verbeke Willems",
    "de": "Albrecht Brandt Demir Engel Fischer Hoffmann Kowalski Lange Neumann Öztürk Peters Richter Schäfer Vogel Ziegler",
    "es": "Alonso Bosch Castillo Ferrer Herrera Marín Ortega Puig Soler Vidal",
    "pt": "Almeida Barros Carvalho Duarte Ferreira Lopes Nogueira Pinto Ramos Teixeira",
    "it": "Bianchi Conti De Luca Ferri Greco Marino Pellegrini Ricci Serra Vitale",
}
TWO_WORDS = ("De Wit", "El Amrani", "Van Dam", "De Luca")


def surnames(language: str) -> list[str]:
    """The family names of a language; those of two words stay together."""
    text = LAST[language]
    for name in TWO_WORDS:
        text = text.replace(name, name.replace(" ", "_"))
    return [name.replace("_", " ") for name in text.split()]


ABOUT = {
    "en": [
        "I have worked for myself since {year}. Ask me about {skill}; I like to explain things twice.",
        "{skill} is my daily bread. On Thursdays I keep an hour free for whoever is stuck.",
        "I came to the cooperative for the van and stayed for the people.",
    ],
    "fr": [
        "Indépendante depuis {year}. Parlons {skill}, contrats et premiers devis autour d’un café.",
        "{skill}, c’est mon quotidien. Je garde une heure libre le jeudi pour celles et ceux qui bloquent.",
        "Je suis venu pour la camionnette, je suis resté pour les gens.",
    ],
    "nl": [
        "Zelfstandige sinds {year}. Vraag me gerust naar {skill}; ik leg het graag twee keer uit.",
        "{skill} is mijn dagelijks brood. Op donderdag houd ik een uur vrij voor wie vastzit.",
        "Ik kwam voor de bestelwagen en bleef voor de mensen.",
    ],
    "de": [
        "Selbstständig seit {year}. Fragen Sie mich nach {skill}; ich erkläre gern auch zweimal.",
        "{skill} ist mein tägliches Brot. Donnerstags halte ich eine Stunde frei für alle, die feststecken.",
        "Ich kam wegen des Transporters und blieb wegen der Menschen.",
    ],
}
