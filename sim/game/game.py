"""One strategic game: a labelled payoff tensor, in floating point and, beside it, in exact rationals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import PayoffError
from sim.game.frames import frame_of, parts_of
from sim.game.plain_html import game_html
from sim.game.tokens import GREATEST_DIGITS, GREATEST_EXPONENT, NUMBER

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value, so no ==
class Game:
    """A finite game in normal form."""

    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]  # labels, one tuple a player
    payoffs: NDArray[np.float64]  # (players, n_1, ..., n_N)
    exact: NDArray[np.object_]  # the same shape, Fractions: what was written, or the exact binary values
    note: str = ""  # what the exact numbers do not cover, such as a square root rounded to 12 digits

    @classmethod
    def from_arrays(
        cls,
        *payoffs: ArrayLike,
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "game",
    ) -> "Game":
        """A game from one array a player, each of shape (n_1, ..., n_N); the exact numbers are the binary values given.

        Arrays of Fractions (dtype object) or of integers are kept exactly.

        Raises:
            PayoffError: a wrong shape, a payoff that is not a finite number, players or actions of one that are alike.
        """
        exact = _exact_tensor([_array(one) for one in payoffs])
        count = len(payoffs)
        names = tuple(map(str, range(1, count + 1) if players is None else players))
        labels = tuple(tuple(map(str, own)) for own in actions or (range(1, n + 1) for n in exact.shape[1:]))
        if len(names) != count:
            raise PayoffError(f"{count} payoff arrays, but {len(names)} player names.")
        if tuple(len(own) for own in labels) != exact.shape[1:]:
            raise PayoffError(f"The labels count {[len(own) for own in labels]}, the arrays {list(exact.shape[1:])}.")
        _refuse_twins(names, "players")
        for name, own in zip(names, labels, strict=True):
            _refuse_twins(own, f"actions of {name}")
        return cls(title, names, labels, to_floats(exact), exact)

    @classmethod
    def from_frame(cls, table: "pd.DataFrame | Mapping[str, Sequence[Any]]", *, title: str = "game") -> "Game":
        """A game from a table with one row a profile, in any order: for player P the columns `P` and `payoff.P`.

        `P` holds the label of its action; actions keep the order in which they first appear. Payoffs may be numbers
        or texts such as "1/3": `pandas.read_csv(path, dtype=str)` keeps decimals exact.

        Raises:
            PayoffError: a column without its partner, a profile missing or twice, a payoff that is no finite number.
        """
        players, actions, payoffs = parts_of(table)
        return cls.from_arrays(*payoffs, players=players, actions=actions, title=title)

    def to_frame(self) -> "pd.DataFrame":
        """One row a profile, as `from_frame` reads it; payoffs as float64."""
        return frame_of(self)

    def to_arrays(self) -> tuple[NDArray[np.float64], ...]:
        """One array a player, each of shape (n_1, ..., n_N)."""
        return tuple(own.copy() for own in self.payoffs)

    def _repr_html_(self) -> str:
        return game_html(self)

    def __repr__(self) -> str:
        sizes = " x ".join(str(n) for n in self.payoffs.shape[1:])
        return f"<Game {self.title!r}: {', '.join(self.players)}; {sizes}>"


def to_floats(exact: NDArray[np.object_]) -> NDArray[np.float64]:
    """The nearest float64 of each rational. Raises PayoffError where one is too large."""
    try:
        flat = [float(value) for value in exact.ravel().tolist()]
    except OverflowError:
        raise PayoffError("A payoff is too large for a floating-point number (above 1.8e308).") from None
    return np.array(flat, dtype=np.float64).reshape(exact.shape)


def _refuse_twins(labels: Sequence[str], what: str) -> None:
    if len(set(labels)) < len(labels):
        twin = next(label for label in labels if labels.count(label) > 1)
        raise PayoffError(f"Two {what} are called {twin!r}: labels tell them apart.")


def _array(payoffs: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(payoffs)
    except ValueError:
        raise PayoffError("The rows of a payoff array differ in length: it needs a number for each profile.") from None


def _exact_tensor(arrays: list[NDArray[Any]]) -> NDArray[np.object_]:
    if not arrays or any(one.shape != arrays[0].shape for one in arrays) or arrays[0].ndim != len(arrays):
        shapes = [list(one.shape) for one in arrays]
        raise PayoffError(f"A game of N players needs N arrays of the same N axes, one a player; got shapes {shapes}.")
    if arrays[0].size == 0:
        raise PayoffError("A player has no action: every axis needs at least one.")
    exact = np.empty((len(arrays), *arrays[0].shape), dtype=object)
    for player, one in enumerate(arrays):
        for index in np.ndindex(one.shape):
            exact[(player, *index)] = _rational(one[index])
    return exact


def _rational(value: Any) -> Fraction:
    value = value.item() if isinstance(value, np.generic) else value
    try:
        return _written(value) if isinstance(value, str) else Fraction(value)
    except (TypeError, ValueError, ArithmeticError):  # ArithmeticError: infinite, or "1/0"
        raise PayoffError(f"A payoff must be a finite number, not {value!r}.") from None


def _written(text: str) -> Fraction:
    """The rational of a text such as "1/3". Raises ValueError where it is none, or could not be paid for."""
    match = NUMBER.fullmatch(text.strip())
    exponent = match["exponent"] if match else None
    if (
        match is None
        or len(text) > GREATEST_DIGITS
        or len(exponent or "") > 5
        or abs(int(exponent or 0)) > GREATEST_EXPONENT
    ):
        raise ValueError
    return Fraction(text)
