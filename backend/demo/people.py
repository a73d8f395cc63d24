"""The people of the demo, each with what they offer, want and speak: everyone from one seeded generator."""

import datetime as dt
import random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from backend.demo import cast
from backend.demo.avatars import avatar
from backend.members import reach
from backend.members.models import FreeHours, Member, Offer, Organisation, SpokenLanguage, Want
from backend.skills.models import Profession, Skill

PEOPLE = 150
PASSWORD = "compagnon-demo"
GUIDE_EMAIL = "grace@demo.example"
NEWCOMER_EMAIL = "noor@demo.example"
TRACKS = ("social", "economic", "cooperative")
WRITTEN = ("en", "fr", "nl", "de")


def say_how_to_reach(people: list[Member]) -> None:
    """Every third person has written it down, the guide first. The numbers are of those that France keeps for stories."""
    for number, person in enumerate(people[::3]):
        called = slugify(person.name)
        reach.write_down(
            member=person,
            email=f"hello@{called}.example",
            telephone=f"+33 1 99 00 {number // 100:02d} {number % 100:02d}",
            link=f"https://{called}.example/" if number % 2 else "",
        )


class Joining:
    """Who joined before `at`. The same dice give the same people."""

    def __init__(self, *, at: dt.datetime, dice: random.Random) -> None:
        self.at = at
        self.dice = dice

    def everyone(self) -> list[Member]:
        """PEOPLE members, the guide first and the newcomer second; the others as the dice fall."""
        organisations = {
            slug: Organisation.objects.create(slug=slug, name=name, country=country, timezone=zone)
            for slug, name, country, zone in cast.ORGANISATIONS
        }
        professions = list(Profession.objects.prefetch_related("skills").order_by("key"))
        self.dice.shuffle(professions)
        freelance = list(Skill.objects.filter(family__key="freelance").order_by("key"))
        secret = make_password(PASSWORD)
        taken: set[str] = set()
        people: list[Member] = []
        for number in range(PEOPLE):
            town = cast.TOWNS[number % len(cast.TOWNS)]
            name, email = self._name(town, taken)
            if number == 0:
                name, email = "Grace Verbeke", GUIDE_EMAIL
            if number == 1:
                name, email = "Noor Haddad", NEWCOMER_EMAIL
            people.append(
                self._member(
                    number, name, email, secret, town, organisations, professions[number % len(professions)], freelance
                )
            )
        return people

    def _name(self, town: cast.Town, taken: set[str]) -> tuple[str, str]:
        while True:
            name = f"{self.dice.choice(cast.FIRST[town.names].split())} {self.dice.choice(cast.surnames(town.names))}"
            email = f"{slugify(name).replace('-', '.')}@demo.example"
            if email not in taken:
                taken.add(email)
                return name, email

    def _member(
        self,
        number: int,
        name: str,
        email: str,
        secret: str,
        town: cast.Town,
        organisations: dict[str, Organisation],
        profession: Profession,
        freelance: list[Skill],
    ) -> Member:
        dice = self.dice
        is_newcomer = number == 1 or (number > 1 and number % 3 == 1)
        is_guide = number == 0 or (not is_newcomer and dice.random() < 0.6)
        own = next((code for code in town.languages if code in WRITTEN), "en")
        skills = sorted(profession.skills.all(), key=lambda skill: skill.key)
        offered = dice.sample(skills, min(len(skills), 2 if is_newcomer else 4))
        if is_guide and freelance:
            offered += dice.sample(freelance, 2)
        tracks = dict.fromkeys(TRACKS, False)
        if is_guide:
            chosen = set(TRACKS) if number == 0 else set(dice.sample(TRACKS, dice.choice([1, 2, 2, 3])))
            tracks = {track: track in chosen for track in TRACKS}
        joined = self.at - dt.timedelta(days=dice.randint(3, 60) if is_newcomer else dice.randint(200, 2600))
        about = dice.choice(cast.ABOUT[own]) if number > 1 or own != "fr" else cast.ABOUT[own][1]
        member = Member(
            email=email,
            password=secret,
            name=name,
            joined_at=joined,
            onboarded_at=joined,
            organisation=organisations[town.organisation],
            country=town.country,
            city=town.city,
            timezone=town.timezone,
            language=own,
            about=about.format(year=joined.year - dice.randint(0, 9), skill=offered[0].name_in(own)),
            profession=profession,
            wishes_abroad=dice.random() < 0.7,
            meets_in_person=dice.random() < 0.8,
            guide_capacity=3 if number == 0 else (dice.choice([1, 2, 2, 3]) if is_guide else 0),
            guides_social=tracks["social"],
            guides_economic=tracks["economic"],
            guides_cooperative=tracks["cooperative"],
            seen_by=Member.SeenBy.ORGANISATION if dice.random() < 0.06 and number > 1 else Member.SeenBy.EVERYONE,
        )
        if number < 2 or dice.random() < 0.65:
            member.photo.save(f"demo-{number}.webp", avatar(number), save=False)
        member.save()
        self._speak(member, town)
        if profession.sector is not None:
            member.sectors.add(profession.sector)
        Offer.objects.bulk_create(
            Offer(member=member, skill=skill, level=dice.randint(1, 3) if is_newcomer else dice.randint(3, 5))
            for skill in dict.fromkeys(offered)
        )
        wanted = [skill for skill in freelance + skills if skill not in offered]
        for priority, skill in zip(
            (3, 2, 1), dice.sample(wanted, min(len(wanted), 3 if is_newcomer else 1)), strict=False
        ):
            Want.objects.create(member=member, skill=skill, level_now=dice.randint(0, 1), priority=priority)
        for weekday in sorted(dice.sample(range(5), dice.randint(2, 4))):
            start = dice.choice([9, 9, 10, 13, 14, 18]) * 60
            FreeHours.objects.create(
                member=member, weekday=weekday, from_minute=start, until_minute=start + dice.choice([120, 180, 240])
            )
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
        return member

    def _speak(self, member: Member, town: cast.Town) -> None:
        levels = dict.fromkeys(town.languages, 5) | {town.languages[0]: 7}
        if self.dice.random() < 0.8 or not set(levels) & set(WRITTEN):
            levels.setdefault("en", self.dice.randint(4, 6))
        if self.dice.random() < 0.4:
            levels.setdefault(self.dice.choice(["fr", "nl", "de", "es", "it"]), self.dice.randint(3, 5))
        SpokenLanguage.objects.bulk_create(SpokenLanguage(member=member, code=c, level=v) for c, v in levels.items())
