"""Which skills are near each other, for the matching engine; read again when the vocabulary changes."""

import threading

from backend.skills.models import Skill, SkillLink, VocabularyVersion
from matching import Nearness

_lock = threading.Lock()
_kept: tuple[int, Nearness] | None = None


def current() -> Nearness:
    """The links between skills as they are now; the same object until they change."""
    global _kept
    now = VocabularyVersion.objects.filter(pk=1).values_list("relations", flat=True).first() or 0
    with _lock:
        if _kept is None or _kept[0] != now:
            _kept = now, _read()
        return _kept[1]


def _read() -> Nearness:
    """Groups are the topmost skills that a skill lies under, areas are the families."""
    links = list(SkillLink.objects.values_list("source", "target", "kind"))
    broader = [(source, target) for source, target, kind in links if kind == SkillLink.Kind.BROADER]
    near = [(source, target) for source, target, kind in links if kind == SkillLink.Kind.NEAR]
    families = Skill.objects.filter(family__isnull=False).values_list("pk", "family")
    return Nearness(broader=broader, near=near, groups=_tops(broader), areas=dict(families))


def _tops(broader: list[tuple[int, int]]) -> dict[int, int]:
    """Each linked skill with the topmost skill above it; where several are, the one with the smallest id."""
    parents: dict[int, int] = {}
    for above, below in broader:
        parents[below] = min(above, parents.get(below, above))
    tops = {}
    for skill in {number for pair in broader for number in pair}:
        top, seen = skill, {skill}
        while top in parents and parents[top] not in seen:
            top = parents[top]
            seen.add(top)
        tops[skill] = top
    return tops
