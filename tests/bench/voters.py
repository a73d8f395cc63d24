"""One of several processes that vote, lend, leave and count at the same moment.

It reads what to do as JSON from its input, says that it is ready, waits for one more line, and tells what each was answered: null where it
was done, else the code of the refusal.
"""

import datetime as dt
import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from backend.collectives import actions as collectives  # noqa: E402
from backend.decisions import actions, closing  # noqa: E402
from backend.decisions.models import Proposal  # noqa: E402
from backend.errors import Refusal  # noqa: E402
from backend.members.models import Member  # noqa: E402


def answered(
    what: dict[str, Any], proposal: Proposal, member: Member, now: dt.datetime, end: dt.datetime
) -> str | None:
    try:
        match what["act"]:
            case "vote":
                actions.vote(proposal=proposal, by=member, ballot={"choice": what["choice"]}, at=now)
            case "lend":
                actions.delegate(proposal=proposal, by=member, to=what["to"], at=now)
            case "leave":
                assert proposal.collective is not None
                collectives.leave(collective=proposal.collective, member=member, at=now)
            case "close":
                closing.close_due(at=end)
    except Refusal as refusal:
        return refusal.code
    return None


def main() -> None:
    given = json.loads(sys.stdin.readline())
    proposal = Proposal.objects.select_related("collective").get(pk=given["proposal"])
    people = Member.objects.in_bulk()
    now, end = (dt.datetime.fromisoformat(given[name]) for name in ("now", "end"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    told = [answered(what, proposal, people[what["member"]], now, end) for what in given["acts"]]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
