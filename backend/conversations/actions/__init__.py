"""Opening rooms, coming and going, writing in them and looking after them. The only writers of the log."""

from backend.conversations.actions.changing import (
    acknowledge,
    delete_message,
    edit_message,
    hide,
    pin,
    react,
    show,
)
from backend.conversations.actions.coming import (
    bring_in,
    come_in,
    go_out,
    join_room,
    leave_room,
    let_steer,
    name_steward,
)
from backend.conversations.actions.filing import files_of, remove_file
from backend.conversations.actions.moderating import decide_report, mute, remove_member, report_message, unmute
from backend.conversations.actions.reading import choose, choose_topic, mark_read
from backend.conversations.actions.rooms import carry_name, change_room, create_room, direct_room, open_room
from backend.conversations.actions.topics import change_topic, open_topic
from backend.conversations.actions.uploading import opened, upload
from backend.conversations.actions.writing import answer_of, post_message

__all__ = [
    "acknowledge",
    "answer_of",
    "bring_in",
    "carry_name",
    "change_room",
    "change_topic",
    "choose",
    "choose_topic",
    "come_in",
    "create_room",
    "decide_report",
    "delete_message",
    "direct_room",
    "edit_message",
    "files_of",
    "go_out",
    "hide",
    "join_room",
    "leave_room",
    "let_steer",
    "mark_read",
    "mute",
    "name_steward",
    "open_room",
    "open_topic",
    "opened",
    "pin",
    "post_message",
    "react",
    "remove_file",
    "remove_member",
    "report_message",
    "show",
    "unmute",
    "upload",
]
