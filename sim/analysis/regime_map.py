"""How two numbers share the plane: the outcome that a concept selects at each pair of values, all else central."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class RegimeMap:
    """Regions of a plane of two numbers, each named by the events that hold there."""

    x: str
    y: str
    x_unit: str
    y_unit: str
    x_grid: NDArray[np.float64]  # (X,)
    y_grid: NDArray[np.float64]  # (Y,)
    code: NDArray[np.int64]  # (Y, X), index into `labels`
    labels: tuple[str, ...]  # most frequent first
    concept: str
    order: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        arrays = {"x_grid": self.x_grid.tolist(), "y_grid": self.y_grid.tolist(), "code": self.code.tolist()}
        names = {name: getattr(self, name) for name in ("x", "y", "x_unit", "y_unit", "concept", "order")}
        return names | arrays | {"labels": list(self.labels)}

    def __repr__(self) -> str:
        return f"<RegimeMap {self.x} x {self.y}: {len(self.labels)} regions>"
