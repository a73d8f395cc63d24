"""Which skills are near each other, for the matching engine; read again when the vocabulary changes."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from backend.skills.models import NearSkill, Skill, SkillGroup, SkillLink, VocabularyVersion
from matching import Nearness

_lock = threading.Lock()
_kept: tuple[int, Nearness] | None = None


def version() -> int:
    """A number that is another one after each change of what lies between skills."""
    return VocabularyVersion.objects.filter(pk=1).values_list("relations", flat=True).first() or 0


def current() -> Nearness:
    """The links between skills as they are now; the same object until they change. May take a second or two."""
    global _kept
    now = version()
    with _lock:
        if _kept is None or _kept[0] != now:
            _kept = now, _read()
        return _kept[1]


def _read() -> Nearness:
    """The links and what was worked out to be near; see `_groups` and `_areas` for the wider rungs."""
    links = list(SkillLink.objects.values_list("source", "target", "kind"))
    broader = [(source, target) for source, target, kind in links if kind == SkillLink.Kind.BROADER]
    near = [(source, target) for source, target, kind in links if kind == SkillLink.Kind.NEAR]
    worked_out = NearSkill.objects.values_list("skill", "other", "percent")
    alike = np.array(list(worked_out.iterator(chunk_size=20_000)), np.int64).reshape(-1, 3)
    groups = _groups(broader)
    return Nearness(broader=broader, near=near, groups=groups, areas=_areas(), alike=alike)


def _groups(broader: list[tuple[int, int]]) -> dict[int, int]:
    """Each skill with its group of the European classification, else with the topmost skill above it."""
    groups = {skill: 2 * top for skill, top in _tops(broader).items()}
    for skill, group in Skill.objects.filter(group__isnull=False).values_list("pk", "group"):
        groups[skill] = 2 * group + 1
    return groups


def _areas() -> dict[int, int]:
    """Each skill with its family. Imported ones have none: theirs is the commonest among ours in the nearest group around."""
    ours = dict(Skill.objects.filter(family__isnull=False).values_list("pk", "family"))
    group_of = dict(Skill.objects.filter(group__isnull=False).values_list("pk", "group"))
    above = dict(SkillGroup.objects.values_list("pk", "parent"))
    families: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for skill, family in ours.items():
        for group in _upwards(group_of.get(skill), above):
            families[group][family] += 1
    areas = dict(ours)
    for skill, group in group_of.items():
        if skill not in areas:
            known = next((families[one] for one in _upwards(group, above) if one in families), None)
            if known:
                areas[skill] = min(known, key=lambda family: (-known[family], family))
    return areas


def _upwards(group: int | None, above: dict[int, int | None]) -> Iterator[int]:
    """The group and all around it, the nearest first."""
    seen: set[int] = set()
    while group is not None and group not in seen:
        seen.add(group)
        yield group
        group = above.get(group)


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
