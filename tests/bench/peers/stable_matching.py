"""Run by `bench_stable` in an environment of its own, where `matching` is the package of that name: reads an instance as JSON, times a peer.

The answer is the CPU seconds of making the game and solving it, and the pairs.
"""

import json
import sys
import time
from typing import Any

Lists = dict[int, list[int]]
Pairs = list[tuple[int, int]]

sys.setrecursionlimit(10**6)


def by_matching(residents: Lists, hospitals: Lists, capacities: dict[int, int]) -> Pairs:
    from matching.games import HospitalResident  # type: ignore[import-not-found, import-untyped, unused-ignore]

    game = HospitalResident.create_from_dictionaries(residents, hospitals, capacities)
    return [(int(one.name), int(h.name)) for h, held in game.solve(optimal="resident").items() for one in held]


def by_algmatch(residents: Lists, hospitals: Lists, capacities: dict[int, int]) -> Pairs:
    from algmatch import HospitalResidentsProblem  # type: ignore[import-not-found]

    whole = {
        "residents": residents,
        "hospitals": {h: {"capacity": capacities[h], "preferences": mine} for h, mine in hospitals.items()},
    }
    solved = HospitalResidentsProblem(dictionary=whole, optimised_side="residents").get_stable_matching()
    return [(int(str(r).lstrip("r")), int(str(h).lstrip("h"))) for r, h in solved["resident_sided"].items() if h]


def main() -> None:
    peer = {"matching": by_matching, "algmatch": by_algmatch}[sys.argv[1]]
    instance: list[Any] = [{int(key): value for key, value in part.items()} for part in json.load(sys.stdin)]
    begun = time.process_time()
    pairs = peer(*instance)
    print(json.dumps({"seconds": time.process_time() - begun, "pairs": sorted(pairs)}))


if __name__ == "__main__":
    main()
