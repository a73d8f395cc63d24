"""The first steps by which a guide gets ready; coordinators change them in the admin."""

from django.db import migrations

STEPS = [
    (
        "what-guiding-is",
        {
            "en": "What a guide does, and does not",
            "fr": "Ce que fait un guide, et ce qu’il ne fait pas",
            "nl": "Wat een gids doet, en wat niet",
            "de": "Was eine Begleitung leistet und was nicht",
        },
        {
            "en": "You share what you have lived through and ask good questions. You do not decide, do the work or give "
            "legal advice.",
            "fr": "Vous partagez votre expérience et posez de bonnes questions. Vous ne décidez pas, ne faites pas le "
            "travail et ne donnez pas de conseil juridique.",
            "nl": "Je deelt wat je hebt meegemaakt en stelt goede vragen. Je beslist niet, doet het werk niet en geeft "
            "geen juridisch advies.",
            "de": "Sie teilen Ihre Erfahrung und stellen gute Fragen. Sie entscheiden nicht, nehmen keine Arbeit ab und "
            "geben keine Rechtsberatung.",
        },
    ),
    (
        "first-talk",
        {
            "en": "The first talk",
            "fr": "Le premier entretien",
            "nl": "Het eerste gesprek",
            "de": "Das erste Gespräch",
        },
        {
            "en": "Agree how long, how often and what for. A clear length keeps more pairs together than good will.",
            "fr": "Convenez de la durée, du rythme et du but. Une durée claire fait tenir plus de duos que la bonne "
            "volonté.",
            "nl": "Spreek af hoe lang, hoe vaak en waarvoor. Een duidelijke duur houdt meer duo’s samen dan goede wil.",
            "de": "Vereinbaren Sie Dauer, Rhythmus und Ziel. Eine klare Dauer hält mehr Paare zusammen als guter Wille.",
        },
    ),
    (
        "listening",
        {
            "en": "Listen first",
            "fr": "Écouter d’abord",
            "nl": "Eerst luisteren",
            "de": "Zuerst zuhören",
        },
        {
            "en": "Let the other speak for two thirds of the time. Ask what they have tried before you tell what you "
            "would do.",
            "fr": "Laissez l’autre parler les deux tiers du temps. Demandez ce qui a été essayé avant de dire ce que "
            "vous feriez.",
            "nl": "Laat de ander twee derde van de tijd praten. Vraag wat al geprobeerd is voor je zegt wat jij zou "
            "doen.",
            "de": "Lassen Sie die andere Person zwei Drittel der Zeit reden. Fragen Sie, was schon versucht wurde, "
            "bevor Sie sagen, was Sie täten.",
        },
    ),
    (
        "boundaries",
        {
            "en": "What stays between you, and when to ask for help",
            "fr": "Ce qui reste entre vous, et quand demander de l’aide",
            "nl": "Wat onder jullie blijft, en wanneer je hulp vraagt",
            "de": "Was unter Ihnen bleibt und wann Sie Hilfe holen",
        },
        {
            "en": "What is said stays between you. If somebody is in trouble, a coordinator can help; ask them whether "
            "they want that.",
            "fr": "Ce qui est dit reste entre vous. Si quelqu’un va mal, une personne de la coordination peut aider ; "
            "demandez si c’est souhaité.",
            "nl": "Wat gezegd wordt, blijft onder jullie. Zit iemand in moeilijkheden, dan kan een coördinator helpen; "
            "vraag of dat gewenst is.",
            "de": "Was gesagt wird, bleibt unter Ihnen. Ist jemand in Not, kann die Koordination helfen; fragen Sie, ob "
            "das gewünscht ist.",
        },
    ),
    (
        "ending-well",
        {
            "en": "End it well",
            "fr": "Bien terminer",
            "nl": "Goed afsluiten",
            "de": "Gut abschließen",
        },
        {
            "en": "Look back together at what was reached, say thank you, and say whether you would go on.",
            "fr": "Regardez ensemble ce qui a été atteint, remerciez-vous et dites si vous continueriez.",
            "nl": "Kijk samen terug op wat bereikt is, bedank elkaar en zeg of je zou doorgaan.",
            "de": "Blicken Sie gemeinsam auf das Erreichte zurück, danken Sie einander und sagen Sie, ob Sie "
            "weitermachen würden.",
        },
    ),
]


def fill(apps, schema_editor):
    step = apps.get_model("mentoring", "TrainingStep")
    for place, (key, titles, texts) in enumerate(STEPS, start=1):
        step.objects.get_or_create(key=key, defaults={"place": place, "titles": titles, "texts": texts})


class Migration(migrations.Migration):
    replaces = [("mentoring", "0008_steps_to_become_a_guide")]
    dependencies = [("mentoring", "0001_tables")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
