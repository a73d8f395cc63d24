"""What everyone is asked in the demo: recommendations that are being collected, and votes that are over, with their results by country."""

import datetime as dt
from typing import Any

from backend.collectives.models import Collective
from backend.consultations import actions, grouping
from backend.consultations.models import Consultation, Recommendation
from backend.decisions import actions as decisions
from backend.decisions import closing, delegating
from backend.members.models import Member

DAY = dt.timedelta(days=1)
# All is told before the last two days, of which notices are still new.
BEGAN, COLLECTS = 5 * DAY, 16 * DAY
SAID = [
    ("en", "A fund from which whoever falls ill is paid a month at once, before the papers are done."),
    ("fr", "Un atelier itinérant : une camionnette équipée qui passe un mois dans chaque ville."),
    ("nl", "Elke nieuwe ondernemer krijgt een vaste gesprekspartner, het hele eerste jaar."),
    ("fr", "Que chaque lieu ouvre un soir par semaine à tout le monde, sans réservation."),
    ("nl", "Een gezamenlijke verzekering voor gereedschap, ook onderweg en in het buitenland."),
    ("en", "Contracts in plain words, in every language that we work in."),
]
TOWNS = ["Ghent", "Lyon", "Lisbon", "Bremen"]
THEMES = [
    ("Time for each other", "Somebody to talk to, and **evenings without an agenda**."),
    ("Tools on the road", "A van that goes from town to town, and what is in it."),
    ("Safe when ill", "A fund that pays at once."),
]


def consult(member: Member, collective: Collective, at: dt.datetime) -> None:
    """Asked by this member, who coordinates a programme; the collective is the local group for which somebody speaks."""
    people = list(Member.objects.filter(organisation=member.organisation).exclude(pk=member.pk).order_by("pk")[:24])
    _collect(member, people, collective, at)
    _decide(member, people, at)
    _decide_everywhere(member, at)


def _collect(member: Member, people: list[Member], collective: Collective, at: dt.datetime) -> None:
    asked = actions.begin(
        by=member, title="What we do together next year", collects_until=at + COLLECTS, at=at - BEGAN,
        text="Everything is welcome, **small or large**. In the next step we put it into themes, and then we vote.",
    )  # fmt: skip
    speaker = collective.memberships.filter(
        state="member", member__organisation=member.organisation_id, role__in=["member", "steward"]
    ).order_by("pk").last()  # fmt: skip
    said = _say(asked, people, at - BEGAN + DAY)
    if speaker is not None:
        words = "That each collective may lend its tools to the others without asking the office first."
        said.append(
            actions.hand_in(
                consultation=asked,
                by=speaker.member,
                text=words,
                language="en",
                collective=collective,
                at=at - BEGAN + DAY,
            )
        )
    for place, row in enumerate(said):
        for other in people[place + 2 : place + 2 + (place * 5) % 7]:
            if other.pk != row.author_id:
                actions.support(consultation=asked, by=other, recommendation=row.pk, want=True, at=at - BEGAN + DAY)


def _decide(member: Member, people: list[Member], at: dt.datetime) -> None:
    began = at - 60 * DAY
    asked = actions.begin(
        by=member, title="What comes first this season", collects_until=began + 14 * DAY, at=began,
        text="We have 12,000 euros for the season.",
    )  # fmt: skip
    said = _say(asked, people, began + DAY)
    grouped = began + 14 * DAY
    grouping.group_due(at=grouped)
    step: dict[str, Any] = {"consultation": asked, "by": member, "at": grouped}
    themes = [grouping.add_theme(title=title, summary=summary, **step) for title, summary in THEMES]
    for row, place in zip(said, (2, 1, 0, 0, 1, None), strict=True):
        if place is None:
            grouping.place(recommendation=row.pk, left_out_because="This is under way already, in the office.", **step)
        else:
            grouping.place(recommendation=row.pk, theme=themes[place].pk, **step)
    grouping.discuss(**step)
    delegating.lend(by=people[0], to=member.pk, organisation=member.organisation, at=grouped)
    vote = decisions.propose(
        member=member, consultation=asked, title="What comes first this season", method="dots", quorum=10, at=grouped
    )
    decisions.discuss(proposal=vote, by=member, at=grouped)
    decisions.open_vote(proposal=vote, by=member, closes_at=grouped + 14 * DAY, at=grouped)
    first, second, third = (option.pk for option in vote.options.all())
    for place, voter in enumerate([member, *people[1:]]):
        dots = {str(first): 3 + place % 3, str(second): place % 3, str(third): 1} if place % 5 else {str(third): 8}
        decisions.vote(proposal=vote, by=voter, ballot={"dots": dots}, at=grouped + DAY)
    closing.close_due(at=grouped + 14 * DAY)
    closing.conclude(
        proposal=vote, by=member, text="We begin with conversation partners, and look for a van in spring.",
        review_on=(at + 120 * DAY).date(), at=grouped + 16 * DAY,
    )  # fmt: skip


def _decide_everywhere(member: Member, at: dt.datetime) -> None:
    """The federation: one vote that is over, and something that is talked about before the vote is prepared."""
    began = at - 50 * DAY
    member.is_superuser = True  # As they were when they began it; nobody in the demo has all keys.
    over = actions.begin(
        by=member, title="Where we all meet next year", everywhere=True, at=began,
        text="Three days in September, for everyone. The federation pays **half of each journey**.",
    )  # fmt: skip
    actions.begin(
        by=member, title="One insurance for what travels", everywhere=True, at=at - 4 * DAY,
        text="Tools that cross a border are insured three times today. Should the federation do it once, for all of us?",
    )  # fmt: skip
    member.is_superuser = False
    options = [{"title": town} for town in TOWNS]
    vote = decisions.propose(
        member=member,
        consultation=over,
        title="Where we all meet",
        method="ranked",
        quorum=10,
        options=options,
        at=began,
    )
    decisions.discuss(proposal=vote, by=member, at=began)
    opens = began + 2 * DAY
    decisions.open_vote(proposal=vote, by=member, closes_at=opens + 14 * DAY, at=opens)
    towns = list(vote.options.values_list("pk", flat=True))
    voters = [row.member for row in vote.voters.select_related("member").order_by("member")[::4] if row.member]
    for place, voter in enumerate(voters):
        first = (place + len(voter.city)) % len(towns)
        ranking = [towns[first], *(town for town in towns if town != towns[first])][: 2 + place % 3]
        said: dict[str, Any] = {"ranking": ranking} if place % 9 else {"abstain": True}
        decisions.vote(proposal=vote, by=voter, ballot=said, at=opens + DAY)
    closing.close_due(at=opens + 14 * DAY)
    closing.conclude(
        proposal=vote, by=member, text="We have asked for the dates. Whoever would like to prepare it writes in the room.",
        review_on=None, at=opens + 15 * DAY,
    )  # fmt: skip


def _say(asked: Consultation, people: list[Member], at: dt.datetime) -> list[Recommendation]:
    return [
        actions.hand_in(consultation=asked, by=person, text=text, language=language, at=at)
        for person, (language, text) in zip(people, SAID, strict=False)
    ]
