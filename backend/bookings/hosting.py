"""Who may look after what; asked by every action of a host."""

from backend.bookings.models import Place, Resource, Rule
from backend.errors import NotAllowed, NotFound
from backend.members.models import Member


def hosts_place(member: Member, place: int) -> bool:
    return bool(Place.objects.hosted_by(member).filter(pk=place).exists())


def refuse_unless_hosting(member: Member) -> None:
    """For who looks after something, whatever it is."""
    if not (Place.objects.hosted_by(member).exists() or Resource.objects.hosted_by(member).exists()):
        raise NotAllowed()


def refuse_unless_place_hosted(member: Member, place: int) -> None:
    """What somebody cannot see does not exist for them; who sees it but does not look after it may not."""
    if hosts_place(member, place):
        return
    raise NotAllowed() if Place.objects.shown().filter(pk=place).exists() else NotFound()


def refuse_unless_hosted(member: Member, resource: int) -> None:
    """As `refuse_unless_place_hosted`, for a thing: also its owner, and the stewards of the collective that owns it."""
    if Resource.objects.hosted_by(member).filter(pk=resource).exists():
        return
    raise NotAllowed() if Resource.objects.shown().filter(pk=resource).exists() else NotFound()


def may_set(member: Member, rule: Rule) -> bool:
    """Rules of a whole organisation are set by who administers it: staff."""
    if rule.resource_id is not None:
        return bool(Resource.objects.hosted_by(member).filter(pk=rule.resource_id).exists())
    return hosts_place(member, rule.place_id) if rule.place_id is not None else member.is_staff


def refuse_unless_settable(member: Member, rule: Rule) -> None:
    if rule.resource_id is not None:
        refuse_unless_hosted(member, rule.resource_id)
    elif rule.place_id is not None:
        refuse_unless_place_hosted(member, rule.place_id)
    elif not member.is_staff:
        raise NotAllowed()
