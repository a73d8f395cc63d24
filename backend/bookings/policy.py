"""Rules about people rather than times: who may, how much, after which induction, with whose approval, for which contribution."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.bookings import terms, times
from backend.bookings.free import Span
from backend.bookings.models import (
    Booking,
    BookingItem,
    Exemption,
    Induction,
    InductionGrant,
    InductionSession,
    Resource,
    Rule,
)
from backend.bookings.rules import Problem, stewarded_by
from backend.collectives.models import Collective
from backend.members.models import Member

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SESSIONS_SHOWN = 3
FOR_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)
T = TypeVar("T")


@dataclass(frozen=True)
class Asking:
    """Who asks for what, for whom and when; `resources` with their places, `rules` all that may be about them."""

    member: Member
    collective: Collective | None
    resources: tuple[Resource, ...]
    rules: tuple[Rule, ...]
    span: Span
    at: dt.datetime
    moved: tuple[int, ...] = ()
    also: tuple[Span, ...] = ()
    """Other times of the same wish, that count against quotas although they are not stored yet."""
    reach: Span | None = None
    """When many times are asked about: from the first to the last of them."""
    memo: dict[Any, Any] = field(default_factory=dict, compare=False)
    """What was read for one time and is good for the others."""

    def once(self, key: Any, read: Callable[[], T]) -> T:
        """Read once, however many times of the same wish are asked about."""
        if key not in self.memo:
            self.memo[key] = read()
        found: T = self.memo[key]
        return found

    def pairs(self, what: str) -> Iterator[tuple[Rule, Any, Resource]]:
        """Each rule of a kind with its terms and each resource that it is about."""
        for resource in self.resources:
            for rule in terms.applying(self.rules, resource):
                if rule.what == what:
                    yield rule, terms.terms_of(rule), resource

    def firsts(self, what: str) -> Iterator[tuple[Rule, Any, Resource]]:
        """Each rule of a kind once, with the first resource: for what is the same whichever of them is asked about."""
        seen: set[int] = set()
        for rule, said, resource in self.pairs(what):
            if rule.pk not in seen:
                seen.add(rule.pk)
                yield rule, said, resource

    def hosted(self) -> set[int]:
        """Those of the resources that the member looks after."""
        ids = [resource.pk for resource in self.resources]
        rows = Resource.objects.hosted_by(self.member).filter(pk__in=ids)
        return self.once("hosted", lambda: set(rows.values_list("pk", flat=True)))


def problems(asking: Asking) -> Iterator[Problem]:
    """Every such rule that the wish breaks. Quotas hold only when asked under the lock of the member and the collective."""
    for rule, who, resource in asking.pairs(Rule.What.WHO):
        if not asking.once(("who", rule.pk, resource.pk), partial(_is_named, asking, who, resource)):
            detail = _("%(name)s is not shared with everyone.") % {"name": resource.name}
            yield _problem(rule, "resources", "not_for_you", detail, {"resource": resource.pk})
    for rule, needed, resource in asking.firsts(Rule.What.INDUCTION):
        until = asking.once(("induction", needed.induction), partial(_good_until, asking.member, needed.induction))
        if until is None or until <= asking.span[0]:
            detail = _("You need an induction before you use %(name)s.") % {"name": resource.name}
            coming = asking.once(("sessions", needed.induction), partial(_induction, needed.induction, asking.at))
            facts = {"resource": resource.pk, "induction": coming}
            yield _problem(rule, "resources", "induction_needed", detail, facts)
    for rule, quota, resource in asking.firsts(Rule.What.QUOTA):
        yield from _quota(asking, rule, quota, resource)


def kept_from(member: Member, collective: Collective | None, at: dt.datetime) -> list[int]:
    """The resources that this person cannot book, for themselves or for the collective, because of who they are."""
    rows = Rule.objects.filter(what=Rule.What.WHO, is_active=True)
    scopes = [_resources_of(rule) for rule in rows]
    if not scopes:
        return []
    limited = tuple(Resource.objects.shown().filter(reduce(or_, scopes)))
    asked = Asking(
        member=member, collective=collective, resources=limited, rules=tuple(rows), span=(at, at + HOUR), at=at
    )
    asked.hosted()  # Read for all of them at once: each is asked about alone below.
    found = {resource: list(problems(replace(asked, resources=(resource,)))) for resource in limited}
    return [
        resource.pk
        for resource, broken in found.items()
        if any(problem.what == Rule.What.WHO for problem in not_lifted(asked, broken))
    ]


def needs_approval(asking: Asking, *, was: Span | None = None) -> Rule | None:
    """The first risk rule that this wish meets; hosts approve their own at once.

    `was` is the span that was granted before: of all risks only the length can be new at another time, when there is more of it.
    """
    grows = was is None or asking.span[1] - asking.span[0] > was[1] - was[0]
    for rule, risk, resource in asking.pairs(Rule.What.APPROVAL):
        if was is not None and not (grows and risk.when == "longer_than"):
            continue
        is_risky = _is_risky(asking, risk, resource) and resource.pk not in asking.hosted()
        if is_risky and rule.pk not in _lifted(asking, {rule.what}):
            return rule
    return None


def contribution(asking: Asking, units: Mapping[int, int]) -> dict[str, Any]:
    """What the booking records: cost_cents, cost_credits, deposit_cents and their currency. `units` by resource id.

    Hours and days begun count in full. Amounts of another currency than the first are left out: a booking has one.
    """
    length = asking.span[1] - asking.span[0]
    times_over = {"booking": 1, "hour": -(-length // HOUR), "day": -(-length // DAY)}
    cents = credits = deposit = 0
    currency = ""
    for resource in asking.resources:
        for rule in terms.applying(asking.rules, resource):
            if rule.what not in (Rule.What.COST, Rule.What.DEPOSIT):
                continue
            said = terms.terms_of(rule)
            currency = currency or said.currency
            same = said.currency == currency
            if rule.what == Rule.What.DEPOSIT:
                deposit += said.cents * units[resource.pk] * same
            else:
                cents += said.cents * times_over[said.per] * units[resource.pk] * same
                credits += said.credits * times_over[said.per] * units[resource.pk]
    return {
        "cost_cents": cents,
        "cost_credits": credits,
        "deposit_cents": deposit,
        "currency": currency or "EUR",
    }


def not_lifted(asking: Asking, found: list[Problem]) -> list[Problem]:
    """The problems without those from which a host has let this person or collective off."""
    if not any(problem.what for problem in found):
        return found
    lifted = _lifted(asking, {problem.what for problem in found})
    return [problem for problem in found if problem.facts.get("rule") not in lifted]


def _lifted(asking: Asking, kinds: set[str]) -> set[int]:
    return asking.once(("lifted", frozenset(kinds)), partial(_read_lifted, asking, kinds))


def _read_lifted(asking: Asking, kinds: set[str]) -> set[int]:
    about = [rule.pk for rule in asking.rules if rule.what in kinds]
    theirs = Q(member=asking.member) | (Q(collective=asking.collective) if asking.collective else Q(pk__in=[]))
    rows = Exemption.objects.filter(theirs, rule__in=about).filter(Q(until__isnull=True) | Q(until__gt=asking.at))
    return set(rows.values_list("rule", flat=True))


def lifters(resources: tuple[Resource, ...]) -> list[dict[str, Any]]:
    """Who can let somebody off the rules of these resources: owners and hosts, JSON-ready, without those who hide from everybody."""
    ids = [resource.pk for resource in resources]
    of_place = Q(places_hosted__resources__in=ids)
    of_collective = Q(
        collective_memberships__state="member",
        collective_memberships__role="steward",
        collective_memberships__collective__resources__in=ids,
    )
    found = Member.objects.filter(of_place | of_collective | Q(resources_owned__in=ids), is_active=True)
    return list(found.exclude(seen_by=Member.SeenBy.NOBODY).distinct().order_by("name", "pk").values("id", "name")[:5])


def _problem(rule: Rule, field: str, code: str, detail: str, facts: dict[str, Any]) -> Problem:
    return Problem(field, code, detail, {"rule": rule.pk, "message": message(rule), **facts}, rule.what)


def message(rule: Rule) -> str:
    """Why, in the host's words and in the reader's language, else in any that there is."""
    words: dict[str, str] = rule.message or {}
    return words.get(get_language() or "en") or words.get("en") or next(iter(words.values()), "")


def _is_named(asking: Asking, who: terms.Who, resource: Resource) -> bool:
    if who.organisations and asking.member.organisation_id not in who.organisations:
        return False
    if who.countries and asking.member.country not in who.countries:
        return False
    if who.collectives and (asking.collective is None or asking.collective.pk not in who.collectives):
        return False
    return not who.roles or any(_has_role(asking, role, resource) for role in who.roles)


def _has_role(asking: Asking, role: str, resource: Resource) -> bool:
    if role == "guide":
        return bool(asking.member.is_guide)
    if role == "steward":
        return bool(stewarded_by(asking.member))
    return resource.pk in asking.hosted()


def has_induction(member: Member, induction: int, at: dt.datetime) -> bool:
    """Whether the member may use what asks for this induction at that moment."""
    until = _good_until(member, induction)
    return until is not None and until > at


def _good_until(member: Member, induction: int) -> dt.datetime | None:
    """Until when the member may use it; the end of time when it does not expire, None without a grant."""
    grants = InductionGrant.objects.filter(member=member, induction=induction, revoked_at__isnull=True)
    ends = [end or FOR_EVER for end in grants.values_list("expires_at", flat=True)]
    return max(ends, default=None)


def _induction(number: int, at: dt.datetime) -> dict[str, Any]:
    """The induction and its next sessions, to book one straight away."""
    induction = Induction.objects.filter(pk=number).select_related("place").first()
    if induction is None:
        return {"id": number, "name": "", "sessions": []}
    coming = InductionSession.objects.filter(induction=induction, starts_at__gt=at, cancelled_at__isnull=True)
    return {
        "id": number,
        "name": induction.name,
        "timezone": induction.place.timezone,
        "sessions": [
            {"id": session.pk, "starts_at": times.iso(session.starts_at), "ends_at": times.iso(session.ends_at)}
            for session in coming.order_by("starts_at", "pk")[:SESSIONS_SHOWN]
        ],
    }


def _quota(asking: Asking, rule: Rule, quota: terms.Quota, resource: Resource) -> Iterator[Problem]:
    theirs = _counted(asking, quota.per)
    if theirs is None:
        return
    period = _period(asking.span[0], quota.period, resource.place.timezone)
    reach = asking.reach or asking.span
    first = _period(reach[0], quota.period, resource.place.timezone)[0]
    last = _period(reach[1], quota.period, resource.place.timezone)[1]
    rows = theirs.filter(
        pk__in=BookingItem.objects.filter(_scope(rule)).values("booking"),
        status__in=Booking.HOLDING,
        starts_at__gte=first,
        starts_at__lt=last,
    ).exclude(pk__in=asking.moved)
    known = asking.once(("quota", rule.pk), lambda: list(rows.values_list("starts_at", "ends_at")))
    spans = [span for span in known if period[0] <= span[0] < period[1]]
    spans += [span for span in asking.also if period[0] <= span[0] < period[1]]
    hours = sum((end - start for start, end in [*spans, asking.span]), dt.timedelta()) / HOUR
    facts = {"per": quota.per, "period": quota.period}
    if quota.count is not None and len(spans) + 1 > quota.count:
        used = {"used": len(spans), "most": quota.count, "counted": "bookings"}
        detail = _("This is the limit of bookings for this time: %(most)d.") % {"most": quota.count}
        yield _problem(rule, "starts_at", "quota_reached", detail, facts | used)
    elif quota.hours is not None and hours > quota.hours:
        used = {"used": round(hours - (asking.span[1] - asking.span[0]) / HOUR, 2), "most": quota.hours}
        detail = _("This is the limit of hours for this time: %(most)d.") % {"most": quota.hours}
        yield _problem(rule, "starts_at", "quota_reached", detail, facts | used | {"counted": "hours"})


def _counted(asking: Asking, per: str) -> QuerySet[Booking] | None:
    """The bookings that count against a quota; None when it is not about this wish."""
    if per == "member":
        return Booking.objects.filter(member=asking.member)
    if asking.collective is None:
        return None
    of_collective = Booking.objects.filter(collective=asking.collective)
    return of_collective if per == "collective" else of_collective.filter(member=asking.member)


def _scope(rule: Rule) -> Q:
    """What a rule is about, as a filter of booking items."""
    if rule.resource_id is not None:
        return Q(resource=rule.resource_id)
    about = Q(resource__place=rule.place_id) if rule.place_id else Q(resource__place__organisation=rule.organisation_id)
    return about & Q(resource__kind=rule.kind) if rule.kind else about


def _resources_of(rule: Rule) -> Q:
    if rule.resource_id is not None:
        return Q(pk=rule.resource_id)
    about = Q(place=rule.place_id) if rule.place_id else Q(place__organisation=rule.organisation_id)
    return about & Q(kind=rule.kind) if rule.kind else about


def _period(at: dt.datetime, name: str, zone: str) -> Span:
    """The calendar week or month around a moment, on the clock of the zone."""
    day = times.clock(at, zone)[0]
    first = day - dt.timedelta(days=day.weekday()) if name == "week" else day.replace(day=1)
    last = first + dt.timedelta(days=7) if name == "week" else (first + dt.timedelta(days=31)).replace(day=1)
    return times.midnight(first, zone), times.midnight(last, zone)


def _is_risky(asking: Asking, risk: terms.Approval, resource: Resource) -> bool:
    if risk.when == "longer_than":
        return asking.span[1] - asking.span[0] > dt.timedelta(minutes=risk.minutes or 0)
    if risk.when == "abroad":
        return bool(asking.member.country != resource.place.country)
    if risk.when == "value_above":
        return sum(it.value_cents or 0 for it in asking.resources) > (risk.cents or 0)
    earlier = Booking.objects.filter(member=asking.member, items__resource__place=resource.place_id)
    return not earlier.filter(status=Booking.Status.CONFIRMED).exclude(pk__in=asking.moved).exists()
