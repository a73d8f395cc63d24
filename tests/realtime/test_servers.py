"""The same application under the servers that come next: uvicorn and granian."""

import json
import uuid

import pytest

from backend.conversations.models import Room
from backend.members.models import Member
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import a_room
from tests.realtime.lines import Server
from tests.realtime.test_processes import Line

pytestmark = pytest.mark.django_db(transaction=True)
UVICORN = ("-m", "uvicorn", "realtime.asgi:application", "--port", "{port}", "--log-level", "error")
GRANIAN = (
    "-m",
    "granian",
    "--interface",
    "asgi",
    "--port",
    "{port}",
    "--no-log",
    "--workers-kill-timeout",
    "3",
    "realtime.asgi:application",
)


# granian may break the connections off before the process has said goodbye.
@pytest.mark.parametrize(("command", "codes"), [(UVICORN, (1001, 1012, 4012)), (GRANIAN, (1006, 4012))])
async def test_a_message_is_stored_and_heard_and_browsers_may_come_back(
    command: tuple[str, ...], codes: tuple[int, ...]
) -> None:
    def make() -> tuple[Member, Member, Room]:
        ada, grace = a_member("Ada"), a_member("Grace")
        return ada, grace, a_room(ada, grace)

    ada, grace, room = await in_thread(make)
    async with Server(*command) as server, Line(server.port, ada) as one, Line(server.port, grace) as other:
        await other.subscribe(room)
        wish = {"room": room.pk, "client_id": str(uuid.uuid4()), "body": "é" * 4000}
        await one.socket.send(json.dumps({"type": "message.post"} | wish))
        assert (await one.hear("ack"))["client_id"] == wish["client_id"]
        assert [event["body"] for event in (await other.hear("room.events"))["events"]] == [wish["body"]]
        server.process.terminate()
        assert await other.closed() in codes
