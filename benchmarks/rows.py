"""A line of the benchmark table: our time beside a peer's on the same games, and whether both found the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Times are medians (or means, where `work` says so) of processor time, in microseconds a game or draw."""

    work: str
    ours: float
    peer: str
    peers: float
    same: str  # what was compared, and how often both agreed

    def cells(self) -> list[str]:
        """As the table prints it."""
        return [self.work, _time(self.ours), self.peer, _time(self.peers), f"{self.peers / self.ours:,.1f}", self.same]


def _time(microseconds: float) -> str:
    for unit, factor in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= factor:
            return f"{microseconds / factor:.3g} {unit}"
    return f"{microseconds:.3g} us"
