"""Fills an empty installation with a lively cooperative, through the same actions that members use.

The same day gives the same people, things, bookings and words: every choice comes from one seeded generator.
"""

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from backend.bookings import actions as bookings
from backend.bookings.models import Place, Resource
from backend.bookings.terms import write_down_own
from backend.collectives import actions as collectives
from backend.collectives.models import Collective
from backend.conversations import actions as conversations
from backend.conversations.models import Room
from backend.demo import (
    calling,
    care,
    cast,
    choices,
    consulting,
    coordinating,
    deciding,
    guidance,
    hosting,
    rooms,
    talk,
    talking_first,
    things,
    today,
    together,
    writing,
)
from backend.demo.people import NEWCOMER_EMAIL, WRITTEN, Joining, say_how_to_reach
from backend.errors import Refusal
from backend.members.models import Member, Organisation
from backend.mentoring import actions as mentoring
from backend.mentoring.models import MentorshipRequest, Programme
from backend.notices.models import Notice
from backend.skills.actions import load_vocabulary

Say = Callable[[str], None]


class Demo:
    """One seeding. `at` is the moment at which the cooperative is looked at: its past lies before, its plans after."""

    def __init__(self, *, at: dt.datetime, say: Say) -> None:
        self.at = at
        self.say = say
        self.dice = random.Random("compagnon")
        self.people: list[Member] = []
        self.resources: list[Resource] = []
        self.collectives: list[Collective] = []

    def play(self) -> None:
        """Everything, in the order in which it could have happened."""
        load_vocabulary()
        self.say("Skills, professions and sectors are loaded.")
        self.people += Joining(at=self.at, dice=self.dice).everyone()
        say_how_to_reach(self.people)
        self.say(f"{len(self.people)} members have joined.")
        self.furnish()
        self.say(f"{len(self.resources)} rooms and tools can be booked.")
        self.gather()
        self.say(f"{len(self.collectives)} collectives work together.")
        self.guide()
        self.book()
        hosting.look_after(self.people[0], self.at)
        together.walk(self.people[0], self.at)
        today.begin(self.people[0], [self.people[number] for number in (7, 11, 1)], self.at)
        writing.write_down(self.collectives[0], self.at)
        deciding.decide(self.collectives[0], self.at)
        calling.call(self.collectives[0], self.people[0], self.at)
        self.chat()
        care.gather(self.people, self.at)
        care.look_after(self.people[0], self.at)
        rooms.talk_over([person for person in self.people if person.email != NEWCOMER_EMAIL], self.at)
        consulting.consult(self.people[0], self.collectives[0], self.at)
        Notice.objects.filter(created_at__lt=self.at - dt.timedelta(days=2)).update(read_at=self.at)
        self.say("Mentorships, bookings and conversations are there.")

    # -- places and things -------------------------------------------------------------------------------------------
    def furnish(self) -> None:
        for house in things.HOUSES:
            place = Place.objects.create(
                name=house.name,
                organisation=Organisation.objects.get(slug=house.organisation),
                description=house.words,
                address=house.address,
                city=house.city,
                country=house.country,
                timezone=house.timezone,
                house_rules=house.rules,
            )
            self.resources += Resource.objects.bulk_create(self._resource(place, thing) for thing in house.things)
        write_down_own(self.resources)

    def _resource(self, place: Place, thing: things.Thing) -> Resource:
        return Resource(
            place=place,
            kind=thing.kind,
            name=thing.name,
            description=thing.words,
            accessibility=thing.access,
            seats=thing.seats,
            capacity=thing.capacity,
            opens_minute=thing.hours[0] * 60,
            closes_minute=thing.hours[1] * 60,
            step_minutes=thing.step,
            min_minutes=thing.shortest,
            max_minutes=thing.longest,
            buffer_after_minutes=thing.after,
        )

    # -- working together --------------------------------------------------------------------------------------------
    def gather(self) -> None:
        for number, (name, purpose, city, country, language) in enumerate(things.COLLECTIVES):
            near = [person for person in self.people if person.language == language and person.email != NEWCOMER_EMAIL]
            others = [
                person for person in self.people if person.language != language and person.email != NEWCOMER_EMAIL
            ]
            crew = self.dice.sample(near, 5) + self.dice.sample(others, 2)
            if number == 0 and self.people[0] not in crew:
                crew.insert(0, self.people[0])
            founded = self.at - dt.timedelta(days=300 - 20 * number)
            collective = collectives.found(
                member=crew[0], name=name, purpose=purpose, country=country, city=city, at=founded
            )
            for day, person in enumerate(crew[1:], start=1):
                asked = founded + dt.timedelta(days=day)
                collectives.invite(collective=collective, by=crew[0], guest=self._seen(person), at=asked)
                collectives.accept_invitation(collective=collective, member=person, at=asked + dt.timedelta(hours=5))
            self.collectives.append(collective)
        collectives.invite(
            collective=self.collectives[0], by=self.people[0], guest=self.people[1], at=self.at - dt.timedelta(hours=3)
        )

    def _seen(self, person: Member) -> Member:
        """Someone seen only at home would not be found from abroad; those who join a collective show themselves."""
        if person.seen_by != Member.SeenBy.EVERYONE:
            person.seen_by = Member.SeenBy.EVERYONE
            person.save(update_fields=["seen_by"])
        return person

    # -- guidance ----------------------------------------------------------------------------------------------------
    def guide(self) -> None:
        grace, noor = self.people[0], self.people[1]
        guides = [person for person in self.people if person.is_guide and person.seen_by == "everyone"]
        newcomers = [person for person in self.people if not person.is_guide and person not in (grace, noor)]
        for number, mentee in enumerate(newcomers[:40]):
            speaks = {language.code for language in mentee.languages.all()}
            fitting = [g for g in guides if g != mentee and speaks & {language.code for language in g.languages.all()}]
            if fitting:
                self._one_request(number, mentee, self.dice.choice(fitting))
        newer = [person for person in newcomers[40:] if person.country != grace.country]
        waiting = [person for person in newcomers[40:] if person.country == grace.country][:2]
        for mentee in waiting:
            self._ask(mentee, grace, days_ago=1)
        for organisation in Organisation.objects.order_by("pk"):
            name = cast.PROGRAMMES[organisation.slug]
            programme = Programme.objects.create(organisation=organisation, name=name, track="economic")
            programme.coordinators.add(grace, next(guide for guide in guides if guide.organisation == organisation))
        choices.look_around(Programme.objects.get(organisation__slug="la-passerelle"))
        seen = [person for person in newcomers[::-1] if person.seen_by == Member.SeenBy.EVERYONE]
        coordinating.over_the_border(grace, guides, seen, self.at)
        talking_first.talk_first(grace, noor, guides, seen, self.at)
        guidance.offer(guides, self.at)
        guidance.ask_around(grace, guides, newer, self.at)
        guidance.keep_open(grace, guides, newer, self.at)
        guidance.guide_together(self.collectives[0], self.at)

    def _one_request(self, number: int, mentee: Member, mentor: Member) -> None:
        """Every third is accepted and runs, others wait, were declined, withdrawn, or have come to a good end."""
        days = 3 + number * 4
        try:
            request = self._ask(mentee, mentor, days_ago=days)
            answered = self.at - dt.timedelta(days=days - 1)
            match number % 6:
                case 0 | 3 | 4:
                    mentorship = mentoring.accept(request=request, by=mentor, at=answered)
                    self._mentorship_talk(mentorship.room, mentor, mentee, answered)
                    if number % 6 == 4:
                        closed = self.at - dt.timedelta(days=1)
                        mentoring.close(
                            mentorship=mentorship, by=mentee, closing_words=talk.CLOSING[mentee.language], at=closed
                        )
                case 1:
                    mentoring.decline(
                        request=request, by=mentor, reason="no_time", answer=talk.ANSWERS[mentor.language], at=answered
                    )
                case 2:
                    mentoring.withdraw(request=request, by=mentee, at=answered)
        except Refusal:
            return  # The guide has no place left by now: one story fewer.

    def _ask(self, mentee: Member, mentor: Member, *, days_ago: int) -> MentorshipRequest:
        wishes = [want.skill for want in mentee.wants.select_related("skill")][:3]
        shared = {language.code for language in mentor.languages.all()} & {row.code for row in mentee.languages.all()}
        words = next((code for code in (mentee.language, *WRITTEN) if code in shared and code in WRITTEN), "en")
        skill = wishes[0].name_in(words) if wishes else ""
        return mentoring.ask(
            mentee=mentee,
            mentor=mentor,
            track=self.dice.choice(mentor.guide_tracks),
            wishes=wishes,
            message=talk.REQUESTS[words].format(skill=skill),
            at=self.at - dt.timedelta(days=days_ago, hours=self.dice.randint(1, 9)),
        )

    def _mentorship_talk(self, room: Room, mentor: Member, mentee: Member, start: dt.datetime) -> None:
        words = mentee.language if mentee.language in talk.MENTORSHIP_TALK else "en"
        at = start
        for who, body in talk.MENTORSHIP_TALK[words]:
            at += dt.timedelta(minutes=self.dice.randint(4, 400))
            self._post(room, mentor if who == "mentor" else mentee, body, min(at, self.at))

    # -- bookings ----------------------------------------------------------------------------------------------------
    def book(self) -> None:
        """A week back and two weeks ahead; a slot that is taken already is simply not booked again."""
        booked = 0
        for day in range(-7, 15):
            for resource in self.resources:
                if self.dice.random() < 0.28:
                    booked += self._one_booking(resource, day)
        mine = next(r for r in self.resources if r.name == "Meeting room Leie")
        self._book_at(mine, self.people[1], None, "Kick-off", 2, 10, 2)
        van = next(r for r in self.resources if r.name == "Van")
        self._book_at(van, self.people[0], self.collectives[0], "Tour: Lille", 3, 8, 8)

    def _one_booking(self, resource: Resource, day: int) -> bool:
        collective = self.dice.choice(self.collectives) if self.dice.random() < 0.25 else None
        if collective is not None:
            members = [row.member for row in collective.memberships.select_related("member").filter(state="member")]
            person = self.dice.choice(members)
        else:
            near = [p for p in self.people if p.country == resource.place.country] or self.people
            person = self.dice.choice(near)
        hours = max(resource.min_minutes // 60, self.dice.choice([1, 2, 2, 3, 4]), 1)
        first, last = max(8, resource.opens_minute // 60), min(21, resource.closes_minute // 60) - hours
        start = self.dice.randint(first, max(first, last))
        return self._book_at(
            resource, person, collective, self.dice.choice(things.REASONS[person.language]), day, start, hours
        )

    def _book_at(
        self,
        resource: Resource,
        person: Member,
        collective: Collective | None,
        title: str,
        day: int,
        hour: int,
        hours: int,
    ) -> bool:
        zone = ZoneInfo(resource.place.timezone)
        date = self.at.astimezone(zone).date() + dt.timedelta(days=day)
        start = dt.datetime.combine(date, dt.time(hour), zone).astimezone(dt.UTC)
        try:
            bookings.book(
                member=person,
                resources=[resource.pk],
                starts_at=start,
                ends_at=start + dt.timedelta(hours=hours),
                title=title,
                collective=collective.pk if collective else None,
                at=min(self.at, start) - dt.timedelta(days=3),
            )
        except Refusal:
            return False
        return True

    # -- conversations -----------------------------------------------------------------------------------------------
    def chat(self) -> None:
        for collective in self.collectives:
            members = [row.member for row in collective.memberships.select_related("member").filter(state="member")]
            self._conversation(collective.room, members, talk.COLLECTIVE_TALK[collective.name])
        for title, purpose, lines in talk.OPEN_ROOMS:
            opened = self.at - dt.timedelta(days=30)
            room = conversations.open_room(
                kind=Room.Kind.OPEN, title=title, purpose=purpose, members=self.people, at=opened
            )
            self._conversation(room, self.people, lines)

    def _conversation(self, room: Room, people: list[Member], lines: list[str]) -> None:
        for at, body in zip(self._moments(len(lines)), lines, strict=True):
            speakers = [person for person in people if person.email != NEWCOMER_EMAIL]
            self._post(room, self.dice.choice(speakers), body, at)

    def _moments(self, count: int) -> Iterator[dt.datetime]:
        """That many moments of the last ten days, in order, in waking hours."""
        minutes = sorted(self.dice.randrange(10 * 12 * 60) for _ in range(count))
        for minute in minutes:
            day, within = divmod(minute, 12 * 60)
            yield min(self.at, self.at - dt.timedelta(days=10 - day) + dt.timedelta(minutes=within))

    def _post(self, room: Room, author: Member, body: str, at: dt.datetime) -> None:
        key = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        conversations.post_message(room=room, author=author, client_id=key, body=body, at=at)
