"""What others may be shown of someone who is there, and whom they are not shown to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from backend.conversations.facts import author_fact
from backend.members.models import Block, Member


@dataclass(frozen=True, slots=True)
class Person:
    """`apart` are those whom this member blocked or who blocked them."""

    fact: dict[str, Any]
    shows: bool
    apart: frozenset[int]


def people(members: Iterable[int]) -> dict[int, Person]:
    """In two queries, however many they are. Blocks."""
    ids = list(members)
    apart: dict[int, set[int]] = {pk: set() for pk in ids}
    for by, whom in Block.objects.filter(Q(by__in=ids) | Q(whom__in=ids)).values_list("by", "whom"):
        for one, other in ((by, whom), (whom, by)):
            if one in apart:
                apart[one].add(other)
    rows = Member.objects.in_bulk(ids)
    return {pk: Person(author_fact(row) or {}, row.shows_presence, frozenset(apart[pk])) for pk, row in rows.items()}
