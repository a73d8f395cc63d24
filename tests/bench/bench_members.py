"""The directory over 100,000 invented members: four conditions at once, as HTTP asks; and the first team that completes a collective."""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.core.cache import cache
from django.db import connection, models
from rest_framework.test import APIClient

from backend import garbage
from backend.collectives import actions as collectives
from backend.members import towns
from backend.members.models import Away, FreeHours, Member, Offer, Organisation, SpokenLanguage
from backend.members.serializers import as_near
from backend.mentoring import teams
from backend.skills.actions import load_vocabulary
from backend.skills.models import Sector, Skill
from matching import Need
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
MEMBERS, QUESTIONS, TEAMS = 100_000, 150, 20
TARGET_MS, FIRST_TEAM_MS = 50, 300
NEEDS = 6
NOW = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
MAY = dt.date(2026, 5, 4)
SPOKEN = {"BE": ("fr", "nl"), "FR": ("fr",), "DE": ("de",), "NL": ("nl",), "ES": ("es",), "IT": ("it",), "PT": ("pt",)}
CHUNK = 5_000


def run() -> list[Row]:
    luck = random.Random(20_261_128)
    load_vocabulary()
    me = _membership(luck)
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself once so much was written: until then it cannot answer from an index alone.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    garbage.settle()  # As the process that serves.
    return [*_directory(me, luck), *_first_teams(me, luck)]


def _directory(me: Member, luck: random.Random) -> list[Row]:
    client = APIClient()
    client.force_login(me, backend="allauth.account.auth_backends.AuthenticationBackend")
    skills, sectors = list(Skill.objects.order_by("key")), list(Sector.objects.order_by("key"))
    middles = [town for town in _towns() if town.thousands >= 200]

    def question() -> dict[str, Any]:
        town = luck.choice(middles)
        conditions: list[dict[str, Any]] = [
            {"skill": _often(skills, luck).pk},
            {"sector": luck.choice(sectors).pk},
            {"language": luck.choice(SPOKEN[town.country]), "min_level": luck.randint(3, 5)},
            {"near": as_near(town.point), "within_km": luck.choice([25, 50, 100, 250])},
            {"free_from": MAY, "free_until": MAY + dt.timedelta(13)},
            {"country": town.country},
        ]
        return {name: value for one in luck.sample(conditions, 4) for name, value in one.items()}

    times, found, asked = [], 0, set()
    for number in range(QUESTIONS + 10):
        cache.clear()  # Nobody asks so often: the throttle counts here too.
        query = question()
        with _Counted() as counted:
            begun = time.perf_counter()
            answer = client.get("/api/members/", query)
            spent = 1000 * (time.perf_counter() - begun)
        assert answer.status_code == 200, answer.content
        if number >= 10:  # The first ones warm up.
            times.append(spent)
            found += bool(answer.json()["count"])
            asked.add(counted.queries)
    name = "members.directory"
    return [
        row(name, "p50_ms", percentile(times, 50)),
        row(name, "p95_ms", percentile(times, 95), target=TARGET_MS),
        row(name, "queries_most", max(asked)),
        row(name, "found_somebody_percent", 100 * found / QUESTIONS),
    ]


class _Counted:
    """How many statements the database was asked."""

    queries = 0

    def __enter__(self) -> "_Counted":
        self._hook = connection.execute_wrapper(self._count)
        self._hook.__enter__()
        return self

    def __exit__(self, *about: Any) -> None:
        self._hook.__exit__(*about)

    def _count(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def _first_teams(me: Member, luck: random.Random) -> list[Row]:
    collective = collectives.found(member=me, name="Bench", at=NOW)
    skills = list(Skill.objects.order_by("key"))
    teams.SECONDS = 0.0  # The first proposal; what is better than it is looked for afterwards.
    times = []
    for number in range(TEAMS + 2):
        wanted = {skill.pk: skill for skill in (_often(skills, luck) for _ in range(40))}
        needs = [Need(pk, 3) for pk in islice(wanted, NEEDS)]
        begun = time.perf_counter()
        teams.completing(
            collective=collective, by=me, needs=needs, with_members=[me.pk], size=5, language=None, countries=0, at=NOW
        )
        if number >= 2:
            times.append(1000 * (time.perf_counter() - begun))
    name = "collectives.complete"
    return [
        row(name, "first_team_p50_ms", percentile(times, 50)),
        row(name, "first_team_p95_ms", percentile(times, 95), target=FIRST_TEAM_MS),
    ]


def _towns() -> list[towns.Town]:
    everyone = {town for same in towns.known().towns.values() for town in same if town.country in SPOKEN}
    return sorted(town for town in everyone if town.thousands >= 20)


def _often(choices: list[Any], luck: random.Random) -> Any:
    """Some far more often than others."""
    return choices[int(len(choices) * luck.random() ** 2)]


def _membership(luck: random.Random) -> Member:
    home = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    places = _towns()
    weights = [town.thousands for town in places]
    living = luck.choices(places, weights, k=MEMBERS)
    people = _kept(
        Member(
            email=f"{number}@example.org", name=f"Member {luck.randrange(MEMBERS)}", organisation=home, onboarded_at=NOW,
            country=town.country, city=town.name,
        )
        for number, town in enumerate(living)
    )  # fmt: skip
    skills, sectors = list(Skill.objects.order_by("key")), list(Sector.objects.order_by("key"))
    through = Member.sectors.through
    _kept(
        Offer(member=member, skill=skill, level=luck.randint(1, 5))
        for member in people
        for skill in {_often(skills, luck) for _ in range(luck.randint(1, 5))}
    )
    _kept(
        through(member_id=member.pk, sector_id=sector.pk)
        for member in people
        for sector in luck.sample(sectors, luck.randint(1, 2))
    )
    _kept(
        SpokenLanguage(member=member, code=code, level=luck.randint(3, 7))
        for member in people
        for code in dict.fromkeys((*SPOKEN[member.country], luck.choice(["en", "fr", "de"])))
    )
    _kept(
        FreeHours(member=member, weekday=day, from_minute=540, until_minute=720)
        for member in people
        for day in luck.sample(range(7), luck.randint(0, 3))
    )
    gone = MAY + dt.timedelta(3)
    _kept(
        Away(member=member, first_day=gone, last_day=gone + dt.timedelta(luck.randint(0, 14)))
        for member in luck.sample(people, MEMBERS // 20)
    )
    return people[0]


def _kept(rows: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        made: type[models.Model] = type(chunk[0])
        kept += made._default_manager.bulk_create(chunk, batch_size=CHUNK)
    return kept
