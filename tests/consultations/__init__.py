"""Asking a whole organisation, or the federation."""

import datetime as dt
from typing import Any

from backend.consultations import actions, grouping
from backend.consultations.models import Consultation, Recommendation
from backend.decisions import actions as decisions
from backend.decisions.models import Proposal
from backend.members.models import Member, Organisation
from tests.cast import a_member, an_organisation, utc

NOW = utc(2030, 5, 6, 9)
COLLECTED = NOW + dt.timedelta(days=7)
END = COLLECTED + dt.timedelta(days=7)


def two_houses() -> tuple[Organisation, Organisation]:
    return an_organisation(country="BE"), an_organisation(country="FR")


def a_coordinator(name: str = "Coor", **fields: Any) -> Member:
    """Of the office of her organisation."""
    return a_member(name, is_staff=True, **fields)


def collecting(by: Member, **fields: Any) -> Consultation:
    """Everyone in the organisation of this person is asked, from NOW to COLLECTED."""
    values: dict[str, Any] = {"title": "What we do next year", "collects_until": COLLECTED} | fields
    return actions.begin(by=by, at=NOW, **values)


def recommends(
    consultation: Consultation, by: Member, text: str = "A van for everyone", **fields: Any
) -> Recommendation:
    return actions.hand_in(consultation=consultation, by=by, text=text, at=NOW, **({"language": "en"} | fields))


def discussed(by: Member, *themes: str, **fields: Any) -> Consultation:
    """A consultation with these themes, talked about; each has a recommendation of its own."""
    made = collecting(by, **fields)
    for theme in themes:
        recommends(made, by, f"Something about {theme}")
    grouping.group_due(at=COLLECTED)
    for theme, row in zip(themes, made.recommendations.order_by("pk"), strict=True):
        kept = grouping.add_theme(consultation=made, by=by, title=theme, at=COLLECTED)
        grouping.place(consultation=made, by=by, recommendation=row.pk, theme=kept.pk, at=COLLECTED)
    return grouping.discuss(consultation=made, by=by, at=COLLECTED)


def put_to_vote(consultation: Consultation, by: Member, method: str = "dots", **fields: Any) -> Proposal:
    """The vote of a consultation that is talked about, from COLLECTED to END."""
    wish: dict[str, Any] = {"title": "What comes first", "method": method, "quorum": 0} | fields
    made = decisions.propose(member=by, consultation=consultation, at=COLLECTED, **wish)
    decisions.discuss(proposal=made, by=by, at=COLLECTED)
    return decisions.open_vote(proposal=made, by=by, closes_at=END, at=COLLECTED)
