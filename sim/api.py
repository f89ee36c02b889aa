"""The public Python names: a scenario with its doors, and one function for each thing that a user asks of it.

Everything here is thin: it takes what a person has (a path, a name, a number) and calls the floor that does the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim import DRAWS, SEED
from sim.errors import PayoffError, UsageError
from sim.game.efg import read_efg
from sim.game.exact import central_rationals, normal_form_game
from sim.game.game import Game
from sim.game.game_file import filled
from sim.game.nfg import read_nfg
from sim.game.payoffs import central_parameters, compile_family, completed
from sim.game.payoffs import payoffs as payoff_tensors
from sim.game.tree import Tree
from sim.scenario.model import ScenarioData
from sim.scenario.reader import find_scenario, read_scenario, scenario_hash
from sim.scenario.versions import with_values
from sim.solvers.chosen_solver import beside, check_solver
from sim.solvers.concepts import Request, Rules, check_batch_concept, requests_for, solve_batch
from sim.solvers.equilibria import EquilibriumBatch, EquilibriumSet
from sim.solvers.logit import check_precision, logit_equilibria
from sim.solvers.n_player_batch import n_player_equilibria
from sim.solvers.one_game import solve_game, solve_scenario
from sim.solvers.sequential_answer import solve_sequential
from sim.solvers.tree_answer import solve_tree, with_warnings
from sim.solvers.two_player_batch import two_player_equilibria
from sim.solvers.verdict import Ground, judge
from sim.sweeps.costly import COSTLY
from sim.sweeps.found import Sweep, open_sweep
from sim.sweeps.run import CHUNK, Progress
from sim.sweeps.streams import sample
from sim.sweeps.sweep import sweep as sweep_data
from sim.sweeps.under_way import How

Number = float | int | str | Fraction
Floats = NDArray[np.float64]
GAME_FILES = (".nfg", ".efg")  # endings of Gambit's


__all__ = ["Scenario", "load", "open_sweep", "read_game", "solve", "solve_many", "sweep"]


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A checked scenario file and the games that it stands for. Made by `load`."""

    data: ScenarioData

    @property
    def name(self) -> str:
        """The file's name."""
        return self.data.name

    @property
    def hash(self) -> str:
        """SHA-256 of the resolved content: the same for the same scenario, however its lines are ordered."""
        return scenario_hash(self.data)

    def central(self) -> dict[str, Floats]:
        """Every parameter and weight at its central value, each of shape (1,), in file order."""
        return central_parameters(self.data)

    def draws(self, n: int, seed: int = SEED, *, first: int = 0) -> dict[str, Floats]:
        """Draws first .. first + n - 1 of a seed: name -> float64 array of shape (n,), every number, in file order.

        Raises:
            UsageError: fewer than one draw, or a negative first draw.
        """
        if n < 1 or first < 0:
            raise UsageError(f"Draws are counted from 1 up, from draw 0 on; asked for {n} from draw {first}.")
        values = sample(self.data, seed, first, n)
        return {name: np.array(np.broadcast_to(own, n)) for name, own in values.items()}

    def payoffs(self, parameters: Mapping[str, ArrayLike] | None = None) -> Floats:
        """Payoff tensors of shape (draws, players, moves...), whole ladders, each player in its own points.

        `parameters` maps names to arrays of shape (draws,) or scalars; what is missing is at its central value.

        Raises:
            PayoffError: an unknown name, unlike lengths, or a payoff that is not a finite number.
        """
        family = compile_family(self.data)
        return payoff_tensors(family, completed(family, parameters or {}))

    def observers(self, parameters: Mapping[str, ArrayLike] | None = None) -> Floats:
        """As `payoffs`, of the observers: shape (draws, observers, moves...)."""
        family = compile_family(self.data)
        return payoff_tensors(family, completed(family, parameters or {}), of=family.observers)

    def normal_form(self, parameters: Mapping[str, ArrayLike] | None = None) -> Floats:
        """Shape (draws, players, n_1, ..., n_N): a player's moves merged, last move fastest; allowed options only."""
        family = compile_family(self.data, allowed_only=True)
        return _merged(payoff_tensors(family, completed(family, parameters or {})), family.axes_of)

    def game(self, **values: Number) -> Game:
        """The normal form at central values, some numbers set: `game(need=0.9, **{"RU.shells": 60})`."""
        fixed = with_values(self.data, rationals(values))
        return normal_form_game(fixed, central_rationals(fixed), self.name)

    def set(self, **values: Number) -> "Scenario":
        """The scenario with some numbers fixed, as `--set` does."""
        return Scenario(with_values(self.data, rationals(values)))

    def _repr_html_(self) -> str:
        from sim.show.notebook import scenario_html

        return scenario_html(self.data)

    def __repr__(self) -> str:
        profiles = int(np.prod([len(move.allowed) for move in self.data.moves]))
        return (
            f"<Scenario {self.name}: {len(self.data.players)} players, {len(self.data.moves)} moves, "
            f"{profiles} profiles, {len(self.data.distributions())} numbers>"
        )


def load(path: str | Path) -> Scenario:
    """Read a scenario: a path, or the name of a shipped one.

    Raises:
        ScenarioError: the file does not hold together; every problem with its place and mend.
        UsageError: no such file and no shipped scenario of that name, or a game file.
    """
    if Path(path).suffix.lower() in GAME_FILES:
        raise UsageError(f"'{path}' is a game file, not a scenario: use sim.read_game('{path}').")
    return Scenario(filled(read_scenario(find_scenario(str(path)))))


def read_game(path: str | Path) -> Game | Tree:
    """Read a game file of Gambit's: a strategic game (`.nfg`), or a tree (`.efg`) with its `to_game()`.

    Raises:
        ScenarioError: the file does not hold together; the problem with its place and mend.
        UsageError: a path that ends in neither.
    """
    file = Path(path)
    kind = file.suffix.lower()
    if kind not in GAME_FILES:
        raise UsageError(f"'{path}' is no game file: its name must end in .nfg or .efg.")
    return read_nfg(file) if kind == ".nfg" else read_efg(file)


def solve(
    game: Game | Tree | Scenario,
    concept: str = "nash",
    *,
    order: str | None = None,
    precision: float | None = None,
    bargaining: str | None = None,
    solver: str | None = None,
) -> EquilibriumSet:
    """The equilibria of a game, of a tree's reduced normal form, or of a scenario at its central values.

    Of a tree, `subgame-perfect` and `sequential` are solved in the tree itself. `order` is for `subgame-perfect` and
    `bayes`, of scenarios.

    `precision` is for `qre`; `bargaining` names the [bargaining.X] that is meant, where a scenario has several.
    `solver` holds `nashpy-vertex`, `nashpy-support` or `nashpy-lemke-howson` against the exact equilibria of a
    two-player game: they stay what is returned, and `extra["solver"]` says what the solver found, missed, invented.

    Raises:
        PayoffError: a tree whose normal form is too large.
        UsageError: a concept, an order or a solver that it cannot be asked for; several orders and none named.
    """
    if solver is not None:
        normal = game.game() if isinstance(game, Scenario) else game.to_game() if isinstance(game, Tree) else game
        check_solver(solver, concept, len(normal.players))
        return beside(normal, solve(game, concept, order=order), solver)
    if isinstance(game, Tree) and concept == "subgame-perfect":
        return solve_tree(game)
    if isinstance(game, Tree) and concept == "sequential":
        return solve_sequential(game)
    if isinstance(game, Tree):
        return with_warnings(solve_game(game.to_game(), concept, precision=precision), game)
    if isinstance(game, Game):
        return solve_game(game, concept, precision=precision)
    found = solve_scenario(game.data, concept, order=order, precision=precision, bargaining=bargaining)
    if len(found) > 1:
        orders = ", ".join(repr(one.name) for one in game.data.orders)
        raise UsageError(
            f"'{concept}' has an answer for each order of moves: name one with order=. There are: {orders}."
        )
    return found[0]


def solve_many(payoffs: ArrayLike, concept: str = "nash", *, precision: float | None = None) -> EquilibriumBatch:
    """A concept on many games of one size at once.

    Args:
        payoffs: shape (draws, players, n_1, ..., n_N); left as it is.
        concept: `nash`, `pure-nash`, `strong-k`, `logit` or `qre`.
        precision: of `qre`, in the inverse unit of the payoffs.

    Raises:
        PayoffError: a wrong shape, or a payoff that is not finite.
        UsageError: a concept that is not solved in batches.
    """
    try:
        tensor = np.asarray(payoffs, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise PayoffError(f"Payoffs must be an array of numbers ({error}).") from None
    players = tensor.ndim - 2
    if players < 1 or tensor.shape[1] != players or 0 in tensor.shape:
        raise PayoffError(
            f"Payoffs need the shape (draws, players, n_1, ..., n_N), one axis a player; got {tensor.shape}."
        )
    if not np.isfinite(tensor).all():
        raise PayoffError("A payoff is not a finite number.")
    if concept == "subgame-perfect":
        raise UsageError("'subgame-perfect' needs an order of moves: sweep a scenario with [orders].")
    if concept == "nash":
        return two_player_equilibria(tensor) if players == 2 else n_player_equilibria(tensor)
    if concept in ("logit", "qre"):
        check_precision(concept, precision)
        return logit_equilibria(tensor, precision if concept == "qre" else None)
    check_batch_concept(concept, players=players)
    request = Request(concept)
    rules = Rules(tuple((player,) for player in range(players)))
    mask = np.concatenate(
        [
            solve_batch(tensor[start : start + CHUNK], rules, [request])[request].is_equilibrium
            for start in range(0, len(tensor), CHUNK)
        ]
    )
    return EquilibriumBatch.of_pure(concept, tensor, mask, judge(Ground.CHECKED))


def sweep(
    scenario: Scenario,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    concepts: Sequence[str] | None = None,
    order: str | None = None,
    first: int = 0,
    out: str | Path | None = None,
    chunk: int = CHUNK,
    store: str = "all",
    sampler: str = "mc",
    until: float | None = None,
    costly: int = COSTLY,
    resume: bool = False,
    workers: int = 1,
    engine: str = "local",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Sweep the scenario's uncertain numbers; rows in memory, or in Parquet parts under `out`.

    The rows are the same to the last bit whatever `chunk`, `workers` and `engine` say. `store="outcomes"` leaves the
    numbers out of the parts; `until` ends where no headline share's 95% interval is that wide any more; concepts that
    are solved one game at a time run on the first `costly` draws. `resume` goes on with the sweep that `out` holds;
    where it holds none, it begins one.

    Raises:
        UsageError: an unknown concept or order, or a folder that holds something else.
        StoppedError: it could not go on; finished parts are kept.
        PayoffError: a payoff that is not a finite number.
    """
    requests = requests_for(scenario.data, concepts, order, repeated=True, costly=True)
    return sweep_data(
        scenario.data,
        requests,
        draws=draws,
        seed=seed,
        first=first,
        out=None if out is None else Path(out),
        chunk=chunk,
        store=store,
        sampler=sampler,
        until=until,
        costly=costly,
        resume=resume,
        how=How(workers, engine, scheduler, progress),
    )


def rationals(values: Mapping[str, Number]) -> dict[str, Fraction]:
    """Numbers as they are written: 0.1 is one tenth, "1/3" is a third.

    Raises:
        UsageError: a value that is no finite number.
    """
    result = {}
    for name, value in values.items():
        try:
            result[name] = value if isinstance(value, Fraction) else Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError):
            raise UsageError(f"'{name}' must be set to a number, such as 0.5 or 1/3, not {value!r}.") from None
    return result


def _merged(tensors: Floats, axes_of: tuple[tuple[int, ...], ...]) -> Floats:
    order = [0, 1, *(axis + 2 for axes in axes_of for axis in axes)]
    sizes = [int(np.prod([tensors.shape[axis + 2] for axis in axes])) for axes in axes_of]
    return np.ascontiguousarray(tensors.transpose(order)).reshape(*tensors.shape[:2], *sizes)
