"""Whom members are shown, and the reasons they read."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone

from backend.members.actions import edit_profile
from backend.members.models import FreeHours, Member, Offer, SpokenLanguage, Want
from backend.mentoring import actions
from backend.mentoring.models import Programme
from backend.mentoring.people import PEOPLE, week_hours
from backend.skills.actions import changed
from backend.skills.models import Label, Skill, SkillLink
from matching import Person
from matching.crowd import Crowd
from tests.cast import a_guide, a_member, a_skill, an_organisation, signed_in, utc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def offering(member: Member, *skills: Skill, level: int = 4) -> Member:
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=level) for skill in skills)
    return member


def wanting(member: Member, *skills: Skill) -> Member:
    Want.objects.bulk_create(Want(member=member, skill=skill) for skill in skills)
    return member


def speaking(member: Member, **levels: int) -> Member:
    SpokenLanguage.objects.bulk_create(SpokenLanguage(member=member, code=c, level=v) for c, v in levels.items())
    return member


def suggested(member: Member, query: str = "") -> list[dict[str, Any]]:
    answer = signed_in(member).get(f"/api/suggestions/?{query}")
    assert answer.status_code == 200, answer.json()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def names(matches: list[dict[str, Any]]) -> list[str]:
    return [match["member"]["name"] for match in matches]


def test_who_offers_what_i_want_comes_first_and_the_points_add_up() -> None:
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    ada = wanting(a_member("Ada"), vat)
    offering(a_guide("Sews"), sewing)
    offering(a_guide("Knows"), vat)
    matches = suggested(ada)
    assert names(matches) == ["Knows", "Sews"]
    for match in matches:
        assert sum(row["points"] for row in match["rows"]) == match["total"]
    best = matches[0]
    assert best["sentence"].startswith("Can help you with VAT return.")
    assert (best["may"], best["why_not"], best["places_open"]) == ({"ask": True}, [], 2)


def test_what_somebody_can_help_with_is_said_in_one_sentence() -> None:
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    ada = wanting(a_member("Ada"), vat, sewing)
    offering(a_guide("Grace"), vat, sewing)
    (match,) = suggested(ada)
    assert match["sentence"].startswith("Can help you with VAT return and sewing.")
    assert [row["sentence"] for row in match["rows"][:2]] == [
        "Can help you with VAT return.",
        "Can help you with sewing.",
    ]


def test_the_reasons_are_in_the_language_of_the_reader() -> None:
    skill = a_skill(
        "vat", names={"en": "VAT return", "fr": "déclaration de TVA", "nl": "btw-aangifte", "de": "Umsatzsteuer"}
    )
    ada = wanting(speaking(a_member("Ada"), fr=7), skill)
    offering(speaking(a_guide("Knows"), fr=5), skill)
    client = signed_in(ada)
    said = {
        language: client.get("/api/suggestions/", headers={"Accept-Language": language}).json()["results"][0][
            "sentence"
        ]
        for language in ("en", "fr", "nl", "de")
    }
    assert said["fr"].startswith("Peut vous aider pour\u00a0: déclaration de TVA.")
    assert said["nl"].startswith("Kan je helpen met btw-aangifte.")
    assert said["de"].startswith("Kann Ihnen helfen bei: Umsatzsteuer.")
    assert len(set(said.values())) == 4


def test_people_who_hide_are_not_suggested() -> None:
    vat = a_skill("VAT return")
    ada = wanting(a_member("Ada"), vat)
    offering(a_guide("Open"), vat)
    offering(a_guide("Nobody", seen_by=Member.SeenBy.NOBODY), vat)
    offering(a_guide("Elsewhere", seen_by=Member.SeenBy.ORGANISATION, organisation=an_organisation()), vat)
    offering(a_guide("At home", seen_by=Member.SeenBy.ORGANISATION), vat)
    assert sorted(names(suggested(ada))) == ["At home", "Open"]


def test_a_guide_whose_last_place_is_taken_is_no_longer_suggested() -> None:
    vat = a_skill("VAT return")
    ada, ben = wanting(a_member("Ada"), vat), wanting(a_member("Ben"), vat)
    grace = offering(a_guide("Grace", places=1), vat)
    assert names(suggested(ada)) == ["Grace"]
    wish = {"mentee": ben, "mentor": grace, "track": "economic", "wishes": [], "message": "Can you help me?"}
    request = actions.ask(**wish, at=timezone.now())  # type: ignore[arg-type]
    actions.accept(request=request, by=grace, at=timezone.now())
    assert suggested(ada) == []


def test_a_guide_whom_i_have_asked_is_not_suggested_again() -> None:
    vat = a_skill("VAT return")
    ada, grace = wanting(a_member("Ada"), vat), offering(a_guide("Grace"), vat)
    assert names(suggested(ada)) == ["Grace"]
    actions.ask(mentee=ada, mentor=grace, track="social", wishes=[], message="Can you help?", at=timezone.now())
    assert suggested(ada) == []


def test_a_changed_profile_is_seen_by_the_next_question() -> None:
    vat = a_skill("VAT return")
    ada, grace = wanting(a_member("Ada"), vat), a_guide("Grace")
    assert "Can help" not in suggested(ada)[0]["sentence"]
    edit_profile(member=grace, at=timezone.now(), offers=[{"skill": vat, "level": 5}])
    assert suggested(ada)[0]["sentence"].startswith("Can help you with VAT return.")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("track=social", ["Social"]),
        ("country=FR", ["French"]),
        ("language=pt", ["French"]),
        ("online=true&country=BE", ["Social"]),
    ],
)
def test_suggestions_can_be_narrowed(query: str, expected: list[str]) -> None:
    vat = a_skill("VAT return")
    ada = wanting(a_member("Ada"), vat)
    offering(a_guide("Social", guides_economic=False, guides_cooperative=False), vat)
    offering(speaking(a_guide("French", country="FR", guides_social=False, meets_online=False), pt=6), vat)
    assert names(suggested(ada, query)) == expected


@pytest.mark.parametrize("query", ["track=spiritual", "skill=999999", "skill=x", "limit=x", "sector=999999"])
def test_a_search_that_makes_no_sense_is_refused(query: str) -> None:
    answer = signed_in(a_member()).get(f"/api/suggestions/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_collaborator_abroad_is_found_by_a_skill_that_they_wrote_in_their_language() -> None:
    skill = a_skill(
        "sub", names={"en": "subtitling", "fr": "sous-titrage", "nl": "ondertiteling", "de": "Untertitelung"}
    )
    for language, text in skill.names.items():
        Label.objects.create(text=text, folded=text.lower(), language=language, is_preferred=True, skill=skill)
    ada = a_member("Ada", country="BE")
    offering(a_member("Ulrike", country="DE"), skill)
    client = signed_in(ada)
    found = client.get("/api/skills/?q=ondertit", headers={"Accept-Language": "fr"}).json()[0]
    assert (found["id"], found["name"], found["matched"]) == (skill.pk, "sous-titrage", "ondertiteling")
    answer = client.get(
        f"/api/collaborators/?skill={skill.pk}&not_country=BE", headers={"Accept-Language": "fr"}
    ).json()
    assert names(answer["results"]) == ["Ulrike"]
    assert answer["results"][0]["member"]["offers"][0]["skill"]["name"] == "sous-titrage"


def test_why_not_says_what_would_change_it() -> None:
    ada = speaking(a_member("Ada"), fr=7)
    grace = speaking(a_guide("Grace", places=1), de=7)
    answer = signed_in(ada).get(f"/api/suggestions/{grace.pk}/").json()
    assert [reason["code"] for reason in answer["why_not"]] == ["no_common_language"]
    assert answer["may"] == {"ask": False}


def test_someone_hidden_has_no_explanation() -> None:
    hidden = a_guide("Hidden", seen_by=Member.SeenBy.NOBODY)
    assert signed_in(a_member()).get(f"/api/suggestions/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize(("at", "first_hour"), [(utc(2027, 1, 15), 8), (utc(2027, 7, 15), 7)])
def test_weekly_hours_follow_the_clock_of_the_member(at: dt.datetime, first_hour: int) -> None:
    monday = FreeHours(weekday=0, from_minute=9 * 60, until_minute=11 * 60)
    assert week_hours([monday], zone="Europe/Brussels", at=at) == 0b11 << first_hour


def test_hours_that_cross_the_week_come_round() -> None:
    monday = FreeHours(weekday=0, from_minute=0, until_minute=120)
    assert week_hours([monday], zone="Europe/Brussels", at=utc(2027, 1, 15)) == (1 << 167) | 1


def test_what_changes_while_the_index_is_made_anew_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []

    class Waits:
        def __init__(self, target: Any, daemon: bool) -> None:
            begun.append(target)

        def start(self) -> None:
            pass

    monkeypatch.setattr("backend.mentoring.people.threading.Thread", Waits)
    monkeypatch.setattr("backend.mentoring.people.REBUILT_AFTER", 0)
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    ada = wanting(a_member("Ada"), vat)
    sews, knows = offering(a_guide("Sews"), sewing), offering(a_guide("Knows"), vat)
    assert names(suggested(ada)) == ["Knows", "Sews"]
    offering(sews, vat)
    Member.objects.filter(pk=sews.pk).update(changed_at=timezone.now())
    before = PEOPLE.index(at=timezone.now())
    assert len(begun) == 1

    made = Crowd.of

    def slowly(people: Iterable[Person]) -> Crowd:
        Offer.objects.filter(member=knows).delete()
        Member.objects.filter(pk=knows.pk).update(changed_at=timezone.now())
        assert names(suggested(ada))[0] == "Sews"
        return made(people)

    monkeypatch.setattr(Crowd, "of", slowly)
    begun[0]()
    after = PEOPLE.index(at=timezone.now())
    assert after is not before
    assert (after.offering(vat.pk), after.offering(sewing.pk)) == (1, 1)


def test_common_hours_follow_the_clocks_while_the_process_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine in Brussels is seven in UTC in summer and eight in winter, which begins between the two questions."""
    begun: list[Any] = []

    class Waits:
        def __init__(self, target: Any, daemon: bool) -> None:
            self.start = lambda: begun.append(target)

    monkeypatch.setattr("backend.mentoring.people.threading.Thread", Waits)
    before, after = utc(2026, 10, 24, 12), utc(2026, 10, 25, 12)
    grace = a_guide("Grace", changed_at=utc(2026, 1, 1))
    FreeHours.objects.create(member=grace, weekday=0, from_minute=540, until_minute=720)

    def hours() -> list[int]:
        (person,) = PEOPLE.index(at=after).people()
        return [hour for hour in range(168) if person.hours >> hour & 1]

    PEOPLE.index(at=before)
    assert hours() == [7, 8, 9]
    assert len(begun) == 1
    hours()
    assert len(begun) == 1
    begun[0]()
    assert hours() == [8, 9, 10]


def a_programme_of(member: Member, **fields: Any) -> Programme:
    return Programme.objects.create(
        **({"organisation": member.organisation, "name": "Start", "track": "social"} | fields)
    )


def test_nobody_offers_it_is_said_only_of_those_who_could_be_asked_and_names_what_is_close() -> None:
    lighting, rigging = a_skill("lighting"), a_skill("rigging")
    SkillLink.objects.create(kind="near", source=lighting, target=rigging)
    changed(relations=True)
    ada = offering(wanting(a_member("Ada"), lighting), lighting)
    offering(a_member("No guide"), lighting)
    offering(a_guide("Full", places=0), lighting)
    grace = offering(a_guide("Grace"), rigging)
    answer = signed_in(ada).get("/api/suggestions/").json()
    assert [(one["name"], one["close"]["name"]) for one in answer["missing"]] == [("lighting", "rigging")]
    assert answer["rung"] == "near"
    offering(grace, lighting)
    Member.objects.filter(pk=grace.pk).update(changed_at=timezone.now())
    assert signed_in(ada).get("/api/suggestions/").json()["missing"] == []


def test_where_a_track_has_too_few_guides_those_of_others_follow_and_are_marked() -> None:
    vat = a_skill("VAT return")
    ada = wanting(a_member("Ada"), vat)
    offering(a_guide("Social", guides_economic=False, guides_cooperative=False), vat)
    offering(a_guide("Economic", guides_social=False, guides_cooperative=False), vat)
    offering(a_guide("Nowhere", guides_social=False, guides_cooperative=False, guides_economic=False), vat)
    answer = signed_in(ada).get("/api/suggestions/?track=social").json()
    assert (names(answer["results"]), names(answer["elsewhere"])) == (["Social"], ["Economic"])
    assert signed_in(ada).get("/api/suggestions/?track=social&limit=1").json()["elsewhere"] == []
    assert signed_in(ada).get("/api/suggestions/").json()["elsewhere"] == []


def test_the_weights_of_a_programme_count_for_the_members_of_its_organisation_on_its_track() -> None:
    vat = a_skill("VAT return")
    ada = wanting(a_member("Ada"), vat)
    grace = offering(a_guide("Grace"), vat)
    a_programme_of(ada, weights={"wishes": 300, "hours": 300})
    a_programme_of(ada, name="Other", track="economic")
    client = signed_in(ada)

    def wishes(path: str) -> int:
        answer = client.get(path).json()
        rows = answer["results"][0]["rows"] if "results" in answer else answer["rows"]
        return sum(row["maximum"] for row in rows if row["part"] == "wishes")

    assert [wishes(f"/api/suggestions/{one}") for one in ("?track=social", f"{grace.pk}/?track=social")] == [300, 300]
    assert [wishes(f"/api/suggestions/?track={track}") for track in ("economic", "cooperative", "")] == [500] * 3


def test_a_guide_sees_whom_they_could_help_and_why() -> None:
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    grace = offering(a_guide("Grace"), vat)
    wanting(a_member("Ada"), vat), wanting(a_member("Sews"), sewing)
    wanting(a_member("Hidden", seen_by=Member.SeenBy.NOBODY), vat)
    answer = signed_in(grace).get("/api/helping/").json()
    assert (names(answer["results"]), answer["places_open"]) == (["Ada"], 2)
    (match,) = answer["results"]
    assert match["sentence"].startswith("Looks for help with VAT return, which you offer.")
    assert sum(row["points"] for row in match["rows"]) == match["total"]
    assert sum(row["maximum"] for row in match["rows"] if row["part"] == "mutual") == 500


def test_of_those_i_could_help_who_could_help_me_too_comes_first() -> None:
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    grace = wanting(offering(a_guide("Grace"), vat), sewing)
    wanting(a_member("Ada"), vat)
    offering(wanting(a_member("Zoe"), vat), sewing)
    answer = signed_in(grace).get("/api/helping/").json()
    assert names(answer["results"]) == ["Zoe", "Ada"]
    gained = [sum(row["points"] for row in match["rows"] if row["part"] == "wishes") for match in answer["results"]]
    assert gained[1] == 0 < gained[0] <= 150
    assert sum(row["maximum"] for row in answer["results"][0]["rows"] if row["part"] == "wishes") == 150


def test_whom_i_guide_or_who_has_asked_me_is_not_among_those_whom_i_could_help() -> None:
    vat = a_skill("VAT return")
    grace = offering(a_guide("Grace"), vat)
    ada, ben, cy = (wanting(a_member(name), vat) for name in ("Ada", "Ben", "Cy"))
    assert names(signed_in(grace).get("/api/helping/").json()["results"]) == ["Ada", "Ben", "Cy"]
    requests = [
        actions.ask(mentee=one, mentor=grace, track="social", wishes=[], message="Can you help?", at=timezone.now())
        for one in (ada, ben)
    ]
    actions.accept(request=requests[0], by=grace, at=timezone.now())
    signed_in(cy).post("/api/dismissals/", {"person": grace.pk, "reason": "other"})
    answer = signed_in(grace).get("/api/helping/").json()
    assert (answer["results"], answer["places_open"]) == ([], 1)


def test_what_stands_between_two_people_stands_between_them_when_one_asks() -> None:
    ada = speaking(a_member("Ada", meets_in_person=False), fr=7, de=2)
    german = speaking(a_guide("Gerd"), de=7)
    nearby = speaking(a_guide("Nele", meets_online=False), fr=7)
    client = signed_in(ada)
    said = [client.get(f"/api/suggestions/{one.pk}/").json()["why_not"][0]["sentence"] for one in (german, nearby)]
    assert said == [
        "You have no language in common that you both speak well. German is closest: you A2, they C2; from B1 on you could talk.",
        "This person meets in person only. If you can too, say so in your profile.",
    ]
    for one, code in ((german, "no_common_language"), (nearby, "no_common_format")):
        wish = {"mentor": one.pk, "track": "social", "message": "Would you guide me?"}
        answer = client.post("/api/mentorship-requests/", wish)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_why_not_in_this_track_names_those_in_which_they_guide() -> None:
    grace = a_guide("Grace", guides_social=False)
    (reason,) = signed_in(a_member("Ada")).get(f"/api/suggestions/{grace.pk}/?track=social").json()["why_not"]
    assert reason["sentence"] == "Does not guide in this track, but in: Being a co-owner and My activity."
