"""The invented cooperative."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from backend.bookings.models import Booking, Handover, InductionSession, Place, Resource, Rule
from backend.calls.models import Call, CallAnswer
from backend.collectives.models import Collective
from backend.consultations.models import Consultation
from backend.conversations.models import Event, Mention, Reaction, Room
from backend.decisions.models import Proposal
from backend.demo import coordinating
from backend.demo.people import GUIDE_EMAIL, NEWCOMER_EMAIL
from backend.members.models import Member, Organisation
from backend.mentoring import first_talks, habits, learning
from backend.mentoring.models import (
    CircleMeeting,
    GuideWait,
    Mentorship,
    MentorshipRequest,
    MentorshipSession,
    NextChoice,
    OpenHour,
    PairWish,
    Programme,
    TalkRound,
)

pytestmark = pytest.mark.django_db
AT = "2026-11-23T10:00:00+00:00"
MOMENT = dt.datetime.fromisoformat(AT)


def seed(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def test_the_demo_is_lively_and_keeps_its_promises() -> None:
    said = seed("--at", AT)
    assert NEWCOMER_EMAIL in said
    assert GUIDE_EMAIL in said
    counted = [model.objects.count() for model in (Organisation, Member, Place, Resource, Collective)]
    assert counted == [3, 150, 12, 69, 8]
    assert {*MentorshipRequest.objects.values_list("status", flat=True)} == {
        "pending",
        "accepted",
        "declined",
        "withdrawn",
        "expired",
    }
    assert {*Mentorship.objects.values_list("kind", flat=True)} == {"sponsorship", "advice", "taster", "peer"}
    assert (GuideWait.objects.count() >= 1, OpenHour.objects.count(), NextChoice.objects.count() >= 3) == (
        True,
        7,
        True,
    )
    grace = Member.objects.get(email=GUIDE_EMAIL)
    assert habits.usually_answer_within([grace.pk], at=MOMENT) == {grace.pk: 1}
    assert {*Mentorship.objects.values_list("status", flat=True)} == {"active", "closed"}
    assert {*MentorshipSession.objects.values_list("state", flat=True)} == {"agreed", "held", "proposed"}
    met = MentorshipSession.objects.get(booking__isnull=False)
    assert {met.mentorship.mentor.timezone, met.mentorship.mentee.timezone} == {"Europe/Brussels", "Europe/Lisbon"}
    assert Booking.objects.count() > 200
    assert Event.objects.filter(kind="message").count() > 60
    rooms = Room.objects.exclude(kind__in=["collective", "mentorship", "open"])
    assert {*rooms.values_list("kind", flat=True)} == {"trade", "place", "topic", "circle"}
    assert rooms.filter(about_id__isnull=False, pins__isnull=False, topics__isnull=False).exists()
    spoken = Event.objects.filter(room__in=rooms, kind="message").values_list("language", flat=True)
    assert {*spoken} == {"en", "fr", "nl", "de"}
    assert (Reaction.objects.count() >= 10, Mention.objects.count()) == (True, 2)
    assert len({*Member.objects.values_list("country", flat=True)}) >= 6
    assert Member.objects.exclude(photo="").count() > 75
    call_command("check_allocations", stdout=StringIO())
    whats = {"approval", "buffers", "cost", "induction", "length", "quota"}
    assert {*Rule.objects.values_list("what", flat=True)} == whats
    assert Place.objects.filter(hosts__email=GUIDE_EMAIL, closed_on_holidays=True, openings__weekday=6).count() == 1
    wholes = {*Resource.objects.filter(is_composed=True).values_list("name", flat=True)}
    assert wholes == {"Quay hall", "Interview kit", "Presentation kit"}
    out = Handover.objects.filter(returned_at__isnull=True).order_by("taken_at")
    assert [(row.unit and row.unit.label, row.booking.ends_at < MOMENT) for row in out] == [
        ("P1", True), ("L1", False), ("L2", False),
    ]  # fmt: skip
    assert InductionSession.objects.filter(induction__place__latitude__isnull=False).count() == 3
    grace, programme = Member.objects.get(email=GUIDE_EMAIL), Programme.objects.get(name="Premiers pas")
    assert learning.propose(programme=programme, by=grace, at=MOMENT).points["hours"] > 100
    shared = Programme.objects.get(name=coordinating.NAME)
    roles = [shared.participants.filter(role=role).count() for role in ("mentee", "mentor")]
    assert (shared.partners.count(), roles) == (2, [coordinating.PEOPLE, coordinating.GUIDES])
    wished = PairWish.objects.filter(participant__programme=shared)
    assert wished.filter(rank=1).exists()
    assert wished.filter(rank=None).exclude(reason="").exists()
    # Two stages: talks are under way, and what was said of them is counted. The newcomer has three people to talk with.
    (talks,) = TalkRound.objects.filter(state="talking")
    told = first_talks.progress_of(talks)
    assert told["mentees"] >= 6
    assert told["asked"] > told["granted"] > told["rated_by_both"] > 0
    assert talks.talks.filter(mentee__email=NEWCOMER_EMAIL, mentee_word=None).count() == 3
    # A circle meets in a room that is booked for it.
    assert CircleMeeting.objects.filter(booking__status="confirmed", starts_at__gt=MOMENT).exists()
    assert Call.objects.filter(state="open", suggested_at__isnull=False).count() == 4
    assert CallAnswer.objects.get().call.author == grace
    # Everyone is asked, at home and everywhere; a vote that is over says how each country voted.
    asked = Consultation.objects.order_by("organisation", "state").values_list("organisation__name", "state")
    assert {(name is None, state) for name, state in asked} == {
        (False, "collecting"), (False, "concluded"), (True, "discussion"), (True, "concluded"),
    }  # fmt: skip
    meeting = Proposal.objects.get(consultation__organisation=None, consultation__state="concluded")
    assert len((meeting.result or {})["countries"]) >= 3
    assert not Member.objects.filter(is_superuser=True).exists()
    # A second time is refused, unless it is asked to mind what is there.
    with pytest.raises(CommandError):
        seed()
    assert seed("--if-empty") == ""
    assert Member.objects.count() == 150


@override_settings(PRODUCTION=True)
def test_a_production_database_never_gets_a_public_password() -> None:
    with pytest.raises(CommandError):
        seed()
    assert not Member.objects.exists()
