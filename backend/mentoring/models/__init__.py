"""Guidance between members: requests, the mentorships that come of them, and cohorts of programmes; one noun a file."""

from backend.mentoring.models.cohorts import Cohort, CohortSeat
from backend.mentoring.models.guiding import CollectiveGuiding, Guiding, TrainingStep, TrainingTick
from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.open_hours import OpenHour
from backend.mentoring.models.programmes import PairDemand, PlacePrice, Programme, WeightsProposal, WeightsVersion
from backend.mentoring.models.requests import Kind, MentorshipRequest, NextChoice, Track
from backend.mentoring.models.showings import Dismissal, Showing
from backend.mentoring.models.waits import GuideWait

__all__ = [
    "Cohort",
    "CohortSeat",
    "CollectiveGuiding",
    "Dismissal",
    "GuideWait",
    "Guiding",
    "Kind",
    "Mentorship",
    "MentorshipRequest",
    "NextChoice",
    "OpenHour",
    "PairDemand",
    "PlacePrice",
    "Programme",
    "Showing",
    "Track",
    "TrainingStep",
    "TrainingTick",
    "WeightsProposal",
    "WeightsVersion",
]
