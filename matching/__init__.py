"""Who fits whom, and why: the engine knows people as numbers, answers in whole points, and always gives the same answer.

    near = Nearness(broader=[(stage, lighting)], near=[(sound, lighting)])
    index = Index([Person(id=1, offers=((lighting, 4),), places_open=2), …], near)
    for answer in index.top(Person(id=2, wants=((lighting, 1, 3),)), 10):
        answer.them, answer.total, answer.rows      # the rows sum to the total
        answer.rung.word                            # "exact": how far a wish had to be stretched

`index.top(…, weights=COLLABORATION)` looks for collaborators instead of guides. `explain` is the score of two people with its
reasons, and what stands between them (`why_not`). The mathematics is at the head of `matching.score`, the ladder of rungs
in `matching.near`. No Django, clock, database or network in here.
"""

from matching.certificate import Certificate, Cohort, Objective
from matching.cohorts import assign
from matching.explanation import Condition, Explanation, Part, Reason, Row
from matching.gains import Gain, gains
from matching.index import Index
from matching.intake import Candidates, Infeasible, Intake
from matching.near import Nearness, Rung, rarity
from matching.people import FORMATS, HOURS_A_WEEK, Person, priced
from matching.record import check, read_cohort, read_intake, written_cohort, written_intake
from matching.score import explain
from matching.stable import Agreement, agree, blocking_pairs
from matching.team_answer import Alternate, Cover, Seat, Team
from matching.team_call import MOST_NEEDS, Call, Need
from matching.teams import complete
from matching.verification import verify
from matching.weights import COLLABORATION, FAR, GUIDE, LEVELS, Weights

__all__ = [
    "COLLABORATION",
    "FAR",
    "FORMATS",
    "GUIDE",
    "HOURS_A_WEEK",
    "LEVELS",
    "MOST_NEEDS",
    "Agreement",
    "Alternate",
    "Call",
    "Candidates",
    "Certificate",
    "Cohort",
    "Condition",
    "Cover",
    "Explanation",
    "Gain",
    "Index",
    "Infeasible",
    "Intake",
    "Nearness",
    "Need",
    "Objective",
    "Part",
    "Person",
    "Reason",
    "Row",
    "Rung",
    "Seat",
    "Team",
    "Weights",
    "agree",
    "assign",
    "blocking_pairs",
    "check",
    "complete",
    "explain",
    "gains",
    "priced",
    "rarity",
    "read_cohort",
    "read_intake",
    "verify",
    "written_cohort",
    "written_intake",
]
