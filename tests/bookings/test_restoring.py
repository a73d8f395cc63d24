"""Taking a cancelling back: the same booking again, as long as nobody has its time and the rules let it be."""

from functools import partial

import pytest
from django.utils import timezone

from backend.bookings import actions
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, Rule
from backend.bookings.restoring import restore
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_resource, at_once, soon
from tests.bookings.test_waiting import status, waits
from tests.cast import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db


def test_who_cancelled_gets_the_same_booking_back_and_those_concerned_hear_of_it() -> None:
    ada, guest, studio = a_member("Ada"), a_member("Gus"), a_resource()
    booking = a_booking(ada, studio, people=[guest.pk], title="Choir")
    actions.cancel(member=ada, booking=booking, at=NOW)
    restore(member=ada, booking=booking, at=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.ending, booking.cancelled_at, booking.cancelled_by) == ("confirmed", "", None, None)
    assert Allocation.objects.filter(active=True).count() == 1
    kinds = list(Notice.objects.filter(member=guest).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["booking_made", "booking_cancelled", "booking_restored"]
    assert list(faults(NOW)) == []
    with pytest.raises(Conflict) as again:
        restore(member=ada, booking=booking, at=NOW)
    assert again.value.code == "not_cancelled"


def test_nobody_else_and_nothing_that_ended_otherwise_or_has_begun_comes_back() -> None:
    ada, steward, fellow, stranger = (a_member(name) for name in ("Ada", "Sue", "Fay", "Stan"))
    studio = a_resource()
    booking = a_booking(ada, studio, collective=a_collective(ada, steward, fellow, steward=steward).pk)
    actions.cancel(member=steward, booking=booking, at=NOW)
    for person, refusal in ((ada, NotAllowed), (fellow, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            restore(member=person, booking=booking, at=NOW)
    with pytest.raises(Conflict) as late:
        restore(member=steward, booking=booking, at=booking.starts_at)
    assert late.value.code == "already_over"
    restore(member=steward, booking=booking, at=NOW)
    Booking.objects.update(status="cancelled", ending="out_of_use", cancelled_by=ada)
    with pytest.raises(NotAllowed):
        restore(member=ada, booking=booking, at=NOW)


def test_what_somebody_has_taken_meanwhile_is_told_with_what_is_free_instead() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    a_booking(bob, studio, hours=(10, 12))
    with pytest.raises(Conflict) as refusal:
        restore(member=ada, booking=booking, at=NOW)
    assert refusal.value.code == "slot_taken"
    assert refusal.value.extra["alternatives"][0]["starts_at"] == "2026-11-30T08:00:00Z"
    booking.refresh_from_db()
    assert (booking.status, booking.cancelled_by) == ("cancelled", ada)


def test_who_waited_has_had_their_turn() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    with pytest.raises(Conflict):
        restore(member=ada, booking=booking, at=NOW)
    assert status(wait) == "offered"
    # An offer that was let go is not taken back: it has gone to the next.
    assert wait.offer is not None
    actions.cancel(member=bob, booking=wait.offer, at=NOW)
    with pytest.raises(NotAllowed):
        restore(member=bob, booking=wait.offer, at=NOW)


def test_an_offer_that_is_over_stands_in_nobodys_way() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    restore(member=ada, booking=booking, at=NOW + 25 * HOUR)
    assert (booking.status, status(wait)) == ("confirmed", "expired")
    assert list(faults(NOW)) == []


def test_every_rule_is_asked_again() -> None:
    ada, host, studio = a_member("Ada"), a_member("Hanna"), a_resource()
    studio.place.hosts.add(host)
    booking = a_booking(ada, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    quota = Rule.objects.create(resource=studio, what="quota", terms={"per": "member", "period": "week", "count": 0})
    with pytest.raises(Invalid):
        restore(member=ada, booking=booking, at=NOW)
    quota.delete()
    Rule.objects.create(resource=studio, what="approval", terms={"risk": "Long", "when": "longer_than", "minutes": 60})
    restore(member=ada, booking=booking, at=NOW)
    assert (booking.status, Notice.objects.get(member=host).kind) == ("requested", "booking_to_approve")
    actions.approve(member=host, booking=booking, at=NOW)
    actions.cancel(member=ada, booking=booking, at=NOW)
    restore(member=ada, booking=booking, at=NOW)
    assert booking.status == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_booked_at_once_it_goes_to_one() -> None:
    an_organisation()
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    results = at_once(partial(restore, member=ada, booking=booking, at=NOW), partial(a_booking, bob, studio))
    assert [it.code for it in results if isinstance(it, Refusal)] == ["slot_taken"]
    assert Allocation.objects.filter(active=True).count() == 1
    assert list(faults(NOW)) == []


def test_through_the_api_it_is_offered_to_who_may() -> None:
    ada, guest, studio, start = a_member("Ada"), a_member("Gus"), a_resource(), soon()
    mine = a_booking(ada, studio, starts_at=start, ends_at=start + HOUR, people=[guest.pk], at=timezone.now())
    assert signed_in(ada).post(f"/api/bookings/{mine.pk}/cancel/").json()["may"]["restore"] is True
    assert signed_in(guest).get(f"/api/bookings/{mine.pk}/").json()["may"]["restore"] is False
    assert signed_in(guest).post(f"/api/bookings/{mine.pk}/restore/").status_code == 403
    back = signed_in(ada).post(f"/api/bookings/{mine.pk}/restore/")
    assert (back.status_code, back.json()["status"], back.json()["may"]["restore"]) == (200, "confirmed", False)
