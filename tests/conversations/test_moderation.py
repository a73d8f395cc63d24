"""Reports, covers, muting, removing, pausing: who may, what everyone sees of it, what it stops."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backend.conversations import actions
from backend.conversations.models import Event, SearchText
from backend.members.models import Member
from backend.notices.models import Notice
from backend.trust.models import Report
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said, shown

pytestmark = pytest.mark.django_db
RULE = {"rule": "harassment"}


def write(member: Member, room: Any) -> Any:
    return signed_in(member).post(f"/api/rooms/{room.pk}/messages/", {"client_id": str(uuid.uuid4()), "body": "Hello"})


def test_a_report_names_the_rule_and_reaches_the_stewards_once() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    room = a_room(ada, grace, joan, stewards=[ada])
    said(room, grace, "nasty")
    path = f"/api/rooms/{room.pk}/messages/1/report/"
    assert signed_in(joan).post(path, {"words": "no rule"}).status_code == 400
    assert [signed_in(joan).post(path, RULE | {"words": "look"}).status_code for _ in range(2)] == [201, 201]
    assert refused(signed_in(grace).post(path, RULE)) == "oneself"
    assert list(Notice.objects.values_list("member", "kind")) == [(ada.pk, "message_reported")]
    assert "nasty" not in str(Notice.objects.get().data)
    rows = signed_in(ada).get(f"/api/rooms/{room.pk}/reports/").json()
    assert [(r["seq"], r["about"]["name"], r["rule"], r["words"]) for r in rows] == [(1, "Grace", "harassment", "look")]
    assert "Joan" not in str(rows)
    assert refused(signed_in(joan).get(f"/api/rooms/{room.pk}/reports/")) == "not_a_steward"


def test_a_report_about_the_only_steward_goes_to_the_coordinators() -> None:
    ada, joan, staff = a_member("Ada"), a_member("Joan"), a_member("Staff", is_staff=True)
    room = a_room(ada, joan, stewards=[ada])
    said(room, ada, "nasty")
    signed_in(joan).post(f"/api/rooms/{room.pk}/messages/1/report/", RULE)
    assert list(Notice.objects.values_list("member", flat=True)) == [staff.pk]
    assert signed_in(ada).get(f"/api/rooms/{room.pk}/reports/").json() == []


def test_a_report_is_decided_once_by_someone_it_is_not_about_and_its_author_is_told() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    room = a_room(ada, grace, joan, stewards=[ada, grace])
    said(room, grace, "nasty")
    signed_in(joan).post(f"/api/rooms/{room.pk}/messages/1/report/", RULE)
    path = f"/api/rooms/{room.pk}/reports/{Report.objects.get().pk}/decide/"
    assert refused(signed_in(joan).post(path, {"uphold": True})) == "not_a_steward"
    assert refused(signed_in(grace).post(path, {"uphold": False})) == "own_report"
    assert signed_in(ada).post(path, {"uphold": True}).json()["state"] == "upheld"
    assert refused(signed_in(ada).post(path, {"uphold": False})) == "already_decided"
    assert Notice.objects.get(member=joan).data["upheld"] is True


def test_a_report_that_is_upheld_hides_the_message_and_one_that_is_dismissed_does_not() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    room = a_room(ada, grace, joan, stewards=[ada])
    for words in ("nasty", "harmless", "taken back", "hidden before"):
        said(room, grace, words)
    for seq in range(1, 5):
        signed_in(joan).post(f"/api/rooms/{room.pk}/messages/{seq}/report/", RULE)
    actions.delete_message(room=room, seq=3, by=grace, at=NOW)
    actions.hide(room=room, seq=4, by=ada, rule="respect", at=NOW)
    for report in Report.objects.order_by("pk"):
        uphold = {"uphold": report.ref["seq"] != 2}
        assert signed_in(ada).post(f"/api/rooms/{room.pk}/reports/{report.pk}/decide/", uphold).status_code == 200
    found = [shown(room, joan, seq) for seq in range(1, 5)]
    assert [(one["body"], one["hidden"], one["deleted"]) for one in found] == [
        ("", True, False),
        ("harmless", False, False),
        ("", False, True),
        ("", True, False),
    ]
    covers = Event.objects.filter(room=room, kind="message_hidden").order_by("seq")
    assert [(event.target_seq, event.data["rule"]) for event in covers] == [(4, "respect"), (1, "harassment")]


def test_a_hidden_message_has_no_words_for_anyone_and_comes_back_when_shown() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    said(room, grace, "nasty")
    actions.edit_message(room=room, seq=1, by=grace, body="nastier", at=NOW)
    said(room, ada, "stop", reply_to=1)
    path = f"/api/rooms/{room.pk}/messages/1/"
    assert refused(signed_in(grace).put(f"{path}hidden/", RULE)) == "not_a_steward"
    assert signed_in(ada).put(f"{path}hidden/", {"rule": "because"}).status_code == 400
    hidden = signed_in(ada).put(f"{path}hidden/", RULE).json()
    assert (hidden["hidden"], hidden["body"]) == (True, "")
    for who in (ada, grace):
        assert "nast" not in signed_in(who).get(f"/api/rooms/{room.pk}/events/").content.decode()
        assert signed_in(who).get("/api/messages/?q=nastier").json()["results"] == []
        assert signed_in(who).get(f"{path}history/").json() == []
    assert refused(signed_in(ada).put(f"{path}hidden/", RULE)) == "already_hidden"
    assert refused(signed_in(grace).patch(path, {"body": "again"})) == "already_hidden"
    assert signed_in(ada).delete(f"{path}hidden/").json()["body"] == "nastier"
    newest = shown(room, grace, Event.objects.filter(room=room).count())
    assert (newest["kind"], newest["body"], newest["subject"]["name"]) == ("message_shown", "nastier", "Grace")
    assert SearchText.objects.get(event__seq=1).words == "nastier"


def test_words_of_a_message_that_was_shown_again_go_when_it_is_deleted() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    said(room, grace, "secret")
    actions.hide(room=room, seq=1, by=ada, rule="privacy", at=NOW)
    actions.show(room=room, seq=1, by=ada, at=NOW)
    actions.delete_message(room=room, seq=1, by=grace, at=NOW)
    assert not Event.objects.filter(body__contains="secret").exists()


def test_a_muted_member_reads_and_neither_writes_nor_edits_nor_reacts() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    said(room, grace)
    path = f"/api/rooms/{room.pk}"
    until = timezone.now() + timedelta(hours=1)
    wish = RULE | {"until": until.isoformat()}
    assert refused(signed_in(grace).put(f"{path}/members/{ada.pk}/mute/", wish)) == "not_a_steward"
    assert refused(signed_in(ada).put(f"{path}/members/{ada.pk}/mute/", wish)) == "is_steward"
    assert signed_in(ada).put(f"{path}/members/{grace.pk}/mute/", wish).status_code == 200
    answers = [
        write(grace, room),
        signed_in(grace).patch(f"{path}/messages/1/", {"body": "by the back door"}),
        signed_in(grace).put(f"{path}/messages/1/reactions/", {"emoji": "👍"}),
        signed_in(grace).post(f"{path}/topics/", {"title": "By another door"}),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "muted")] * 4
    assert answers[0].json()["until"][:16] == until.isoformat()[:16]
    mine = signed_in(grace).get(f"{path}/").json()
    assert (mine["muted"], mine["may"]["post"], mine["muted_until"][:16]) == (True, False, until.isoformat()[:16])
    assert signed_in(grace).delete(f"{path}/messages/1/").status_code == 200
    signed_in(ada).delete(f"{path}/members/{grace.pk}/mute/")
    assert write(grace, room).status_code == 201
    record = signed_in(grace).get(f"{path}/record/").json()["events"]
    assert [(e["kind"], e["subject"]["name"], e["data"].get("rule")) for e in record] == [
        ("member_muted", "Grace", "harassment"),
        ("member_unmuted", "Grace", None),
    ]


def test_a_mute_ends_by_itself() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    actions.mute(room=room, by=ada, member=grace, rule="other", until=NOW + timedelta(minutes=5), at=NOW)
    assert write(grace, room).status_code == 201


def test_who_was_removed_finds_the_room_gone_in_every_place_and_a_ban_keeps_the_door_shut() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, kind="topic", access="open", stewards=[ada])
    said(room, ada, "hello @Grace", mentions=(grace.pk,))
    client, path = signed_in(grace), f"/api/rooms/{room.pk}"
    assert len(client.get("/api/messages/?q=hello").json()["results"]) == 1
    assert len(client.get("/api/mentions/").json()["results"]) == 1
    assert refused(client.post(f"{path}/members/{ada.pk}/remove/", RULE)) == "not_a_steward"
    assert signed_in(ada).post(f"{path}/members/{grace.pk}/remove/", RULE | {"ban": True}).status_code == 200
    assert [client.get(f"{path}/{what}").status_code for what in ("", "events/", "record/", "members/")] == [404] * 4
    assert client.get("/api/messages/?q=hello").json()["results"] == []
    assert client.get("/api/mentions/").json()["results"] == []
    assert write(grace, room).status_code == 404
    assert refused(client.post(f"{path}/join/")) == "banned"
    assert Notice.objects.filter(member=grace).latest("pk").data["rule"] == "harassment"
    event = Event.objects.filter(room=room).latest("seq")
    assert (event.kind, event.subject, event.data) == ("member_removed", grace, RULE)
    assert signed_in(ada).post(f"{path}/members/", {"member": grace.pk}).status_code == 200


def test_in_a_paused_room_only_stewards_write() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    actions.change_room(room=room, by=ada, paused=True, at=NOW)
    assert (write(grace, room).status_code, refused(write(grace, room))) == (409, "room_paused")
    assert write(ada, room).status_code == 201
    actions.change_room(room=room, by=ada, paused=False, at=NOW)
    assert write(grace, room).status_code == 201


def test_in_a_closed_topic_only_stewards_write() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    topic = actions.open_topic(room=room, by=grace, title="Lille", at=NOW)
    path = f"/api/rooms/{room.pk}/topics/{topic.pk}/"
    assert signed_in(grace).patch(path, {"closed": True}).json()["closed"] is True
    wish = {"client_id": str(uuid.uuid4()), "body": "late", "topic": topic.pk}
    answer = signed_in(grace).post(f"/api/rooms/{room.pk}/messages/", wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "topic_closed")


def test_in_a_room_without_stewards_nobody_moderates() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = actions.direct_room(member=ada, partners=[grace], at=NOW)
    said(room, ada)
    assert refused(signed_in(grace).put(f"/api/rooms/{room.pk}/messages/1/hidden/", RULE)) == "not_a_steward"
