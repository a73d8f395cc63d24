"""The daily round and the deadlines with 50,000 relationships: all of them due at once, as after a long night without a worker.

Every mentorship is due for its pulse, every request for its reminder, then for its end. Of the quiet pairs one in ten is told and one
in twenty ends: each ending frees a place and cancels what lay ahead, so it is done one by one.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator

from backend.conversations.models import Room
from backend.members.models import Member, Organisation
from backend.mentoring import deadlines, pulses, quiet
from backend.mentoring.models import Mentorship, MentorshipRequest, Pulse
from backend.notices.models import Notice
from tests.bench.figures import Row, row

ENGINES = ("sqlite", "postgresql")
RELATIONSHIPS = 50_000
GUIDES = 5_000
LIMIT_SECONDS = 60
START = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CHUNK = 5_000


def run() -> list[Row]:
    return list(_figures())


def _figures() -> Iterator[Row]:
    guides, mentees = _people()
    _mentorships(guides, mentees)
    yield from _timed("mentoring.pulses", "all_due_s", lambda: pulses.ask_all(at=START + 30 * DAY), RELATIONSHIPS)
    assert Pulse.objects.count() == Notice.objects.filter(kind="pulse_asked").count() == 2 * RELATIONSHIPS
    yield from _timed("mentoring.pulses", "none_due_s", lambda: pulses.ask_all(at=START + 30 * DAY), 0)
    _requests(guides, mentees)
    yield from _timed(
        "mentoring.deadlines", "remind_s", lambda: deadlines.remind_all(at=START + 4 * DAY), RELATIONSHIPS
    )
    yield from _timed(
        "mentoring.deadlines", "expire_s", lambda: deadlines.expire_all(at=START + 8 * DAY), RELATIONSHIPS
    )
    late, told, ended = START + 400 * DAY, RELATIONSHIPS // 10, RELATIONSHIPS // 20
    numbers = list(Mentorship.objects.order_by("pk").values_list("pk", flat=True))
    Mentorship.objects.exclude(pk__in=numbers[: told + ended]).update(kept_on_at=late - DAY)
    Mentorship.objects.filter(pk__in=numbers[told : told + ended]).update(quiet_told_at=late - 20 * DAY)
    yield from _timed("mentoring.deadlines", "quiet_s", lambda: sum(quiet.look_after(at=late)), told + ended)


def _timed(bench: str, figure: str, job: Callable[[], int], expected: int) -> Iterator[Row]:
    began = time.monotonic()
    done = job()
    seconds = time.monotonic() - began
    assert done == expected, (bench, figure, done)
    yield row(bench, figure, seconds, target=LIMIT_SECONDS)


def _people() -> tuple[list[Member], list[Member]]:
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    people = Member.objects.bulk_create(
        [
            Member(
                email=f"{number}@example.org", name=f"Member {number}", organisation=organisation, onboarded_at=START,
                country="BE", guide_capacity=20 if number < GUIDES else 0,
            )
            for number in range(GUIDES + RELATIONSHIPS)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    return people[:GUIDES], people[GUIDES:]


def _requests(guides: list[Member], mentees: list[Member], status: str = "pending") -> list[MentorshipRequest]:
    return MentorshipRequest.objects.bulk_create(
        [
            MentorshipRequest(
                mentee=mentee, mentor=guides[number % GUIDES], track="economic", message="Can you help me?",
                status=status, created_at=START,
            )
            for number, mentee in enumerate(mentees)
        ],
        batch_size=CHUNK,
    )  # fmt: skip


def _mentorships(guides: list[Member], mentees: list[Member]) -> None:
    requests = _requests(guides, mentees, "accepted")
    rooms = Room.objects.bulk_create(
        [Room(kind="mentorship", access="membership", created_at=START) for _request in requests], batch_size=CHUNK
    )
    Mentorship.objects.bulk_create(
        [
            Mentorship(
                mentor_id=request.mentor_id, mentee_id=request.mentee_id, request=request, track="economic", room=room,
                started_at=START,
            )
            for request, room in zip(requests, rooms, strict=True)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
