"""Cohort runs: asking for one, working it out in the background, and proposing its pairs to the people concerned."""

import datetime as dt
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import Member
from backend.mentoring import cohort_tasks, prices, rules
from backend.mentoring.models import Cohort, CohortSeat, Mentorship, PairDemand, Programme
from backend.mentoring.people import PEOPLE, persons
from backend.mentoring.suggestions import hidden_from
from backend.notices.actions import tell
from backend.notices.models import Notice
from matching import GUIDE, Candidates, Index, Infeasible, Intake, Objective, Person, Weights, assign, verify
from matching import Cohort as Pairing

log = logging.getLogger(__name__)
CANDIDATES = 50
"""Mentors looked at for each mentee: the best by score, and no more than anyone could compare."""
MOST_POINTS = 1_000
LIFELESS_AFTER = dt.timedelta(minutes=10)
Report = Callable[[Cohort.Step, int, int], None]
Status = Cohort.Status


def ask_for(*, programme: Programme, by: Member, objective: str, at: dt.datetime) -> Cohort:
    """Have the pairs of a programme worked out in the background. One run at a time; one that died makes way."""
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    try:
        with transaction.atomic():
            open_runs = programme.cohorts.filter(status__in=[Status.WAITING, Status.RUNNING])
            open_runs.filter(moved_at__lt=at - LIFELESS_AFTER).update(
                status=Status.FAILED, failure="interrupted", finished_at=at
            )
            cohort = Cohort.objects.create(
                programme=programme,
                objective=objective,
                seed=secrets.randbelow(2**31),
                asked_by=by,
                asked_at=at,
                moved_at=at,
            )
            cohort_tasks.run_cohort.enqueue(cohort.pk)
    except IntegrityError as error:
        raise Conflict("cohort_running", _("A run of this programme is under way already.")) from error
    return cohort


def run(cohort: Cohort, *, clock: Callable[[], dt.datetime]) -> Cohort:
    """Work a cohort out, and keep it with its proof. What goes wrong is kept with it too; earlier cohorts stay as they are.

    Does nothing for a cohort that another worker has begun. `clock` says what time it is whenever there is progress.
    """
    begun = Cohort.objects.filter(pk=cohort.pk, status=Status.WAITING)
    if not begun.update(status=Status.RUNNING, step=Cohort.Step.READING, moved_at=clock()):
        return Cohort.objects.get(pk=cohort.pk)
    cohort = Cohort.objects.select_related("programme__organisation").get(pk=cohort.pk)

    def report(step: Cohort.Step, done: int, people: int) -> None:
        Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
            step=step, done=done, people=people, moved_at=clock()
        )

    try:
        intake = intake_of(cohort.programme, cohort.seed, report, at=clock())
        report(Cohort.Step.ASSIGNING, len(list(intake.mentees)), len(list(intake.mentees)))  # type: ignore[arg-type]
        pairing = assign(intake, objective=Objective(cohort.objective))
        report(Cohort.Step.CHECKING, len(pairing.pairs) + len(pairing.empty), len(pairing.pairs) + len(pairing.empty))
        if faults := verify(intake, pairing):
            raise RuntimeError(f"the cohort does not pass its own check: {faults}")
        _keep(cohort, intake, pairing, at=clock())
    except Impossible as clash:
        _fail(cohort, "kept_impossible", clash.names, clock())
    except Infeasible as clash:
        _fail(cohort, "infeasible", str(clash), clock())
    except Exception:
        log.exception("Cohort %s failed", cohort.pk)
        _fail(cohort, "failed", "", clock())
    cohort.refresh_from_db()
    return cohort


@transaction.atomic
def publish(*, cohort: Cohort, by: Member, at: dt.datetime) -> Cohort:
    """Propose to each mentee the guide that was found; asking, and answering, stays theirs."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    if not rules.may_coordinate(by, cohort.programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    if cohort.status != Status.READY:
        raise Conflict("not_ready", _("Only a cohort that is ready can be published, and only once."))
    cohort.status, cohort.published_at = Status.PUBLISHED, at
    cohort.save(update_fields=["status", "published_at"])
    for seat in cohort.seats.filter(mentor__isnull=False).select_related("mentee", "mentor"):
        assert seat.mentor is not None
        person = {"id": seat.mentor.pk, "name": seat.mentor.name}
        data = {"person": person, "programme": cohort.programme.name, "track": cohort.programme.track}
        tell(member=seat.mentee, kind=Notice.Kind.GUIDE_PROPOSED, data=data, at=at)
    return cohort


@transaction.atomic
def demand(*, programme: Programme, mentee: Member, mentor: Member, kind: str, by: Member) -> PairDemand:
    """Keep two people together, or apart, in every run from now on; said again, the last word counts."""
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    if mentee.pk == mentor.pk:
        raise field_error("mentor", "oneself", _("Choose two different people."))
    made, _new = PairDemand.objects.update_or_create(
        programme=programme, mentee=mentee, mentor=mentor, defaults={"kind": kind}
    )
    return made


def mentees_of(programme: Programme) -> QuerySet[Member]:
    """Members of its organisation who want help with something and have no guide on its track yet."""
    guided = Mentorship.objects.filter(track=programme.track).exclude(status=Mentorship.Status.CLOSED)
    present = Member.objects.present().filter(organisation=programme.organisation, wants__isnull=False)
    return present.exclude(pk__in=guided.values("mentee")).distinct().order_by("pk")


def weights_of(programme: Programme) -> Weights:
    """The weights of a programme. Raises ValueError for points that cannot be."""
    return replace(GUIDE, version=f"programme-{programme.pk}-{programme.weights_version}", **programme.weights)


def intake_of(programme: Programme, seed: int, report: Report, *, at: dt.datetime, with_kept: bool = True) -> Intake:
    """What the engine is given: everyone who wants a guide, and for each the best guides with an open place."""
    members = list(mentees_of(programme))
    index, weights = PEOPLE.index(at=at), weights_of(programme)
    people = {person.id: person for person in persons(mentees_of(programme), at=at)}
    demands = list(programme.demands.filter(mentee__in=people).values_list("mentee", "mentor", "kind"))
    kept = {(mentee, mentor) for mentee, mentor, kind in demands if with_kept and kind == PairDemand.Kind.KEPT}
    rows: list[Candidate] = []
    for number, member in enumerate(members):
        if number % 25 == 0:
            report(Cohort.Step.SCORING, number, len(members))
        wanted = {mentor for mentee, mentor in kept if mentee == member.pk}
        rows += _candidates(index, people[member.pk], programme.track, weights, hidden_from(member), wanted)
    capacity = _places({row.mentor for row in rows})
    rows = [row for row in rows if row.mentor in capacity]
    pairs = {(row.mentee, row.mentor) for row in rows}
    if impossible := sorted(kept - pairs):
        raise Impossible(impossible)
    return Intake(
        mentees=[member.pk for member in members],
        mentors=list(capacity),
        capacity=list(capacity.values()),
        candidates=Candidates(
            mentee=[row.mentee for row in rows],
            mentor=[row.mentor for row in rows],
            for_mentee=[row.for_mentee for row in rows],
            for_mentor=[row.for_mentor for row in rows],
        ),
        excluded=[
            (mentee, mentor)
            for mentee, mentor, kind in demands
            if kind == PairDemand.Kind.EXCLUDED and (mentee, mentor) in pairs
        ],
        kept=[(mentee, mentor, 0) for mentee, mentor in sorted(kept)],
        floor=programme.floor,
        seed=seed,
        weights=weights.version,
    )


def price_places_of(programme: Programme, *, at: dt.datetime) -> None:
    """Work out what places are worth, as if the programme were matched now; nobody is paired and nobody told.

    Demands to keep people together say nothing about scarcity, and are left out.
    """
    intake = intake_of(programme, 0, lambda *_progress: None, at=at, with_kept=False)
    pairing = assign(intake)
    prices.keep(programme, dict(zip(sorted(intake.mentors), pairing.scarcity, strict=False)), at=at)  # type: ignore[type-var, arg-type]


class Impossible(Exception):
    """Pairs to be kept together who cannot be: no open place, no common language, or not on this track."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        super().__init__(pairs)
        names = dict(Member.objects.filter(pk__in={pk for pair in pairs for pk in pair}).values_list("pk", "name"))
        self.names = "; ".join(f"{names[mentee]} – {names[mentor]}" for mentee, mentor in pairs)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible pair, and what each of the two gains of 1,000 points."""

    mentee: int
    mentor: int
    for_mentee: int
    for_mentor: int


def _candidates(
    index: Index, me: Person, track: str, weights: Weights, hidden: frozenset[int], wanted: set[int]
) -> Iterator[Candidate]:
    """The best for one mentee, and those whom a coordinator wants to keep with them."""
    found = index.top(me, CANDIDATES, track=track, exclude=hidden, weights=weights)
    if missing := wanted - {answer.them for answer in found}:
        found += index.top(me, len(missing), track=track, allowed=missing, weights=weights)
    most = weights.most - weights.wishes - weights.mutual
    for answer in found:
        yield Candidate(
            mentee=me.id,
            mentor=answer.them,
            for_mentee=max(0, answer.fit_for_me) * MOST_POINTS // (2 * weights.wishes + most),
            for_mentor=max(0, answer.fit_for_them) * MOST_POINTS // (2 * weights.mutual + most),
        )


def _places(mentors: set[int]) -> dict[int, int]:
    """Open places of these mentors, by id in ascending order; without those who left since the index was read."""
    rows = Member.objects.present().filter(pk__in=mentors).order_by("pk")
    return {pk: places for pk, places in sorted(rules.places_open_of(list(rows)).items()) if places}


@transaction.atomic
def _keep(cohort: Cohort, intake: Intake, pairing: Pairing, *, at: dt.datetime) -> None:
    gains = {
        (mentee, mentor): (for_mentee, for_mentor)
        for mentee, mentor, for_mentee, for_mentor in zip(*_columns(intake), strict=True)
    }
    found = [
        CohortSeat(
            cohort=cohort,
            mentee_id=pair.mentee,
            mentor_id=pair.mentor,
            for_mentee=gains[pair.mentee, pair.mentor][0],
            for_mentor=gains[pair.mentee, pair.mentor][1],
        )
        for pair in pairing.pairs
    ]
    without = [CohortSeat(cohort=cohort, mentee_id=seat.mentee, why_empty=seat.why.value) for seat in pairing.empty]
    CohortSeat.objects.bulk_create(found + without)
    Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
        status=Status.READY,
        intake=_as_json(intake),
        certificate=asdict(pairing.certificate) | {"scarcity": pairing.scarcity},
        finished_at=at,
        moved_at=at,
    )
    prices.keep(cohort.programme, dict(zip(sorted(intake.mentors), pairing.scarcity, strict=False)), at=at)  # type: ignore[type-var, arg-type]


def _fail(cohort: Cohort, failure: str, detail: str, at: dt.datetime) -> None:
    Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
        status=Status.FAILED, failure=failure, failure_detail=detail, finished_at=at, moved_at=at
    )


def _columns(intake: Intake) -> tuple[list[int], ...]:
    rows = intake.candidates
    return list(rows.mentee), list(rows.mentor), list(rows.for_mentee), list(rows.for_mentor)  # type: ignore[arg-type]


def _as_json(intake: Intake) -> dict[str, object]:
    given = {name: getattr(intake, name) for name in ("mentees", "mentors", "capacity", "excluded", "kept", "floor")}
    names = ("mentee", "mentor", "for_mentee", "for_mentor")
    rows = dict(zip(names, _columns(intake), strict=True))
    return given | {"candidates": rows, "seed": intake.seed, "weights": intake.weights}


def intake_from(kept: dict[str, object]) -> Intake:
    """The intake of a cohort as it was stored, so that anyone can check the certificate against it."""
    rows = kept["candidates"]
    assert isinstance(rows, dict)
    others = {name: value for name, value in kept.items() if name != "candidates"}
    return Intake(candidates=Candidates(**rows), **others)  # type: ignore[arg-type]
