"""How much fits into a room, a message and an upload."""

from backend.conversations.models.events import BODY_MAX_LENGTH
from backend.conversations.models.rooms import SLOW_SECONDS_MAX

__all__ = ["BODY_MAX_LENGTH", "SLOW_SECONDS_MAX"]

MENTIONS_MAX = 50
ATTACHMENTS_MAX = 10
EMOJI_OF_A_MESSAGE_MAX = 20
REACTING_SHOWN_MAX = 50
EXCERPT_LENGTH = 140
FILE_MAX_BYTES = 20 * 1024 * 1024
DIRECT_MEMBERS_MAX = 8
SEEN_IS_COUNTED_FROM = 5
