"""Guidance between members: requests, the mentorships that come of them, and cohorts of programmes; one noun a file."""

from backend.mentoring.models.cohorts import Cohort, CohortSeat
from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.programmes import PairDemand, PlacePrice, Programme, WeightsProposal, WeightsVersion
from backend.mentoring.models.requests import MentorshipRequest, Track
from backend.mentoring.models.showings import Dismissal, Showing

__all__ = [
    "Cohort",
    "CohortSeat",
    "Dismissal",
    "Mentorship",
    "MentorshipRequest",
    "PairDemand",
    "PlacePrice",
    "Programme",
    "Showing",
    "Track",
    "WeightsProposal",
    "WeightsVersion",
]
