"""What lies at a point where halving ended without a decision: a curve of solutions, or one that floats cannot settle.

From the point, Newton's method with the least step (Gauss-Newton) looks for a profile at which every action of the
support earns the same. Where the Jacobian there leaves a direction free, and a step along it can be mended to another
such profile, solutions form a curve as far as floating point can tell. Nothing here is a proof, and nothing is counted
as one: it only says why a set is not known to be complete.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.solvers.ties import TIE

FREE = 1e-7  # a singular value below this share of the greatest leaves its direction free
STRIDE = 1e-3  # how far along the curve the second profile is looked for

Floats = NDArray[np.float64]
Members = Sequence[Sequence[int]]


def nearby_profiles(tables: Floats, members: Members, start: Sequence[Floats]) -> list[list[Floats]]:
    """A profile near `start` at which all members earn the same, then others of its kind beside it on a curve.

    Args:
        tables: payoffs (players, n_1, ..., n_N), each player's range about 1.
        members: the actions in each player's support.
        start: shares of all actions, one array a player.

    Returns:
        Shares of all actions, none negative. Empty where no such profile was found; only one where it stands alone.
    """
    cut = np.stack([own[np.ix_(*members)] for own in tables])
    settled = _settle(cut, [own[list(some)] for own, some in zip(start, members, strict=True)])
    if settled is None or min(own.min() for own in settled) < -TIE:
        return []
    _, jacobian = _system(cut, settled)
    _, sizes, right = np.linalg.svd(jacobian)
    free: Floats = right[-1].astype(np.float64)
    found = [settled]
    for sign in (1, -1) if sizes[-1] <= FREE * max(float(sizes[0]), TIE) else ():
        other = _settle(cut, _shifted(settled, np.asarray(sign * STRIDE * free, dtype=np.float64)))
        if other is not None and min(own.min() for own in other) >= -TIE:
            moved = max(float(abs(a - b).max()) for a, b in zip(other, settled, strict=True))
            found += [other] if moved > STRIDE / 10 else []
    return [_spread(point, members, start) for point in found]


def _system(cut: Floats, point: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Gains over the first member and their derivatives by the free shares, (equations,) and (equations, unknowns)."""
    values, rows = [], []
    for i, table in enumerate(cut):
        gains = np.moveaxis(table, i, 0)
        gains = gains[1:] - gains[:1]
        if len(gains) == 0:
            continue
        rivals = [k for k in range(len(point)) if k != i]
        values.append(_averaged(gains, rivals, point, keep=None))
        columns = []
        for k, own in enumerate(point):
            if k == i:
                columns.append(np.zeros((len(gains), len(own) - 1)))
            else:
                kept = _averaged(gains, rivals, point, keep=k)
                columns.append(kept[:, 1:] - kept[:, :1])
        rows.append(np.concatenate(columns, axis=1))
    return np.concatenate(values), np.concatenate(rows)


def _averaged(gains: Floats, rivals: Sequence[int], point: Sequence[Floats], keep: int | None) -> Floats:
    """(gains, rivals...) averaged over the strategies of all rivals but one."""
    for axis, k in reversed(list(enumerate(rivals))):
        if k != keep:
            gains = np.moveaxis(gains, axis + 1, -1) @ point[k]
    return gains


def _settle(cut: Floats, point: Sequence[Floats]) -> list[Floats] | None:
    point = list(point)
    for _ in range(60):
        value, jacobian = _system(cut, point)
        if abs(value).max() <= TIE / 10:
            return point
        point = _shifted(point, np.asarray(-np.linalg.lstsq(jacobian, value, rcond=FREE)[0], dtype=np.float64))
        if max(abs(own).max() for own in point) > 2:
            return None
    return None


def _shifted(point: Sequence[Floats], step: Floats) -> list[Floats]:
    moved, at = [], 0
    for own in point:
        free = own[1:] + step[at : at + len(own) - 1]
        moved.append(np.concatenate([[1 - free.sum()], free]))
        at += len(own) - 1
    return moved


def _spread(point: Sequence[Floats], members: Members, start: Sequence[Floats]) -> list[Floats]:
    """Shares of all actions, none negative."""
    spread = []
    for own, some, whole in zip(point, members, start, strict=True):
        shares = np.zeros(len(whole))
        shares[list(some)] = np.maximum(own, 0.0)
        spread.append(shares / shares.sum())
    return spread
