"""Every door through which something is held, given back or handed over, as one of many clients knocks on it."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.test import Client

from backend.bookings import (
    actions,
    blackouts,
    composing,
    no_shows,
    offering,
    restoring,
    series,
    series_changes,
    use,
)
from backend.bookings.models import Blackout, Booking, Damage, Handover, Resource, Wait
from backend.bookings.times import iso, zone
from backend.errors import Conflict, Refusal
from backend.members.models import Member
from tests.bench.booking_world import HOUR

SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"


class Idle(Exception):
    """There is nothing to knock for at the moment: nothing of mine is booked, offered, requested or broken."""


class Failed(RuntimeError):
    """The server answered what it never may."""


class Visitor:
    """One client of a member; others of the same member reach for the same bookings at the same time."""

    def __init__(self, me: Member, luck: random.Random, at: dt.datetime) -> None:
        self.me, self.luck, self.at = me, luck, at
        self.things = list(Resource.objects.select_related("place").order_by("pk"))
        self.place = self.things[0].place
        self.host = self.place.hosts.get()
        self.client = Client(raise_request_exception=False)

    def doors(self) -> list[tuple[Callable[[], object], int]]:
        """Each door and how often it is knocked on beside the others."""
        return [
            (self.book, 30), (self.over_http, 8), (self.move, 10), (self.extend, 6), (self.cancel, 8), (self.restore, 4),
            (self.approve, 3), (self.decline, 2), (self.wait, 10), (self.take_up, 8), (self.let_go, 2), (self.lapse, 1),
            (self.book_series, 5), (self.change_series, 4), (self.cancel_series, 2), (self.check_in, 3),
            (self.hand_over, 4), (self.take_back, 3), (self.check_out, 3), (self.nobody_came, 1), (self.black_out, 3),
            (self.lift, 4), (self.resize, 2), (self.compose, 2), (self.report, 1), (self.repair, 2), (self.mend, 1),
        ]  # fmt: skip

    def book(self) -> object:
        start, end = self._time()
        wanted = self.luck.sample([thing.pk for thing in self.things], self.luck.choice([1, 1, 1, 2]))
        return actions.book(member=self.me, resources=wanted, starts_at=start, ends_at=end, at=self.at)

    def over_http(self) -> None:
        """The same wish with the same key, again and again, also by the other clients of this member: one booking at most."""
        number = self.luck.randrange(3)
        key = str(uuid5(NAMESPACE_URL, f"{self.me.pk}/{number}"))
        thing = self.things[(self.me.pk + number) % len(self.things)]
        start = self.at + (30 + number) * HOUR
        wish = {"resources": [thing.pk], "starts_at": iso(start), "ends_at": iso(start + HOUR), "title": key}
        if "sessionid" not in self.client.cookies:
            self.client.force_login(self.me, backend=SIGN_IN)
        answer = self.client.post(
            "/api/bookings/", wish, content_type="application/json", headers={"Idempotency-Key": key}
        )
        if answer.status_code not in (201, 400, 409, 503):
            raise Failed(f"{answer.status_code}: {answer.content[:300]!r}")
        if answer.status_code != 201:
            raise Conflict(str(answer.json()["code"]), "")

    def move(self) -> object:
        start, end = self._time()
        return actions.move(member=self.me, booking=self._mine(), starts_at=start, ends_at=end, at=self.at)

    def extend(self) -> object:
        booking = self._mine()
        return actions.move(member=self.me, booking=booking, ends_at=booking.ends_at + HOUR, at=self.at)

    def cancel(self) -> object:
        return actions.cancel(member=self.me, booking=self._mine(), at=self.at)

    def restore(self) -> object:
        return restoring.restore(member=self.me, booking=self._mine("cancelled", cancelled_by=self.me), at=self.at)

    def approve(self) -> object:
        return actions.approve(member=self.host, booking=self._any("requested"), at=self.at)

    def decline(self) -> object:
        return actions.decline(member=self.host, booking=self._any("requested"), at=self.at)

    def wait(self) -> object:
        """For what somebody has."""
        taken = self._any("confirmed")
        item = taken.items.order_by("?").first()
        if item is None:
            raise Failed(f"Booking {taken.pk} is of nothing.")
        span: dict[str, Any] = {"starts_at": taken.starts_at, "ends_at": taken.ends_at}
        return offering.wait_for(member=self.me, resource=item.resource_id, at=self.at, **span)

    def take_up(self) -> object:
        return offering.take_up(member=self.me, wait=self._waiting(Wait.Status.OFFERED), at=self.at)

    def let_go(self) -> object:
        return offering.let_go(member=self.me, wait=self._waiting(Wait.Status.OFFERED, Wait.Status.WAITING), at=self.at)

    def lapse(self) -> object:
        """Offers of which nobody took notice for a day."""
        return offering.lapse_all(at=self.at + 24 * HOUR)

    def book_series(self) -> object:
        start, end = self._time()
        thing = self.luck.choice(self.things)
        wish = series.Wish(
            member=self.me, items=((thing.pk, 1),), first=self._wall(start), end=self._wall(end),
            rule="FREQ=DAILY;COUNT=3", on_conflict=self.luck.choice(["skip", "shift", "all_or_nothing"]),
        )  # fmt: skip
        return series.book_series(wish=wish, at=self.at)

    def change_series(self) -> object:
        booking = self._mine(series__isnull=False)
        begins, ends = (self._wall(when) + HOUR for when in (booking.starts_at, booking.ends_at))
        scope = self.luck.choice(["following", "all"])
        return series_changes.change_series(
            member=self.me, booking=booking, scope=scope, at=self.at, first=begins, end=ends, skip_conflicts=True
        )

    def cancel_series(self) -> object:
        booking, scope = self._mine(series__isnull=False), self.luck.choice(["following", "all"])
        return series_changes.cancel_series(member=self.me, booking=booking, scope=scope, at=self.at)

    def check_in(self) -> object:
        booking = self._mine()
        return use.check_in(member=self.me, booking=booking, at=booking.starts_at)

    def hand_over(self) -> object:
        booking = self._mine()
        return use.hand_over(member=self.me, booking=booking, at=booking.starts_at)

    def take_back(self) -> object:
        out = self._one(Handover.objects.filter(booking__member=self.me, returned_at=None).select_related("booking"))
        return use.take_back(member=self.me, handover=out, at=out.taken_at + HOUR)

    def check_out(self) -> object:
        booking = self._mine(checked_in_at__isnull=False)
        return use.check_out(member=self.me, booking=booking, at=booking.starts_at + HOUR / 2)

    def nobody_came(self) -> object:
        return no_shows.release_all(at=self._any("confirmed").starts_at + HOUR / 2)

    def black_out(self) -> object:
        start, end = self._time()
        about: dict[str, Any] = (
            {"place": self.place.pk} if self.luck.random() < 0.2 else {"resource": self.luck.choice(self.things).pk}
        )
        displace = self.luck.random() < 0.5
        return blackouts.black_out(
            member=self.host, starts_at=start, ends_at=end, reason="repair", at=self.at, displace=displace, **about
        )

    def lift(self) -> object:
        blackout = self._one(Blackout.objects.filter(lifted_at__isnull=True))
        return blackouts.lift(member=self.host, blackout=blackout, at=self.at)

    def resize(self) -> object:
        capacity, displace = self.luck.randint(2, 4), self.luck.random() < 0.5
        return blackouts.set_capacity(
            member=self.host, resource=self._called("Pool"), capacity=capacity, at=self.at, displace=displace
        )

    def compose(self) -> object:
        """The kit is of one unit of the pool, or of two."""
        parts = {self._called("Desk").pk: 1, self._called("Pool").pk: self.luck.choice([1, 2])}
        return composing.set_components(member=self.host, whole=self._called("Kit"), parts=parts, at=self.at)

    def report(self) -> object:
        thing = self._called(self.luck.choice(["Left", "Pool"]))
        return blackouts.report_damage(member=self.me, resource=thing.pk, words="Broken", at=self.at)

    def repair(self) -> object:
        until, displace = self.at + self.luck.randint(5, 20) * HOUR, self.luck.random() < 0.5
        damage = self._one(Damage.objects.filter(status=Damage.Status.OPEN))
        return blackouts.repair(member=self.host, damage=damage, until=until, at=self.at, displace=displace)

    def mend(self) -> object:
        damage = self._one(Damage.objects.filter(closed_at__isnull=True))
        return blackouts.close_damage(member=self.host, damage=damage, at=self.at)

    def _time(self) -> tuple[dt.datetime, dt.datetime]:
        start = self.at + self.luck.randrange(4, 4 + 24) * HOUR
        return start, start + self.luck.randint(1, 3) * HOUR

    def _wall(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(zone(self.place.timezone)).replace(tzinfo=None)

    def _called(self, name: str) -> Resource:
        return next(thing for thing in self.things if thing.name == name)

    def _mine(self, *status: str, **more: Any) -> Booking:
        return self._one(
            Booking.objects.filter(member=self.me, status__in=status or ("confirmed", "requested"), **more)
        )

    def _any(self, status: str) -> Booking:
        return self._one(Booking.objects.filter(status=status))

    def _waiting(self, *status: Wait.Status) -> Wait:
        return self._one(Wait.objects.filter(member=self.me, status__in=status).select_related("offer"))

    def _one(self, rows: Any) -> Any:
        found = rows.order_by("?").first()
        if found is None:
            raise Idle
        return found


def knocked(visitor: Visitor, attempts: int) -> dict[str, int]:
    """How many wishes were granted, refused and given up, and for which there was no reason; `granted.NAME` of each door."""
    counted: dict[str, int] = {}
    doors = visitor.doors()
    for _ in range(attempts):
        door = visitor.luck.choices([each for each, _ in doors], [weight for _, weight in doors])[0]
        outcome = "granted"
        try:
            door()
        except Idle:
            outcome = "idle"
        except Refusal as refusal:
            outcome = "given_up" if refusal.code == "try_again" else "refused"
        for name in (outcome, f"{outcome}.{door.__name__}"):
            counted[name] = counted.get(name, 0) + 1
    return counted
