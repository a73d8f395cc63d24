"""How a published cohort was decided, as one of the people concerned may know it."""

from dataclasses import asdict
from typing import Any

from backend.errors import NotFound
from backend.members.models import Block, Member
from backend.mentoring.models import Cohort, Participant, Programme
from backend.mentoring.programmes import filled_in
from backend.mentoring.why import Why, why


def decided_for(programme: Programme, member: Member) -> dict[str, Any]:
    """The last published cohort's figures, and what became of this member and of their wishes. Raises NotFound without one.

    Whoever has blocked the member since, or was blocked, is left out.
    """
    cohort = programme.cohorts.filter(status=Cohort.Status.PUBLISHED).order_by("-published_at", "-pk").first()
    if cohort is None or cohort.certificate is None:
        raise NotFound
    hidden = set(Block.between(member))
    seats = cohort.seats.filter(is_stale=False)
    own = cohort.seats.filter(mentee=member).select_related("mentor").first()
    guides = [own.mentor] if own and own.mentor and not own.is_stale else []
    guided = [seat.mentee for seat in seats.filter(mentor=member).select_related("mentee").order_by("pk")]
    people = [one for one in (*guides, *guided) if one.pk not in hidden]
    joined = programme.participants.filter(member=member).first()
    words = programme.words_with_guide if guides and people else ""
    plain = cohort.certificate.get("plain")
    return {
        "published_at": cohort.published_at,
        "seed": cohort.seed,
        "objective": cohort.objective,
        "quality": cohort.certificate | {"plain": plain and plain["figures"]},
        "people": people,
        "why_empty": own.why_empty if own and not own.mentor_id else "",
        "wishes": [] if joined is None else _wishes(cohort, joined, hidden),
        "words": filled_in(
            words, name=member.name, guide=people[0].name if people else "", programme=programme.name
        ),
    }  # fmt: skip


def _wishes(cohort: Cohort, joined: Participant, hidden: set[int]) -> list[dict[str, Any]]:
    found = []
    for wish in joined.wishes.filter(rank__isnull=False).select_related("whom"):
        if wish.whom_id in hidden:
            continue
        pair = (joined.member_id, wish.whom_id)
        mentee, mentor = pair if joined.role == Participant.Role.MENTEE else pair[::-1]
        said = why(cohort, mentee, mentor)
        ranked = cohort.objective == Cohort.Objective.OWN_RANKINGS and joined.role == Participant.Role.MENTOR
        if said.outcome == "apart" or (ranked and said.outcome != "given"):
            # That somebody would rather not looks like any other reason, and so does to guides whom a mentee named.
            said = Why("impossible", None, None, said.instead, 0, 0)
        found.append({"whom": wish.whom, "rank": wish.rank} | asdict(said))
    return found
