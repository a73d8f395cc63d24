"""What a client shows of one room: the merge that docs/realtime.md tells every client to make."""

from typing import Any

from tests.realtime.cast import Frame

WORDLESS = {"body": "", "pinned": False}


class View:
    """Of one room. Asserts that nothing is missing before what comes in."""

    def __init__(self) -> None:
        self.last = 0
        self.kinds: dict[int, str] = {}
        self.messages: dict[int, Frame] = {}

    def merge(self, events: list[Frame]) -> None:
        for event in events:
            if event["seq"] <= self.last:
                continue
            assert event["seq"] == self.last + 1, "a gap"
            self.last = event["seq"]
            self.apply(event)

    def apply(self, event: Frame) -> None:
        kind = event["kind"]
        self.kinds[event["seq"]] = kind
        if kind == "message":
            self.messages[event["seq"]] = _message(event)
        known = self.messages.get(event["target_seq"] or 0)
        if known is None or known["deleted"]:
            return
        if kind == "message_edited" and not known["hidden"]:
            known |= {"body": event["body"], "edited": True}
            self._quote(event["target_seq"], event["body"])
        elif kind == "message_deleted":
            known |= WORDLESS | {"deleted": True, "reactions": {}}
            self._quote(event["target_seq"], "")
        elif kind == "message_hidden":
            known |= WORDLESS | {"hidden": True}
            self._quote(event["target_seq"], "")
        elif kind == "message_shown":
            known |= {"body": event["body"], "hidden": False}
            self._quote(event["target_seq"], event["body"])
        elif kind in ("message_pinned", "message_unpinned"):
            known["pinned"] = kind == "message_pinned"
        elif kind in ("reaction_added", "reaction_removed"):
            given = known["reactions"].setdefault(event["emoji"], set())
            (given.add if kind == "reaction_added" else given.discard)(event["author"]["id"])

    def _quote(self, seq: int, words: str) -> None:
        for message in self.messages.values():
            if message["answers"] == seq:
                message["quoted"] = words

    def load(self, page: Frame) -> None:
        """Show this page instead of what was there."""
        self.kinds, self.messages, self.last = {}, {}, page["head"]
        for event in page["events"]:
            self.apply(event)

    def shown(self) -> dict[int, Any]:
        """What is seen at each number, in order."""
        acts = {seq: kind for seq, kind in self.kinds.items() if seq not in self.messages}
        return dict(sorted((acts | {seq: _seen(message) for seq, message in self.messages.items()}).items()))


def _message(event: Frame) -> Frame:
    reply = event["reply_to"] or {}
    return {
        **{key: event[key] for key in ("client_id", "body", "edited", "deleted", "hidden", "pinned")},
        "reactions": {one["emoji"]: set(one["members"]) for one in event["reactions"]},
        "answers": reply.get("seq"),
        "quoted": reply.get("excerpt"),
    }


def _seen(message: Frame) -> Frame:
    return message | {"reactions": {emoji: sorted(given) for emoji, given in message["reactions"].items() if given}}
