"""Somebody leaves the cooperative: what only they would have used is there for others again."""

import datetime as dt

import pytest

from backend.bookings import actions, offering
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, Wait
from backend.members import actions as members
from backend.notices.models import Notice
from tests.bookings.cast import NOW, a_booking, a_collective, a_resource, span
from tests.cast import a_member

pytestmark = pytest.mark.django_db


def test_what_is_to_come_is_free_for_who_waits_and_who_was_invited_is_told() -> None:
    ada, bob, eve, studio = a_member("Ada"), a_member("Bob"), a_member("Eve"), a_resource()
    booking = a_booking(ada, studio, people=[eve.pk])
    start, end = span(9, 11)
    wait, _ = offering.wait_for(member=bob, resource=studio.pk, starts_at=start, ends_at=end, at=NOW)
    members.close_account(member=ada, at=NOW)
    booking.refresh_from_db()
    wait.refresh_from_db()
    assert (booking.status, wait.status) == ("cancelled", "offered")
    assert "booking_cancelled" in Notice.objects.filter(member=eve).values_list("kind", flat=True)
    assert list(faults(NOW)) == []


def test_what_is_a_collectives_or_has_begun_stays() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    ateliers, studio, hall = a_collective(ada, bob), a_resource(name="Studio"), a_resource(name="Hall")
    shared = a_booking(ada, studio, collective=ateliers.pk)
    begun = a_booking(ada, hall)
    members.close_account(member=ada, at=begun.starts_at + dt.timedelta(minutes=5))
    assert set(Booking.objects.values_list("pk", "status")) == {(shared.pk, "confirmed"), (begun.pk, "confirmed")}


def test_who_waits_or_was_offered_something_makes_way_for_the_next_also_for_a_collective() -> None:
    ada, bob, eve, studio = a_member("Ada"), a_member("Bob"), a_member("Eve"), a_resource()
    taken, (start, end) = a_booking(eve, studio), span(9, 11)
    ateliers = a_collective(ada)
    wishes = [(ada, ateliers.pk), (bob, None)]
    first, second = (
        offering.wait_for(member=who, resource=studio.pk, starts_at=start, ends_at=end, collective=whom, at=NOW)[0]
        for who, whom in wishes
    )
    actions.cancel(member=eve, booking=taken, at=NOW)
    members.close_account(member=ada, at=NOW)
    assert [Wait.objects.get(pk=wait.pk).status for wait in (first, second)] == ["withdrawn", "offered"]
    members.close_account(member=bob, at=NOW)
    assert Wait.objects.get(pk=second.pk).status == "withdrawn"
    assert not Allocation.objects.filter(active=True).exists()
