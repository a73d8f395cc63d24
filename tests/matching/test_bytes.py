"""The same people give the same bytes, whatever seed Python hashes with and in whatever order they come."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import json, random, sys
import numpy as np
from matching import Candidates, Index, Intake, Objective, assign, written_cohort
from tests.bench.membership import Vocabulary, membership
vocabulary = Vocabulary(skills=90, groups=9, areas=3)
crowd = membership(150, vocabulary, 3)
people = [crowd.person(slot) for slot in range(len(crowd))]
rows = [(m, 100 + h, (m * h * 37) % 1000, (m * 53 + h) % 1000) for m in range(20) for h in range(8)]
order = random.Random(int(sys.argv[1]))
order.shuffle(people), order.shuffle(rows)
index = Index(people, vocabulary.nearness(3))
for me in sorted(people, key=lambda person: person.id)[:20]:
    print(index.top(me, 5))
mentee, mentor, one, other = zip(*rows)
intake = Intake(range(20), range(100, 108), [2] * 8, Candidates(mentee, mentor, one, other), seed=5)
for objective in Objective:
    print(json.dumps(written_cohort(assign(intake, objective=objective))))
"""


def test_the_bytes_are_the_same_in_every_run() -> None:
    first, *others = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, order],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed, order in (("0", "1"), ("1", "2"), ("4711", "3"))
    ]
    assert len(first) > 10_000
    assert others == [first, first]
