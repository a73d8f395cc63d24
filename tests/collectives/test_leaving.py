"""Somebody leaves the cooperative: they are in no collective any more, and no collective is left without a steward."""

import datetime as dt

import pytest

from backend.collectives import actions, belonging
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations.models import Membership
from backend.members import actions as members
from backend.members.models import Member
from backend.notices.models import Notice
from tests.cast import a_member, utc

pytestmark = pytest.mark.django_db
NOW = utc(2030, 5, 6, 9)
DAY = dt.timedelta(days=1)


def a_collective(founder: Member, *others: Member, name: str = "Loge", guest: Member | None = None) -> Collective:
    """Each comes in a day after the one before; the guest first of all."""
    made = actions.found(member=founder, name=name, at=NOW)
    for days, person in enumerate(filter(None, (guest, *others)), start=1):
        actions.invite(collective=made, by=founder, guest=person, is_guest=person == guest, at=NOW)
        actions.accept_invitation(collective=made, member=person, at=NOW + days * DAY)
    return made


def inside(collective: Collective) -> dict[str, str]:
    rows = CollectiveMembership.objects.filter(collective=collective, state__in=["member", "on_leave"])
    return dict(rows.values_list("member__name", "role"))


def test_who_leaves_is_in_no_collective_and_in_none_of_their_rooms_and_the_stewards_hear_of_it() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    one, other = a_collective(ada, ben), a_collective(ada, ben, name="Plume")
    belonging.go_on_leave(collective=other, member=ben, at=NOW)
    assert Membership.objects.filter(member=ben).count() == 2
    members.close_account(member=ben, at=NOW)
    assert inside(one) == inside(other) == {"Ada": "steward"}
    assert not Membership.objects.filter(member=ben).exists()
    assert Notice.objects.filter(member=ada, kind="collective_left").count() == 2


def test_the_last_steward_is_followed_by_who_has_been_inside_longest_and_by_a_guest_only_where_there_is_nobody_else() -> (
    None
):
    ada, ben, cleo, gus = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Gus"))
    many, few, alone = a_collective(ada, ben, cleo, guest=gus), a_collective(ada, guest=gus), a_collective(ada)
    members.close_account(member=ada, at=NOW)
    assert inside(many) == {"Ben": "steward", "Cleo": "member", "Gus": "guest"}
    assert Membership.objects.get(room=many.room, member=ben).role == "steward"
    assert inside(few) == {"Gus": "steward"}
    assert inside(alone) == {}


def test_invitations_and_wishes_to_join_are_over_and_coming_back_brings_nothing_back() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    asked, wished = a_collective(ada), a_collective(ada, name="Plume")
    actions.invite(collective=asked, by=ada, guest=ben, at=NOW)
    belonging.apply(collective=wished, member=ben, words="I can drive.", at=NOW)
    for _time in range(2):
        members.close_account(member=ben, at=NOW)
    members.reopen_account(member=ben, at=NOW)
    assert set(ben.collective_memberships.values_list("state", "words")) == {("left", "")}
