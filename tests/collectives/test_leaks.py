"""A collective that hides: who is not in it learns nothing of it through any door of the API, nor from what moves or does not."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.utils import timezone

from backend import events
from backend.bookings import feeds
from backend.bookings.actions import book
from backend.collectives import actions, agreements, notes
from backend.collectives.models import Collective
from backend.decisions import actions as decisions
from backend.decisions import closing
from backend.decisions.models import Proposal
from backend.members.models import Member
from tests.bookings.cast import a_resource
from tests.cast import a_member, signed_in
from tests.conversations.cast import said

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((settings.BASE_DIR / "frontend/src/lib/api/openapi.json").read_text())["paths"]
# Each stands in one place, and nowhere else: name, purpose, message, note, its text, agreement, proposal, reason, outcome, booking.
SECRETS = (
    "Zwaluwnest", "Kievit", "Specht", "Merelzang", "Lijster", "Nachtegaal", "Kwartelei", "Fazant", "Roodborst", "Uilskuiken",
)  # fmt: skip
NOBODY = 999_999_999
COUNTED = ("/api/notices/unread/", "/api/notices/", "/api/rooms/", "/api/decisions/", "/api/notes/")
WATCHED = (
    *COUNTED, "/api/rooms/directory/", "/api/collectives/", "/api/decisions/register/", "/api/delegations/", "/api/bookings/",
    "/api/calls/", "/api/consultations/", "/api/feeds/", "/api/members/", "/api/mentions/", "/api/messages/?q=Specht", "/api/session/",
)  # fmt: skip
Numbers = dict[str, int]


def hidden(ada: Member, ben: Member, at: dt.datetime) -> tuple[Collective, Numbers]:
    """What two do together in a collective that is not listed."""
    van = a_resource(name="Van", opens_minute=0, closes_minute=1440)
    ours = actions.found(member=ada, name="Zwaluwnest", purpose="Kievit", is_listed=False, at=at)
    actions.invite(collective=ours, by=ada, guest=ben, at=at)
    actions.accept_invitation(collective=ours, member=ben, at=at)
    type(van).objects.filter(pk=van.pk).update(owner_collective=ours)
    midnight = (at + dt.timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    # What has no title is told by the name of who has booked it.
    for hour, title in ((9, ""), (14, "Uilskuiken")):
        start = midnight + dt.timedelta(hours=hour)
        wish: dict[str, Any] = {"starts_at": start, "ends_at": start + dt.timedelta(hours=2), "title": title, "at": at}
        booked = book(member=ada, resources=[van.pk], collective=ours.pk, **wish)
    return ours, {"collectives": ours.pk, "rooms": ours.room_id, "resources": van.pk, "bookings": booked.pk}


def happens(ours: Collective, ada: Member, ben: Member, at: dt.datetime) -> Numbers:
    """Words, a note, an agreement and a decision, one after the other."""
    said(ours.room, ada, "Specht", at=at)
    note = notes.begin_note(collective=ours, by=ada, title="Merelzang", text="Lijster", at=at)
    agreements.write_first(collective=ours, by=ada, text="Nachtegaal", at=at)
    made = decisions.propose(member=ada, collective=ours, title="Kwartelei", method="majority", at=at)
    decisions.discuss(proposal=made, by=ada, at=at)
    ends = at + dt.timedelta(hours=2)
    decisions.open_vote(proposal=made, by=ada, closes_at=ends, at=at)
    decisions.vote(proposal=made, by=ben, ballot={"choice": "yes", "reason": "Fazant"}, at=at)
    closing.remind_due(at=ends - dt.timedelta(minutes=5))
    closing.close_due(at=ends)
    closing.conclude(proposal=made, by=ada, text="Roodborst", review_on=None, at=ends)
    return {"notes": note.pk, "decisions": made.pk}


def pages(numbers: Numbers) -> Iterator[str]:
    """Every list of the API, also searched for what is secret, and everything in the rooms in which these numbers name something."""
    today = timezone.now()
    needed = {
        "from": today.isoformat(), "until": (today + dt.timedelta(days=5)).isoformat(), "minutes": "60", "search": "Zwaluw",
        "member": "1", "mentor": "1", "mentee": "1", "rule": "1", "seq": "1",
    }  # fmt: skip
    for path, verbs in SCHEMA.items():
        if "get" not in verbs or ("{" in path and path.split("/")[2] not in numbers):
            continue
        asks = [one for one in verbs["get"].get("parameters", []) if one["in"] == "query"]
        query = {one["name"]: needed.get(one["name"], "1") for one in asks if one.get("required")}
        address = _filled(path, numbers)
        yield f"{address}?{urlencode(query)}"
        for name in {"q", "search"} & {one["name"] for one in asks}:
            word = {"/api/messages/": "Specht", "/api/decisions/": "Kwartelei"}.get(path, "Zwaluwnest")
            yield f"{address}?{urlencode(query | {name: word})}"


def _filled(path: str, numbers: Numbers) -> str:
    return re.sub(r"\{\w+\}", str(numbers.get(path.split("/")[2], NOBODY)), path)


def _unnumbered(answer: Any) -> str:
    """What is told, without the number that was asked about."""
    return re.sub(r'pk \\"\d+', "pk", answer.content.decode())


def read(member: Member, *asked: str) -> dict[str, str]:
    client = signed_in(member)
    told = {}
    for page in asked:
        answer = client.get(page)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        told[page] = f"{answer.status_code} {body.decode(errors='replace')}"
    return told


def test_no_page_no_search_and_no_calendar_tells_a_stranger_anything() -> None:
    ada, ben, eve = a_member("Ada"), a_member("Ben"), a_member("Eve")
    now = timezone.now()
    ours, numbers = hidden(ada, ben, now)
    numbers |= happens(ours, ada, ben, now)
    ours_alone = [page for page in pages(numbers) if page.split("/")[2] in numbers]
    inside, outside = read(ben, *ours_alone).values(), read(eve, *pages(numbers)).values()
    assert [word for word in SECRETS if not any(word in one for one in inside)] == []
    assert [word for word in SECRETS if any(word in one for one in outside)] == []
    calendars = [feeds.open_feed(member=person, at=now, resource=numbers["resources"])[0] for person in (ben, eve)]
    shown = [feeds.calendar_of(feed.token, at=now) for feed in calendars]
    assert [b"Uilskuiken" in one for one in shown] == [True, False]
    assert all(b"Zwaluwnest" not in one for one in shown[1:])


def test_no_number_moves_and_nothing_reaches_a_stranger_while_others_are_busy(
    django_capture_on_commit_callbacks: Any,
) -> None:
    ada, ben, eve = a_member("Ada"), a_member("Ben"), a_member("Eve")
    now = timezone.now()
    ours, _numbers = hidden(ada, ben, now)
    before = read(eve, *WATCHED), read(ben, *COUNTED)
    heard: list[events.Topic] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard.append(topic)

    events.listen(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            happens(ours, ada, ben, now)
    finally:
        events.forget(listener)
    assert {("room", ours.room_id), ("member", ben.pk)} <= set(heard)
    assert set(heard) <= {("room", ours.room_id), ("member", ada.pk), ("member", ben.pk)}
    after = read(eve, *WATCHED), read(ben, *COUNTED)
    assert [page for page in COUNTED if after[1][page] == before[1][page]] == []
    assert [page for page in WATCHED if after[0][page] != before[0][page]] == []


def test_whatever_a_stranger_wants_is_refused_as_if_it_did_not_exist() -> None:
    ada, ben, eve = a_member("Ada"), a_member("Ben"), a_member("Eve")
    now = timezone.now()
    ours, numbers = hidden(ada, ben, now)
    numbers |= happens(ours, ada, ben, now)
    client, nobody = signed_in(eve), dict.fromkeys(numbers, NOBODY)
    wish = {
        "member": eve.pk, "text": "Word", "title": "Word", "name": "Word", "body": "Word", "version": 1, "agreement": 1,
        "closes_at": (now + dt.timedelta(days=1)).isoformat(), "ballot": {"choice": "yes"}, "words": "Please",
        "is_steward": True, "client_id": str(uuid.uuid4()), "method": "majority", "language": "en", "where": "collective",
    }  # fmt: skip
    tried = 0
    for path, verbs in SCHEMA.items():
        if path.split("/")[2] in ("collectives", "rooms", "decisions", "notes", "bookings") and "{" in path:
            for verb in verbs.keys() & {"post", "patch", "put", "delete"}:
                answers = [
                    getattr(client, verb)(_filled(path, which), wish, format="json") for which in (numbers, nobody)
                ]
                assert answers[0].status_code == answers[1].status_code >= 400, (verb, path)
                assert answers[0].json() == answers[1].json(), (verb, path)
                tried += 1
    assert tried > 40
    for door in ("decisions", "notes", "delegations", "feeds", "calls", "bookings"):
        named = [client.post(f"/api/{door}/", wish | {"collective": one}, format="json") for one in (ours.pk, NOBODY)]
        assert named[0].status_code == named[1].status_code >= 400, door
        assert _unnumbered(named[0]) == _unnumbered(named[1]), door
    assert Proposal.objects.count() == 1


def test_a_list_that_is_narrowed_down_to_it_is_that_of_a_number_nobody_has() -> None:
    ada, ben, eve = a_member("Ada"), a_member("Ben"), a_member("Eve")
    now = timezone.now()
    ours, _numbers = hidden(ada, ben, now)
    happens(ours, ada, ben, now)
    narrowed = [
        f"{path}?{one['name']}="
        for path, verbs in SCHEMA.items()
        for one in verbs.get("get", {}).get("parameters", [])
        if "{" not in path and one["in"] == "query" and "collective" in one["name"]
    ]
    shown = [read(ben, f"{page}{ours.pk}") != read(ben, f"{page}{NOBODY}") for page in narrowed]
    assert sum(shown) >= 3
    client = signed_in(eve)
    told = {page: [client.get(f"{page}{number}") for number in (ours.pk, NOBODY)] for page in narrowed}
    said = {page: [(one.status_code, _unnumbered(one)) for one in answers] for page, answers in told.items()}
    assert [page for page, (first, second) in said.items() if first != second] == []
