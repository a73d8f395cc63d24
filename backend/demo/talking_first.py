"""A programme in its first of two stages: short talks are proposed, some were asked for and granted, and some people have said how it was."""

import datetime as dt
from collections import Counter

from backend.demo import talk
from backend.errors import Refusal
from backend.members.models import Member, Organisation
from backend.mentoring import actions, first_talks, programmes
from backend.mentoring.models import FirstTalk, Participant, Programme

NAME = "Trois entretiens / Drie gesprekken"
ABOUT = (
    "Three short talks, and then a guide to find your place among us. / Trois petits entretiens, puis un guide pour trouver sa place. / "
    "Drie korte gesprekken, en dan een gids om je plek te vinden. / Drei kurze Gespräche, und dann Begleitung zum eigenen Platz."
)
DAY = dt.timedelta(days=1)
LOOKING, GUIDES, TALKS_MOST = 8, 5, 5


def talk_first(
    coordinator: Member, noor: Member, guides: list[Member], newcomers: list[Member], at: dt.datetime
) -> None:
    """Since six days, for two weeks more. Noor has three people to talk with, and has not begun."""
    began = at - 6 * DAY
    home = Organisation.objects.get(slug="ateliers-unis")
    made = Programme.objects.create(
        organisation=home, name=NAME, track="cooperative", takes=Programme.Takes.JOINED, about=ABOUT,
        starts_on=began.date(), ends_on=began.date() + 180 * DAY, most_wishes=3, created_at=began - 14 * DAY,
    )  # fmt: skip
    made.partners.set(Organisation.objects.exclude(pk=home.pk))
    made.coordinators.add(coordinator)
    ready = [one for one in guides if "cooperative" in one.guide_tracks and one.guide_capacity and one != coordinator]
    for role, people, many in (("mentor", ready, GUIDES), ("mentee", [noor, *newcomers], LOOKING)):
        _take_in(made, role, people, many, began - 7 * DAY)
    held = first_talks.begin(programme=made, by=coordinator, until=(at + 14 * DAY).date(), at=began)
    first_talks.propose(held, _pairs(made), at=began)
    talks = FirstTalk.objects.filter(round=held).select_related("mentee", "mentor").order_by("pk")
    for number, one in enumerate(talks.exclude(mentee=noor)):
        if number % 4 != 3:
            _talked(one, number, began + DAY)


def _pairs(programme: Programme) -> list[tuple[int, int]]:
    """Each with up to three who speak a language of theirs, nobody with more than five. The engine is asked only where people are known."""
    people = programme.participants.select_related("member").prefetch_related("member__languages").order_by("pk")
    speaks = {row.member_id: {one.code for one in row.member.languages.all()} for row in people}
    guides = [row.member_id for row in people if row.role == Participant.Role.MENTOR]
    busy = Counter[int]()
    found = []
    for row in people:
        if row.role == Participant.Role.MENTEE:
            near = [one for one in guides if speaks[one] & speaks[row.member_id] and busy[one] < TALKS_MOST]
            for guide in sorted(near, key=lambda one: (busy[one], one))[: first_talks.TALKS_EACH]:
                busy[guide] += 1
                found.append((row.member_id, guide))
    return found


def _take_in(programme: Programme, role: str, people: list[Member], many: int, at: dt.datetime) -> None:
    """The first so many who can take part."""
    for member in people:
        if programme.participants.filter(role=role).count() == many:
            return
        try:
            programmes.join(programme=programme, member=member, role=Participant.Role(role), answers=(), at=at)
        except Refusal:
            continue


def _talked(one: FirstTalk, number: int, at: dt.datetime) -> None:
    """Asked; two of three granted; of those, one has spoken on both sides and one on one."""
    words = one.mentee.language if one.mentee.language in talk.REQUESTS else "en"
    wishes = [want.skill for want in one.mentee.wants.select_related("skill")][:1]
    message = talk.REQUESTS[words].format(skill=wishes[0].name_in(words) if wishes else "")
    try:
        request = actions.ask(
            mentee=one.mentee, mentor=one.mentor, track="cooperative", wishes=wishes, message=message, kind="taster", at=at
        )  # fmt: skip
        if number % 3:
            actions.accept(request=request, by=one.mentor, at=at + DAY)
            first_talks.rate(talk=one, by=one.mentee, word=FirstTalk.Word.VERY_GLADLY - number % 2, at=at + 3 * DAY)
        if number % 3 == 2:
            first_talks.rate(talk=one, by=one.mentor, word=FirstTalk.Word.GLADLY, at=at + 3 * DAY)
    except Refusal:
        return  # These two cannot: one story fewer.
