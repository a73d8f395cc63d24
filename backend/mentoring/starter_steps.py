"""The steps of the journeys that an installation begins with: week, name, what it is about, questions; each in en, fr, nl, de."""

from typing import Any

Step = tuple[Any, ...]

SOCIAL: tuple[Step, ...] = (
    (
        1,
        ("Where I stand", "Où j’en suis", "Waar ik sta", "Wo ich stehe"),
        (
            "How you work today, what you live on, and what worries you.",
            "Comment vous travaillez aujourd’hui, de quoi vous vivez et ce qui vous inquiète.",
            "Hoe je vandaag werkt, waarvan je leeft en waar je wakker van ligt.",
            "Wie Sie heute arbeiten, wovon Sie leben und was Ihnen Sorgen macht.",
        ),
        (
            "What does a normal week look like?",
            "À quoi ressemble une semaine ordinaire ?",
            "Hoe ziet een gewone week eruit?",
            "Wie sieht eine gewöhnliche Woche aus?",
        ),
        (
            "What would you like to be different in a year?",
            "Qu’aimeriez-vous voir changé dans un an ?",
            "Wat wil je over een jaar anders zien?",
            "Was soll in einem Jahr anders sein?",
        ),
    ),
    (
        3,
        ("My rights", "Mes droits", "Mijn rechten", "Meine Rechte"),
        (
            "Contracts, sickness, parents’ leave, unemployment: what covers you, and from when.",
            "Contrats, maladie, congé parental, chômage : ce qui vous couvre, et à partir de quand.",
            "Contracten, ziekte, ouderschapsverlof, werkloosheid: wat je dekt, en vanaf wanneer.",
            "Verträge, Krankheit, Elternzeit, Arbeitslosigkeit: was Sie absichert, und ab wann.",
        ),
        (
            "What happens if you cannot work for a month?",
            "Que se passe-t-il si vous ne pouvez pas travailler pendant un mois ?",
            "Wat gebeurt er als je een maand niet kunt werken?",
            "Was geschieht, wenn Sie einen Monat nicht arbeiten können?",
        ),
    ),
    (
        6,
        ("A rhythm that lasts", "Un rythme qui tient", "Een ritme dat je volhoudt", "Ein Rhythmus, der trägt"),
        (
            "Hours, breaks, quiet months and busy ones.",
            "Les heures, les pauses, les mois calmes et les mois chargés.",
            "Uren, pauzes, stille maanden en drukke.",
            "Stunden, Pausen, ruhige Monate und volle.",
        ),
        (
            "When did you last have a week off?",
            "À quand remonte votre dernière semaine de repos ?",
            "Wanneer had je voor het laatst een week vrij?",
            "Wann hatten Sie zuletzt eine Woche frei?",
        ),
        (
            "Whom can you call when it is too much?",
            "Qui pouvez-vous appeler quand c’est trop ?",
            "Wie kun je bellen als het te veel wordt?",
            "Wen können Sie anrufen, wenn es zu viel wird?",
        ),
    ),
    (
        12,
        ("Looking back", "Regarder en arrière", "Terugblikken", "Zurückblicken"),
        (
            "What has become better, and what you keep for yourself from now on.",
            "Ce qui s’est amélioré, et ce que vous gardez désormais.",
            "Wat beter is geworden, en wat je voortaan vasthoudt.",
            "Was besser geworden ist und was Sie von nun an beibehalten.",
        ),
        (
            "What would you tell someone who begins today?",
            "Que diriez-vous à quelqu’un qui commence aujourd’hui ?",
            "Wat zou je zeggen tegen iemand die vandaag begint?",
            "Was würden Sie jemandem sagen, der heute anfängt?",
        ),
    ),
)
ECONOMIC: tuple[Step, ...] = (
    (
        1,
        ("What I offer", "Ce que je propose", "Wat ik aanbied", "Was ich anbiete"),
        (
            "Your work in two sentences that a neighbour understands.",
            "Votre travail en deux phrases qu’un voisin comprend.",
            "Je werk in twee zinnen die een buur begrijpt.",
            "Ihre Arbeit in zwei Sätzen, die eine Nachbarin versteht.",
        ),
        (
            "Who needs this most, and why from you?",
            "Qui en a le plus besoin, et pourquoi de votre part ?",
            "Wie heeft dit het meest nodig, en waarom van jou?",
            "Wer braucht das am meisten, und warum von Ihnen?",
        ),
    ),
    (
        3,
        ("What it costs", "Ce que ça coûte", "Wat het kost", "Was es kostet"),
        (
            "Days that you can sell, what they must bring in, and a price to say out loud.",
            "Les jours que vous pouvez vendre, ce qu’ils doivent rapporter, et un prix à dire à voix haute.",
            "Dagen die je kunt verkopen, wat ze moeten opbrengen, en een prijs om hardop te zeggen.",
            "Tage, die Sie verkaufen können, was sie einbringen müssen, und ein Preis zum laut Sagen.",
        ),
        (
            "How many days a month can you really sell?",
            "Combien de jours par mois pouvez-vous vraiment vendre ?",
            "Hoeveel dagen per maand kun je echt verkopen?",
            "Wie viele Tage im Monat können Sie wirklich verkaufen?",
        ),
        (
            "What do you answer to “that is too expensive”?",
            "Que répondez-vous à « c’est trop cher » ?",
            "Wat antwoord je op “dat is te duur”?",
            "Was antworten Sie auf „das ist zu teuer“?",
        ),
    ),
    (
        6,
        ("The first clients", "Les premiers clients", "De eerste klanten", "Die ersten Kunden"),
        (
            "An offer, an order, an invoice, a reminder: once with your guide at your side.",
            "Un devis, une commande, une facture, un rappel : une fois avec votre guide à vos côtés.",
            "Een offerte, een order, een factuur, een herinnering: één keer met je gids naast je.",
            "Ein Angebot, ein Auftrag, eine Rechnung, eine Mahnung: einmal mit Begleitung an Ihrer Seite.",
        ),
        (
            "Which three people could you call this week?",
            "Quelles trois personnes pourriez-vous appeler cette semaine ?",
            "Welke drie mensen kun je deze week bellen?",
            "Welche drei Menschen könnten Sie diese Woche anrufen?",
        ),
    ),
    (
        10,
        ("Figures without fear", "Des chiffres sans peur", "Cijfers zonder angst", "Zahlen ohne Angst"),
        (
            "Turnover, costs, tax and what is left, on one page.",
            "Chiffre d’affaires, frais, impôts et ce qui reste, sur une page.",
            "Omzet, kosten, belasting en wat er overblijft, op één blad.",
            "Umsatz, Kosten, Steuern und was übrig bleibt, auf einer Seite.",
        ),
        (
            "Which figure do you look at every month?",
            "Quel chiffre regardez-vous chaque mois ?",
            "Naar welk cijfer kijk je elke maand?",
            "Auf welche Zahl schauen Sie jeden Monat?",
        ),
    ),
    (
        16,
        ("Working with others", "Travailler avec d’autres", "Met anderen werken", "Mit anderen arbeiten"),
        (
            "Jobs too big for one, and members who complete you.",
            "Des chantiers trop grands pour une personne, et des membres qui vous complètent.",
            "Opdrachten die te groot zijn voor één, en leden die je aanvullen.",
            "Aufträge, die für eine Person zu groß sind, und Mitglieder, die Sie ergänzen.",
        ),
        (
            "What would you take on if you were three?",
            "Qu’accepteriez-vous si vous étiez trois ?",
            "Wat zou je aannemen als je met drie was?",
            "Was würden Sie annehmen, wenn Sie zu dritt wären?",
        ),
    ),
)
COOPERATIVE: tuple[Step, ...] = (
    (
        1,
        ("Who we are", "Qui nous sommes", "Wie we zijn", "Wer wir sind"),
        (
            "How the cooperative came about, who belongs to it, and what it is there for.",
            "Comment la coopérative est née, qui en fait partie, et à quoi elle sert.",
            "Hoe de coöperatie ontstond, wie erbij hoort, en waarvoor ze er is.",
            "Wie die Genossenschaft entstanden ist, wer dazugehört und wozu es sie gibt.",
        ),
        (
            "What brought you here, and what made you stay?",
            "Qu’est-ce qui vous a amené ici, et qu’est-ce qui vous a fait rester ?",
            "Wat bracht je hier, en waarom bleef je?",
            "Was hat Sie hierhergebracht, und warum sind Sie geblieben?",
        ),
    ),
    (
        4,
        ("What we share", "Ce que nous partageons", "Wat we delen", "Was wir teilen"),
        (
            "Rooms, tools, knowledge: how to use them, and how to add to them.",
            "Des salles, des outils, du savoir : comment s’en servir, et comment y ajouter.",
            "Ruimtes, gereedschap, kennis: hoe je ze gebruikt, en hoe je iets toevoegt.",
            "Räume, Werkzeug, Wissen: wie man sie nutzt und wie man etwas beiträgt.",
        ),
        (
            "What do you have that others could use?",
            "Qu’avez-vous qui pourrait servir à d’autres ?",
            "Wat heb jij dat anderen kunnen gebruiken?",
            "Was haben Sie, das andere brauchen könnten?",
        ),
    ),
    (
        8,
        ("How we decide", "Comment nous décidons", "Hoe we beslissen", "Wie wir entscheiden"),
        (
            "One member, one vote: where proposals come from, and what becomes of them.",
            "Un membre, une voix : d’où viennent les propositions, et ce qu’elles deviennent.",
            "Eén lid, één stem: waar voorstellen vandaan komen, en wat ermee gebeurt.",
            "Ein Mitglied, eine Stimme: woher Vorschläge kommen und was aus ihnen wird.",
        ),
        (
            "Which decision would you like to have a say in?",
            "À quelle décision aimeriez-vous prendre part ?",
            "Over welke beslissing wil je meepraten?",
            "Bei welcher Entscheidung möchten Sie mitreden?",
        ),
    ),
    (
        14,
        ("My place in it", "Ma place", "Mijn plek erin", "Mein Platz darin"),
        (
            "A small task of your own, and someone with whom you do it.",
            "Une petite tâche à vous, et quelqu’un avec qui la faire.",
            "Een kleine taak van jezelf, en iemand met wie je ze doet.",
            "Eine kleine eigene Aufgabe und jemand, mit dem Sie sie tun.",
        ),
        (
            "What would you like to pass on yourself?",
            "Qu’aimeriez-vous transmettre à votre tour ?",
            "Wat wil je zelf doorgeven?",
            "Was möchten Sie selbst weitergeben?",
        ),
    ),
)
