"""What there is to read at the steps of the first journeys: pages that public bodies keep, by track and place of the step.

`{language}` in an address stands for en, fr, nl or de. Where a page exists in English only, the other languages say so.
"""

EUROPE = "https://europa.eu/youreurope/"
# Address, and its title in en, fr, nl, de.
Reading = tuple[str, tuple[str, str, str, str]]

READINGS: dict[tuple[str, int], tuple[Reading, ...]] = {
    ("social", 2): (
        (
            EUROPE + "citizens/work/index_{language}.htm",
            (
                "Your Europe: work, social security and pensions",
                "L’Europe est à vous : travail, sécurité sociale et retraite",
                "Uw Europa: werk, sociale zekerheid en pensioen",
                "Ihr Europa: Arbeit, soziale Sicherheit und Rente",
            ),
        ),
        (
            EUROPE + "citizens/health/when-living-abroad/health-insurance-cover/index_{language}.htm",
            (
                "Your Europe: who covers your health in another country",
                "L’Europe est à vous : qui couvre votre santé dans un autre pays",
                "Uw Europa: wie je ziektekosten dekt in een ander land",
                "Ihr Europa: wer im anderen Land für Ihre Gesundheit aufkommt",
            ),
        ),
    ),
    ("social", 3): (
        (
            "https://osha.europa.eu/{language}/themes/psychosocial-risks-and-mental-health",
            (
                "European Agency for Safety and Health at Work: strain and mental health",
                "Agence européenne pour la sécurité et la santé au travail : charge et santé mentale",
                "Europees Agentschap voor veiligheid en gezondheid op het werk: belasting en mentale gezondheid",
                "Europäische Agentur für Sicherheit und Gesundheitsschutz am Arbeitsplatz: Belastung und Psyche",
            ),
        ),
    ),
    ("economic", 1): (
        (
            EUROPE + "business/running-business/start-ups/starting-business/index_{language}.htm",
            (
                "Your Europe: starting a business",
                "L’Europe est à vous : démarrer une activité",
                "Uw Europa: een zaak beginnen",
                "Ihr Europa: ein Unternehmen gründen",
            ),
        ),
    ),
    ("economic", 2): (
        (
            EUROPE + "business/taxation/vat/vat-rules-rates/index_{language}.htm",
            (
                "Your Europe: VAT, its rules and rates by country",
                "L’Europe est à vous : la TVA, ses règles et ses taux par pays",
                "Uw Europa: btw, regels en tarieven per land",
                "Ihr Europa: Mehrwertsteuer, Regeln und Sätze je Land",
            ),
        ),
    ),
    ("economic", 3): (
        (
            EUROPE + "business/taxation/vat/check-vat-number-vies/index_{language}.htm",
            (
                "Your Europe: check a client’s VAT number",
                "L’Europe est à vous : vérifier le numéro de TVA d’un client",
                "Uw Europa: het btw-nummer van een klant nakijken",
                "Ihr Europa: die Umsatzsteuernummer eines Kunden prüfen",
            ),
        ),
        (
            "https://eur-lex.europa.eu/legal-content/{LANGUAGE}/TXT/?uri=CELEX:32011L0007",
            (
                "The European law on late payment: 30 days, interest and 40 euros",
                "La loi européenne sur les retards de paiement : 30 jours, intérêts et 40 euros",
                "De Europese wet over betalingsachterstand: 30 dagen, rente en 40 euro",
                "Das europäische Gesetz zum Zahlungsverzug: 30 Tage, Zinsen und 40 Euro",
            ),
        ),
    ),
    ("economic", 4): (
        (
            EUROPE + "citizens/work/taxes/income-taxes-abroad/index_{language}.htm",
            (
                "Your Europe: income tax when you work in several countries",
                "L’Europe est à vous : l’impôt quand on travaille dans plusieurs pays",
                "Uw Europa: inkomstenbelasting wie in meer landen werkt",
                "Ihr Europa: Einkommensteuer bei Arbeit in mehreren Ländern",
            ),
        ),
    ),
    ("economic", 5): (
        (
            EUROPE + "business/running-business/intellectual-property/copyright/index_{language}.htm",
            (
                "Your Europe: copyright, or whose is what we make together",
                "L’Europe est à vous : le droit d’auteur, ou à qui est ce que nous créons ensemble",
                "Uw Europa: auteursrecht, of van wie is wat we samen maken",
                "Ihr Europa: Urheberrecht, oder wem gehört, was wir zusammen schaffen",
            ),
        ),
    ),
    ("cooperative", 1): (
        (
            "https://ica.coop/en/cooperatives/cooperative-identity",
            (
                "What a cooperative is: values and seven principles",
                "Ce qu’est une coopérative : ses valeurs et sept principes (en anglais)",
                "Wat een coöperatie is: waarden en zeven beginselen (in het Engels)",
                "Was eine Genossenschaft ist: Werte und sieben Grundsätze (auf Englisch)",
            ),
        ),
    ),
    ("cooperative", 3): (
        (
            "https://eur-lex.europa.eu/legal-content/{LANGUAGE}/TXT/?uri=CELEX:32003R1435",
            (
                "The statute of the European cooperative: how members vote (Article 59)",
                "Le statut de la coopérative européenne : comment votent les membres (article 59)",
                "Het statuut van de Europese coöperatie: hoe leden stemmen (artikel 59)",
                "Das Statut der Europäischen Genossenschaft: wie Mitglieder stimmen (Artikel 59)",
            ),
        ),
    ),
}
