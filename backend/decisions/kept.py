"""The two rows that a vote writes, in SQL that is written down: the ORM takes longer to build it than the database to run it."""

import datetime as dt
from typing import Any

from django.db import connection

from backend.decisions.models import Ballot

_VOTED = "UPDATE decisions_voter SET voted_at = %s WHERE proposal_id = %s AND member_id = %s RETURNING id"
_SAY = """
    INSERT INTO decisions_ballot (proposal_id, voter_id, content) VALUES (%s, %s, %s)
    ON CONFLICT (voter_id) DO UPDATE SET content = excluded.content
"""


def voted(proposal: int, member: int, at: dt.datetime) -> int | None:
    """The voter's row, which says from now on that they have voted, held until the transaction ends; None for who has no vote."""
    with connection.cursor() as cursor:
        cursor.execute(_VOTED, [connection.ops.adapt_datetimefield_value(at), proposal, member])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def say(proposal: int, voter: int, content: dict[str, Any]) -> None:
    """This voter's ballot, in place of the one before."""
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [proposal, voter, Ballot._meta.get_field("content").get_db_prep_save(content, connection)])
