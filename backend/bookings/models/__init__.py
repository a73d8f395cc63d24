"""What is shared and how it is booked, one noun a file."""

from backend.bookings.models.answers import GivenAnswer
from backend.bookings.models.blackouts import Blackout
from backend.bookings.models.bookings import (
    SHORT,
    Allocation,
    AllocationQuerySet,
    Booking,
    BookingItem,
    BookingQuerySet,
)
from backend.bookings.models.feeds import Feed
from backend.bookings.models.handovers import ConditionPhoto, ConditionReport, Damage, Handover
from backend.bookings.models.places import Opening, OpeningException, Place, PlaceQuerySet
from backend.bookings.models.resources import Component, Feature, Photo, Resource, ResourceQuerySet, Unit
from backend.bookings.models.rules import (
    Exemption,
    Induction,
    InductionGrant,
    InductionSeat,
    InductionSession,
    Rule,
)
from backend.bookings.models.series import Series, SkippedOccurrence
from backend.bookings.models.waiting import Wait

__all__ = [
    "SHORT",
    "Allocation",
    "AllocationQuerySet",
    "Blackout",
    "Booking",
    "BookingItem",
    "BookingQuerySet",
    "Component",
    "ConditionPhoto",
    "ConditionReport",
    "Damage",
    "Exemption",
    "Feature",
    "Feed",
    "GivenAnswer",
    "Handover",
    "Induction",
    "InductionGrant",
    "InductionSeat",
    "InductionSession",
    "Opening",
    "OpeningException",
    "Photo",
    "Place",
    "PlaceQuerySet",
    "Resource",
    "ResourceQuerySet",
    "Rule",
    "Series",
    "SkippedOccurrence",
    "Unit",
    "Wait",
]
