"""My own profile: introducing myself, editing, every way to get it wrong."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from backend.members.models import Member, Organisation
from backend.skills.models import Profession, Sector
from tests.cast import a_member, a_skill, an_organisation, signed_in

pytestmark = pytest.mark.django_db


def patched(member: Member, **wish: Any) -> Any:
    return signed_in(member).patch("/api/me/", wish)


def codes(answer: Any) -> dict[str, list[str]]:
    """The code of each field that was refused."""
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "invalid"
    return {field: [error["code"] for error in errors] for field, errors in answer.json()["fields"].items()}


def test_a_newcomer_introduces_themselves_step_by_step() -> None:
    organisation = an_organisation()
    ada = a_member("", onboarded_at=None, organisation=None, country="", city="")
    client = signed_in(ada)
    answer = client.post("/api/me/onboard/")
    assert codes(answer) == {name: ["required"] for name in ("name", "organisation", "country", "languages")}
    client.patch("/api/me/", {"name": "Ada", "organisation": organisation.pk, "country": "be"})
    assert codes(client.post("/api/me/onboard/")) == {"languages": ["required"]}
    client.patch("/api/me/", {"languages": [{"code": "FR", "level": 7}]})
    me = client.post("/api/me/onboard/").json()
    assert (me["is_onboarded"], me["country"], me["languages"]) == (True, "BE", [{"code": "fr", "level": 7}])
    since = Member.objects.get(pk=ada.pk).onboarded_at
    assert client.post("/api/me/onboard/").status_code == 200
    assert Member.objects.get(pk=ada.pk).onboarded_at == since


def test_everything_that_a_member_says_is_kept_and_shown() -> None:
    ada = a_member(onboarded_at=None)
    organisation = an_organisation()
    lighting, sound = a_skill("stage lighting"), a_skill("sound")
    profession = Profession.objects.create(key="tech", names={"en": "technician"})
    sector = Sector.objects.create(key="arts", names={"en": "Arts"}, nace="S90")
    wish: dict[str, Any] = {
        "name": "Ada Lovelace",
        "organisation": organisation.pk,
        "country": "SE",
        "city": "Göteborg",
        "timezone": "Europe/Stockholm",
        "language": "nl",
        "about": "I write <b>programs</b> & poems.\n\nIn that order.",
        "profession": profession.pk,
        "sectors": [sector.pk, sector.pk],
        "languages": [{"code": "sv", "level": 7}, {"code": "en", "level": 5}],
        "offers": [{"skill": lighting.pk, "level": 4}],
        "wants": [{"skill": sound.pk, "level_now": 1, "priority": 3}],
        "free_hours": [
            {"weekday": 1, "from": "18:00", "until": "24:00"},
            {"weekday": 0, "from": "09:00", "until": "12:30"},
            {"weekday": 0, "from": "12:30", "until": "13:00"},
        ],
        "works_in": ["no", "FI", "NO"],
        "seen_by": "organisation",
        "seen_abroad": "work",
        "wishes_abroad": False,
        "meets_online": False,
        "meets_in_person": True,
        "guide_capacity": 3,
        "guide_paused": True,
        "guide_tracks": ["cooperative", "social"],
        "shows_presence": False,
    }
    answer = patched(ada, **wish)
    assert answer.status_code == 200, answer.content
    expected = wish | {
        "id": ada.pk,
        "email": ada.email,
        "photo": None,
        "region": {"code": "SE-O", "name": "Västra Götaland"},
        "is_onboarded": False,
        "is_staff": False,
        "profession": {"id": profession.pk, "name": "technician"},
        "sectors": [{"id": sector.pk, "name": "Arts"}],
        "offers": [{"skill": {"id": lighting.pk, "name": "stage lighting"}, "level": 4}],
        "wants": [{"skill": {"id": sound.pk, "name": "sound"}, "level_now": 1, "priority": 3}],
        "works_in": ["FI", "NO"],
        "point": "57.707,11.967",
        "free_hours": sorted(wish["free_hours"], key=lambda row: (row["weekday"], row["from"])),
        "guide_tracks": ["social", "cooperative"],
    }
    found = answer.json()
    assert found.pop("organisation")["id"] == expected.pop("organisation")
    assert found == expected
    assert signed_in(ada).get("/api/me/").json()["about"] == wish["about"]


def test_what_is_not_sent_stays_and_lists_replace_lists() -> None:
    ada = a_member("Ada")
    one, two = a_skill("one"), a_skill("two")
    patched(ada, about="Hello", offers=[{"skill": one.pk, "level": 2}])
    me = patched(ada, offers=[{"skill": two.pk, "level": 5}]).json()
    assert (me["name"], me["about"], [row["skill"]["name"] for row in me["offers"]]) == ("Ada", "Hello", ["two"])
    me = patched(ada, offers=[], about="", profession=None).json()
    assert (me["offers"], me["about"], me["profession"]) == ([], "", None)
    assert patched(ada).status_code == 200


def test_matching_is_told_when_something_changed() -> None:
    ada = a_member()
    before = Member.objects.get(pk=ada.pk).changed_at
    patched(ada, wishes_abroad=False)
    assert Member.objects.get(pk=ada.pk).changed_at > before


def test_nobody_makes_themselves_staff_or_takes_another_address() -> None:
    ada = a_member()
    mail = ada.email
    me = patched(ada, is_staff=True, is_superuser=True, email="boss@example.org", id=1000, is_onboarded=False).json()
    assert (me["is_staff"], me["email"], me["id"], me["is_onboarded"]) == (False, mail, ada.pk, True)
    assert not Member.objects.get(pk=ada.pk).is_superuser


HUGE = 10**30


@pytest.mark.parametrize(
    ("wish", "refused"),
    [
        ({"name": ""}, {"name": ["blank"]}),
        ({"name": " A "}, {"name": ["min_length"]}),
        ({"name": "x" * 81}, {"name": ["max_length"]}),
        ({"name": None}, {"name": ["null"]}),
        ({"name": {"a": 1}}, {"name": ["invalid"]}),
        ({"name": "nul\x00"}, {"name": ["null_characters_not_allowed"]}),
        ({"about": "x" * 1001}, {"about": ["max_length"]}),
        ({"country": "XX"}, {"country": ["unknown_country"]}),
        ({"country": "EU"}, {"country": ["unknown_country"]}),
        ({"country": "BEL"}, {"country": ["max_length"]}),
        ({"timezone": "Europe/Gent"}, {"timezone": ["unknown_timezone"]}),
        ({"timezone": "../../etc/passwd"}, {"timezone": ["unknown_timezone"]}),
        ({"language": "es"}, {"language": ["invalid_choice"]}),
        ({"organisation": HUGE}, {"organisation": ["does_not_exist"]}),
        ({"organisation": None}, {"organisation": ["null"]}),
        ({"organisation": "one"}, {"organisation": ["incorrect_type"]}),
        ({"profession": True}, {"profession": ["incorrect_type"]}),
        ({"sectors": [999999]}, {"sectors": ["does_not_exist"]}),
        ({"sectors": "arts"}, {"sectors": ["not_a_list"]}),
        ({"languages": [{"code": "xx", "level": 3}]}, {"languages.0.code": ["unknown_language"]}),
        ({"languages": [{"code": "fr", "level": 8}]}, {"languages.0.level": ["max_value"]}),
        ({"languages": [{"code": "fr", "level": 0}]}, {"languages.0.level": ["min_value"]}),
        ({"languages": [{"code": "fr"}]}, {"languages.0.level": ["required"]}),
        ({"languages": [{}]}, {"languages.0.code": ["required"], "languages.0.level": ["required"]}),
        ({"languages": [{"code": "fr", "level": 7}, {"code": "FR", "level": 1}]}, {"languages": ["named_twice"]}),
        ({"languages": [{"code": "fr", "level": 7}] * 13}, {"languages": ["max_length"]}),
        ({"languages": ["fr"]}, {"languages.0": ["invalid"]}),
        ({"offers": [{"level": 3}]}, {"offers.0.skill": ["required"]}),
        ({"offers": [{"skill": HUGE, "level": 3}]}, {"offers.0.skill": ["does_not_exist"]}),
        ({"offers": [{"skill": 999999, "level": 6}]}, {"offers.0.skill": ["does_not_exist"], "offers.0.level": ["max_value"]}),
        ({"wants": [{"skill": 1}] * 4}, {"wants": ["max_length"]}),
        ({"free_hours": [{"weekday": 7, "from": "09:00", "until": "10:00"}]}, {"free_hours.0.weekday": ["max_value"]}),
        ({"free_hours": [{"weekday": 1, "from": "10:00", "until": "10:00"}]}, {"free_hours.0": ["ends_before_start"]}),
        ({"free_hours": [{"weekday": 1, "from": "24:30", "until": "25:00"}]}, {"free_hours.0.from": ["not_a_time"], "free_hours.0.until": ["not_a_time"]}),
        ({"free_hours": [{"weekday": 1, "from": "9", "until": "ten"}]}, {"free_hours.0.from": ["not_a_time"], "free_hours.0.until": ["not_a_time"]}),
        (
            {"free_hours": [{"weekday": 1, "from": "09:00", "until": "11:00"}, {"weekday": 1, "from": "10:59", "until": "12:00"}]},
            {"free_hours": ["hours_overlap"]},
        ),
        ({"free_hours": [{"weekday": 1, "from": "09:00", "until": "11:00"}] * 43}, {"free_hours": ["max_length"]}),
        ({"seen_by": "friends"}, {"seen_by": ["invalid_choice"]}),
        ({"guide_capacity": 21}, {"guide_capacity": ["max_value"]}),
        ({"guide_capacity": -1}, {"guide_capacity": ["min_value"]}),
        ({"guide_tracks": ["magic"]}, {"guide_tracks.0": ["invalid_choice"]}),
        ({"wishes_abroad": "perhaps"}, {"wishes_abroad": ["invalid"]}),
        ({"meets_online": None}, {"meets_online": ["null"]}),
    ],
)  # fmt: skip
def test_each_refusal_names_its_field_and_changes_nothing(wish: dict[str, Any], refused: dict[str, list[str]]) -> None:
    ada = a_member()
    client = signed_in(ada)
    before = Member.objects.values().get(pk=ada.pk)
    assert codes(client.patch("/api/me/", wish)) == refused
    assert Member.objects.values().get(pk=ada.pk) == before


def test_one_wrong_field_keeps_the_good_ones_out_too() -> None:
    ada = a_member()
    assert codes(patched(ada, about="Hello", country="XX")) == {"country": ["unknown_country"]}
    assert Member.objects.get(pk=ada.pk).about == ""


def test_more_than_five_sectors_are_too_many() -> None:
    sectors = [Sector.objects.create(key=f"s{number}", nace="A01").pk for number in range(6)]
    assert codes(patched(a_member(), sectors=sectors)) == {"sectors": ["too_many_sectors"]}
    assert patched(a_member(), sectors=sectors[:5]).status_code == 200


def test_a_skill_is_named_once() -> None:
    skill = a_skill().pk
    assert codes(patched(a_member(), offers=[{"skill": skill}, {"skill": skill}])) == {"offers": ["named_twice"]}
    assert codes(patched(a_member(), wants=[{"skill": skill}, {"skill": skill}])) == {"wants": ["named_twice"]}


def test_a_retired_skill_stays_with_those_who_chose_it_and_is_chosen_by_nobody_else() -> None:
    ada, skill = a_member(), a_skill()
    patched(ada, offers=[{"skill": skill.pk, "level": 4}])
    skill.status = "retired"
    skill.save()
    assert patched(ada, offers=[{"skill": skill.pk, "level": 5}]).json()["offers"][0]["level"] == 5
    assert codes(patched(a_member(), offers=[{"skill": skill.pk}])) == {"offers.0.skill": ["does_not_exist"]}


def test_a_merged_skill_stands_for_the_one_it_was_merged_into() -> None:
    kept = a_skill("sewing")
    merged = a_skill("sowing", status="retired", merged_into=kept)
    me = patched(a_member(), offers=[{"skill": merged.pk, "level": 4}]).json()
    assert me["offers"] == [{"skill": {"id": kept.pk, "name": "sewing"}, "level": 4}]
    both = [{"skill": merged.pk}, {"skill": kept.pk}]
    assert codes(patched(a_member(), offers=both)) == {"offers": ["named_twice"]}


def test_an_organisation_that_is_closed_to_newcomers_cannot_be_chosen() -> None:
    closed = an_organisation(is_open=False)
    assert codes(patched(a_member(organisation=None), organisation=closed.pk)) == {"organisation": ["does_not_exist"]}
    inside = a_member(organisation=closed)
    assert patched(inside, organisation=closed.pk, about="Still here").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '"hello"',
        "7",
        "null",
        "{",
        "",
        b"\xff\xfe",
        '{"name": NaN}',
        '{"organisation": 1e400}',
        '{"name": -Infinity}',
    ],
)
def test_a_body_that_is_not_an_object_is_refused(body: Any) -> None:
    answer = signed_in(a_member()).patch("/api/me/", body, content_type="application/json")
    assert (answer.status_code, "code" in answer.json()) == ((200, False) if body == "" else (400, True))


def test_my_profile_takes_the_same_queries_however_much_i_said(django_assert_max_num_queries: Any) -> None:
    ada = a_member()
    skills = [a_skill(f"skill {number}").pk for number in range(10)]
    patched(ada, offers=[{"skill": pk} for pk in skills], wants=[{"skill": pk} for pk in skills[:3]])
    client = signed_in(ada)
    with django_assert_max_num_queries(11):
        assert len(client.get("/api/me/").json()["offers"]) == 10


def test_organisations_are_listed_for_newcomers_too() -> None:
    organisation = an_organisation(name="Smart", slug="smart", country="BE")
    rows = signed_in(a_member(onboarded_at=None, organisation=organisation)).get("/api/organisations/").json()
    assert [(row["id"], row["name"], row["slug"], row["country"], row["is_open"]) for row in rows] == [
        (organisation.pk, "Smart", "smart", "BE", True)
    ]
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("path", ["/api/me/", "/api/organisations/", "/api/members/", "/api/members/1/"])
def test_someone_signed_out_learns_nothing(path: str) -> None:
    a_member()
    answer = APIClient().get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


# -- photo -----------------------------------------------------------------------------------------------------------
def a_photo(
    size: tuple[int, int] = (300, 200), kind: str = "JPEG", name: str = "me.jpg", **more: Any
) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def sent(member: Member, photo: Any) -> Any:
    return signed_in(member).put("/api/me/photo/", {"photo": photo}, format="multipart")


def test_a_photo_is_cut_square_made_anew_and_shown_to_others() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    me = sent(ada, a_photo(exif=exif)).json()
    name = Member.objects.get(pk=ada.pk).photo.name
    assert me["photo"] == f"/media/{name}"
    assert signed_in(grace).get(f"/api/members/{ada.pk}/").json()["photo"] == me["photo"]
    picture = signed_in(grace).get(me["photo"])
    content = b"".join(picture.streaming_content)  # type: ignore[attr-defined]
    assert (picture.headers["Content-Type"], b"taken at home" in content) == ("image/webp", False)
    assert Image.open(io.BytesIO(content)).size == (512, 512)


def test_a_new_photo_takes_the_place_of_the_old_one(django_capture_on_commit_callbacks: Any) -> None:
    ada = a_member()
    first = sent(ada, a_photo()).json()["photo"]
    with django_capture_on_commit_callbacks(execute=True):
        second = sent(ada, a_photo(kind="PNG")).json()["photo"]
    client = signed_in(ada)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete("/api/me/photo/").json()["photo"] is None
    assert client.get(second).status_code == 404
    assert client.delete("/api/me/photo/").status_code == 200


def test_what_is_not_a_photo_is_refused() -> None:
    ada = a_member()
    page = SimpleUploadedFile("me.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    assert codes(sent(ada, page)) == {"photo": ["not_a_photo"]}
    cut = SimpleUploadedFile("me.jpg", a_photo().read()[:200], content_type="image/jpeg")
    assert codes(sent(ada, cut)) == {"photo": ["not_a_photo"]}
    assert codes(sent(ada, SimpleUploadedFile("me.jpg", b""))) == {"photo": ["empty"]}
    assert codes(sent(ada, "not a file")) == {"photo": ["invalid"]}
    assert codes(signed_in(ada).put("/api/me/photo/", {}, format="multipart")) == {"photo": ["required"]}
    assert signed_in(ada).put("/api/me/photo/", {"photo": "x"}).status_code == 415
    assert Member.objects.get(pk=ada.pk).photo.name == ""


def test_a_photo_that_is_too_heavy_or_too_wide_is_refused(settings: Any) -> None:
    ada = a_member()
    assert codes(sent(ada, SimpleUploadedFile("me.jpg", b"\xff\xd8" + bytes(9 * 1024 * 1024)))) == {
        "photo": ["photo_too_large"]
    }
    settings.PHOTO_MAX_PIXELS = 1000
    assert codes(sent(ada, a_photo())) == {"photo": ["photo_too_many_pixels"]}
