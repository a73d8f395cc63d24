"""What a host sets about the booking of things: rules and who is let off them, opening hours, the units of a pool."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from backend.bookings import terms
from backend.bookings.hosting import refuse_unless_hosted, refuse_unless_place_hosted, refuse_unless_settable
from backend.bookings.models import (
    Exemption,
    Induction,
    Opening,
    OpeningException,
    Place,
    Resource,
    Rule,
    Unit,
)
from backend.bookings.showing import show_changed, show_place_changed
from backend.bookings.telling import tell_let_off
from backend.bookings.times import MINUTES_A_DAY
from backend.collectives.models import Collective
from backend.errors import Invalid, NotFound, field_error
from backend.members.models import Member, Organisation
from backend.patience import patiently

LANGUAGES = ("en", "fr", "nl", "de")
MOST_WORDS = 300
Week = Sequence[tuple[int, int, int]]
"""(weekday, opens, closes) of each opening: Monday is 0, minutes from midnight, beyond 1,440 of the next day."""


@patiently
def add_rule(
    *,
    member: Member,
    what: str,
    terms_given: Mapping[str, Any],
    resource: int | None = None,
    place: int | None = None,
    organisation: int | None = None,
    kind: str = "",
    message: Mapping[str, str] | None = None,
    position: int = 0,
) -> Rule:
    """A rule for a resource, for all or one kind at a place, or for all or one kind of an organisation.

    Of kinds that do not add up it replaces the one there is. Refuses terms that make no sense as errors of the field `terms`, with what
    is wrong in words.
    """
    if sum(scope is not None for scope in (resource, place, organisation)) != 1:
        raise Invalid("invalid", _("Name a place or a thing, one of them."))
    if resource is not None and kind:
        raise field_error("kind", "invalid", _("A rule for one thing is not about a kind."))
    rule = Rule(
        resource_id=resource, place_id=place, organisation_id=organisation, kind=kind, what=what, position=position
    )
    refuse_unless_settable(member, rule)
    if organisation is not None and not Organisation.objects.filter(pk=organisation).exists():
        raise NotFound()
    _write(rule, terms_given, message or {})
    touched = _locked_under(rule)
    if what not in terms.ADD_UP:
        same = Rule.objects.filter(resource=resource, place=place, organisation=organisation, kind=kind, what=what)
        same.filter(is_active=True).update(is_active=False)
    rule.save(force_insert=True)
    _settle(touched)
    return rule


def check_decided_rule(
    *, collective: Collective, resource: int, what: str, terms_given: Mapping[str, Any], message: Mapping[str, str]
) -> Rule:
    """The rule that a collective would set for a thing it owns, not stored; refused as `add_rule` does, and `not_ours`."""
    if not Resource.objects.shown().filter(pk=resource, owner_collective=collective).exists():
        raise field_error("resource", "not_ours", _("This does not belong to the collective."))
    rule = Rule(resource_id=resource, what=what)
    _write(rule, terms_given, message)
    return rule


@patiently
def set_decided_rule(
    *,
    collective: Collective,
    resource: int,
    what: str,
    terms_given: Mapping[str, Any],
    message: Mapping[str, str],
    decision: int,
    at: dt.datetime,
) -> Rule:
    """What a collective decided about a thing it owns takes the place of all rules of that kind for it; `decision` says where it was decided."""
    rule = check_decided_rule(
        collective=collective, resource=resource, what=what, terms_given=terms_given, message=message
    )
    rule.decision, rule.decided_by, rule.decided_at = decision, collective, at
    touched = _locked_under(rule)
    Rule.objects.filter(resource=resource, what=what, is_active=True).update(is_active=False)
    rule.save(force_insert=True)
    _settle(touched)
    return rule


@patiently
def change_rule(
    *,
    member: Member,
    rule: Rule,
    terms_given: Mapping[str, Any] | None = None,
    message: Mapping[str, str] | None = None,
    position: int | None = None,
) -> Rule:
    """Other terms, other words, another place in the order; bookings that exist stay. With other terms it is no longer what was decided."""
    refuse_unless_settable(member, rule)
    before = rule.terms
    _write(rule, rule.terms if terms_given is None else terms_given, rule.message if message is None else message)
    rule.position = rule.position if position is None else position
    if rule.terms != before:
        rule.decision = rule.decided_by = rule.decided_at = None
    touched = _locked_under(rule)
    rule.save(update_fields=["terms", "message", "position", "decision", "decided_by", "decided_at"])
    _settle(touched)
    return rule


@patiently
def remove_rule(*, member: Member, rule: Rule) -> None:
    """It no longer counts: what is further away does, or else the default. The row stays, for bookings that name it."""
    refuse_unless_settable(member, rule)
    touched = _locked_under(rule)
    rule.is_active = False
    rule.save(update_fields=["is_active"])
    _settle(touched, dropped=[rule.what])


@patiently
def let_off(
    *,
    member: Member,
    rule: Rule,
    at: dt.datetime,
    person: Member | None = None,
    collective: Collective | None = None,
    until: dt.datetime | None = None,
    reason: str = "",
) -> Exemption:
    """This rule does not count for a person, or for what is booked for a collective: until a moment, or for good.

    Who is let off already has the new end. The person is told; of a collective its stewards are.
    """
    refuse_unless_settable(member, rule)
    if (person is None) == (collective is None):
        raise Invalid("invalid", _("Name a person or a collective, one of them."))
    if until is not None and until <= at:
        raise field_error("until", "in_the_past", _("This time is already over."))
    Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    Exemption.objects.filter(rule=rule, member=person, collective=collective).delete()
    exemption = Exemption.objects.create(
        rule=rule, member=person, collective=collective, until=until, reason=reason, granted_by=member, granted_at=at
    )
    tell_let_off(exemption, by=member, at=at)
    return exemption


@patiently
def end_exemption(*, member: Member, exemption: Exemption) -> None:
    """The rule counts again; bookings that exist stay."""
    refuse_unless_settable(member, exemption.rule)
    exemption.delete()


@patiently
def set_openings(*, member: Member, place: Place, week: Week, closed_on_holidays: bool | None = None) -> Place:
    """The usual week instead of the one before; none at all: open day and night. Openings of one day do not overlap."""
    refuse_unless_place_hosted(member, place.pk)
    for weekday, opens, closes in week:
        if not 0 <= weekday <= 6:
            raise field_error("week", "out_of_range", _("A week has seven days, from 0 to 6."))
        _refuse_odd_hours("week", opens, closes)
    rows = sorted(set(week))
    for (day, _opens, closes), (next_day, opens, _closes) in pairwise(rows):
        if day == next_day and opens < closes:
            raise field_error("week", "overlap", _("These hours overlap."))
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    place.openings.all().delete()
    Opening.objects.bulk_create(
        Opening(place=place, weekday=day, opens_minute=opens, closes_minute=closes) for day, opens, closes in rows
    )
    if closed_on_holidays is not None:
        place.closed_on_holidays = closed_on_holidays
        place.save(update_fields=["closed_on_holidays"])
    show_place_changed(place.pk)
    return place


@patiently
def add_exception(
    *,
    member: Member,
    place: Place,
    first_day: dt.date,
    last_day: dt.date,
    hours: tuple[int, int] | None = None,
    reason: str = "",
) -> OpeningException:
    """On these days, both included, it is closed, or open at these minutes."""
    refuse_unless_place_hosted(member, place.pk)
    if last_day < first_day:
        raise field_error("last_day", "ends_before_start", _("The end must come after the start."))
    opens, closes = hours if hours is not None else (None, None)
    if opens is not None and closes is not None:
        _refuse_odd_hours("opens_minute", opens, closes)
    show_place_changed(place.pk)
    return OpeningException.objects.create(
        place=place, first_day=first_day, last_day=last_day, opens_minute=opens, closes_minute=closes, reason=reason
    )


@patiently
def remove_exception(*, member: Member, exception: OpeningException) -> None:
    refuse_unless_place_hosted(member, exception.place_id)
    exception.delete()
    show_place_changed(exception.place_id)


@patiently
def set_units(*, member: Member, pool: Resource, units: Mapping[str, str]) -> list[Unit]:
    """The labels of the single units of a pool, each with its serial number; what is not named is out of use, never lost."""
    refuse_unless_hosted(member, pool.pk)
    if len(units) > pool.capacity:
        raise field_error("units", "too_many", _("There are only %(units)d.") % {"units": pool.capacity})
    Resource.objects.select_for_update(no_key=True).get(pk=pool.pk)
    pool.units.exclude(label__in=units).update(is_active=False)
    for label, serial in units.items():
        Unit.objects.update_or_create(resource=pool, label=label, defaults={"serial": serial, "is_active": True})
    show_changed([pool.pk])
    return list(pool.units.filter(is_active=True).order_by("label"))


def _settle(touched: list[Resource], *, dropped: Iterable[str] = ()) -> None:
    """What the rules come to now, on the things and on the screens that show them."""
    terms.settle(touched, dropped=dropped)
    show_changed(resource.pk for resource in touched)


def _write(rule: Rule, given: Mapping[str, Any], message: Mapping[str, str]) -> None:
    """Puts checked terms and words into the rule."""
    if rule.what not in terms.TERMS:
        raise field_error("what", "invalid_choice", _("There is no such rule."))
    rule.terms, rule.message = dict(given), {code: words.strip() for code, words in message.items() if words.strip()}
    try:
        typed = terms.terms_of(rule)
    except ValueError as wrong:
        raise field_error("terms", "invalid", str(wrong)) from wrong
    if isinstance(typed, terms.NeedsInduction) and not _given_near(rule, typed.induction):
        raise field_error("terms", "not_found", _("This induction does not exist at this place."))
    if not set(rule.message) <= set(LANGUAGES) or any(len(words) > MOST_WORDS for words in rule.message.values()):
        raise field_error("message", "invalid", _("Write at most 300 letters in each language."))


def _given_near(rule: Rule, induction: int) -> bool:
    """Whether the induction is given at the place of the rule."""
    if rule.organisation_id is not None:
        at_place = Q(place__organisation=rule.organisation_id)
    else:
        at_place = Q(place=rule.place_id) if rule.place_id else Q(place__resources=rule.resource_id)
    return Induction.objects.filter(at_place, pk=induction, is_active=True).exists()


def _locked_under(rule: Rule) -> list[Resource]:
    """What the rule is about, locked as booking locks it: no booking is judged by half a change."""
    if rule.resource_id is not None:
        about = Q(pk=rule.resource_id)
    else:
        about = Q(place=rule.place_id) if rule.place_id else Q(place__organisation=rule.organisation_id)
        about &= Q(kind=rule.kind) if rule.kind else Q()
    rows = Resource.objects.filter(about).select_related("place")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _refuse_odd_hours(field: str, opens: int, closes: int) -> None:
    if not (0 <= opens < MINUTES_A_DAY and opens < closes <= 2 * MINUTES_A_DAY):
        raise field_error(field, "closes_before_it_opens", _("It must close after it opens."))
