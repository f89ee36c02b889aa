"""How a share settles as draws are added: at powers of two, with the sampling error of so many draws."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """Running shares of one sweep. The error is that of N draws only: it says nothing about the ranges being right."""

    n: NDArray[np.int64]  # powers of two and the total
    rows: Mapping[tuple[str, str], NDArray[np.float64]]  # (row, event) -> (len(n), 3): share `always`, Wilson low, high
    upper: Mapping[tuple[str, str], NDArray[np.float64]]  # the same for `always` or `sometimes`

    def __repr__(self) -> str:
        return f"<Convergence: {len(self.rows)} rows up to {int(self.n[-1])} draws>"
