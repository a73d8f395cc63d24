"""What a collective of the demo has written down: what it agrees on, and how things are done, by two who took turns."""

import datetime as dt

from backend.collectives import agreements, notes
from backend.collectives.models import Collective

DAY = dt.timedelta(days=1)
AGREEMENT = """Each of us chooses their own jobs; what we take on together we see through together.
The van and the desk belong to all: whoever used them last leaves them as they would like to find them.
Ten per cent of what we earn together is saved for tools and courses.
Whoever goes says so three months ahead."""
PACKING = """## Before

- Cables counted and rolled, the red bag last
- Fuel, tyre pressure, water
- Papers for the tunnel

## After

- What is broken lies on the bench with a note"""
BORDER = """

## Across the border

- The list of what we carry, with serial numbers, signed"""


def write_down(collective: Collective, at: dt.datetime) -> None:
    """The first who joined wrote it; all but the last have accepted it."""
    people = [
        row.member for row in collective.memberships.select_related("member").filter(state="member").order_by("pk")
    ]
    agreement = agreements.write_first(collective=collective, by=people[0], text=AGREEMENT, at=at - 30 * DAY)
    for member in people[1:-1]:
        agreements.agree(collective=collective, member=member, agreement=agreement.number, at=at - 28 * DAY)
    note = notes.begin_note(
        collective=collective, by=people[0], title="Packing the van", text=PACKING, at=at - 21 * DAY
    )
    notes.write_note(
        note=note, by=people[1], version=note.version, title=note.title, text=PACKING + BORDER, at=at - 9 * DAY
    )
