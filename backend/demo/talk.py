"""What the people of the demo say to each other, in the languages they say it in."""

COLLECTIVE_TALK = {
    "Touring collective": [
        "De kleine geluidskit is terug, één microfoon doet raar.",
        "I’ll look at it on Thursday, leave it on the bench please.",
        "Qui vient au montage à Lille le week-end prochain ?",
        "Moi, avec la camionnette. Il reste deux places.",
        "Ik kom zondag met de trein, kan iemand mij ophalen?",
        "Rehearsal floor is free after 17:00 if you need it.",
        "Super, dann bringe ich die LED-Pars mit.",
        "Photos of the last show are in the shared folder.",
        "Merci ! La numéro 12 est pour l’affiche.",
        "Wie tekent het contract met de schouwburg?",
        "I can, send it over. Who checks the cancellation clause?",
        "Ich lese gern mit, am liebsten heute noch.",
    ],
    "Plume & Co": [
        "J’ai 40 pages de catalogue allemand–français pour le 12, qui partage ?",
        "Ich nehme die zweite Hälfte, wenn wir ein Glossar anlegen.",
        "Le glossaire est prêt, relecture bienvenue.",
        "Which CAT tool do you use for the subtitles?",
        "Celui en ligne : les repérages restent synchronisés.",
        "Tarif à la page ou au mot pour ce client ?",
        "Au mot, et la relecture à l’heure. C’est dans notre modèle de devis.",
    ],
    "Atelier Aiguille": [
        "L’atelier costumes est réservé mardi, il reste une machine.",
        "Je la prends pour les essayages de la compagnie.",
        "Iemand nog donkerrood fluweel, twee meter?",
        "Oui, dans le carton du fond. Prends ce qu’il te faut.",
        "Merci, je remets le même métrage la semaine prochaine.",
    ],
    "Reparatur-Runde": [
        "Am Samstag ist Repair-Café, wer macht die Elektroecke?",
        "Ich, mit der neuen Lötstation.",
        "Can someone explain the induction to two newcomers?",
        "Gern, um zehn an der Werkbank.",
        "Der Drucker vom Nachbarn läuft wieder, er bringt Kuchen.",
    ],
    "Onderweg": [
        "Ik zoek vervanging in de week van 14 december, drie ochtenden.",
        "Dinsdag en woensdag kan ik.",
        "Dan neem ik de donderdag. Stuur je het zorgplan door?",
        "Alleen via de beveiligde map, hè. Ik zet het klaar.",
    ],
    "Code Kollektiv": [
        "Das Angebot für die Genossenschaft in Wien ist raus.",
        "Nice. Who has time for the accessibility audit in January?",
        "Ik, mits iemand de formulieren nakijkt.",
        "Ich mache die Formulare. Termin am Donnerstag?",
        "Donnerstag passt. Greenhouse ist gebucht.",
    ],
    "La Cantine mobile": [
        "On a le marché samedi : la remorque est réservée ?",
        "Oui, et le stand aussi. Il manque des bacs froids.",
        "J’en ai quatre à Liège.",
        "Quarante repas végétariens confirmés pour le festival.",
    ],
    "Studio Brug": [
        "Le studio photo est libre vendredi après-midi.",
        "Dan doen we de interviews in de geluidscabine.",
        "Subtitles in German by Monday: is that possible?",
        "Ja, wenn das Transkript bis Freitag da ist.",
        "Transcript is in the folder, thank you!",
        "On garde l’intro en néerlandais, c’est plus drôle.",
    ],
}

MENTORSHIP_TALK = {
    "en": [
        ("mentee", "Thank you for saying yes! Where should I begin?"),
        ("mentor", "With one page: what you sell, to whom, at what price. Bring it to our first talk."),
        ("mentee", "I have a draft. The price part is embarrassing."),
        ("mentor", "It always is. We will compare it with three real quotes of mine."),
        ("mentee", "Tuesday at ten?"),
        ("mentor", "Tuesday at ten. I booked the quiet room."),
    ],
    "fr": [
        ("mentee", "Merci d’avoir accepté ! Par quoi je commence ?"),
        ("mentor", "Par une page : ce que vous vendez, à qui, à quel prix. On en parle la première fois."),
        ("mentee", "J’ai un brouillon, mais le calcul du tarif me fait peur."),
        ("mentor", "C’est normal. On le compare avec trois de mes vrais devis."),
        ("mentee", "Mardi à dix heures ?"),
        ("mentor", "Parfait, j’ai réservé la petite salle."),
    ],
    "nl": [
        ("mentee", "Dank je wel dat je ja zegt! Waar begin ik?"),
        ("mentor", "Met één bladzijde: wat verkoop je, aan wie, voor hoeveel. Breng ze mee."),
        ("mentee", "Ik heb een eerste versie, alleen dat tarief…"),
        ("mentor", "Dat is altijd het lastigste. We leggen er drie echte offertes van mij naast."),
        ("mentee", "Dinsdag om tien?"),
        ("mentor", "Goed, ik heb de stille kamer geboekt."),
    ],
    "de": [
        ("mentee", "Danke, dass Sie zugesagt haben! Womit fange ich an?"),
        ("mentor", "Mit einer Seite: was Sie anbieten, wem und zu welchem Preis. Die besprechen wir."),
        ("mentee", "Ein Entwurf liegt da, nur der Stundensatz ist mir peinlich."),
        ("mentor", "Das ist er immer. Wir vergleichen ihn mit drei echten Angeboten von mir."),
        ("mentee", "Dienstag um zehn?"),
        ("mentor", "Gern. Der ruhige Raum ist gebucht."),
    ],
}

REQUESTS = {
    "en": "I start on my own in spring and {skill} keeps me awake. Could we talk twice, an hour each?",
    "fr": "Je me lance au printemps et {skill}, c’est ce qui m’inquiète le plus. Auriez-vous deux fois une heure ?",
    "nl": "Ik begin in het voorjaar voor mezelf en {skill} houdt me wakker. Heb je twee keer een uur?",
    "de": "Ich mache mich im Frühjahr selbstständig, und {skill} bereitet mir Sorgen. Hätten Sie zweimal eine Stunde Zeit?",
}

ANSWERS = {
    "en": "This month is full; ask me again after the season.",
    "fr": "Ce mois-ci est complet ; redemandez-moi après la saison.",
    "nl": "Deze maand zit vol; vraag het me na het seizoen nog eens.",
    "de": "Dieser Monat ist voll; fragen Sie mich nach der Saison noch einmal.",
}

CLOSING = {
    "en": "Thank you for six good months.",
    "fr": "Merci pour ces six mois.",
    "nl": "Dank je voor zes mooie maanden.",
    "de": "Danke für sechs gute Monate.",
}

OPEN_ROOMS = [
    (
        "Newcomers’ table",
        "Every question is welcome here, in any of our languages.",
        [
            "Hello everyone, I joined last week. Where do I find the quote template?",
            "Bienvenue ! Il est dans les fichiers du salon, en quatre langues.",
            "Moet ik al btw rekenen op mijn eerste factuur?",
            "Hangt af van je omzet; vraag het aan een gids van het economische spoor.",
            "Ich habe meinen ersten Kunden in Lyon, wer kennt sich mit Rechnungen ins Ausland aus?",
            "I do. Reverse charge: no VAT on the invoice, but both numbers on it.",
            "Genau, und die zusammenfassende Meldung nicht vergessen.",
            "Merci à tous, c’est exactement ce qu’il me fallait.",
        ],
    ),
    (
        "On the road",
        "Travelling for work: trains, beds, borders, vans.",
        [
            "Who is in Barcelona in the first week of December?",
            "Nosotras, en Can Fil. ¡Pásate!",
            "La camionnette de Gand fait Bruxelles–Lyon jeudi, deux places libres.",
            "Ich nehme eine, danke!",
            "Heeft iemand ervaring met een ATA-carnet voor Zwitserland?",
            "Oui, comptez dix jours et une liste très précise du matériel.",
        ],
    ),
]
