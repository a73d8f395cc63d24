"""A membership as the rows of three tables, which both databases are filled with."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching import Nearness
from matching.crowd import GOOD, PLACES, RATED, SCARCITY, WAITING, Crowd

Columns = dict[str, NDArray[np.int64]]
PIECE_BITS = 48
MASKS = ("sectors", "languages", "tracks", "formats", "hours")


def tables(crowd: Crowd, near: Nearness) -> dict[str, Columns]:
    """Columns by table, each table in the order of its primary key."""
    everyone = np.arange(len(crowd))
    skill, level = crowd.skills[crowd.offered], crowd.levels.astype(np.int64)
    owner = np.repeat(crowd.ids, np.diff(crowd.offers_from))
    order = np.lexsort((owner, level, skill))
    offers = {"skill": skill[order], "level": level[order], "member": owner[order]}

    wishing = np.repeat(everyone, np.diff(crowd.wants_from))
    wanted, marks = crowd.skills[crowd.wanted], crowd.marks.astype(np.int64)
    share = near.weights_of(wanted) * (marks & 3)
    shares = np.bincount(wishing, share, len(crowd)).astype(np.int64)
    order = np.lexsort((wanted, wishing))
    wants = {"member": crowd.ids[wishing], "skill": wanted, "level_now": marks >> 2, "share": share}
    wants = {name: column[order] for name, column in wants.items()}

    numbers = {"places": PLACES, "waiting": WAITING, "good": GOOD, "rated": RATED, "scarcity": SCARCITY}
    members: Columns = {"id": crowd.ids, "flags": crowd.flags.astype(np.int64), "shares": shares}
    members |= {name: crowd.numbers[:, at].astype(np.int64) for name, at in numbers.items()}
    members["country"] = crowd.countries.astype(np.int64)
    for name in MASKS:
        members |= dict(_pieces(name, getattr(crowd, name)))
    return {"offer": offers, "want": wants, "member": members}


def split(mask: int) -> Iterator[tuple[int, int]]:
    """(piece, its bits) of a mask, for the pieces that have any."""
    for piece in range(-(-mask.bit_length() // PIECE_BITS)):
        if bits := mask >> (PIECE_BITS * piece) & ((1 << PIECE_BITS) - 1):
            yield piece, bits


def _pieces(name: str, masks: NDArray[np.uint8]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Columns `name_0`, `name_1`, … of 48 bits each, the lowest first."""
    width = PIECE_BITS // 8
    for piece in range(-(-masks.shape[1] // width)):
        some = masks[:, width * piece : width * (piece + 1)]
        whole = np.zeros((len(masks), 8), np.uint8)
        whole[:, : some.shape[1]] = some
        yield f"{name}_{piece}", whole.view("<i8")[:, 0].astype(np.int64)
