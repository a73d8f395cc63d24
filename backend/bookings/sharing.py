"""What is shared: a thing of a place, of a collective or of a member, what its hosts say of it, and who looks after a place."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from backend.bookings import terms
from backend.bookings.hosting import hosts_place, refuse_unless_hosted, refuse_unless_place_hosted
from backend.bookings.models import Feature, Place, Resource
from backend.bookings.rules import stewarded_by
from backend.bookings.showing import show_changed, show_place_changed
from backend.bookings.times import MINUTES_A_DAY
from backend.collectives.models import Collective
from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import Member
from backend.patience import patiently

MOST_HOSTS = 50
OWNERS = ("owner_member_id", "owner_collective_id")
DECIDED_HOURS = ("hours_decision", "hours_decided_by", "hours_decided_at")


@patiently
def change_place(*, member: Member, place: Place, **changes: Any) -> Place:
    """Other facts about a place. Its clock and its organisation are the staff's to change."""
    refuse_unless_place_hosted(member, place.pk)
    for name, value in changes.items():
        setattr(place, name, value)
    if (place.latitude is None) != (place.longitude is None):
        raise field_error("latitude", "invalid", _("A position has two coordinates."))
    place.save(update_fields=list(changes))
    show_place_changed(place.pk)
    return place


@patiently
def set_hosts(*, member: Member, place: Place, hosts: Iterable[int]) -> Place:
    """These people look after the place from now on, and nobody else; somebody always does."""
    refuse_unless_place_hosted(member, place.pk)
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    wanted = set(hosts)
    if not wanted:
        raise field_error("members", "needs_a_host", _("Somebody has to look after it."))
    if len(wanted) > MOST_HOSTS:
        raise field_error("members", "too_many", _("Fifty people at most look after a place."))
    now = set(place.hosts.values_list("pk", flat=True))
    known = set(Member.objects.visible_to(member).filter(pk__in=wanted - now).values_list("pk", flat=True))
    if wanted - now - known:
        raise field_error("members", "not_found", _("Somebody of them does not exist, or not for you."))
    place.hosts.set(wanted)
    show_place_changed(place.pk)
    return place


@patiently
def add_resource(*, member: Member, place: Place, features: Iterable[str] = (), **facts: Any) -> Resource:
    """A new thing at a place, with what the rules there say.

    Hosts add anything to their place. Whoever is of the organisation of the place also shares there what is their own, or of a
    collective that they are a steward of: tools and material, not the rooms of the house.
    """
    if not hosts_place(member, place.pk):
        if not any(facts.get(owner) for owner in OWNERS) or place.organisation_id != member.organisation_id:
            raise NotAllowed()
        if facts.get("kind") == Resource.Kind.WORKSPACE:
            raise field_error("kind", "hosts_only", _("Rooms are added by those who look after the place."))
    resource = Resource(place=place, **facts)
    _refuse_unfit(member, resource, {"opens_minute", *(owner for owner in OWNERS if facts.get(owner))})
    resource.save(force_insert=True)
    offer(resource, features)
    terms.settle([resource])
    return resource


@patiently
def change_resource(
    *, member: Member, resource: Resource, features: Iterable[str] | None = None, **changes: Any
) -> Resource:
    """Other facts about a thing; how many there are is set by `set_capacity`. Another kind, or another place, has the rules of that.

    What travels can be moved to another place of its organisation. What is not shown is not booked any more; bookings that exist stay.
    """
    refuse_unless_hosted(member, resource.pk)
    resource = Resource.objects.select_related("place").select_for_update(of=("self",)).get(pk=resource.pk)
    organisation = resource.place.organisation_id
    moves = "place" in changes and changes["place"].pk != resource.place_id
    was = settled_kinds(resource) if moves or "kind" in changes else set()
    hours = (resource.opens_minute, resource.closes_minute)
    for name, value in changes.items():
        setattr(resource, name, value)
    if (resource.opens_minute, resource.closes_minute) != hours:
        # They are no longer those that were decided.
        changes |= dict.fromkeys(DECIDED_HOURS)
        resource.hours_decision = resource.hours_decided_by = resource.hours_decided_at = None
    if moves and not resource.travels:
        raise Conflict("does_not_travel", _("This stays at its place. Say first that it goes from place to place."))
    if moves and resource.place.organisation_id != organisation:
        raise field_error("place", "elsewhere", _("%(name)s is at another place.") % {"name": resource.place.name})
    _refuse_unfit(member, resource, set(changes))
    resource.save(update_fields=list(changes))
    if features is not None:
        offer(resource, features)
    terms.settle([resource], dropped=was)
    show_changed([resource.pk])
    return resource


def check_decided_hours(*, collective: Collective, resource: int, opens: int, closes: int) -> Resource:
    """The thing that a collective owns, with the hours that it would have; refused where it is not theirs (`not_ours`) or they cannot be."""
    thing = Resource.objects.shown().select_related("place").filter(pk=resource, owner_collective=collective).first()
    if thing is None:
        raise field_error("resource", "not_ours", _("This does not belong to the collective."))
    thing.opens_minute, thing.closes_minute = opens, closes
    _refuse_odd_hours(thing)
    return thing


@patiently
def set_decided_hours(
    *, collective: Collective, resource: int, opens: int, closes: int, decision: int, at: dt.datetime
) -> Resource:
    """When a thing can be used, as its collective decided; `decision` says where. Bookings that exist stay."""
    Resource.objects.select_for_update(of=("self",)).filter(pk=resource).first()
    thing = check_decided_hours(collective=collective, resource=resource, opens=opens, closes=closes)
    thing.hours_decision, thing.hours_decided_by, thing.hours_decided_at = decision, collective, at
    thing.save(update_fields=["opens_minute", "closes_minute", *DECIDED_HOURS])
    show_changed([thing.pk])
    return thing


def offer(resource: Resource, features: Iterable[str]) -> None:
    """The resource has these features, and no others."""
    wanted = set(features)
    if unknown := sorted(wanted - set(Feature.Code.values)):
        raise field_error("features", "invalid_choice", ", ".join(unknown))
    resource.features.exclude(code__in=wanted).delete()
    known = set(resource.features.values_list("code", flat=True))
    Feature.objects.bulk_create(Feature(resource=resource, code=code) for code in sorted(wanted - known))


def _refuse_odd_hours(resource: Resource) -> None:
    if not 0 <= resource.opens_minute < resource.closes_minute <= MINUTES_A_DAY:
        raise field_error("closes_minute", "closes_before_it_opens", _("It must close after it opens."))


def _refuse_unfit(member: Member, resource: Resource, changed: set[str]) -> None:
    """Hours that cannot be, and owners whom this person cannot name."""
    _refuse_odd_hours(resource)
    if not changed & set(OWNERS):
        return
    person, group = resource.owner_member_id, resource.owner_collective_id
    if person is not None and group is not None:
        raise field_error("owner_member", "one_owner", _("It has one owner: a member or a collective."))
    is_own = person == member.pk or (person is None and group in stewarded_by(member))
    if is_own or person is group is None or hosts_place(member, resource.place_id):
        return
    raise field_error(
        "owner_member" if person is not None else "owner_collective",
        "not_yours",
        _("Name yourself, or a collective that you are a steward of."),
    )


def settled_kinds(resource: Resource) -> set[str]:
    """Kinds of rules whose terms are kept on this resource now."""
    about = terms.applying(terms.rules_about([resource]), resource)
    return {rule.what for rule in about if rule.what in terms.COLUMNS}
