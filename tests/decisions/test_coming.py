"""What is coming in a collective: one list by date, for its members alone."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from backend.bookings import feeds
from backend.bookings.models import Booking, BookingItem, Feed
from backend.calls import actions as calls
from backend.collectives import actions as collectives
from backend.collectives import belonging
from backend.collectives.models import Collective
from backend.decisions import closing
from backend.decisions.coming import coming
from backend.decisions.models import Outcome, Proposal
from backend.errors import NotFound
from backend.members.models import Member
from tests.bookings.cast import a_resource
from tests.cast import a_member, a_skill, signed_in
from tests.decisions import END, NOW, says, three, voted_on

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def busy() -> tuple[Collective, Member, Member]:
    """A collective with a vote that goes on, a time that was chosen, a decision that comes back, a booking and a call."""
    collective, ada, ben, _cleo = three()
    times = [{"starts_at": NOW + days * DAY, "ends_at": NOW + days * DAY + HOUR} for days in (10, 11)]
    poll = voted_on(collective, ada, "dates", title="When?", options=times)
    later = poll.options.get(position=1)
    says(poll, ada, dates={str(later.pk): "yes"})
    says(poll, ben, dates={str(later.pk): "yes"})
    closing.close_due(at=END)
    Outcome.objects.create(
        proposal=poll, text="Then.", review_on=(NOW + 20 * DAY).date(), written_by=ada, written_at=END
    )
    vote = voted_on(collective, ada, title="A van")
    type(vote).objects.filter(pk=vote.pk).update(closes_at=NOW + 5 * DAY)
    van = a_resource(name="Van")
    lent = Booking.objects.create(
        member=ada, collective=collective, starts_at=NOW + 4 * DAY, ends_at=NOW + 4 * DAY + HOUR, created_at=NOW
    )
    BookingItem.objects.create(booking=lent, resource=van)
    calls.open_call(
        member=ada, collective=collective, title="Hands", text="", offer="", is_remote=True, country="", city="",
        starts_on=None, ends_on=None, open_until=(NOW + 6 * DAY).date(), skills=[{"skill": a_skill(), "level": 2, "people": 1}], at=NOW,
    )  # fmt: skip
    return collective, ada, ben


def told(collective: Collective, viewer: Member) -> list[tuple[Any, ...]]:
    rows = coming(collective, viewer=viewer, at=END)
    return [(row.kind, row.title, (row.starts_at - NOW).days, row.ends_at is not None) for row in rows]


def test_bookings_chosen_times_and_ends_of_votes_and_calls_stand_in_one_list_by_date() -> None:
    collective, ada, ben = busy()
    everything = [
        ("booking", "Van", 4, True), ("vote", "A van", 5, False), ("call", "Hands", 6, False), ("meeting", "When?", 11, True),
        ("review", "When?", 19, False),
    ]  # fmt: skip
    assert told(collective, ada) == told(collective, ben) == everything
    belonging.go_on_leave(collective=collective, member=ben, at=NOW)
    assert told(collective, ben) == everything[1:]


def test_strangers_learn_nothing_of_what_is_coming() -> None:
    collective, ada, _ben = busy()
    stranger = a_member("Stranger")
    path = f"/api/collectives/{collective.pk}/coming/"
    assert signed_in(ada).get(path).status_code == 200
    missing = signed_in(stranger).get("/api/collectives/999999/coming/")
    for listed in (True, False):
        Collective.objects.filter(pk=collective.pk).update(is_listed=listed)
        answer = signed_in(stranger).get(path)
        assert (answer.status_code, answer.json()) == (404, missing.json())
    with pytest.raises(NotFound):
        coming(collective, viewer=stranger, at=END)


@pytest.mark.parametrize("votes", [1, 3])
def test_the_calendar_takes_the_same_queries_for_one_vote_and_for_three(
    votes: int, django_assert_num_queries: Any
) -> None:
    collective, ada, _ben, _cleo = three()
    for number in range(votes):
        voted_on(collective, ada, title=f"Vote {number}")
    collective = Collective.objects.get(pk=collective.pk)
    with django_assert_num_queries(8):
        assert len(coming(collective, viewer=ada, at=NOW)) == votes


def events_for(viewer: Member, collective: Collective, at: dt.datetime = END) -> list[Any]:
    feed, _is_new = feeds.open_feed(member=viewer, collective=collective.pk, at=NOW)
    return list(Calendar.from_ical(feeds.calendar_of(feed.token, at=at)).walk("VEVENT"))


def test_the_feed_of_a_collective_has_its_bookings_its_chosen_times_and_its_deadlines() -> None:
    collective, ada, _ben = busy()
    Member.objects.filter(pk=ada.pk).update(language="de", timezone="Europe/Lisbon")
    feed = events_for(ada, collective)
    assert [str(event["summary"]) for event in feed] == [
        "Van", "When?", "Abstimmung endet: A van", "Noch einmal ansehen: When?", "Aufruf endet: Hands",
    ]  # fmt: skip
    _van, poll, vote, review, call = feed
    assert (poll.start, poll.end) == (NOW + 11 * DAY, NOW + 11 * DAY + HOUR)
    assert (vote.start, str(vote.start.tzinfo), "dtend" in vote) == (NOW + 5 * DAY, "Europe/Lisbon", False)
    assert review.start == (NOW + 20 * DAY).date()
    assert [str(event["transp"]) for event in (vote, review, call)] == ["TRANSPARENT"] * 3
    assert "transp" not in poll
    assert str(vote["url"]).endswith(f"/members/decision?id={Proposal.objects.get(title='A van').pk}")
    assert len({str(event["uid"]) for event in feed}) == 5
    assert feeds.calendar_of(Feed.objects.get().token, at=END) == feeds.calendar_of(Feed.objects.get().token, at=END)


def test_what_has_ended_is_in_the_feed_no_more_nor_is_anything_for_who_has_left() -> None:
    collective, ada, ben = busy()
    assert len(events_for(ben, collective)) == 5
    closing.close_due(at=NOW + 6 * DAY)
    assert "A van" not in " ".join(str(event["summary"]) for event in events_for(ada, collective))
    collectives.leave(collective=collective, member=ben, at=NOW)
    with pytest.raises(NotFound):
        feeds.calendar_of(Feed.objects.get(member=ben).token, at=END)
    Collective.objects.filter(pk=collective.pk).update(closed_at=NOW)
    assert [str(event["summary"]) for event in events_for(ada, collective)] == ["Van"]
