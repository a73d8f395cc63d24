"""Who takes part in a programme, as its coordinators look after it: shown, added, removed, taken along as a table and back."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound, Refusal, field_error
from backend.members.models import Block, Member
from backend.mentoring.line_reading import Faults, lines
from backend.mentoring.models import PairWish, Participant, Programme
from backend.mentoring.programmes import homes_of, must_coordinate, must_fit
from backend.notices.actions import tell, tell_each
from backend.notices.models import Notice
from backend.tables import harmless

Role = Participant.Role
ONLY = ("without_wishes", "avoiding", "wished", "unwished")
COLUMNS = ("member", "role")


def shown(
    programme: Programme, *, by: Member, role: str = "", only: str = "", words: str = ""
) -> QuerySet[Participant]:
    """Participants with their wishes and with `wished`, how many would like them; without anybody from whom the coordinator is apart.

    `only`: one of `ONLY`. `words`: part of the name.
    """
    apart = Block.between(by)
    named = PairWish.objects.exclude(whom__in=apart).select_related("whom")
    wishes = PairWish.objects.filter(participant=OuterRef("pk"))
    likes = PairWish.objects.filter(participant__programme=programme, rank__isnull=False, whom=OuterRef("member"))
    counted = likes.order_by().values("whom").annotate(many=Count("pk")).values("many")
    rows = Participant.objects.filter(programme=programme).exclude(member__in=apart)
    rows = rows.annotate(wished=Coalesce(Subquery(counted), 0))
    if role:
        rows = rows.filter(role=role)
    if words:
        rows = rows.filter(member__name__icontains=words)
    if only == "without_wishes":
        rows = rows.exclude(Exists(wishes.filter(rank__isnull=False)))
    elif only == "avoiding":
        rows = rows.filter(Exists(wishes.filter(rank__isnull=True)))
    elif only in ("wished", "unwished"):
        rows = rows.filter(wished__gt=0) if only == "wished" else rows.filter(wished=0)
    return rows.select_related("member").prefetch_related(Prefetch("wishes", named))


@transaction.atomic
def add(*, programme: Programme, member: Member, role: str, by: Member, at: dt.datetime) -> Participant:
    """Have somebody take part who has not joined by themselves. They are told, and may leave at any time.

    Refused with `already_joined` for who takes part already: what they said of themselves stays.
    """
    held = _held(programme, by)
    if held.participants.filter(member=member).exists():
        raise Conflict("already_joined", _("This person takes part already."))
    made = _taken_in(held, homes_of(held), member, role, at)
    tell(member=member, kind=Notice.Kind.PROGRAMME_ADDED, data=_facts(held, by), at=at)
    return made


@transaction.atomic
def remove(*, programme: Programme, participant: int, by: Member, at: dt.datetime) -> None:
    """Have somebody no longer take part: answers and wishes are gone, and they are told. Raises NotFound for who does not."""
    must_coordinate(by, programme)
    held = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if held.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    found = held.participants.filter(pk=participant).select_related("member").first()
    if found is None:
        raise NotFound
    found.delete()
    tell(member=found.member, kind=Notice.Kind.PROGRAMME_REMOVED, data=_facts(held, by), at=at)


@transaction.atomic
def demand(*, programme: Programme, participant: int, at_least: int, by: Member) -> Participant:
    """Have every run from now on give a guide at least so many mentees; 0: none need be. Raises NotFound for who takes no part.

    Whether that can be is found out by a run, which says whose demands clash. Refused where rankings decide, as these promise nobody
    anything.
    """
    must_coordinate(by, programme)
    held = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if held.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    found = held.participants.filter(pk=participant).first()
    if found is None:
        raise NotFound
    if at_least and found.role != Role.MENTOR:
        raise field_error("at_least", "not_a_guide_here", _("Only who guides can be given somebody."))
    if at_least and held.decides == Programme.Decides.RANKINGS:
        raise field_error("at_least", "decided_otherwise", _("In this programme something else decides."))
    found.at_least = at_least
    found.save(update_fields=["at_least"])
    return found


@transaction.atomic
def read(*, programme: Programme, table: str, by: Member, at: dt.datetime) -> int:
    """Have everyone take part who stands in a table of `member` (number or e-mail address) and `role`; how many are new.

    Whoever takes part in this role already is left as they are. Refused as a whole with `table_unreadable`, or with every
    line that cannot be used and why.
    """
    held, faults = _held(programme, by), Faults()
    homes, rows = (
        homes_of(held),
        [(number, line["member"], line["role"].lower()) for number, line in lines(table, COLUMNS)],
    )
    people = _people(by, {name for _number, name, _role in rows})
    roles = dict(held.participants.values_list("member", "role"))
    new = []
    for number, name, role in rows:
        member = people.get(name.lower())
        try:
            if member is None:
                raise Conflict("unknown_person", _("Nobody here has this address."))
            if role not in Role.values:
                raise Conflict("invalid_choice", _("It is “mentee” or “mentor”."))
            if roles.get(member.pk, role) != role:
                raise Conflict("already_joined", _("This person takes part already."))
            if member.pk not in roles:
                new.append(_taken_in(held, homes, member, role, at))
                roles[member.pk] = role
        except Refusal as refusal:
            faults.add(number, refusal.code, str(refusal.detail))
    faults.refuse()
    tell_each([(one.member_id, _facts(held, by)) for one in new], kind=Notice.Kind.PROGRAMME_ADDED, at=at)
    return len(new)


def written(programme: Programme, *, by: Member) -> tuple[list[str], Iterator[list[str]]]:
    """The heading and the cells of a table of everyone: names, wishes by rank and answers, neither addresses nor reasons.

    It can be read again: people are named by their number.
    """
    ranks = range(1, programme.most_wishes + 1)
    heading = ["member", "name", "role", "joined", *(f"wish_{rank}" for rank in ranks), "avoids", *programme.questions]
    return [harmless(one) for one in heading], (
        _cells(row, programme, ranks) for row in shown(programme, by=by).order_by("pk")
    )


def _cells(row: Participant, programme: Programme, ranks: range) -> list[str]:
    wishes = {wish.rank: wish.whom.name for wish in row.wishes.all() if wish.rank is not None}
    avoids = "; ".join(wish.whom.name for wish in row.wishes.all() if wish.rank is None)
    said = {one["question"]: one["answer"] for one in row.answers}
    cells = [
        row.member.name,
        row.role,
        row.joined_at.date().isoformat(),
        *(wishes.get(rank, "") for rank in ranks),
        avoids,
    ]
    return [
        str(row.member_id),
        *(harmless(cell) for cell in (*cells, *(said.get(one, "") for one in programme.questions))),
    ]


def _held(programme: Programme, by: Member) -> Programme:
    """The programme, which nobody else changes until this is over; refused while nobody can take part."""
    must_coordinate(by, programme)
    held: Programme = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if held.state not in (Programme.State.OPEN, Programme.State.RUNNING):
        raise Conflict("programme_not_open", _("This programme takes nobody at the moment."))
    return held


def _taken_in(held: Programme, homes: set[int | None], member: Member, role: str, at: dt.datetime) -> Participant:
    if member.organisation_id not in homes:
        raise Conflict("not_of_programme", _("This person belongs to none of its organisations."))
    must_fit(held, member, role)
    return held.participants.create(member=member, role=role, joined_at=at)


def _people(by: Member, named: set[str]) -> dict[str, Member]:
    """Those whom the coordinator can see, by number and by address."""
    seen = Member.objects.visible_to(by)
    numbers = [int(name) for name in named if name.isdecimal() and len(name) <= 18]
    found = {str(one.pk): one for one in seen.filter(pk__in=numbers)}
    addresses = [name.lower() for name in named if "@" in name]
    return found | {one.email: one for one in seen.filter(email__in=addresses)}


def _facts(programme: Programme, by: Member) -> dict[str, object]:
    return {"programme": {"id": programme.pk, "name": programme.name}, "person": {"id": by.pk, "name": by.name}}
