"""Guidance between members: requests, the mentorships that come of them, and cohorts of programmes; one noun a file."""

from backend.mentoring.models.agreements import Agreement
from backend.mentoring.models.circles import Circle, CircleMeeting, CircleSeat
from backend.mentoring.models.cohorts import Cohort, CohortSeat
from backend.mentoring.models.first_talks import FirstTalk, TalkRound
from backend.mentoring.models.giving import Certificate, Giving
from backend.mentoring.models.goals import Goal, GoalStep
from backend.mentoring.models.guiding import CollectiveGuiding, Guiding, TrainingStep, TrainingTick
from backend.mentoring.models.journeys import Journey, JourneyMark, JourneyStep
from backend.mentoring.models.mentorships import Mentorship, MentorshipQuerySet
from backend.mentoring.models.notes import MentorshipTask, Note
from backend.mentoring.models.open_hours import OpenHour
from backend.mentoring.models.participants import PairWish, Participant, ProgrammeNote
from backend.mentoring.models.programmes import PairDemand, PlacePrice, Programme, WeightsProposal, WeightsVersion
from backend.mentoring.models.pulses import HelpCall, Pulse
from backend.mentoring.models.requests import Kind, MentorshipRequest, NextChoice, Track
from backend.mentoring.models.sessions import AgendaItem, MentorshipSession
from backend.mentoring.models.showings import Dismissal, Showing
from backend.mentoring.models.snapshots import PeopleSnapshot
from backend.mentoring.models.waits import GuideWait

__all__ = [
    "AgendaItem",
    "Agreement",
    "Certificate",
    "Circle",
    "CircleMeeting",
    "CircleSeat",
    "Cohort",
    "CohortSeat",
    "CollectiveGuiding",
    "Dismissal",
    "FirstTalk",
    "Giving",
    "Goal",
    "GoalStep",
    "GuideWait",
    "Guiding",
    "HelpCall",
    "Journey",
    "JourneyMark",
    "JourneyStep",
    "Kind",
    "Mentorship",
    "MentorshipQuerySet",
    "MentorshipRequest",
    "MentorshipSession",
    "MentorshipTask",
    "NextChoice",
    "Note",
    "OpenHour",
    "PairDemand",
    "PairWish",
    "Participant",
    "PeopleSnapshot",
    "PlacePrice",
    "Programme",
    "ProgrammeNote",
    "Pulse",
    "Showing",
    "TalkRound",
    "Track",
    "TrainingStep",
    "TrainingTick",
    "WeightsProposal",
    "WeightsVersion",
]
