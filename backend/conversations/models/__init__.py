"""Rooms and their log: every event of a room has the next number of that room, without gaps."""

from backend.conversations.models.events import BODY_MAX_LENGTH, Event, Topic, TopicReading
from backend.conversations.models.files import Attachment
from backend.conversations.models.marks import Acknowledgement, Hidden, Mention, Pin, Reaction
from backend.conversations.models.rooms import Membership, Restriction, Room
from backend.conversations.models.words import SearchText

__all__ = [
    "BODY_MAX_LENGTH",
    "Acknowledgement",
    "Attachment",
    "Event",
    "Hidden",
    "Membership",
    "Mention",
    "Pin",
    "Reaction",
    "Restriction",
    "Room",
    "SearchText",
    "Topic",
    "TopicReading",
]
