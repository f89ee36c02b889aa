"""How the draws of a sweep are cut into pieces: one piece becomes one part on disk, whoever computes it.

Pieces end at multiples of the chunk and wherever a shorter sweep ended before, so a finished part keeps its number and
its draws when the sweep is resumed longer. The cut decides no bit of any row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sim.errors import UsageError

COSTLY_CHUNK = 8  # draws in a piece where each takes long: all workers have some, and little is lost when one stops
MOST_PIECES = 1_000_000  # each a file, and a line of the manifest


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Draws start .. start + draws - 1, and the number of the part that holds their rows."""

    start: int
    draws: int
    number: int

    @property
    def stop(self) -> int:
        """The draw after the last."""
        return self.start + self.draws


def pieces_of(first: int, stop: int, chunk: int, *, costly: int = 0, ends: Iterable[int] = ()) -> list[Piece]:
    """Draws first .. stop - 1 in pieces, numbered from 0.

    Args:
        first: the first draw.
        stop: the draw after the last.
        chunk: pieces end at its multiples.
        costly: so many draws from `first` on are cut small.
        ends: where pieces end besides: the ends of parts that are finished.

    Raises:
        UsageError: more pieces than a folder should hold.
    """
    if stop - first > MOST_PIECES * chunk:
        raise UsageError(
            f"{stop - first:,} draws in parts of {chunk:,} are more than {MOST_PIECES:,} parts: "
            f"ask for --chunk {-(-(stop - first) // MOST_PIECES):,} or more, or for fewer draws."
        )
    cuts = {first, stop, *ends, *range(first - first % chunk, stop, chunk)}
    if costly:
        cuts |= {*range(first, min(stop, first + costly), min(chunk, COSTLY_CHUNK)), first + costly}
    inside = sorted(cut for cut in cuts if first <= cut <= stop)
    return [Piece(start, end - start, k) for k, (start, end) in enumerate(pairwise(inside))]
