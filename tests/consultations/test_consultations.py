"""From the first recommendation to themes that are talked about: who may, until when, and what nobody outside sees."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from backend.consultations import actions, grouping, rules
from backend.consultations.models import Consultation, Recommendation
from backend.conversations.models import Membership, Topic
from backend.members.actions import close_account, edit_profile
from backend.notices.models import Notice
from tests.cast import a_member, signed_in
from tests.consultations import COLLECTED, NOW, a_coordinator, collecting, discussed, recommends, two_houses
from tests.decisions import a_collective
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db


def test_every_step_follows_from_the_table_and_nothing_else_does() -> None:
    order = ["collecting", "grouping", "discussion", "voting", "closed", "concluded"]
    events = ["group", "discuss", "open", "close", "conclude"]
    for place, event in enumerate(events):
        for number, state in enumerate(order):
            if number == place:
                assert rules.after(Consultation(state=state), event) == order[place + 1]
            elif (state, event) != ("concluded", "conclude"):
                assert refused(rules.after, Consultation(state=state), event) == "consultation_not_now"
    withdrawable = [one for one in Consultation.State.values if "withdraw" in rules.TRANSITIONS[one]]
    assert withdrawable == ["collecting", "grouping", "discussion"]
    assert rules.TRANSITIONS["withdrawn"] == {}


def test_only_the_office_and_coordinators_ask_everyone_and_only_all_keys_ask_the_federation() -> None:
    belgian, _french = two_houses()
    ada = a_member("Ada", organisation=belgian)
    wish = {"title": "What next", "collects_until": (timezone.now() + dt.timedelta(days=3)).isoformat()}
    assert signed_in(ada).post("/api/consultations/", wish).json()["code"] == "may_not_consult"
    office = a_coordinator(organisation=belgian)
    made = signed_in(office).post("/api/consultations/", wish).json()
    assert (made["state"], made["organisation"]["id"], made["may"]["edit"]) == ("collecting", belgian.pk, True)
    everywhere = wish | {"everywhere": True}
    assert signed_in(office).post("/api/consultations/", everywhere).json()["code"] == "may_not_consult"
    keys = a_member("Keys", organisation=belgian, is_superuser=True)
    doors = [signed_in(one).get("/api/consultations/may-begin/").json() for one in (ada, office, keys)]
    assert [tuple(one.values()) for one in doors] == [(False, False), (True, False), (False, True)]
    assert signed_in(keys).post("/api/consultations/", everywhere).json()["organisation"] is None
    past = wish | {"collects_until": timezone.now().isoformat()}
    assert (
        signed_in(office).post("/api/consultations/", past).json()["fields"]["collects_until"][0]["code"]
        == "ends_too_soon"
    )


def test_who_is_of_another_organisation_sees_nothing_though_there_is_something_to_see() -> None:
    belgian, french = two_houses()
    coor, ada = a_coordinator(organisation=belgian), a_member("Ada", organisation=belgian)
    made = discussed(coor, "Vans", "Rooms", title="Ours alone")
    row = made.recommendations.all()[0]
    inside, outside = signed_in(ada), signed_in(a_member("Fleur", organisation=french, is_staff=True))
    path = f"/api/consultations/{made.pk}/"
    assert inside.get(path).json()["title"] == "Ours alone"
    assert [one["id"] for one in inside.get("/api/consultations/").json()["results"]] == [made.pk]
    assert len(inside.get(f"{path}recommendations/").json()["results"]) == 2
    room = inside.post(f"{path}come-in/").json()["room"]
    assert Membership.objects.filter(room=room, member=ada).exists()
    missing = outside.get("/api/consultations/999999999/").json()
    assert outside.get(path).json() == missing
    assert outside.get("/api/consultations/").json()["results"] == []
    assert outside.get(f"{path}recommendations/").json() == missing
    for door, wish in [
        ("come-in/", {}), ("withdraw/", {}), ("themes/", {"title": "Mine"}), ("recommendations/", {"text": "abc", "language": "en"}),
        (f"recommendations/{row.pk}/support/", {"want": True}), (f"recommendations/{row.pk}/place/", {}),
    ]:  # fmt: skip
        assert outside.post(path + door, wish).json() == missing, door
    assert outside.delete(f"{path}recommendations/{row.pk}/").json() == missing
    assert "Ours alone" not in outside.get("/api/rooms/directory/").content.decode()
    assert outside.get(f"/api/rooms/{room}/").status_code == 404
    assert outside.post(f"/api/rooms/{room}/join/").status_code == 404
    assert not Notice.objects.filter(member__organisation=french).exists()
    assert not Notice.objects.filter(member__is_active=False).exists()


def test_who_goes_to_another_organisation_is_out_of_the_room_of_the_former_one() -> None:
    belgian, french = two_houses()
    coor, ada = a_coordinator(organisation=belgian), a_member("Ada", organisation=belgian)
    made = discussed(coor, "Vans")
    actions.come_in(consultation=made, by=ada, at=NOW)
    edit_profile(member=ada, at=NOW, about="Still here")
    assert Membership.objects.filter(room=made.room, member=ada).exists()
    edit_profile(member=ada, at=NOW, organisation=french)
    assert not Membership.objects.filter(room=made.room, member=ada).exists()


def test_recommendations_are_taken_until_the_end_once_each_and_not_without_limit() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = collecting(coor)
    recommends(made, ada)
    assert refused(recommends, made, ada, "  A van for everyone ") == "said_already"
    assert refused(recommends, made, ada, "Another", language="xx") == "bad_language"
    late: dict[str, Any] = {"consultation": made, "by": ada, "text": "Late", "language": "en", "at": COLLECTED}
    assert refused(actions.hand_in, **late) == "collecting_is_over"
    for number in range(rules.RECOMMENDATIONS_MAX - 1):
        recommends(made, ada, f"Thing {number}")
    assert refused(recommends, made, ada, "One more") == "too_many_recommendations"
    assert made.recommendations.count() == rules.RECOMMENDATIONS_MAX


def test_words_that_show_nothing_and_words_without_end_are_refused() -> None:
    coor = a_coordinator()
    made = collecting(coor)
    nothing = "\u200b\u2060\u200b\u200b"
    assert refused(recommends, made, coor, nothing) == "required"
    assert refused(collecting, coor, title=nothing) == "required"
    row = recommends(made, coor)
    grouping.group_due(at=COLLECTED)
    act: dict[str, Any] = {"consultation": made, "by": coor, "at": COLLECTED}
    assert refused(grouping.place, recommendation=row.pk, left_out_because=nothing, **act) == "required"
    running = actions.begin(
        by=coor, title="Now", collects_until=timezone.now() + dt.timedelta(days=3), at=timezone.now()
    )
    path = f"/api/consultations/{running.pk}/recommendations/"
    answer = signed_in(coor).post(path, {"text": "x" * 2_000_000, "language": "en"}, format="json").json()
    assert answer["fields"]["text"][0]["code"] == "max_length"
    assert not running.recommendations.exists()


def test_the_same_recommendation_sent_again_with_its_key_is_one() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = actions.begin(by=coor, title="Now", collects_until=timezone.now() + dt.timedelta(days=3), at=timezone.now())
    client, key = signed_in(ada), str(uuid.uuid4())
    wish = {"text": "A van", "language": "en"}
    said = [
        client.post(f"/api/consultations/{made.pk}/recommendations/", wish, headers={"Idempotency-Key": key})
        for _ in range(2)
    ]
    assert [one.status_code for one in said] == [201, 201]
    assert said[0].json() == said[1].json()
    assert Recommendation.objects.count() == 1


def test_one_speaks_for_a_local_group_only_as_a_member_and_a_hidden_group_is_not_named_to_others() -> None:
    coor, ada, ben, cleo = a_coordinator(), a_member("Ada"), a_member("Ben"), a_member("Cleo")
    made = collecting(coor)
    hidden = a_collective(ada, ben, name="Hidden loge")
    hidden.is_listed = False
    hidden.save(update_fields=["is_listed"])
    assert refused(recommends, made, cleo, collective=hidden) == "not_in_collective"
    row = recommends(made, ada, collective=hidden)
    path = f"/api/consultations/{made.pk}/recommendations/"
    told = {who.name: signed_in(who).get(path).json()["results"][0] for who in (ben, cleo)}
    assert told["Ben"]["group"] == {"id": hidden.pk, "name": "Hidden loge"}
    assert (told["Cleo"]["group"], told["Cleo"]["for_group"]) == (None, True)
    assert [one["id"] for one in signed_in(ben).get(f"{path}?collective={hidden.pk}").json()["results"]] == [row.pk]
    assert signed_in(cleo).get(f"{path}?collective={hidden.pk}").json()["results"] == []


def test_others_can_want_the_same_once_and_the_author_take_it_back_while_it_is_collected() -> None:
    coor, ada, ben = a_coordinator(), a_member("Ada"), a_member("Ben")
    made = collecting(coor)
    row = recommends(made, ada)
    wish: dict[str, Any] = {"consultation": made, "recommendation": row.pk, "at": NOW}
    for _twice in range(2):
        actions.support(by=ben, want=True, **wish)
    assert row.supports.count() == 1
    assert refused(actions.support, by=ada, want=True, **wish) == "own_recommendation"
    assert refused(actions.support, by=ben, want=False, **wish | {"at": COLLECTED}) == "collecting_is_over"
    assert refused(actions.take_back, by=ben, **wish) == "not_the_author"
    assert refused(actions.take_back, by=ada, **wish | {"at": COLLECTED}) == "collecting_is_over"
    actions.take_back(by=ada, **wish)
    assert not Recommendation.objects.exists()


def test_collecting_ends_once_on_its_day_and_later_where_it_was_put_off() -> None:
    coor = a_coordinator()
    made = collecting(coor)
    actions.edit(consultation=made, by=coor, at=NOW, collects_until=COLLECTED + dt.timedelta(days=1))
    assert grouping.group_due(at=COLLECTED) == 0
    assert [grouping.group_due(at=COLLECTED + dt.timedelta(days=1)) for _twice in range(2)] == [1, 0]
    assert Notice.objects.filter(kind="consultation_collected", member=coor).count() == 1


def test_nothing_disappears_what_is_left_out_says_why_and_all_must_have_a_place() -> None:
    coor, ada, ben = a_coordinator(), a_member("Ada"), a_member("Ben")
    made = collecting(coor)
    van, truck, rude = recommends(made, ada), recommends(made, ben, "A truck"), recommends(made, ben, "Nonsense")
    act: dict[str, Any] = {"consultation": made, "by": coor, "at": COLLECTED}
    assert refused(grouping.add_theme, title="Wheels", **act) == "consultation_not_now"
    grouping.group_due(at=COLLECTED)
    assert refused(grouping.add_theme, title="Wheels", **act | {"by": ada}) == "not_a_facilitator"
    wheels = grouping.add_theme(title="Wheels", **act)
    assert refused(grouping.add_theme, title="wheels", **act) == "theme_exists"
    grouping.place(recommendation=van.pk, theme=wheels.pk, **act)
    assert refused(grouping.discuss, **act) == "not_all_grouped"
    assert refused(grouping.place, recommendation=truck.pk, merged_into=truck.pk, **act) == "merged_itself"
    grouping.place(recommendation=truck.pk, merged_into=van.pk, **act)
    assert refused(grouping.place, recommendation=rude.pk, merged_into=truck.pk, **act) == "merged_itself"
    both: dict[str, Any] = {"recommendation": rude.pk, "theme": wheels.pk, "left_out_because": "No"}
    assert refused(grouping.place, **both, **act) == "one_place"
    grouping.place(recommendation=rude.pk, left_out_because="It is about nothing that we could do.", **act)
    grouping.discuss(**act)
    told = signed_in(ada).get(f"/api/consultations/{made.pk}/recommendations/").json()["results"]
    assert [(one["text"], one["theme"], one["merged_into"], one["left_out_because"]) for one in told] == [
        ("Nonsense", None, None, "It is about nothing that we could do."),
        ("A truck", wheels.pk, van.pk, ""),
        ("A van for everyone", wheels.pk, None, ""),
    ]
    assert {*Notice.objects.filter(kind="consultation_grouped").values_list("member", flat=True)} == {ada.pk, ben.pk}
    wheels.refresh_from_db()
    assert wheels.topic == Topic.objects.get(room=made.room, title="Wheels")


def test_two_themes_become_one_with_all_that_is_in_them() -> None:
    coor = a_coordinator()
    made = collecting(coor)
    rows = [recommends(made, coor, f"Thing {number}") for number in range(2)]
    grouping.group_due(at=COLLECTED)
    act: dict[str, Any] = {"consultation": made, "by": coor, "at": COLLECTED}
    themes = [grouping.add_theme(title=title, **act) for title in ("One", "Two")]
    for row, theme in zip(rows, themes, strict=True):
        grouping.place(recommendation=row.pk, theme=theme.pk, **act)
    grouping.drop_theme(theme=themes[1].pk, into=themes[0].pk, **act)
    assert {row.theme_id for row in made.recommendations.all()} == {themes[0].pk}
    grouping.drop_theme(theme=themes[0].pk, **act)
    assert grouping.waiting_in(made) == 2


def test_somebody_always_looks_after_it_and_only_who_is_asked() -> None:
    belgian, french = two_houses()
    coor, ada = a_coordinator(organisation=belgian), a_member("Ada", organisation=belgian)
    fleur = a_member("Fleur", organisation=french)
    made = collecting(coor)
    act: dict[str, Any] = {"consultation": made, "by": coor, "at": NOW}
    assert refused(actions.name_facilitator, member=fleur, **act) == "not_concerned"
    assert refused(actions.let_facilitator_go, member=coor.pk, **act) == "last_facilitator"
    for _twice in range(2):
        actions.name_facilitator(member=ada, **act)
    assert Notice.objects.filter(kind="facilitator_named").count() == 1
    actions.let_facilitator_go(member=coor.pk, **act)
    assert refused(actions.withdraw, **act) == "not_a_facilitator"
    assert actions.withdraw(consultation=made, by=ada, at=NOW).state == "withdrawn"


def test_where_nobody_is_left_who_looks_after_it_the_office_names_somebody() -> None:
    coor, office, ada = a_coordinator(), a_coordinator("Office"), a_member("Ada")
    made = collecting(coor)
    act: dict[str, Any] = {"consultation": made, "member": ada, "at": NOW}
    assert refused(actions.name_facilitator, by=office, **act) == "not_a_facilitator"
    close_account(member=coor, at=NOW)
    assert refused(actions.name_facilitator, by=ada, **act) == "not_a_facilitator"
    assert signed_in(ada).get(f"/api/consultations/{made.pk}/").json()["may"]["name"] is False
    assert signed_in(office).get(f"/api/consultations/{made.pk}/").json()["may"]["name"] is True
    actions.name_facilitator(by=office, **act)
    assert refused(actions.name_facilitator, by=office, **act) == "not_a_facilitator"
    last: dict[str, Any] = {"consultation": made, "by": ada, "member": ada.pk, "at": NOW}
    assert refused(actions.let_facilitator_go, **last) == "last_facilitator"
    assert actions.withdraw(consultation=made, by=ada, at=NOW).state == "withdrawn"


def test_a_page_of_recommendations_takes_the_same_few_queries(django_assert_num_queries: Any) -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = collecting(coor)
    client, path = signed_in(ada), f"/api/consultations/{made.pk}/recommendations/"
    recommends(made, ada, collective=a_collective(ada))
    client.get(path)
    with django_assert_num_queries(5):
        assert len(client.get(path).json()["results"]) == 1
    for number in range(2):
        recommends(made, a_member(f"Member {number}"), f"Thing {number}")
    with django_assert_num_queries(5):
        assert len(client.get(path).json()["results"]) == 3


def test_the_admin_shows_consultations_and_changes_nothing() -> None:
    keys = a_member("Keys", is_staff=True, is_superuser=True)
    made = discussed(keys, "Vans")
    client = signed_in(keys)
    for path in ("", f"{made.pk}/change/"):
        assert "What we do next year" in client.get(f"/admin/consultations/consultation/{path}").content.decode()
    assert client.post(f"/admin/consultations/consultation/{made.pk}/change/", {"title": "Mine"}).status_code == 403
    assert client.get("/admin/consultations/consultation/add/").status_code == 403


@pytest.mark.parametrize("query", ["theme", "collective"])
@pytest.mark.parametrize("number", ["9" * 30, "0", "1.5", "x"])
def test_a_list_narrowed_by_what_is_no_number_is_refused(query: str, number: str) -> None:
    made = collecting(a_coordinator())
    answer = signed_in(a_member("Ada")).get(f"/api/consultations/{made.pk}/recommendations/?{query}={number}")
    assert (answer.status_code, [*answer.json()["fields"]]) == (400, [query])
