"""Cohort runs: asking for one, and working it out in the background."""

import datetime as dt
import logging
import secrets
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import Member
from backend.mentoring import cohort_tasks, prices, rules
from backend.mentoring.intake import Impossible, intake_of
from backend.mentoring.models import Cohort, CohortSeat, PairDemand, Programme
from backend.mentoring.talk_words import TalkWords, counted_in
from matching import Cohort as Pairing
from matching import Infeasible, Intake, Objective, assign, verify, written_cohort, written_intake

log = logging.getLogger(__name__)
Status = Cohort.Status


def ask_for(*, programme: Programme, by: Member, objective: str | None, at: dt.datetime) -> Cohort:
    """Have the pairs of a programme worked out in the background. One run at a time; one that died makes way.

    `objective`: None for the usual one. Refused with `decided_otherwise` where members were told that something else decides.
    """
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    if programme.state not in (Programme.State.OPEN, Programme.State.RUNNING):
        raise Conflict("programme_not_running", _("Pairs are worked out while a programme is open or running."))
    objective = objective or objectives_of(programme)[0]
    if objective not in objectives_of(programme):
        raise field_error("objective", "decided_otherwise", _("In this programme something else decides."))
    try:
        with transaction.atomic():
            open_runs = programme.cohorts.filter(status__in=[Status.WAITING, Status.RUNNING])
            open_runs.filter(moved_at__lt=at - Cohort.LIFELESS_AFTER).update(
                status=Status.FAILED, failure="interrupted", finished_at=at
            )
            cohort = Cohort.objects.create(
                programme=programme,
                objective=objective,
                talk_round=counted_in(programme),
                seed=secrets.randbelow(2**31),
                asked_by=by,
                asked_at=at,
                moved_at=at,
            )
            cohort_tasks.run_cohort.enqueue(cohort.pk)
    except IntegrityError as error:
        raise Conflict("cohort_running", _("A run of this programme is under way already.")) from error
    return cohort


def objectives_of(programme: Programme) -> list[str]:
    """What a run of it can strive for, the usual first."""
    if programme.decides == Programme.Decides.RANKINGS:
        return [Cohort.Objective.OWN_RANKINGS]
    return [one for one in Cohort.Objective if one != Cohort.Objective.OWN_RANKINGS]


def run(cohort: Cohort, *, clock: Callable[[], dt.datetime]) -> Cohort:
    """Work a cohort out, and keep it with its proof. What goes wrong is kept with it too; earlier cohorts stay as they are.

    Does nothing for a cohort that another worker has begun. `clock` says what time it is whenever there is progress.
    """
    begun = Cohort.objects.filter(pk=cohort.pk, status=Status.WAITING)
    if not begun.update(status=Status.RUNNING, step=Cohort.Step.READING, moved_at=clock()):
        return Cohort.objects.get(pk=cohort.pk)
    cohort = Cohort.objects.select_related("programme__organisation", "talk_round").get(pk=cohort.pk)

    def report(step: Cohort.Step, done: int, people: int) -> None:
        Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
            step=step, done=done, people=people, moved_at=clock()
        )

    try:
        ranked, words = cohort.objective == Cohort.Objective.OWN_RANKINGS, TalkWords(cohort.talk_round)
        intake = intake_of(cohort.programme, cohort.seed, report, at=clock(), words=words, ranked=ranked)
        report(Cohort.Step.ASSIGNING, len(list(intake.mentees)), len(list(intake.mentees)))  # type: ignore[arg-type]
        pairing = assign(intake, objective=Objective(cohort.objective))
        report(Cohort.Step.CHECKING, len(pairing.pairs) + len(pairing.empty), len(pairing.pairs) + len(pairing.empty))
        if faults := verify(intake, pairing):
            raise RuntimeError(f"the cohort does not pass its own check: {faults}")
        _keep(cohort, intake, pairing, at=clock())
    except Impossible as clash:
        _fail(cohort, "kept_impossible", clash.names, clock())
    except Infeasible as clash:
        if clash.mentors:
            _fail(cohort, "least_impossible", _demands_of(cohort.programme, clash.mentors), clock())
        elif clash.pairs:
            _fail(cohort, "kept_clash", Impossible(clash.pairs).names, clock())
        else:
            _fail(cohort, "infeasible", str(clash), clock())
    except Exception:
        log.exception("Cohort %s failed", cohort.pk)
        _fail(cohort, "failed", "", clock())
    cohort.refresh_from_db()
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


def drop_demand(*, programme: Programme, demand: int, by: Member) -> None:
    """No longer demand it; nothing where there is no such demand."""
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    programme.demands.filter(pk=demand).delete()


def price_places_of(programme: Programme, *, at: dt.datetime) -> None:
    """Work out what places are worth, as if the programme were matched now; nobody is paired and nobody told.

    Demands to keep people together say nothing about scarcity, and are left out.
    """
    intake = intake_of(programme, 0, lambda *_progress: None, at=at, with_kept=False)
    pairing = assign(intake)
    prices.keep(programme, dict(zip(sorted(intake.mentors), pairing.scarcity, strict=False)), at=at)  # type: ignore[type-var, arg-type]


@transaction.atomic
def _keep(cohort: Cohort, intake: Intake, pairing: Pairing, *, at: dt.datetime) -> None:
    """Keep what was found, unless the run was given up as dead in the meantime."""
    written = written_intake(intake)
    kept = Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
        status=Status.READY,
        intake=written,
        certificate=written_cohort(pairing),
        finished_at=at,
        moved_at=at,
    )
    if not kept:
        return
    rows = written["candidates"]
    names = ("mentee", "mentor", "for_mentee", "for_mentor")
    gains = {(one, other): points for one, other, *points in zip(*(rows[name] for name in names), strict=True)}
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
    if pairing.certificate.objective != Objective.OWN_RANKINGS:  # ranks say nothing about what a place is worth
        prices.keep(cohort.programme, dict(zip(sorted(intake.mentors), pairing.scarcity, strict=False)), at=at)  # type: ignore[type-var, arg-type]


def _demands_of(programme: Programme, mentors: Sequence[int]) -> str:
    """The guides whose demands clash, with how many mentees each must be given, as words of no language."""
    rows = programme.participants.filter(member__in=mentors).order_by("member__name")
    return ", ".join(f"{name} (≥ {least})" for name, least in rows.values_list("member__name", "at_least"))


def _fail(cohort: Cohort, failure: str, detail: str, at: dt.datetime) -> None:
    Cohort.objects.filter(pk=cohort.pk, status=Status.RUNNING).update(
        status=Status.FAILED, failure=failure, failure_detail=detail, finished_at=at, moved_at=at
    )
