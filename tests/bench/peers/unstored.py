"""Our server with all of it but the database behind a message: `python -m tests.bench.peers.unstored PORT`.

The peers of the fan-out store nothing; so it is the fan-out that is compared, not their lack of a database. What stores is
measured by `bench_rooms_path`.
"""

import datetime as dt
import os
import sys
from functools import cache
from typing import Any


@cache
def blank() -> dict[str, Any]:
    """What every event has in common."""
    from backend.conversations.facts import as_fact
    from backend.conversations.models import Event
    from backend.members.models import Member

    author = Member(pk=1, name="Member of the cooperative")
    return as_fact(Event(seq=0, kind=Event.Kind.MESSAGE, author=author, created_at=dt.datetime.now(dt.UTC)))


def told(writer: Any, wish: Any, tell: Any) -> None:
    """In place of `Writer.submit`: the message is told and forgotten."""
    from backend.conversations.rows import Stored
    from realtime import hub

    here = hub.here()
    seq = here.rooms[wish.room_id].last + 1
    changed = {"room": wish.room_id, "seq": seq, "client_id": str(wish.client_id), "body": wish.body}
    fact = {"type": "room.events", "room": wish.room_id, "events": [blank() | changed]}
    here.tell_everyone(("room", wish.room_id), fact)
    tell(Stored(0, wish.room_id, seq))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from realtime.writer import Writer

    Writer.submit = told  # type: ignore[method-assign, assignment]
    call_command("serve", port=int(sys.argv[1]), verbosity=0)


if __name__ == "__main__":
    main()
