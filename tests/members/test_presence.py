"""Whether others in a room see that one is there."""

import pytest

from backend.members.models import Member
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def test_a_member_says_whether_others_see_that_they_are_there() -> None:
    ada = a_member("Ada")
    assert signed_in(ada).get("/api/me/").json()["shows_presence"] is True
    answer = signed_in(ada).patch("/api/me/", {"shows_presence": False})
    assert (answer.status_code, answer.json()["shows_presence"]) == (200, False)
    assert Member.objects.get(pk=ada.pk).shows_presence is False
