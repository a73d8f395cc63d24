"""The places and things of the demo cooperative, and what people book them for."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["workspace", "equipment", "material"]


@dataclass(frozen=True)
class Thing:
    """Something to book. Times are minutes; `hours` is when it opens and closes on the place's clock."""

    name: str
    kind: Kind
    words: str
    capacity: int = 1
    seats: int | None = None
    hours: tuple[int, int] = (8, 22)
    step: int = 30
    shortest: int = 30
    longest: int = 12 * 60
    after: int = 0
    access: str = ""


@dataclass(frozen=True)
class House:
    name: str
    organisation: str
    address: str
    city: str
    country: str
    timezone: str
    words: str
    rules: str
    things: tuple[Thing, ...]


STEP_FREE = "Step-free entrance, wide door."


def room(name: str, seats: int, words: str, access: str = STEP_FREE) -> Thing:
    return Thing(name, "workspace", words, seats=seats, longest=10 * 60, access=access)


def loan(name: str, words: str, capacity: int = 1, days: int = 7) -> Thing:
    """A thing that leaves the house, for hours or days, with half an hour to check it afterwards."""
    return Thing(name, "equipment", words, capacity=capacity, hours=(0, 24), longest=days * 24 * 60, after=30)


HOUSES = (
    House(
        "De Zenne", "ateliers-unis", "Rue de la Senne 21", "Brussels", "BE", "Europe/Brussels",
        "A former printing house by the canal: desks, two meeting rooms and a studio.",
        "Wash your cup. The last one out checks the windows.",
        (
            room("Meeting room Zenne", 10, "Round table, screen, whiteboard."),
            room("Meeting room Leie", 6, "Quiet, with a good camera for calls."),
            Thing("Desk", "workspace", "A desk by the window, any of eight.", capacity=8, hours=(7, 21), shortest=60),
            Thing("Sound booth", "workspace", "For voice-over and podcasts; two microphones.", seats=2, after=15),
            Thing("Photo studio", "workspace", "Five metres of background paper, three lights.", seats=8, after=30),
            loan("Cargo bike", "Carries 80 kg. Lock and rain cover in the box."),
            loan("Projector", "4,000 lumen, HDMI and USB-C."),
        ),
    ),
    House(
        "Dok 9", "ateliers-unis", "Dok-Noord 9", "Ghent", "BE", "Europe/Brussels",
        "A hall for things that make noise, with a small stage and a workshop.",
        "Ear protection when the saw runs. Sweep before you leave.",
        (
            Thing("Rehearsal floor", "workspace", "12 × 9 m, sprung floor, mirrors.", seats=30, after=15, access=STEP_FREE),
            Thing("Wood workshop", "workspace", "Table saw, planer, dust extraction.", seats=4, shortest=60, after=30),
            loan("Van", "Nine cubic metres, driver’s licence B. Refuel before you bring it back.", days=5),
            loan("Small sound kit", "Two speakers, eight-channel mixer, two microphones."),
            loan("Lighting kit", "Twelve LED pars, desk, cables, four stands."),
            loan("Radio microphones", "Handheld or clip-on.", capacity=4),
        ),
    ),
    House(
        "La Fourmi", "ateliers-unis", "Rue Souverain-Pont 30", "Liège", "BE", "Europe/Brussels",
        "A shop window on the street with a kitchen behind it.",
        "What you cook, you clean.",
        (
            room("Front room", 18, "Street side, for workshops and small shows."),
            Thing("Tasting kitchen", "workspace", "Two ovens, cold room, table for ten.", seats=10, shortest=60, after=60),
            loan("Market stall", "Three metres with roof, fits on the trailer."),
            loan("Trailer", "750 kg, thirteen-pin plug."),
        ),
    ),
    House(
        "Keilewerf 4", "ateliers-unis", "Vierhavensstraat 56", "Rotterdam", "NL", "Europe/Amsterdam",
        "Makers’ hall at the harbour.",
        "Introduce yourself to the neighbours on your first day.",
        (
            Thing("3D printer", "equipment", "Prusa MK4, bring your own filament.", hours=(0, 24), longest=2 * 24 * 60),
            Thing("Laser cutter", "equipment", "600 × 400 mm; no PVC.", hours=(8, 20), longest=4 * 60, after=15),
            Thing("Sewing workshop", "workspace", "Six machines, two overlockers, cutting table.", seats=6),
            room("Harbour room", 12, "View of the cranes, screen, good coffee."),
            loan("Camera kit A", "Full-frame body, 24–70 and 70–200 mm, tripod."),
            loan("Camera kit B", "Two small cameras with cages and a gimbal."),
        ),
    ),
    House(
        "De Stadstuin", "ateliers-unis", "Vleutenseweg 8", "Utrecht", "NL", "Europe/Amsterdam",
        "Desks around a courtyard garden.",
        "Phone calls in the greenhouse, please.",
        (
            Thing("Desk", "workspace", "Any of six, monitors on request.", capacity=6, hours=(7, 21), shortest=60),
            room("Greenhouse", 8, "Bright, for talks and calls."),
            loan("Badge printer", "Prints on both sides, ribbon included."),
        ),
    ),
    House(
        "La Filature", "la-passerelle", "14 rue du Long Pot", "Lille", "FR", "Europe/Paris",
        "An old spinning mill with a stage, a sewing floor and many stairs.",
        "The lift key hangs at the reception.",
        (
            Thing("Stage", "workspace", "8 × 6 m, lights and sound in place.", seats=80, shortest=120, after=60, access=STEP_FREE),
            Thing("Costume atelier", "workspace", "Industrial machines, steam, dye corner.", seats=5, after=30, access="Second floor, lift."),
            room("Meeting room Deûle", 8, "Projector and blackout curtains."),
            loan("Camper van", "Sleeps three; for tours of up to a week."),
            loan("Streaming kit", "Three cameras, switcher, encoder."),
        ),
    ),
    House(
        "Le Comptoir", "la-passerelle", "28 rue de la Thibaudière", "Lyon", "FR", "Europe/Paris",
        "Shared office with a library and a podcast corner.",
        "Take a book, leave a book.",
        (
            Thing("Desk", "workspace", "Any of ten.", capacity=10, hours=(7, 22), shortest=60),
            Thing("Podcast corner", "workspace", "Four microphones, recorder, curtains.", seats=4, after=15),
            room("Library", 14, "Long table among the books."),
            loan("Interpreting set", "Two consoles and thirty receivers.", days=4),
            loan("Tablet", "For surveys and exhibitions.", capacity=10, days=14),
        ),
    ),
    House(
        "Les Chantiers", "la-passerelle", "Boulevard de la Prairie-au-Duc 5", "Nantes", "FR", "Europe/Paris",
        "Big doors, high ceiling, for sets and large objects.",
        "Helmet in the hall, always.",
        (
            Thing("Set hall", "workspace", "20 × 12 m, hoist, power at every post.", seats=20, shortest=120, longest=14 * 60),
            Thing("Welding corner", "workspace", "MIG and TIG, extraction.", seats=2, after=30),
            loan("Scaffold tower", "Six metres, for two trained people."),
            loan("Flight case", "On wheels, foam inside.", capacity=12, days=14),
            Thing("Black cloth", "material", "Stage molton, metres of 3 m width.", capacity=60, hours=(0, 24), longest=21 * 24 * 60),
        ),
    ),
    House(
        "Can Fil", "la-passerelle", "Carrer de Pujades 102", "Barcelona", "ES", "Europe/Madrid",
        "A ground floor in Poblenou with a patio.",
        "Quiet on the patio after ten.",
        (
            room("Patio room", 16, "Opens on the patio, blackboard."),
            Thing("Editing suite", "workspace", "Calibrated screen, monitors, fast disks.", seats=2, hours=(0, 24)),
            loan("Drone", "Pilot’s certificate needed; two batteries.", days=3),
        ),
    ),
    House(
        "Haus am Ufer", "gemeinsam-frei", "Maybachufer 44", "Berlin", "DE", "Europe/Berlin",
        "Five floors by the canal: offices, a dance studio, a repair café.",
        "Shoes off in the studio.",
        (
            Thing("Dance studio", "workspace", "14 × 10 m, sprung floor, sound.", seats=25, after=15, access="Lift to the third floor."),
            Thing("Repair bench", "workspace", "Soldering, oscilloscope, small parts.", capacity=3, seats=1, after=15),
            room("Meeting room Spree", 12, "Hybrid meetings, two cameras."),
            Thing("Treatment room", "workspace", "Massage table, washbasin, quiet.", seats=2, after=30, access=STEP_FREE),
            loan("Electric van", "Range 220 km, charging card in the glove box.", days=4),
            loan("Large sound kit", "For 300 people; two tops, two subs, desk.", days=5),
            loan("Haze machine", "Fluid for eight hours included."),
        ),
    ),
    House(
        "Spinnerei 12", "gemeinsam-frei", "Spinnereistraße 7", "Leipzig", "DE", "Europe/Berlin",
        "Printmaking and ceramics under one roof.",
        "Kiln only after the introduction.",
        (
            Thing("Print workshop", "workspace", "Etching press, screen-printing table.", seats=5, shortest=60, after=30),
            Thing("Kiln", "equipment", "180 litres, up to 1,280 °C.", hours=(0, 24), shortest=600, longest=2 * 24 * 60, after=240),
            Thing("Gallery wall", "workspace", "Eleven metres, picture rail, light.", hours=(0, 24), longest=28 * 24 * 60),
            loan("Exhibition plinth", "White, 30 × 30 × 110 cm.", capacity=16, days=28),
        ),
    ),
    House(
        "Werkhof Ehrenfeld", "gemeinsam-frei", "Lichtstraße 30", "Cologne", "DE", "Europe/Berlin",
        "A courtyard of small workshops and one good kitchen.",
        "Deliveries before nine.",
        (
            Thing("Production kitchen", "workspace", "Certified, combi steamer, blast chiller.", seats=6, shortest=120, after=60),
            Thing("Bike workshop", "workspace", "Two stands, every tool.", seats=2, access=STEP_FREE),
            room("Courtyard room", 20, "For courses and assemblies."),
            loan("Electric cargo bike", "Carries 150 kg, spare battery."),
            loan("Mobile stage", "24 decks of 1 × 2 m.", capacity=24, days=7),
        ),
    ),
)  # fmt: skip

REASONS = {
    "en": ["Rehearsal", "Client meeting", "Workshop", "Recording", "Delivery", "Course", "Team day", "Fitting"],
    "fr": [
        "Répétition",
        "Rendez-vous client",
        "Atelier",
        "Enregistrement",
        "Livraison",
        "Formation",
        "Réunion",
        "Essayage",
    ],
    "nl": ["Repetitie", "Klantgesprek", "Workshop", "Opname", "Levering", "Cursus", "Teamdag", "Doorpas"],
    "de": ["Probe", "Kundengespräch", "Workshop", "Aufnahme", "Lieferung", "Kurs", "Teamtag", "Anprobe"],
}

COLLECTIVES = (
    ("Touring collective", "Light, sound and sets for small companies on the road.", "Ghent", "BE", "nl"),
    ("Plume & Co", "Translators and proofreaders who share deadlines.", "Lyon", "FR", "fr"),
    ("Atelier Aiguille", "Costumes, alterations and a very large button collection.", "Lille", "FR", "fr"),
    ("Reparatur-Runde", "We mend what others throw away, and teach how.", "Berlin", "DE", "de"),
    ("Onderweg", "Carers and coaches who replace each other in holidays.", "Utrecht", "NL", "nl"),
    ("Code Kollektiv", "Websites and data for cooperatives, fairly priced.", "Leipzig", "DE", "de"),
    ("La Cantine mobile", "Cooking for festivals with what the season gives.", "Liège", "BE", "fr"),
    ("Studio Brug", "Film and podcast across four languages.", "Brussels", "BE", "fr"),
)
