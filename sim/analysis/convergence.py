"""How a share settles as draws are added: at powers of two, with the sampling error of so many draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.bounds import lower, upper
from sim.analysis.headline import Headline
from sim.solvers.concepts import Request
from sim.sweeps.status import wilson


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """Running shares of one sweep. The error is that of N draws only: it says nothing about the ranges being right."""

    n: NDArray[np.int64]  # powers of two and the total
    rows: Mapping[tuple[str, str], NDArray[np.float64]]  # (row, event) -> (len(n), 3): share `always`, Wilson low, high
    upper: Mapping[tuple[str, str], NDArray[np.float64]]  # the same for `always` or `sometimes`

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        rows = [
            {"row": row, "event": event, "lower": own.tolist(), "upper": self.upper[row, event].tolist()}
            for (row, event), own in self.rows.items()
        ]
        return {"n": self.n.tolist(), "rows": rows}

    def __repr__(self) -> str:
        return f"<Convergence: {len(self.rows)} rows up to {int(self.n[-1])} draws>"


def convergence(headline: Headline) -> Convergence:
    """Running shares of every row of the headline table, from the statuses of its main sweep."""
    powers = 2 ** np.arange(headline.draws.bit_length())
    n = np.unique(np.append(powers[powers <= headline.draws], headline.draws)).astype(np.int64)
    always, possible = {}, {}
    for row in headline.rows:
        share = row.share
        rows = headline.rows_of_main.concepts[Request(share.concept, share.order)]
        codes = rows.status[headline.events.index(share.event)]
        always[share.row, share.event] = _running(lower(codes), n)
        possible[share.row, share.event] = _running(upper(codes), n)
    return Convergence(n, always, possible)


def _running(holds: NDArray[np.bool_], n: NDArray[np.int64]) -> NDArray[np.float64]:
    counts = np.cumsum(holds)[n - 1].tolist()
    return np.array([[count / size, *wilson(count, size)] for count, size in zip(counts, n.tolist(), strict=True)])
