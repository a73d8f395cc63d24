"""What a coordinator opens: how a programme goes, with 5,000 members and 1,500 mentorships, as the browser asks for it.

20,000 members belong to three organisations; the programme is of one with 4,000 and shared with another of 1,000. Each figure is the time
of the whole answer in the server's process: signing in, permission, counting, JSON.
"""

import datetime as dt
import random
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.conversations.models import Room
from backend.members.models import Member, Organisation, Want
from backend.mentoring.models import Mentorship, MentorshipRequest, MentorshipSession, Programme, Pulse
from backend.skills.models import Skill
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
HERE, PARTNER, ELSEWHERE = 4_000, 1_000, 15_000
GUIDES = 600
MENTORSHIPS = 1_500
REQUESTS = 3_000
LIMIT_MS = 150
ASKED = 40
SIGN_IN = "allauth.account.auth_backends.AuthenticationBackend"
CHUNK = 2_000


def run() -> list[Row]:
    return list(_figures())


def _figures() -> Iterator[Row]:
    programme, coordinator = _world(random.Random(20261128), timezone.now())
    if connection.vendor == "postgresql":
        # As autovacuum does soon after so many rows were written.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client()
    client.force_login(coordinator, backend=SIGN_IN)
    start = f"/api/programmes/{programme.pk}/"
    for figure, path in [
        ("open", f"{start}health/"),
        ("without_session", f"{start}health/?only=without_session&sort=without_session"),
        ("one_organisation", f"{start}health/?organisation={programme.organisation_id}"),
        ("table", f"{start}health/csv/"),
        ("programme", start),
    ]:
        took = [_milliseconds(client, path) for _time in range(ASKED + 1)][1:]
        wall, cpu = [one for one, _ in took], [one for _, one in took]
        yield row("mentoring.dashboard", f"{figure}_p50_ms", percentile(wall, 50), target=LIMIT_MS)
        yield row("mentoring.dashboard", f"{figure}_p99_ms", percentile(wall, 99))
        yield row("mentoring.dashboard", f"{figure}_cpu_p50_ms", percentile(cpu, 50))


def _milliseconds(client: Client, path: str) -> tuple[float, float]:
    """On the wall, and of this process's processor: with SQLite all of it, with PostgreSQL what is not the database's."""
    began, worked = time.perf_counter(), time.process_time()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def _world(luck: random.Random, at: dt.datetime) -> tuple[Programme, Member]:
    homes = Organisation.objects.bulk_create(
        [Organisation(name=f"Home {number}", slug=f"home-{number}", country="BE") for number in range(3)]
    )
    people = [
        one for home, many in zip(homes, (HERE, PARTNER, ELSEWHERE), strict=True) for one in _people(home, many, at)
    ]
    ours = people[: HERE + PARTNER]
    guides, others = ours[:GUIDES], ours[GUIDES:]
    skills = Skill.objects.bulk_create(
        [Skill(key=f"bench-{number}", names={"en": f"Skill {number}"}) for number in range(200)]
    )
    Want.objects.bulk_create(
        [
            Want(member=one, skill=skill, level_now=1, priority=2)
            for one in people if luck.random() < 0.5 for skill in luck.sample(skills, 3)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    mentorships = _mentorships(luck, guides, others[:MENTORSHIPS], at)
    _requests(luck, guides, others, at)
    MentorshipSession.objects.bulk_create(
        [
            MentorshipSession(
                mentorship=one, state="held", way="online", starts_at=began, ends_at=began + dt.timedelta(hours=1),
                proposed_by_id=one.mentor_id, created_at=began, changed_at=began, began_at=began, minutes=60,
            )
            for one in mentorships for began in _days(luck, at, luck.randrange(8), 300)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    Pulse.objects.bulk_create(
        [
            Pulse(
                mentorship=one, member_id=who, occasion="regular", asked_at=asked, answered_at=asked,
                going=luck.randint(1, 5), need="nothing",
            )
            for one in mentorships for who in (one.mentor_id, one.mentee_id)
            for asked in _days(luck, at, luck.randrange(4), 300)
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    programme = Programme.objects.create(organisation=homes[0], name="Road", track="economic", state="running")
    programme.partners.add(homes[1])
    programme.coordinators.add(ours[-1])
    return programme, ours[-1]


def _people(home: Organisation, many: int, at: dt.datetime) -> list[Member]:
    return Member.objects.bulk_create(
        [
            Member(
                email=f"{home.pk}.{number}@example.org", name=f"Member {number}", organisation=home, onboarded_at=at,
                country="BE", guide_capacity=4 if number < GUIDES else 0, guides_economic=number < GUIDES,
            )
            for number in range(many)
        ],
        batch_size=CHUNK,
    )  # fmt: skip


def _mentorships(luck: random.Random, guides: list[Member], mentees: list[Member], at: dt.datetime) -> list[Mentorship]:
    requests = MentorshipRequest.objects.bulk_create(
        [
            MentorshipRequest(
                mentee=one, mentor=luck.choice(guides), track="economic", message="Can you help me?", status="accepted",
                created_at=at - dt.timedelta(days=300),
            )
            for one in mentees
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    rooms = Room.objects.bulk_create(
        [Room(kind="mentorship", access="membership", created_at=at) for _request in requests], batch_size=CHUNK
    )
    return Mentorship.objects.bulk_create(
        [
            Mentorship(
                mentor_id=request.mentor_id, mentee_id=request.mentee_id, request=request, track="economic", room=room,
                started_at=began, status=luck.choices(["active", "paused", "closed"], [7, 1, 2])[0],
                closed_at=at - dt.timedelta(days=luck.randrange(200)),
            )
            for request, room in zip(requests, rooms, strict=True) for began in _days(luck, at, 1, 300)
        ],
        batch_size=CHUNK,
    )  # fmt: skip


def _requests(luck: random.Random, guides: list[Member], mentees: list[Member], at: dt.datetime) -> None:
    asked = [(one, luck.choice(guides)) for one in luck.sample(mentees, REQUESTS)]
    MentorshipRequest.objects.bulk_create(
        [
            MentorshipRequest(
                mentee=mentee, mentor=mentor, track="economic", message="Can you help me?", created_at=created,
                status=luck.choice(["pending", "declined", "expired"]), answered_at=created,
            )
            for mentee, mentor in asked for created in _days(luck, at, 1, 120)
        ],
        batch_size=CHUNK,
    )  # fmt: skip


def _days(luck: random.Random, at: dt.datetime, many: int, back: int) -> list[dt.datetime]:
    """So many moments of the last `back` days."""
    return [at - dt.timedelta(days=back * luck.random()) for _time in range(many)]
