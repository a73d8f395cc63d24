"""The directory: who is seen by whom, found by what, in which pages."""

from typing import Any

import pytest
from django.utils import timezone

from backend.members.models import FreeHours, Member, Offer, SpokenLanguage, Want
from backend.skills.models import Profession, Sector, Skill, SkillLink
from tests.cast import a_guide, a_member, a_skill, an_organisation, signed_in
from tests.skills.test_api import named

pytestmark = pytest.mark.django_db


def names(viewer: Member, **query: Any) -> list[str]:
    answer = signed_in(viewer).get("/api/members/", query)
    assert answer.status_code == 200, answer.content
    assert answer.json()["count"] == len(answer.json()["results"])
    return [row["name"] for row in answer.json()["results"]]


def speaking(member: Member, **levels: int) -> Member:
    SpokenLanguage.objects.bulk_create(SpokenLanguage(member=member, code=c, level=v) for c, v in levels.items())
    return member


def offering(member: Member, *skills: Skill, level: int = 3) -> Member:
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=level) for skill in skills)
    return member


# -- who sees whom ---------------------------------------------------------------------------------------------------
@pytest.fixture
def cast() -> dict[str, Member]:
    """The viewer and, beside those seen by everyone, each kind of person who hides from someone."""
    ours, theirs = an_organisation(), an_organisation()
    return {
        "viewer": a_member("Viewer", organisation=ours),
        "open": a_member("Open", organisation=theirs),
        "ours only": a_member("Ours only", organisation=ours, seen_by="organisation"),
        "theirs only": a_member("Theirs only", organisation=theirs, seen_by="organisation"),
        "nobody": a_member("Nobody", organisation=ours, seen_by="nobody"),
        "newcomer": a_member("Newcomer", organisation=ours, onboarded_at=None),
        "closed": a_member("Closed", organisation=ours, is_active=False),
        "homeless": a_member("Homeless", organisation=None, seen_by="organisation"),
    }


HIDDEN = ["theirs only", "nobody", "newcomer", "closed", "homeless"]


def test_the_directory_shows_whom_one_may_meet_and_oneself(cast: dict[str, Member]) -> None:
    assert names(cast["viewer"]) == ["Open", "Ours only", "Viewer"]
    assert names(cast["nobody"]) == ["Nobody", "Open", "Ours only", "Viewer"]
    assert "Theirs only" in names(cast["open"])


@pytest.mark.parametrize("who", HIDDEN)
def test_someone_hidden_does_not_exist(cast: dict[str, Member], who: str) -> None:
    client = signed_in(cast["viewer"])
    missing = client.get("/api/members/999999/")
    hidden = client.get(f"/api/members/{cast[who].pk}/")
    assert (hidden.status_code, hidden.json()) == (404, missing.json())
    assert client.get(f"/api/members/{cast['open'].pk}/").status_code == 200


@pytest.mark.parametrize("who", HIDDEN)
def test_no_filter_leaks_someone_hidden(cast: dict[str, Member], who: str) -> None:
    lighting = named(a_skill("stage lighting"), en=["stage lighting"])
    hidden = speaking(offering(cast[who], lighting), fr=7)
    seen = speaking(offering(cast["open"], lighting), fr=7)
    for query in ({"search": "lighting"}, {"skill": lighting.pk}, {"language": "fr"}, {"country": "BE", "search": "o"}):
        found = names(cast["viewer"], **query)
        assert (seen.name in found, hidden.name in found) == (True, False)


def test_someone_without_an_organisation_is_not_in_everyones_organisation(cast: dict[str, Member]) -> None:
    stray = a_member("Stray", organisation=None)
    assert "Homeless" not in names(stray)


@pytest.mark.parametrize("path", ["/api/members/", "/api/members/1/"])
def test_newcomers_introduce_themselves_first(path: str) -> None:
    answer = signed_in(a_member(onboarded_at=None)).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_onboarded")


def test_no_answer_holds_an_address_or_a_secret(cast: dict[str, Member]) -> None:
    client = signed_in(cast["viewer"])
    for path in ("/api/members/", f"/api/members/{cast['open'].pk}/"):
        text = client.get(path).content.decode()
        assert "Open" in text
        assert not any(word in text for word in ("@example.org", "email", "password", "is_staff", "last_login"))


# -- a profile -------------------------------------------------------------------------------------------------------
def test_a_profile_says_everything_the_member_told() -> None:
    grace = a_guide("Grace", about="<i>Hello</i>", guides_social=False, organisation=an_organisation(name="Smart"))
    lighting, sound = a_skill("lighting"), a_skill("sound")
    offering(grace, lighting, level=5)
    Want.objects.create(member=grace, skill=sound, level_now=2, priority=1)
    FreeHours.objects.create(member=grace, weekday=4, from_minute=0, until_minute=1440)
    speaking(grace, nl=7, en=4)
    found = signed_in(a_member()).get(f"/api/members/{grace.pk}/").json()
    assert found["organisation"]["name"] == "Smart"
    assert {name: found[name] for name in ("name", "about", "city", "country", "timezone", "is_guide")} == {
        "name": "Grace", "about": "<i>Hello</i>", "city": "Ghent", "country": "BE", "timezone": "Europe/Brussels",
        "is_guide": True,
    }  # fmt: skip
    assert found["guide_tracks"] == ["economic", "cooperative"]
    assert found["offers"] == [{"skill": {"id": lighting.pk, "name": "lighting"}, "level": 5}]
    assert found["wants"] == [{"skill": {"id": sound.pk, "name": "sound"}, "level_now": 2, "priority": 1}]
    assert found["free_hours"] == [{"weekday": 4, "from": "00:00", "until": "24:00"}]
    assert found["languages"] == [{"code": "nl", "level": 7}, {"code": "en", "level": 4}]
    assert found["may"] == {"ask": True, "message": True}


def test_one_may_ask_guides_only_and_never_oneself() -> None:
    grace = a_guide("Grace")
    for viewer, person, may in (
        (grace, grace, {"ask": False, "message": False}),
        (grace, a_member(), {"ask": False, "message": True}),
        (a_member(), a_guide(guide_paused=True), {"ask": False, "message": True}),
        (a_member(), grace, {"ask": True, "message": True}),
    ):
        assert signed_in(viewer).get(f"/api/members/{person.pk}/").json()["may"] == may


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 40, "1.5", "%00"])
def test_a_number_that_nobody_has_answers_404(number: str) -> None:
    assert signed_in(a_member()).get(f"/api/members/{number}/").status_code == 404


def test_names_of_skills_are_in_the_readers_language() -> None:
    lighting = named(a_skill("stage lighting"), en=["stage lighting"], de=["Bühnenbeleuchtung"])
    grace = offering(a_member("Grace"), lighting)
    answer = signed_in(a_member()).get(f"/api/members/{grace.pk}/", headers={"accept-language": "de-AT,en;q=0.5"})
    assert answer.json()["offers"][0]["skill"]["name"] == "Bühnenbeleuchtung"


# -- finding ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoé"]), ("ZOÉ", ["Zoé"]), ("jurgen", ["Jürgen"]), ("goteborg", ["Jürgen"]), ("ghent", ["Viewer", "Zoé"]),
        ("eclairage", ["Zoé"]), ("lighting", ["Zoé"]), ("bühnenb", ["Zoé"]), ("puppets", ["Jürgen"]),
        ("beleuchtung", ["Zoé"]), ("age", []), ("éclairagiste", ["Jürgen"]), ("zoe lighting", ["Zoé"]), ("jurgen stage", []), ("nobody", []), ("!!!", []),
        ("x" * 3000, []), ("%", []), ("_", []), ("' OR 1=1", []), ("<script>", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_town_skill_profession_and_words(typed: str, found: list[str]) -> None:
    lighting = named(a_skill("x"), en=["stage lighting"], fr=["éclairage scénique"], de=["Bühnenbeleuchtung"])
    profession = named(Profession.objects.create(key="p"), en=["light technician"], fr=["éclairagiste"])
    offering(a_member("Zoé"), lighting)
    a_member("Jürgen", city="Göteborg", about="I make Puppets.", profession=profession)
    assert names(a_member("Viewer"), search=typed) == found


def test_a_wider_skill_finds_those_who_offer_a_narrower_one() -> None:
    above, middle, below = a_skill("technology"), a_skill("light"), a_skill("follow spots")
    SkillLink.objects.create(source=above, target=middle, kind="broader")
    SkillLink.objects.create(source=middle, target=below, kind="broader")
    SkillLink.objects.create(source=below, target=above, kind="broader")  # A circle does no harm.
    near = a_skill("sound")
    SkillLink.objects.create(source=above, target=near, kind="near")
    offering(a_member("Both"), middle, below)
    offering(a_member("Below"), below)
    offering(a_member("Near"), near)
    viewer = a_member("Viewer")
    assert names(viewer, skill=above.pk) == ["Below", "Both"]
    assert names(viewer, skill=near.pk) == ["Near"]


def test_every_filter_finds_its_people() -> None:
    viewer = a_member("Viewer", country="FR", meets_online=False, meets_in_person=False)
    theirs, arts = an_organisation(), Sector.objects.create(key="arts", nace="S90")
    sound = a_skill("sound")
    ann = speaking(a_member("Ann", organisation=theirs, meets_in_person=False), fr=7, nl=2)
    ann.sectors.add(arts)
    bob = speaking(a_guide("Bob", country="SE", guides_social=False), fr=3)
    Want.objects.create(member=bob, skill=sound)
    a_guide("Cec", guide_paused=True)
    everyone = ["Ann", "Bob", "Cec", "Viewer"]
    for query, found in (
        ({}, everyone),
        ({"sector": arts.pk}, ["Ann"]),
        ({"wants_skill": sound.pk}, ["Bob"]),
        ({"language": "fr"}, ["Ann", "Bob"]),
        ({"language": "FR", "min_level": 5}, ["Ann"]),
        ({"language": "fr", "min_level": "2.5"}, ["Ann", "Bob"]),
        ({"language": "fr", "min_level": -3}, ["Ann", "Bob"]),
        ({"language": "fr", "min_level": 8}, []),
        ({"language": "fr", "min_level": "1e30"}, []),
        ({"language": "skill", "min_level": 1}, []),
        ({"min_level": 5}, everyone),
        ({"country": "se"}, ["Bob"]),
        ({"not_country": "SE"}, ["Ann", "Cec", "Viewer"]),
        ({"organisation": theirs.pk}, ["Ann"]),
        ({"is_guide": "true"}, ["Bob"]),
        ({"is_guide": "false"}, ["Ann", "Cec", "Viewer"]),
        ({"track": "economic"}, ["Bob"]),
        ({"track": "social"}, []),
        ({"online": "false"}, ["Viewer"]),
        ({"in_person": "true"}, ["Bob", "Cec"]),
        ({"language": "fr", "is_guide": "true", "country": "SE"}, ["Bob"]),
        ({"country": "", "search": "", "skill": ""}, everyone),
    ):
        assert names(viewer, **query) == found, query


def test_people_are_found_by_their_lists_as_they_are_now() -> None:
    viewer, ada, bob = a_member("Viewer"), a_member("Ada"), a_member("Bob")
    sound, light = a_skill("sound"), a_skill("light")
    arts, food = (Sector.objects.create(key=key, nace="S90") for key in ("arts", "food"))

    def who() -> list[list[str]]:
        asked: list[dict[str, Any]] = [
            {"skill": sound.pk}, {"skill": light.pk}, {"sector": arts.pk}, {"sector": food.pk}, {"language": "fr"},
            {"language": "fr", "min_level": 5},
        ]  # fmt: skip
        return [names(viewer, **one) for one in asked]

    assert who() == [[], [], [], [], [], []]
    offering(ada, sound)
    ada.sectors.add(arts)
    speaking(ada, fr=4)
    assert who() == [["Ada"], [], ["Ada"], [], ["Ada"], []]
    assert names(viewer, skill=sound.pk, sector=arts.pk, language="fr") == ["Ada"]
    Offer.objects.update(skill=light)
    ada.sectors.set([food])
    SpokenLanguage.objects.update(level=6)
    assert who() == [[], ["Ada"], [], ["Ada"], ["Ada"], ["Ada"]]
    Offer.objects.update(member=bob)
    assert who() == [[], ["Bob"], [], ["Ada"], ["Ada"], ["Ada"]]
    ada.languages.get().delete()
    assert who() == [[], ["Bob"], [], ["Ada"], [], []]
    bob.delete()
    ada.sectors.clear()
    assert who() == [[], [], [], [], [], []]


@pytest.mark.parametrize(
    "query",
    [
        {"skill": "999999"}, {"skill": "abc"}, {"skill": "9" * 40}, {"organisation": "abc"}, {"track": "magic"},
        {"min_level": "high"}, {"min_level": "1e99999999"}, {"min_level": "NaN"}, {"sector": "-1"}, {"search": "\x00"},
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_by_name(query: dict[str, str]) -> None:
    answer = signed_in(a_member()).get("/api/members/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(query))


# -- pages -----------------------------------------------------------------------------------------------------------
def test_pages_follow_the_alphabet_without_gap_or_double() -> None:
    for name in ("Éa", "eb", "Ec", "Eb", "Zed", "Áron"):
        a_member(name)
    client = signed_in(a_member("Viewer"))
    seen, url = [], "/api/members/?page_size=2"
    while url:
        page = client.get(url).json()
        assert page["count"] == 7
        seen += [row["name"] for row in page["results"]]
        url = page["next"]
    assert seen == ["Áron", "Éa", "eb", "Eb", "Ec", "Viewer", "Zed"]


@pytest.mark.parametrize("cursor", ["x", "cD0y", "%00", "9" * 500])
def test_a_cursor_that_makes_no_sense_is_refused(cursor: str) -> None:
    answer = signed_in(a_member()).get("/api/members/", {"cursor": cursor})
    assert (answer.status_code, answer.json().get("code")) in ((404, "not_found"), (200, None))


def test_a_page_holds_a_hundred_at_most() -> None:
    for number in range(101):
        a_member(f"Member {number}")
    client = signed_in(a_member())
    assert len(client.get("/api/members/", {"page_size": 5000}).json()["results"]) == 100
    assert len(client.get("/api/members/").json()["results"]) == 30


def test_a_card_shows_the_six_strongest_offers_and_the_profile_all() -> None:
    ada = a_member("Ada")
    for level in (1, 2, 3, 4, 5, 5, 5, 5):
        offering(ada, a_skill(f"skill {level}"), level=level)
    client = signed_in(ada)
    card = client.get("/api/members/").json()["results"][0]
    assert [row["level"] for row in card["offers"]] == [5, 5, 5, 5, 4, 3]
    assert len(client.get(f"/api/members/{ada.pk}/").json()["offers"]) == 8


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(rows: int, django_assert_num_queries: Any) -> None:
    sector = Sector.objects.create(key="arts", nace="S90", names={"en": "Arts"})
    profession = Profession.objects.create(key="p", names={"en": "p"})
    viewer = a_member("Viewer", seen_by="nobody")
    for number in range(rows):
        member = a_member(f"Member {number}", profession=profession, organisation=an_organisation())
        member.sectors.add(sector)
        offering(speaking(member, fr=7), a_skill("one"), a_skill("two"))
    client = signed_in(viewer)
    with django_assert_num_queries(7):
        assert len(client.get("/api/members/", {"country": "BE"}).json()["results"]) == rows + 1


def test_members_are_found_under_their_new_name_at_once() -> None:
    ada = a_member("Ada")
    signed_in(ada).patch("/api/me/", {"name": "Zoë"})
    assert names(a_member("Viewer"), search="zoe") == ["Zoë"]
    Member.objects.bulk_create([Member(email="b@example.org", name="Bülk", onboarded_at=timezone.now())])
    assert names(ada, search="bulk") == ["Bülk"]


def test_every_page_says_how_many_there_are_in_all_and_shows_the_same_cards() -> None:
    viewer = a_member("Viewer", seen_by="nobody")
    for name in ("Ada", "Ben", "Cleo"):
        offering(a_member(name, country="FR"), a_skill(f"skill of {name}"))
    client = signed_in(viewer)
    everyone = client.get("/api/members/", {"country": "fr"}).json()
    asked: dict[str, Any] = {"country": "FR", "page_size": 1}
    page, seen = client.get("/api/members/", asked).json(), []
    while True:
        assert page["count"] == everyone["count"] == 3
        seen += page["results"]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert seen == everyone["results"]
    assert [card["offers"][0]["skill"]["name"] for card in seen] == ["skill of Ada", "skill of Ben", "skill of Cleo"]
    assert client.get("/api/members/", {"country": "XX"}).json()["count"] == 0
    assert client.get("/api/members/", {"not_country": "fr", "search": "Cleo"}).json()["count"] == 0
