"""How much one browser may ask of the socket, and the codes with which a socket is closed."""

from enum import IntEnum

NUMBER_MAX = 2**62
FRAME_MAX_BYTES = 64 * 1024
# A longer frame is thrown away as it comes in and refused; above this the connection itself is closed.
FRAME_CUT_BYTES = 8 * 1024 * 1024
FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 120
BAD_FRAMES_MAX = 20
# What was received and not yet dealt with: above this nothing more is read from the connection.
UNREAD_BYTES_MAX = 256 * 1024
FRAME_COSTS_BYTES = 512
SOCKETS_PER_MEMBER = 8
ROOMS_PER_SOCKET = 200
RESOURCES_PER_SOCKET = 500

HEARTBEAT_SECONDS = 25
SILENCE_SECONDS = 65
TICK_SECONDS = 5
# Heartbeats that come in within this time are answered together.
PULSE_SECONDS = 2.0
AGE_MAX_SECONDS = 12 * 3600

RING_EVENTS = 512
RING_BYTES = 256 * 1024
CHUNK_EVENTS = 100
CHUNK_CHARACTERS = 64 * 1024
CHUNKS_MAX = 32
HOLE_SECONDS = 0.1
WAITING_FRAMES_MAX = 64
UNSENT_BYTES_MAX = 256 * 1024
# What is told in one go is written in one go, up to this much.
HELD_BYTES_MAX = 64 * 1024
# The extension of ASGI by which our server takes a frame without a coroutine (`server.Unbuffered.push`).
PUSH = "compagnon.push"
# By this one it gives a frame without waking the application's task (`server.Unbuffered.let_take`).
TAKE = "compagnon.take"


class Close(IntEnum):
    """Why the server closes a socket (a server may use 1000 and 3000–4999 only)."""

    RESTART = 4012
    BAD_FRAMES = 4400
    SIGNED_OUT = 4401
    HEARTBEAT_LOST = 4408
    TOO_MANY = 4429
    INTERNAL = 4500


class LeakyBucket:
    """Lets `burst` through at once and `rate` a second in the long run."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst = rate, burst
        self.level, self.since = 0.0, 0.0

    def takes(self, now: float) -> bool:
        """Whether one more fits at this moment (seconds of any steady clock)."""
        self.level = max(0.0, self.level - (now - self.since) * self.rate)
        self.since = now
        if self.level + 1 > self.burst:
            return False
        self.level += 1
        return True
