"""Processes, not only threads: on SQLite those of one process wait for each other before they come to the file.

On PostgreSQL threads are told apart by the database as processes are: what they do at once is in `test_at_once`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backend.collectives.models import Agreement
from backend.decisions.models import Ballot
from backend.notices.models import Notice
from tests.cast import a_member
from tests.decisions import END, NOW, a_collective, voted_on
from tests.servers import database_of_this_test

ROOT = Path(__file__).resolve().parent.parent.parent


def acts(whom: list[int], steward: int) -> list[dict[str, Any]]:
    """Four vote, two lend their votes to two of them, one leaves; in between the votes are counted."""
    first, third, lending, also, leaving = (whom[place] for place in (0, 2, 4, 5, 6))
    votes = [
        {"act": "vote", "member": one, "choice": choice}
        for one, choice in zip(whom, ("yes", "yes", "no", "yes"), strict=False)
    ]
    return [
        *votes[:2], {"act": "lend", "member": lending, "to": first}, {"act": "leave", "member": leaving},
        *votes[2:3], {"act": "close", "member": steward}, {"act": "lend", "member": also, "to": third}, *votes[3:],
        {"act": "close", "member": steward},
    ]  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_processes_do_while_others_count_is_counted_as_it_was_answered_and_takes_effect_once() -> None:
    ada, *voters = [a_member(f"Member {number}") for number in range(15)]
    collective = a_collective(ada, *voters)
    proposal = voted_on(collective, ada, quorum=0, effects=[{"kind": "agreement", "text": "We share what we earn."}])
    env = os.environ | database_of_this_test() | {"SECRET_KEY": settings.SECRET_KEY}
    planned = [acts([one.pk for one in voters[place::2]], ada.pk) for place in range(2)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.voters"],
            cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _process in planned
    ]  # fmt: skip
    wish = {"proposal": proposal.pk, "now": NOW.isoformat(), "end": END.isoformat()}
    for process, plan in zip(running, planned, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(wish | {"acts": plan}) + "\n")
        process.stdin.flush()
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate(timeout=60)[0]) for process in running]

    done = [
        what
        for plan, answers in zip(planned, told, strict=True)
        for what, code in zip(plan, answers, strict=True)
        if not code
    ]
    said = {what["member"]: what["choice"] for what in done if what["act"] == "vote"}
    lent = [said[what["to"]] for what in done if what["act"] == "lend" and what["to"] in said]
    everything = [*said.values(), *lent]
    proposal.refresh_from_db()
    assert {code for answers in told for code in answers} <= {None, "vote_is_over", "not_found"}
    assert proposal.result == {
        "figures": {"yes": everything.count("yes"), "no": everything.count("no"), "abstain": 0},
        "winners": [], "voted": len(everything), "lent": len(lent), "electorate": 15,
    }  # fmt: skip
    assert Ballot.objects.filter(proposal=proposal).count() == len(said)
    decided = everything.count("yes") > everything.count("no")
    assert (proposal.verdict == "decided", Agreement.objects.count()) == (decided, int(decided))
    told_so = Notice.objects.filter(kind="vote_closed")
    assert told_so.count() == told_so.values("member").distinct().count() >= 13
