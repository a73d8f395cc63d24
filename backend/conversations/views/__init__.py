"""Rooms over HTTP: the log page by page, and everything that the socket can do too."""

from backend.conversations.views.elsewhere import MentionView, MessageSearchView
from backend.conversations.views.rooms import RoomView

__all__ = ["MentionView", "MessageSearchView", "RoomView"]
