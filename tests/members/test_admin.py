"""Members and organisations in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from backend.errors import NotAllowed
from backend.members import actions
from backend.members.models import Member, Organisation
from tests.cast import PASSWORD, a_member, an_organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def as_staff(member: Member) -> Client:
    client = Client()
    client.force_login(member, backend=BACKEND)
    return client


def the_keeper() -> Member:
    return a_member("Keeper", is_staff=True, is_superuser=True)


def a_clerk(*permissions: str) -> Member:
    clerk = a_member("Clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return clerk


def test_the_admin_is_entered_by_the_one_door() -> None:
    answer = Client().post("/admin/login/?next=/admin/", {"username": "x", "password": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2Fadmin%2F")
    assert Client().get("/admin/").status_code == 302
    assert as_staff(a_member()).get("/admin/login/").status_code == 403


def test_a_member_is_shown_without_secrets_and_cannot_be_written() -> None:
    ada = a_member("Ada")
    ada.set_password(PASSWORD)
    ada.save()
    client = as_staff(the_keeper())
    page = client.get(f"/admin/members/member/{ada.pk}/change/").content.decode()
    assert ada.email in page
    assert ada.password not in page
    assert 'name="password"' not in page
    assert 'name="email"' not in page
    client.post(f"/admin/members/member/{ada.pk}/change/", {"name": "Eve", "email": "eve@x.org", "is_active": ""})
    ada.refresh_from_db()
    assert (ada.name, ada.is_active) == ("Ada", True)
    assert client.get("/admin/members/member/add/").status_code == 403
    assert client.post(f"/admin/members/member/{ada.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/account/emailaddress/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_found_by_any_accent_in_one_number_of_queries(rows: int, django_assert_num_queries: Any) -> None:
    client = as_staff(the_keeper())
    for number in range(rows):
        a_member(f"Zoé {number}", organisation=an_organisation())
    client.get("/admin/members/member/")
    with django_assert_num_queries(9):
        page = client.get("/admin/members/member/", {"q": "zoe"}).content.decode()
    assert page.count("Zoé") >= rows


def done(client: Client, action: str, *members: Member) -> None:
    body = {"action": action, "_selected_action": [member.pk for member in members]}
    assert client.post("/admin/members/member/", body).status_code == 302


def test_closing_an_account_signs_the_member_out_and_hides_them() -> None:
    ada, keeper = a_member("Ada"), the_keeper()
    theirs = as_staff(ada)
    assert theirs.get("/api/me/").status_code == 200
    done(as_staff(keeper), "close", ada, keeper)
    assert theirs.get("/api/me/").status_code == 401
    assert as_staff(keeper).get(f"/api/members/{ada.pk}/").status_code == 404
    assert Member.objects.get(pk=keeper.pk).is_active
    done(as_staff(keeper), "reopen", ada)
    assert as_staff(keeper).get(f"/api/members/{ada.pk}/").status_code == 200


def test_a_clerk_closes_no_account_with_more_keys_and_takes_none() -> None:
    keeper, ada, clerk = the_keeper(), a_member("Ada"), a_clerk("view_member", "change_member")
    client = as_staff(clerk)
    done(client, "close", keeper, ada, clerk)
    assert list(Member.objects.filter(is_active=False)) == [ada]
    answer = client.post(f"/admin/members/member/{clerk.pk}/change/", {"is_superuser": "on", "is_staff": "on"})
    assert answer.status_code == 302
    assert not Member.objects.get(pk=clerk.pk).is_superuser
    assert as_staff(a_clerk("view_member")).get("/admin/members/organisation/").status_code == 403


def test_the_keeper_gives_keys_to_others_but_not_to_themselves() -> None:
    keeper, ada, group = the_keeper(), a_member("Ada"), Group.objects.create(name="Office")
    client = as_staff(keeper)
    client.post(f"/admin/members/member/{ada.pk}/change/", {"is_staff": "on", "groups": [group.pk]})
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser, list(ada.groups.all())) == (True, False, [group])
    client.post(f"/admin/members/member/{keeper.pk}/change/", {})
    assert Member.objects.get(pk=keeper.pk).is_superuser


def test_an_organisation_is_made_and_changed_and_never_deleted() -> None:
    client = as_staff(the_keeper())
    body = {"name": "Smart", "slug": "smart", "country": "be", "timezone": "Europe/Brussels", "is_open": "on"}
    assert client.post("/admin/members/organisation/add/", body).status_code == 302
    smart = Organisation.objects.get(slug="smart")
    assert (smart.country, smart.is_open) == ("BE", True)
    path = f"/admin/members/organisation/{smart.pk}"
    assert client.post(f"{path}/change/", body | {"is_open": "", "name": "Smart coop"}).status_code == 302
    smart.refresh_from_db()
    assert (smart.name, smart.is_open) == ("Smart coop", False)
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    wrong = client.post(f"{path}/change/", body | {"country": "XX", "timezone": "Moon"})
    assert wrong.status_code == 200
    smart.refresh_from_db()
    assert smart.country == "BE"


@pytest.mark.parametrize("path", ["members/organisation", "skills/skill", "skills/profession", "skills/sector"])
def test_every_list_opens(path: str) -> None:
    assert as_staff(the_keeper()).get(f"/admin/{path}/", {"q": "a"}).status_code == 200


def test_keys_are_given_by_who_has_them_all_and_never_to_oneself() -> None:
    keeper, clerk, ada = the_keeper(), a_clerk(), a_member("Ada")
    with pytest.raises(NotAllowed):
        actions.entrust(member=ada, by=clerk, is_staff=True, is_superuser=True)
    with pytest.raises(NotAllowed, match="own_keys"):
        actions.entrust(member=keeper, by=keeper, is_staff=True, is_superuser=False)
    assert not Member.objects.get(pk=ada.pk).is_staff
    assert actions.entrust(member=ada, by=keeper, is_staff=False, is_superuser=True).is_staff
