"""How people of the demo ask and are asked: what guides offer, talks, next choices, peers, a line, open hours, a collective that guides."""

import datetime as dt
from collections.abc import Sequence

from backend.collectives.models import Collective
from backend.demo import talk
from backend.errors import Refusal
from backend.members.models import Member
from backend.mentoring import actions, asking, collective_guiding, deadlines, guiding, open_hours, rules, waiting
from backend.mentoring.models import Guiding, Kind, MentorshipRequest, TrainingStep

DAY = dt.timedelta(days=1)
HABIT_DAYS = (130, 100, 70, 45)
"""So long ago Grace was asked for a talk, and answered the next morning."""

OFFERS = {
    "en": ("Prices, first contracts, saying no in time.", "Tax law of other countries."),
    "fr": ("Les prix, les premiers contrats, savoir dire non à temps.", "Le droit fiscal d’autres pays."),
    "nl": ("Prijzen, eerste contracten, op tijd nee zeggen.", "Belastingrecht van andere landen."),
    "de": ("Preise, erste Verträge, rechtzeitig Nein sagen.", "Steuerrecht anderer Länder."),
}
HOURS = {
    "en": "Your first offer, read together",
    "fr": "Votre premier devis, lu ensemble",
    "nl": "Je eerste offerte, samen gelezen",
    "de": "Ihr erstes Angebot, gemeinsam gelesen",
}


def offer(guides: Sequence[Member], at: dt.datetime) -> None:
    """The first guides say what they offer; one in five is employed for it."""
    steps = list(TrainingStep.objects.all())
    for number, guide in enumerate(guides[:15]):
        can, cannot = OFFERS[guide.language]
        wish = {"talks_a_month": 2 + number % 3, "circle_seats": 6, "can_help": can, "cannot_help": cannot}
        guiding.set_guiding(member=guide, wish=wish, at=at - 150 * DAY)
        for step in steps[: len(steps) - number % 3]:
            guiding.tick(member=guide, step=step, is_done=True, at=at - 140 * DAY)
    advisers = [guide.pk for guide in guides[4:15:5]]
    Guiding.objects.filter(pk__in=advisers).update(role=Guiding.Role.ADVISER)


def ask_around(grace: Member, guides: Sequence[Member], newcomers: Sequence[Member], at: dt.datetime) -> None:
    """Talks, talks before choosing, peers, a wish with next choices, and somebody who waits for a place."""
    for days, person in zip(HABIT_DAYS, newcomers, strict=False):
        asked = at - days * DAY
        if request := _ask(person, grace, Kind.ADVICE, asked):
            actions.accept(request=request, by=grace, at=asked + dt.timedelta(hours=20))
        deadlines.end_talks(at=asked + 31 * DAY)
    rest = list(newcomers[len(HABIT_DAYS) :])
    others = [guide for guide in guides if guide != grace and rules.places_open(guide)]
    for number, person in enumerate(rest[:3]):
        for guide in others[3 * number : 3 * number + 2]:
            request = _ask(person, guide, Kind.TASTER, at - 5 * DAY)
            if request is not None and number != 2:
                actions.accept(request=request, by=guide, at=at - 4 * DAY)
    for person, peer in zip(rest[3:6], rest[6:9], strict=False):
        if request := _ask(person, peer, Kind.PEER, at - 6 * DAY):
            actions.accept(request=request, by=peer, at=at - 5 * DAY)
    for number, person in enumerate(rest[9:12]):
        further = asking.Further(choices=others[number + 1 : number + 4])
        _ask(person, others[number], Kind.SPONSORSHIP, at - 2 * DAY, further)
    full = [guide for guide in guides if not rules.places_open(guide)]
    for guide, person in zip(full[:3], rest[12:15], strict=False):
        waiting.wait_for(member=person, mentor=guide, track=guide.guide_tracks[0], at=at - 3 * DAY)
    deadlines.keep(at=at)


def keep_open(grace: Member, guides: Sequence[Member], newcomers: Sequence[Member], at: dt.datetime) -> None:
    """Grace every Wednesday online, three others once at a place; one hour is taken."""
    morning = at.replace(hour=9, minute=0, second=0, microsecond=0)
    wednesday = morning + ((2 - morning.weekday()) % 7 or 7) * DAY
    weeks = [wednesday + week * 7 * DAY for week in range(4)]
    link = "https://meet.example/grace"
    kept = open_hours.offer(
        guide=grace, starts_at=weeks, minutes=45, link=link, about=HOURS[grace.language], at=at - DAY
    )
    for number, guide in enumerate([one for one in guides if one != grace][:3]):
        start = wednesday + (number + 1) * DAY + dt.timedelta(hours=number)
        open_hours.offer(
            guide=guide, starts_at=[start], minutes=30, place=guide.city, about=HOURS[guide.language], at=at - DAY
        )
    open_hours.take(hour=kept[0], member=newcomers[0], question=talk.REQUESTS["en"].format(skill="my price"), at=at)


def guide_together(collective: Collective, at: dt.datetime) -> None:
    """A collective takes on one at a time."""
    steward = collective.memberships.select_related("member").get(role="steward").member
    can = {"places": 1, "tracks": ["economic", "cooperative"], "can_help": OFFERS[steward.language][0]}
    collective_guiding.set_guiding(collective=collective, by=steward, wish=can)


def _ask(
    mentee: Member, mentor: Member, kind: Kind, at: dt.datetime, further: asking.Further | None = None
) -> MentorshipRequest | None:
    """None where these two cannot: one story fewer."""
    shared = {row.code for row in mentee.languages.all()} & {row.code for row in mentor.languages.all()}
    words = next((code for code in (mentee.language, "en", "fr", "nl", "de") if code in shared), "en")
    wishes = [want.skill for want in mentee.wants.select_related("skill")][:2]
    skill = wishes[0].name_in(words) if wishes else ""
    track = "cooperative" if kind == Kind.PEER else mentor.guide_tracks[0]
    message = talk.REQUESTS[words].format(skill=skill)
    try:
        return actions.ask(
            mentee=mentee,
            mentor=mentor,
            track=track,
            wishes=wishes,
            message=message,
            at=at,
            kind=kind,
            further=further or asking.Further(),
        )
    except Refusal:
        return None
