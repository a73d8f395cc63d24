"""How many requests are in vain when everyone likes the same guides: rankings of one invented world side by side.

The peer ranks by the same points without the waiting list and the scarcity. Both hide guides who are full, and more people look
than there are places, so that in the end all places are taken: what differs is how long that takes and how many were refused.
"""

import numpy as np

from matching.fairness import gini
from tests.bench.crowding_world import FAMOUS, SCARCE, TWO_SIDED, WAITING, Outcome, Weeks, World
from tests.bench.figures import Better, Row, row

PEER = "two_sided_full_hidden"
SEED = 2


def run() -> list[Row]:
    world = World.of(SEED)
    peer = Weeks(world, TWO_SIDED).run()
    rows = beside("suggest", Weeks(world, FAMOUS).run(), peer, refused=1 / 0.55, pairs=0.99)
    rows += beside("waiting_only", Weeks(world, WAITING).run(), peer)
    rows += beside("scarcity_only", Weeks(world, SCARCE).run(), peer)
    return rows + beside("deductions_not_minded", Weeks(world, FAMOUS, minds_deductions=False).run(), peer)


def beside(name: str, ours: Outcome, theirs: Outcome, **targets: float) -> list[Row]:
    bench = f"matching.crowding.{name}"
    figures: list[tuple[str, Better]] = [("refused", "less"), ("pairs", "more"), ("points", "more"), ("waited", "less")]
    return [
        *(
            row(
                bench,
                figure,
                getattr(ours, figure),
                peer=PEER,
                theirs=getattr(theirs, figure),
                target=targets.get(figure),
                better=better,
            )
            for figure, better in figures
        ),
        row(bench, "exposure_gini", gini(np.array(ours.shown)), peer=PEER, theirs=gini(np.array(theirs.shown))),
        row(bench, "never_shown", ours.shown.count(0), peer=PEER, theirs=theirs.shown.count(0)),
    ]


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
